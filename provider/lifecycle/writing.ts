/** How a write that met nothing, or was not applied, is said. */
import { NotFoundError } from "../api/errors";

/** An update met nothing. */
export function goneAtUpdate(noun: string, id: string): Error {
  return new Error(
    `The ${noun} ${id} is gone. Run \`pulumi refresh\`; the next \`pulumi up\` makes a new one.`,
  );
}

/** A write was answered as done, and a read shows that it was not. */
export function notApplied(noun: string, id: string, what: string): Error {
  return new Error(
    `The ${what} of ${noun} ${id} was to be set, but the API still shows another one. ` +
      "Run `pulumi up` again: it sets it once more.",
  );
}

/** A write of an update: that the API does not find the object is said as what it means to the reader. */
export async function unlessGone<T>(noun: string, id: string, write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    throw error instanceof NotFoundError ? goneAtUpdate(noun, id) : error;
  }
}
