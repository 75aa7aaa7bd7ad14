/** A credential's inbound rules: what is refused, what makes two sets of them the same, how they are sent. */
import { createHash } from "node:crypto";
import * as ipaddr from "ipaddr.js";
import { ruleDefaults, words } from "../api/assumptions";
import type { InboundRule } from "../api/wire";
import { type Finding, nearest, word } from "../lifecycle/properties";
import { hasUnknown, isEqual, isPlainObject, isUnknown, type Plain } from "../values/plain";

/** A rule as a program writes it, resolved. */
export interface InboundRuleInputs {
  readonly source: string;
  readonly protocol?: string;
  readonly state?: string;
  readonly action?: string;
  readonly description?: string;
  readonly id?: string;
}

const fields = ["source", "protocol", "state", "action", "description", "id"] as const;

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
    at(key, [{ reason: `there is no such field; ${hint}` }]);
  }
  at("source", validateSource(rule.source));
  at("protocol", word(rule.protocol, words.ruleProtocol));
  at("state", word(rule.state, words.ruleState));
  at("action", word(rule.action, words.ruleAction));
  for (const field of ["description", "id"]) {
    const value = rule[field];
    if (value !== undefined && typeof value !== "string") at(field, [{ reason: "must be a text" }]);
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
  if (!isAddress(address) || !ipaddr.isValidCIDR(source)) {
    return [{ reason: "is neither an IP address nor a range in CIDR notation" }];
  }
  const range = canonicalSource(source);
  if (range !== canonicalSource(`${address}/${source.split("/")[1]}`, false)) {
    return [{ reason: `has host bits set: the range is ${range}` }];
  }
  return [];
}

function isAddress(text: string): boolean {
  // ipaddr.js takes "10.1" and "0x7f.1" for addresses, as inet_aton does; nobody means them.
  return text.includes(":") ? ipaddr.IPv6.isValid(text) : ipaddr.IPv4.isValidFourPartDecimal(text);
}

function validateDistinct(rules: readonly unknown[]): readonly Finding[] {
  const known = rules.map((rule) =>
    hasUnknown(rule) || !isPlainObject(rule) ? undefined : withDefaults(rule),
  );
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

function identityOf(rule: Plain): Plain {
  return { source: rule.source, protocol: rule.protocol };
}

/**
 * Addresses and ranges in one spelling: lower case, IPv6 shortened, a range by its network address, a single
 * address without `/32` or `/128`.
 */
export function canonicalSource(source: string, maskHostBits = true): string {
  const [address = "", bits] = source.split("/");
  if (!isAddress(address)) return source;
  const parsed = ipaddr.parse(address);
  const full = parsed.kind() === "ipv4" ? 32 : 128;
  const length = bits === undefined ? full : Number(bits);
  if (!Number.isInteger(length) || length < 0 || length > full) return source;
  if (length === full) return parsed.toString();
  const network = maskHostBits
    ? (parsed.kind() === "ipv4" ? ipaddr.IPv4 : ipaddr.IPv6).networkAddressFromCIDR(`${address}/${length}`)
    : parsed;
  return `${network.toString()}/${length}`;
}

function withDefaults(rule: Plain): Plain {
  return {
    ...rule,
    source: typeof rule.source === "string" ? canonicalSource(rule.source) : rule.source,
    protocol: rule.protocol ?? ruleDefaults.Protocol,
    state: rule.state ?? ruleDefaults.State,
    action: rule.action ?? ruleDefaults.Action,
  };
}

/** Whether the server holds exactly the declared rules, in any order; fields left out are not compared. */
export function isSameRules(declared: unknown, server: unknown): boolean {
  const rules = declared === null ? [] : declared;
  if (!Array.isArray(rules) || !Array.isArray(server) || rules.length !== server.length) return false;
  const left = server.map((rule) => withDefaults(rule as Plain));
  return rules.every((rule) => {
    const wanted = withDefaults(rule as Plain);
    const index = left.findIndex((candidate) =>
      Object.entries(wanted).every(
        ([field, value]) => value === undefined || isEqual(candidate[field], value),
      ),
    );
    if (index >= 0) left.splice(index, 1);
    return index >= 0;
  });
}

/**
 * Rules for the API, complete: each with every field of the reference's example. A rule without an id gets one
 * made of its source and protocol, so that it keeps it through later updates.
 */
export function toWireRules(rules: readonly InboundRuleInputs[] | null): InboundRule[] {
  return (rules ?? []).map((rule) => {
    const complete = withDefaults({ ...rule }) as Required<InboundRuleInputs>;
    return {
      Id: complete.id ?? ruleId(complete.source, complete.protocol),
      Source: complete.source,
      Protocol: complete.protocol,
      State: complete.state,
      Action: complete.action,
      Description: complete.description ?? "",
    };
  });
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

export function fromWireRules(rules: readonly InboundRule[]): Plain[] {
  return rules.map((rule) => ({
    source: rule.Source,
    protocol: rule.Protocol,
    state: rule.State,
    action: rule.Action,
    description: rule.Description ?? undefined,
    id: rule.Id,
  }));
}
