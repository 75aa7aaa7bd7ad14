/** The option `dependsOn` of a function, as the SDK's own functions treat it. */
import * as pulumi from "@pulumi/pulumi";

/**
 * Settles once the resources exist, and is unknown in a preview that would create one of them. A component stands
 * for the resources below it, down to the first custom ones.
 */
export function settled(dependsOn: pulumi.InvokeOutputOptions["dependsOn"]): pulumi.Output<unknown> {
  if (dependsOn === undefined) return pulumi.output(undefined);
  return pulumi.output<pulumi.Resource | pulumi.Input<pulumi.Resource>[]>(dependsOn).apply(async (given) => {
    const awaited = await Promise.all([given].flat().map(awaitedOf));
    return pulumi.all(awaited.flat());
  });
}

/** What has to be known before a resource counts as there. */
async function awaitedOf(resource: unknown): Promise<pulumi.Output<string>[]> {
  if (!isResource(resource)) throw new Error("The option `dependsOn` takes resources only.");
  if (pulumi.CustomResource.isInstance(resource)) return [resource.id];
  // Not among the SDK's public types, as the SDK's own functions read them: without them a component would count
  // as there as soon as it is registered, before any of its children.
  const { __data: initialized, __childResources: children } = resource as SdkComponent;
  await initialized;
  const below = await Promise.all([...(children ?? [])].map(awaitedOf));
  return [resource.urn, ...below.flat()];
}

interface SdkComponent extends pulumi.Resource {
  readonly __data?: Promise<unknown>;
  readonly __childResources?: Iterable<pulumi.Resource>;
}

export function isResource(value: unknown): value is pulumi.Resource {
  return pulumi.Resource.isInstance(value);
}
