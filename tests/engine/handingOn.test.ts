/**
 * Passwords on their way to a store: the guide's program and `examples/deliver`, whose store fails, and the guide's
 * hooks. What the store has by its own record is compared with the service's passwords after each step.
 */
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type Emulator, startEmulator } from "pulumi-sftptogo/emulator";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type CommandResult, start } from "#process";
import { createStack, type StackOptions, type StateResource, type TestStack } from "#stack";
import { guide, programOf } from "../docs/pages.js";
import { installStandIns, installVaultCommand } from "../packaging/consumer/standIns/install.js";
import { type SecretStore, startSecretStore } from "../packaging/consumer/standIns/secretStore.js";

const page = guide("handing-passwords-on");

let emulator: Emulator;
let store: SecretStore;
let stack: TestStack;
let printed: string[];
/** Every password that a login had after one of the steps. */
let passwords: Set<string>;

beforeEach(async () => {
  [emulator, store, printed, passwords] = [await startEmulator(), await startSecretStore(), [], new Set()];
});
afterEach(async () => {
  await stack?.dispose();
  await store[Symbol.asyncDispose]();
  await emulator.close();
});

async function openStack(options: StackOptions): Promise<void> {
  stack = await createStack({
    ...options,
    config: {
      "sftptogo:baseUrl": emulator.url,
      "sftptogo:organizationId": emulator.organizationId,
      "sftptogo:apiKey": { secret: emulator.apiKey },
      ...options.config,
    },
    env: { STORE_URL: store.url },
  });
  installStandIns(stack.folder);
  stack.env.PATH = `${installVaultCommand(stack.folder)}:${stack.env.PATH}`;
}

/** The password of the only login beside root. */
function current(): string {
  const [login, ...others] = [...emulator.data.credentials.values()].filter((each) => !each.IsDefault);
  if (login === undefined || others.length > 0) throw new Error("there is not one login");
  return login.Password;
}

/** How often the password was rotated since the last call. */
function rotations(): number {
  const { length } = emulator.ledger.filter(({ operation }) => operation === "rotatePassword");
  emulator.clearLedger();
  return length;
}

async function noted(command: Promise<CommandResult>): Promise<CommandResult> {
  const result = await command;
  printed.push(result.all);
  for (const { IsDefault, Password } of emulator.data.credentials.values()) {
    if (!IsDefault) passwords.add(Password);
  }
  return result;
}

/** The password in what a place was given, plain or in JSON; never printed where it is not the one. */
function isPassword(given: string | undefined, password: string): boolean {
  if (given === password) return true;
  return given?.startsWith("{") === true && JSON.parse(given).password === password;
}

/** Each of the places, and no other, was given this password once. */
function expectGiven(places: readonly string[], password: string): void {
  const taken = store.taken();
  expect(Object.keys(taken).sort()).toEqual([...places].sort());
  for (const place of places) {
    expect(taken[place]).toHaveLength(1);
    expect(isPassword(taken[place]?.[0], password), place).toBe(true);
  }
}

/** No password was ever printed, listed among the processes, or plain in the backend. */
async function expectNoLeak(atLeast: number): Promise<void> {
  const readable = [...printed, ...store.commandLines, await stack.stateText()].join("\n");
  expect(passwords.size).toBeGreaterThanOrEqual(atLeast);
  for (const password of passwords) {
    for (const form of [password, JSON.stringify(password).slice(1, -1), encodeURIComponent(password)]) {
      expect(readable.includes(form)).toBe(false);
    }
  }
}

/** The guide's table, step by step. */
async function liveThrough(places: readonly string[]): Promise<void> {
  const up = (expectation?: { fails: true }) => noted(stack.up([], expectation));
  store.isDown = true;
  await up({ fails: true });
  expect([rotations(), store.taken()]).toEqual([1, {}]);
  const first = current();
  await up({ fails: true });
  expect([rotations(), store.taken()]).toEqual([0, {}]);

  store.isDown = false;
  await up();
  expect([rotations(), current() === first]).toEqual([0, true]);
  expectGiven(places, first);
  await up();
  expect([rotations(), store.taken()]).toEqual([0, {}]);

  await stack.setConfig({ rotation: "second" });
  store.isDown = true;
  await up({ fails: true });
  expect([rotations(), store.taken(), current() === first]).toEqual([1, {}, false]);
  const second = current();
  store.isDown = false;
  await up();
  expect([rotations(), current() === second]).toEqual([0, true]);
  expectGiven(places, second);
  await noted(stack.expectNoChanges());
  expect(store.taken()).toEqual({});
  // The store was asked while the command with the password was running.
  expect(store.commandLines.join("\n")).toContain("-mount=secret partners/acme -");
  await expectNoLeak(2);
}

function links() {
  return [...emulator.data.shareLinks.values()];
}

it("the guide's program hands each password on once, whatever its stores do, and shows it nowhere", async () => {
  await openStack({ program: programOf(page) });
  await liveThrough(["aws", "vault", "partners/acme"]);
}, 600_000);

