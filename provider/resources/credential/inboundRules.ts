/** A credential's inbound rules: what is refused, what makes two sets of them the same, how they are sent. */
import { createHash } from "node:crypto";
import { ruleDefaults, words } from "../../api/assumptions";
import type { Credential, CredentialSettings } from "../../api/credentials";
import { validateWord } from "../../lifecycle/fields/formats";
import type { Finding } from "../../lifecycle/fields/vocabulary";
import { hasUnknown, isUnknown } from "../../protocol/unknowns";
import { nearest } from "../../values/nearest";
import { isEqual, isPlainObject } from "../../values/plain";

/** Loaded with the first rule: the program's process reads this file too, and never needs it. */
export const addresses = () => require("ipaddr.js") as typeof import("ipaddr.js");

/** A rule as a program writes it, resolved. */
export interface InboundRuleInputs {
  readonly source: string;
  readonly protocol?: string | undefined;
  readonly state?: string | undefined;
  readonly action?: string | undefined;
  readonly description?: string | undefined;
  readonly id?: string | undefined;
}

const fields = ["source", "protocol", "state", "action", "description", "id"] as const;

type ComparedRule = Readonly<Record<string, unknown>>;

export function validateRules(rules: readonly unknown[]): readonly Finding[] {
  const findings = rules.flatMap((rule, index) =>
    validateRule(rule).map((finding) => ({ ...finding, path: `[${index}]${finding.path ?? ""}` })),
  );
  return [...findings, ...validateDistinct(rules)];
}

function validateRule(rule: unknown): readonly Finding[] {
  if (isUnknown(rule)) return [];
  if (!isPlainObject(rule)) return [{ reason: 'must be a rule, e.g. { source: "203.0.113.0/24" }' }];
  const findings: Finding[] = [];
  const at = (field: string, found: readonly Finding[]) =>
    findings.push(...found.map((finding) => ({ ...finding, path: `.${field}` })));
  for (const key of Object.keys(rule)) {
    if ((fields as readonly string[]).includes(key)) continue;
    const near = nearest(key, fields);
    const hint = near ? `did you mean "${near}"?` : `a rule has ${fields.join(", ")}`;
    at(key, [{ reason: `does not exist: ${hint}` }]);
  }
  at("source", validateSource(rule.source));
  at("protocol", validateWord(rule.protocol, words.ruleProtocol));
  at("state", validateWord(rule.state, words.ruleState));
  at("action", validateWord(rule.action, words.ruleAction));
  for (const field of ["description", "id"]) {
    const value = rule[field];
    if (value !== undefined && typeof value !== "string") at(field, [{ reason: "must be a string" }]);
  }
  return findings;
}

function validateSource(source: unknown): readonly Finding[] {
  if (isUnknown(source)) return [];
  if (typeof source !== "string" || source === "") {
    return [{ reason: 'is required: an IP address or a range in CIDR notation, e.g. "203.0.113.0/24"' }];
  }
  if (!source.includes("/")) {
    return isAddress(source) ? [] : [{ reason: "is neither an IP address nor a range in CIDR notation" }];
  }
  const [address = ""] = source.split("/");
  if (!isAddress(address) || !addresses().isValidCIDR(source)) {
    return [{ reason: "is neither an IP address nor a range in CIDR notation" }];
  }
  if (canonicalSource(source) !== canonicalSource(source, false)) {
    return [{ reason: "has bits set after its prefix: give the network's own address" }];
  }
  return [];
}

export function isAddress(text: string): boolean {
  // ipaddr.js takes "10.1" and "0x7f.1" for addresses, as inet_aton does; nobody means them.
  return text.includes(":") ? addresses().IPv6.isValid(text) : addresses().IPv4.isValidFourPartDecimal(text);
}

function validateDistinct(rules: readonly unknown[]): readonly Finding[] {
  const known = rules.map((rule) => (isResolvedRule(rule) ? withDefaults(rule) : undefined));
  return known.flatMap((rule, index) => {
    if (rule === undefined) return [];
    const first = known.findIndex(
      (other) => other !== undefined && isEqual(identityOf(other), identityOf(rule)),
    );
    return first < index
      ? [{ path: `[${index}]`, reason: `is the same as [${first}]: leave one of them out` }]
      : [];
  });
}

/** Whatever else is wrong with it, which another finding says. */
function isResolvedRule(rule: unknown): rule is InboundRuleInputs {
  return isPlainObject(rule) && !hasUnknown(rule);
}

function identityOf({ source, protocol }: InboundRuleInputs): InboundRuleInputs {
  return { source, protocol };
}

