/**
 * Stacks of the real Pulumi engine for tests and the demo. Each has a folder, a file backend and settings of
 * its own, and leaves nothing behind when it is disposed of.
 */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { dirname, join } from "node:path";
import { json } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { type Engine, engineEnvironment, findEngine, WORK_FOLDER } from "#engine";
import {
  type CommandResult,
  killSurvivors,
  killTree,
  type ProcessEntry,
  type RunningCommand,
  start,
} from "#process";

/** The stack's name, the same for all: a backend holds one. */
export const STACK_NAME = "dev";

/** Environment variables that make commands cheap. The engine collects garbage less often: the states here are small. */
export const LEAN = { NODE_OPTIONS: preloading(join(import.meta.dirname, "lean.cjs")), GOGC: "400" } as const;

/** Configuration values by their full key, such as `sftptogo:apiKey`; secrets are stored encrypted. */
export type Config = Readonly<Record<string, string | { readonly secret: string }>>;

export interface StackOptions {
  /**
   * The program's text, written to `index.ts`, or a folder with a program, which is copied, or in which the commands
   * run. From a copy Node finds this repository's `node_modules`; `in` is for what is installed elsewhere.
   */
  readonly program: string | { readonly copyOf: string } | { readonly in: string };
  /**
   * How the text is run. `esm` (default): an ES module whose types Node itself takes out; quick.
   * `commonjs`: by the engine's ts-node, which checks its types first; a second more for each new text.
   */
  readonly language?: "esm" | "commonjs";
  /** Whether commands are cheaper than people's. Default: yes, unless the program is `in` a folder, as people install it. */
  readonly lean?: boolean;
  /** The project's name. Default `test`. For a copied program with a Pulumi.yaml, that file's name counts. */
  readonly project?: string;
  readonly config?: Config;
  /** Environment variables beyond those of `engineEnvironment`, such as `SFTPTOGO_API_KEY`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default: the usual one. */
  readonly engine?: Engine;
}

export interface CommandExpectation {
  /** `true` when the command has to fail; then its success is the error. */
  readonly fails?: boolean;
}

/** The parts of a state file that tests look at. Secrets are ciphertext here. */
export interface Deployment {
  readonly resources?: readonly StateResource[];
  readonly pending_operations?: readonly { readonly type: string; readonly resource: StateResource }[];
}

export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly protect?: boolean;
  /** Read by `.get`. */
  readonly external?: boolean;
  readonly initErrors?: readonly string[];
  /** Deleted already, and not made again yet. */
  readonly pendingReplacement?: boolean;
  /** Made again already, and not deleted yet. */
  readonly delete?: boolean;
  /** The URNs of what it waits for. */
  readonly dependencies?: readonly string[];
  /** The line of the program that made it, as `project:///index.ts#line,column`. */
  readonly sourcePosition?: string;
}

/** A Pulumi command ended otherwise than expected. The message holds all that it printed. */
export class EngineCommandError extends Error {
  override readonly name = "EngineCommandError";

  constructor(args: readonly string[], result: CommandResult) {
    super(`pulumi ${args.join(" ")} ended with ${result.code ?? result.signal}\n${result.all}`);
  }
}

let foundEngine: Promise<Engine> | undefined;

function usualEngine(): Promise<Engine> {
  foundEngine ??= findEngine();
  return foundEngine;
}

