/** A user's program is unit-testable with Pulumi's own mocks, as the README says. */
import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, test } from "vitest";
import * as sftptogo from "../provider/index";
import type { Kind } from "../provider/protocol/kinds";
import { fieldsOf } from "../provider/resources/fields";
import { sftptogo as built } from "./functions/program";
import { mockEngine, resolved } from "./protocol/program";

const outputs = {
  userName: "acme-incoming",
  password: "generated password",
  host: "acme.sftptogo.com",
  url: "https://portal.sftptogo.com/p/shares/x",
  secret: "a webhook's secret",
};
let registered: Awaited<ReturnType<typeof mockEngine>>;
beforeEach(async () => {
  registered = await mockEngine({ outputs });
});

/** A program of a user: what a partner gets. */
function partner(name: string) {
  const credential = new sftptogo.Credential(name, {
    homeDirectory: `/${name}`,
    permission: "read-write",
    inboundRules: [{ source: "203.0.113.0/24" }],
  });
  const key = new sftptogo.SshPublicKey(name, {
    credentialId: credential.id,
    sshPublicKeyBody: "ssh-ed25519 AAAA ops@acme.example",
  });
  const webhook = new sftptogo.Webhook(name, {
    url: "https://hooks.example.com/sftp",
    topics: ["file.created"],
    authorizationHeader: "Bearer x",
  });
  const link = new sftptogo.ShareLink(name, { path: `/${name}/`, permission: "read-only" });
  const rotation = new sftptogo.PasswordRotation(name, {
    credentialId: credential.id,
    triggers: { month: "2026-07" },
  });
  const set = new sftptogo.SshPublicKeySet(name, {
    credentialId: credential.id,
    sshPublicKeyBodies: ["ssh-ed25519 AAAA ops@acme.example", key.sshPublicKeyBody],
    overlapDays: 7,
  });
  return { credential, key, webhook, link, rotation, set };
}

describe("a program under Pulumi's mocks", () => {
  test("registers what it declares", async () => {
    const { credential, key, webhook, link, rotation, set } = partner("acme");
    await Promise.all([credential, key, webhook, link, rotation, set].map(({ urn }) => resolved(urn)));
    const inputs = (kind: string) => registered.find(({ type }) => type.endsWith(`:${kind}`))?.inputs;
    expect(registered).toHaveLength(6);
    expect(inputs("Credential")).toMatchObject({ homeDirectory: "/acme", permission: "read-write" });
    expect(inputs("SshPublicKey")).toMatchObject({ credentialId: "acme-id" });
    expect(inputs("Webhook")).toMatchObject({ topics: ["file.created"] });
    expect(inputs("ShareLink")).toMatchObject({ path: "/acme/" });
    expect(inputs("PasswordRotation")).toMatchObject({ triggers: { month: "2026-07" } });
    expect(inputs("SshPublicKeySet")).toMatchObject({
      credentialId: "acme-id",
      sshPublicKeyBodies: ["ssh-ed25519 AAAA ops@acme.example", "ssh-ed25519 AAAA ops@acme.example"],
    });
  });

  test("reads the mocks' outputs", async () => {
    const { credential, link, webhook } = partner("acme");
    expect(await resolved(credential.id)).toBe("acme-id");
    expect(await resolved(credential.userName)).toBe("acme-incoming");
    expect(await resolved(link.url)).toBe("https://portal.sftptogo.com/p/shares/x");
    expect(await resolved(webhook.secret)).toBe("a webhook's secret");
  });

  test("sees what is secret", async () => {
    const { credential, webhook, rotation } = partner("acme");
    for (const output of [credential.uri, rotation.uri, webhook.authorizationHeader, webhook.url]) {
      expect(await pulumi.isSecret(output)).toBe(true);
    }
    expect(await pulumi.isSecret(credential.userName)).toBe(false);
  });

  test("forms the address of a login", async () => {
    const { credential, rotation } = partner("acme");
    const uri = "sftp://acme-incoming:generated%20password@acme.sftptogo.com";
    expect(await resolved(credential.uri)).toBe(uri);
    expect(await resolved(rotation.uri)).toBe(uri);
  });

  test("is known in a preview as far as it is: an address waits for what it is made of", async () => {
    registered = await mockEngine({ preview: true });
    const { credential } = partner("acme");
    const { isKnown } = credential.uri as unknown as { isKnown: Promise<boolean> };
    expect(await isKnown).toBe(false);
    expect(await resolved(credential.homeDirectory)).toBe("/acme");
  });
});

const classes = {
  Credential: sftptogo.Credential,
  SshPublicKey: sftptogo.SshPublicKey,
  Webhook: sftptogo.Webhook,
  ShareLink: sftptogo.ShareLink,
  PasswordRotation: sftptogo.PasswordRotation,
  SshPublicKeySet: sftptogo.SshPublicKeySet,
};

