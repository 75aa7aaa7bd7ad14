/** What exists already and is taken over by the `import` option: check compares it, create adopts it. */

import { type CheckFailure, messageOf } from "../../protocol/failures";
import { hiddenInputs, hiddenOf } from "../../protocol/hidden";
import { hasUnknown, isUnknown } from "../../protocol/unknowns";
import { oneLine } from "../../values/text";
import { isShown } from "../doubt/likeness";
import { differingKeys, valueAt } from "../fields/declared";
import { type Fields, keysOf, type Listed } from "../fields/vocabulary";
import { isUnfinished } from "../object/state";
import { type ObjectId, ownId } from "../process/memory";
import type { Session } from "../process/session";
import { type Draft, keepDefaults } from "./arguments";
import type { CheckRules } from "./check";

/** The id of an `import` option that still has its work to do. */
export function liveImportId(
  { memory }: Session,
  isNew: boolean,
  news: object,
  objectId: ObjectId,
): string | undefined {
  const { importId: id } = hiddenOf(news);
  if (!isNew || id === undefined || isUnknown(id)) return undefined;
  // A replacement calls check again, with empty olds, after diff has named the object that it is about to delete.
  return memory.isManaged(objectId(id)) || memory.wasDeleted(objectId(id)) ? undefined : id;
}

/** Reads the object to import: it has to be what the program declares. */
export async function checkImport<F extends Fields, T extends Listed>(
  session: Session,
  checks: CheckRules<F, T>,
  { id, name }: { readonly id: string; readonly name: string },
  inputs: Draft,
): Promise<readonly CheckFailure[]> {
  const { noun, fields, objectId = ownId } = checks;
  try {
    const existing = await checks.existing(id);
    if (existing === undefined) {
      const reason =
        `import: there is no ${noun} with the id ${JSON.stringify(id)}: check it, and sftptogo:organizationId. ` +
        "If it has been deleted, take the import option out: then a new one is made";
      return [{ property: "", reason }];
    }
    // An import fills in no names; a forced replacement of the same object does, and they are the ones it has.
    const names = { ...inputs };
    keepDefaults(fields, existing, names);
    session.memory.rememberImported(objectId(id), names);
    if (valueAt(existing, "isDefault") === true) Object.assign(inputs, hiddenInputs({ isRoot: true }));
    const failures = differencesForImport(noun, fields, id, inputs, existing);
    if (failures.length === 0 && isUnfinished(existing)) {
      session.warn(
        `${noun} ${name}: ${id} was left half-made by a create that was interrupted. The import finishes it: it gets what ` +
          "the program declares, and is opened unless that says otherwise",
      );
    } else if (failures.length === 0) {
      session.note(
        `${noun} ${name}: ${id} is taken over as it is. The engine calls this a create; nothing is created or changed`,
      );
    }
    for (const key of keysOf(fields)) {
      if (!fields[key]?.shownByWrites || isShown(valueAt(existing, key))) continue;
      session.note(
        `${noun} ${name}: its ${key} is null after the import, since no list shows it. To get it, change any ` +
          "argument, such as the alias, and run `pulumi up` again",
      );
    }
    return failures;
  } catch (error) {
    return [{ property: "", reason: `import: ${messageOf(error)}` }];
  }
}

const longestValue = 300;

function differencesForImport(
  noun: string,
  fields: Fields,
  id: string,
  inputs: Draft,
  existing: object,
): readonly CheckFailure[] {
  // A blank secret is one that the API does not show.
  const differing = differingKeys(fields, { inputs, state: existing }).filter((key) => {
    const held = valueAt(existing, key);
    return !hasUnknown(inputs[key]) && held !== undefined && !(fields[key]?.secret && !held);
  });
  if (differing.length === 0) return [];
  const lines = differing.map((key) => {
    if (fields[key]?.secret) return `${key} differs (secret)`;
    const difference = fields[key]?.difference?.(inputs[key], valueAt(existing, key));
    if (difference !== undefined) return `${key} ${difference}`;
    // The program's own value may be a secret; what the service holds is in its dashboard.
    return `${key} is ${oneLine(JSON.stringify(valueAt(existing, key) ?? null), longestValue)} there`;
  });
  const reason =
    `import: ${noun} ${id} is not what the program declares: ${lines.join("; ")}. ` +
    "Declare what the service has, import, and change it afterwards";
  return [{ property: "", reason }];
}

/**
 * The id that a create shall adopt instead of making an object. Not one that this process has deleted: in a
 * replacement that skips diff, check cannot tell that the object to import is the one to be replaced.
 */
export function importIdOf(
  { memory }: Session,
  inputs: object,
  objectId: ObjectId = ownId,
): string | undefined {
  const { importId } = hiddenOf(inputs);
  return importId !== undefined && !memory.wasDeleted(objectId(importId)) ? importId : undefined;
}

/** Inputs to create from: the names of an object that was to be imported, and was deleted to be made again. */
export function withNames<I extends object>({ memory }: Session, inputs: I): I {
  return { ...memory.importedInputs(hiddenOf(inputs).importId ?? ""), ...inputs };
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
  session.memory.holders.keep(objectId(id));
  return object;
}
