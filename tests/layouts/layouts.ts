/**
 * The folder layouts in which today's package managers install this package, each made by the manager itself.
 * Everything is installed in a temporary folder. What is not this repository's comes from the npm registry.
 */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { type Publication, type Registry, startRegistry } from "#registry";

const run = promisify(execFile);
const ROOT = resolve(import.meta.dirname, "../..");

/** The package managers, by the folder they are installed in. */
const MANAGERS = {
  npm: "npm@11",
  pnpm: "pnpm@10",
  "pnpm-12": "pnpm@12",
  "yarn-1": "yarn@1",
  "yarn-4": "@yarnpkg/cli-dist@4",
  bun: "bun@1",
} as const;

type Manager = keyof typeof MANAGERS;
type Files = Readonly<Record<string, string>>;

/**
 * How the program comes to use this package: as its own dependency, or through a component package, which is
 * CommonJS, or an ES module that can only be imported.
 */
export const uses = ["direct", "component", "import-only component"] as const;
export type Use = (typeof uses)[number];

const DEPENDENCIES: Readonly<Record<Use, string>> = {
  direct: "pulumi-sftptogo",
  component: "@acme/component",
  "import-only component": "@acme/import-only",
};

export interface Layout {
  readonly name: string;
  readonly manager: Manager;
  /** Settings of the manager, in the program's folder. */
  readonly files?: Files;
  /** Packages see nothing but their own dependencies, so an import-only component hides what it depends on. */
  readonly strict?: true;
  /** Node finds packages through Yarn's hook only. */
  readonly pnp?: true;
}

export const layouts: readonly Layout[] = [
  { name: "npm", manager: "npm" },
  { name: "npm, linked", manager: "npm", files: { ".npmrc": "install-strategy=linked\n" }, strict: true },
  { name: "npm, nested", manager: "npm", files: { ".npmrc": "install-strategy=nested\n" }, strict: true },
  { name: "pnpm", manager: "pnpm" },
  { name: "pnpm 12", manager: "pnpm-12" },
  { name: "pnpm, hoist: false", manager: "pnpm", files: pnpm("hoist: false"), strict: true },
  { name: "pnpm, another virtualStoreDir", manager: "pnpm", files: pnpm("virtualStoreDir: store") },
  { name: "pnpm, nodeLinker: hoisted", manager: "pnpm", files: pnpm("nodeLinker: hoisted") },
  {
    name: "pnpm, global virtual store",
    manager: "pnpm",
    files: pnpm("enableGlobalVirtualStore: true"),
    strict: true,
  },
  { name: "Yarn 1", manager: "yarn-1" },
  { name: "Yarn 4, node-modules", manager: "yarn-4", files: yarn4("node-modules") },
  { name: "Yarn 4, pnpm", manager: "yarn-4", files: yarn4("pnpm"), strict: true },
  { name: "Yarn 4, PnP", manager: "yarn-4", files: yarn4("pnp"), strict: true, pnp: true },
  { name: "bun, hoisted", manager: "bun", files: bun("hoisted") },
  { name: "bun, isolated", manager: "bun", files: bun("isolated") },
];

function pnpm(setting: string): Files {
  return { "pnpm-workspace.yaml": `${setting}\n` };
}

function yarn4(nodeLinker: string): Files {
  return { ".yarnrc.yml": `nodeLinker: ${nodeLinker}\n`, "yarn.lock": "" };
}

function bun(linker: string): Files {
  return { "bunfig.toml": `[install]\nlinker = "${linker}"\n` };
}

/** Whether the provider process can find the package. */
export function isFindable({ strict }: Layout, use: Use): boolean {
  return !(strict && use === "import-only component");
}

/** An installed program that declares one credential. */
export interface Installation {
  readonly folder: string;
  /** What Node needs to find packages from there. */
  readonly env: Readonly<Record<string, string>>;
}

/** A temporary folder with package managers, a registry and the programs that are installed from it. */
export class Workshop implements AsyncDisposable {
  readonly folder: string;
  readonly #registry: Registry;
  readonly #managers = new Map<Manager, Promise<readonly [string, ...string[]]>>();

  private constructor(folder: string, registry: Registry) {
    this.folder = folder;
    this.#registry = registry;
  }

  static async open(): Promise<Workshop> {
    const folder = await realpath(await mkdtemp(join(tmpdir(), "pulumi-sftptogo-layouts-")));
    const registry = await startRegistry([
      await pack(ROOT, folder),
      await packComponent(folder, DEPENDENCIES.component, "commonjs"),
      await packComponent(folder, DEPENDENCIES["import-only component"], "module"),
    ]);
    return new Workshop(folder, registry);
  }

