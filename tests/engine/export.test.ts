/**
 * Taking over a whole organization on the real engine, judged by the emulator's ledger and database: 300 objects in
 * the reference's words, and fewer of them in two dialects, since each command takes its time.
 */
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Emulator, startEmulator } from "pulumi-sftptogo/emulator";
import { expect, it, onTestFinished } from "vitest";
import { start } from "#process";
import { createStack } from "#stack";
import { fill } from "../commands/export/organization.ts";
import { type DialectName, speaking } from "../harness/dialects/catalog/index.js";

const root = resolve(import.meta.dirname, "../..");

it.each<[string, number, readonly DialectName[]]>([
  ["the reference's words", 300, []],
  [
    "other spellings",
    48,
    [
      "home-without-slashes",
      "rules-not-in-lists",
      "times-as-iso",
      "authorization-masked-everywhere",
      "topics-reordered",
    ],
  ],
  [
    "other shapes",
    48,
    [
      "ids-special",
      "organization-id-upper-case",
      "passwords-left-out-of-lists",
      "lists-newest-first",
      "rule-ids-left-out",
    ],
  ],
])("takes over an organization in %s: %i objects", async (_, count, dialects) => {
  const emulator = await startEmulator(speaking({ dialects }));
  onTestFinished(() => emulator.close());
  fill(emulator, count);
  const folder = await mkdtemp(join(tmpdir(), "export-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const whole = held(emulator);

  const exported = await runExport(emulator, "--out", join(folder, "partners"));
  expect(exported).toContain(`${count} resources take over what exists.`);
  expect(exported).toContain("is the organization's root credential");
  const text = await textOf(join(folder, "partners"));
  expect(text).not.toContain("canary-");
  expect(text).not.toContain("hooks.example.com");

  await using stack = await createStack({
    program: { copyOf: join(folder, "partners") },
    // The state is written once, at the end of each command; `tsc` checks the types below.
    env: { PULUMI_SKIP_CHECKPOINTS: "true", PULUMI_NODEJS_TRANSPILE_ONLY: "true" },
    config: {
      "sftptogo:baseUrl": emulator.url,
      "sftptogo:organizationId": emulator.organizationId,
      "sftptogo:apiKey": { secret: emulator.apiKey },
      ...secretsIn(text, emulator),
    },
  });
  const compiled = await run(join(root, "node_modules/.bin/tsc"), ["-p", stack.folder], stack.env);
  expect(compiled).toBe("");

  const preview = await stack.preview();
  expect(preview.all).toContain(`+ ${count + 1} to create\n`);
  expect(preview.all.match(/ is taken over as it is\. The engine calls this a create;/g)).toHaveLength(count);
  expect(preview.all).not.toMatch(/to update|to replace|to delete/);
  // Of what the organization holds, some is to be worried about; nothing is said of the adoption.
  const warnings = preview.all.match(/^ *warning: .*/gm) ?? [];
  expect(
    warnings.filter((each) => !/ expires on |\((?:login|link|webhook|rsa|key)-[a-z-]+\)/.test(each)),
  ).toEqual([]);

  await stack.up();
  await stack.expect(["preview", "--expect-no-changes"]);
  expect(writes(emulator)).toEqual([]);
  await stack.expect(["stack", "export", "--file", join(folder, "stack.json")]);
  const again = await runExport(
    emulator,
    "--stack-export",
    join(folder, "stack.json"),
    "--out",
    join(folder, "b"),
  );
  expect(again).toMatch(
    /^Nothing to add\.\n- Credential .* is the organization's root credential: --include-root exports it\.\n$/,
  );
  expect(await readdir(folder)).toEqual(["partners", "stack.json"]);

  await takeOutOptions(stack.folder);
  await stack.expect(["preview", "--expect-no-changes"]);
  await stack.up();
  expect(writes(emulator)).toEqual([]);
  expect(held(emulator)).toEqual(whole);

  await stack.destroy();
  expect([...emulator.data.credentials.values()].map(({ IsDefault }) => IsDefault)).toEqual([true]);
  const { sshPublicKeys, webhooks, shareLinks } = emulator.data;
  expect([sshPublicKeys.size, webhooks.size, shareLinks.size]).toEqual([0, 0, 0]);
});

function writes({ ledger }: Emulator) {
  return ledger.filter(({ method }) => method !== "GET");
}

function held({ data }: Emulator): string {
  const { credentials, sshPublicKeys, webhooks, shareLinks } = data;
  return JSON.stringify([credentials, sshPublicKeys, webhooks, shareLinks].map((map) => [...map.values()]));
}

function runExport(emulator: Emulator, ...args: string[]): Promise<string> {
  return run(process.execPath, [join(root, "dist/commands/main.js"), "export", ...args], {
    ...process.env,
    SFTPTOGO_API_KEY: emulator.apiKey,
    SFTPTOGO_ORGANIZATION_ID: emulator.organizationId,
    SFTPTOGO_BASE_URL: emulator.url,
  });
}

async function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const { code, all } = await start(command, args, { cwd: root, env }).result;
  expect(code, all).toBe(0);
  return all;
}

async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((each) => each.isFile()).map(({ parentPath, name }) => join(parentPath, name));
}

async function textOf(folder: string): Promise<string> {
  return (await Promise.all((await filesOf(folder)).map((file) => readFile(file, "utf8")))).join("\n");
}

/** What a person looks up in the dashboard: the secrets of each webhook, by the keys that the program asks for. */
function secretsIn(text: string, { data }: Emulator): Record<string, { secret: string }> {
  const found: Record<string, { secret: string }> = {};
  for (const [resource, id = ""] of text.matchAll(/new sftptogo\.Webhook\(.*?import:\s+"(.*?)"/gs)) {
    const webhook = data.webhooks.get(id);
    for (const [, key = ""] of resource.matchAll(/requireSecret\(\s*"(.*?)"/g)) {
      found[key] = { secret: (key.endsWith("-url") ? webhook?.Url : webhook?.AuthorizationHeader) ?? "" };
    }
  }
  return found;
}

/** As somebody does it who has taken everything over, and now means to destroy it. */
async function takeOutOptions(folder: string): Promise<void> {
  for (const file of await filesOf(folder)) {
    if (!file.endsWith(".ts")) continue;
    const text = await readFile(file, "utf8");
    await writeFile(file, text.replace(/\{\s+import:\s+"[^"]*",\s+protect: true,?\s+\}/g, "{}"));
  }
}
