/** The programs that people write: languages and module kinds, unknowns, functions, components. */
import { readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type Emulator, startEmulator } from "pulumi-sftptogo/emulator";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createStack, type StackOptions, type TestStack } from "#stack";

const quickstart = resolve(import.meta.dirname, "../../examples/quickstart");

let emulator: Emulator;
let stack: TestStack;
beforeEach(async () => {
  emulator = await startEmulator();
});
afterEach(async () => {
  await stack?.dispose();
  await emulator.close();
});

async function openStack(options: StackOptions): Promise<TestStack> {
  return createStack({
    ...options,
    config: {
      "sftptogo:baseUrl": emulator.url,
      "sftptogo:organizationId": emulator.organizationId,
      "sftptogo:apiKey": { secret: emulator.apiKey },
      ...options.config,
    },
  });
}

/** Up, nothing to do, destroy; and the server is asked in between and after. */
async function liveThrough(look: () => Promise<void> | void): Promise<void> {
  await stack.up();
  await stack.expectNoChanges();
  await look();
  await stack.destroy();
  expect([...emulator.data.credentials.values()]).toEqual([emulator.data.root]);
  expect(emulator.data.webhooks.size + emulator.data.shareLinks.size).toBe(0);
}

function logins() {
  return [...emulator.data.credentials.values()].filter((each) => !each.IsDefault);
}

function expectQuickstart(): void {
  expect(logins()).toMatchObject([{ Alias: "Acme Ltd., invoices", State: "active" }]);
  const sizes = [emulator.data.sshPublicKeys, emulator.data.webhooks, emulator.data.shareLinks];
  expect(sizes.map(({ size }) => size)).toEqual([1, 1, 1]);
}

describe("examples/quickstart", () => {
  it("runs as it is, as CommonJS TypeScript", async () => {
    stack = await openStack({ program: { copyOf: quickstart }, lean: false });
    await liveThrough(expectQuickstart);
  });

  it("runs as an ES module with named imports", async () => {
    const text = await readFile(join(quickstart, "index.ts"), "utf8");
    const named = text
      .replace("* as sftptogo", "{ Credential, PasswordRotation, ShareLink, SshPublicKey, Webhook }")
      .replaceAll("sftptogo.", "");
    expect(named).not.toContain("sftptogo.");
    stack = await openStack({ program: named });
    await liveThrough(expectQuickstart);
  });
});

describe("a plain JavaScript program", () => {
  it("requires the package, and is told of a misspelt argument", async () => {
    stack = await openStack({ program: "", language: "commonjs", lean: false });
    await rm(join(stack.folder, "index.ts"));
    await writeFile(join(stack.folder, "package.json"), `{ "private": true, "main": "index.js" }`);
    const write = (args: string) =>
      writeFile(
        join(stack.folder, "index.js"),
        `const { Credential, isInstance } = require("pulumi-sftptogo");
         const acme = new Credential("acme", { ${args} });
         exports.isOne = Credential.isInstance(acme);
         exports.permission = acme.permission;`,
      );
    await write(`permision: "read-only"`);
    expect((await stack.preview([], { fails: true })).all).toContain(
      'there is no argument "permision": did you mean "permission"?',
    );
    await write(`permission: "read-only"`);
    await liveThrough(async () => {
      expect(await stack.outputs()).toEqual({ isOne: true, permission: "read-only" });
    });
  });
});

describe("what is not known in a first preview", () => {
  it("may be a scalar, a list, an object, or in one, in each kind of resource", async () => {
    stack = await openStack({
      program: `
        import * as sftptogo from "pulumi-sftptogo";
        const first = new sftptogo.Credential("first");
        const unknown = <T>(value: T) => first.createdAt.apply(() => value);
        const second = new sftptogo.Credential("second", {
          alias: first.id,
          userName: unknown("second-user-name"),
          password: unknown("Not-Known-Yet-1!"),
          expiration: first.createdAt.apply((time) => time + 30 * 86_400_000),
          inboundRules: unknown([{ source: "203.0.113.0/24" }]),
        });
        new sftptogo.Credential("third", {
          inboundRules: [{ source: unknown("203.0.113.7"), protocol: "SFTP" }, unknown({ source: "203.0.113.8" })],
        });
        new sftptogo.SshPublicKey("key", {
          credentialId: second.id,
          sshPublicKeyBody: unknown(
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDfT8S0pLMNwnMcV7MSgOwDEqGbCGCEfz2jTs1JPpPfv",
          ),
        });
        new sftptogo.Webhook("hook", {
          url: unknown("https://hooks.example.com/sftp"),
          type: unknown("webhook"),
          topics: [unknown("file.created"), "file.deleted"],
          authorizationHeader: unknown("Bearer not-known-yet"),
        });
        new sftptogo.Webhook("other", {
          url: "https://hooks.example.com/other", topics: unknown(["file.created"]),
        });
        new sftptogo.ShareLink("link", {
          path: unknown("/reports/"), permission: unknown("read-only"), accessLimit: unknown(3),
          password: unknown("Not-Known-Yet-1!"),
        });
        new sftptogo.PasswordRotation("rotation", {
          credentialId: second.id, triggers: { of: unknown("first"), all: [unknown(1)] },
          rotateAfterDays: unknown(30),
        });
      `,
    });
    expect((await stack.preview()).stdout).toContain("+ 9 to create");
    expect(emulator.ledger.filter(({ method }) => method !== "GET")).toEqual([]);
    await liveThrough(() => {
      expect(logins().map(({ UserName }) => UserName)).toContain("second-user-name");
      expect([...emulator.data.webhooks.values()].map(({ Topics }) => Topics)).toEqual(
        expect.arrayContaining([["file.created", "file.deleted"], ["file.created"]]),
      );
      const rules = logins().map(({ Settings }) => Settings.Network.InboundRules.map(({ Source }) => Source));
      expect(rules).toEqual(
        expect.arrayContaining([["0.0.0.0/0"], ["203.0.113.0/24"], ["203.0.113.7", "203.0.113.8"]]),
      );
    });
  });
});

