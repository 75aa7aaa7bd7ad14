import { LRUCache } from "lru-cache";
import type { Client } from "./client";

/** How long a list may serve reads, in milliseconds, when nothing is written meanwhile. */
const freshForMilliseconds = 30_000;

/** More lists than this at once (one a credential with keys, and three) are fetched again instead of kept. */
const maximumLists = 1_000;

/**
 * A client whose lists are shared: the first caller fetches, everyone until the next write gets the same
 * answer. A refresh of a thousand credentials is one request.
 *
 * A write throws all lists away when it begins and again when it ends, however it ends: a list that was on its
 * way meanwhile may hold the old or the new state, so nobody who asks later is given it.
 */
export function shareLists(client: Client, now: () => number): Client {
  const lists = new LRUCache<string, Promise<unknown[]>>({
    max: maximumLists,
    ttl: freshForMilliseconds,
    ttlResolution: 0,
    perf: { now },
  });

  function shared<T>(key: string, list: () => Promise<T[]>): Promise<T[]> {
    const known = lists.get(key);
    if (known !== undefined) return known as Promise<T[]>;
    const fetching = list();
    lists.set(key, fetching);
    // A failure is not kept: the next reader asks again.
    fetching.catch(() => {
      if (lists.peek(key) === fetching) lists.delete(key);
    });
    return fetching;
  }

  function write<Arguments extends unknown[], T>(call: (...args: Arguments) => Promise<T>) {
    return async (...args: Arguments): Promise<T> => {
      lists.clear();
      try {
        return await call(...args);
      } finally {
        lists.clear();
      }
    };
  }

  return {
    listCredentials: () => shared("users", client.listCredentials),
    createCredential: write(client.createCredential),
    getCredential: client.getCredential,
    updateCredential: write(client.updateCredential),
    updateInboundRules: write(client.updateInboundRules),
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
