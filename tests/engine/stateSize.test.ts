import { stat } from "node:fs/promises";
import { join } from "node:path";
import { type Emulator, startEmulator } from "pulumi-sftptogo/emulator";
import { afterEach, expect, it } from "vitest";
import { createStack, STACK_NAME, type TestStack } from "#stack";

const COUNT = 20;
/** For each credential: the engine writes all of the state around each step, so bytes are time. */
const BOUND = 2_600;

let emulator: Emulator;
let stack: TestStack;
afterEach(async () => {
  await stack?.dispose();
  await emulator?.close();
});

it(`is at most ${BOUND} bytes for a credential with all outputs and its password`, async () => {
  emulator = await startEmulator();
  stack = await createStack({
    program: `import { Credential } from "pulumi-sftptogo";
      for (let i = 0; i < ${COUNT}; i++) {
        new Credential("partner-" + i, { homeDirectory: "/partners/" + i, permission: "read-write", state: "active" });
      }`,
    config: {
      "sftptogo:baseUrl": emulator.url,
      "sftptogo:organizationId": emulator.organizationId,
      "sftptogo:apiKey": { secret: emulator.apiKey },
    },
  });
  await stack.up();
  const { resources = [] } = await stack.exportState();
  const credentials = resources.filter(({ type }) => type.endsWith(":Credential"));
  expect(credentials).toHaveLength(COUNT);
  for (const { outputs } of credentials) {
    expect(Object.keys(outputs ?? {})).toEqual(
      expect.arrayContaining(["alias", "userName", "password", "host", "inboundRules", "createdAt"]),
    );
  }
  expect(await bytesEach()).toBeLessThanOrEqual(BOUND);
  await stack.refresh();
  expect(await bytesEach()).toBeLessThanOrEqual(BOUND);
});

/** From the file itself, as the engine writes it, with the stack's and the provider's share of it. */
async function bytesEach(): Promise<number> {
  const file = join(stack.folder, "state/.pulumi/stacks", stack.project, `${STACK_NAME}.json`);
  return (await stat(file)).size / COUNT;
}
