/**
 * When is an object gone? Only a certain no counts: the engine drops what is gone from the state, and with it
 * everything that would ever take the access away again.
 */
import { NotFoundError, SftpToGoError } from "../../api/errors";
import { hasNameless, unreadableField } from "../../api/lists";
import { valueAt } from "../fields/declared";
import type { Listed } from "../fields/vocabulary";
import { otherOwnerOf, type Session } from "../process/session";

/** An object was not found, and yet cannot be called gone. */
export class UncertainError extends Error {
  override readonly name = "UncertainError";
}

export interface Search<T> {
  /** What is looked for, e.g. `credential 4ddb2ea2`. */
  readonly what: string;
  /** Its id in the list. */
  readonly id: string;
  /** The list of the collection. */
  list(): Promise<readonly T[]>;
  /** Whether the list holds what every whole one does. */
  isWhole?(items: readonly T[]): boolean;
  /** How many there are, by something else than the list. It may be late. */
  countElsewhere?(): Promise<number>;
  /** The list of the collection, fetched now. */
  listNow?(): Promise<readonly T[]>;
  /** The read by id, where the API has one. */
  get?(): Promise<T>;
  /** What the state holds of the resource; empty where it holds nothing yet. */
  readonly state: object;
}

/** A list that is just so long may be the first page of several, without a sign of it. */
const pageSizes: readonly number[] = [20, 25, 50, 100, 200, 250, 500, 1000];

function isDeleted(object: object): boolean {
  return (
    /^(?:deleted|removed)$/i.test(String(valueAt(object, "State"))) || Boolean(valueAt(object, "DeletedAt"))
  );
}

/** The way out where no answer of the service will ever do. */
const byHand =
  "If the dashboard shows that it is gone, remove the resource from the state with `pulumi state delete`.";

/** Between reads of which some may be late, in milliseconds. */
export const waitsBetweenReads: readonly number[] = [2_000, 4_000];

/**
 * The object, or `undefined` if it is gone: a complete list of the same organization does not have it *and*
 * its read by id, where there is one, says 404. What the list lacks and the read has is there. Any other
 * failure is thrown, never taken for gone.
 */
export async function find<T extends Listed>(session: Session, search: Search<T>): Promise<T | undefined> {
  const items = await search.list();
  const listed = byId(items).get(search.id);
  if (listed !== undefined) return listed;
  const field = unreadableField(items, search.id);
  if (field !== undefined) {
    throw new UncertainError(
      `${search.what} cannot be read: in the API's answer, ${field} is missing or not what its reference says.`,
    );
  }
  if (search.get) {
    try {
      const found = await search.get();
      // Some services keep what was deleted readable for a while.
      if (!isDeleted(found)) return found;
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
    }
  }
  if (
    search.isWhole?.(items) === false ||
    hasNameless(items) ||
    (!search.get && pageSizes.includes(items.length)) ||
    items.some((item) => isForeign(session, item))
  ) {
    throw new UncertainError(
      `${search.what} was not found, but the list looks incomplete, so it is not treated as deleted. Try again. ` +
        byHand,
    );
  }
  if (search.listNow && search.countElsewhere && (await search.countElsewhere()) > items.length) {
    // Either the list or the count is late. A list that stays the same is taken for whole.
    for (const wait of waitsBetweenReads) {
      await session.clock.sleep(wait);
      const later = await search.listNow();
      const found = byId(later).get(search.id);
      if (found !== undefined) return found;
      if (later.length !== items.length) {
        throw new UncertainError(
          `${search.what} was not found, but the list is changing. Try again. ${byHand}`,
        );
      }
    }
  }
  const other = session.otherBaseUrlOf(search.state);
  if (other !== undefined) {
    throw new UncertainError(
      `${search.what} was not found at ${session.settings.baseUrl}, but it was recorded at another base URL, ` +
        `${other}, so it is not treated as deleted. Set sftptogo:baseUrl back. ${byHand}`,
    );
  }
  return undefined;
}

const indexes = new WeakMap<readonly Listed[], ReadonlyMap<string, Listed>>();

/** A list serves the reads of a whole refresh: looked through by each, it would cost the square of its length. */
function byId<T extends Listed>(items: readonly T[]): ReadonlyMap<string, T> {
  let index = indexes.get(items) as ReadonlyMap<string, T> | undefined;
  if (index === undefined) {
    index = new Map(items.map((item) => [item.Id, item]));
    indexes.set(items, index);
  }
  return index;
}

/** Whether an item says that it belongs to another organization than the configured one. */
function isForeign(session: Session, item: object): boolean {
  return otherOwnerOf(item, session.settings.organizationId) !== undefined;
}

/**
 * Deletes, and takes an object that is gone for deleted, whatever the answer said: it may have been lost, or
 * come from somebody on the way. `look` tells whether it is gone and throws where that is not certain.
 */
export async function deleteIfPresent(
  session: Session,
  id: string,
  remove: () => Promise<void>,
  look: () => Promise<unknown>,
): Promise<void> {
  try {
    await remove();
  } catch (error) {
    if (!(error instanceof SftpToGoError) || error.aftermath === "never sent") throw error;
    const found = await look().catch((uncertain) => {
      throw error instanceof NotFoundError ? uncertain : error;
    });
    if (found !== undefined) throw error;
  }
  session.memory.rememberDeleted(id);
}
