/**
 * An export that is adopted and lived with for a year of nightly updates, on the small engine: passwords fall due, keys
 * change, two logins take turns, and people add things. Nothing fails, and the audit says nothing of what the package
 * does itself.
 */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { audit } from "../../../provider/commands/audit/audit";
import { clientFromEnvironment } from "../../../provider/commands/client";
import { exportable } from "../../../provider/commands/export/exportable";
import { exportProject } from "../../../provider/commands/export/project";
import { readInventory } from "../../../provider/commands/inventory/inventory";
import { readStackExports } from "../../../provider/commands/inventory/stackExport";
import { type Kind, kinds, typeToken } from "../../../provider/protocol/kinds";
import { loadProduct } from "../../harness/stage/product.js";
import { type Declared, idOf } from "../../harness/stage/program.js";
import { openSmallStage, type SmallStage } from "../../harness/stage/small.js";
import { changesOf } from "../../harness/stage/stage.js";
import { addKey } from "./organization";

const day = 86_400_000;
const webhookUrl = "https://hooks.example.com/arrivals";

/** What an exported program declares, in its order. */
function declaredBy(text: string): Declared[] {
  const declared: Declared[] = [];
  const classOf = (kind: Kind) =>
    class {
      readonly id;
      constructor(name: string, args: Declared["args"], { import: id }: { import?: string }) {
        this.id = idOf(`${kind} ${name}`);
        declared.push({ name: `${kind} ${name}`, kind, args, import: id });
      }
    };
  const sftptogo = Object.fromEntries(kinds.map((kind) => [kind, classOf(kind)]));
  const pulumi = {
    Config: class {
      requireSecret = () => webhookUrl;
    },
  };
  const body = stripTypeScriptTypes(text)
    .replace(/^import .*$/gm, "")
    .replace(/^export /gm, "");
  new Function("sftptogo", "pulumi", body)(sftptogo, pulumi);
  return declared;
}

