/** The rules that an object's own arguments answer: asked by the audit, in preview, and in policy packs. */

import { kept } from "../protocol/hidden";
import type { Kind } from "../protocol/kinds";
import { fingerprintOf, rsaBitsOf } from "../resources/shared/sshKeys";
import { instant, largestMilliseconds, millisecondsPerDay } from "../values/times";
import { compromisedKeys } from "./compromisedKeys";
import { isOpenToTheWorld, type RuleInputs } from "./openToTheWorld";
import {
  type ArgumentRule,
  type ArgumentsOf,
  type AuditedKind,
  all,
  isRoot,
  type RuleText,
  type Verdict,
} from "./rule";

type Credential = ArgumentsOf["Credential"];
type Link = ArgumentsOf["ShareLink"];

/** Below this an RSA key can be broken, or soon (NIST SP 800-131A). */
const fewestBits = 2048;
/** What NIST SP 800-57 asks for beyond 2030. */
const goodBits = 3072;
const expiresSoonDays = 14;

function rule<K extends AuditedKind>(kind: K, text: Omit<ArgumentRule<K>, "kind">): ArgumentRule<K> {
  return { kind, ...text };
}

export const sshPublicKeyRules = [
  rule("SshPublicKey", {
    id: "rsa-key-short",
    severity: "high",
    needs: ["sshPublicKeyBody"],
    what: `RSA key of fewer than ${fewestBits} bits`,
    why: "Such a key can be broken, and whoever breaks it logs in.",
    remediation: "Ask the partner for an ed25519 key, add it, and remove this one.",
    judge: ({ sshPublicKeyBody }) => isRsaBetween(sshPublicKeyBody, 0, fewestBits),
  }),
  rule("SshPublicKey", {
    id: "key-compromised",
    severity: "high",
    needs: ["sshPublicKeyBody"],
    what: "SSH key whose private half is public",
    why: "Anybody can download the private key and log in.",
    remediation: "Remove the key now, and ask the partner for one of their own.",
    judge: ({ sshPublicKeyBody }) => isCompromised(sshPublicKeyBody),
    detail: ({ sshPublicKeyBody }) => publisherOf(sshPublicKeyBody),
  }),
  rule("SshPublicKey", {
    id: "rsa-key-below-3072",
    severity: "medium",
    needs: ["sshPublicKeyBody"],
    what: `RSA key of fewer than ${goodBits} bits`,
    why: "It is good for some years only: NIST asks for 3072 bits beyond 2030.",
    remediation: "Ask for an ed25519 key, or an RSA key of 3072 bits or more, at the next change of keys.",
    judge: ({ sshPublicKeyBody }) => isRsaBetween(sshPublicKeyBody, fewestBits, goodBits),
  }),
];

export const credentialRules = [
  rule("Credential", {
    id: "login-open-to-the-world",
    severity: "high",
    needs: ["state", "permission", "inboundRules", "expiration"],
    what: "active login that may write, from everywhere, without an expiry",
    why: "Whoever guesses or finds the password can change files, from any address and at any time.",
    remediation:
      "Give it inboundRules with the partner's addresses, or an expiration, or a permission that only reads.",
    judge: isWorldWritable,
  }),
  rule("Credential", {
    id: "login-without-expiry",
    severity: "medium",
    needs: ["state", "expiration"],
    what: "login without an expiry",
    why: "It goes on working after the partner is gone.",
    remediation: "Declare an expiration, and renew it as long as you work with the partner.",
    judge: (args, now) => all(!isRoot(args), isActive(args), hasNoExpiry(args, now)),
  }),
  rule("Credential", {
    id: "login-home-is-root",
    severity: "medium",
    needs: ["homeDirectory"],
    what: "login whose home is / and which is not the root login",
    why: "It sees the files of all partners.",
    remediation: "Give it a homeDirectory of its own.",
    judge: (args) =>
      all(!isRoot(args), typeof args.homeDirectory === "string" ? isTop(args.homeDirectory) : undefined),
  }),
  rule("Credential", {
    id: "login-expires-soon",
    severity: "medium",
    needs: ["state", "expiration"],
    what: `login that expires within ${expiresSoonDays} days`,
    why: "The partner's transfers stop on that day.",
    remediation: "Renew its expiration, or tell the partner.",
    judge: (args, now) => all(isActive(args), endsSoon(args.expiration, now)),
    detail: ({ expiration }) => dayOf(expiration),
  }),
  rule("Credential", {
    id: "login-without-alias",
    severity: "low",
    needs: ["alias"],
    what: "login without an alias",
    why: "Nobody can tell whose it is.",
    remediation: "Give it an alias that names the partner.",
    judge: ({ alias }) => !hasText(alias),
  }),
  rule("Credential", {
    id: "login-rules-unused",
    severity: "low",
    needs: ["state", "permission", "inboundRules", "expiration"],
    what: "login whose inbound rules restrict nothing",
    why: "A password that leaks works from everywhere.",
    remediation: "Give it inboundRules with the partner's addresses.",
    // The graver rule says it already.
    judge: (args, now) => all(isWorldWritable(args, now) !== true, isActive(args), isUnrestricted(args)),
  }),
  rule("Credential", {
    id: "login-rules-disabled",
    severity: "low",
    needs: ["inboundRules"],
    what: "login with disabled inbound rules",
    why: "A disabled rule reads like one that holds, and one click enables it.",
    remediation: "Remove the rule, or enable it.",
    judge: ({ inboundRules }) => rulesIn(inboundRules).some((each) => lower(each.state) === "disabled"),
  }),
];

