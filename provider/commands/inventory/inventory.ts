/** One pass over everything an organization holds. It only reads. */
import type { Client } from "../../api/client";
import type { Credential } from "../../api/credentials";
import { hasNameless, unreadableItems } from "../../api/lists";
import type { ShareLink } from "../../api/shareLinks";
import type { SshPublicKey, UserSshPublicKey } from "../../api/sshPublicKeys";
import type { Webhook } from "../../api/webhooks";
import { otherOwnerOf } from "../../lifecycle/process/session";
import { oneLine } from "../../values/text";
import { type Collection, collections } from "./collections";

/** Something in a list that could not be read. */
export interface UnreadableObject {
  readonly collection: Collection;
  /** Left out where the object has none. */
  readonly id?: string;
  /** What is wrong with it, to follow "it": `has no UserName …`. */
  readonly reason: string;
  /** Not an object, but a credential's list of keys that has fewer than the credential counts. */
  readonly looksCut?: true;
}

/** What an organization holds. A collection that was not asked for is empty. */
export interface Inventory {
  /** The root credential included. */
  readonly credentials: readonly Credential[];
  readonly keys: readonly UserSshPublicKey[];
  readonly webhooks: readonly Webhook[];
  /** Links of every type, used-up ones included. */
  readonly links: readonly ShareLink[];
  readonly unreadable: readonly UnreadableObject[];
}

export interface InventoryOptions {
  /** Default: all of them. Keys need the list of credentials, which is then in the inventory as well. */
  readonly only?: readonly Collection[];
  /** Whose objects they have to be, where they say so themselves. */
  readonly organizationId?: string;
  /** Called as credentials' keys arrive: how many of how many lists are read. */
  readonly onProgress?: (done: number, all: number) => void;
}

/**
 * Reads everything, each list once. Throws the client's errors, also where a list looks cut: half an inventory would
 * pass for a whole one.
 */
export async function readInventory(client: Client, options: InventoryOptions = {}): Promise<Inventory> {
  const { only = collections, organizationId, onProgress } = options;
  const unreadable: UnreadableObject[] = [];
  const needed = (collection: Collection) =>
    only.includes(collection) || (collection === "credentials" && only.includes("keys"));
  async function read<T>(collection: Collection, list: () => Promise<T[]>): Promise<T[]> {
    if (!needed(collection)) return [];
    const objects = await list();
    if (organizationId !== undefined) assertOwn(collection, objects, organizationId);
    for (const [id, field] of unreadableItems(objects)) {
      unreadable.push({ collection, id, reason: `has no ${field} that can be read` });
    }
    if (hasNameless(objects)) unreadable.push({ collection, reason: "has no id" });
    return objects;
  }

  const [credentials, webhooks, links] = await Promise.all([
    read("credentials", async () => withRules(client, await client.listCredentials())),
    read("webhooks", () => client.listWebhooks()),
    read("links", () => client.listShareLinks()),
  ]);
  const isAnyUnreadable = unreadable.some(({ collection }) => collection === "credentials");
  if (needed("credentials") && !isAnyUnreadable && !credentials.some(({ IsDefault }) => IsDefault)) {
    throw new Error(
      "The list of credentials lacks the organization's root credential, which nobody can delete, so it looks cut. " +
        "Try again, and check what the dashboard shows.",
    );
  }
  // The keys of a credential that cannot be read itself can be.
  const owners = [
    ...credentials,
    ...unreadable.flatMap(({ collection, id }) =>
      collection === "credentials" && id !== undefined ? [{ Id: id, SshPublicKeysCount: undefined }] : [],
    ),
  ];
  let done = 0;
  const keys = await Promise.all(
    owners.map(async ({ Id, SshPublicKeysCount }) => {
      const listNow = () => client.listSshPublicKeys(Id);
      const isCut = (list: readonly SshPublicKey[]) =>
        list.length + unreadableItems(list).size < (SshPublicKeysCount ?? 0);
      // Either may be late: two lists that agree with each other, and not with the count.
      const list = await read("keys", async () => {
        const first = await listNow();
        return isCut(first) ? listNow() : first;
      });
      if (needed("keys") && isCut(list) && !hasNameless(list)) {
        const reason = `looks cut: it has ${list.length}, and the credential counts ${SshPublicKeysCount}`;
        unreadable.push({ collection: "keys", id: Id, reason, looksCut: true });
      }
      done += 1;
      if (needed("keys")) onProgress?.(done, owners.length);
      return list.map((key): UserSshPublicKey => ({ ...key, UserId: Id }));
    }),
  );
  // Services list in any order, and a report or a program is the same at every run.
  return {
    credentials: credentials.toSorted(byId),
    keys: keys.flat().toSorted(byId),
    webhooks: webhooks.toSorted(byId),
    links: links.toSorted(byId),
    unreadable: unreadable.toSorted((a, b) => compare(JSON.stringify(a), JSON.stringify(b))),
  };
}

/** What belongs to somebody else is neither judged nor taken over. */
function assertOwn(collection: Collection, objects: readonly unknown[], organizationId: string): void {
  for (const object of objects) {
    const owner = otherOwnerOf(Object(object), organizationId);
    if (owner === undefined) continue;
    throw new Error(
      `The service's list of ${collection} has objects of organization ${oneLine(owner, 80)}, and ` +
        `SFTPTOGO_ORGANIZATION_ID is ${organizationId}. Set it to the organization that the API key belongs to.`,
    );
  }
}

function byId(a: { readonly Id: string }, b: { readonly Id: string }): number {
  return compare(a.Id, b.Id);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Some services show a credential's rules in the read by id only. */
async function withRules(client: Client, list: Credential[]): Promise<Credential[]> {
  await Promise.all(
    list.map(async (credential, index) => {
      if (credential.Settings?.Network?.InboundRules) return;
      const { Settings } = await client.getCredential(credential.Id);
      // In place: the list carries what could not be read of it.
      if (Settings) list[index] = { ...credential, Settings };
    }),
  );
  return list;
}
