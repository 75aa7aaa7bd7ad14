/** What an export can write of an organization: each kind's objects, and what is special about them. */
import type { Credential } from "../../api/credentials";
import type { ShareLink } from "../../api/shareLinks";
import type { UserSshPublicKey } from "../../api/sshPublicKeys";
import { serverState } from "../../lifecycle/fields/translate";
import type { Listed } from "../../lifecycle/fields/vocabulary";
import { kept } from "../../protocol/hidden";
import type { Kind } from "../../protocol/kinds";
import { isUnfinished } from "../../resources/credential/unfinished";
import * as rotations from "../../resources/passwordRotation/fields";
import { passwordTime } from "../../resources/shared/rotate";
import { isWholeBody, joinId, keyIdentity } from "../../resources/shared/sshKeys";
import { isConsumed, isDisabled, shareLinkFields } from "../../resources/shareLink/fields";
import { type Collection, collections } from "../inventory/collections";
import type { Inventory } from "../inventory/inventory";
import type { Exportable } from "./exportable";
import { slug } from "./names";

/** One object, as a resource to be. */
export interface Item {
  readonly kind: Kind;
  readonly collection: Exportable;
  /** The JSON that its fields are read from. */
  readonly object: Listed;
  /** The resource's id, for its `import` option. */
  readonly id: string;
  /** What people call it, for messages and `--match`. */
  readonly calledBy: readonly string[];
  /** What its name in the program is made from; of a key or rotation, what follows its credential's. */
  readonly wanted: string;
  /** What it is made from where others are called the same. Default: its id. */
  readonly otherwise?: string;
  /** The credential that it belongs to, and is tied to by a reference. */
  readonly credentialId?: string;
  /** Why it is not written, to follow its name. */
  readonly leftOut?: string;
  /** What tells it from others of its kind. Default: all that is declared of it. */
  readonly identity?: string;
  /** Stands above it in the program. */
  readonly comment?: readonly string[];
}

export interface Choice {
  readonly includeRoot: boolean;
  /** Unix milliseconds. */
  readonly now: number;
}

/** Everything in the inventory, in the order of the program's files. */
export function itemsOf(inventory: Inventory, { includeRoot, now }: Choice): Item[] {
  const { credentials } = inventory;
  return [
    ...credentials.map((each) => credentialItem(each, includeRoot)),
    ...inventory.keys.map(keyItem),
    ...credentials.map(rotationItem),
    ...inventory.webhooks.map(
      (webhook): Item => ({
        kind: "Webhook",
        collection: "webhooks",
        object: webhook,
        id: webhook.Id,
        calledBy: namesOf(webhook.Alias),
        wanted: slug(webhook.Alias) || "webhook",
        comment: [
          "The API does not show whether this webhook has filters. If it has, they stay;",
          "a replacement of it would lose them.",
        ],
      }),
    ),
    ...inventory.links.map((each) => linkItem(each, now)),
  ];
}

function credentialItem(credential: Credential, includeRoot: boolean): Item {
  const { Id, Alias, UserName, IsDefault } = credential;
  const isLeftRoot = IsDefault === true && !includeRoot;
  return {
    kind: "Credential",
    collection: "credentials",
    object: credential,
    id: Id,
    calledBy: namesOf(Alias, UserName),
    wanted: slug(Alias) || slug(UserName) || "credential",
    otherwise: slug(UserName),
    ...(isLeftRoot && { leftOut: "is the organization's root credential: --include-root exports it" }),
    ...(isUnfinished(credential) && {
      leftOut: "was left half-made by this package: importing it by hand finishes it, which is a write",
    }),
  };
}

function keyItem(key: UserSshPublicKey): Item {
  return {
    kind: "SshPublicKey",
    collection: "keys",
    object: key,
    id: joinId(key.UserId, key.Id),
    calledBy: namesOf(key.Comment, key.Fingerprint),
    wanted: slug(key.Comment) || slug(key.Type) || "key",
    credentialId: key.UserId,
    // Of two keys on one credential that differ in their comment, a program has one.
    identity: joinId(key.UserId, keyIdentity(key.SshPublicKeyBody)),
    ...(!isWholeBody(key.SshPublicKeyBody) && {
      leftOut: "is not shown whole by the API: declare it from its file, with the import option",
    }),
  };
}

function rotationItem(credential: Credential): Item {
  const time = passwordTime(credential);
  return {
    kind: "PasswordRotation",
    collection: "rotations",
    object: credential,
    id: rotations.joinId(credential.Id, time ?? 0),
    calledBy: namesOf(credential.Alias, credential.UserName),
    wanted: "password",
    credentialId: credential.Id,
    ...(time === undefined && { leftOut: "has a password whose age the API does not show" }),
  };
}

function linkItem(link: ShareLink, now: number): Item {
  const state = serverState(shareLinkFields, link, {});
  const isUsedUp = isConsumed({ ...state, [kept.disabled]: isDisabled(link, state, now) || undefined }, now);
  const isOther = (link.Type ?? "share") !== "share";
  return {
    kind: "ShareLink",
    collection: "links",
    object: link,
    id: link.Id,
    calledBy: namesOf(link.Path, link.Notes),
    wanted: slug(link.Path) || "link",
    comment: [
      "The API does not show whether this link has a password. If it has, it stays; a",
      "replacement of it would lose the password.",
    ],
    ...(isUsedUp && { leftOut: "is used up or has expired" }),
    ...(isOther && { leftOut: "is a link of another type than share" }),
  };
}

function namesOf(...names: readonly (string | null | undefined)[]): string[] {
  return names.filter((name) => typeof name === "string" && name.trim() !== "") as string[];
}

/** The lists that have to be read for what is asked for. */
export function collectionsFor(only: readonly Exportable[]): Collection[] {
  const asked = collections.filter((each) => only.includes(each));
  return only.includes("rotations") && !asked.includes("credentials") ? ["credentials", ...asked] : asked;
}
