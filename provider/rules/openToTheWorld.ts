/** How much of the world a login's inbound rules let in. */
import {
  addresses,
  canonicalSource,
  type InboundRuleInputs,
  isAddress,
} from "../resources/credential/inboundRules";

/** A rule of wherever: a program's, or a service's. */
export type RuleInputs = {
  readonly [K in keyof InboundRuleInputs]?: InboundRuleInputs[K] | null | undefined;
};

/** A range with a shorter prefix belongs to nobody: no registry gives more than a /8, or a /16 of IPv6, to one party. */
const shortestPrefix = { ipv4: 8, ipv6: 16 } as const;

/** Whether enabled rules let the world in; `undefined` where a source cannot be read. */
export function isOpenToTheWorld(rules: readonly RuleInputs[]): boolean | undefined {
  const inUse = rules.filter(({ state }) => typeof state !== "string" || state.toLowerCase() !== "disabled");
  const allowing = inUse.filter(
    ({ action }) => typeof action !== "string" || action.toLowerCase() === "allow",
  );
  const sources = allowing.map(({ source }) => prefixOf(source));
  const isWorld = (kind: "ipv4" | "ipv6") => {
    const own = sources.flatMap((prefix) => (prefix?.kind === kind ? [prefix] : []));
    const part = own.reduce((sum, { length }) => sum + 2 ** -length, 0);
    // Many that cover it together are the world, too.
    return part >= 0.5 || own.some(({ length }) => length < shortestPrefix[kind]);
  };
  if (isWorld("ipv4") || isWorld("ipv6")) return true;
  // What rules that only deny leave open, the reference does not say.
  return sources.includes(undefined) || (inUse.length > 0 && allowing.length === 0) ? undefined : false;
}

function prefixOf(source: unknown) {
  if (typeof source !== "string") return undefined;
  const [address = "", bits] = canonicalSource(source.trim()).split("/");
  if (!isAddress(address)) return undefined;
  const parsed = addresses().parse(address);
  const kind = parsed.kind();
  const most = kind === "ipv4" ? 32 : 128;
  const length = bits === undefined ? most : Number(bits);
  if (bits === "" || !Number.isInteger(length) || length < 0 || length > most) return undefined;
  const range = parsed.range();
  // IPv4 in the form of IPv6 counts as what it is, and addresses of private networks are nobody's world.
  if (range === "ipv4Mapped" && length >= 96) return { kind: "ipv4" as const, length: length - 96 };
  return { kind, length: range === "uniqueLocal" && length >= 7 ? most : length };
}
