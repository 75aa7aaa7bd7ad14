/** How failures cross to the engine. */

import { type Plain, sendable } from "../values/plain";
import { kept } from "./hidden";

/** What check says of one input. */
export interface CheckFailure {
  /** Empty: the engine prints the value of the property that it names, a secret's too. */
  readonly property: "";
  readonly reason: string;
}

/**
 * An object exists, but what should have followed failed. The engine saves the resource with this id and
 * these outputs, and the next `up` updates it.
 */
export class PartialFailureError extends Error {
  override readonly name = "PartialFailureError";
  readonly id: string;
  /** Not enumerable: it holds secrets, and whoever prints the error in full must not show them. */
  declare readonly properties: Plain;
  readonly reasons: readonly string[];

  constructor(id: string, inputs: object, outputs: object, reason: string) {
    super(reason);
    this.id = id;
    // Without the stub, a later refresh or destroy fails with `code must be a string`.
    const { [kept.provider]: stub }: Plain = { ...inputs };
    const properties = sendable({ ...outputs, [kept.provider]: stub });
    Object.defineProperty(this, "properties", { value: properties });
    this.reasons = [reason];
  }
}

/** The error to hand to the engine: its message, and no stack trace on anybody's terminal. */
export function forEngine(error: unknown): Error {
  const shown = error instanceof Error ? error : new Error("unexpected failure");
  shown.stack = "";
  return shown;
}

/** The text of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
