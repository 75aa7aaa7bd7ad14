/**
 * Installs programs of this package as people install them: packed, from a registry, by the package managers
 * themselves, in a temporary folder outside this repository.
 */
import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { packageOf, type Use } from "#programs";
import { type Publication, type Registry, startRegistry } from "#registry";
import { pack, tarballOfPackage } from "../../../scripts/install.mts";

const run = promisify(execFile);
const ROOT = resolve(import.meta.dirname, "../../..");

/** Texts by their paths. */
export type Files = Readonly<Record<string, string>>;

/** The package managers: what npm installs, and the command. */
const MANAGERS = {
  npm: ["npm@11", "npm"],
  pnpm: ["pnpm@10", "pnpm"],
  "pnpm 12": ["pnpm@12", "pnpm"],
  "Yarn 1": ["yarn@1", "yarn"],
  "Yarn 4": ["@yarnpkg/cli-dist@4", "yarn"],
  bun: ["bun@1", "bun"],
} as const;

type Manager = keyof typeof MANAGERS;

interface Layout {
  readonly manager: Manager;
  /** Settings of the manager, in the folder that it installs. */
  readonly files?: Files;
  /** The program's folder is this member of a workspace. */
  readonly member?: string;
  /** Packages see nothing but their own dependencies, so an import-only component hides what it depends on. */
  readonly strict?: true;
  /** Node finds packages through Yarn's hook only. */
  readonly pnp?: true;
}

const table = {
  npm: { manager: "npm" },
  "npm, linked": { manager: "npm", files: { ".npmrc": "install-strategy=linked\n" }, strict: true },
  "npm, nested": { manager: "npm", files: { ".npmrc": "install-strategy=nested\n" }, strict: true },
  "npm workspace": { manager: "npm", member: "infra" },
  pnpm: { manager: "pnpm" },
  "pnpm 12": { manager: "pnpm 12" },
  "pnpm workspace": { manager: "pnpm", member: "infra", files: pnpm("packages: [infra]") },
  "pnpm, hoist: false": { manager: "pnpm", files: pnpm("hoist: false"), strict: true },
  "pnpm, another virtualStoreDir": { manager: "pnpm", files: pnpm("virtualStoreDir: store") },
  "pnpm, nodeLinker: hoisted": { manager: "pnpm", files: pnpm("nodeLinker: hoisted") },
  "pnpm, global virtual store": {
    manager: "pnpm",
    files: pnpm("enableGlobalVirtualStore: true"),
    strict: true,
  },
  "Yarn 1": { manager: "Yarn 1" },
  "Yarn 4, node-modules": { manager: "Yarn 4", files: yarn4("node-modules") },
  "Yarn 4, pnpm": { manager: "Yarn 4", files: yarn4("pnpm"), strict: true },
  "Yarn 4, PnP": { manager: "Yarn 4", files: yarn4("pnp"), strict: true, pnp: true },
  "bun, hoisted": { manager: "bun", files: bun("hoisted") },
  "bun, isolated": { manager: "bun", files: bun("isolated") },
} as const satisfies Readonly<Record<string, Layout>>;

export type LayoutName = keyof typeof table;
/** The folder layouts in which today's package managers install this package. */
export const layouts: Readonly<Record<LayoutName, Layout>> = table;

function pnpm(setting: string): Files {
  return { "pnpm-workspace.yaml": `${setting}\n` };
}

function yarn4(nodeLinker: string): Files {
  return { ".yarnrc.yml": `nodeLinker: ${nodeLinker}\n`, "yarn.lock": "" };
}

function bun(linker: string): Files {
  return { "bunfig.toml": `[install]\nlinker = "${linker}"\n` };
}

/** What is installed: by whom, and with which packages beside this one. */
export interface Order {
  readonly layout: LayoutName;
  readonly use: Use;
  /** A version of `@pulumi/pulumi`. */
  readonly sdk: string;
  /** With a compiler, as the templates of `pulumi new` have it. */
  readonly typescript?: boolean;
}

/** A folder with everything that a program needs, and no program yet. */
export interface Installation {
  /** The program's. */
  readonly folder: string;
  /** What Node needs to find packages from there. */
  readonly env: Readonly<Record<string, string>>;
  /** The package manager with its version. */
  readonly by: string;
  readonly sdk: string;
}

/** A temporary folder with package managers, a registry and what is installed from it. */
export class Workshop implements AsyncDisposable {
  readonly folder: string;
  readonly #registry: Registry;
  readonly #installations = new Map<string, Promise<Installation>>();
  readonly #tools = new Map<string, Promise<string>>();

  private constructor(folder: string, registry: Registry) {
    this.folder = folder;
    this.#registry = registry;
  }

