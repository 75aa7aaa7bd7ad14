/** The whole life of an object of the API, from what its kind says of it. */
import type { dynamic } from "@pulumi/pulumi";
import type { Client } from "../api/client";
import { messageOf, SavedFailure } from "../protocol/failures";
import { type KeptState, kept } from "../protocol/hidden";
import { hasUnknown } from "../protocol/unknowns";
import { adopt, importIdOf, withNames } from "./check/adoption";
import { check } from "./check/check";
import { deleteIfPresent, UncertainError } from "./doubt/gone";
import { isLoosely, isShown } from "./doubt/likeness";
import {
  type Created,
  type Creation,
  createOnce,
  explainUpdateRefusal,
  type Identity,
  readsAfter,
} from "./doubt/ownership";
import { judge } from "./doubt/proof";
import { goneAtUpdate, notApplied, unlessGone } from "./doubt/writing";
import { changedKeys, givenKeys, managedKeys, valueAt } from "./fields/declared";
import { bodyOf, hashOf, knownOf, readState, serverState, stateOf } from "./fields/translate";
import {
  type ArgumentKey,
  type BodyOf,
  type Fields,
  type Inputs,
  type Listed,
  type State,
  secretApiNames,
  type UnresolvedInputs,
} from "./fields/vocabulary";
import type { KindProvider } from "./process/guarded";
import type { Share } from "./process/memory";
import type { Session } from "./process/session";

/** What a kind of object is. `T` is its wire type. Below `remove`, all is for what is special and may be left out. */
export interface ObjectKind<F extends Fields, T extends Listed> {
  /** As messages say it: `webhook`. */
  readonly noun: string;
  readonly fields: F;
  /** What tells objects of these inputs from others. */
  identityOf(inputs: Inputs<F>): Identity<T>;
  /**
   * The object by the resource's id; `undefined` where it is gone. `state` is empty before it is ours; `client` is
   * the one whose lists are shared, or the one that always asks.
   */
  find(id: string, state: State<F>, client?: Client): Promise<T | undefined>;
  /** Whether `find` asks by id too: what it does not find then is gone, whatever the answer to a write said. */
  readonly isReadById?: boolean;
  create(inputs: Inputs<F>, body: BodyOf<F>): Promise<T>;
  /** Left out where the API cannot change such an object: every change replaces it then. */
  update?(id: string, body: BodyOf<F>): Promise<Patched<T>>;
  remove(id: string): Promise<void>;

  /** For what one call does not make whole. */
  readonly finishing?: Finishing<F, T>;
  /** Keys whose difference is none: what the service does by itself when their time has come. */
  settledKeys?(declared: object, server: object): readonly ArgumentKey<F>[];
  /** Whether the answer to an update says that it was not done, of what no read can show. */
  isDenied?(id: string, body: BodyOf<F>, answer: Patched<T>): boolean;
  /** Adds to an object that was read what only the answer to its update shows. */
  merged?(found: T, answer: Patched<T>): T;
  /** What another kind can manage as well. */
  sharesOf?(inputs: object): readonly Share[];
  /** What to tell the user in a preview already. */
  advice?(inputs: UnresolvedInputs<F>, state: State<F>): readonly string[];
  /** What a replacement does that cannot be undone, to follow `a replacement`. */
  readonly onReplacement?: string;
  /** What the state keeps besides the fields. */
  keptOf?(object: T, state: State<F>): KeptState;
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
  /** What finishes it besides what differs: keys to send all the same, and their values. */
  again?(
    inputs: Inputs<F>,
    state: State<F>,
  ): { readonly inputs: Inputs<F>; readonly keys: readonly string[] };
  /** What to tell the user where no answer of the service will ever show what is missing. */
  lost?(object: T, state: State<F>): string | undefined;
  /** Whether an object to import was left unfinished by a create that was killed. */
  isUnfinished?(object: T): boolean;
  /** Of such an object, what an import compares. */
  compared?(state: State<F>): State<F>;
}

