/** The whole life of an object of the API, from what its kind says of it. */
import type { dynamic } from "@pulumi/pulumi";
import { messageOf, SavedFailure } from "../engine/failures";
import { kept } from "../engine/hidden";
import { adopt, importIdOf, withNames } from "./adoption";
import { check } from "./check";
import { changedKeys, differingKeys, givenKeys, valueAt } from "./declared";
import type { ArgumentKey, BodyOf, Fields, Inputs, Listed, State, UnresolvedInputs } from "./fields";
import { deleteIfPresent } from "./gone";
import type { KindProvider } from "./guarded";
import { type Created, type Creation, createOnce, type Identity } from "./ownership";
import type { Session } from "./session";
import { bodyOf, hashOf, knownOf, readState, serverState, stateOf } from "./translate";
import { goneAtUpdate, unlessGone } from "./writing";

/** What a kind of object is. `T` is its wire type. Below `remove`, all is for what is special and may be left out. */
export interface ObjectKind<F extends Fields, T extends Listed> {
  /** As messages say it: `webhook`. */
  readonly noun: string;
  readonly fields: F;
  /** What tells objects of these inputs from others. */
  identityOf(inputs: Inputs<F>): Identity<T>;
  /** The object by the resource's id; `undefined` where it is gone. `state` is empty before it is ours. */
  find(id: string, state: State<F>): Promise<T | undefined>;
  create(inputs: Inputs<F>, body: BodyOf<F>): Promise<T>;
  /** Left out where the API cannot change such an object: every change replaces it then. */
  update?(id: string, body: BodyOf<F>): Promise<Patched<T>>;
  remove(id: string): Promise<void>;

  /** For what one call does not make whole. */
  readonly finishing?: Finishing<F, T>;
  /** Keys whose difference is none: what the service does by itself when their time has come. */
  settledKeys?(declared: object, server: object): readonly ArgumentKey<F>[];
  /** Looks at what came of an update: throws where it was not applied; adds what only the answer shows. */
  proven?(id: string, body: BodyOf<F>, answer: Patched<T>, found: T): T;
  /** For an object that the service makes by itself and never deletes. */
  readonly root?: Root<F>;
  /** For an object that the service removes by itself. */
  readonly usedUp?: UsedUp<F>;
}

/** The answer to an update: no field is certain. */
type Patched<T> = { readonly [K in keyof T]?: T[K] | undefined };

interface Finishing<F extends Fields, T> {
  /** The body of the create, where it is not simply all that is given. */
  createBody?(inputs: Inputs<F>, body: BodyOf<F>): BodyOf<F>;
  /** Whether an object that was just made is not finished. */
  isDue(made: Created<T>, inputs: Inputs<F>): boolean;
  /** What is missing in it, to follow `was created, but`. */
  missing(object: T): string;
  /** What the state knows of an object that is not finished. */
  knownOf?(state: State<F>): State<F>;
  /** The body that finishes it, where it is not simply what differs. */
  finishBody?(inputs: Inputs<F>, state: State<F>, body: BodyOf<F>): BodyOf<F>;
  /** Whether an object to import was left unfinished by a create that was killed. */
  isUnfinished?(object: T): boolean;
  /** Of such an object, what an import compares. */
  compared?(state: State<F>): State<F>;
}

interface Root<F extends Fields> {
  /** `undefined`: the state does not tell. */
  is(state: State<F>): boolean | undefined;
  /** What the API does not let anybody change. */
  readonly fixed: readonly ArgumentKey<F>[];
}

interface UsedUp<F extends Fields> {
  /** What the state keeps of a resource whose object is gone; `undefined`: nothing. */
  kept(state: State<F>): State<F> | undefined;
  /** Whether the object is known to have been removed. */
  isRemoved(state: State<F>): boolean;
  /** The refusal to update one. */
  refusal(id: string): Error;
  /** The arguments because of which the object is to be made again. */
  replaces(state: State<F>, inputs: UnresolvedInputs<F>): readonly ArgumentKey<F>[];
}

