/** The audit of an organization: every rule asked of everything. */

import { argumentRules } from "../../rules/argumentRules";
import { organizationRules, stateId } from "../../rules/organizationRules";
import {
  type ArgumentRule,
  type AuditedKind,
  type Judgement,
  type RuleText,
  type Subject,
  severities,
} from "../../rules/rule";
import { oneLine } from "../../values/text";
import type { Inventory } from "../inventory/inventory";
import type { Managed } from "../inventory/managed";
import { type Baseline, isEnded, type Muting } from "./baseline";
import { organizationOf } from "./organization";

/** Of an object that a list holds and nobody could read: no other rule can be asked of it. */
const unreadable: RuleText = {
  id: "object-unreadable",
  severity: "medium",
  what: "object that could not be read",
  why: "Nothing is known of it, so nothing of it is fine.",
  remediation: "Look at it in the dashboard; report an answer that is not what the API's reference says.",
};

/** Every rule, by severity. */
export const rules: readonly RuleText[] = [
  ...Object.values(argumentRules).flat(),
  ...organizationRules,
  unreadable,
].sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity));

/** An object, as a finding names it. */
export interface Named {
  readonly kind: AuditedKind;
  /** As in a stack's state: the API's id, and of a key `credentialId/keyId`. */
  readonly id: string;
  readonly name: string;
}

export interface AuditFinding {
  readonly rule: RuleText;
  readonly object: Named;
  /** More about this one. */
  readonly detail?: string;
  /** The program's line, `index.ts#12,3`, where a given stack says so. */
  readonly sourcePosition?: string;
  /** The entry of the baseline that mutes it. */
  readonly muted?: Muting;
  /** The entry that no longer does. */
  readonly ended?: Muting;
}

/** What could not be told. */
export interface NotTold {
  /** What would have to be known. */
  readonly what: string;
  readonly why: string;
  /** Of which objects; empty: of all of them. */
  readonly objects: readonly Named[];
}

export interface Audit {
  readonly findings: readonly AuditFinding[];
  readonly unknown: readonly NotTold[];
  /** How many objects were looked at. */
  readonly looked: Readonly<Record<"credentials" | "keys" | "webhooks" | "links", number>>;
  /** Entries of the baseline that no finding matches: they may go. */
  readonly unused: readonly Muting[];
}

export interface AuditOptions {
  readonly now: number;
  /** What the given stacks manage. */
  readonly managed?: Managed;
  readonly baseline?: Baseline;
}

export function audit(inventory: Inventory, { now, managed, baseline = [] }: AuditOptions): Audit {
  const organization = organizationOf(inventory, { now, ...(managed && { managed }) });
  const { credentials, keys, webhooks, links } = organization;
  const judgements: [RuleText, Judgement][] = [];
  const take = (rule: RuleText, found: Iterable<Judgement>) => {
    for (const each of found) judgements.push([rule, each]);
  };
  for (const rule of argumentRules.Credential) take(rule, judge(rule, credentials, now));
  for (const rule of argumentRules.SshPublicKey) take(rule, judge(rule, keys, now));
  for (const rule of argumentRules.Webhook) take(rule, judge(rule, webhooks, now));
  for (const rule of argumentRules.ShareLink) take(rule, judge(rule, links, now));
  for (const rule of organizationRules) take(rule, rule.judge(organization));

  const matched = new Set<Muting>();
  const finding = (rule: RuleText, object: Named, rest: Pick<AuditFinding, "detail" | "sourcePosition">) => {
    const entries = baseline.filter((each) => each.rule === rule.id && each.object === object.id);
    for (const each of entries) matched.add(each);
    const muting = entries.find((each) => !isEnded(each, now)) ?? entries[0];
    const found: AuditFinding = { rule, object, ...rest };
    return muting ? { ...found, [isEnded(muting, now) ? "ended" : "muted"]: muting } : found;
  };
  const findings = judgements.flatMap(([rule, { subject, verdict, detail }]): AuditFinding[] => {
    if (verdict !== true) return [];
    const { sourcePosition } = managed?.managerOf(subject.kind, stateId(subject)) ?? {};
    const rest = { ...(detail && { detail }), ...(sourcePosition && { sourcePosition }) };
    return [finding(rule, named(subject), rest)];
  });
  const unread = inventory.unreadable.map(({ collection, id, reason }) => {
    const kind = kindsOf[collection];
    return finding(
      unreadable,
      { kind, id: id ?? "", name: id ?? `one of the ${collection}` },
      { detail: `it ${reason}` },
    );
  });
  const order = new Map(rules.map(({ id }, index) => [id, index]));
  return {
    findings: [...findings, ...unread].sort(
      (a, b) => (order.get(a.rule.id) ?? 0) - (order.get(b.rule.id) ?? 0) || compare(a.object, b.object),
    ),
    unknown: [...neverTold(inventory), ...notTold(judgements)],
    looked: {
      credentials: credentials.length,
      keys: keys.length,
      webhooks: webhooks.length,
      links: links.length,
    },
    unused: baseline.filter((each) => !matched.has(each)),
  };
}

const kindsOf = {
  credentials: "Credential",
  keys: "SshPublicKey",
  webhooks: "Webhook",
  links: "ShareLink",
} as const;

function* judge<S extends Subject>(
  rule: Pick<ArgumentRule, "id"> & {
    judge(args: S["args"], now: number): boolean | undefined;
    detail?(args: S["args"]): string | undefined;
  },
  subjects: readonly S[],
  now: number,
): Iterable<Judgement> {
  for (const subject of subjects) {
    const detail = rule.detail?.(subject.args);
    yield { subject, verdict: rule.judge(subject.args, now), ...(detail !== undefined && { detail }) };
  }
}

/** What no answer of the API has, whatever the organization holds. */
function neverTold({ credentials, links }: Inventory): NotTold[] {
  const told: NotTold[] = [];
  if (credentials.length > 0) {
    told.push({
      what: "when a login was last used",
      why: "No answer of the API says so: a login that nobody uses looks like any other.",
      objects: [],
    });
  }
  if (links.length > 0) {
    told.push({
      what: "whether a share link has a password",
      why: "No answer but the one to its create says so: a link counts as one that opens without.",
      objects: [],
    });
  }
  const silent = credentials.filter(({ Expiration }) => Expiration === undefined);
  if (silent.length > 0) {
    told.push({
      what: "when a login expires",
      why:
        "The service does not show it for these: they count as logins without an expiry, unless a stack " +
        "given with --stack-export declares one.",
      objects: silent.map(({ Id, Alias, UserName }) => ({
        kind: "Credential",
        id: Id,
        name: oneLine(Alias || UserName, 60) || Id,
      })),
    });
  }
  return told;
}

function notTold(judgements: readonly (readonly [RuleText, Judgement])[]): NotTold[] {
  const objects = new Map<RuleText, Named[]>();
  for (const [rule, { subject, verdict }] of judgements) {
    if (verdict === undefined) objects.set(rule, [...(objects.get(rule) ?? []), named(subject)]);
  }
  return [...objects].map(([rule, of]) => ({
    what: `${rule.id} (${rule.what})`,
    why: "The service does not show what it takes to tell, or shows something that cannot be read.",
    objects: of,
  }));
}

function named(subject: Subject): Named {
  const { kind, name } = subject;
  return { kind, id: stateId(subject), name };
}

function compare(a: Named, b: Named): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : 1;
}