export const webhookRules = [
  rule("Webhook", {
    id: "webhook-paused",
    severity: "high",
    needs: ["state"],
    what: "webhook that is paused",
    why: "Its events are not delivered. The service pauses a webhook after five failed deliveries.",
    remediation: "Fix the receiver and enable the webhook, or remove it.",
    judge: ({ state }) => (isBlank(state) ? false : isPaused(lower(state))),
  }),
  rule("Webhook", {
    id: "webhook-without-tls",
    severity: "high",
    needs: ["url", "type"],
    what: "webhook without TLS",
    why: "File names and the authorization header travel in plain text.",
    remediation: "Give it an https address.",
    judge: ({ url, type }) =>
      lower(type) !== "email" && (hasText(url) ? !/^\s*https:/i.test(url) : undefined),
  }),
];

export const shareLinkRules = [
  rule("ShareLink", {
    id: "link-writable-endless",
    severity: "high",
    needs: ["permission", "expiresAt", "accessLimit"],
    what: "link that may write, without an expiry or a limit",
    why: "Whoever has ever been sent the address can change files, for ever.",
    remediation: "Give it expiresAt or accessLimit, or make it read-only.",
    judge: (args, now) => all(isOpen(args, now), mayWrite(args), isEndless(args)),
  }),
  rule("ShareLink", {
    id: "link-to-root",
    severity: "high",
    needs: ["path", "expiresAt"],
    what: "link to /",
    why: "It shows the files of all partners to whoever has the address.",
    remediation: "Remove it, and make a link to the folder that is meant.",
    judge: (args, now) =>
      all(isOpen(args, now), typeof args.path === "string" ? isTop(args.path) : undefined),
  }),
  rule("ShareLink", {
    id: "link-expires-soon",
    severity: "medium",
    needs: ["expiresAt"],
    what: `link that expires within ${expiresSoonDays} days`,
    why: "The address stops working on that day.",
    remediation: "Renew its expiresAt, or tell whoever uses it.",
    judge: (args, now) => all(isOpen(args, now), endsSoon(args.expiresAt, now)),
    detail: ({ expiresAt }) => dayOf(expiresAt),
  }),
];

/** By kind. */
export const argumentRules: { readonly [K in AuditedKind]: readonly ArgumentRule<K>[] } = {
  Credential: credentialRules,
  SshPublicKey: sshPublicKeyRules,
  Webhook: webhookRules,
  ShareLink: shareLinkRules,
};

/** A rule of whatever kind. It takes any object for arguments, and cannot tell where it cannot read them. */
export interface AnyArgumentRule extends RuleText {
  readonly kind: AuditedKind;
  readonly needs: readonly string[];
  judge(args: object, now: number): Verdict;
  detail?(args: object): string | undefined;
}

/** What preview and policy packs ask. */
export const allArgumentRules: readonly AnyArgumentRule[] = Object.values(argumentRules).flat();

/** What a rule is asked of. */
export interface Asked {
  readonly args: object;
  /** Which part of the resource it is, to stand before what is said of it. */
  readonly part?: string;
}

/** What of a resource a rule is asked of: its own arguments, and of a set of keys each key. */
export function askedOf({ kind }: AnyArgumentRule, resourceKind: Kind, args: object): Asked[] {
  if (kind === resourceKind) return [{ args }];
  const bodies = "sshPublicKeyBodies" in args ? args.sshPublicKeyBodies : undefined;
  if (kind !== "SshPublicKey" || resourceKind !== "SshPublicKeySet" || !Array.isArray(bodies)) return [];
  return bodies.map((sshPublicKeyBody) => ({
    args: { sshPublicKeyBody },
    part: `${fingerprintOf(String(sshPublicKeyBody)) ?? "a key"}: `,
  }));
}

