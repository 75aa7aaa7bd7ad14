/**
 * What a resource class hands to `pulumi.CustomResource`. Plain functions, called in each class's one
 * constructor: a base class of ours would be one more frame in every resource's stack trace, which is kept in
 * the state and would hide the user's own line.
 */
import * as pulumi from "@pulumi/pulumi";
import { announce, announceRegistered, type Marks } from "./announcing";
import { carried } from "./carried";
import { hiddenInputs, kept, sent } from "./hidden";
import { type Kind, typeToken } from "./kinds";
import { expectRunnable } from "./lookup";
import { stub } from "./stub";

/** What a class registers. */
export interface Shape {
  readonly kind: Kind;
  /** Arguments and outputs. */
  readonly names: readonly string[];
  /** Arguments that may hold objects, lists or times. */
  readonly composed: readonly string[];
  /** Those that are secret, hidden ones included. */
  readonly secrets: readonly string[];
  /** What its objects are told by. Left out of a kind that has none, such as a rotation. */
  readonly marks?: Marks | undefined;
}

/** The inputs to register: the program's, secrets marked, with the stub and what check has to know. */
export function registeredInputs(
  shape: Shape,
  name: string,
  args: object | undefined,
  opts: pulumi.CustomResourceOptions | undefined,
): pulumi.Inputs {
  expectRunnable();
  const inputs: pulumi.Inputs = {};
  // A key that is registered as `undefined` becomes an output of the resource.
  for (const key of shape.names) inputs[key] = undefined;
  // Unknown keys go along: check refuses them with a suggestion.
  for (const [key, given] of Object.entries(args ?? {})) {
    // What is declared as text, a number or a flag gets a clear refusal in check; an Output more is time.
    const value = shape.composed.includes(key) || given instanceof Date ? carried(key, given) : given;
    const isSecret = shape.secrets.includes(key) && value !== undefined && value !== null;
    inputs[key] = isSecret ? pulumi.secret(value) : value;
  }
  inputs[kept.provider] = stub(shape.kind);
  if (shape.marks) inputs[kept.entry] = undefined;
  if (opts?.id === undefined) {
    const urn = urnWithoutWaiting(shape.kind, name, opts?.parent);
    announce(shape, urn, inputs, opts?.import);
    Object.assign(inputs, hiddenInputs({ urn }));
    // The option is an `Input`: it may be an Output until check.
    if (opts?.import !== undefined) inputs[sent.import] = opts.import;
  }
  return inputs;
}

/** To be called once the resource is registered: what the state has of it is told when the engine has said so. */
export function registered(
  shape: Shape,
  name: string,
  opts: pulumi.CustomResourceOptions | undefined,
  resource: pulumi.CustomResource,
): void {
  if (opts?.id === undefined) {
    announceRegistered(shape, urnWithoutWaiting(shape.kind, name, opts?.parent), resource);
  }
}

/**
 * The options to register. `import` travels as an input instead: the engine cannot offer it to dynamic
 * providers, and fails inside its own code.
 */
export function registeredOptions(
  shape: Shape,
  opts: pulumi.CustomResourceOptions | undefined,
  defaults: pulumi.CustomResourceOptions = {},
): pulumi.CustomResourceOptions {
  const { import: _, ...others } = opts ?? {};
  return pulumi.mergeOptions({ ...defaults, additionalSecretOutputs: [...shape.secrets] }, others);
}

/**
 * Forced replacements (`state taint`, `--target-replace`, `replacementTrigger`) skip diff and would create
 * first; the new object would meet its own old one. Only the option makes them delete first.
 */
export const deleteFirst: pulumi.CustomResourceOptions = { deleteBeforeReplace: true };

/**
 * Whether a value is a resource of this kind. Its type alone counts: resources of another copy of the package are
 * recognised too, and so is what policies pass to `isInstance`, an object with nothing but `__pulumiType`.
 */
export function isKind(kind: Kind, value: unknown): boolean {
  return hasType(typeToken(kind), value);
}

/** The same of any type, such as a component's. */
export function hasType(type: string, value: unknown): boolean {
  return (
    typeof value === "object" && value !== null && "__pulumiType" in value && value.__pulumiType === type
  );
}

/**
 * The resource's URN, put together without waiting for its parent's. The real one is an Output, and waiting
 * for it in a constructor hangs where two siblings of a component do so.
 */
function urnWithoutWaiting(kind: Kind, name: string, parent: pulumi.Resource | undefined): string {
  interface Ancestor {
    readonly __pulumiType?: string;
    readonly __parentResource?: Ancestor;
  }
  const types: string[] = [typeToken(kind)];
  for (let each = parent as Ancestor | undefined; each; each = each.__parentResource) {
    if (each.__pulumiType && each.__pulumiType !== "pulumi:pulumi:Stack") types.unshift(each.__pulumiType);
  }
  return `urn:pulumi:${pulumi.getStack()}::${pulumi.getProject()}::${types.join("$")}::${name}`;
}
