/** Shared by the tests of the client. */
import type { GivenSettings } from "../../provider/api/transport";

export const apiKey = "key-0123456789";
export const organizationId = "72e9cf24-be8c-4f15-9aa2-813281fb98fe";
export const settings: GivenSettings = { apiKey, organizationId };

/** Time passes only by sleeping; jitter is the longest. `slept` lists the delays in milliseconds. */
export function fakeClock() {
  let now = Date.parse("Wed, 01 Jul 2026 12:00:00 GMT");
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    random: () => 1,
    async sleep(milliseconds: number) {
      slept.push(milliseconds);
      now += milliseconds;
    },
  };
}

/** What a promise was rejected with. */
export async function failureOf(promise: Promise<unknown>): Promise<Error> {
  const nothing = Symbol();
  const error = await promise.then(
    () => nothing,
    (rejection: unknown) => rejection,
  );
  if (error === nothing) throw new Error("It did not fail.");
  return error as Error;
}
