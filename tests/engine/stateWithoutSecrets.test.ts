/** The guide "State without secrets", run as it is: what the state has is looked up in its export, secrets shown. */
import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Emulator, startEmulator } from "pulumi-sftptogo/emulator";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { CommandResult } from "#process";
import { createStack, type TestStack } from "#stack";
import { matchesHash } from "../../provider/values/secretHash.js";
import { guide, programOf } from "../docs/pages.js";
import { installStandIns, installVaultCommand } from "../packaging/consumer/standIns/install.js";
import { type SecretStore, startSecretStore } from "../packaging/consumer/standIns/secretStore.js";

const page = guide("state-without-secrets");

/** Beside the guide's program: two logins that take turns, which pass the argument on. */
const pair = `
new sftptogo.RotatingCredential("pair", { triggers: config.get("pairRotation") ?? "first", storeSecrets });
`;

let emulator: Emulator;
let store: SecretStore;
let stack: TestStack;
let printed: string[];
let passwords: string[];

beforeEach(async () => {
  [emulator, store, printed, passwords] = [await startEmulator(), await startSecretStore(), [], []];
  stack = await createStack({
    program: `${programOf(page)}${pair}`,
    // The key is in the environment alone: the stack's configuration is in the state.
    env: {
      STORE_URL: store.url,
      SFTPTOGO_BASE_URL: emulator.url,
      SFTPTOGO_ORGANIZATION_ID: emulator.organizationId,
      SFTPTOGO_API_KEY: emulator.apiKey,
    },
  });
  await writeFile(join(stack.folder, "hand-over.mjs"), programOf(page, "hand-over.mjs"));
  installStandIns(stack.folder);
  stack.env.PATH = `${installVaultCommand(stack.folder)}:${stack.env.PATH}`;
});
afterEach(async () => {
  await stack?.dispose();
  await store[Symbol.asyncDispose]();
  await emulator.close();
});

/** The password of the guide's login. */
function current(): string {
  const login = [...emulator.data.credentials.values()].find(({ Alias }) => Alias === "acme");
  if (login === undefined) throw new Error("there is no login of the guide's");
  return login.Password;
}

async function noted(command: Promise<CommandResult>): Promise<void> {
  printed.push((await command).all);
  const logins = [...emulator.data.credentials.values()].filter(({ IsDefault }) => !IsDefault);
  passwords = [...new Set([...passwords, ...logins.map(({ Password }) => Password)])];
}

/** How often passwords were rotated since the last call, and how many other writes there were. */
function writes() {
  const operations = emulator.ledger.filter(({ method }) => method !== "GET").map((each) => each.operation);
  emulator.clearLedger();
  const rotations = operations.filter((operation) => operation === "rotatePassword").length;
  return { rotations, others: operations.length - rotations };
}

/** Every string of the state, decrypted, on a line of its own, keys included, and what is JSON in a string likewise. */
async function shownState(): Promise<string> {
  const { stdout } = await stack.expect(["stack", "export", "--show-secrets"]);
  const lines: string[] = [];
  JSON.parse(stdout, function collect(key, value: unknown) {
    lines.push(key);
    if (typeof value !== "string") return value;
    lines.push(value);
    try {
      return JSON.parse(value, collect);
    } catch {
      return value;
    }
  });
  return lines.join("\n");
}

/** Ways in which a text tells a password, or lets it be guessed. */
function tracesOf(password: string, text: string): string[] {
  const forms: [string, string][] = [
    ["plain", password],
    ["in JSON", JSON.stringify(password).slice(1, -1)],
    ["in a URL", encodeURIComponent(password)],
    ["in base64", Buffer.from(password).toString("base64").replace(/=+$/, "").slice(0, -1)],
    ["in hex", Buffer.from(password).toString("hex")],
  ];
  for (const algorithm of ["md5", "sha1", "sha256", "sha512"]) {
    for (const encoding of ["hex", "base64", "base64url"] as const) {
      const digest = createHash(algorithm).update(password).digest(encoding).slice(0, 20);
      forms.push([`${algorithm} in ${encoding}`, digest]);
    }
  }
  const found = forms.filter(([, form]) => text.includes(form)).map(([name]) => name);
  const salted = [...text.matchAll(/[\w-]+:[\w-]{16,}/g)].some(([hash]) => matchesHash(password, hash));
  return salted ? [...found, "salted hash"] : found;
}