/** One request of an update. */
interface Request<F extends Fields> {
  readonly sent: readonly ArgumentKey<F>[];
  readonly body: BodyOf<F>;
  readonly isLast: boolean;
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
      check(
        session,
        {
          noun,
          fields,
          existing,
          creation,
          fixedOfRoot: kind.root?.fixed ?? [],
          ...(kind.sharesOf && { sharesOf: kind.sharesOf }),
          ...(kind.onReplacement && { onReplacement: kind.onReplacement }),
        },
        olds,
        news,
      ),

    async diff(id, olds, news): Promise<dynamic.DiffResult> {
      const changed = keysToChange(olds, news);
      const known = changed.filter((key) => !hasUnknown(valueAt(news, key)));
      if (kind.root?.is(olds)) refuseFixed(id, known, kind.root);
      const replaces = [
        ...(kind.usedUp?.replaces(olds, news) ?? []),
        ...changed.filter((key) => fields[key]?.replaces),
      ];
      for (const advice of kind.advice?.(news, olds) ?? []) session.warn(`${noun} ${id}: ${advice}`);
      const changes = isUnfinished(olds) || changed.length > 0 || replaces.length > 0;
      return replaces.length > 0 ? { changes, replaces, deleteBeforeReplace: true } : { changes };
    },

    async create(given) {
      const importId = importIdOf(session, given);
      if (importId !== undefined) {
        const object = await adopt(session, noun, importId, (id) => kind.find(id, {}));
        if (kind.finishing?.isUnfinished?.(object)) return finish(importId, object, given);
        return { id: importId, outs: fullState(object, given, {}) };
      }
      const inputs = withNames(session, given);
      const identity = kind.identityOf(inputs);
      const begun = session.memory.unfinishedOf(identity.identity);
      const half = begun === undefined ? undefined : await kind.find(begun, {});
      if (begun !== undefined && half !== undefined) return finish(begun, half, inputs);
      const made = await createOnce(session, creation(inputs));
      const id = identity.idOf(made.item);
      const sent = givenKeys(fields, inputs);
      const shown = serverState(fields, made.item, {});
      const { notApplied, spelled, blank } = judge(fields, { inputs, sent, before: {}, shown });
      if (kind.finishing?.isDue(made, inputs) || notApplied.length > 0) return finish(id, made.item, inputs);
      warnOfSpelling(id, spelled);
      return { id, outs: fullState(made.item, inputs, {}, { sent, spelled: [...spelled, ...blank] }) };
    },

