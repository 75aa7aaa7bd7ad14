/**
 * `npm run layouts [-- word …]`: installs a program under every package manager and layout, or those whose name
 * holds one of the words, and evaluates the stub in it. With a component package, it also lives a stack's life on the
 * real engine and the emulator. Prints a line for each and fails if one is not as expected.
 */

import { mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import {
  evaluate,
  type Installation,
  isFindable,
  type Layout,
  layouts,
  type Use,
  uses,
  Workshop,
} from "#layouts";
import { createStack } from "../engine/stack.ts";

const require = createRequire(import.meta.url);
const dist = resolve(import.meta.dirname, "../../dist");
const { stub } = require(join(dist, "engine/stub.js")) as typeof import("../../provider/engine/stub.ts");
const { startEmulator } = require(
  join(dist, "emulator/index.js"),
) as typeof import("../../provider/emulator/index.ts");

const words = process.argv.slice(2);
const chosen = layouts.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));

await using workshop = await Workshop.open();
let failures = 0;
for (const layout of chosen) {
  for (const use of uses) {
    const outcome = await tryOne(layout, use).catch((error: unknown) => `failed: ${String(error)}`);
    if (outcome.startsWith("failed")) failures += 1;
    console.log(`${layout.name.padEnd(32)} ${use.padEnd(24)} ${outcome}`);
  }
}
if (failures > 0) process.exitCode = 1;

async function tryOne(layout: Layout, use: Use): Promise<string> {
  const installation = await workshop.install(layout, use);
  const evaluated = await evaluate(installation, stub("Credential"));
  const expected = isFindable(layout, use) ? "found" : "Error: Install pulumi-sftptogo: ";
  if (evaluated !== expected) return `failed: ${evaluated}`;
  if (!isFindable(layout, use)) return refuse(installation);
  return use === "component" ? live(installation) : "found";
}

/** A whole life on the engine. */
async function live(installation: Installation): Promise<string> {
  await using stage = await open(installation);
  const { stack, logins } = stage;
  await stack.preview();
  await stack.up();
  if (logins() !== 1) return `failed: ${logins()} logins after up`;
  await stack.expectNoChanges();
  await stack.destroy();
  return logins() === 0
    ? "found; preview, up, refresh and destroy"
    : `failed: ${logins()} logins after destroy`;
}

/** The program is stopped with a sentence, and nothing is sent. */
async function refuse(installation: Installation): Promise<string> {
  await using stage = await open(installation);
  const { all } = await stage.stack.preview([], { fails: true });
  const sentence = /^.*cannot find pulumi-sftptogo.*$/m.exec(all)?.[0];
  return sentence === undefined
    ? `failed: ${all}`
    : `not found; ${sentence.replace(installation.folder, "<folder>")}`;
}

async function open({ folder, env }: Installation) {
  const emulator = await startEmulator();
  // The project lies in the engine tests' folder; its program is the installed one.
  const project = join(folder, "project");
  await mkdir(project);
  await writeFile(join(project, "Pulumi.yaml"), `name: layouts\nruntime: nodejs\nmain: ${folder}\n`);
  const stack = await createStack({
    program: { copyOf: project },
    env,
    config: {
      "sftptogo:baseUrl": emulator.url,
      "sftptogo:organizationId": emulator.organizationId,
      "sftptogo:apiKey": { secret: emulator.apiKey },
    },
  });
  return {
    stack,
    logins: () => emulator.data.credentials.size - 1,
    async [Symbol.asyncDispose]() {
      await stack.dispose();
      await emulator.close();
    },
  };
}
