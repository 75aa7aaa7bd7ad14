/** Values that the SDK would silently turn into `{}` on their way to the engine. */
import * as pulumi from "@pulumi/pulumi";

/**
 * A program's value as the engine can carry it: a Date as its ISO 8601 string, nested too and inside Outputs. Other
 * objects that are not plain, which the SDK would flatten to `{}`, are refused.
 */
export function carried(name: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  // Not by `pulumi.output` first: it is what flattens a Date.
  if (pulumi.Output.isInstance(value)) {
    return value.apply((known: unknown) => pulumi.output(carried(name, known)));
  }
  if (value instanceof Promise) return pulumi.output(value.then((known: unknown) => carried(name, known)));
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw new Error(`${name} holds an invalid Date.`);
    return value.toISOString();
  }
  if (Array.isArray(value)) {
    const items = value.map((item) => carried(name, item));
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  if (pulumi.Resource.isInstance(value) || pulumi.asset.Asset.isInstance(value)) return value;
  const prototype = Object.getPrototypeOf(value);
  // Objects of another realm (`vm`, jest) have a prototype of their own, whose own prototype is null.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    throw new Error(
      `${name} holds a ${prototype.constructor?.name ?? "value"}, which would reach Pulumi as {}: give a plain ` +
        "object, a list or a string.",
    );
  }
  const entries = Object.entries(value).map(([key, item]) => [key, carried(name, item)] as const);
  return entries.some(([key, item]) => item !== (value as Record<string, unknown>)[key])
    ? Object.fromEntries(entries)
    : value;
}