describe("functions in a program", () => {
  it("read what is there, plain and as Output, and keep secrets out or marked", async () => {
    const there = emulator.data.addCredential({ UserName: "acme-incoming", Alias: "Acme" });
    emulator.data.addCredential({ UserName: "acme-outgoing", Alias: "Twice" });
    emulator.data.addCredential({ UserName: "acme-archives", Alias: "Twice" });
    const hook = emulator.data.addWebhook({ Url: "https://hooks.example.com/", Topics: ["file.created"] });
    const link = emulator.data.addShareLink({ Path: "/reports/", Permission: "read-only" });
    const program = (more: string) => `
      import * as sftptogo from "pulumi-sftptogo";
      const acme = await sftptogo.getCredential({ userName: "acme-incoming" });
      export const plain = { id: acme.id, hasPassword: acme.password !== undefined };
      export const output = sftptogo.getCredentialOutput({ alias: "Acme" }).password;
      export const counts = [
        (await sftptogo.getCredentials()).length,
        (await sftptogo.getSshPublicKeys({ credentialId: acme.id })).length,
        (await sftptogo.getWebhooks()).length,
        (await sftptogo.getShareLinks()).length,
      ];
      const hook = { id: "${hook.Id}" };
      export const urls = [
        (await sftptogo.getWebhook(hook)).url === undefined,
        (await sftptogo.getWebhook(hook, { includeSecrets: true })).url,
      ];
      export const link = sftptogo.getShareLinkOutput({ id: "${link.Id}" }).url;
      ${more}
    `;
    stack = await openStack({ program: program("") });
    await stack.up();
    expect(await stack.outputs()).toEqual({
      plain: { id: there.Id, hasPassword: false },
      output: "[secret]",
      counts: [4, 0, 1, 1],
      urls: [true, "https://hooks.example.com/"],
      link: "[secret]",
    });
    const { output } = await stack.outputs({ showSecrets: true });
    expect(output === there.Password).toBe(true);

    await stack.writeProgram(program(`await sftptogo.getCredential({ alias: "Nobody" });`));
    const { all } = await stack.preview([], { fails: true });
    expect(all).toMatch(
      /error: Could not find a credential with the alias "Nobody"\. The organization has none\.$/m,
    );
    // No frames of ours, and no properties of the error.
    expect(all).not.toMatch(/^ +at |unhandled exception|aftermath/m);
    // Nor where it fails when the program has run to its end.
    await stack.writeProgram(
      program(
        `sftptogo.getCredentials().then(() => Promise.all([
          sftptogo.getCredential({ id: "nobody" }), sftptogo.getCredential({} as { id: string })]));
        sftptogo.getCredential({ alias: "Twice" });`,
      ),
    );
    const late = await stack.preview([], { fails: true });
    expect(late.all).toMatch(/error: .*There are 2 credentials with the alias "Twice"/);
    expect(late.all).toMatch(/error: .*getCredential takes exactly one of/);
    expect(late.all).not.toMatch(/^ +at |unhandled exception|aftermath/m);
    await stack.writeProgram(program(`sftptogo.getCredentialOutput({ alias: "Twice" });`));
    expect((await stack.preview([], { fails: true })).all).toMatch(
      /There are 2 credentials with the alias "Twice" \(ids \w+, \w+\): ask for one by id\./,
    );
    expect(emulator.ledger.filter(({ method }) => method !== "GET")).toEqual([]);
  });
});

describe("components", () => {
  it("give siblings, and equal names under different parents, logins and webhooks of their own", async () => {
    stack = await openStack({
      program: `
        import * as pulumi from "@pulumi/pulumi";
        import * as sftptogo from "pulumi-sftptogo";
        class Partner extends pulumi.ComponentResource {
          readonly userNames: pulumi.Output<string[]>;
          constructor(type: string, name: string) {
            super(type, name);
            const parent = { parent: this };
            const incoming = new sftptogo.Credential("incoming", {}, parent);
            const outgoing = new sftptogo.Credential("outgoing", {}, parent);
            new sftptogo.PasswordRotation("rotation", { credentialId: incoming.id }, parent);
            this.userNames = pulumi.all([incoming.userName, outgoing.userName]);
          }
        }
        export const acme = new Partner("example:Acme", "acme").userNames;
        export const other = new Partner("example:Other", "other").userNames;
      `,
    });
    expect((await stack.preview()).stdout).toContain("+ 9 to create");
    await liveThrough(async () => {
      const { acme, other } = (await stack.outputs()) as { acme: string[]; other: string[] };
      const names = [...acme, ...other];
      expect(new Set(names).size).toBe(4);
      for (const name of names) expect(name).toMatch(/^(incoming|outgoing)-[0-9a-f]{8}$/);
      expect(
        logins()
          .map(({ UserName }) => UserName)
          .sort(),
      ).toEqual(names.sort());
    });
  });
});