describe.each(Object.entries(classes))("%s", (kind, Class) => {
  test("has get, which reads by id", async () => {
    const found = Class.get("existing", "some/id");
    expect(await resolved(found.id)).toBe("some/id");
    expect(registered).toMatchObject([
      { type: `pulumi-nodejs:dynamic/sftptogo:${kind}`, name: "existing", id: "some/id" },
    ]);
    expect(Object.keys(registered[0]?.inputs)).toEqual(["__provider"]);
  });

  test("has isInstance, which knows its own kind only", () => {
    const found = Class.get("existing", "some/id");
    const knowing = Object.entries(classes).filter(([, Each]) => Each.isInstance(found));
    expect(knowing.map(([name]) => name)).toEqual([kind]);
    expect(Class.isInstance({})).toBe(false);
    expect(Class.isInstance(undefined)).toBe(false);
  });

  test("has its type as a static, and goes by the type alone, as policies and stack searches ask", () => {
    expect(Class.__pulumiType).toBe(`pulumi-nodejs:dynamic/sftptogo:${kind}`);
    const knowing = Object.entries(classes).filter(([, Each]) =>
      Each.isInstance({ __pulumiType: Class.__pulumiType }),
    );
    expect(knowing.map(([name]) => name)).toEqual([kind]);
  });

  test("takes an import option, which the engine is not told of as such", async () => {
    const make = Class as new (
      name: string,
      args: object,
      opts: pulumi.CustomResourceOptions,
    ) => pulumi.Resource;
    const made = new make("taken-over", {}, { import: "some/id" });
    await resolved(made.urn);
    expect(registered).toMatchObject([{ id: "", inputs: { __importId: "some/id" } }]);
  });
});

test.each(Object.entries(classes))(
  "every field of %s is an output, even where the program leaves it out",
  (kind, Class) => {
    const found: object = Class.get("existing", "some/id");
    const outputs = Object.entries(found).filter(([, value]) => pulumi.Output.isInstance(value));
    const fields = Object.keys(fieldsOf[kind as Kind]);
    expect(fields.length).toBeGreaterThan(5);
    expect(outputs.map(([name]) => name)).toEqual(expect.arrayContaining(fields));
  },
);

describe("a Provider", () => {
  const right = { apiKey: "a key", organizationId: "an id" };
  // Compiled: what looks for the name that was meant is loaded by a `require` that finds no sources.
  const made = (args: object) => () => new built.Provider("eu", args as sftptogo.ProviderArgs);

  test.each([
    [{ ...right, baseURL: "x" }, 'A Provider has no argument "baseURL": did you mean "baseUrl"?'],
    [{ ...right, apikey: "x" }, 'A Provider has no argument "apikey": did you mean "apiKey"?'],
    [{ ...right, maxRetrys: 1 }, 'A Provider has no argument "maxRetrys": did you mean "maxRetries"?'],
    [{ apikey: "x", organizationId: "y" }, 'A Provider has no argument "apikey": did you mean "apiKey"?'],
    [
      { ...right, region: undefined },
      'A Provider has no argument "region": it has "apiKey", "organizationId", ',
    ],
    [{ organizationId: "y" }, "A Provider needs apiKey"],
    [{ apiKey: "x" }, "A Provider needs organizationId"],
    [{ apiKey: undefined, organizationId: "y" }, "A Provider needs apiKey"],
    [{ apiKey: "x", organizationId: null }, "A Provider needs organizationId"],
    [undefined, "A Provider needs apiKey"],
  ])("refuses %j in the program", (args, message) => {
    expect(made(args as object)).toThrow(message);
    expect(registered).toEqual([]);
  });

  test("takes undefined for what it has a default for, also as an output", async () => {
    const provider = made({ ...right, baseUrl: undefined, maxRetries: pulumi.output(undefined) })();
    await resolved(provider.urn);
    expect(registered[0]?.inputs).toMatchObject({ "sftptogo:maxRetries": "" });
    expect(registered[0]?.inputs).not.toHaveProperty("sftptogo:baseUrl");
  });

  test("is known by isInstance, and others are not", () => {
    class Other extends pulumi.ProviderResource {}
    expect(sftptogo.Provider.isInstance(made(right)())).toBe(true);
    for (const value of [
      new Other("pulumi-nodejs", "dynamic"),
      new Other("aws", "aws"),
      new sftptogo.Credential("acme"),
      { __pulumiType: "pulumi:providers:pulumi-nodejs" },
      {},
      undefined,
      null,
    ]) {
      expect(sftptogo.Provider.isInstance(value)).toBe(false);
    }
  });
});

test("a Provider hands its arguments over as text, with the key secret", async () => {
  const provider = new sftptogo.Provider("eu", { apiKey: "a key", organizationId: "an id", maxRetries: 1 });
  const known = new sftptogo.Credential("acme", {}, { provider });
  await resolved(known.urn);
  expect(registered[0]).toMatchObject({
    type: "pulumi:providers:pulumi-nodejs",
    inputs: {
      "sftptogo:explicit": "true",
      "sftptogo:organizationId": "an id",
      "sftptogo:maxRetries": "1",
    },
  });
  expect(
    await pulumi.isSecret((provider as unknown as { rawConfig: pulumi.Output<unknown> }).rawConfig),
  ).toBe(true);
  expect(registered[1]?.provider).toContain("eu");
});
