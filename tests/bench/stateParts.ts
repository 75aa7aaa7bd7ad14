/** What a credential's bytes of state are made of. */
import type { StateResource } from "../engine/stack.ts";

export interface Part {
  readonly what: string;
  readonly bytes: number;
}

/** Each resource's parts as they stand in the state's JSON, on average. Together they are all of its bytes. */
export function partsOf(resources: readonly StateResource[]): Part[] {
  const sums = new Map<string, number>();
  for (const resource of resources) {
    let rest = bytesOf(resource);
    for (const [what, bytes] of knownParts(resource)) {
      sums.set(what, (sums.get(what) ?? 0) + bytes);
      rest -= bytes;
    }
    const what = "ids, parent, provider, times and the rest";
    sums.set(what, (sums.get(what) ?? 0) + rest);
  }
  return [...sums].map(([what, bytes]) => ({ what, bytes: bytes / resources.length }));
}

function knownParts(resource: StateResource): [string, number][] {
  const { inputs = {}, outputs = {} } = resource;
  const whole = resource as unknown as Record<string, unknown>;
  const isSecret = (value: unknown) => typeof value === "object" && value !== null && "ciphertext" in value;
  const isHidden = (key: string) => key.startsWith("__");
  const sum = (values: Readonly<Record<string, unknown>>, has: (key: string, value: unknown) => boolean) =>
    Object.entries(values)
      .filter(([key, value]) => has(key, value))
      // The key in its quotation marks, a colon and a comma stand beside the value.
      .reduce((bytes, [key, value]) => bytes + Buffer.byteLength(key) + 4 + bytesOf(value), 0);
  const isStub = (key: string) => key === "__provider";
  const isOther = (key: string, value: unknown) =>
    !isHidden(key) && !isSecret(value) && key !== "inboundRules";
  return [
    ["the stub, in inputs and outputs", sum(inputs, isStub) + sum(outputs, isStub)],
    [
      "secrets, encrypted",
      sum(inputs, (_, value) => isSecret(value)) + sum(outputs, (_, value) => isSecret(value)),
    ],
    [
      "what we keep (hidden properties)",
      sum(inputs, (key) => isHidden(key) && !isStub(key)) +
        sum(outputs, (key, value) => isHidden(key) && !isStub(key) && !isSecret(value)),
    ],
    ["inboundRules", sum(outputs, (key) => key === "inboundRules")],
    ["other outputs", sum(outputs, isOther)],
    ["inputs", sum(inputs, isOther)],
    ["the engine's dependencies of inputs", sum(whole, (key) => key === "propertyDependencies")],
    ["the engine's list of secret outputs", sum(whole, (key) => key === "additionalSecretOutputs")],
    ["the SDK's stack trace", sum(whole, (key) => key === "stackTrace")],
  ];
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
