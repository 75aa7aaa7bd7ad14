/**
 * What time it is at the service, as far as its answers tell: the `Date` of what it has just answered, carried on by a
 * clock that nobody sets. A cache's answer is as old as its `Age`, and an error may be a gateway's.
 */
import { serviceTime } from "../values/times";

/** Two clocks that are no further apart agree, in milliseconds. */
export const clockTolerance = 5 * 60_000;

export interface ServiceClock {
  /** An answer, and its body if it is the service's own. */
  hear(status: number, headers: Readonly<Record<string, unknown>>, body: unknown): void;
  /** In Unix milliseconds; `undefined` where the service does not tell, or tells what cannot be. */
  now(): number | undefined;
}

/** `elapsed`: milliseconds since any moment, by a clock that nobody sets. */
export function serviceClock(elapsed: () => number): ServiceClock {
  let heard: { readonly date: number; readonly at: number } | undefined;
  /** The latest time that an object shows: the service's time lies after it. */
  let latest = 0;
  /** Some `Date` did not follow from the one before. */
  let isOdd = false;

  return {
    hear(status, headers, body) {
      for (const object of Array.isArray(body) ? body : [body]) {
        for (const key of ["CreatedAt", "UpdatedAt", "PasswordCreatedAt"]) {
          latest = Math.max(latest, serviceTime((object as Record<string, unknown> | null)?.[key]) ?? 0);
        }
      }
      const date = Date.parse(String(headers.date));
      const isOwn = status >= 200 && status < 300 && headers.age === undefined;
      if (!isOwn || Number.isNaN(date)) return;
      const at = elapsed();
      if (heard && Math.abs(date - heard.date - (at - heard.at)) > clockTolerance) isOdd = true;
      heard = { date, at };
    },
    now() {
      if (heard === undefined || isOdd) return undefined;
      // In whole milliseconds, as every time: an id holds one.
      const time = Math.floor(heard.date + (elapsed() - heard.at));
      return time < latest - clockTolerance ? undefined : time;
    },
  };
}
