/** An inventory in the words of the rules. */

import type { Credential } from "../../api/credentials";
import { serverState } from "../../lifecycle/fields/translate";
import type { Fields, Listed } from "../../lifecycle/fields/vocabulary";
import { kept } from "../../protocol/hidden";
import type { Kind } from "../../protocol/kinds";
import { fieldsOf } from "../../resources/fields";
import type {
  CredentialSubject,
  KeySubject,
  LinkSubject,
  Organization,
  WebhookSubject,
} from "../../rules/rule";
import { oneLine } from "../../values/text";
import type { Inventory } from "../inventory/inventory";
import type { Managed } from "../inventory/managed";

const longestName = 60;

export interface Known {
  readonly now: number;
  /** What the given stacks manage; `undefined` where none was given. */
  readonly managed?: Managed;
}

export function organizationOf(inventory: Inventory, { now, managed }: Known): Organization {
  const credentialNames = new Map(
    inventory.credentials.map((each) => [each.Id, nameOf(each.Alias || each.UserName, each.Id)]),
  );
  const keysOf = new Map<string, KeySubject[]>();
  const keys = inventory.keys.map((object): KeySubject => {
    const { Id, UserId, Comment } = object;
    const name = `${nameOf(Comment, Id)} of ${credentialNames.get(UserId) ?? UserId}`;
    const subject: KeySubject = subjectOf("SshPublicKey", object, name);
    keysOf.set(UserId, [...(keysOf.get(UserId) ?? []), subject]);
    return subject;
  });
  const credentials = inventory.credentials.map((object): CredentialSubject => {
    const { Id, IsDefault } = object;
    // No answer has to show an expiration: what a stack declares is then what is known.
    const { expiration } = managed?.managerOf("Credential", Id) ?? {};
    const shown = argsOf("Credential", object);
    return {
      kind: "Credential",
      id: Id,
      name: credentialNames.get(Id) ?? Id,
      args: {
        ...shown,
        ...(object.Expiration === undefined && expiration !== undefined && { expiration }),
        ...(IsDefault === true && { [kept.root]: true }),
      },
      object,
      keys: keysOf.get(Id) ?? [],
    };
  });
  return {
    credentials,
    keys,
    webhooks: inventory.webhooks.map(
      (each): WebhookSubject => subjectOf("Webhook", each, nameOf(each.Alias, each.Id)),
    ),
    links: inventory.links.map(
      (each): LinkSubject => subjectOf("ShareLink", each, nameOf(each.Path, each.Id)),
    ),
    ...(managed && { isManaged: (kind: Kind, id: string) => managed.managerOf(kind, id) !== undefined }),
    holderOf: holdersOf(inventory.credentials, managed),
    now,
  };
}

/**
 * Whose a login is: of two that a `RotatingCredential` uses in turn, they are one. Without a stack they are told by what
 * the component gives them: the second one's user name ends in `-b`, and they have one home.
 */
function holdersOf(credentials: readonly Credential[], managed: Managed | undefined) {
  const byLogin = new Map(credentials.map((each) => [`${each.UserName} ${each.HomeDirectory}`, each.Id]));
  const holders = new Map(
    credentials.map(({ Id, UserName, HomeDirectory }) => {
      const first = UserName.endsWith("-b")
        ? byLogin.get(`${UserName.slice(0, -2)} ${HomeDirectory}`)
        : undefined;
      const second = byLogin.get(`${UserName}-b ${HomeDirectory}`);
      const named = first ? `${first}/${Id}` : second ? `${Id}/${second}` : Id;
      return [Id, managed?.pairOf(Id) ?? named];
    }),
  );
  return (id: string) => holders.get(id) ?? id;
}

function subjectOf<K extends Kind, T extends Listed>(kind: K, object: T, name: string) {
  return { kind, id: object.Id, name, args: argsOf(kind, object), object };
}

function argsOf(kind: Kind, object: Listed): object {
  const fields: Fields = fieldsOf[kind];
  return serverState(fields, object, {});
}

/** A name fit for a terminal, or the id where it has none. */
function nameOf(name: string | null | undefined, id: string): string {
  return oneLine(name ?? "", longestName) || oneLine(id, longestName);
}
