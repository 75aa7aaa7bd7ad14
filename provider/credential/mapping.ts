/** Inputs to the request's body, the API's answer to outputs, and what makes values of a credential the same. */
import { createHash } from "node:crypto";
import {
  blanks,
  expirationFromWire,
  expirationOnWire,
  samePasswordWithinMilliseconds,
  words,
} from "../api/assumptions";
import type { Credential, CredentialBody } from "../api/wire";
import { kept } from "../engine/hidden";
import { type Finding, type Properties, word } from "../lifecycle/properties";
import { validatePassword } from "../lifecycle/validations";
import type { Plain } from "../values/plain";
import { hashSecret, matchesHash } from "../values/secretHash";
import { instant, isSameInstant, validateFutureTime } from "../values/times";
import {
  fromWireRules,
  type InboundRuleInputs,
  isSameRules,
  toWireRules,
  validateRules,
} from "./inboundRules";

/** A credential's arguments, resolved. `null` clears where the API has a blank. */
export interface CredentialInputs {
  readonly alias?: string;
  readonly userName?: string;
  readonly password?: string;
  readonly homeDirectory?: string;
  readonly chrootDirectory?: string | null;
  readonly permission?: string;
  readonly expiration?: string | number | null;
  readonly state?: string;
  readonly inboundRules?: readonly InboundRuleInputs[];
  readonly storeSecrets?: boolean;
}

export function credentialProperties(now: () => number): Properties {
  return {
    alias: { type: "text" },
    userName: { type: "text", validate: validateUserName },
    password: { type: "text", secret: true, validate: validatePassword },
    homeDirectory: { type: "text", same: isSameDirectory },
    chrootDirectory: { type: "text", clearable: true, same: isSameChroot },
    permission: { type: "text", validate: (value: string) => word(value, words.credentialPermission) },
    expiration: {
      type: "text or number",
      clearable: true,
      same: isSameInstant,
      validate: (value: string | number) => validateFutureTime(value, now()),
    },
    state: { type: "text", validate: (value: string) => word(value, words.credentialState) },
    inboundRules: { type: "list", same: isSameRules, validate: validateRules },
    storeSecrets: { type: "boolean" },
  };
}

const userNameLength = { minimum: 10, maximum: 100 } as const;

function validateUserName(userName: string): readonly Finding[] {
  const { minimum, maximum } = userNameLength;
  if (userName.length < minimum || userName.length > maximum) {
    return [{ reason: `has ${userName.length} characters: give ${minimum} to ${maximum}` }];
  }
  if (/^[A-Za-z0-9_.-]+$/.test(userName)) return [];
  if (/^[A-Za-z0-9_.@+-]+$/.test(userName)) {
    // The vendor's documentation recommends an e-mail address, against the reference's list of characters.
    return [{ severity: "warning", reason: "has @ or +, which the API's reference does not list" }];
  }
  return [{ reason: "may have letters, digits, underscores, hyphens and periods only" }];
}

/** Without outer slashes: `/test` comes back as `test` (the reference's own example). */
function isSameDirectory(declared: unknown, server: unknown): boolean {
  const bare = (value: unknown) => String(value ?? "").replace(/^\/+|\/+$/g, "");
  return bare(declared) === bare(server);
}

function isSameChroot(declared: unknown, server: unknown): boolean {
  return isSameDirectory(
    declared ?? blanks.credential.ChrootDirectory,
    server ?? blanks.credential.ChrootDirectory,
  );
}

/**
 * A login from the resource's name: its own characters where the API allows them, and a short hash, since user
 * names are unique across the whole service. At least 10 characters.
 */
export function defaultUserName(organizationId: string, name: string, urn: string): string {
  const hash = createHash("sha256")
    .update(JSON.stringify([organizationId, urn]))
    .digest("hex")
    .slice(0, 8);
  const plain = name.replace(/[^A-Za-z0-9_.-]+/g, "-").slice(0, userNameLength.maximum - 1 - hash.length);
  return `${plain || "sftp"}-${hash}`.padStart(userNameLength.minimum, "0");
}

/**
 * Stands behind the alias of a credential from its create until its rules are on. Whoever finds it, on the
 * dashboard or at an import after a kill between the two, sees that it is half-made; and only what bears it is
 * made active by an import.
 */
const unfinishedMark = " (unfinished)";

export function markUnfinished(alias: string | undefined): string {
  return `${alias ?? ""}${unfinishedMark}`;
}

/** The alias behind the mark; `undefined` where there is no mark. */
export function unmarked(alias: unknown): string | undefined {
  const text = typeof alias === "string" ? alias : "";
  return text.endsWith(unfinishedMark) ? text.slice(0, -unfinishedMark.length) : undefined;
}