/** What is said of an object that breaks a rule, after its name: what is wrong, and how to mend it. */
export function sentenceOf(rule: AnyArgumentRule, args: object, part = ""): string {
  const detail = rule.detail?.(args);
  return `${part}${rule.what}${detail ? `, ${detail}` : ""} (${rule.id}). ${rule.remediation}`;
}

function isWorldWritable(args: Credential, now: number): Verdict {
  return all(isActive(args), mayWrite(args), hasNoExpiry(args, now), isUnrestrictedByRange(args));
}

/** Words that are not known count as access. One in reserve is made inactive, whatever it declares. */
function isActive({ state, [kept.reserve]: isReserve }: Credential): boolean {
  return isReserve !== true && lower(state) !== "inactive";
}

/** The reference does not say which permission is the default. */
function mayWrite({ permission }: Credential | Link): Verdict {
  return isBlank(permission) ? undefined : !["none", "read-only"].includes(lower(permission));
}

/** The service makes a login inactive within five minutes of its expiration. */
const closedWithin = 5 * 60_000;

/**
 * One that is not shown counts as none: no example answer of the API shows a credential's. Of an active login that
 * should have been closed by now it cannot be told.
 */
function hasNoExpiry({ expiration }: Credential, now: number): Verdict {
  const end = instant(expiration);
  return isNever(expiration) === false && end !== undefined && end + closedWithin < now
    ? undefined
    : isNever(expiration);
}

/** Left out, a login gets the service's own rule, which lets everyone in. */
function isUnrestrictedByRange({ inboundRules }: Credential): Verdict {
  return Array.isArray(inboundRules) ? isOpenToTheWorld(rulesIn(inboundRules)) : true;
}

function isUnrestricted(args: Credential): Verdict {
  const { inboundRules } = args;
  const inUse = rulesIn(inboundRules).filter((each) => lower(each.state) !== "disabled");
  return inUse.length === 0 || isUnrestrictedByRange(args);
}

/** Whatever else stands in a list from somewhere is not a rule. */
function rulesIn(rules: unknown): RuleInputs[] {
  return Array.isArray(rules) ? rules.filter((each) => typeof each === "object" && each !== null) : [];
}

function isRsaBetween(body: unknown, from: number, below: number): Verdict {
  if (!hasText(body)) return undefined;
  const bits = rsaBitsOf(body);
  return typeof bits === "number" ? bits >= from && bits < below : bits;
}

function isCompromised(body: unknown): Verdict {
  const print = hasText(body) ? fingerprintOf(body) : undefined;
  return print === undefined ? undefined : Object.hasOwn(compromisedKeys, print);
}

function publisherOf(body: unknown): string | undefined {
  return compromisedKeys[(hasText(body) && fingerprintOf(body)) || ""];
}

/** A word that is not known says neither. */
function isPaused(state: string): Verdict {
  return state === "paused" ? true : state === "enabled" ? false : undefined;
}

/** Whether it can be open. The reference has one word for that, and none for links that somebody has closed. */
export function isOpen({ state, expiresAt }: Link, now: number): boolean {
  const end = instant(expiresAt);
  const isClosed = ["inactive", "disabled", "deactivated", "removed", "expired"].includes(lower(state));
  return !isClosed && (end === undefined || isNever(expiresAt) === true || end > now);
}

/** Whether nothing ends it. */
export function isEndless({ expiresAt, accessLimit }: Link): Verdict {
  return all(isNever(expiresAt), !(typeof accessLimit === "number" && accessLimit > 0));
}

/** `undefined`: it is something, and not a time. A time before 1970 is a service's way to say that there is none. */
function isNever(time: unknown): Verdict {
  if (isBlank(time) || time === 0) return true;
  const end = instant(time);
  return end === undefined ? undefined : end <= 0;
}

/** `undefined`: it has a time that cannot be read. */
function endsSoon(time: unknown, now: number): Verdict {
  if (isNever(time)) return false;
  const end = instant(time);
  return end === undefined ? undefined : end > now && end <= now + expiresSoonDays * millisecondsPerDay;
}

function dayOf(time: unknown): string | undefined {
  const end = instant(time);
  return end === undefined || Math.abs(end) > largestMilliseconds
    ? undefined
    : `on ${new Date(end).toISOString().slice(0, 10)}`;
}

/** Whether a folder is the top one, however it is written. */
function isTop(folder: string): boolean {
  return /^[/.\s]*$/.test(folder);
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}

function hasText(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "";
}

/** Anything but a string says nothing. */
function lower(value: unknown): string {
  return typeof value === "string" ? value.trim().toLowerCase() : "";
}