  static async open(): Promise<Workshop> {
    const folder = await realpath(await mkdtemp(join(tmpdir(), "pulumi-sftptogo-matrix-")));
    const registry = await startRegistry([
      await publication(ROOT, await tarballOfPackage(folder)),
      await packComponent(folder, packageOf.component, "commonjs"),
      await packComponent(folder, packageOf["import-only component"], "module"),
    ]);
    return new Workshop(folder, registry);
  }

  /** Installs with the layout's own package manager, or says where that was done before. */
  install(order: Order): Promise<Installation> {
    const key = JSON.stringify(order);
    const known = this.#installations.get(key) ?? this.#install(order);
    this.#installations.set(key, known);
    return known;
  }

  /** The folder that holds `node` of a major version, or of the newest. */
  async node(version: string): Promise<string> {
    const isOurs = process.versions.node.startsWith(`${version}.`);
    return isOurs ? dirname(process.execPath) : this.tool(`node@${version}`);
  }

  /** The folder of the commands of a package that npm installs, such as `pnpm@10`. */
  tool(specifier: string): Promise<string> {
    const known = this.#tools.get(specifier) ?? this.#installTool(specifier);
    this.#tools.set(specifier, known);
    return known;
  }

  /**
   * A folder that holds Pulumi's language host for bun. The real one cannot be built from Go modules: this is the one
   * for Node.js with bun in the place of `node`. The provider process gets `node` from the PATH, as with the real one.
   */
  async languageHostOfBun(): Promise<string> {
    const folder = join(this.folder, "language-host");
    const bunAsNode = join(folder, "bun");
    const bun = join(await this.tool(MANAGERS.bun[0]), "bun");
    await write(folder, {
      "bun/node": `#!/bin/sh\nexec "${bun}" "$@"\n`,
      "pulumi-language-bun": `#!/bin/sh\nPATH="${bunAsNode}${delimiter}$PATH" exec pulumi-language-nodejs "$@"\n`,
    });
    for (const file of ["bun/node", "pulumi-language-bun"]) await chmod(join(folder, file), 0o755);
    return folder;
  }

  async #install({ layout: name, use, sdk, typescript }: Order): Promise<Installation> {
    const layout = layouts[name];
    const root = await mkdtemp(join(this.folder, "program-"));
    const member = layout.member ?? ".";
    const folder = join(root, member);
    await write(root, {
      ...(layout.member && {
        "package.json": JSON.stringify({ name: "root", private: true, workspaces: [member] }),
      }),
      [join(member, "package.json")]: JSON.stringify({
        name: "program",
        private: true,
        // A dependency that has types only cannot be required.
        dependencies: { "@types/node": "^24", "@pulumi/pulumi": sdk, [packageOf[use]]: "*" },
        ...(typescript && { devDependencies: { typescript: "^5.9" } }),
      }),
      ...layout.files,
      ".npmrc": `registry=${this.#registry.url}\n${layout.files?.[".npmrc"] ?? ""}`,
      ...(layout.manager.startsWith("pnpm") ? this.#pnpmSettings(layout) : {}),
    });
    const [specifier, command] = MANAGERS[layout.manager];
    const manager = join(await this.tool(specifier), command);
    const options = { cwd: root, env: this.#environment(layout.manager) };
    await run(manager, ["install"], options).catch((error) => {
      throw new Error(`${name}: ${error.stdout}${error.stderr}`);
    });
    const version = (await run(manager, ["--version"], options)).stdout.trim();
    // As it is in `yarn exec pulumi up`.
    const hook = ["exec", "node", "-p", "process.env.NODE_OPTIONS"];
    const env = layout.pnp ? { NODE_OPTIONS: (await run(manager, hook, options)).stdout.trim() } : {};
    const asked = ["-p", 'require("@pulumi/pulumi/package.json").version'];
    const found = await run(process.execPath, asked, { cwd: folder, env: { ...process.env, ...env } });
    return { folder, env, by: `${layout.manager.split(" ")[0]} ${version}`, sdk: found.stdout.trim() };
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

  async #installTool(specifier: string): Promise<string> {
    const folder = join(this.folder, "tools", specifier.replaceAll("/", "-"));
    await write(folder, { "package.json": "{}" });
    await run("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", specifier], { cwd: folder });
    return join(folder, "node_modules/.bin");
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
      ...(manager === "Yarn 1" ? { YARN_CACHE_FOLDER: join(caches, "yarn-1") } : {}),
      BUN_INSTALL_CACHE_DIR: join(caches, "bun"),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#registry[Symbol.asyncDispose]();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function publication(source: string, tarball: string): Promise<Publication> {
  return { manifest: JSON.parse(await readFile(join(source, "package.json"), "utf8")), tarball };
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
  return publication(source, await pack(source, folder));
}

export async function write(folder: string, files: Files): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}
