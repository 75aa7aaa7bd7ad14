/** What each class registers, tied to its kind's fields: what is forgotten on either side fails by its name. */
import * as pulumi from "@pulumi/pulumi";
import type { MockResourceArgs } from "@pulumi/pulumi/runtime";
import { beforeEach, describe, expect, test } from "vitest";
import {
  Credential,
  type CredentialArgs,
  CredentialRotation,
  type CredentialRotationArgs,
  PasswordRotation,
  type PasswordRotationArgs,
  ShareLink,
  type ShareLinkArgs,
  SshPublicKey,
  type SshPublicKeyArgs,
  SshPublicKeySet,
  type SshPublicKeySetArgs,
  Webhook,
  type WebhookArgs,
} from "../../provider/index";
import { argumentKeys, keysOf, secretKeys } from "../../provider/lifecycle/fields/vocabulary";
import { type Kind, kinds, typeToken } from "../../provider/protocol/kinds";
import { fieldsOf, secretNames } from "../../provider/resources/fields";
import { mockEngine, resolved } from "../protocol/program";

/** All arguments of each kind, which the compiler holds against the documented interface. */
const all: {
  readonly Credential: Required<CredentialArgs>;
  readonly SshPublicKey: Required<SshPublicKeyArgs>;
  readonly Webhook: Required<WebhookArgs>;
  readonly ShareLink: Required<ShareLinkArgs>;
  readonly PasswordRotation: Required<PasswordRotationArgs>;
  readonly CredentialRotation: Required<CredentialRotationArgs>;
  readonly SshPublicKeySet: Required<SshPublicKeySetArgs>;
} = {
  Credential: {
    alias: "Acme",
    userName: "acme-incoming",
    password: "CANARY-password",
    homeDirectory: "/acme",
    chrootDirectory: "/partners",
    permission: "read-write",
    expiration: "2027-06-30",
    state: "active",
    inboundRules: [{ source: "203.0.113.0/24" }],
    storeSecrets: true,
  },
  SshPublicKey: { credentialId: "c1", sshPublicKeyBody: "ssh-ed25519 AAAA" },
  Webhook: {
    alias: "Arrivals",
    url: "https://hooks.example.com/CANARY",
    type: "webhook",
    topics: ["file.created"],
    authorizationHeader: "Bearer CANARY",
    state: "enabled",
  },
  ShareLink: {
    path: "/reports/",
    permission: "read-only",
    expiresAt: "2027-06-30",
    accessLimit: 5,
    password: "CANARY-password",
    notes: "for the auditors",
    onConsumed: "keep",
  },
  PasswordRotation: {
    credentialId: "c1",
    triggers: [1],
    rotateAfterDays: 30,
    password: "CANARY-password",
    storeSecrets: true,
  },
  CredentialRotation: {
    credentialIds: ["c1", "c2"],
    triggers: [1],
    rotateAfterDays: 30,
    graceDays: 10,
    announceDays: 5,
    state: "active",
    expiration: "2027-06-30",
    storeSecrets: true,
  },
  SshPublicKeySet: { credentialId: "c1", sshPublicKeyBodies: ["ssh-ed25519 AAAA"], overlapDays: 7 },
};

const make: Readonly<Record<Kind, (options: pulumi.CustomResourceOptions) => pulumi.CustomResource>> = {
  Credential: (options) => new Credential("x", all.Credential, options),
  SshPublicKey: (options) => new SshPublicKey("x", all.SshPublicKey, options),
  Webhook: (options) => new Webhook("x", all.Webhook, options),
  ShareLink: (options) => new ShareLink("x", all.ShareLink, options),
  PasswordRotation: (options) => new PasswordRotation("x", all.PasswordRotation, options),
  CredentialRotation: (options) => new CredentialRotation("x", all.CredentialRotation, options),
  SshPublicKeySet: (options) => new SshPublicKeySet("x", all.SshPublicKeySet, options),
};

/** What reached the engine. */
let registered: MockResourceArgs[];

beforeEach(async () => {
  registered = await mockEngine();
});

