/** Plain values: what JSON can hold. */

export type Plain = Record<string, unknown>;

export function isPlainObject(value: unknown): value is Plain {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Structural equality of plain values; a missing key and one that is `undefined` are the same. */
export function isEqual(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => isEqual(item, b[index]));
  }
  if (isPlainObject(a) && isPlainObject(b)) {
    return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => isEqual(a[key], b[key]));
  }
  return Object.is(a, b);
}

/**
 * A value that the dynamic-provider process can send. `undefined`, nested too, or a BigInt fails there with
 * `Unexpected struct type` after the remote call is done, which would leave an orphan.
 */
export function sendable<T>(value: T): T {
  return clean(value) as T;
}

function clean(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => (item === undefined ? null : clean(item)));
  if (isPlainObject(value)) {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .map(([key, item]) => [key.toWellFormed(), clean(item)]),
    );
  }
  // Half of a surrogate pair, as of an emoji that a service cut in two, is not UTF-8: gRPC refuses the answer.
  if (typeof value === "string") return value.toWellFormed();
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "number" && !Number.isFinite(value)) return null;
  if (typeof value === "function" || typeof value === "symbol") return null;
  return value;
}

/** What a JSON text holds; `undefined` where it is none. A parser's own message repeats a part of the text. */
export function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