/** Creates a stack in a new folder, as `pulumi stack init` and `pulumi config set-all` would; no command runs yet. */
export async function createStack(options: StackOptions): Promise<TestStack> {
  const engine = options.engine ?? (await usualEngine());
  await mkdir(WORK_FOLDER, { recursive: true });
  const folder = await mkdtemp(join(WORK_FOLDER, "stack-"));
  await mkdir(join(folder, "state"));
  const language = options.language ?? "esm";
  const { lean = typeof options.program === "string" || "copyOf" in options.program } = options;
  let project = options.project ?? "test";
  let workingFolder = folder;

  if (typeof options.program === "string") {
    await writeFile(join(folder, "index.ts"), options.program);
    await writeJson(join(folder, "package.json"), {
      private: true,
      type: language === "esm" ? "module" : "commonjs",
      main: "index.ts",
    });
  } else if ("in" in options.program) {
    workingFolder = options.program.in;
  } else {
    await cp(options.program.copyOf, folder, {
      recursive: true,
      filter: (source) => !/[\\/]node_modules$/.test(source),
    });
  }
  const projectFile = join(workingFolder, "Pulumi.yaml");
  const given = await readFile(projectFile, "utf8").catch(() => undefined);
  if (given === undefined) {
    // Node takes the types out of an ES module by itself; ts-node would be loaded for nothing.
    const typescript = !lean || typeof options.program !== "string" || language !== "esm";
    await writeJson(projectFile, { name: project, runtime: { name: "nodejs", options: { typescript } } });
  } else {
    project = /^name: *["']?([\w.-]+)/m.exec(given)?.[1] ?? project;
  }

  const stack = new TestStack(engine, folder, workingFolder, project, {
    ...engineEnvironment(engine.binDir, folder),
    ...(lean && LEAN),
    PULUMI_STACK: STACK_NAME,
    VAULT_SERVER_URL: await keyKeeper(),
    VAULT_SERVER_TOKEN: "any",
    ...options.env,
  });
  const config = Object.entries(options.config ?? {}).map(([key, value]) => [
    key.includes(":") ? key : `${project}:${key}`,
    typeof value === "string" ? value : { secure: sealed(value.secret) },
  ]);
  await writeJson(join(workingFolder, `Pulumi.${STACK_NAME}.yaml`), {
    secretsprovider: KEY_URL,
    encryptedkey: ENCRYPTED_KEY,
    config: Object.fromEntries(config),
  });
  const secretsProvider = { type: "cloud", state: { url: KEY_URL, encryptedkey: ENCRYPTED_KEY } };
  await mkdir(dirname(stack.stateFile), { recursive: true });
  await writeFile(join(folder, "state/.pulumi/meta.yaml"), "version: 1\n");
  await writeJson(stack.stateFile, {
    version: 3,
    checkpoint: {
      stack: `organization/${project}/${STACK_NAME}`,
      latest: { manifest: {}, secrets_providers: secretsProvider },
    },
  });
  return stack;
}

/** What the stacks' secrets are encrypted with. */
const DATA_KEY = randomBytes(32);
const KEY_URL = "hashivault://tests";
const VAULT_PREFIX = "vault:v1:";
const ENCRYPTED_KEY = Buffer.from(VAULT_PREFIX + DATA_KEY.toString("base64")).toString("base64");

/** The key by which a stack's secrets are encrypted, as its configuration has it: the keeper hides nothing. */
export function dataKeyOf(encryptedKey: string): Buffer {
  const text = Buffer.from(encryptedKey, "base64").toString();
  return Buffer.from(text.slice(VAULT_PREFIX.length), "base64");
}

/** A secret as the engine writes it into configuration and state. */
function sealed(text: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", DATA_KEY, nonce);
  const bytes = Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]);
  return `v1:${nonce.toString("base64")}:${bytes.toString("base64")}`;
}

/** The text in what the engine, or `sealed`, has written. */
export function unsealed(ciphertext: string, key: Buffer = DATA_KEY): string {
  const [, nonce = "", sealedText = ""] = ciphertext.split(":");
  const bytes = Buffer.from(sealedText, "base64");
  const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"));
  decipher.setAuthTag(bytes.subarray(-16));
  return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString();
}

let keeper: Promise<string> | undefined;

/**
 * The address of what gives the engine the key of the stacks, in the words of Vault. From a passphrase, the engine
 * derives one in each command with a fifth of a second of work.
 */
function keyKeeper(): Promise<string> {
  keeper ??= new Promise((resolve, reject) => {
    const server = createServer(async (request, response) => {
      const { ciphertext } = (await json(request)) as { ciphertext: string };
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ data: { plaintext: ciphertext.slice(VAULT_PREFIX.length) } }));
    });
    server.on("error", reject).unref();
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(`http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`);
    });
  });
  return keeper;
}

/**
 * A stack. The commands reject with an `EngineCommandError` when they fail, or, with `{ fails: true }`, when
 * they succeed: a failure that nobody looked at never passes.
 */
export class TestStack {
  readonly engine: Engine;
  /** Holds the backend, in `state/`, and usually the program and `Pulumi.yaml`. */
  readonly folder: string;
  /** Where the commands run: another one for a program that stays where it is. */
  readonly workingFolder: string;
  readonly project: string;
  /** The environment of the commands to come; a test may change it between two of them. */
  readonly env: Record<string, string>;
  private readonly running = new Set<RunningCommand>();
  private readonly leftBehind: ProcessEntry[] = [];

  /** Use `createStack`. */
  constructor(
    engine: Engine,
    folder: string,
    workingFolder: string,
    project: string,
    env: Record<string, string>,
  ) {
    this.engine = engine;
    this.folder = folder;
    this.workingFolder = workingFolder;
    this.project = project;
    this.env = env;
  }

  /** `pulumi up` without a preview before. */
  up(args: readonly string[] = [], expectation?: CommandExpectation): Promise<CommandResult> {
    return this.expect(["up", "--yes", "--skip-preview", ...args], expectation);
  }

  /** `pulumi preview --diff`. */
  preview(args: readonly string[] = [], expectation?: CommandExpectation): Promise<CommandResult> {
    return this.expect(["preview", "--diff", ...args], expectation);
  }

  refresh(args: readonly string[] = [], expectation?: CommandExpectation): Promise<CommandResult> {
    return this.expect(["refresh", "--yes", "--skip-preview", ...args], expectation);
  }

  destroy(args: readonly string[] = [], expectation?: CommandExpectation): Promise<CommandResult> {
    return this.expect(["destroy", "--yes", "--skip-preview", ...args], expectation);
  }

  /** Takes away the lock that a killed command has left. */
  cancel(): Promise<CommandResult> {
    return this.expect(["cancel", "--yes"]);
  }

