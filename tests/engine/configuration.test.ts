/** Key, organization and base URL: where they come from, and what is said, and kept safe, when they are wrong. */
import { type Emulator, startEmulator } from "pulumi-sftptogo/emulator";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createStack, type TestStack } from "#stack";
import { withAnotherKey } from "./otherKey.js";

const program = `
  import * as sftptogo from "pulumi-sftptogo";
  const acme = new sftptogo.Credential("acme", { userName: "acme-incoming" });
  new sftptogo.SshPublicKey("key", {
    credentialId: acme.id,
    sshPublicKeyBody: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDfT8S0pLMNwnMcV7MSgOwDEqGbCGCEfz2jTs1JPpPfv",
  });
  new sftptogo.Webhook("hook", { url: "https://hooks.example.com/sftp", topics: ["file.created"] });
  new sftptogo.ShareLink("link", { path: "/reports/", permission: "read-only" });
  new sftptogo.PasswordRotation("rotation", { credentialId: acme.id });
`;
const kinds = ["credential", "SSH public key", "webhook", "share link", "password rotation"];
/** What a delete would remove: that of a rotation does nothing, and asks nobody. */
const deletable = kinds.filter((kind) => kind !== "password rotation");

let emulator: Emulator;
let stack: TestStack;
beforeEach(async () => {
  emulator = await startEmulator();
});
afterEach(async () => {
  await stack?.dispose();
  await emulator.close();
});

const base = () => ({ "sftptogo:baseUrl": emulator.url });
const organization = () => ({ "sftptogo:organizationId": emulator.organizationId });
const key = () => ({ "sftptogo:apiKey": { secret: emulator.apiKey } });

function writes(of: Emulator): string[] {
  const operations = of.ledger.filter((entry) => entry.method !== "GET").map((entry) => entry.operation);
  of.clearLedger();
  return operations;
}

/** What the stack knows, to compare; ciphertext may differ from one save to the next. */
async function known(): Promise<readonly string[]> {
  const { resources = [] } = await stack.exportState();
  return resources.filter(({ type }) => type.includes("sftptogo")).map(({ urn, id }) => `${urn} ${id}`);
}

function held(): string {
  const { credentials, sshPublicKeys, webhooks, shareLinks } = emulator.data;
  return JSON.stringify([credentials, sshPublicKeys, webhooks, shareLinks].map((map) => [...map.values()]));
}

describe("key and organization", () => {
  it("are asked for in preview, with the commands that set them, and may stand in the environment", async () => {
    stack = await createStack({ program, config: base() });
    const { all } = await stack.preview([], { fails: true });
    expect(all).toContain("set it with `pulumi config set --secret sftptogo:apiKey`");
    expect(all).toContain("set it with `pulumi config set sftptogo:organizationId <id>`");
    expect(emulator.ledger).toEqual([]);

    stack.env.SFTPTOGO_API_KEY = emulator.apiKey;
    stack.env.SFTPTOGO_ORGANIZATION_ID = emulator.organizationId;
    expect((await stack.preview()).all).toContain("+ 6 to create");
    expect((await stack.stateText()).includes(emulator.apiKey)).toBe(false);

    await stack.setConfig(organization());
    stack.env.SFTPTOGO_ORGANIZATION_ID = "another-one";
    stack.env.SFTPTOGO_BASE_URL = "https://api.example.com";
    const contradicted = (await stack.preview([], { fails: true })).all;
    expect(contradicted).toContain(
      "SFTPTOGO_ORGANIZATION_ID contradicts the stack's sftptogo:organizationId " +
        `(another-one against ${emulator.organizationId}): unset the one, or change the other with ` +
        "`pulumi config set sftptogo:organizationId <value>`",
    );
    expect(contradicted).toContain(
      "SFTPTOGO_BASE_URL contradicts the stack's sftptogo:baseUrl: unset the one",
    );
    expect(writes(emulator)).toEqual([]);
  });

  it("are named when the API refuses them, in preview already", async () => {
    stack = await createStack({
      program,
      config: { ...base(), ...organization(), "sftptogo:apiKey": { secret: "not-the-key" } },
    });
    const unauthorized = (await stack.preview([], { fails: true })).all;
    expect(unauthorized).toMatch(
      /Could not list .*\(HTTP 401\)\. The API says: "Unauthorized"\. Check the API key: sftptogo:apiKey, or SFTPTOGO_API_KEY \(an explicit Provider has its own\)\./,
    );
    expect(unauthorized).not.toContain("not-the-key");

    await stack.setConfig(key());
    emulator.addFault({ name: "status", status: 403, times: Number.POSITIVE_INFINITY });
    expect((await stack.preview([], { fails: true })).all).toMatch(
      /\(HTTP 403\)\..* Check what the API key may do, .* and that sftptogo:organizationId is the key's \(/,
    );
    emulator.clearFaults();

    await stack.setConfig({ "sftptogo:organizationId": "another-one" });
    expect((await stack.preview([], { fails: true })).all).toMatch(
      /\(HTTP 404\)\..* Check the organization's id, sftptogo:organizationId /,
    );
    expect(writes(emulator)).toEqual([]);
  });

  it("are limits and switches too, whose values are checked", async () => {
    stack = await createStack({
      program,
      config: { ...base(), ...organization(), ...key(), "sftptogo:maxRetries": "many" },
    });
    expect((await stack.preview([], { fails: true })).all).toContain(
      `sftptogo:maxRetries is "many": give a whole number from 0 to 10`,
    );
  });
});

