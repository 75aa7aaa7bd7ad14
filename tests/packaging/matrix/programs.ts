/** One program that declares one credential, in each of the forms in which people write and start programs. */
import type { Files } from "#workshop";

/**
 * How the program comes to use this package: as its own dependency, or through a component package, which is
 * CommonJS, or an ES module that can only be imported.
 */
export type Use = "direct" | "component" | "import-only component";

export const packageOf: Readonly<Record<Use, string>> = {
  direct: "pulumi-sftptogo",
  component: "@acme/component",
  "import-only component": "@acme/import-only",
};

export interface Program {
  /** By their paths from the folder that holds `Pulumi.yaml`. */
  readonly files: (use: Use) => Files;
  /** `type` and `main` of package.json. */
  readonly type: "module" | "commonjs";
  readonly main?: string;
  /** Lines of `Pulumi.yaml` after its name. Default: `runtime: nodejs`. */
  readonly yaml?: string;
  /** Needs TypeScript, as the templates of `pulumi new` install it. `compiled`: tsc runs before the program does. */
  readonly typescript?: "checked" | "compiled";
}

/** The names that the program uses: the class, and its package. */
function names(use: Use): readonly [string, string] {
  return [use === "direct" ? "Credential" : "Partner", packageOf[use]];
}

function imports(use: Use): string {
  const [name, from] = names(use);
  return `import { ${name} } from "${from}";\nnew ${name}("acme");\n`;
}

function requires(use: Use): string {
  const [name, from] = names(use);
  return `const { ${name} } = require("${from}");\nnew ${name}("acme");\n`;
}

/** With a type, so that Node alone cannot run it. */
function typed(use: Use): string {
  const [name, from] = names(use);
  return `import { ${name} } from "${from}";\nconst label: string = "acme";\nexport const made = new ${name}(label);\n`;
}

/** As the templates of `pulumi new` have it. */
const template = {
  strict: true,
  outDir: "dist",
  rootDir: "src",
  target: "es2022",
  module: "nodenext",
  moduleResolution: "nodenext",
  types: ["node"],
};

function tsconfig(options: object = {}): string {
  return JSON.stringify({ compilerOptions: { ...template, ...options } });
}

/** A plain program at a path, and what points at it. */
function at(path: string, { main, yaml }: Pick<Program, "main" | "yaml">): Program {
  return {
    type: "commonjs",
    files: (use) => ({ [path]: requires(use) }),
    ...(main && { main }),
    ...(yaml && { yaml }),
  };
}

const runtime = "runtime: nodejs";

export const programs = {
  "ES module": { type: "module", main: "index.js", files: (use) => ({ "index.js": imports(use) }) },
  CommonJS: at("index.js", { main: "index.js" }),
  TypeScript: {
    type: "commonjs",
    main: "index.ts",
    typescript: "checked",
    files: (use) => ({ "index.ts": typed(use), "tsconfig.json": tsconfig({ rootDir: "." }) }),
  },
  "TypeScript, ES module": {
    type: "module",
    main: "index.ts",
    typescript: "checked",
    files: (use) => ({ "index.ts": typed(use), "tsconfig.json": tsconfig({ rootDir: "." }) }),
  },
  "types stripped by Node.js": {
    type: "module",
    main: "index.ts",
    yaml: "runtime:\n  name: nodejs\n  options:\n    typescript: false",
    files: (use) => ({ "index.ts": typed(use) }),
  },
  "compiled to CommonJS, main: dist/": {
    type: "commonjs",
    yaml: `${runtime}\nmain: dist/`,
    typescript: "compiled",
    files: (use) => ({ "src/index.ts": typed(use), "tsconfig.json": tsconfig() }),
  },
  "compiled to an ES module, main: dist/index.js": {
    type: "module",
    yaml: `${runtime}\nmain: dist/index.js`,
    typescript: "compiled",
    files: (use) => ({ "src/index.ts": typed(use), "tsconfig.json": tsconfig() }),
  },
  "main: infra": at("infra/index.js", { yaml: `${runtime}\nmain: infra` }),
  "main: infra/": at("infra/index.js", { yaml: `${runtime}\nmain: infra/` }),
  "main: ./infra/index.js": at("infra/index.js", { yaml: `${runtime}\nmain: ./infra/index.js` }),
  "main: infra/index": at("infra/index.js", { yaml: `${runtime}\nmain: infra/index` }),
  "main: start.js": at("start.js", { yaml: `${runtime}\nmain: start.js` }),
  "main in package.json, without extension": at("infra/index.js", { main: "infra/index" }),
  "no main at all": at("index.js", {}),
  "runtime: bun": {
    type: "module",
    main: "index.ts",
    yaml: "runtime: bun",
    files: (use) => ({
      "index.ts": `${typed(use)}if (!("bun" in process.versions)) throw new Error("not bun");\n`,
    }),
  },
} as const satisfies Readonly<Record<string, Program>>;

export type ProgramName = keyof typeof programs;

/**
 * A program of the Automation API's own that lives a stack's whole life: of the program beside it, or of one that it
 * holds. It is meant to be started from another folder.
 */
export const automation: Readonly<Record<"local" | "inline", string>> = {
  local: life(`{ stackName: "dev", workDir: import.meta.dirname }`),
  inline: life(
    `{
      stackName: "inline",
      projectName: "inline",
      program: async () => void new Credential("acme"),
    },
    { projectSettings: { name: "inline", runtime: "nodejs", main: import.meta.dirname } }`,
  ),
};

function life(stack: string): string {
  return `
    import { LocalWorkspace } from "@pulumi/pulumi/automation/index.js";
    import { Credential } from "pulumi-sftptogo";
    const stack = await LocalWorkspace.createOrSelectStack(${stack});
    await stack.up();
    await stack.preview({ expectNoChanges: true });
    await stack.refresh({ expectNoChanges: true });
    await stack.destroy();`;
}