  /** Fails unless both the server (a refresh) and the program (a preview) leave nothing to do. */
  expectNoChanges(): Promise<CommandResult> {
    return this.expect(["preview", "--refresh", "--diff", "--expect-no-changes"]);
  }

  /** What `pulumi stack output --json` shows: a secret as `[secret]`, unless all is to be seen. No command runs. */
  async outputs({ showSecrets = false } = {}): Promise<Record<string, unknown>> {
    const { resources = [] } = await this.exportState((sealedText) =>
      showSecrets ? JSON.parse(unsealed(sealedText)) : "[secret]",
    );
    return { ...resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs };
  }

  /** The state as the backend holds it, read from its file: no command runs. `reveal` replaces what is secret. */
  async exportState(reveal?: (sealedText: string) => unknown): Promise<Deployment> {
    const text = await readFile(this.stateFile, "utf8");
    const state = JSON.parse(text, (_, value) =>
      reveal !== undefined && typeof value?.ciphertext === "string" ? reveal(value.ciphertext) : value,
    ) as { checkpoint: { latest: Deployment } };
    return state.checkpoint.latest;
  }

  /** Everything the backend holds, history and backups too: to look for what must not be there. */
  async stateText(): Promise<string> {
    const entries = await readdir(join(this.folder, "state"), { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    const texts = await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), "utf8")));
    return texts.join("\n");
  }

  /** Sets configuration values; others stay. A key without a namespace belongs to the project. */
  async setConfig(config: Config): Promise<void> {
    const args = Object.entries(config).flatMap(([key, value]) =>
      typeof value === "string" ? ["--plaintext", `${key}=${value}`] : ["--secret", `${key}=${value.secret}`],
    );
    if (args.length > 0) await this.expect(["config", "set-all", ...args]);
  }

  /** Loads a file into the Node processes of all commands to come, after those that are loaded already. */
  preload(file: string): void {
    const { NODE_OPTIONS: before = "" } = this.env;
    const option = preloading(file);
    if (!before.includes(option)) this.env.NODE_OPTIONS = `${before} ${option}`;
  }

  /** Moves the clock of all commands to come by so many milliseconds. */
  async setClock(ahead: number): Promise<void> {
    const clock = join(this.folder, "clock.cjs");
    await writeFile(clock, `const now = Date.now; Date.now = () => now() + ${ahead};`);
    this.preload(clock);
  }

  /** Where the backend has the state. */
  get stateFile(): string {
    return join(this.folder, "state/.pulumi/stacks", this.project, `${STACK_NAME}.json`);
  }

  /** Replaces the program's text. */
  writeProgram(text: string): Promise<void> {
    return writeFile(join(this.folder, "index.ts"), text);
  }

  /** Runs any `pulumi` command to its end, whatever that is. */
  async run(args: readonly string[]): Promise<CommandResult> {
    return await this.spawn(args).result;
  }

  /** Runs any `pulumi` command and rejects when it ends otherwise than expected. */
  async expect(args: readonly string[], expectation: CommandExpectation = {}): Promise<CommandResult> {
    const result = await this.run(args);
    if ((result.code !== 0) !== (expectation.fails ?? false)) throw new EngineCommandError(args, result);
    return result;
  }

  /** Starts a `pulumi` command and does not wait for it. */
  spawn(args: readonly string[]): RunningCommand {
    const command = start(this.engine.pulumi, [...args, "--non-interactive", "--color=never"], {
      cwd: this.workingFolder,
      env: this.env,
    });
    this.running.add(command);
    const forget = () => void this.running.delete(command);
    command.result.then(forget, forget);
    return command;
  }

  /**
   * Kills the `pulumi` process of a started command as a crash would, and nothing else: its provider
   * processes live on and finish their calls. Returns them; `dispose` ends those that are still there.
   */
  async crash(command: RunningCommand): Promise<readonly ProcessEntry[]> {
    const orphans = await command.descendants();
    this.leftBehind.push(...orphans);
    command.child.kill("SIGKILL");
    await command.result;
    return orphans;
  }

  /** Kills the provider processes of a started command; `pulumi` itself lives on. */
  async crashProviders(command: RunningCommand): Promise<void> {
    const family = await command.descendants();
    await killSurvivors(family.filter((entry) => entry.commandLine.includes("dynamic-provider")));
  }

  /** Ends what still runs and removes the folder. Destroys no resources: that is the test's matter. */
  async dispose(): Promise<void> {
    await Promise.all([...this.running].map((command) => killTree(command.child)));
    await killSurvivors(this.leftBehind);
    await rm(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }
}

/** The option of Node's. `--import` takes TypeScript, too. */
function preloading(file: string): string {
  return file.endsWith(".cjs") ? `--require=${JSON.stringify(file)}` : `--import=${pathToFileURL(file).href}`;
}

function writeJson(path: string, value: unknown): Promise<void> {
  return writeFile(path, `${JSON.stringify(value, undefined, 2)}\n`);
}