describe("a key that was rotated", () => {
  it("is taken from the environment by a plain refresh and destroy", async () => {
    stack = await createStack({ program, config: { ...base(), ...organization(), ...key() } });
    await stack.up();
    const before = await known();
    const old = emulator;
    emulator = await withAnotherKey(old);
    writes(emulator);

    const refused = (await stack.refresh([], { fails: true })).all;
    expect(refused).toContain(
      "Check the API key: sftptogo:apiKey, or SFTPTOGO_API_KEY (an explicit Provider has its own).",
    );
    expect((await stack.destroy([], { fails: true })).all).toContain("SFTPTOGO_API_KEY");
    // A rotation's delete asks nobody.
    expect(await known()).toEqual(before.filter((each) => !each.includes("PasswordRotation")));

    stack.env.SFTPTOGO_API_KEY = emulator.apiKey;
    await stack.refresh();
    await stack.up();
    await stack.destroy();
    expect([...emulator.data.credentials.values()]).toEqual([emulator.data.root]);
    expect(emulator.data.webhooks.size + emulator.data.shareLinks.size).toBe(0);
    expect((await stack.stateText()).includes(emulator.apiKey)).toBe(false);
  });
});

describe("the wrong place, by a variable of the environment", () => {
  it("is refused when it is another organization: nothing is dropped, nothing deleted", async () => {
    stack = await createStack({ program, config: { ...base(), ...key() } });
    stack.env.SFTPTOGO_ORGANIZATION_ID = emulator.organizationId;
    await stack.up();
    const [before, server] = [await known(), held()];
    writes(emulator);

    stack.env.SFTPTOGO_ORGANIZATION_ID = "another-one";
    const refreshed = (await stack.refresh([], { fails: true })).all;
    for (const kind of kinds) {
      expect(refreshed).toMatch(
        new RegExp(
          `Refused to read ${kind} \\S+: it belongs to organization ${emulator.organizationId}, and the ` +
            "configured one is another-one\\. Set sftptogo:organizationId .*back to",
        ),
      );
    }
    expect(await known()).toEqual(before);
    const destroyed = (await stack.destroy([], { fails: true })).all;
    expect(destroyed).toMatch(/Refused to delete [\w ]+ \S+: it belongs to organization/);
    expect(await known()).toEqual(before);
    expect(held()).toBe(server);
    expect(writes(emulator)).toEqual([]);
  });

  it("is refused when it is an empty copy of the organization elsewhere", async () => {
    await using elsewhere = Object.assign(
      await startEmulator({ organizationId: emulator.organizationId, apiKey: emulator.apiKey }),
      { [Symbol.asyncDispose]: () => elsewhere.close() },
    );
    stack = await createStack({ program, config: { ...organization(), ...key() } });
    stack.env.SFTPTOGO_BASE_URL = emulator.url;
    await stack.up();
    const [before, server] = [await known(), held()];
    writes(emulator);

    stack.env.SFTPTOGO_BASE_URL = elsewhere.url;
    const refreshed = (await stack.refresh([], { fails: true })).all;
    expect(refreshed).toMatch(/was not found at \S+, but it was recorded at another base URL/);
    expect(await known()).toEqual(before);
    expect((await stack.destroy([], { fails: true })).all).toContain("recorded at another base URL");
    expect((await known()).filter((each) => !each.includes("PasswordRotation"))).toHaveLength(
      deletable.length,
    );
    expect(held()).toBe(server);
    expect(elsewhere.data.credentials.size).toBe(1);

    stack.env.SFTPTOGO_BASE_URL = emulator.url;
    await stack.destroy();
    expect([...emulator.data.credentials.values()]).toEqual([emulator.data.root]);
  });
});