export function objectProvider<F extends Fields, T extends Listed>(
  session: Session,
  kind: ObjectKind<F, T>,
): KindProvider<F> {
  const { noun, fields } = kind;

  return {
    noun,

    check: (olds, news) =>
      check(session, { noun, fields, existing, creation, fixedOfRoot: kind.root?.fixed ?? [] }, olds, news),

    async diff(_id, olds, news): Promise<dynamic.DiffResult> {
      const changed = keysToChange(olds, news);
      const replaces = [
        ...(kind.usedUp?.replaces(olds, news) ?? []),
        ...changed.filter((key) => fields[key]?.replaces),
      ];
      const changes = isUnfinished(olds) || changed.length > 0 || replaces.length > 0;
      return replaces.length > 0 ? { changes, replaces, deleteBeforeReplace: true } : { changes };
    },

    async create(given) {
      const importId = importIdOf(session, given);
      if (importId !== undefined) {
        const object = await adopt(session, noun, importId, kind.find);
        if (kind.finishing?.isUnfinished?.(object)) return finish(kind.finishing, importId, object, given);
        return { id: importId, outs: fullState(object, given, {}) };
      }
      const inputs = withNames(session, given);
      const identity = kind.identityOf(inputs);
      const made = await createOnce(session, creation(inputs));
      const id = identity.idOf(made.item);
      if (kind.finishing?.isDue(made, inputs)) return finish(kind.finishing, id, made.item, inputs);
      return { id, outs: fullState(made.item, inputs, {}) };
    },

    async read(id, olds) {
      const object = await kind.find(id, olds);
      if (object === undefined) {
        const props = kind.usedUp?.kept(olds);
        return props && { id, props };
      }
      const seen = serverState(fields, object, olds);
      const settled = kind.settledKeys?.(olds, seen) ?? [];
      // A time that the service cleared when it came stays as the program wrote it.
      const times = settled.filter((key) => fields[key]?.type === "string or number");
      const server = { ...seen, ...Object.fromEntries(times.map((key) => [key, valueAt(olds, key)])) };
      const { state, inputs } = readState(fields, olds, server, settled);
      if (inputs && kind.root?.is(server)) inputs[kept.root] = true;
      const props = {
        ...state,
        ...session.origin(),
        [kept.passwordHash]: olds[kept.passwordHash],
        [kept.unfinished]: olds[kept.unfinished],
      };
      return { id, props, ...(inputs && { inputs }) };
    },

    update: async (id, olds, news) => ({ outs: await bringTo(id, olds, news) }),

    async delete(id, olds) {
      if (kind.root && (await isRoot(kind.root, id, olds))) {
        session.warn(
          `${noun} ${id} is the organization's root ${noun}, which cannot be deleted: ` +
            "it was left as it is and only dropped from the stack",
        );
        return;
      }
      await deleteIfPresent(
        session,
        id,
        () => kind.remove(id),
        () => kind.find(id, olds),
      );
    },
  };

  function isUnfinished(state: State<F>): boolean {
    return state[kept.unfinished] !== undefined;
  }

  async function isRoot(root: Root<F>, id: string, state: State<F>): Promise<boolean> {
    const known = root.is(state);
    if (known !== undefined) return known;
    const object = await kind.find(id, state);
    return object !== undefined && root.is(serverState(fields, object, {})) === true;
  }

  /** What the server holds of an object to import. */
  async function existing(id: string): Promise<State<F> | undefined> {
    const object = await kind.find(id, {});
    if (object === undefined) return undefined;
    const state = serverState(fields, object, {});
    const { finishing } = kind;
    return finishing?.isUnfinished?.(object) ? (finishing.compared?.(state) ?? state) : state;
  }

  function creation(inputs: Inputs<F>): Creation<T> {
    const all = bodyOf(fields, inputs, givenKeys(fields, inputs));
    const body = kind.finishing?.createBody?.(inputs, all) ?? all;
    return { noun, ...kind.identityOf(inputs), body, post: () => kind.create(inputs, body) };
  }

  /** Brings an object that was just made to what is declared: whatever fails, its id goes into the state. */
  async function finish(finishing: Finishing<F, T>, id: string, object: T, inputs: Inputs<F>) {
    const made = fullState(object, inputs, {});
    const unfinished = { ...(finishing.knownOf?.(made) ?? made), [kept.unfinished]: true as const };
    try {
      return { id, outs: await bringTo(id, unfinished, inputs) };
    } catch (error) {
      const what = `${noun.charAt(0).toUpperCase()}${noun.slice(1)} ${id}`;
      throw new SavedFailure(
        id,
        inputs,
        unfinished,
        `${what} was created, but ${finishing.missing(object)}: ${messageOf(error)} Run \`pulumi up\` again to finish it.`,
      );
    }
  }

  /** Sends what differs between the state and the inputs, and reads back what came of it. */
  async function bringTo(id: string, olds: State<F>, inputs: Inputs<F>): Promise<State<F>> {
    const body = bodyToChange(olds, inputs);
    const isEmpty = Object.keys(body).length === 0;
    if (!isEmpty && kind.usedUp?.isRemoved(olds)) throw kind.usedUp.refusal(id);
    const answer = isEmpty || !kind.update ? undefined : await unlessGone(noun, id, kind.update(id, body));
    const found = await kind.find(id, olds);
    if (found === undefined) {
      // Nothing was to be sent: only what is ours alone may have changed.
      const isRemoved = isEmpty && kind.usedUp?.isRemoved(olds);
      if (isRemoved) return stateOf(fields, inputs, knownOf(fields, inputs, olds));
      throw goneAtUpdate(noun, id);
    }
    const object = answer && kind.proven ? kind.proven(id, body, answer, found) : found;
    return fullState(object, inputs, olds);
  }

  function bodyToChange(olds: State<F>, inputs: Inputs<F>): BodyOf<F> {
    const body = bodyOf(fields, inputs, kind.update ? keysToChange(olds, inputs) : []);
    return isUnfinished(olds) ? (kind.finishing?.finishBody?.(inputs, olds, body) ?? body) : body;
  }

  function keysToChange(olds: State<F>, news: UnresolvedInputs<F> | Inputs<F>): ArgumentKey<F>[] {
    const settled = kind.settledKeys?.(news, olds) ?? [];
    return changedKeys(fields, { inputs: news, state: olds }).filter((key) => !settled.includes(key));
  }

  function fullState(object: T, inputs: Inputs<F>, olds: State<F>): State<F> {
    const server = serverState(fields, object, knownOf(fields, inputs, olds));
    return {
      ...stateOf(fields, inputs, server),
      ...session.origin(),
      [kept.passwordHash]: hashOf(fields, inputs, olds),
    };
  }
}

/**
 * The identity of objects that have no name of their own: all that the program gives and a list shows. `inWords`
 * is what a message says of it.
 */
export function identityOfAll<F extends Fields>(
  noun: string,
  fields: F,
  inputs: Inputs<F>,
): { identity: string; isSame(object: Listed): boolean } {
  const shown = givenKeys(fields, inputs).filter(
    (key) => fields[key]?.api !== undefined && !fields[key]?.unseen,
  );
  const given = Object.fromEntries(shown.map((key) => [key, valueAt(inputs, key)]));
  return {
    identity: `${noun} ${JSON.stringify(given)}`,
    isSame: (object) =>
      differingKeys(fields, { inputs: given, state: serverState(fields, object, {}) }).length === 0,
  };
}