/** Makes a resource with all arguments; a transformation sees what its class hands to Pulumi. */
async function register(kind: Kind) {
  let seen: pulumi.ResourceTransformationArgs | undefined;
  const transformations: pulumi.ResourceTransformation[] = [
    (handed) => {
      seen = handed;
      return undefined;
    },
  ];
  const resource = make[kind]({ transformations });
  await resolved(resource.urn);
  if (seen === undefined) throw new Error("Nothing was handed to Pulumi.");
  const inputs: Readonly<Record<string, unknown>> = seen.props;
  const options: pulumi.CustomResourceOptions = seen.opts;
  return { resource, inputs, secretOutputs: options.additionalSecretOutputs ?? [] };
}

/** The hash of a declared password; how the service spells a secret that it shows. */
const keptSecrets: Readonly<Record<Kind, readonly string[]>> = {
  Credential: ["__passwordHash"],
  SshPublicKey: [],
  Webhook: ["__spelling"],
  ShareLink: [],
  PasswordRotation: ["__passwordHash"],
  CredentialRotation: [],
  SshPublicKeySet: [],
};

function outputOf(resource: object, key: string): unknown {
  return Object.entries(resource).find(([name]) => name === key)?.[1];
}

describe.each(kinds)("the class %s", (kind) => {
  const fields = fieldsOf[kind];
  const values: Readonly<Record<string, unknown>> = { ...all[kind] };

  const secretArguments = argumentKeys(fields).filter((key) => fields[key]?.secret);

  test("has the arguments that its fields declare", () => {
    expect(Object.keys(values).sort()).toEqual([...argumentKeys(fields)].sort());
  });

  test("is registered under its type", async () => {
    await register(kind);
    expect(registered[0]).toMatchObject({ type: typeToken(kind), name: "x", custom: true });
  });

  test.each(keysOf(fields))("has the output %s", async (key) => {
    const { resource } = await register(kind);
    expect(pulumi.Output.isInstance(outputOf(resource, key)), `${kind}.${key} is no output`).toBe(true);
  });

  test("has no output of which its fields know nothing", async () => {
    const { resource } = await register(kind);
    const outputs = Object.entries(resource).flatMap(([key, value]) =>
      pulumi.Output.isInstance(value) && !key.startsWith("__") ? [key] : [],
    );
    expect(outputs.sort()).toEqual([...keysOf(fields), "id", "urn"].sort());
  });

  test.each(argumentKeys(fields))("passes the argument %s on", async (key) => {
    const { resource } = await register(kind);
    const output = outputOf(resource, key);
    if (!pulumi.Output.isInstance(output)) throw new Error(`${kind}.${key} is no output.`);
    expect(await resolved(output), `${kind}.${key}`).toEqual(values[key]);
  });

  test.each(secretArguments)("seals the argument %s", async (key) => {
    const { inputs } = await register(kind);
    const input = inputs[key];
    expect(pulumi.Output.isInstance(input) && (await pulumi.isSecret(input)), `${kind}.${key}`).toBe(true);
  });

  test("seals no other argument, which would only make the state larger", async () => {
    const { inputs } = await register(kind);
    const sealed = Object.keys(inputs).filter((key) => pulumi.Output.isInstance(inputs[key]));
    expect(sealed.sort()).toEqual([...secretArguments].sort());
  });

  test("keeps its secret outputs secret, and what the state keeps of secrets beside them", async () => {
    const { secretOutputs } = await register(kind);
    const expected = [...secretKeys(fields), ...keptSecrets[kind]];
    expect([...secretOutputs].sort(), `the secret outputs of ${kind}`).toEqual(expected.sort());
  });
});

/**
 * The secrets, written out once more: a field that is taken for public by mistake is public everywhere, and agrees
 * with itself in all of the above.
 */
test("the secrets of all kinds are these", () => {
  expect(Object.fromEntries(kinds.map((kind) => [kind, secretKeys(fieldsOf[kind])]))).toEqual({
    Credential: ["password"],
    SshPublicKey: [],
    Webhook: ["url", "authorizationHeader", "secret"],
    ShareLink: ["password", "url"],
    PasswordRotation: ["password"],
    CredentialRotation: ["password", "previousPassword"],
    SshPublicKeySet: [],
  });
  expect([...secretNames].sort()).toEqual([
    "AuthorizationHeader",
    "Password",
    "Secret",
    "Url",
    "previousPassword",
  ]);
});
