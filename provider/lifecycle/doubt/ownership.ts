/**
 * Whose object is it? The API has no idempotency keys, so a create whose answer was lost is resolved by reading
 * lists, and what was there before is never taken over silently.
 */

import type { Client } from "../../api/client";
import { InputError, SftpToGoError } from "../../api/errors";
import { messageOf } from "../../protocol/failures";
import type { Listed } from "../fields/vocabulary";
import type { Session } from "../process/session";
import { isLoosely } from "./likeness";
import { pauseBeforeAnother, readsAfter, wasTurnedAway } from "./waits";

/** A create was refused because such an object exists, or its outcome could not be told. */
export class OwnershipError extends Error {
  override readonly name = "OwnershipError";
}

/** What tells an object that a create is to make from others. */
export interface Identity<T> {
  /** The name of the list that is shared as the first one. */
  readonly collection: string;
  /** What makes two creates the same, e.g. the user name; unique across kinds. */
  readonly identity: string;
  /** The identity in words for messages, without secrets, e.g. `the user name "acme-incoming"`. */
  readonly identityInWords: string;
  /** Its list, as the client has it. */
  list(client: Client): Promise<T[]>;
  /** The id as the state has it, and as the `import` option takes it. */
  idOf(item: T): string;
  /** The option that takes over an object, where it is not `import` with its id. */
  importOptionOf?(id: string): string;
  /** Whether an item has our user name, our key, or all our declared fields, so that it stands in our way. */
  isSame(item: T): boolean;
  /** What no create makes, whatever a list that was cut left out before: the root credential. */
  isNeverMade?(item: T): boolean;
  /** Whether the service itself refuses a second one, so that posting again cannot double it. */
  readonly unique: boolean;
}

/** What a resource would make, as far as what is there already may stand in its way. */
export interface Claim<T> extends Identity<T> {
  /** `credential`, `webhook` … as messages say it. */
  readonly noun: string;
  /** How the refusal of what is there is said. Default: as an object of the same identity. */
  refusal?(there: readonly T[]): string;
}

/** What one kind's create brings along. */
export interface Creation<T> extends Claim<T> {
  /** The next create finds it by itself, and says what to do. */
  readonly isFoundAgain?: true;
  /** What is sent, by the API's names. Only an object that shows all of it can be our own. */
  readonly body: object;
  post(): Promise<T>;
}

/** What came of a create: `found` where it was resolved by reading a list, so that its fields need a comparison. */
export interface Created<T> {
  readonly item: T;
  readonly found: boolean;
}

/** Creates of equal identity run one after another. */
export function createOnce<T extends Listed>(session: Session, creation: Creation<T>): Promise<Created<T>> {
  return session.inTurn(creation.identity, () => createInTurn(session, creation));
}

async function createInTurn<T extends Listed>(session: Session, creation: Creation<T>): Promise<Created<T>> {
  const { memory } = session;
  const earlier = await session.firstList(creation.collection, creation.list);
  const earlierIds = new Set(earlier.map(creation.idOf));
  const claim = (item: T, found: boolean): Created<T> => {
    memory.rememberCreated(creation.idOf(item));
    memory.settleDoubt(creation.identity);
    return { item, found };
  };

  // The engine may call create again in the same process (`hooks.onError`): the object may be there by now.
  const doubt = memory.doubtOf(creation.identity);
  const since = doubt?.since ?? session.serviceTime();
  const isOurs = (item: T) => {
    const id = creation.idOf(item);
    return (
      creation.isSame(item) &&
      !creation.isNeverMade?.(item) &&
      !earlierIds.has(id) &&
      !memory.wasCreated(id) &&
      !memory.wasDeleted(id) &&
      isLoosely(creation.body, item, { since })
    );
  };
  if (doubt === undefined) {
    try {
      assertFree(session, creation, earlier);
    } catch (error) {
      // It is declared here, and whatever else the update does, no other resource's delete removes it.
      for (const item of earlier.filter(creation.isSame)) memory.holders.keep(creation.idOf(item));
      throw error;
    }
  } else {
    const found = await lookFor(session, creation, doubt.failure, isOurs, session.clock.now());
    if (found !== undefined) return claim(found, true);
    if (!creation.unique) throw notKnown(creation, doubt.failure, "it is not in the list.");
  }

  const startedAt = session.clock.now();
  for (let attempt = 0; ; attempt++) {
    let failure: SftpToGoError;
    try {
      return claim(await creation.post(), false);
    } catch (error) {
      if (!(error instanceof SftpToGoError)) throw error;
      failure = error;
    }
    if (failure.aftermath === "never sent") throw failure;
    if (failure.aftermath === "refused") {
      // Of a service that refuses a second one, "taken" can be the echo of our own first, unanswered post.
      const ours = attempt > 0 || doubt ? (await creation.list(session.unsharedClient)).filter(isOurs) : [];
      if (ours.length === 1 && ours[0] !== undefined) return claim(ours[0], true);
      throw await explainRefusal(session, creation, failure);
    }
    memory.rememberDoubt(creation.identity, { failure, since });
    const found = await lookFor(session, creation, failure, isOurs, startedAt);
    if (found !== undefined) return claim(found, true);
    const harmless = creation.unique || wasTurnedAway(failure);
    if (!harmless || !(await pauseBeforeAnother(session, failure, attempt, startedAt))) {
      throw notKnown(creation, failure, "it is not in the list.");
    }
  }
}

