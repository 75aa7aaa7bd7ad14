/**
 * The whole life of an object of the API, from what its kind says of it (`object/kind.ts`). A write has three parts:
 * its plan (`object/plan.ts`), the requests and their proof (`object/write.ts`), and for an object that was just created,
 * what completes it (`object/finish.ts`).
 */
import type { dynamic } from "@pulumi/pulumi";
import { hiddenInputs, kept } from "../protocol/hidden";
import { hasUnknown } from "../protocol/unknowns";
import { check } from "./check/check";
import { adopt, importIdOf, withNames } from "./check/importing";
import { isRoot, refuseFixed } from "./check/root";
import { isLoosely, isShown } from "./doubt/likeness";
import { createOnce } from "./doubt/ownership";
import { judge } from "./doubt/proof";
import { givenKeys, managedKeys, valueAt } from "./fields/declared";
import { bodyOf, readState, serverState } from "./fields/translate";
import {
  type Fields,
  type Inputs,
  type Listed,
  type State,
  secretApiNames,
  type UnresolvedInputs,
} from "./fields/vocabulary";
import { finish } from "./object/finish";
import type { Life, ObjectKind } from "./object/kind";
import { creationOf, keysToChange } from "./object/plan";
import { isUnfinished, outputsOf } from "./object/state";
import { announceSuccessor, deleteAfterSuccessor, successorThere } from "./object/successor";
import { bringTo, warnOfSpelling } from "./object/write";
import type { KindProvider } from "./process/guarded";
import type { Session } from "./process/session";

export function objectProvider<F extends Fields, T extends Listed>(
  session: Session,
  kind: ObjectKind<F, T>,
): KindProvider<F> {
  const { noun, fields } = kind;
  const life: Life<F, T> = { session, kind };

  return {
    noun,
    marks: kind.marks,

    check: (olds, news) =>
      check(
        session,
        {
          noun,
          fields,
          existing: (id) => existing(kind, id, news as UnresolvedInputs<F>),
          creation: (inputs) => creationOf(kind, inputs),
          sharesOf: kind.sharesOf,
          missing: kind.missing,
          onReplacement: kind.onReplacement,
          fixedOfRoot: kind.root?.fixed,
        },
        olds,
        news,
      ),

    async diff(id, olds, news): Promise<dynamic.DiffResult> {
      kind.remember?.(id, news);
      const changed = keysToChange(kind, olds, news);
      const known = changed.filter((key) => !hasUnknown(valueAt(news, key)));
      refuseFixed(kind, id, olds, known);
      const replaces = [
        ...(kind.usedUp?.replaces(olds, news) ?? []),
        ...changed.filter((key) => fields[key]?.replaces),
      ];
      for (const advice of kind.advice?.(news, olds) ?? []) session.warn(`${noun} ${id}: ${advice}`);
      if (replaces.length > 0) announceSuccessor(life, id, olds, news);
      const changes = isUnfinished(olds) || changed.length > 0 || replaces.length > 0;
      return replaces.length > 0 ? { changes, replaces, deleteBeforeReplace: true } : { changes };
    },

    async create(given) {
      const importId = importIdOf(session, given);
      if (importId !== undefined) {
        const object = await adopt(session, noun, importId, (id) => kind.find(id, {}));
        kind.remember?.(importId, given as UnresolvedInputs<F>);
        if (kind.finishing?.isUnfinished?.(object, given)) return finish(life, importId, object, given);
        return { id: importId, outs: outputsOf(life, object, given, {}) };
      }
      const inputs = withNames(session, given);
      const identity = kind.identityOf(inputs);
      const begun = session.memory.unfinishedOf(identity.identity);
      const half = begun
        ? ((begun.made as T) ?? (await kind.find(begun.id, {})))
        : await successorThere(life, inputs);
      if (half !== undefined) return finish(life, begun?.id ?? identity.idOf(half), half, inputs);
      const made = await createOnce(session, creationOf(kind, inputs));
      const id = identity.idOf(made.item);
      kind.remember?.(id, inputs as UnresolvedInputs<F>);
      const sent = givenKeys(fields, inputs);
      const shown = serverState(fields, made.item, {});
      const { notApplied, spelled, blank } = judge(fields, { inputs, sent, before: {}, shown });
      if (kind.finishing?.isDue(made, inputs) || notApplied.length > 0) {
        return finish(life, id, made.item, inputs);
      }
      warnOfSpelling(life, id, spelled);
      return { id, outs: outputsOf(life, made.item, inputs, {}, { sent, spelled: [...spelled, ...blank] }) };
    },

    async read(id, olds) {
      const object = await kind.find(id, olds);
      if (object === undefined) {
        const props = kind.usedUp?.kept(olds);
        return props && { id, props };
      }
      const seen = serverState(fields, object, olds);
      warnOfUnseen(life, id, olds, serverState(fields, object, {}));
      const settled = kind.settledKeys?.(olds, seen) ?? [];
      // A time that the service cleared when it came stays as the program wrote it.
      const times = settled.filter((key) => fields[key]?.type === "string or number");
      const server = { ...seen, ...Object.fromEntries(times.map((key) => [key, valueAt(olds, key)])) };
      const { state, inputs } = readState(fields, olds, server, settled);
      if (inputs && kind.root?.is(server)) Object.assign(inputs, hiddenInputs({ isRoot: true }));
      const props = {
        ...state,
        ...session.origin(),
        [kept.passwordHash]: olds[kept.passwordHash],
        [kept.unfinished]: olds[kept.unfinished],
        [kept.predecessor]: olds[kept.predecessor],
        ...kind.keptOf?.(object, server),
      };
      return { id, props, ...(inputs && { inputs }) };
    },

    update: async (id, olds, news) => ({ outs: await bringTo(life, id, olds, news) }),

    async delete(id, olds) {
      if (await isRoot(kind, id, olds)) {
        session.warn(
          `${noun} ${id} is the organization's root ${noun}, which cannot be deleted: ` +
            "it was left as it is, and only removed from the stack",
        );
        return;
      }
      await deleteAfterSuccessor(life, id, olds);
    },
  };
}