export function isUnfinished({ State, Alias }: Credential): boolean {
  return State === "inactive" && unmarked(Alias) !== undefined;
}

/** The body that sets `keys` to what `inputs` declare. */
export function toBody(inputs: CredentialInputs, keys: readonly string[]): CredentialBody {
  const has = (key: keyof CredentialInputs) => keys.includes(key) && inputs[key] !== undefined;
  const body: CredentialBody = {};
  if (has("alias")) body.Alias = inputs.alias as string;
  if (has("userName")) body.UserName = inputs.userName as string;
  if (has("password")) body.Password = inputs.password as string;
  if (has("homeDirectory")) body.HomeDirectory = inputs.homeDirectory as string;
  if (has("chrootDirectory"))
    body.ChrootDirectory = inputs.chrootDirectory ?? blanks.credential.ChrootDirectory;
  if (has("permission")) body.Permission = inputs.permission as string;
  if (has("expiration")) {
    const expiration = instant(inputs.expiration);
    body.Expiration = expiration === undefined ? blanks.credential.Expiration : expirationOnWire(expiration);
  }
  if (has("state")) body.State = inputs.state as string;
  if (has("inboundRules"))
    body.Settings = { Network: { InboundRules: toWireRules(inputs.inboundRules ?? []) } };
  return body;
}

/**
 * The server's side of a credential's outputs. What an answer lacks (the single read has no rules and no
 * password's age, no answer has the expiration) stays as `known` has it; an expiration that nobody knows is
 * left out, so that an import does not compare it.
 */
export function toServerOutputs(credential: Credential, known: Plain): Plain {
  const rules = credential.Settings?.Network?.InboundRules;
  return {
    alias: credential.Alias ?? null,
    userName: credential.UserName,
    password: known.storeSecrets === false ? null : (credential.Password ?? known.password ?? null),
    homeDirectory: credential.HomeDirectory,
    chrootDirectory: credential.ChrootDirectory ?? null,
    permission: credential.Permission,
    expiration: expirationOf(credential, known.expiration),
    state: credential.State,
    inboundRules: rules ? fromWireRules(rules) : (known.inboundRules ?? null),
    storeSecrets: known.storeSecrets,
    host: credential.Host,
    isDefault: credential.IsDefault,
    passwordCreatedAt: passwordCreatedAt(credential, known.passwordCreatedAt),
    createdAt: credential.CreatedAt,
  };
}

function expirationOf({ Expiration }: Credential, known: unknown): unknown {
  if (Expiration === undefined) return known;
  return typeof Expiration === "number" ? expirationFromWire(Expiration) : Expiration;
}

/**
 * When the password was made. A create's answer does not say: it is as old as the credential then. The list's
 * value, some milliseconds off, does not replace one that means the same.
 */
function passwordCreatedAt(credential: Credential, known: unknown): string | null {
  const told = credential.PasswordCreatedAt ?? known ?? credential.CreatedAt;
  const before = typeof known === "string" ? Date.parse(known) : Number.NaN;
  const after = new Date(told as string | number).getTime();
  if (Number.isNaN(after)) return null;
  if (Math.abs(after - before) < samePasswordWithinMilliseconds) return known as string;
  return new Date(after).toISOString();
}

/**
 * A declared expiration has passed, and the service has turned the credential inactive and cleared the date,
 * as it does by itself. That is no drift: it is never made active again, nor patched with a date of the past,
 * by an unrelated `up`.
 */
export function expiredKeys(inputs: Plain, server: Plain, now: number): string[] {
  const declared = instant(inputs.expiration);
  if (declared === undefined || declared > now) return [];
  return server.state === "inactive" ? ["expiration", "state"] : ["expiration"];
}

/**
 * Whether the program's password is another one than it was. Told by the hash of what was declared before, not
 * by the server's password: a rotation is not undone. Declared for the first time it counts as changed, even if
 * it is the server's by chance, so that its hash is kept from then on.
 */
export function isPasswordChanged(inputs: Plain, olds: Plain): boolean {
  return inputs.password !== undefined && !matchesHash(inputs.password, olds[kept.passwordHash]);
}

/** The hash to keep beside a declared password: the old one where it still fits, so that nothing changes. */
export function passwordHash(inputs: Plain, olds: Plain): string | undefined {
  const declared = inputs.password;
  if (typeof declared !== "string") return undefined;
  const hash = olds[kept.passwordHash];
  return matchesHash(declared, hash) ? (hash as string) : hashSecret(declared);
}
