/**
 * `npm run demo`: the life of examples/quickstart on the real engine, against the emulator.
 *
 * The project is laid out as at the root of this repository, in a folder of its own with a backend of its own.
 * Each step shows what the engine printed and then what was checked, at the emulator where it matters; the
 * first thing that does not hold ends the demo with exit code 1.
 *
 * With `--keep`, emulator and stack stay until Ctrl+C, with a line on how to look at them.
 */
import assert from "node:assert/strict";
import { createHmac, randomBytes } from "node:crypto";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { delimiter, join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { type Emulator, startEmulator } from "pulumi-sftptogo/emulator";
import { WORK_FOLDER } from "#engine";
import type { CommandResult } from "#process";
import { createStack, EngineCommandError, type TestStack } from "#stack";

const PROJECT_ROOT = resolve(import.meta.dirname, "../..");
const PROGRAM = "examples/quickstart/index.ts";
/** The stack itself, a credential, its key and its rotation, a webhook and a share link. */
const RESOURCES = 6;

interface Stage {
  readonly emulator: Emulator;
  readonly stack: TestStack;
  /** All that the engine printed so far. */
  readonly printed: string[];
  /** Every secret that was in use so far: none of them may be printed, or stand in state readably. */
  readonly secrets: Set<string>;
}

/** A part of the demo. */
interface Step {
  readonly heading: string;
  /** In a few words what holds after it, for the last line. */
  readonly short: string;
  /** Rejects if something does not hold; else returns what was seen to hold. */
  run(stage: Stage): Promise<string>;
}

const steps: readonly Step[] = [
  {
    heading: "Preview: what would be made",
    short: "preview",
    async run(stage) {
      const { stdout } = await pulumi(stage, ["preview"]);
      assert.match(stdout, new RegExp(`\\+ ${RESOURCES} to create`));
      assert.deepEqual(changes(stage), []);
      return "Nothing was changed at the emulator.";
    },
  },
  {
    heading: "Up: make it",
    short: "up",
    async run(stage) {
      await pulumi(stage, ["up", "--yes", "--skip-preview"]);
      const { data } = stage.emulator;
      const partner = thePartner(stage);
      assert.equal(partner.State, "active");
      assert.equal(partner.Permission, "read-write");
      assert.deepEqual(
        partner.Settings.Network.InboundRules.map((rule) => rule.Source),
        ["203.0.113.0/24", "2001:db8:42::/48"],
      );
      assert.equal(data.sshPublicKeysOf(partner.Id).length, 1);
      assert.equal(data.webhooks.size, 1);
      assert.equal(data.shareLinks.size, 1);
      return "The emulator holds the login with its two network rules and its key, the webhook and the link.";
    },
  },
  {
    heading: "Preview again: empty",
    short: "empty preview",
    async run(stage) {
      await pulumi(stage, ["preview", "--expect-no-changes"]);
      assert.deepEqual(changes(stage), []);
      return "The engine sees nothing to do.";
    },
  },
  {
    heading: "Somebody widens the login's permission in the dashboard: refresh shows it",
    short: "drift shown",
    async run(stage) {
      thePartner(stage).Permission = "full";
      const { stdout } = await pulumi(stage, ["refresh", "--yes", "--skip-preview", "--diff"]);
      assert.match(stdout, /~ permission *: "read-write" => "full"/);
      assert.match(stdout, /~ 1 updated/);
      assert.deepEqual(changes(stage), []);
      return "One difference was found, and looking for it changed nothing.";
    },
  },
  {
    heading: "Up: put it right",
    short: "drift repaired",
    async run(stage) {
      await pulumi(stage, ["up", "--yes", "--skip-preview"]);
      assert.equal(thePartner(stage).Permission, "read-write");
      assert.deepEqual(changes(stage), ["updateCredential"]);
      return "The permission is read-write again, by one request.";
    },
  },
  {
    heading: "Rotate the password: another trigger",
    short: "password rotated",
    async run(stage) {
      const before = await passwordOutput(stage);
      await pulumi(stage, ["config", "set", "rotation", "second"]);
      await pulumi(stage, ["up", "--yes", "--skip-preview"]);
      const after = await passwordOutput(stage);
      // Not `assert.equal`, which would print both values.
      assert.ok(after !== before, "the password is still the old one");
      assert.ok(after === thePartner(stage).Password, "the stack's password is not the emulator's");
      assert.deepEqual(changes(stage), ["rotatePassword"]);
      const salt = randomBytes(16);
      return `The password differs, and is the one that the login has now. Salted hashes:
old ${saltedHash(salt, before)}
new ${saltedHash(salt, after)}`;
    },
  },
  {
    heading: "A slip in the program: refused in preview",
    short: "slip refused",
    async run(stage) {
      const file = join(stage.stack.folder, PROGRAM);
      const program = await readFile(file, "utf8");
      const slip = program.replace('permission: "read-write"', 'permission: "read-wriet"');
      assert.notEqual(slip, program);
      const held = objects(stage);
      const known = await knownObjects(stage);
      await writeFile(file, slip);
      const { all } = await pulumi(stage, ["preview"], { fails: true });
      await writeFile(file, program);
      assert.match(all, /did you mean "read-write"/i);
      assert.deepEqual(changes(stage), []);
      assert.equal(objects(stage), held);
      assert.deepEqual(await knownObjects(stage), known);
      return "Nothing was changed, and the stack still knows all it has.";
    },
  },
  {
    heading: "Program put right: empty again, and no secret told",
    short: "no secret told",
    async run(stage) {
      await pulumi(stage, ["preview", "--refresh", "--expect-no-changes"]);
      const readable = [...stage.printed, await stage.stack.stateText()].join("\n");
      const told = [...stage.secrets].filter((secret) => readable.includes(secret));
      assert.equal(told.length, 0, `${told.length} of ${stage.secrets.size} secrets can be read`);
      return `None of the ${stage.secrets.size} secrets in use was printed, or stands in state readably.`;
    },
  },
];

const lastStep: Step = {
  heading: "Destroy: only root is left",
  short: "only root left",
  async run(stage) {
    await pulumi(stage, ["destroy", "--yes", "--skip-preview"]);
    const { data } = stage.emulator;
    assert.deepEqual([...data.credentials.values()], [data.root]);
    assert.equal(data.sshPublicKeys.size + data.webhooks.size + data.shareLinks.size, 0);
    assert.deepEqual((await stage.stack.exportState()).resources ?? [], []);
    return "The emulator holds the root login and nothing else; the stack is empty.";
  },
};

/** Runs a `pulumi` command as it would be typed, and shows the command and what it printed. */
async function pulumi(
  stage: Stage,
  args: readonly string[],
  expectation?: { readonly fails: true },
): Promise<CommandResult> {
  say(`   $ pulumi ${args.join(" ")}`);
  const result = await stage.stack.expect(args, expectation);
  stage.printed.push(result.all);
  // Without the blank lines, and the dots that mark the time where there is no terminal.
  const lines = result.all.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("@ "));
  for (const line of lines) say(`     ${line.trimEnd()}`);
  return result;
}

