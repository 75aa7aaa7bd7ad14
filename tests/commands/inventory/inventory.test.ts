import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { clientFromEnvironment } from "../../../provider/commands/client";
import { readInventory } from "../../../provider/commands/inventory/inventory";
import { readStackExports } from "../../../provider/commands/inventory/stackExport";
import { SettingsError } from "../../../provider/config/settings";
import { startEmulator } from "../../../provider/emulator";
import { type DialectName, speaking } from "../../harness/dialects/catalog/index";

const webhook = { Url: "https://hooks.example.com/sftp", Topics: ["file.created"] };

async function organization(dialects: readonly DialectName[] = []) {
  const emulator = await startEmulator(speaking({ dialects }));
  onTestFinished(() => emulator.close());
  const { client } = clientFromEnvironment({
    SFTPTOGO_API_KEY: emulator.apiKey,
    SFTPTOGO_ORGANIZATION_ID: emulator.organizationId,
    SFTPTOGO_BASE_URL: emulator.url,
  });
  return { emulator, client };
}

describe("readInventory", () => {
  test("reads each list once, and the keys of each credential", async () => {
    const { emulator, client } = await organization();
    const { Id } = emulator.data.addCredential({ UserName: "acme-incoming" });
    const key = {
      SshPublicKeyBody: "ssh-ed25519 AAAA acme",
      Comment: "acme",
      Fingerprint: "",
      Type: "ed25519",
    };
    emulator.data.addSshPublicKey({ UserId: Id, ...key });
    emulator.data.addWebhook(webhook);
    emulator.data.addShareLink({ Path: "/reports/", Permission: "read-only" });
    const progress: number[] = [];
    const found = await readInventory(client, { onProgress: (done) => progress.push(done) });
    expect(found.credentials).toHaveLength(2);
    expect(found.keys.map(({ UserId }) => UserId)).toEqual([Id]);
    expect([found.webhooks.length, found.links.length, found.unreadable]).toEqual([1, 1, []]);
    expect(progress).toEqual([1, 2]);
    expect(emulator.ledger.map(({ method }) => method)).toEqual(Array(5).fill("GET"));
    expect(new Set(emulator.ledger.map(({ path }) => path)).size).toBe(5);
  });

  test("refuses objects of another organization, and takes the other spelling of an id for the same", async () => {
    const { emulator, client } = await organization();
    const { organizationId } = emulator;
    await readInventory(client, { organizationId: organizationId.toUpperCase() });
    await expect(readInventory(client, { organizationId: "another" })).rejects.toThrow(
      `has objects of organization ${organizationId}, and SFTPTOGO_ORGANIZATION_ID is another`,
    );
  });

  test("reads only what is asked for", async () => {
    const { emulator, client } = await organization();
    await readInventory(client, { only: ["links"] });
    expect(emulator.ledger.map(({ operation }) => operation)).toEqual(["listShareLinks"]);
  });

  test("reads rules by id where the list does not show them", async () => {
    const { emulator, client } = await organization(["rules-not-in-lists"]);
    const { credentials } = await readInventory(client, { only: ["credentials"] });
    expect(credentials[0]?.Settings?.Network?.InboundRules).toEqual([emulator.data.defaultInboundRule]);
  });

  test("says of keys that a list lacks and the credential counts", async () => {
    const { emulator, client } = await organization();
    const { Id } = emulator.data.addCredential({ UserName: "acme-incoming" });
    for (const Comment of ["a", "b", "c"]) {
      const SshPublicKeyBody = `ssh-ed25519 AAAA${Comment} ${Comment}`;
      emulator.data.addSshPublicKey({
        UserId: Id,
        SshPublicKeyBody,
        Comment,
        Fingerprint: "",
        Type: "ed25519",
      });
    }
    emulator.addFault({ name: "silent-cut-list", operation: "listSshPublicKeys", times: 10 });
    const { unreadable } = await readInventory(client);
    expect(unreadable).toMatchObject([{ collection: "keys", id: Id, looksCut: true }]);
  });

  test("refuses a list of credentials without the one that nobody can delete", async () => {
    const { emulator, client } = await organization();
    emulator.data.credentials.clear();
    await expect(readInventory(client)).rejects.toThrow("lacks the organization's root credential");
  });

  test("refuses a list that looks cut", async () => {
    const { emulator, client } = await organization(["pages-total-count"]);
    for (let index = 0; index < 150; index++) emulator.data.addWebhook(webhook);
    await expect(readInventory(client)).rejects.toThrow("The list in the answer is not complete");
  });
});

test("names the environment where the settings are missing", () => {
  expect(() => clientFromEnvironment({})).toThrow(SettingsError);
  // Nothing of a stack's configuration, which no command reads.
  expect(() => clientFromEnvironment({})).toThrow(
    "the API key is missing: set SFTPTOGO_API_KEY; the organization id is missing: set SFTPTOGO_ORGANIZATION_ID " +
      "(it is in the address bar of your dashboard). This command reads the environment, not a stack's configuration.",
  );
});

describe("readStackExport", () => {
  function file(text: string): string {
    const folder = mkdtempSync(join(tmpdir(), "stack-export-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, "stack.json"), text);
    return join(folder, "stack.json");
  }
  const type = "pulumi-nodejs:dynamic/sftptogo:Webhook";
  const urn = `urn:pulumi:dev::partners::${type}::incoming`;

  test("tells which objects the stack manages", async () => {
    const resources = [
      { urn: "urn:pulumi:dev::partners::pulumi:pulumi:Stack::partners-dev", type: "pulumi:pulumi:Stack" },
      { urn, type, id: "w1", outputs: { organizationId: "org-1" } },
      { urn, type, id: "w2", external: true },
    ];
    const found = await readStackExports([file(JSON.stringify({ version: 3, deployment: { resources } }))]);
    expect(found.resources).toEqual([
      { kind: "Webhook", name: "incoming", id: "w1", organizationId: "org-1" },
    ]);
    expect(found.managerOf("Webhook", "w1")?.name).toBe("incoming");
    expect(found.managerOf("Webhook", "w2")).toBeUndefined();
    expect(found.managerOf("Credential", "w1")).toBeUndefined();
  });

  test.each(["{}", "not JSON: s3cret", '{"deployment":{"resources":{}}}'])(
    "refuses %s, and quotes nothing of it",
    async (text) => {
      const message = await readStackExports([file(text)]).catch((error: Error) => error.message);
      expect(message).toContain("is not what `pulumi stack export --file");
      expect(message).not.toContain("s3cret");
    },
  );

  test("says that a file is missing", async () => {
    await expect(readStackExports(["/nowhere.json"])).rejects.toThrow(
      "/nowhere.json cannot be read (ENOENT).",
    );
  });
});
