import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, test } from "vitest";
import { Credential, type CredentialArgs } from "../../../provider/resources/credential/resource";
import { SshPublicKey } from "../../../provider/resources/sshPublicKey/resource";
import { mockEngine, resolved } from "../../protocol/program";

/** What reached the engine. */
let registered: Awaited<ReturnType<typeof mockEngine>>;

beforeEach(async () => {
  registered = await mockEngine({ outputs: { userName: "acme-incoming", host: "acme.sftptogo.com" } });
});

/** A resource's inputs as the engine gets them. */
async function inputsOf(resource: Credential): Promise<Record<string, unknown>> {
  await resolved(resource.urn);
  return registered[0]?.inputs ?? {};
}

const all: CredentialArgs = {
  alias: "Acme",
  userName: "acme-incoming",
  password: "a password",
  homeDirectory: "/acme",
  chrootDirectory: null,
  permission: "read-write",
  expiration: 1814313600000,
  state: "active",
  inboundRules: [{ source: "203.0.113.0/24" }],
  storeSecrets: true,
};

describe("a credential", () => {
  test("is registered with its arguments, the stub and what check has to know", async () => {
    expect(await inputsOf(new Credential("acme", all))).toEqual({
      ...all,
      password: expect.anything(),
      __provider: expect.stringMatching(/\.get\("Credential"\)$/),
      __resourceUrn: "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/sftptogo:Credential::acme",
    });
    expect(registered[0]).toMatchObject({
      type: "pulumi-nodejs:dynamic/sftptogo:Credential",
      name: "acme",
      custom: true,
    });
  });

  test("needs no arguments, and sends none that are left out", async () => {
    expect(Object.keys(await inputsOf(new Credential("acme"))).sort()).toEqual([
      "__provider",
      "__resourceUrn",
    ]);
  });

  test("sends a misspelt argument along, for check to refuse", async () => {
    const misspelt = { permision: "full" } as CredentialArgs;
    expect(await inputsOf(new Credential("acme", misspelt))).toMatchObject({ permision: "full" });
  });

  test("has all outputs of the design", () => {
    const acme = new Credential("acme");
    const outputs = Object.keys(acme).filter((key) => pulumi.Output.isInstance(acme[key as "alias"]));
    expect(outputs.filter((key) => !key.startsWith("__")).sort()).toEqual(
      [
        ...["alias", "userName", "password", "homeDirectory", "chrootDirectory", "permission", "expiration"],
        ...[
          "state",
          "inboundRules",
          "storeSecrets",
          "host",
          "isDefault",
          "organizationId",
          "passwordCreatedAt",
        ],
        ...["createdAt", "id", "urn"],
      ].sort(),
    );
    // Formed when it is asked for: for each credential it would be a tenth of a preview's time.
    expect(pulumi.Output.isInstance(acme.uri)).toBe(true);
  });
});

describe("its secrets", () => {
  test.each([
    ["plain", "a password"],
    ["an output", pulumi.output("a password")],
  ])("are marked where the password is %s", async (_, password) => {
    const acme = new Credential("acme", { password });
    expect(await pulumi.isSecret(acme.password)).toBe(true);
    expect(await resolved(acme.password)).toBe("a password");
  });

  test("include the address, which is formed in the program", async () => {
    const acme = new Credential("acme", { userName: "ops@acme.example", password: "p/ss:w@rd%" });
    expect(await pulumi.isSecret(acme.uri)).toBe(true);
    expect(await resolved(acme.uri)).toBe("sftp://ops%40acme.example:p%2Fss%3Aw%40rd%25@acme.sftptogo.com");
  });

  test("are null where they are not stored, and secret nevertheless", async () => {
    const acme = new Credential("acme", { storeSecrets: false });
    expect(await resolved(acme.uri)).toBeNull();
    expect(await pulumi.isSecret(acme.uri)).toBe(true);
  });

  test("do not make secret what is none", async () => {
    const acme = new Credential("acme", { password: "a password" });
    for (const output of [acme.userName, acme.host, acme.id]) {
      expect(await pulumi.isSecret(output as pulumi.Output<string>)).toBe(false);
    }
  });
});

describe("the import option", () => {
  test("travels as an input, since the engine cannot offer it to dynamic providers", async () => {
    const acme = new Credential("acme", {}, { import: "cfc211269c8c0f925c64b1a223d8eb" });
    expect(await inputsOf(acme)).toMatchObject({ __importId: "cfc211269c8c0f925c64b1a223d8eb" });
    // Nothing reaches the engine as its own import: that would be the mock's id.
    expect(registered[0]?.id).toBe("");
  });
});

describe("get", () => {
  test("reads by id, with the stub alone", async () => {
    const acme = Credential.get("acme", "4ddb2ea265b8eaf7685b4e125a1292");
    expect(Object.keys(await inputsOf(acme))).toEqual(["__provider"]);
    expect(registered[0]).toMatchObject({ id: "4ddb2ea265b8eaf7685b4e125a1292", name: "acme" });
    expect(await resolved(acme.id)).toBe("4ddb2ea265b8eaf7685b4e125a1292");
  });
});

describe("isInstance", () => {
  test("knows a credential, also one of another copy of the package", () => {
    const acme = new Credential("acme");
    expect(Credential.isInstance(acme)).toBe(true);
    const copy = Object.assign(Object.create(pulumi.CustomResource.prototype), {
      __pulumiResource: true,
      __pulumiCustomResource: true,
      __pulumiType: "pulumi-nodejs:dynamic/sftptogo:Credential",
    });
    expect(Credential.isInstance(copy)).toBe(true);
  });

  test("knows what is none", () => {
    const key = new SshPublicKey("key", { credentialId: "x", sshPublicKeyBody: "y" });
    for (const value of [key, {}, null, undefined, "acme", Credential]) {
      expect(Credential.isInstance(value)).toBe(false);
    }
  });
});

describe("the options", () => {
  test("reach the engine as they are, a parent included in the names made by default", async () => {
    class Partner extends pulumi.ComponentResource {
      readonly login: Credential;
      constructor(name: string) {
        super("acme:Partner", name);
        this.login = new Credential(name, {}, { parent: this });
      }
    }
    const partner = new Partner("acme");
    await resolved(partner.login.urn);
    const login = registered.find(({ type }) => type.endsWith(":Credential"));
    expect(login?.inputs.__resourceUrn).toBe(
      "urn:pulumi:dev::shop::acme:Partner$pulumi-nodejs:dynamic/sftptogo:Credential::acme",
    );
  });
});
