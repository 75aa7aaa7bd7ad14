/**
 * Whose object is it? The API has no idempotency keys, so a create whose answer was lost is resolved by
 * looking, and what was there before is never taken over silently.
 */
import { InputError, SftpToGoError, UnavailableError } from "../api/errors";
import { delayBeforeNext } from "../api/retry";
import { messageOf } from "../engine/failures";
import type { Session } from "./session";

/** A create was refused because such an object exists, or its outcome could not be told. */
export class OwnershipError extends Error {
  override readonly name = "OwnershipError";
}

/** How long to wait before each look for an object whose create was not answered, in milliseconds. */
export const looks: readonly number[] = [0, 1_000, 2_000, 4_000, 8_000];

/** What tells an object that a create is to make from others. */
export interface Identity<T> {
  /** The name of the list that is shared as the first one. */
  readonly collection: string;
  /** What makes two creates the same, e.g. the user name; unique across kinds. */
  readonly identity: string;
  /** The identity in words for messages, without secrets, e.g. `the user name "acme-incoming"`. */
  readonly identityInWords: string;
  /** A list that is fetched now. */
  list(): Promise<T[]>;
  /** The id as the state has it, and as the `import` option takes it. */
  idOf(item: T): string;
  /** Whether an item has our user name, our key, or all our declared fields. */
  isOurs(item: T): boolean;
  /** What no create makes, whatever a list that was cut lacked before: the root credential. */
  isNeverMade?(item: T): boolean;
  /** Whether the service itself refuses a second one, so that posting again cannot double it. */
  readonly unique: boolean;
}

/** What one kind's create brings along. */
export interface Creation<T> extends Identity<T> {
  /** `credential`, `webhook` … as messages say it. */
  readonly noun: string;
  post(): Promise<T>;
}

/** What came of a create: `found` where it was resolved by looking, so that its fields need a comparison. */
export interface Created<T> {
  readonly item: T;
  readonly found: boolean;
}

/** Posts once, safely: see the rules in the README's section on guarantees. */
export function createOnce<T>(session: Session, creation: Creation<T>): Promise<Created<T>> {
  return session.inTurn(creation.identity, () => createInTurn(session, creation));
}

async function createInTurn<T>(session: Session, creation: Creation<T>): Promise<Created<T>> {
  const { memory } = session;
  const earlier = await session.firstList(creation.collection, creation.list);
  assertFree(session, creation, earlier);
  const isNew = (item: T) => {
    const id = creation.idOf(item);
    if (!creation.isOurs(item) || creation.isNeverMade?.(item)) return false;
    const isEarlier = earlier.some((other) => creation.idOf(other) === id);
    return !isEarlier && !memory.wasCreated(id) && !memory.wasDeleted(id);
  };
  const claim = (item: T, found: boolean): Created<T> => {
    memory.rememberCreated(creation.idOf(item));
    return { item, found };
  };

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
      const ours = attempt > 0 ? (await creation.list()).filter(isNew) : [];
      if (ours.length === 1 && ours[0] !== undefined) return claim(ours[0], true);
      throw await explainRefusal(session, creation, failure);
    }
    const found = await lookFor(session, creation, failure, isNew, startedAt);
    if (found !== undefined) return claim(found, true);
    const harmless = creation.unique || isTurnedAway(failure);
    if (!harmless || !(await pauseBeforeAnother(session, failure, attempt, startedAt))) {
      throw notKnown(creation, failure, "a look did not find it.");
    }
  }
}

/** By 429 and 503 the service says that it did not try: one look is enough to post again. */
export function isTurnedAway(failure: SftpToGoError): boolean {
  return failure instanceof UnavailableError && (failure.status === 429 || failure.status === 503);
}

/**
 * Waits for each of the looks to take after an answer: one where it was a no, and no further one when the time
 * for the operation is up, since against a dead service each look takes minutes.
 */
export async function* readsAfter(
  session: Session,
  failure: SftpToGoError | undefined,
  startedAt: number,
): AsyncGenerator<void> {
  const isNo = failure !== undefined && (failure.aftermath === "refused" || isTurnedAway(failure));
  const end = startedAt + session.settings.operationTimeoutSeconds * 1000;
  for (const wait of isNo ? looks.slice(0, 1) : looks) {
    if (wait > 0 && session.clock.now() + wait >= end) return;
    await session.clock.sleep(wait);
    yield;
  }
}

