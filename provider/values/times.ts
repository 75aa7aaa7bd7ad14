/** Times as programs write them: ISO 8601 text with a zone, or Unix milliseconds. */
import type { Finding } from "../lifecycle/properties";

const iso = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2}))?$/;

/** Below this, a number of milliseconds is a date of 1973 or earlier: it was meant in seconds. */
const smallestPlausibleMilliseconds = 100_000_000_000;

/** The instant in Unix milliseconds, or `undefined` where the text or number is none. */
export function instant(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (typeof value !== "string") return undefined;
  if (!iso.test(value)) return undefined;
  const milliseconds = Date.parse(value);
  if (Number.isNaN(milliseconds)) return undefined;
  // V8 turns 30 February into 1 or 2 March.
  const day = Date.parse(value.slice(0, 10));
  return new Date(day).toISOString().slice(0, 10) === value.slice(0, 10) ? milliseconds : undefined;
}

/** Whether two times are the same instant, however they are written. */
export function isSameInstant(a: unknown, b: unknown): boolean {
  const first = instant(a);
  return first !== undefined && first === instant(b);
}

/** What is wrong with a time that shall be in the future. */
export function validateFutureTime(value: string | number, now: number): readonly Finding[] {
  const milliseconds = instant(value);
  if (milliseconds === undefined) {
    return [
      {
        reason:
          'is not a time: give ISO 8601 text with a zone, e.g. "2027-01-31T00:00:00Z", or Unix milliseconds',
      },
    ];
  }
  if (typeof value === "number" && !Number.isInteger(value)) {
    return [{ reason: "must be whole milliseconds" }];
  }
  if (typeof value === "number" && milliseconds > 0 && milliseconds < smallestPlausibleMilliseconds) {
    return [{ reason: `looks like seconds: give Unix milliseconds, e.g. ${milliseconds * 1000}` }];
  }
  if (milliseconds <= now) return [{ onlyNew: true, reason: "is in the past: give a time to come" }];
  return [];
}