async function organization() {
  const stage = await openSmallStage({ product: await loadProduct() });
  onTestFinished(() => stage[Symbol.asyncDispose]());
  const { emulator } = stage;
  const { data } = emulator;
  const { client } = clientFromEnvironment({
    SFTPTOGO_API_KEY: emulator.apiKey,
    SFTPTOGO_ORGANIZATION_ID: emulator.organizationId,
    SFTPTOGO_BASE_URL: emulator.url,
  });
  const folder = mkdtempSync(join(tmpdir(), "year-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));

  const bornAt = new Date(stage.now()).toISOString();
  for (const name of ["acme", "best", "cargo", "cargo-b"]) {
    const { Id } = data.addCredential({
      Alias: name,
      UserName: `${name.replace("-b", "")}-incoming${name.endsWith("-b") ? "-b" : ""}`,
      HomeDirectory: `/${name.replace("-b", "")}`,
      State: name === "cargo-b" ? "inactive" : "active",
    });
    Object.assign(data.credentials.get(Id) ?? {}, { PasswordCreatedAt: bornAt });
    if (!name.startsWith("cargo")) addKey(emulator, Id, `ops@${name}.example`);
  }
  data.addWebhook({ Alias: "arrivals", Url: webhookUrl, Topics: ["file.created"] });
  data.addShareLink({ Path: "/public/", Permission: "read-only", AccessLimit: 1_000 });

  return { stage, data, client, folder };
}

/** The rules and names of the audit's findings, beside the stack. */
async function auditOf(
  { state, now }: SmallStage,
  client: Parameters<typeof readInventory>[0],
  folder: string,
) {
  const resources = [...(await state())].map(([name, { kind, id, outputs }]) => {
    const type = typeToken(kind);
    return { urn: `urn:pulumi:dev::year::${type}::${name}`, type, id, outputs };
  });
  const file = join(folder, "stack.json");
  writeFileSync(file, JSON.stringify({ deployment: { resources } }));
  const managed = await readStackExports([file]);
  const { findings } = audit(await readInventory(client), { now: now(), managed });
  return findings.map(({ rule, object }) => `${rule.id} ${object.name}`);
}

test("an exported program works every night of a year, and nothing it does is found by the audit", async () => {
  const { stage, data, client, folder } = await organization();
  const { emulator } = stage;
  const exported = exportProject(await readInventory(client), {
    organizationId: emulator.organizationId,
    baseUrl: emulator.url,
    folder,
    version: "0.0.0",
    only: exportable,
    includeRoot: false,
    now: stage.now(),
  });
  let program = declaredBy(exported.files.get("index.ts") ?? "");
  expect(program.map(({ kind }) => kind).sort()).toEqual([
    ...["Credential", "Credential", "Credential", "Credential"],
    ...["PasswordRotation", "PasswordRotation", "PasswordRotation", "PasswordRotation"],
    ...["ShareLink", "SshPublicKey", "SshPublicKey", "Webhook"],
  ]);

  const counted: Record<string, number> = {};
  async function night(): Promise<string[]> {
    const report = await stage.up(program);
    expect([...report.failures].map(([name, { message }]) => `${name}: ${message}`)).toEqual([]);
    for (const { operation } of stage.writes()) counted[operation] = (counted[operation] ?? 0) + 1;
    return changesOf(report);
  }
  const change = (name: string, args: object) => {
    program = program.map((each) =>
      each.name === name ? { ...each, args: { ...each.args, ...args } } : each,
    );
  };

  await night();
  expect(counted).toEqual({});
  expect(await night()).toEqual([]);

  // As the guides say: import options go, passwords rotate by age, two logins take turns, one partner has a set of keys.
  const named = (name: string) => program.find((each) => each.name === name)?.args ?? {};
  const isTurns = ({ name }: Declared) => /^PasswordRotation cargo/.test(name);
  const bestKey = named("SshPublicKey best-ops-best-example").sshPublicKeyBody;
  const bestId = data.findCredential("best-incoming")?.Id ?? "";
  // The rotation opens and closes its logins, and says so of one that declares its state.
  expect(named("Credential cargo-b")).toMatchObject({ state: "inactive" });
  program = [
    ...program
      .filter((each) => !isTurns(each) && each.name !== "SshPublicKey best-ops-best-example")
      .map(({ import: _, ...each }) => (each.name === "Credential cargo-b" ? withoutState(each) : each)),
    {
      name: "cargo",
      kind: "CredentialRotation",
      args: {
        credentialIds: [idOf("Credential cargo"), idOf("Credential cargo-b")],
        rotateAfterDays: 60,
        graceDays: 7,
      },
    },
    {
      name: "keys",
      kind: "SshPublicKeySet",
      args: { credentialId: idOf("Credential best"), sshPublicKeyBodies: [bestKey], overlapDays: 14 },
      import: bestId,
    },
  ];
  for (const name of ["acme", "best"]) change(`PasswordRotation ${name}-password`, { rotateAfterDays: 90 });
  await night();
  expect(counted).toEqual({});
  program = program.map(({ import: _, ...each }) => each);

  const added: string[] = [];
  let audits = 0;
  const seen = new Set<string>();
  for (let today = 1; today <= 365; today++) {
    await stage.clock.sleep(day);
    if (today % 70 === 0) {
      change("SshPublicKey acme-ops-acme-example", {
        sshPublicKeyBody: freshKey(`ops-${today}@acme.example`),
      });
      change("keys", { sshPublicKeyBodies: [freshKey(`ops-${today}@best.example`)] });
    }
    if (today % 60 === 30) {
      const name = `walk-in-${today}`;
      data.addCredential({ Alias: name, UserName: `${name}-login`, HomeDirectory: `/${name}` });
      added.push(name);
    }
    if (today % 100 === 50) addKey(emulator, bestId, `intern-${today}@best.example`);
    if (today % 30 === 0) {
      const { failures } = await stage.refresh();
      expect(failures.size).toBe(0);
    }
    await night();
    if (today % 7 === 0) {
      audits++;
      for (const finding of await auditOf(stage, client, folder)) seen.add(finding);
    }
  }

  expect(counted).toEqual({
    // Two passwords every 90 days, and the two logins' turn every 60.
    rotatePassword: 2 * 4 + 6,
    // Opened at each turn, and closed a week later: the year ends before the last one.
    updateCredential: 6 + 5,
    // Of two logins, every 70 days.
    addSshPublicKey: 2 * 5,
    // And what an intern has added to the set, four times.
    removeSshPublicKey: 2 * 5 + 4,
  });
  expect(audits).toBe(52);
  const ofPeople = [...added, "intern-"];
  const standing = [
    // What the organization was like before, and a person has to decide on.
    /^login-(?:open-to-the-world|without-expiry|rules-unused|without-key|password-beside-keys) /,
    /^(?:not-managed|root-password-old) .*/,
  ];
  const own = [...seen].filter((finding) => !ofPeople.some((name) => finding.includes(name)));
  expect(own.filter((finding) => !standing.some((each) => each.test(finding)))).toEqual([]);
  expect(added.every((name) => seen.has(`not-managed ${name}`))).toBe(true);
}, 120_000);

function withoutState({ args: { state: _, ...args }, ...declared }: Declared): Declared {
  return { ...declared, args };
}

function freshKey(comment: string): string {
  const data = { addSshPublicKey: (key: { SshPublicKeyBody: string }) => key } as never;
  return (addKey({ data }, "", comment) as unknown as { SshPublicKeyBody: string }).SshPublicKeyBody;
}
