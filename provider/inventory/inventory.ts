/** One pass over everything an organization holds. It only reads. */
import { type Client, createClient } from "../api/client";
import type { Credential } from "../api/credentials";
import { hasNameless, unreadableItems } from "../api/lists";
import type { ShareLink } from "../api/shareLinks";
import type { SshPublicKey } from "../api/sshPublicKeys";
import type { Webhook } from "../api/webhooks";
import { type Environment, resolveSettings, SettingsError } from "../config/settings";
import { secretNames } from "../fields";
import { type Collection, collections } from "./collections";

/** A key with the id of its credential, which a list of keys does not have to show. */
export type Key = SshPublicKey & { readonly UserId: string };

/** Something in a list that could not be read. */
export interface UnreadableObject {
  readonly collection: Collection;
  /** Left out where the object has none. */
  readonly id?: string;
  /** What is wrong with it, to follow "it": `has no UserName …`. */
  readonly reason: string;
}

/** What an organization holds. A collection that was not asked for is empty. */
export interface Inventory {
  /** The root credential included. */
  readonly credentials: readonly Credential[];
  readonly keys: readonly Key[];
  readonly webhooks: readonly Webhook[];
  /** Links of every type, used-up ones included. */
  readonly links: readonly ShareLink[];
  readonly unreadable: readonly UnreadableObject[];
}

export interface InventoryOptions {
  /** Default: all of them. Keys need the list of credentials, which is then in the inventory as well. */
  readonly only?: readonly Collection[];
  /** Called as credentials' keys arrive: how many of how many lists are read. */
  readonly onProgress?: (done: number, all: number) => void;
}

/** The client, and the organization and the address that the environment names. Throws `SettingsError`. */
export function clientFromEnvironment(environment: Environment): {
  readonly client: Client;
  readonly organizationId: string;
  readonly baseUrl: string;
} {
  const settings = resolveSettings({}, environment);
  if (settings instanceof SettingsError) {
    throw new SettingsError(
      `${settings.message}. A command reads the environment, and no stack's configuration.`,
    );
  }
  const { organizationId, baseUrl } = settings;
  return { client: createClient(settings, { secretNames }), organizationId, baseUrl };
}

/**
 * Reads everything, each list once. Throws the client's errors, also where a list looks cut: half an inventory would
 * pass for a whole one.
 */
export async function readInventory(client: Client, options: InventoryOptions = {}): Promise<Inventory> {
  const { only = collections, onProgress } = options;
  const unreadable: UnreadableObject[] = [];
  const needed = (collection: Collection) =>
    only.includes(collection) || (collection === "credentials" && only.includes("keys"));
  async function read<T>(collection: Collection, list: () => Promise<T[]>): Promise<T[]> {
    if (!needed(collection)) return [];
    const objects = await list();
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
  let done = 0;
  const keys = await Promise.all(
    credentials.map(async ({ Id }) => {
      const list = await read("keys", () => client.listSshPublicKeys(Id));
      done += 1;
      if (needed("keys")) onProgress?.(done, credentials.length);
      return list.map((key): Key => ({ ...key, UserId: Id }));
    }),
  );
  return { credentials, keys: keys.flat(), webhooks, links, unreadable };
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
