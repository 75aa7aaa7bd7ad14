/**
 * Finds or makes the real Pulumi engine that the demo and the engine tests run.
 *
 * In this order: a `pulumi` on the PATH; the one an earlier run built into the user's cache folder; the official
 * installation, by the SDK's own installer; a build from Go modules, for networks where that cannot be reached. Each is
 * tried out before it is used. `node tests/engine/engine.ts [version]` does the same from a shell and prints the folder.
 */
import { createHash } from "node:crypto";
import {
  access,
  constants,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { homedir } from "node:os";
import { basename, delimiter, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import lockfile from "proper-lockfile";
import { start } from "#process";

/**
 * The engine that is installed or built: the newest whose Go module resolves. The oldest that is promised is in the
 * matrix of installations. CONTRIBUTING.md says how to change it.
 */
export const ENGINE_VERSION = "3.274.1";

const PROJECT_ROOT = resolve(import.meta.dirname, "../..");
const NODE_MODULES = join(PROJECT_ROOT, "node_modules");
const SDK_FOLDER = join(NODE_MODULES, "@pulumi/pulumi");
/** Where programs are run: under the project, so that they find its `node_modules`. Ignored by git. */
export const WORK_FOLDER = join(import.meta.dirname, ".work");

/** A Go module for each program to build, and for each other version of the engine: its versions in go.mod, the sums of all that goes into it in go.sum. */
const MODULES_FOLDER = join(import.meta.dirname, "modules");
/** The SDK's installer has no limit of its own, and a network that drops packets never says no. */
const INSTALL_TIMEOUT_SECONDS = 300;
const BUILD_TIMEOUT_SECONDS = 1800;
const TRY_OUT_TIMEOUT_SECONDS = 60;
/** The lock's holder touches it while it works, however long; after so much unwritable it was killed. */
const LOCK_STALE_MS = 60_000;

/** An engine that has been seen to run a program with a dynamic resource. */
export interface Engine {
  /** The folder that holds `pulumi`. */
  readonly binDir: string;
  /** The full path of the command. */
  readonly pulumi: string;
  /** As `pulumi version` says it, without the `v`. */
  readonly version: string;
  readonly source: "path" | "cache" | "installed" | "build";
}

/** A way to get an engine: fills the empty folder, or throws the reason why it cannot, in one line. */
export interface Installer {
  readonly source: "build";
  install(folder: string, report: (line: string) => void, version: string): Promise<void>;
}

/** What a test puts in the place of this machine. */
export interface FindOptions {
  /** No other version will do. Default: any that is on the PATH, else `ENGINE_VERSION`. */
  readonly version?: string;
  /** The PATH to look for `pulumi` on. Default: this process's. */
  readonly path?: string;
  /** Default: `$PULUMI_SFTPTOGO_ENGINE_CACHE`, else `pulumi-sftptogo` in the user's cache folder. */
  readonly cacheFolder?: string;
  /** The official installation: the folder of its `pulumi`. Default: the SDK's installer. */
  readonly installOfficially?: (version: string) => Promise<string>;
  /** Default: from Go modules. */
  readonly build?: Installer;
  /** Takes the lines that say what is going on. Default: stderr. */
  readonly report?: (line: string) => void;
}

/**
 * Finds an engine that works, and installs one into the cache folder if there is none. Takes no time once an
 * engine has been tried out. Safe when several processes call it at once: one installs, the others wait.
 */
export async function findEngine(options: FindOptions = {}): Promise<Engine> {
  const report = options.report ?? ((line: string) => void process.stderr.write(`${line}\n`));
  const cacheFolder = options.cacheFolder ?? defaultCacheFolder();
  const wanted = options.version ?? ENGINE_VERSION;
  const engineFolder = join(cacheFolder, `engine-${wanted}`);
  const reasons: string[] = [];
  function passOver(what: string, error: unknown): void {
    const reason = `${what}: ${oneLine(error)}`;
    report(reason);
    reasons.push(reason);
  }

  for (const binDir of await foldersWithPulumi(options.path ?? process.env.PATH ?? "")) {
    try {
      const engine = await tryOut(binDir, cacheFolder);
      if (options.version === undefined || engine.version === wanted) return { ...engine, source: "path" };
    } catch (error) {
      passOver(`Passing over ${join(binDir, "pulumi")} from the PATH`, error);
    }
  }

  const cached = await fromCache();
  if (cached !== undefined) return cached;

  try {
    const binDir = await (options.installOfficially ?? installOfficially)(wanted);
    return { ...(await tryOut(binDir, cacheFolder)), source: "installed" };
  } catch (error) {
    passOver("No official engine", error);
  }

  await mkdir(cacheFolder, { recursive: true });
  if (await lockfile.check(cacheFolder, { stale: LOCK_STALE_MS })) {
    report(`Waiting for another run that is filling ${cacheFolder}`);
  }
  const unlock = await lockfile.lock(cacheFolder, {
    stale: LOCK_STALE_MS,
    update: LOCK_STALE_MS / 6,
    retries: { forever: true, factor: 1, minTimeout: 500 },
    // E.g. the computer slept. Going on is harmless: the engine is put in place by one rename.
    onCompromised: () => report("Another run may be installing the engine as well; going on."),
  });
  try {
    return (await fromCache()) ?? (await install());
  } finally {
    await unlock().catch(() => {});
  }

  async function fromCache(): Promise<Engine | undefined> {
    if (!(await isExecutable(join(engineFolder, "pulumi")))) return undefined;
    try {
      return { ...(await tryOut(engineFolder, cacheFolder)), source: "cache" };
    } catch (error) {
      passOver(`Passing over the cached engine in ${engineFolder}`, error);
      return undefined;
    }
  }

  /** Installs beside the final place, tries it out there, and puts it in place by a rename. */
  async function install(): Promise<Engine> {
    const prefix = `${basename(engineFolder)}.new-`;
    for (const name of await readdir(cacheFolder)) {
      // Left by a run that was killed: while we hold the lock nobody else works on one.
      if (name.startsWith(prefix)) await rm(join(cacheFolder, name), { recursive: true, force: true });
    }
    const folder = await mkdtemp(join(cacheFolder, prefix));
    try {
      await (options.build ?? buildFromGoModules).install(folder, report, wanted);
      await tryOut(folder, cacheFolder);
      await rm(engineFolder, { recursive: true, force: true });
      await rename(folder, engineFolder);
      return { ...(await tryOut(engineFolder, cacheFolder)), source: "build" };
    } catch (error) {
      passOver("No engine by build", error);
      await rm(folder, { recursive: true, force: true });
    }
    throw new Error(
      ["No working Pulumi engine.", ...reasons.map((reason) => `  - ${reason}`)].join("\n") +
        "\nInstall Pulumi (https://www.pulumi.com/docs/install/) or a Go toolchain and run this again.",
    );
  }
}

/** Encrypts the secrets in the states of all tests. */
export const passphrase = "correct horse battery staple";

/**
 * The environment for an engine that works in `folder` and touches nothing outside it: state, settings and
 * logs lie in it. Nothing is inherited but what programs in general need, so that a developer's own
 * SFTPTOGO_* or PULUMI_* variables never reach a test.
 */
export function engineEnvironment(binDir: string, folder: string): Record<string, string> {
  const inherited = ["HOME", "TMPDIR", "LANG"].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(inherited),
    // The engine calls `node` by name, and so does the launcher of dynamic providers, which is taken from
    // beside the engine or, failing that, from the SDK.
    PATH: [binDir, join(NODE_MODULES, ".bin"), SDK_FOLDER, process.env.PATH].join(delimiter),
    PULUMI_HOME: join(folder, "home"),
    PULUMI_BACKEND_URL: pathToFileURL(join(folder, "state")).href,
    PULUMI_CONFIG_PASSPHRASE: passphrase,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    // Saves a fifth of every command: Node need not compile the SDK again.
    NODE_COMPILE_CACHE: join(WORK_FOLDER, "compile-cache"),
  };
}

/** The SDK's installer, in a process of its own, so that it can be ended. Prints the folder of the command. */
const INSTALL_PROGRAM = `
const { PulumiCommand } = require("@pulumi/pulumi/automation");
const { SemVer } = require("semver");
const [, version] = process.argv;
PulumiCommand.install({ version: new SemVer(version) }).then(
  ({ command }) => console.log(require("node:path").dirname(command)),
  (error) => {
    console.error(error.message.trim().split("\\n")[0]);
    process.exitCode = 1;
  },
);
`;

/** Installs into `~/.pulumi/versions/<version>`, which npm's `pulumi` launcher uses as well; used at once if it is there. */
async function installOfficially(version: string): Promise<string> {
  const { stdout } = await succeed(process.execPath, ["-e", INSTALL_PROGRAM, version], {
    cwd: SDK_FOLDER,
    env: process.env,
    timeoutSeconds: INSTALL_TIMEOUT_SECONDS,
  });
  return stdout.trim();
}

const buildFromGoModules: Installer = {
  source: "build",
  async install(folder, report, version) {
    report(`Building the Pulumi engine ${version} from Go modules, once: some five minutes on two cores`);
    const versionFlag = `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${version}`;
    const module = version === ENGINE_VERSION ? "pulumi" : `pulumi-${version}`;
    await goBuild(folder, "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi", `-s -w ${versionFlag}`, module);
    // The last Go module that holds the Node.js language host; it has had no module of its own since.
    await goBuild(folder, "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs", "-s -w");
    // As in the official archive. Taken from the PATH instead, the engine warns about it in every command.
    // It only looks the SDK up from the program's folder, so it does not age.
    const launcher = "pulumi-resource-pulumi-nodejs";
    await copyFile(join(SDK_FOLDER, launcher), join(folder, launcher));
  },
};

/**
 * Builds a command of a Go module into `folder`. `go install <package>@<version>` refuses modules with `replace`
 * lines, so the package is a dependency of a module in `modules`, usually of the command's name. Go refuses each
 * dependency whose sum is not the one in its go.sum, and adds none.
 */
export async function goBuild(
  folder: string,
  goPackage: string,
  ldflags: string,
  module = basename(goPackage),
  modules = MODULES_FOLDER,
): Promise<void> {
  // A folder that is not there looks to `spawn` like a command that is not there.
  await access(join(modules, module, "go.mod"));
  await succeed("go", ["build", "-trimpath", "-ldflags", ldflags, "-o", folder, goPackage], {
    cwd: join(modules, module),
    env: { ...process.env, GOFLAGS: "-buildvcs=false -mod=readonly", GOWORK: "off" },
    timeoutSeconds: BUILD_TIMEOUT_SECONDS,
  });
}

/**
 * Runs a program with one dynamic resource, which takes the command, the Node.js language host, the dynamic
 * provider's launcher and this project's SDK together. A success is noted in the cache folder, so that it is
 * done once for each engine and SDK.
 */
async function tryOut(binDir: string, cacheFolder: string): Promise<Omit<Engine, "source">> {
  const pulumi = join(binDir, "pulumi");
  const note = join(cacheFolder, `tried-${await fingerprint(binDir)}`);
  const known = await readFile(note, "utf8").catch(() => "");
  if (known !== "") return { binDir, pulumi, version: known };

  await mkdir(WORK_FOLDER, { recursive: true });
  const folder = await mkdtemp(join(WORK_FOLDER, "try-out-"));
  const options = {
    cwd: folder,
    env: engineEnvironment(binDir, folder),
    timeoutSeconds: TRY_OUT_TIMEOUT_SECONDS,
  };
  try {
    const version = (await succeed(pulumi, ["version"], options)).stdout.trim().replace(/^v/, "");
    await mkdir(join(folder, "state"));
    await writeFile(join(folder, "Pulumi.yaml"), "name: try-out\nruntime: nodejs\n");
    await writeFile(join(folder, "package.json"), '{ "main": "index.js" }');
    await writeFile(join(folder, "index.js"), TRY_OUT_PROGRAM);
    await succeed(pulumi, ["stack", "init", "try-out", "--non-interactive"], options);
    await succeed(pulumi, ["up", "--yes", "--skip-preview", "--non-interactive", "--color=never"], options);
    await mkdir(cacheFolder, { recursive: true });
    await writeFile(note, version);
    return { binDir, pulumi, version };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const TRY_OUT_PROGRAM = `
const { CustomResource } = require("@pulumi/pulumi");
const provider = "exports.handler = () => ({ create: async () => ({ id: 'works', outs: {} }) })";
new CustomResource("pulumi-nodejs:dynamic:Resource", "probe", { __provider: provider });
`;

/**
 * Changes when the engine's programs change, or the SDK they were tried out with. Holds while an engine is
 * moved into its place.
 */
async function fingerprint(binDir: string): Promise<string> {
  const sdk: unknown = JSON.parse(await readFile(join(SDK_FOLDER, "package.json"), "utf8")).version;
  const files = await Promise.all(
    ["pulumi", "pulumi-language-nodejs"].map(async (name) => {
      const file = await stat(join(binDir, name)).catch(() => undefined);
      return [file?.dev, file?.ino, file?.size, file?.mtimeMs];
    }),
  );
  return createHash("sha256")
    .update(JSON.stringify([sdk, files]))
    .digest("hex")
    .slice(0, 16);
}

/** The folders of a PATH that hold an executable `pulumi`, each once, in order. */
async function foldersWithPulumi(path: string): Promise<readonly string[]> {
  const found = new Map<string, string>();
  for (const folder of path.split(delimiter).filter(Boolean)) {
    const pulumi = join(resolve(folder), "pulumi");
    if (!(await isExecutable(pulumi))) continue;
    const real = await realpath(pulumi);
    if (!found.has(real)) found.set(real, dirname(pulumi));
  }
  return [...found.values()];
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

function defaultCacheFolder(): string {
  const own = process.env.PULUMI_SFTPTOGO_ENGINE_CACHE;
  if (own) return resolve(own);
  return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "pulumi-sftptogo");
}

/** Runs a command to its end; anything but exit code 0 is an error with the last line it printed. */
async function succeed(command: string, args: readonly string[], options: Parameters<typeof start>[2]) {
  const result = await start(command, args, options).result.catch((error: NodeJS.ErrnoException) => {
    throw error.code === "ENOENT" ? new Error(`there is no \`${command}\` on the PATH`) : error;
  });
  if (result.code === 0) return result;
  // Go explains a wrong sum at length after it.
  const wrongSum = /^.*checksum mismatch$/m.exec(result.stderr)?.[0];
  const lastWords = wrongSum ?? lastLine(result.stderr) ?? lastLine(result.stdout) ?? "without a word";
  throw new Error(
    `\`${basename(command)} ${args[0]}\` ended with ${result.code ?? result.signal}: ${lastWords}`,
  );
}

function lastLine(text: string): string | undefined {
  return text.trim().split("\n").at(-1)?.trim() || undefined;
}

/** The error in one line; `fetch` keeps what happened in the cause. */
function oneLine(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const message = error.message.split("\n")[0] ?? "";
  return error.cause instanceof Error ? `${message} (${oneLine(error.cause)})` : message;
}

if (import.meta.main) {
  try {
    const [, , version] = process.argv;
    const engine = await findEngine(version === undefined ? {} : { version });
    process.stderr.write(`Pulumi ${engine.version} (${engine.source}) is in\n`);
    process.stdout.write(`${engine.binDir}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    process.exitCode = 1;
  }
}
