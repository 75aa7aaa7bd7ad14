/** Times, as programs write them and as services do. */

export const millisecondsPerDay = 86_400_000;

/** A program gives an ISO 8601 string with a zone, or Unix milliseconds. */
const iso = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2}))?$/;

/** The instant in Unix milliseconds, or `undefined` where the value is not a time. */
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

/** Whether a value is a time that has come; `now` in Unix milliseconds. */
export function isPast(value: unknown, now: number): boolean {
  const milliseconds = instant(value);
  return milliseconds !== undefined && milliseconds <= now;
}

/** Whether a service holds a program's time, however each writes it; some keep no fractions of a second. */
export function isSameInstant(declared: unknown, server: unknown): boolean {
  const first = instant(declared);
  const second = serviceTime(server);
  return (
    first !== undefined && second !== undefined && Math.floor(first / 1000) === Math.floor(second / 1000)
  );
}

/** Beyond this, no `Date` tells the time: a service may count nanoseconds. */
export const largestMilliseconds = 8.64e15;

/** A time as a person reads it, in ISO 8601 and UTC; what is not a time stays as it is. */
export function isoTime(value: string | number): string | number {
  const milliseconds = serviceTime(value);
  return milliseconds === undefined ? value : new Date(milliseconds).toISOString();
}

/** Below this, a number counts seconds: as milliseconds it would be a date of 1973 or earlier. */
export const smallestMilliseconds = 100_000_000_000;

/**
 * A time of a service in Unix milliseconds, in whatever form it is told: milliseconds, seconds, ISO 8601 with or
 * without its zone (then UTC) or its time; `undefined` where it is none.
 */
export function serviceTime(value: unknown): number | undefined {
  if (typeof value === "number") {
    if (!(value > 0 && value <= largestMilliseconds)) return undefined;
    return value < smallestMilliseconds ? Math.round(value * 1000) : value;
  }
  if (typeof value !== "string") return undefined;
  if (/^\d+$/.test(value)) return serviceTime(Number(value));
  const [, day, time = "00:00:00", zone = "Z"] =
    /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?))?(Z|[+-]\d{2}:?\d{2})?$/.exec(
      value.trim(),
    ) ?? [];
  const milliseconds = day === undefined ? Number.NaN : Date.parse(`${day}T${time}${zone}`);
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}