/**
 * Waits as the retry policy has it before something is sent again that is known not to have happened; `false`
 * where there have been enough attempts, or the time for the operation is up.
 */
export async function pauseBeforeAnother(
  session: Session,
  failure: SftpToGoError,
  attempt: number,
  startedAt: number,
): Promise<boolean> {
  const { maxRetries, operationTimeoutSeconds } = session.settings;
  const { status, retryAfterSeconds } = failure;
  const delay = delayBeforeNext(
    {
      retry: "repeatable",
      attempt: attempt + 1,
      maxRetries,
      outcome:
        status !== undefined && isTurnedAway(failure)
          ? { kind: "status", status, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) }
          : { kind: "no usable answer" },
      spentMilliseconds: session.clock.now() - startedAt,
      operationTimeoutMilliseconds: operationTimeoutSeconds * 1000,
    },
    session.clock.random,
  );
  if (delay === "stop") return false;
  await session.clock.sleep(delay);
  return true;
}

async function lookFor<T>(
  session: Session,
  creation: Creation<T>,
  failure: SftpToGoError,
  isNew: (item: T) => boolean,
  startedAt: number,
): Promise<T | undefined> {
  let lastFailure: unknown;
  let looked = false;
  for await (const _ of readsAfter(session, failure, startedAt)) {
    let candidates: T[];
    try {
      candidates = (await creation.list()).filter(isNew);
      looked = true;
    } catch (error) {
      lastFailure = error;
      continue;
    }
    if (candidates.length > 1) {
      throw new OwnershipError(
        `The answer to the create of ${withArticle(creation.noun)} was lost, and several new ones fit ` +
          `(ids ${candidates.map(creation.idOf).join(", ")}). Delete those that are not wanted, or add ` +
          "the resource option `import` with the id of the one that is, and run `pulumi up` again.",
      );
    }
    if (candidates[0] !== undefined) return candidates[0];
  }
  if (!looked) throw notKnown(creation, failure, messageOf(lastFailure));
  return undefined;
}

function notKnown<T>(creation: Creation<T>, failure: SftpToGoError, why: string): OwnershipError {
  return new OwnershipError(
    `${failure.message} Whether it was created is not known: ${why} ` +
      `Run \`pulumi up\` again; if ${withArticle(creation.noun)} with ${creation.identityInWords} has appeared by then, ` +
      "it will be refused with the import option to add.",
  );
}

function withArticle(noun: string): string {
  return `${/^[aeiouS]/.test(noun) ? "an" : "a"} ${noun}`;
}

/** Refuses what was there before this process, with the exact option that takes it over. */
export function assertFree<T>(
  session: Session,
  creation: Pick<Creation<T>, "noun" | "identity" | "identityInWords" | "idOf" | "isOurs">,
  earlier: readonly T[],
): void {
  const { memory } = session;
  const there = earlier.filter((item) => creation.isOurs(item) && !memory.wasDeleted(creation.idOf(item)));
  if (there.length > 0) throw taken(session, creation, there);
}

function taken<T>(
  session: Session,
  creation: Pick<Creation<T>, "noun" | "identity" | "identityInWords" | "idOf">,
  there: readonly T[],
): OwnershipError {
  const object = withArticle(creation.noun).replace(/^a/, "A");
  const already = `${object} with ${creation.identityInWords} is there already`;
  if (session.memory.isIdentityTaken(creation.identity)) {
    return new OwnershipError(
      `${already}, and a resource of this stack manages it: make the two differ, or remove one.`,
    );
  }
  const options = there.map((item) => `{ import: ${JSON.stringify(creation.idOf(item))} }`);
  return new OwnershipError(
    there.length === 1
      ? `${already}. To manage it with this resource, add the option ${options[0]}; ` +
          "to have another one, make them differ."
      : `${already}, ${there.length} times. To manage one of them, add one of the options ${options.join(" or ")}.`,
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
    there = (await creation.list()).filter(creation.isOurs);
  } catch {
    return failure;
  }
  const byThisProcess = there.some((item) => session.memory.wasCreated(creation.idOf(item)));
  if (byThisProcess) {
    return new OwnershipError(
      `Another resource of this program has just created ${withArticle(creation.noun)} with ${creation.identityInWords}: ` +
        "give them different ones.",
    );
  }
  return there.length > 0 ? taken(session, creation, there) : failure;
}
