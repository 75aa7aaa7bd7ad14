import type { Client } from "./client";
import type { Clock } from "./transport";

/** How long a list may serve reads, in milliseconds, when nothing is written meanwhile. */
const freshForMilliseconds = 30_000;

/** How long a list waits for a lull in the writes and for an older list, in milliseconds. */
const patienceMilliseconds = 1_000;

/** More lists than this at once (one a credential with keys, and three) are fetched again instead of kept. */
const maximumLists = 1_000;

export interface SharedClient extends Client {
  /** Whether a write is on its way, so that a list may have to wait. */
  isWriting(): boolean;
}

/**
 * A client whose lists are shared: the first caller fetches, everyone until the next write gets the same
 * answer. A refresh of a thousand credentials is one request.
 *
 * A write throws all lists away when it begins and again when it ends, however it ends: a list that was on its
 * way meanwhile may hold the old or the new state, so nobody who asks later is given it.
 *
 * A read that is asked for while writes are on their way waits for a pause in them. All that wait share the list that
 * begins then, after every write that led to them. So a thousand creates that are each read back need far fewer lists.
 */
export function shareLists(client: Client, { now, sleep }: Pick<Clock, "now" | "sleep">): SharedClient {
  /** The oldest first. */
  const lists = new Map<string, { readonly list: Promise<unknown[]>; readonly since: number }>();
  const underWay = new Map<string, Promise<unknown[]>>();
  /** Not begun yet, so no write makes them old. */
  const waiting = new Map<string, Promise<unknown[]>>();
  const writes = new Set<Promise<unknown>>();
  /** Of all who wait, so that those whose patience has ended leave nothing behind. */
  let calm: Promise<void> | undefined;

  function shared<T>(key: string, list: () => Promise<T[]>): Promise<T[]> {
    const known = fresh(key) ?? waiting.get(key);
    if (known !== undefined) return known as Promise<T[]>;
    if (writes.size === 0 && !underWay.has(key)) return begin(key, list);
    const next = lull(key).then(() => {
      waiting.delete(key);
      return begin(key, list);
    });
    waiting.set(key, next);
    return next;
  }

  function fresh(key: string): Promise<unknown[]> | undefined {
    const kept = lists.get(key);
    return kept && now() - kept.since <= freshForMilliseconds ? kept.list : undefined;
  }

  function begin<T>(key: string, list: () => Promise<T[]>): Promise<T[]> {
    const fetching = list();
    const kept = { list: fetching, since: now() };
    lists.delete(key);
    lists.set(key, kept);
    const [oldest] = lists.keys();
    if (lists.size > maximumLists && oldest !== undefined) lists.delete(oldest);
    underWay.set(key, fetching);
    fetching.then(
      () => endOf(underWay, key, fetching),
      () => {
        endOf(underWay, key, fetching);
        // A failure is not kept: the next reader asks again.
        endOf(lists, key, kept);
      },
    );
    return fetching;
  }

  /** Until an older list has ended and no write is on its way, or until patience has. */
  function lull(key: string): Promise<void> {
    const quiet = async () => {
      await underWay.get(key)?.catch(() => undefined);
      calm ??= noWrites().finally(() => {
        calm = undefined;
      });
      await calm;
    };
    return Promise.race([quiet(), sleep(patienceMilliseconds)]);
  }

  async function noWrites(): Promise<void> {
    while (writes.size > 0) {
      await Promise.allSettled(writes);
      // Who was answered may have more to write, at once.
      await new Promise(setImmediate);
    }
  }

  function write<Arguments extends unknown[], T>(call: (...args: Arguments) => Promise<T>) {
    return async (...args: Arguments): Promise<T> => {
      lists.clear();
      const writing = call(...args);
      writes.add(writing);
      try {
        return await writing;
      } finally {
        writes.delete(writing);
        lists.clear();
      }
    };
  }

  return {
    isWriting: () => writes.size > 0,
    lastHeard: client.lastHeard,
    serviceNow: client.serviceNow,
    listCredentials: () => shared("users", client.listCredentials),
    createCredential: write(client.createCredential),
    getCredential: client.getCredential,
    updateCredential: write(client.updateCredential),
    deleteCredential: write(client.deleteCredential),
    rotatePassword: write(client.rotatePassword),
    setPassword: write(client.setPassword),
    listSshPublicKeys: (id) => shared(`ssh-public-keys/${id}`, () => client.listSshPublicKeys(id)),
    addSshPublicKey: write(client.addSshPublicKey),
    removeSshPublicKey: write(client.removeSshPublicKey),
    listWebhooks: () => shared("webhooks", client.listWebhooks),
    createWebhook: write(client.createWebhook),
    updateWebhook: write(client.updateWebhook),
    deleteWebhook: write(client.deleteWebhook),
    listShareLinks: () => shared("portal-links", client.listShareLinks),
    createShareLink: write(client.createShareLink),
    getShareLink: client.getShareLink,
    updateShareLink: write(client.updateShareLink),
    deleteShareLink: write(client.deleteShareLink),
  };
}

/** Takes a list out, unless a later one is in its place. */
function endOf<T>(lists: Map<string, T>, key: string, list: T): void {
  if (lists.get(key) === list) lists.delete(key);
}