/** The login that the program declares: the only one beside root. */
function thePartner({ emulator }: Stage) {
  const others = [...emulator.data.credentials.values()].filter((credential) => !credential.IsDefault);
  assert.equal(others.length, 1, `there are ${others.length} logins beside root`);
  return others[0] as (typeof others)[number];
}

/** What the emulator was asked to change in this step, in order. */
function changes({ emulator }: Stage): string[] {
  return emulator.ledger.filter((entry) => entry.method !== "GET").map((entry) => entry.operation);
}

/** All that the emulator holds, to compare. */
function objects({ emulator: { data } }: Stage): string {
  const maps = [data.credentials, data.sshPublicKeys, data.webhooks, data.shareLinks];
  return JSON.stringify(maps.map((map) => [...map.values()]));
}

/** The resources in state, with their ids. */
async function knownObjects({ stack }: Stage): Promise<readonly string[]> {
  const { resources = [] } = await stack.exportState();
  return resources.map((resource) => `${resource.urn} ${resource.id}`);
}

async function passwordOutput({ stack }: Stage): Promise<string> {
  const { password } = await stack.outputs({ showSecrets: true });
  assert.ok(typeof password === "string" && password !== "", "the stack has no password output");
  return password;
}

function saltedHash(salt: Buffer, text: string): string {
  return createHmac("sha256", salt).update(text).digest("hex").slice(0, 16);
}

/** Notes what is secret now: it may be another value after the next step. */
function noteSecrets({ emulator, secrets }: Stage): void {
  secrets.add(emulator.apiKey);
  for (const credential of emulator.data.credentials.values()) secrets.add(credential.Password);
  for (const { Url, Secret } of emulator.data.webhooks.values()) secrets.add(Url).add(Secret);
  for (const link of emulator.data.shareLinks.values()) secrets.add(link.Url);
}

