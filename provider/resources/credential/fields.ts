/** The fields of a credential: the one declaration of them, read by the program and by the provider. */

import { createHash } from "node:crypto";
import {
  blanks,
  expirationFromWire,
  expirationOnWire,
  samePasswordWithinMilliseconds,
  serviceDefaults,
  words,
} from "../../api/assumptions";
import type { Credential } from "../../api/credentials";
import { validateFutureTime, validatePassword } from "../../lifecycle/fields/formats";
import {
  createdAt,
  type Finding,
  flag,
  type Inputs,
  listOf,
  type Naming,
  text,
  time,
} from "../../lifecycle/fields/vocabulary";
import type { Marks } from "../../protocol/announcing";
import { instant, isoTime, isSameInstant, serviceTime } from "../../values/times";
import { storedPassword } from "../shared/storedSecrets";
import {
  type InboundRuleInputs,
  isSameAccess,
  isSameRules,
  rulesOf,
  settingsOf,
  validateRules,
  withoutDefaults,
} from "./inboundRules";

export const credentialFields = {
  alias: text({ api: "Alias", byDefault: ({ name }) => name }),
  userName: text({
    api: "UserName",
    identifies: true,
    byDefault: defaultUserName,
    validate: validateUserName,
  }),
  password: text({
    api: "Password",
    secret: true,
    hashed: true,
    opensAccess: true,
    validate: validatePassword,
    read: ({ Password }: Credential, known, declared) => storedPassword(Password, known, declared),
  }),
  homeDirectory: text({ api: "HomeDirectory", same: isSameDirectory }),
  chrootDirectory: text({
    api: "ChrootDirectory",
    clears: blanks.credential.ChrootDirectory,
    same: isSameChroot,
  }),
  permission: text({ api: "Permission", opensAccess: true, words: words.credentialPermission }),
  expiration: time({
    api: "Expiration",
    clears: blanks.credential.Expiration,
    opensAccess: true,
    endsAccess: true,
    // In no example answer: what the program declares counts, until an answer shows one.
    unseen: true,
    same: isSameInstant,
    validate: validateFutureTime,
    write: expirationToWire,
    // A blank is one that was cleared, or one of a service that never shows it: what was sent before tells which.
    read: ({ Expiration }: Credential, known) =>
      Expiration === undefined ? known : expirationFromWire(Expiration),
    brief: isoTime,
  }),
  state: text({
    api: "State",
    opensAccess: true,
    words: words.credentialState,
    usual: serviceDefaults.credential.State,
  }),
  inboundRules: listOf<InboundRuleInputs>()({
    api: "Settings",
    opensAccess: true,
    mustBeShown: true,
    alone: true,
    grants: isSameAccess,
    same: isSameRules,
    usual: serviceDefaults.credential.inboundRules,
    brief: (rules) => rules.map(withoutDefaults),
    validate: validateRules,
    write: settingsOf,
    // The single read does not show them.
    read: (credential: Credential, known) => rulesOf(credential) ?? known ?? null,
  }),
  storeSecrets: flag({ fallback: true, stays: true }),
  host: text({ output: true, api: "Host" }),
  isDefault: flag({ output: true, api: "IsDefault" }),
  organizationId: text({ output: true }),
  passwordCreatedAt: text({ output: true, api: "PasswordCreatedAt", read: passwordCreatedAt }),
  createdAt,
};

/** What a credential is told by in a program. */
export const credentialMarks: Marks = {
  keys: ["userName"],
  of: ({ userName }) => (typeof userName === "string" ? [`user name ${userName.trim().toLowerCase()}`] : []),
};

export type CredentialInputs = Inputs<typeof credentialFields>;

const userNameLength = { minimum: 10, maximum: 100 } as const;

function validateUserName(userName: string): readonly Finding[] {
  const { minimum, maximum } = userNameLength;
  if (userName.length < minimum || userName.length > maximum) {
    return [{ reason: `has ${userName.length} characters: give ${minimum} to ${maximum}` }];
  }
  if (/^-[A-Za-z0-9_.-]+$/.test(userName)) {
    return [
      {
        severity: "warning",
        reason: "begins with a hyphen: OpenSSH's sftp and others take it for an option",
      },
    ];
  }
  if (/^[A-Za-z0-9_.-]+$/.test(userName)) return [];
  if (/^[A-Za-z0-9_.@+-]+$/.test(userName)) {
    // The vendor's documentation recommends an e-mail address, against the reference's list of characters.
    return [{ severity: "warning", reason: "has @ or +, which the API's reference does not list" }];
  }
  return [{ reason: "may have letters, digits, underscores, hyphens and periods only" }];
}

/**
 * A login from the resource's name: its own characters where the API allows them, those with an accent without it, and
 * a short hash, since user names are unique across the whole service. At least 10 characters.
 */
export function defaultUserName({ name, urn, organizationId }: Naming): string {
  const hash = createHash("sha256")
    .update(JSON.stringify([organizationId, urn]))
    .digest("hex")
    .slice(0, 8);
  const plain = name
    .replace(/ß/g, "ss")
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .replace(/[^A-Za-z0-9_.-]+/g, "-")
    // Clients take a hyphen in front for an option.
    .replace(/^-+/, "")
    .slice(0, userNameLength.maximum - 1 - hash.length);
  return `${plain || "sftp"}-${hash}`.padStart(userNameLength.minimum, "0");
}

/** Without outer slashes: `/test` comes back as `test` (the reference's own example). */
function isSameDirectory(declared: string | null, server: string | null | undefined): boolean {
  const bare = (value: unknown) => String(value ?? "").replace(/^\/+|\/+$/g, "");
  return bare(declared) === bare(server);
}

function isSameChroot(declared: string | null, server: string | null | undefined): boolean {
  const blank = blanks.credential.ChrootDirectory;
  return isSameDirectory(declared ?? blank, server ?? blank);
}

function expirationToWire(expiration: string | number): number | null {
  const milliseconds = instant(expiration);
  return milliseconds === undefined ? blanks.credential.Expiration : expirationOnWire(milliseconds);
}

/**
 * When the password was made. A create's answer does not say: it is as old as the credential then. The list's
 * value, some milliseconds off, does not replace one that means the same.
 */
function passwordCreatedAt(credential: Credential, known: string | null | undefined): string | null {
  const before = serviceTime(known);
  const after = serviceTime(credential.PasswordCreatedAt) ?? before ?? serviceTime(credential.CreatedAt);
  if (after === undefined) return null;
  const isSameMoment = before !== undefined && Math.abs(after - before) < samePasswordWithinMilliseconds;
  return isSameMoment && typeof known === "string" ? known : new Date(after).toISOString();
}
