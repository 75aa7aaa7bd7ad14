/** `export --import-file` and `pulumi import --file`, on an engine that takes inputs and outputs in it. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { startEmulator } from "pulumi-sftptogo/emulator";
import { expect, it, onTestFinished } from "vitest";
import { findEngine } from "#engine";
import { start } from "#process";
import { createStack } from "#stack";

const { version } = await findEngine();
const [, minor = 0] = version.split(".").map(Number);

// The one that this project builds is older: the engine of whoever has a newer one on the PATH.
it.skipIf(minor < 254)("brings in what holds no secret, which no state shows then", async () => {
  const emulator = await startEmulator({ demo: true });
  const [webhook] = emulator.data.webhooks.values();
  const webhookUrl = webhook?.Url ?? "";
  onTestFinished(() => emulator.close());
  const folder = await mkdtemp(join(tmpdir(), "import-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, "import.json");
  const command = [
    resolve(import.meta.dirname, "../../dist/commands/main.js"),
    "export",
    "--out",
    join(folder, "partners"),
    "--import-file",
    file,
  ];
  const env = {
    ...process.env,
    SFTPTOGO_BASE_URL: emulator.url,
    SFTPTOGO_ORGANIZATION_ID: emulator.organizationId,
    SFTPTOGO_API_KEY: emulator.apiKey,
  };
  const exported = await start(process.execPath, command, { cwd: folder, env }).result;
  expect(exported.code, exported.all).toBe(0);
  expect(exported.stdout).toContain(
    `Not in ${file}, so that only the import option takes it over:\n\n- Webhook "arrivals"`,
  );
  const text = await readFile(file, "utf8");
  const { root, credentials, shareLinks } = emulator.data;
  const secrets = [
    webhookUrl,
    ...[...credentials.values(), root].map(({ Password }) => Password),
    ...[...shareLinks.values()].map(({ Url }) => Url),
  ];
  for (const secret of secrets) expect(text).not.toContain(secret);

  await using stack = await createStack({
    program: { copyOf: join(folder, "partners") },
    config: {
      "sftptogo:baseUrl": emulator.url,
      "sftptogo:organizationId": emulator.organizationId,
      "sftptogo:apiKey": { secret: emulator.apiKey },
      "webhook-arrivals-url": { secret: webhookUrl },
    },
  });
  const imported = await stack.expect(["import", "--file", file, "--yes", "--generate-code=false"]);
  expect(imported.all).toContain("= 3 imported");
  // Before any program has said what is secret: twice, since the second one reads the state of the first.
  for (let refresh = 0; refresh < 2; refresh++) await stack.refresh();
  const preview = await stack.preview();
  expect(preview.all).toContain("+ 1 to create");
  expect(preview.all).toContain("4 unchanged");
  await stack.up();
  await stack.expectNoChanges();
  expect(emulator.ledger.filter(({ method }) => method !== "GET")).toEqual([]);
  const state = await stack.stateText();
  for (const secret of secrets) expect(state).not.toContain(secret);
  const { resources = [] } = await stack.exportState();
  const { outputs = {} } = resources.find(({ type }) => type.endsWith(":Credential")) ?? {};
  expect(JSON.stringify(outputs.password)).toContain("ciphertext");
});