/** What the server holds of an object to import. */
async function existing<F extends Fields, T extends Listed>(
  { fields, find, finishing }: ObjectKind<F, T>,
  id: string,
  inputs: UnresolvedInputs<F>,
): Promise<State<F> | undefined> {
  const object = await find(id, {});
  if (object === undefined) return undefined;
  const state = serverState(fields, object, {});
  if (!finishing?.isUnfinished?.(object, inputs)) return state;
  return { ...(finishing.compared?.(state) ?? state), [kept.unfinished]: true };
}

/** What opens access and is declared, and is not shown, may have been changed elsewhere. */
function warnOfUnseen<F extends Fields, T extends Listed>(
  { session, kind }: Life<F, T>,
  id: string,
  olds: State<F>,
  shown: State<F>,
): void {
  for (const key of managedKeys(kind.fields, olds)) {
    if (!kind.fields[key]?.mustBeShown || isShown(valueAt(shown, key))) continue;
    session.warn(
      `${kind.noun} ${id}: the service does not show ${key} now, so a change made elsewhere would not be seen`,
    );
  }
}

/** The identity of objects that have no name of their own: all that the program gives and a list shows. */
export function identityOfAll<F extends Fields>(
  noun: string,
  fields: F,
  inputs: Inputs<F>,
): { identity: string; isSame(object: Listed): boolean } {
  const shown = givenKeys(fields, inputs).filter(
    (key) => fields[key]?.api !== undefined && !fields[key]?.unseen,
  );
  const body = bodyOf(fields, inputs, shown);
  return {
    identity: `${noun} ${JSON.stringify(body)}`,
    isSame: (object) => isLoosely(body, object, { held: secretApiNames(fields) }),
  };
}