async function play(step: Step, number: number, stage: Stage): Promise<void> {
  say(`\n${number}. ${step.heading}`);
  stage.emulator.clearLedger();
  const held = await step.run(stage);
  noteSecrets(stage);
  for (const line of held.split("\n")) say(`   = ${line}`);
}

/** A stack of the project at this repository's root, on the emulator. */
async function createDemoStack(emulator: Emulator): Promise<TestStack> {
  await mkdir(WORK_FOLDER, { recursive: true });
  const layout = await mkdtemp(join(WORK_FOLDER, "demo-"));
  try {
    await cp(join(PROJECT_ROOT, "Pulumi.yaml"), join(layout, "Pulumi.yaml"));
    const program = join(PROJECT_ROOT, PROGRAM, "..");
    await cp(program, join(layout, relative(PROJECT_ROOT, program)), { recursive: true });
    return await createStack({
      program: { copyOf: layout },
      config: {
        "sftptogo:baseUrl": emulator.url,
        "sftptogo:organizationId": emulator.organizationId,
        "sftptogo:apiKey": { secret: emulator.apiKey },
      },
    });
  } finally {
    await rm(layout, { recursive: true, force: true });
  }
}

/** Says how to look at the stack, and waits for the signal. */
async function keep({ emulator, stack }: Stage, stopped: AbortSignal): Promise<void> {
  const { PATH = "", ...env } = stack.env;
  const variables = {
    ...env,
    SFTPTOGO_BASE_URL: emulator.url,
    SFTPTOGO_ORGANIZATION_ID: emulator.organizationId,
    SFTPTOGO_API_KEY: emulator.apiKey,
  };
  const inherited = delimiter + (process.env.PATH ?? "");
  const path = PATH.endsWith(inherited) ? PATH.slice(0, -inherited.length) : PATH;
  const exports = Object.entries(variables).map(([name, value]) => `export ${name}=${quoted(value)}`);
  exports.push(`export PATH=${quoted(path)}${delimiter}"$PATH"`);
  await writeFile(join(stack.folder, "environment.sh"), `${exports.join("\n")}\n`, { mode: 0o600 });
  say(`
The stack and the emulator stay until Ctrl+C. To look at them, in another terminal:

   cd ${quoted(stack.folder)}
   . ./environment.sh

   pulumi stack                           what there is
   pulumi stack output --show-secrets     the password among it
   pulumi preview                         after an edit of ${PROGRAM}
   curl -H "Authorization: Bearer $SFTPTOGO_API_KEY" \\
     "$SFTPTOGO_BASE_URL/organizations/$SFTPTOGO_ORGANIZATION_ID/users"

Ctrl+C here destroys the stack, ends the emulator and removes the folder.`);
  if (stopped.aborted) return;
  await new Promise((resolve) => stopped.addEventListener("abort", resolve));
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** The error as a reader needs it: what was expected, or what the engine printed, and no stack trace. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isForeseen = error instanceof assert.AssertionError || error instanceof EngineCommandError;
  return isForeseen ? error.message : (error.stack ?? error.message);
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { keep: { type: "boolean", default: false } } });
  const began = performance.now();
  const emulator = await startEmulator();
  let stack: TestStack | undefined;
  const stop = new AbortController();
  let isKept = false;
  try {
    // The first time it may take minutes until there is an engine; until then a signal just ends the process.
    stack = await createDemoStack(emulator);
    // Not `once`: npm passes on the signal that the terminal has sent to this process already.
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stop.abort());

    const stage: Stage = { emulator, stack, printed: [], secrets: new Set() };
    const { version, source } = stack.engine;
    say(`Pulumi ${version} (${source}), and an emulator of SFTP To Go on ${emulator.url}.`);
    for (const [index, step] of steps.entries()) {
      await play(step, index + 1, stage);
      stop.signal.throwIfAborted();
    }
    if (values.keep) {
      isKept = true;
      await keep(stage, stop.signal);
    }
    await play(lastStep, steps.length + 1, stage);
  } catch (error) {
    if (stop.signal.aborted && !isKept) {
      say("\nInterrupted: stack and emulator are removed.");
      return 130;
    }
    say(`\nDoes not hold: ${explain(error)}`);
    return 1;
  } finally {
    await stack?.dispose();
    await emulator.close();
  }
  const seconds = Math.round((performance.now() - began) / 1000);
  const held = [...steps, lastStep].map((step) => step.short);
  say(`\nAll ${held.length} steps held, in ${seconds} s: ${held.join(", ")}.`);
  return 0;
}

process.exitCode = await main();
