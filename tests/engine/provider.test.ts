/** A second organization by an explicit `Provider`, beside the one of the stack's configuration. */
import { type Emulator, startEmulator } from "pulumi-sftptogo/emulator";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createStack, type TestStack } from "#stack";
import { withAnotherKey } from "./otherKey.js";

const program = `
  import * as pulumi from "@pulumi/pulumi";
  import * as sftptogo from "pulumi-sftptogo";
  const config = new pulumi.Config();
  const eu = new sftptogo.Provider("eu", {
    apiKey: config.requireSecret("euKey"),
    organizationId: config.require("euOrganization"),
    baseUrl: config.require("euUrl"),
    maxRetries: 0,
  });
  new sftptogo.Credential("home", { userName: "acme-incoming" });
  const away = new sftptogo.Credential("away", { userName: "acme-incoming" }, { provider: eu });
  const key = new sftptogo.SshPublicKey("key", {
    credentialId: away.id,
    sshPublicKeyBody: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDfT8S0pLMNwnMcV7MSgOwDEqGbCGCEfz2jTs1JPpPfv",
  }, { provider: eu });
  new sftptogo.Webhook("hook", {
    url: "https://hooks.example.com/sftp", topics: ["file.created"],
  }, { provider: eu });
  new sftptogo.ShareLink("link", { path: "/reports/", permission: "read-only" }, { provider: eu });
  const rotation = new sftptogo.PasswordRotation("rotation", { credentialId: away.id }, { provider: eu });

  const named = { userName: "acme-incoming" };
  export const ids = [
    (await sftptogo.getCredential({ alias: "Root" })).id,
    (await sftptogo.getCredential({ alias: "Root" }, { provider: eu })).id,
  ];
  // Asked after they were made: a list from before would not have them.
  export const awayId = rotation.id.apply(() => sftptogo.getCredential(named, { provider: eu })).id;
  export const keys = sftptogo.getSshPublicKeysOutput(
    { credentialId: key.credentialId }, { provider: eu, includeSecrets: false },
  ).length;
  export const roots = sftptogo.getCredentialsOutput({ provider: eu, includeSecrets: false })
    .apply((all) => all.filter((each) => each.isDefault).map((each) => each.id));
`;

let own: Emulator;
let eu: Emulator;
let stack: TestStack;
beforeEach(async () => {
  [own, eu] = [await startEmulator(), await startEmulator()];
});
afterEach(async () => {
  await stack?.dispose();
  await Promise.all([own.close(), eu.close()]);
});

describe("a second organization", () => {
  it("has its own objects, functions and key, and nothing of the environment", async () => {
    stack = await createStack({
      program,
      config: {
        "sftptogo:baseUrl": own.url,
        "sftptogo:organizationId": own.organizationId,
        euUrl: eu.url,
        euOrganization: eu.organizationId,
        euKey: { secret: eu.apiKey },
      },
      env: { SFTPTOGO_API_KEY: own.apiKey },
    });
    await stack.up();
    await stack.expectNoChanges();
    const login = eu.data.findCredential("acme-incoming");
    expect(own.data.findCredential("acme-incoming")?.Id).not.toBe(login?.Id);
    expect([own.data.credentials.size, eu.data.credentials.size]).toEqual([2, 2]);
    expect([own.data.webhooks.size, own.data.shareLinks.size, own.data.sshPublicKeys.size]).toEqual([
      0, 0, 0,
    ]);
    expect([eu.data.webhooks.size, eu.data.shareLinks.size, eu.data.sshPublicKeys.size]).toEqual([1, 1, 1]);
    expect(await stack.outputs()).toEqual({
      ids: [own.data.root.Id, eu.data.root.Id],
      awayId: login?.Id,
      keys: 1,
      roots: [eu.data.root.Id],
    });
    expect((await stack.stateText()).includes(eu.apiKey)).toBe(false);

    eu = await withAnotherKey(eu);
    expect((await stack.refresh([], { fails: true })).all).toContain("(HTTP 401)");
    await stack.setConfig({ euKey: { secret: eu.apiKey } });
    const taken = await stack.up();
    expect(taken.stdout).toContain("~ 1 updated");
    expect(eu.ledger.filter(({ method }) => method !== "GET")).toEqual([]);
    await stack.refresh();
    await stack.expectNoChanges();

    await stack.setConfig({ euOrganization: own.organizationId });
    expect((await stack.preview([], { fails: true })).all).toMatch(
      new RegExp(`Refused to update .* Set the Provider's organizationId back to ${eu.organizationId}`),
    );
    await stack.setConfig({ euOrganization: eu.organizationId });
    await stack.expectNoChanges();

    await stack.destroy();
    for (const { data } of [own, eu]) {
      expect([...data.credentials.values()]).toEqual([data.root]);
      expect(data.webhooks.size + data.shareLinks.size + data.sshPublicKeys.size).toBe(0);
    }
    expect((await stack.exportState()).resources ?? []).toEqual([]);

    // A partner moves: not the login of this resource, which is here, but another one by another name.
    const partner = (name: string, options: string) => `
      ${program.slice(0, program.indexOf("new sftptogo.Credential"))}
      new sftptogo.Credential("${name}", { userName: "acme-incoming" }, ${options});
    `;
    await stack.writeProgram(partner("acme", "{}"));
    await stack.up();
    await stack.writeProgram(partner("acme", "{ provider: eu }"));
    expect((await stack.preview([], { fails: true })).all).toContain(
      `back to ${own.organizationId}, or the resource's option \`provider\` to what it was.`,
    );
    await stack.writeProgram(partner("acme-eu", "{ provider: eu }"));
    await stack.up();
    expect(own.data.findCredential("acme-incoming")).toBeUndefined();
    expect(eu.data.findCredential("acme-incoming")).toBeDefined();
  });

  it("is asked for in its own words where its key is missing or its organization unfit", async () => {
    const program = (apiKey: string) => `
      import * as pulumi from "@pulumi/pulumi";
      import * as sftptogo from "pulumi-sftptogo";
      const eu = new sftptogo.Provider("eu", {
        apiKey: ${apiKey} as any, organizationId: "a/b", maxRetries: 11, preflight: "perhaps" as any,
      });
      new sftptogo.Credential("away", {}, { provider: eu });
    `;
    stack = await createStack({
      program: program("pulumi.output(undefined)"),
      config: {
        "sftptogo:baseUrl": own.url,
        "sftptogo:organizationId": own.organizationId,
        "sftptogo:apiKey": { secret: own.apiKey },
      },
    });
    const { all } = await stack.preview([], { fails: true });
    expect(all).toContain("the Provider's apiKey is missing: pass one, e.g.");
    expect(all).toContain("the Provider's organizationId must be the plain id");
    expect(all).toContain(`the Provider's maxRetries is "11": give a whole number from 0 to 10`);
    expect(all).toContain(`the Provider's preflight is "perhaps": give true or false`);
    await stack.writeProgram(program("undefined"));
    expect((await stack.preview([], { fails: true })).all).toContain("A Provider needs apiKey");
    expect(own.ledger).toEqual([]);
  });
});