async function lookFor<T>(
  session: Session,
  creation: Creation<T>,
  failure: SftpToGoError,
  isOurs: (item: T) => boolean,
  startedAt: number,
): Promise<T | undefined> {
  let lastFailure: unknown;
  let hasRead = false;
  for await (const _ of readsAfter(session, failure, startedAt)) {
    let candidates: T[];
    try {
      candidates = (await creation.list(session.unsharedClient)).filter(isOurs);
      hasRead = true;
    } catch (error) {
      lastFailure = error;
      continue;
    }
    if (candidates.length > 1) {
      throw new OwnershipError(
        `The answer to the create of ${withArticle(creation.noun)} was lost, and several new ones could be it ` +
          `(ids ${candidates.map(creation.idOf).join(", ")}). Delete those that you do not want, or add ` +
          "the option `import` with the id of the one that you want, and run `pulumi up` again.",
      );
    }
    if (candidates[0] !== undefined) return candidates[0];
  }
  if (!hasRead) throw notKnown(creation, failure, messageOf(lastFailure));
  return undefined;
}

function notKnown<T>(creation: Creation<T>, failure: SftpToGoError, why: string): OwnershipError {
  const next =
    ` Run \`pulumi up\` again. If ${withArticle(creation.noun)} with ${creation.identityInWords} has appeared by then, ` +
    "that update says which import option to add.";
  return new OwnershipError(
    `${failure.message} It is not known whether it was created: ${why}${creation.isFoundAgain ? "" : next}`,
  );
}

function withArticle(noun: string): string {
  return `${/^[aeiouS]/.test(noun) ? "an" : "a"} ${noun}`;
}

type Taken<T> = Pick<
  Claim<T>,
  "noun" | "identity" | "identityInWords" | "idOf" | "isSame" | "refusal" | "importOptionOf"
>;

/** Refuses what was there before this process, with the exact option that takes it over. */
export function assertFree<T>(session: Session, creation: Taken<T>, earlier: readonly T[]): void {
  const there = earlier.filter(
    (item) => creation.isSame(item) && !session.memory.wasDeleted(creation.idOf(item)),
  );
  if (there.length > 0) throw taken(session, creation, there);
}

function taken<T>(session: Session, creation: Taken<T>, there: readonly T[]): OwnershipError {
  const { memory } = session;
  if (creation.refusal) return new OwnershipError(creation.refusal(there));
  const ids = [...new Set(there.map(creation.idOf))];
  const exists = `${withArticle(creation.noun).replace(/^a/, "A")} with ${creation.identityInWords} already exists`;
  const held = ids.some((id) => memory.holders.isKept(id));
  // What a replacement made before it failed belongs to no resource, though its identity is in the state.
  const managed = ids.some((id) => memory.isManaged(id));
  if (held || (managed && memory.isIdentityTaken(creation.identity))) {
    return new OwnershipError(
      `${exists}, and another resource of this stack manages it: give them different names, or remove one.`,
    );
  }
  const options = ids.map((id) => creation.importOptionOf?.(id) ?? `{ import: ${JSON.stringify(id)} }`);
  return new OwnershipError(
    `${exists}${ids.length === 1 ? "" : `, ${ids.length} times`}. If it belongs to a resource of this stack ` +
      "that was renamed or moved in the program, give the new one the option `aliases` with the old name. To " +
      `take over an object that this stack does not manage, add the option ${options.join(" or ")}. ` +
      "Otherwise give them different names.",
  );
}

/** The refusal of an update because another object has what identifies ours is said as such; any other passes. */
export async function explainUpdateRefusal<T>(
  session: Session,
  { noun, identityInWords, idOf, isSame, list, unique }: Identity<T> & { readonly noun: string },
  id: string,
  failure: unknown,
): Promise<unknown> {
  if (!unique || !(failure instanceof InputError)) return failure;
  const there = await list(session.unsharedClient).catch(() => []);
  const other = there.find((item) => isSame(item) && idOf(item) !== id);
  if (other === undefined) return failure;
  return new OwnershipError(
    `The ${noun} ${id} cannot have ${identityInWords}: ${noun} ${idOf(other)} has it. If another resource of this stack ` +
      "manages that one, as where the names in a list have moved up by one, name each resource after what it is for " +
      "and not after its place in the list; to swap two names, give one of them a third name in an update of its own. " +
      "Otherwise give it another name.",
  );
}

/** A refusal that a taken name explains is said as such; any other passes as the API put it. */
async function explainRefusal<T>(
  session: Session,
  creation: Creation<T>,
  failure: SftpToGoError,
): Promise<Error> {
  if (!creation.unique || !(failure instanceof InputError)) return failure;
  let there: T[];
  try {
    there = (await creation.list(session.unsharedClient)).filter(creation.isSame);
  } catch {
    return failure;
  }
  if (there.some((item) => session.memory.wasCreated(creation.idOf(item)))) {
    return new OwnershipError(
      `Another resource of this program has just created ${withArticle(creation.noun)} with ` +
        `${creation.identityInWords}: give them different names.`,
    );
  }
  return there.length > 0 ? taken(session, creation, there) : failure;
}
