/** How long to wait: for a service that may be late, and before something is sent again. */

import { type SftpToGoError, UnavailableError } from "../../api/errors";
import { delayBeforeNext, isTurnedAway } from "../../api/retry";
import type { Session } from "../process/session";

/** How long to wait before each read for an object whose create was not answered, in milliseconds. */
export const waitsBeforeReads: readonly number[] = [0, 1_000, 2_000, 4_000, 8_000];

/** Whether the failure says that the service did not try. */
export function wasTurnedAway(failure: SftpToGoError): boolean {
  return failure instanceof UnavailableError && isTurnedAway(failure.status);
}

/**
 * Waits for each of the reads to make after an answer: one where it was a no, and no further one when the time
 * for the operation is up, since against a dead service each read takes minutes.
 */
export async function* readsAfter(
  session: Session,
  failure: SftpToGoError | undefined,
  startedAt: number,
): AsyncGenerator<void> {
  const isNo = failure !== undefined && (failure.aftermath === "refused" || wasTurnedAway(failure));
  const end = startedAt + session.settings.operationTimeoutSeconds * 1000;
  for (const wait of isNo ? waitsBeforeReads.slice(0, 1) : waitsBeforeReads) {
    if (wait > 0 && session.clock.now() + wait >= end) return;
    await session.clock.sleep(wait);
    yield;
  }
}

/**
 * Waits as the retry policy has it before something is sent again that is known not to have happened; `false`
 * where there have been enough attempts, or the time for the operation is up.
 */
export async function pauseBeforeAnother(
  session: Session,
  failure: SftpToGoError,
  attempt: number,
  startedAt: number,
): Promise<boolean> {
  const { maxRetries, operationTimeoutSeconds } = session.settings;
  const { status, retryAfterSeconds } = failure;
  const delay = delayBeforeNext(
    {
      retry: "repeatable",
      attempt: attempt + 1,
      maxRetries,
      outcome:
        status !== undefined && wasTurnedAway(failure)
          ? { kind: "status", status, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) }
          : { kind: "no usable answer" },
      spentMilliseconds: session.clock.now() - startedAt,
      operationTimeoutMilliseconds: operationTimeoutSeconds * 1000,
    },
    session.clock.random,
  );
  if (delay === "stop") return false;
  await session.clock.sleep(delay);
  return true;
}
