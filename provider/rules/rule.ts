/** What a rule of the audit is. Each one is written once, and asked by the audit, in preview and in policy packs. */
import type { Credential } from "../api/credentials";
import type { ShareLink } from "../api/shareLinks";
import type { UserSshPublicKey } from "../api/sshPublicKeys";
import type { Webhook } from "../api/webhooks";
import { kept } from "../protocol/hidden";
import type { Kind } from "../protocol/kinds";
import type { CredentialInputs } from "../resources/credential/fields";
import type { ShareLinkInputs } from "../resources/shareLink/fields";
import type { WebhookInputs } from "../resources/webhook/fields";

/** How grave it is to break a rule. */
export type Severity = "high" | "medium" | "low";

/** From the gravest to the least. */
export const severities: readonly Severity[] = ["high", "medium", "low"];

/** `undefined`: it cannot be told. That is never taken for fine. */
export type Verdict = boolean | undefined;

/** What is said of every rule. */
export interface RuleText {
  /** Stable: baselines and policy packs name it. */
  readonly id: string;
  readonly severity: Severity;
  /** What is wrong, as a phrase: `RSA key of fewer than 2048 bits`. */
  readonly what: string;
  readonly why: string;
  /** How to mend it. */
  readonly remediation: string;
}

type Declared<I> = { readonly [K in keyof I]?: I[K] | null | undefined };

/** A kind's arguments, as a program declares them or as the service shows them. Any may be left out, or odd. */
export interface ArgumentsOf {
  readonly Credential: Declared<CredentialInputs> & {
    readonly [kept.root]?: unknown;
    readonly [kept.reserve]?: unknown;
  };
  readonly SshPublicKey: { readonly sshPublicKeyBody?: string | null | undefined };
  readonly Webhook: Declared<WebhookInputs>;
  /** No program declares a link's state. */
  readonly ShareLink: Declared<ShareLinkInputs> & { readonly state?: string | null | undefined };
}
export type AuditedKind = keyof ArgumentsOf;

/** A rule that an object's own arguments answer. */
export interface ArgumentRule<K extends AuditedKind = AuditedKind> extends RuleText {
  readonly kind: K;
  /** The arguments it looks at: while one of them is not known, it is not asked. */
  readonly needs: readonly (keyof ArgumentsOf[K] & string)[];
  /** Whether it is broken. `now` in Unix milliseconds. */
  judge(args: ArgumentsOf[K], now: number): Verdict;
  /** More about this one, without any value that may be secret. */
  detail?(args: ArgumentsOf[K]): string | undefined;
}

/** An object of the organization, as rules and findings refer to it. */
export interface Subject<K extends AuditedKind = AuditedKind> {
  readonly kind: K;
  /** The API's id. */
  readonly id: string;
  /** What people call it; fit for a terminal. */
  readonly name: string;
  readonly args: ArgumentsOf[K];
}
export interface CredentialSubject extends Subject<"Credential"> {
  readonly object: Credential;
  readonly keys: readonly KeySubject[];
}
export interface KeySubject extends Subject<"SshPublicKey"> {
  readonly object: UserSshPublicKey;
}
export interface WebhookSubject extends Subject<"Webhook"> {
  readonly object: Webhook;
}
export interface LinkSubject extends Subject<"ShareLink"> {
  readonly object: ShareLink;
}

/** A whole organization. */
export interface Organization {
  readonly credentials: readonly CredentialSubject[];
  readonly keys: readonly KeySubject[];
  readonly webhooks: readonly WebhookSubject[];
  readonly links: readonly LinkSubject[];
  /** Whether one of the given stacks manages it; `undefined` where none was given. */
  isManaged?(kind: Kind, id: string): boolean;
  readonly now: number;
  /** Who uses a login, by its id: the id itself, or that of the pair that one partner uses in turn. */
  readonly holderOf: (credentialId: string) => string;
}

/** What an organization's rule says of an object. */
export interface Judgement {
  readonly subject: Subject;
  readonly verdict: Verdict;
  readonly detail?: string;
}

/** A rule that takes what the service alone knows, or several objects. */
export interface OrganizationRule extends RuleText {
  /** Objects that are fine may be left out. */
  judge(organization: Organization): Iterable<Judgement>;
}

/** All of them: one `false` decides, and then one that cannot be told. */
export function all(...verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes(false)) return false;
  return verdicts.includes(undefined) ? undefined : true;
}

export function isRoot(args: ArgumentsOf["Credential"]): boolean {
  return args[kept.root] === true;
}
