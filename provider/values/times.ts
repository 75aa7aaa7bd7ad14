/** Times as programs write them: an ISO 8601 string with a zone, or Unix milliseconds. */
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

/** Whether two times are the same instant, however they are written. */
export function isSameInstant(a: unknown, b: unknown): boolean {
  const first = instant(a);
  return first !== undefined && first === instant(b);
}
