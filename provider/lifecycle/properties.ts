/**
 * The arguments of a resource as data, and what follows from them for every kind alike: what check refuses,
 * what differs, what is managed, what read gives back.
 */
import { distance } from "fastest-levenshtein";
import type { CheckFailure } from "../engine/failures";
import { isHidden, kept } from "../engine/hidden";
import { hasUnknown, isEqual, isUnknown, type Plain } from "../values/plain";

/** What a validation says of a value. */
export interface Finding {
  /** What would be right, to follow the property's name: `must be …`. Never the value of a secret. */
  readonly reason: string;
  /** Where inside the value, e.g. `[1].source`. */
  readonly path?: string;
  /** A warning lets the value through. Default: an error. */
  readonly severity?: "error" | "warning";
  /** Holds only for a value that is new: nobody is warned of an expiration that has long passed. */
  readonly onlyNew?: true;
  /** The value turned out to be a secret, a private key for instance: the engine must not print it. */
  readonly holdsSecret?: true;
}

export type PropertyType = "text" | "number" | "boolean" | "list" | "text or number" | "any";

export interface Property {
  readonly type: PropertyType;
  readonly required?: true;
  readonly secret?: true;
  /** `null` clears it on the server. */
  readonly clearable?: true;
  /** A change, or a value not known yet, replaces the resource. */
  readonly replaces?: true;
  /** What makes a declared value and the server's the same. Default: structural equality. */
  readonly same?: (declared: unknown, server: unknown) => boolean;
  /** Called with a known value of the right type, never with `null`. */
  readonly validate?: (value: never, inputs: Plain) => readonly Finding[];
}

export type Properties = Readonly<Record<string, Property>>;

/** The keys that a program declares: present, and not filled in by check. */
export function declaredKeys(properties: Properties, inputs: Plain): string[] {
  const defaults = defaultKeys(inputs);
  return Object.keys(properties).filter((key) => inputs[key] !== undefined && !defaults.includes(key));
}

export function defaultKeys(inputs: Plain): string[] {
  return splitKeys(inputs[kept.defaults]);
}

export function managedKeys(outputs: Plain): string[] {
  return splitKeys(outputs[kept.managed]);
}

export function joinKeys(keys: readonly string[]): string {
  return keys.join(",");
}

function splitKeys(text: unknown): string[] {
  return typeof text === "string" && text !== "" ? text.split(",") : [];
}

/** Whether a declared value is what the server holds. An unknown one never is. */
export function isSame(property: Property, declared: unknown, server: unknown): boolean {
  if (hasUnknown(declared)) return false;
  if (declared === null)
    return server === null || server === undefined || property.same?.(null, server) === true;
  return property.same ? property.same(declared, server) : isEqual(declared, server);
}

/** The declared keys whose value is not the one in `server`. */
export function differingKeys(properties: Properties, inputs: Plain, server: Plain): string[] {
  return declaredKeys(properties, inputs).filter(
    (key) => !isSame(properties[key] as Property, inputs[key], server[key]),
  );
}

/**
 * Full outputs: what the server holds, in the program's own words where they mean the same, so that
 * `/incoming` does not turn into `incoming` in the state.
 */
export function outputsOf(properties: Properties, inputs: Plain, server: Plain): Plain {
  const declared = declaredKeys(properties, inputs);
  const outputs: Plain = { ...server };
  for (const key of declared) {
    const value = inputs[key];
    if (value !== null && isSame(properties[key] as Property, value, server[key])) outputs[key] = value;
  }
  outputs[kept.managed] = joinKeys(declared);
  return outputs;
}

/** How a read differs from kind to kind. */
export interface Reading {
  readonly olds: Plain;
  /** What the server holds. */
  readonly server: Plain;
  /** Keys whose difference is no drift: a rotated password, what the service does by itself. */
  readonly notDrift?: readonly string[];
  /** Keys that check fills in by default. */
  readonly defaults?: readonly string[];
}

/**
 * What a read returns: the server's values in the words of the old outputs, and new inputs if something that
 * the program declares has drifted, so that the next preview shows the way back.
 */
export function readResult(properties: Properties, reading: Reading): { outputs: Plain; inputs?: Plain } {
  const { olds, server, notDrift = [], defaults = [] } = reading;
  const managed = managedKeys(olds);
  const words: Plain = Object.fromEntries(managed.map((key) => [key, olds[key] ?? null]));
  const outputs = outputsOf(properties, words, server);
  const drifted = managed.filter(
    (key) => !notDrift.includes(key) && !isSame(properties[key] as Property, words[key], server[key]),
  );
  if (drifted.length === 0) return { outputs };
  const inputs: Plain = {};
  for (const key of managed) inputs[key] = drifted.includes(key) ? (server[key] ?? null) : words[key];
  const filledIn = defaults.filter((key) => !managed.includes(key));
  for (const key of filledIn) inputs[key] = outputs[key];
  if (filledIn.length > 0) inputs[kept.defaults] = joinKeys(filledIn);
  return { outputs, inputs };
}

