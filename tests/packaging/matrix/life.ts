/** The life of one cell: installed, on the real engine, against the emulator. */
import { chmod, lstat, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { delimiter, join, resolve } from "node:path";
import type { Cell } from "#cells";
import { automation, type Program, programs } from "#programs";
import { type Installation, type Workshop, write } from "#workshop";
import type { Emulator } from "../../../provider/emulator/index.ts";
import { findEngine } from "../../engine/engine.ts";
import { type CommandResult, start } from "../../engine/process.ts";
import { createStack, type TestStack } from "../../engine/stack.ts";

const dist = resolve(import.meta.dirname, "../../../dist");
const require = createRequire(import.meta.url);
const { startEmulator } = require(
  join(dist, "emulator/index.js"),
) as typeof import("../../../provider/emulator/index.ts");

/** A cell that was tried. */
export interface Row {
  readonly name: string;
  readonly by: string;
  readonly node: string;
  readonly sdk: string;
  readonly engine: string;
  /** `works`, or the sentence that says why not. */
  readonly result: string;
}

/** Lives the cell's life, or throws what went wrong in it. */
export async function live(workshop: Workshop, cell: Cell): Promise<Row> {
  const program: Program = programs[cell.program];
  const { layout, use, sdk } = cell;
  const typescript = program.typescript !== undefined;
  const installation = await workshop.install({ layout, use, sdk, typescript });
  const engine = await findEngine(cell.engine === undefined ? {} : { version: cell.engine });
  const node = await workshop.node(cell.node);
  const commands = cell.program === "runtime: bun" ? [await workshop.languageHostOfBun(), node] : [node];

  await using stage = await setUp(installation, cell, program);
  const { folder } = installation;
  await using emulator = await startedEmulator();
  const settings = {
    SFTPTOGO_BASE_URL: emulator.url,
    SFTPTOGO_ORGANIZATION_ID: emulator.organizationId,
    SFTPTOGO_API_KEY: emulator.apiKey,
  };
  const automated = cell.start.startsWith("Automation");
  const stack = await createStack({
    program: { in: folder },
    engine,
    // A stack of the Automation API's own has no configuration yet.
    env: { ...(cell.withoutHook ? {} : installation.env), ...(automated ? settings : {}) },
    config: automated
      ? {}
      : {
          "sftptogo:baseUrl": emulator.url,
          "sftptogo:organizationId": emulator.organizationId,
          "sftptogo:apiKey": { secret: emulator.apiKey },
        },
  });
  await using _ = stack;
  stack.env.PATH = [engine.binDir, ...commands, stack.env.PATH].join(delimiter);
  const row = {
    name: cell.name,
    by: installation.by,
    node: (await output(join(node, "node"), ["--version"], stack)).replace("v", ""),
    sdk: installation.sdk,
    engine: engine.version,
  };

  if (cell.says) return { ...row, result: await refusal(stack, cell.says, emulator, folder) };
  const contents = cell.readOnly && (await stage.seal());
  for (const command of lifeOf(cell, stack, workshop)) {
    const { code, all } = await command();
    if (code !== 0) throw new Error(all);
  }
  if (cell.readOnly && contents !== (await stage.seal())) throw new Error("node_modules was written to");
  const writes = emulator.ledger.filter(({ method }) => method !== "GET").map(({ method }) => method);
  const made = writes.filter((method) => method === "POST").length;
  const deleted = writes.filter((method) => method === "DELETE").length;
  if (made !== 1 || deleted !== 1) throw new Error(`made ${made} logins, and deleted ${deleted}`);
  if (emulator.data.credentials.size !== 1) throw new Error("a login is left");
  return { ...row, result: "works" };
}

/** The commands, one after the other. A preview or a refresh that finds a change fails. */
function lifeOf(cell: Cell, stack: TestStack, workshop: Workshop): readonly (() => Promise<CommandResult>)[] {
  const elsewhere = { cwd: workshop.folder, env: stack.env };
  const file = join(stack.workingFolder, AUTOMATION);
  if (cell.start.startsWith("Automation")) return [() => start("node", [file], elsewhere).result];
  return [
    ["up", "--yes", "--skip-preview"],
    ["preview", "--expect-no-changes"],
    ["refresh", "--yes", "--skip-preview", "--expect-no-changes"],
    ["destroy", "--yes", "--skip-preview"],
  ].map((args) => () => {
    if (cell.start === "pulumi") return stack.run(args);
    const all = ["-C", stack.workingFolder, ...args, "--non-interactive", "--color=never"];
    return start(stack.engine.pulumi, all, elsewhere).result;
  });
}

/** The preview fails with the sentence, without a stack trace, and nothing is sent. Returns the sentence. */
async function refusal(stack: TestStack, says: RegExp, emulator: Emulator, folder: string): Promise<string> {
  const { all } = await stack.preview([], { fails: true });
  const text = all.replaceAll(folder, "<folder>").replaceAll(/\s+/g, " ");
  const sentence = says.exec(text)?.[0];
  if (sentence === undefined) throw new Error(all);
  if (emulator.ledger.length > 0) throw new Error("something was sent");
  return sentence;
}

const AUTOMATION = "automation.mjs";

/** Puts the cell's program into the installation, and takes it away in the end: the next cell has another one. */
async function setUp({ folder, env }: Installation, cell: Cell, program: Program) {
  const manifest = join(folder, "package.json");
  const before = await readFile(manifest, "utf8");
  const had = new Set(await readdir(folder));
  const modules = join(folder, "node_modules");
  const { type, main, yaml = "runtime: nodejs" } = program;
  await writeFile(manifest, JSON.stringify({ ...JSON.parse(before), type, ...(main && { main }) }));
  await write(folder, {
    "Pulumi.yaml": `name: matrix\n${yaml}\n`,
    ...program.files(cell.use),
    ...(cell.start === "Automation, local" && { [AUTOMATION]: automation.local }),
    ...(cell.start === "Automation, inline" && { [AUTOMATION]: automation.inline }),
  });
  if (program.typescript === "compiled") {
    const compiler = await start(join(modules, ".bin/tsc"), [], {
      cwd: folder,
      env: { ...process.env, ...env },
    }).result;
    if (compiler.code !== 0) throw new Error(compiler.all);
  }
  let sealed: readonly string[] = [];
  return {
    /** Takes away the right to write to `node_modules`. Returns what is in it: nobody takes that right from root. */
    async seal(): Promise<string> {
      sealed = (await readdir(modules, { recursive: true })).sort().map((file) => join(modules, file));
      const lines = sealed.map(async (file) => {
        const { mtimeMs, size } = await lstat(file);
        await chmod(file, 0o555);
        return `${file} ${mtimeMs} ${size}`;
      });
      return (await Promise.all(lines)).join("\n");
    },
    async [Symbol.asyncDispose](): Promise<void> {
      await Promise.all(sealed.map((file) => chmod(file, 0o755)));
      for (const name of await readdir(folder)) {
        if (!had.has(name)) await rm(join(folder, name), { recursive: true });
      }
      await writeFile(manifest, before);
    },
  };
}

async function startedEmulator(): Promise<Emulator & AsyncDisposable> {
  const emulator = await startEmulator();
  return Object.assign(emulator, { [Symbol.asyncDispose]: () => emulator.close() });
}

async function output(command: string, args: readonly string[], { env }: TestStack): Promise<string> {
  const { stdout } = await start(command, args, { cwd: dist, env }).result;
  return stdout.trim();
}
