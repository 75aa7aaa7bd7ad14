/** How a write that met nothing, or was not applied, is said. */
import { NotFoundError } from "../../api/errors";

/** An update met nothing. */
export function goneAtUpdate(noun: string, id: string): Error {
  return new Error(
    `The ${noun} ${id} is gone. Run \`pulumi refresh\`; the next \`pulumi up\` makes a new one.`,
  );
}

/** A write was answered as done, and a read shows that it was not. */
export function notApplied(noun: string, id: string, keys: readonly string[]): Error {
  const [what, verb] = keys.length === 1 ? [keys[0], "was"] : [keys.join(", "), "were"];
  return new Error(
    `The service answered that ${what} of ${noun} ${id} ${verb} set, but does not show what the program declares. ` +
      "Run `pulumi up` again to send it once more. If that does not help, see in the dashboard what the service " +
      "has, and ask its support, or declare that.",
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
