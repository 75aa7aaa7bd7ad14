/** `pulumi-sftptogo doctor` beside the real command of Pulumi; the unit tests have a stand-in for it. */
import { resolve } from "node:path";
import { startEmulator } from "pulumi-sftptogo/emulator";
import { expect, it, onTestFinished } from "vitest";
import { start } from "#process";
import { createStack } from "#stack";

const command = resolve(import.meta.dirname, "../../dist/commands/main.js");

it("reads the stack's settings, uses its secret key without showing it, and says what keeps it from reading", async () => {
  const emulator = await startEmulator();
  onTestFinished(() => emulator.close());
  await using stack = await createStack({
    program: "",
    config: {
      "sftptogo:baseUrl": emulator.url,
      "sftptogo:organizationId": { secret: emulator.organizationId },
      "sftptogo:apiKey": { secret: emulator.apiKey },
      "sftptogo:maxRetries": "5",
    },
  });
  const run = (env: Record<string, string> = {}) =>
    start(process.execPath, [command, "doctor"], { cwd: stack.folder, env: { ...stack.env, ...env } }).result;

  const fine = await run();
  expect(fine.all).toMatch(/^ok +engine +v?3\.\d+\.\d+/m);
  expect(fine.all).toMatch(/^ok +stack +dev$/m);
  expect(fine.all).toMatch(/^ok +apiKey +set, from stack dev$/m);
  expect(fine.all).toMatch(/^ok +access +the key reaches the organization$/m);
  expect(fine.all).toMatch(/^ok +maxRetries +5, from stack dev$/m);
  expect(fine.all).toMatch(/^ok +organizationId +<not shown>, from stack dev$/m);
  expect(fine.code).toBe(0);
  for (const secret of [emulator.apiKey, emulator.organizationId]) expect(fine.all).not.toContain(secret);

  const locked = await run({ VAULT_SERVER_URL: "http://127.0.0.1:1" });
  expect(locked.all).toMatch(/^odd +stack +.*`pulumi config get sftptogo:.*` failed\n +run `/m);
  expect(locked.code).toBe(2);

  const unselected = await run({ PULUMI_STACK: "" });
  expect(unselected.all).toMatch(/^odd +stack +.*no stack is selected\n +run `pulumi stack select <stack>`/m);
  expect(unselected.code).toBe(2);
});