  /** Installs a program with the layout's own package manager. */
  async install(layout: Layout, use: Use): Promise<Installation> {
    const folder = await mkdtemp(join(this.folder, "program-"));
    const dependency = DEPENDENCIES[use];
    const [exported, imported] =
      use === "direct" ? ["Credential", "pulumi-sftptogo"] : ["Partner", dependency];
    await write(folder, {
      "package.json": JSON.stringify({
        name: "program",
        private: true,
        type: "module",
        main: "index.js",
        // A dependency that has types only cannot be required.
        dependencies: { "@types/node": "^24", "@pulumi/pulumi": "^3.270.0", [dependency]: "*" },
      }),
      "index.js": `import { ${exported} } from "${imported}";\nnew ${exported}("acme");\n`,
      ...layout.files,
      ".npmrc": `registry=${this.#registry.url}\n${layout.files?.[".npmrc"] ?? ""}`,
      ...(layout.manager.startsWith("pnpm") ? this.#pnpmSettings(layout) : {}),
    });
    const [command, ...args] = await this.#manager(layout.manager);
    await run(command, args, { cwd: folder, env: this.#environment(layout.manager) }).catch((error) => {
      throw new Error(`${layout.name}: ${error.stdout}${error.stderr}`);
    });
    const hooks = `--require ${join(folder, ".pnp.cjs")} --experimental-loader ${join(folder, ".pnp.loader.mjs")}`;
    return { folder, env: layout.pnp ? { NODE_OPTIONS: hooks } : {} };
  }

  /** Since version 11 pnpm reads its settings from this file only, and fails where it skips a build script. */
  #pnpmSettings({ files }: Layout): Files {
    const file = "pnpm-workspace.yaml";
    const settings = [
      `storeDir: ${join(this.folder, "caches/pnpm")}`,
      "strictDepBuilds: false",
      files?.[file],
    ];
    return { [file]: settings.filter((line) => line !== undefined).join("\n") };
  }

  /** The command that installs a program with this manager. */
  #manager(manager: Manager): Promise<readonly [string, ...string[]]> {
    const known = this.#managers.get(manager) ?? this.#installManager(manager);
    this.#managers.set(manager, known);
    return known;
  }

  async #installManager(manager: Manager): Promise<readonly [string, ...string[]]> {
    const folder = join(this.folder, manager);
    await write(folder, { "package.json": "{}" });
    await run("npm", ["install", "--no-audit", "--no-fund", MANAGERS[manager]], { cwd: folder });
    const name = manager.replace(/-\d+$/, "");
    return [join(folder, "node_modules/.bin", name), "install"];
  }

  /** Caches and stores lie in this folder too: nothing of the user's is changed. */
  #environment(manager: Manager): NodeJS.ProcessEnv {
    const { url } = this.#registry;
    const caches = join(this.folder, "caches");
    return {
      ...process.env,
      npm_config_registry: url,
      YARN_REGISTRY: url,
      YARN_NPM_REGISTRY_SERVER: url,
      YARN_UNSAFE_HTTP_WHITELIST: "127.0.0.1",
      YARN_GLOBAL_FOLDER: join(caches, "yarn-4"),
      YARN_ENABLE_IMMUTABLE_INSTALLS: "false",
      YARN_ENABLE_TELEMETRY: "false",
      // Yarn refuses what was published lately; the tarball of this repository is from now.
      YARN_NPM_MINIMAL_AGE_GATE: "0",
      ...(manager === "yarn-1" ? { YARN_CACHE_FOLDER: join(caches, "yarn-1") } : {}),
      BUN_INSTALL_CACHE_DIR: join(caches, "bun"),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#registry[Symbol.asyncDispose]();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Packs a package without the build that goes before each publication: other tests are using its result. */
async function pack(source: string, into: string): Promise<Publication> {
  const args = ["pack", "--ignore-scripts", "--json", "--pack-destination", into];
  const { stdout } = await run("npm", args, { cwd: source });
  const [{ filename }] = JSON.parse(stdout);
  const manifest = JSON.parse(await readFile(join(source, "package.json"), "utf8"));
  return { manifest, tarball: join(into, filename) };
}

async function packComponent(
  folder: string,
  name: string,
  type: "commonjs" | "module",
): Promise<Publication> {
  const source = join(folder, name);
  const partner = `class Partner extends pulumi.ComponentResource {
    constructor(name) {
      super("acme:Partner", name);
      this.credential = new Credential(name, {}, { parent: this });
    }
  }`;
  const texts = {
    commonjs: `
      const pulumi = require("@pulumi/pulumi");
      const { Credential } = require("pulumi-sftptogo");
      exports.Partner = ${partner};`,
    module: `
      import * as pulumi from "@pulumi/pulumi";
      import { Credential } from "pulumi-sftptogo";
      export ${partner}`,
  };
  await write(source, {
    "package.json": JSON.stringify({
      name,
      version: "1.0.0",
      type,
      exports: type === "module" ? { ".": { import: "./index.js" } } : "./index.js",
      dependencies: { "pulumi-sftptogo": "*" },
      peerDependencies: { "@pulumi/pulumi": "^3" },
    }),
    "index.js": texts[type],
  });
  return pack(source, folder);
}

async function write(folder: string, files: Files): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}

/** Evaluates a text where and as Pulumi's dynamic-provider process does: `found`, or what that would print. */
export async function evaluate({ folder, env }: Installation, text: string): Promise<string> {
  const script = `
    const provider = require.resolve("@pulumi/pulumi/cmd/dynamic-provider");
    const requireFromString = require("node:module").createRequire(provider)("require-from-string");
    try {
      const { create } = requireFromString(process.argv[1]).handler();
      process.stdout.write(typeof create === "function" ? "found" : "no handlers");
    } catch (error) {
      process.stdout.write(error + ": " + error.stack);
    }`;
  const args = ["-e", script, text];
  const { stdout } = await run(process.execPath, args, { cwd: folder, env: { ...process.env, ...env } });
  return stdout;
}
