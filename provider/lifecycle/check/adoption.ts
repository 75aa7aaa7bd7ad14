/** What exists already and is taken over by the `import` option. */
import { sent } from "../../protocol/hidden";
import { valueAt } from "../fields/declared";
import { type ObjectId, ownId } from "../process/memory";
import type { Session } from "../process/session";

/**
 * The id that a create shall adopt instead of making an object. Not one that this process has deleted: in a
 * replacement that skips diff, check cannot tell that the object to import is the one to be replaced.
 */
export function importIdOf(
  { memory }: Session,
  inputs: object,
  objectId: ObjectId = ownId,
): string | undefined {
  const id = valueAt(inputs, sent.import);
  return typeof id === "string" && !memory.wasDeleted(objectId(id)) ? id : undefined;
}

/** Inputs to create from: the names of an object that was to be imported, and was deleted to be made again. */
export function withNames<I extends object>({ memory }: Session, inputs: I): I {
  return { ...memory.namesOf(String(valueAt(inputs, sent.import))), ...inputs };
}

/** The object that is taken over, without a write. This update does not delete it again. */
export async function adopt<T>(
  session: Session,
  noun: string,
  id: string,
  find: (id: string, state: object) => Promise<T | undefined>,
  objectId: ObjectId = ownId,
): Promise<T> {
  const object = await find(id, {});
  if (object === undefined) throw new Error(`There is no ${noun} with the id "${id}" to import.`);
  session.memory.hold(objectId(id));
  return object;
}
