/** What check and diff are given in place of a value that is not known yet. */
import { unknownValue } from "../values/unknown";

export { unknownValue };

declare const notKnown: unique symbol;

/** The type of that value: a type of its own, so that nothing takes it for a string of the user's. */
export interface Unknown {
  readonly [notKnown]: true;
}

/** A value that may be unknown, as a whole or anywhere inside. */
export type Unresolved<T> =
  | Unknown
  | (T extends readonly (infer E)[]
      ? readonly Unresolved<E>[]
      : T extends object
        ? { readonly [K in keyof T]: Unresolved<T[K]> }
        : T);

/** An object whose values may be unknown. */
export type UnresolvedObject<T extends object> = { readonly [K in keyof T]: Unresolved<T[K]> };

export function isUnknown(value: unknown): value is Unknown {
  return value === unknownValue;
}

/** Whether a value is unknown or holds an unknown one anywhere inside. */
export function hasUnknown(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasUnknown);
  if (typeof value === "object" && value !== null) return Object.values(value).some(hasUnknown);
  return isUnknown(value);
}