/**
 * Addresses and ranges in one spelling: lower case, IPv6 shortened, a range by its network address, a single
 * address without `/32` or `/128`.
 */
export function canonicalSource(source: string, maskHostBits = true): string {
  const [address = "", bits] = source.split("/");
  if (!isAddress(address)) return source;
  const parsed = addresses().parse(address);
  const full = parsed.kind() === "ipv4" ? 32 : 128;
  const length = bits === undefined ? full : Number(bits);
  if (!Number.isInteger(length) || length < 0 || length > full) return source;
  if (length === full) return parsed.toString();
  const network = maskHostBits
    ? (parsed.kind() === "ipv4" ? addresses().IPv4 : addresses().IPv6).networkAddressFromCIDR(
        `${address}/${length}`,
      )
    : parsed;
  return `${network.toString()}/${length}`;
}

function withDefaults(rule: InboundRuleInputs) {
  return {
    ...rule,
    source: typeof rule.source === "string" ? canonicalSource(rule.source) : rule.source,
    protocol: rule.protocol ?? ruleDefaults.Protocol,
    state: rule.state ?? ruleDefaults.State,
    action: rule.action ?? ruleDefaults.Action,
  };
}

/** A rule without what the service fills in: the defaults, and an id that it made. */
export function withoutDefaults({
  source,
  protocol,
  state,
  action,
  description,
}: InboundRuleInputs): InboundRuleInputs {
  return {
    source,
    ...(protocol !== ruleDefaults.Protocol && { protocol }),
    ...(state !== ruleDefaults.State && { state }),
    ...(action !== ruleDefaults.Action && { action }),
    ...(description && { description }),
  };
}

/** A rule as it is compared: protocols in one case, no empty description. */
function compared(rule: InboundRuleInputs) {
  const { description, protocol, ...others } = withDefaults(rule);
  return { ...others, protocol: protocol.toUpperCase(), description: description || undefined };
}

type Rules = readonly InboundRuleInputs[] | null;

/** Whether the server holds exactly the declared rules, in any order; fields left out are not compared. */
export function isSameRules(declared: Rules, server: Rules | undefined): boolean {
  const rules = declared ?? [];
  if (!Array.isArray(server) || rules.length !== server.length) return false;
  const left: ComparedRule[] = server.map(compared);
  return rules.every((rule) => {
    const wanted = Object.entries(compared(rule)).filter(([, value]) => value !== undefined);
    const index = left.findIndex((other) => wanted.every(([field, value]) => isEqual(other[field], value)));
    if (index >= 0) left.splice(index, 1);
    return index >= 0;
  });
}

/** Whether the server lets in exactly those whom the declared rules let in, whatever it calls or says of them. */
export function isSameAccess(declared: Rules, server: Rules | undefined): boolean {
  return isSameRules(enabled(declared ?? []), server && enabled(server));
}

/** A disabled rule lets nobody in. */
function enabled(rules: readonly InboundRuleInputs[]): InboundRuleInputs[] {
  return rules.map(accessOf).filter(({ state = ruleDefaults.State }) => state !== "disabled");
}

function accessOf({ source, protocol, state, action }: InboundRuleInputs): InboundRuleInputs {
  const lower = (value: string | undefined) => value?.toLowerCase();
  return {
    source,
    protocol: lower(protocol ?? ruleDefaults.Protocol),
    state: lower(state),
    action: lower(action),
  };
}

/**
 * Rules for the API, complete: each with every field of the reference's example. A rule without an id gets one
 * made of its source and protocol, so that it keeps it through later updates.
 */
export function settingsOf(rules: readonly InboundRuleInputs[]): CredentialSettings {
  return {
    Network: {
      InboundRules: rules.map((rule) => {
        const { source, protocol, state, action, description, id } = withDefaults(rule);
        return {
          Id: id ?? ruleId(source, protocol),
          Source: source,
          Protocol: protocol,
          State: state,
          Action: action,
          Description: description ?? "",
        };
      }),
    },
  };
}

function ruleId(source: string, protocol: string): string {
  const hex = createHash("sha256").update(`${protocol} ${source}`).digest("hex");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `5${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}

/** A credential's rules in the program's words; `undefined` where the answer does not show them. */
export function rulesOf({ Settings }: Pick<Credential, "Settings">): InboundRuleInputs[] | undefined {
  return Settings?.Network?.InboundRules?.map((rule) => ({
    source: rule.Source,
    protocol: rule.Protocol,
    state: rule.State,
    action: rule.Action,
    description: rule.Description ?? undefined,
    id: rule.Id,
  }));
}