function tracesOfAny(text: string): string[] {
  return passwords.flatMap((password) => tracesOf(password, text));
}

/** Both ways of the guide have handed on the password that the login has now, once. */
function expectGiven(): void {
  const { program, "partners/acme": byCommand, ...others } = store.taken();
  expect(others).toEqual({});
  expect(program).toHaveLength(1);
  expect(program?.[0] === current()).toBe(true);
  expect(byCommand).toHaveLength(1);
  expect(JSON.parse(byCommand?.[0] ?? "{}").password === current()).toBe(true);
}

it("keeps no password and no hash, hands each one on, and can be turned on and off", async () => {
  store.isDown = true;
  await noted(stack.up([], { fails: true }));
  expect(writes().rotations).toBe(1);
  store.isDown = false;
  await noted(stack.up());
  expect(writes().rotations).toBe(0);
  expectGiven();
  const unstored = await shownState();
  expect(unstored).toContain("\nrotatedAt\n");
  expect(tracesOfAny(unstored)).toEqual([]);
  expect(unstored.includes(emulator.apiKey)).toBe(false);
  await noted(stack.expectNoChanges());

  await stack.setConfig({ rotation: "second", pairRotation: "second" });
  await noted(stack.up());
  expect(writes().rotations).toBe(2);
  expectGiven();
  expect(passwords).toHaveLength(5);
  expect(tracesOfAny(await shownState())).toEqual([]);

  await stack.setConfig({ storeSecrets: "true" });
  await noted(stack.up());
  const stored = await shownState();
  expect(tracesOf(current(), stored)).toContain("plain");
  expect(passwords.filter((password) => stored.includes(password))).toHaveLength(3);
  await stack.setConfig({ storeSecrets: "false" });
  await noted(stack.up());
  await noted(stack.expectNoChanges());
  expect(writes()).toEqual({ rotations: 0, others: 0 });
  expect(tracesOfAny(await shownState())).toEqual([]);

  // The history has it, until a rotation makes that worthless.
  const before = await shownAs((await history()).at(-2) ?? "");
  expect(tracesOf(current(), before)).toContain("plain");
  store.taken();
  await stack.setConfig({ rotation: "third" });
  await noted(stack.up());
  expect(writes()).toEqual({ rotations: 1, others: 0 });
  expect(tracesOf(current(), before)).toEqual([]);
  expectGiven();

  const readable = [...printed, ...store.commandLines, await stack.stateText()].join("\n");
  expect(tracesOfAny(readable)).toEqual([]);
  expect(store.commandLines.join("\n")).toContain("-mount=secret partners/acme -");
}, 600_000);

/** The states that the backend has kept of each update, oldest first. */
async function history(): Promise<string[]> {
  const folder = join(stack.folder, "state/.pulumi/history", stack.project, "dev");
  const files = (await readdir(folder)).filter((file) => file.endsWith(".checkpoint.json"));
  return Promise.all(files.sort().map((file) => readFile(join(folder, file), "utf8")));
}

/** An earlier state, decrypted as whoever has the passphrase can do it. The stack has its own state again afterwards. */
async function shownAs(checkpoint: string): Promise<string> {
  const now = join(stack.folder, "now.json");
  const then = join(stack.folder, "then.json");
  await stack.expect(["stack", "export", "--file", now]);
  await writeFile(then, JSON.stringify({ version: 3, deployment: JSON.parse(checkpoint).checkpoint.latest }));
  await stack.expect(["stack", "import", "--file", then]);
  const text = await shownState();
  await stack.expect(["stack", "import", "--file", now]);
  return text;
}
