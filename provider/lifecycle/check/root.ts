/** The limits of the organization's root credential, which nobody can delete and which allows few changes. */
import type { CheckFailure } from "../../protocol/failures";
import { isUnknown } from "../../protocol/unknowns";
import { valueAt } from "../fields/declared";
import { serverState } from "../fields/translate";
import type { ArgumentKey, Fields, Listed, State } from "../fields/vocabulary";
import type { ObjectKind } from "../object/kind";
import type { Draft } from "./arguments";
import type { CheckRules } from "./check";

/** What the API forbids for the root credential, as far as check knows what it was: from the inputs before. */
export function changesOfRoot<F extends Fields, T extends Listed>(
  { noun, fixedOfRoot = [] }: CheckRules<F, T>,
  inputs: Draft,
  olds: object,
): CheckFailure[] {
  const changed = fixedOfRoot.filter((key) => {
    const before = valueAt(olds, key);
    const after = inputs[key];
    return after !== undefined && before !== undefined && after !== before && !isUnknown(after);
  });
  return changed.map((key) => ({ property: "", reason: `${key} cannot be changed for the root ${noun}` }));
}

/** The same for diff, which knows from the state what the service has. */
export function refuseFixed<F extends Fields, T extends Listed>(
  { noun, root }: ObjectKind<F, T>,
  id: string,
  olds: State<F>,
  changed: readonly ArgumentKey<F>[],
): void {
  if (!root?.is(olds)) return;
  for (const key of changed.filter((each) => root.fixed.includes(each))) {
    throw new Error(
      `${key} cannot be changed for the root ${noun} ${id}: declare what the service has, or take it out of the program`,
    );
  }
}

/** Asks the service where the state does not tell. */
export async function isRoot<F extends Fields, T extends Listed>(
  { root, fields, find }: ObjectKind<F, T>,
  id: string,
  state: State<F>,
): Promise<boolean> {
  if (root === undefined) return false;
  const known = root.is(state);
  if (known !== undefined) return known;
  const object = await find(id, state);
  return object !== undefined && root.is(serverState(fields, object, {})) === true;
}
