/** What the program does, on the real engine (`pulumi` has to be on the PATH) and the emulator. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation/index.js";
import { type Emulator, startEmulator } from "pulumi-sftptogo/emulator";
import { afterAll, beforeAll, expect, test } from "vitest";

let backend: string;
let emulator: Emulator;
let stack: Stack;

beforeAll(async () => {
  backend = await mkdtemp(join(tmpdir(), "partners-"));
  emulator = await startEmulator();
  stack = await LocalWorkspace.createOrSelectStack(
    { stackName: "test", workDir: import.meta.dirname },
    {
      envVars: {
        PULUMI_BACKEND_URL: pathToFileURL(backend).href,
        PULUMI_CONFIG_PASSPHRASE: "test",
        SFTPTOGO_BASE_URL: emulator.url,
        SFTPTOGO_ORGANIZATION_ID: emulator.organizationId,
        SFTPTOGO_API_KEY: emulator.apiKey,
      },
    },
  );
}, 120_000);

afterAll(async () => {
  await emulator.close();
  await rm(backend, { recursive: true, force: true });
});

/** The login that the program makes: the only one beside root. */
function partner() {
  const [login, ...more] = [...emulator.data.credentials.values()].filter((each) => !each.IsDefault);
  expect(more).toEqual([]);
  return login;
}

test("a connection that breaks after the account was made leaves one account", async () => {
  emulator.addFault({ name: "reset", when: "after", operation: "createCredential" });
  await stack.up();
  expect(partner()?.Permission).toBe("read-write");
}, 120_000);

test("a permission widened in the dashboard is put back", async () => {
  const login = partner();
  if (login !== undefined) login.Permission = "full";
  await stack.up({ refresh: true });
  expect(partner()?.Permission).toBe("read-write");
}, 120_000);

test("destroy takes the login away", async () => {
  await stack.destroy();
  expect(partner()).toBeUndefined();
}, 120_000);