it("examples/deliver hands over after a failure, and its link opens once for each rotation", async () => {
  await openStack({ program: { copyOf: resolve(import.meta.dirname, "../../examples/deliver") } });
  store.isDown = true;
  const { all } = await noted(stack.up([], { fails: true }));
  expect(all).toContain("vault ended with 2. The next `pulumi up` runs it again.");
  expect([rotations(), store.taken()]).toEqual([1, {}]);
  store.isDown = false;
  await noted(stack.up());
  expect(rotations()).toBe(0);
  expectGiven(["partners/acme"], current());

  const [link, ...others] = links();
  expect(others).toEqual([]);
  expect(link).toMatchObject({ AccessLimit: 1, Permission: "read-only" });
  expect(emulator.accessShareLink(link?.Id ?? "")).toBe(true);
  expect(emulator.accessShareLink(link?.Id ?? "")).toBe(false);
  await noted(stack.expectNoChanges());
  expect(store.taken()).toEqual({});

  await stack.setConfig({ rotation: "second" });
  await noted(stack.up());
  expect([rotations(), links().length]).toEqual([1, 1]);
  expectGiven(["partners/acme"], current());
  expect(links()[0]?.Id === link?.Id).toBe(false);
  expect(emulator.accessShareLink(links()[0]?.Id ?? "")).toBe(true);
  expect(store.commandLines.join("\n")).toContain("vault kv put -mount=secret partners/acme -");
  await expectNoLeak(2);
}, 600_000);

describe("the guide's hooks", () => {
  /** Inline, since the language host of the tests is older than hooks. */
  const runner = `
    import { LocalWorkspace } from "@pulumi/pulumi/automation/index.js";
    const program = async () => void (await import("./hooks.ts"));
    const stack = await LocalWorkspace.createOrSelectStack(
      { projectName: "test", stackName: "dev", program },
      { workDir: import.meta.dirname },
    );
    const onOutput = (text: string) => void process.stdout.write(text);
    // Not left to Node: the SDK takes what nobody catches, as long as it has not yet done with the program.
    await (process.argv[2] === "preview" ? stack.preview({ onOutput }) : stack.up({ onOutput })).catch(() => {
      process.exitCode = 1;
    });
  `;

  it("are called once for each new password, and not again after one has failed", async () => {
    const config = { chatUrl: `${store.url}/chat`, fixedPassword: { secret: "First-Pa55word!" } };
    await openStack({ program: runner, config });
    const hooks = programOf(page, "hooks.ts").replace(
      "async ({ name }) => {",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: of the program
      "async ({ name, newOutputs }) => {\nconsole.log(`the hook has a ${typeof newOutputs?.password}`);",
    );
    expect(hooks).toContain("newOutputs?.password");
    await writeFile(join(stack.folder, "hooks.ts"), hooks);
    const run = async (command: string, fails = false) => {
      const options = { cwd: stack.folder, env: stack.env };
      const { all, code } = await noted(start("node", ["index.ts", command], options).result);
      expect(code !== 0, all).toBe(fails);
      return all;
    };
    const said = (name: string) => ({ chat: [JSON.stringify({ text: `${name} has a new password.` })] });

    store.isDown = true;
    const failed = await run("up", true);
    expect(failed).toContain('after hook "tell" failed: The chat answered 503.');
    expect(failed).toContain("the hook has a string");
    expect(rotations()).toBe(1);
    // The password is in the state, and the next `up` has nothing to do: nobody is told.
    const { stdout } = await stack.expect(["stack", "export", "--show-secrets"]);
    const { resources } = JSON.parse(stdout).deployment as { resources: readonly StateResource[] };
    const rotation = resources.find(({ urn }) => urn.endsWith("::acme-password"));
    const { plaintext = "null" } = (rotation?.outputs?.password ?? {}) as { plaintext?: string };
    const login = [...emulator.data.credentials.values()].find(({ Alias }) => Alias === "acme");
    expect(JSON.parse(plaintext) === login?.Password).toBe(true);
    store.isDown = false;
    expect(await run("up")).not.toContain("the hook has");
    expect([rotations(), store.taken()]).toEqual([0, {}]);

    await stack.setConfig({ rotation: "second" });
    await run("preview");
    expect([rotations(), store.taken()]).toEqual([0, {}]);
    await run("up");
    expect([rotations(), store.taken()]).toEqual([1, said("acme-password")]);
    await stack.setConfig({ fixedPassword: { secret: "Second-Pa55word!" } });
    await run("up");
    expect(store.taken()).toEqual(said("acme-fixed"));

    await stack.setConfig({ rotation: "third", ignoreErrors: "true" });
    store.isDown = true;
    expect(await run("up")).toContain('warning: AfterCreate hook "tell" failed: The chat answered 503.');
    store.isDown = false;
    await run("up");
    expect([rotations(), store.taken()]).toEqual([1, {}]);
    await expectNoLeak(5);
  }, 600_000);
});