    async read(id, olds) {
      const object = await kind.find(id, olds);
      if (object === undefined) {
        const props = kind.usedUp?.kept(olds);
        return props && { id, props };
      }
      const seen = serverState(fields, object, olds);
      warnOfUnseen(id, olds, serverState(fields, object, {}));
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
        ...kind.keptOf?.(object, server),
      };
      return { id, props, ...(inputs && { inputs }) };
    },

    update: async (id, olds, news) => ({ outs: await bringTo(id, olds, news) }),

    async delete(id, olds) {
      if (kind.root && (await isRoot(kind.root, id, olds))) {
        session.warn(
          `${noun} ${id} is the organization's root ${noun}, which cannot be deleted: ` +
            "it was left as it is, and only removed from the stack",
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

  /** Check knows what was declared before, and only the state what the service has. */
  function refuseFixed(id: string, changed: readonly ArgumentKey<F>[], { fixed }: Root<F>): void {
    for (const key of changed.filter((each) => fixed.includes(each))) {
      throw new Error(
        `${key} cannot be changed for the root ${noun} ${id}: declare what the service has, or take it out of the program`,
      );
    }
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
    if (!finishing?.isUnfinished?.(object)) return state;
    return { ...(finishing.compared?.(state) ?? state), [kept.unfinished]: true };
  }

  function creation(inputs: Inputs<F>): Creation<T> {
    const all = bodyOf(fields, inputs, givenKeys(fields, inputs));
    const body = kind.finishing?.createBody?.(inputs, all) ?? all;
    return { noun, ...kind.identityOf(inputs), body, post: () => kind.create(inputs, body) };
  }

  /** Brings an object that was just made to what is declared: whatever fails, its id goes into the state. */
  async function finish(id: string, object: T, inputs: Inputs<F>) {
    const made = fullState(object, inputs, {}, { sent: givenKeys(fields, inputs) });
    const unfinished = { ...(kind.finishing?.knownOf?.(made) ?? made), [kept.unfinished]: true as const };
    const { identity } = kind.identityOf(inputs);
    try {
      // The engine may call create again in the same process (`hooks.onError`).
      session.memory.rememberUnfinished(identity, id);
      const outs = await bringTo(id, unfinished, inputs);
      session.memory.settleUnfinished(identity);
      return { id, outs };
    } catch (error) {
      const what = `${noun.charAt(0).toUpperCase()}${noun.slice(1)} ${id}`;
      const missing = kind.finishing?.missing(object) ?? "is not yet what the program declares";
      throw new SavedFailure(
        id,
        inputs,
        unfinished,
        `${what} was created, but ${missing}: ${messageOf(error)} Run \`pulumi up\` again to finish it.`,
      );
    }
  }

  /** Sends what differs between the state and the inputs, and proves by a read what came of each request. */
  async function bringTo(id: string, olds: State<F>, inputs: Inputs<F>): Promise<State<F>> {
    const { wanted, requests } = requestsFor(olds, inputs);
    if (requests.length > 0 && kind.usedUp?.isRemoved(olds)) throw kind.usedUp.refusal(id);
    const spelled: ArgumentKey<F>[] = [];
    const blank: ArgumentKey<F>[] = [];
    let object: T | undefined;
    for (const request of requests) {
      const written = await write(id, olds, wanted, request);
      object = written.object;
      spelled.push(...written.verdict.spelled);
      blank.push(...written.verdict.blank);
    }
    object ??= await kind.find(id, olds);
    if (object === undefined) {
      // Nothing was to be sent: only what is ours alone may have changed.
      if (!kind.usedUp?.isRemoved(olds)) throw goneAtUpdate(noun, id);
      return stateOf(fields, inputs, knownOf(fields, inputs, olds));
    }
    warnOfSpelling(id, spelled);
    const sent = requests.flatMap((request) => request.sent);
    const state = fullState(object, inputs, olds, { sent, spelled: [...spelled, ...blank] });
    const lost = isUnfinished(olds) ? kind.finishing?.lost?.(object, state) : undefined;
    if (lost !== undefined) session.warn(`${noun} ${id}: ${lost}`);
    return state;
  }

  /** Sends one request and reads what came of it, again and again where the service may be late. */
  async function write(id: string, olds: State<F>, wanted: Inputs<F>, { sent, body, isLast }: Request<F>) {
    const startedAt = session.clock.now();
    const answer = await unlessGone(noun, id, kind.update?.(id, body) ?? Promise.resolve({})).catch(
      async (error) => {
        throw await explainUpdateRefusal(session, { noun, ...kind.identityOf(wanted) }, id, error);
      },
    );
    if (kind.isDenied?.(id, body, answer)) throw notApplied(noun, id, sent);
    // What an unfinished object shows has been sent before: the service may already have spelled it its own way.
    const before = isUnfinished(olds) ? {} : olds;
    let client = session.client;
    let refused: readonly string[] = [];
    let isGone = false;
    for await (const _ of readsAfter(session, undefined, startedAt)) {
      const { object, isMissing } = await readBack(id, olds, answer, client);
      const shown = shownBy(object, answer);
      const verdict = judge(fields, { inputs: wanted, sent, before, shown });
      // A mark of ours that was to be taken off is no spelling of the service's.
      const isMarked = isLast && kind.finishing?.isUnfinished?.(object) === true;
      if (verdict.notApplied.length === 0 && !isMarked) return { object, verdict };
      refused = isMarked ? sent : verdict.notApplied;
      isGone = kind.isReadById === true && isMissing;
      client = session.unsharedClient;
    }
    throw isGone ? goneAtUpdate(noun, id) : notApplied(noun, id, refused);
  }

  /** The requests that an update sends, one after another. */
  function requestsFor(olds: State<F>, inputs: Inputs<F>): { wanted: Inputs<F>; requests: Request<F>[] } {
    const again = isUnfinished(olds) ? kind.finishing?.again?.(inputs, olds) : undefined;
    const wanted = again?.inputs ?? inputs;
    const changed: string[] = kind.update ? [...keysToChange(olds, inputs), ...(again?.keys ?? [])] : [];
    const keys = givenKeys(fields, wanted).filter((key) => changed.includes(key));
    const groups = [
      ...keys.filter((key) => fields[key]?.alone).map((key) => [key]),
      keys.filter((key) => !fields[key]?.alone),
    ];
    const requests = groups
      .map((sent, index) => ({
        sent,
        body: bodyOf(fields, wanted, sent),
        isLast: index === groups.length - 1,
      }))
      .filter(({ body }) => Object.keys(body).length > 0);
    return { wanted, requests };
  }

  /** The object after an update. Where a list does not show it, an answer to the update with its id proves it alive. */
  async function readBack(id: string, olds: State<F>, answer: Patched<T>, client: Client) {
    const isAlive = answer.Id === id;
    try {
      const found = await kind.find(id, olds, client);
      if (found !== undefined) return { object: kind.merged?.(found, answer) ?? found, isMissing: false };
      if (!isAlive) throw goneAtUpdate(noun, id);
      return { object: answer as T, isMissing: true };
    } catch (error) {
      if (!(error instanceof UncertainError) || !isAlive) throw error;
      return { object: answer as T, isMissing: false };
    }
  }

  /** What a read shows, and of what it leaves out, what the answer to the update does. */
  function shownBy(object: T, answer: Patched<T>): State<F> {
    const read = serverState(fields, object, {});
    if (answer.Id === undefined) return read;
    const answered = serverState(fields, answer as T, {});
    const missing = givenKeys(fields, answered).filter(
      (key) => fields[key]?.mustBeShown && !isShown(valueAt(read, key)),
    );
    return { ...read, ...Object.fromEntries(missing.map((key) => [key, valueAt(answered, key)])) };
  }

  /** What opens access and is declared, and is not shown, may have been changed elsewhere. */
  function warnOfUnseen(id: string, olds: State<F>, shown: State<F>): void {
    for (const key of managedKeys(fields, olds)) {
      if (!fields[key]?.mustBeShown || isShown(valueAt(shown, key))) continue;
      session.warn(
        `${noun} ${id}: the service does not show ${key} now, so a change made elsewhere would not be seen`,
      );
    }
  }

  function warnOfSpelling(id: string, keys: readonly string[]): void {
    for (const key of keys) {
      session.warn(
        `${noun} ${id}: the service keeps ${key} in a spelling of its own. The two count as the same until ` +
          "either changes",
      );
    }
  }

  function keysToChange(olds: State<F>, news: UnresolvedInputs<F> | Inputs<F>): ArgumentKey<F>[] {
    const settled = kind.settledKeys?.(news, olds) ?? [];
    return changedKeys(fields, { inputs: news, state: olds }).filter((key) => !settled.includes(key));
  }

  function fullState(
    object: T,
    inputs: Inputs<F>,
    olds: State<F>,
    { sent = [], spelled = [] }: { sent?: readonly string[]; spelled?: readonly string[] } = {},
  ): State<F> {
    const server = serverState(fields, object, knownOf(fields, inputs, olds, sent));
    return {
      ...stateOf(fields, inputs, server, spelled, olds),
      ...session.origin(),
      [kept.passwordHash]: hashOf(fields, inputs, olds),
      ...kind.keptOf?.(object, server),
    };
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
