/** What our package registers for a resource, seen through Pulumi's mocks as any program's test would. */
import * as pulumi from "@pulumi/pulumi";
import * as sftptogo from "pulumi-sftptogo";

interface Registered {
  /** The text in `__provider`. */
  readonly stub: string;
  /** The resource's properties: its arguments, and the outputs beyond them. */
  readonly properties: readonly string[];
}

const classes = {
  Credential: sftptogo.Credential,
  SshPublicKey: sftptogo.SshPublicKey,
  Webhook: sftptogo.Webhook,
  ShareLink: sftptogo.ShareLink,
} as const;
export type BenchKind = keyof typeof classes;

const stubs = new Map<string, string>();
await pulumi.runtime.setMocks({
  newResource({ name, inputs }) {
    stubs.set(name, inputs.__provider);
    return { id: "some-id", state: inputs };
  },
  call: () => ({}),
});
const resources = Object.entries(classes).map(([kind, Class]) => [kind, Class.get(kind, "some/id")] as const);
await Promise.all(resources.map(([, { urn }]) => new Promise((resolve) => void urn.apply(resolve))));
await pulumi.runtime.disconnect();

function registeredAs([kind, resource]: (typeof resources)[number]): [string, Registered] {
  const stub = stubs.get(kind);
  if (stub === undefined) throw new Error(`${kind} registers no __provider.`);
  const properties = Object.entries(resource)
    .filter(([key, value]) => pulumi.Output.isInstance(value) && !["id", "urn"].includes(key))
    .map(([key]) => key)
    .filter((key) => !key.startsWith("__"));
  return [kind, { stub, properties }];
}

export const registered = Object.fromEntries(resources.map(registeredAs)) as Readonly<
  Record<BenchKind, Registered>
>;