/** What check makes of the program's values: failures for the engine, warnings for its log. */
export interface Checked {
  readonly failures: readonly CheckFailure[];
  readonly warnings: readonly string[];
}

/**
 * Validates what is known and leaves unknowns alone, wherever they sit. A value that the old inputs hold, or
 * that is being imported, was accepted by the service already: its format only warns.
 */
export function checkProperties(
  properties: Properties,
  olds: Plain,
  news: Plain,
  importing: boolean,
): Checked {
  const failures: CheckFailure[] = [];
  const warnings: string[] = [];
  for (const key of Object.keys(news)) {
    if (isHidden(key) || key in properties) continue;
    const near = nearest(key, Object.keys(properties));
    const hint = near
      ? `did you mean ${JSON.stringify(near)}?`
      : `the arguments are ${list(Object.keys(properties))}`;
    failures.push({ property: "", reason: `${key}: there is no such argument; ${hint}` });
  }
  for (const [key, property] of Object.entries(properties)) {
    const value = news[key];
    if (value === undefined || (value === null && property.required)) {
      if (property.required) failures.push({ property: key, reason: "is required" });
      continue;
    }
    if (isUnknown(value)) continue;
    const accepted = importing || (value !== null && isEqual(olds[key], value));
    for (const finding of findings(key, property, value, news)) {
      if (finding.onlyNew && accepted) continue;
      const path = `${key}${finding.path ?? ""}`;
      if (finding.severity === "warning" || accepted) {
        warnings.push(`${path}: ${finding.reason}`);
      } else if (property.secret || finding.holdsSecret) {
        failures.push({ property: "", reason: `${path}: ${finding.reason}` });
      } else {
        failures.push({ property: path, reason: finding.reason });
      }
    }
  }
  return { failures, warnings };
}

function findings(key: string, property: Property, value: unknown, news: Plain): readonly Finding[] {
  if (value === null) {
    return property.clearable ? [] : [{ reason: `cannot be null: leave ${key} out to stop managing it` }];
  }
  if (!hasType(property.type, value)) return [{ reason: `must be a ${property.type}` }];
  return property.validate?.(value as never, news) ?? [];
}

function hasType(type: PropertyType, value: unknown): boolean {
  switch (type) {
    case "text":
      return typeof value === "string";
    case "number":
      return typeof value === "number";
    case "boolean":
      return typeof value === "boolean";
    case "list":
      return Array.isArray(value);
    case "text or number":
      return typeof value === "string" || typeof value === "number";
    case "any":
      return true;
  }
}

/**
 * A word of a known set. A near miss is an error with a suggestion; a wholly unknown word only warns, since
 * the service may know more words than its reference.
 */
export function word(value: unknown, known: readonly string[]): readonly Finding[] {
  if (isUnknown(value) || value === undefined) return [];
  if (typeof value !== "string") return [{ reason: `must be one of ${list(known)}` }];
  if (known.includes(value)) return [];
  if (value === "") return [{ reason: `must be one of ${list(known)}` }];
  const near = nearest(value, known);
  if (near)
    return [
      { reason: `${JSON.stringify(value)} is not a known word; did you mean ${JSON.stringify(near)}?` },
    ];
  return [
    {
      severity: "warning",
      reason: `${JSON.stringify(value)} is not a word of the API's reference (${list(known)}); it is sent as it is`,
    },
  ];
}

/** The known word that was probably meant: the same letters written differently, or two typing errors away. */
export function nearest(text: string, known: readonly string[]): string | undefined {
  const letters = (value: string) => value.toLowerCase().replace(/[^a-z0-9*]/g, "");
  const exact = known.find((candidate) => letters(candidate) === letters(text));
  if (exact !== undefined) return exact;
  const ranked = known
    .map((candidate) => ({ candidate, away: distance(candidate.toLowerCase(), text.toLowerCase()) }))
    .sort((a, b) => a.away - b.away)[0];
  // Two letters swapped count as two errors: `emial`.
  const tolerance = Math.min(2, Math.round(text.length / 3));
  return ranked && ranked.away <= tolerance ? ranked.candidate : undefined;
}

function list(items: readonly string[]): string {
  return items.map((item) => JSON.stringify(item)).join(", ");
}
