/** What is tried: one life on the real engine for each cell, installed as people install. */
import type { ProgramName, Use } from "#programs";
import { type LayoutName, layouts } from "#workshop";

export interface Cell {
  /** Names its row in the guide. */
  readonly name: string;
  readonly layout: LayoutName;
  readonly use: Use;
  readonly program: ProgramName;
  /** A major version's newest, or one version. */
  readonly node: "20" | "21" | "22.0.0" | "22" | "24" | "latest";
  readonly sdk: "3.138.0" | "3.150.0" | "3.200.0" | "latest";
  /** Default: the one that the engine's tests run on, 3.274.1 where none is installed. */
  readonly engine?: string;
  /** How Pulumi is started. `-C` and the Automation API from another folder. */
  readonly start: "pulumi" | "pulumi -C" | "Automation, local" | "Automation, inline";
  /** Nothing may be written to `node_modules`. */
  readonly readOnly?: true;
  /** Plug'n'Play without the hook that `yarn exec` sets. */
  readonly withoutHook?: true;
  /** It cannot work, and this is what the preview says. */
  readonly says?: RegExp;
  /** Runs in `npm test` too: each of these breaks in a way of its own. */
  readonly quick?: true;
}

const usual = {
  layout: "npm",
  use: "direct",
  program: "ES module",
  node: "24",
  sdk: "latest",
  start: "pulumi",
} as const;

const nowhere = /Pulumi's provider process cannot find pulumi-sftptogo, .*? in <folder>\./;
const oldNode = /pulumi-sftptogo needs Node\.js 22 or newer, .*? on the PATH\./;
const oldSdk = /pulumi-sftptogo needs @pulumi\/pulumi 3\.150 or newer, .*?\)\./;

function cell(name: string, different: Partial<Cell> = {}): Cell {
  return { name, ...usual, ...different };
}

/** Each layout, directly and through component packages; one that can only be imported is lost in strict ones. */
const installed: readonly Cell[] = (Object.keys(layouts) as LayoutName[]).flatMap((layout) => {
  const importOnly = cell(`${layout}, through one that can only be imported`, {
    layout,
    use: "import-only component",
    ...(layouts[layout].strict ? { says: nowhere } : { quick: true }),
  });
  return [
    cell(layout, { layout }),
    cell(`${layout}, through a component package`, {
      layout,
      use: "component",
      ...(layout === "pnpm, hoist: false" && { quick: true }),
    }),
    ...(layouts[layout].strict || layout === "pnpm" ? [importOnly] : []),
  ];
});

export const cells: readonly Cell[] = [
  ...installed,
  cell("Yarn 4, PnP, without `yarn exec`", {
    layout: "Yarn 4, PnP",
    withoutHook: true,
    says: /It looks like the Pulumi SDK has not been installed\. Have you run npm install or yarn install\?/,
  }),
  cell("`node_modules` that cannot be written", { readOnly: true }),

  cell("JavaScript, CommonJS", { program: "CommonJS" }),
  cell("TypeScript", { program: "TypeScript" }),
  cell("TypeScript, ES module", { program: "TypeScript, ES module" }),
  cell("TypeScript, types stripped by Node.js", { program: "types stripped by Node.js" }),
  cell("compiled to CommonJS, `main: dist/`", { program: "compiled to CommonJS, main: dist/" }),
  cell("compiled to an ES module, `main: dist/index.js`", {
    program: "compiled to an ES module, main: dist/index.js",
  }),
  cell("bun, `runtime: bun`", { layout: "bun, hoisted", program: "runtime: bun" }),
  cell("bun, isolated, `runtime: bun`, through a component package", {
    layout: "bun, isolated",
    use: "component",
    program: "runtime: bun",
    quick: true,
  }),

  cell("`main: infra`", { program: "main: infra" }),
  cell("`main: infra/`", { program: "main: infra/" }),
  cell("`main: ./infra/index.js`", { program: "main: ./infra/index.js" }),
  cell("`main: infra/index`", {
    program: "main: infra/index",
    says: /project 'main' could not be read: stat .*? no such file or directory/,
  }),
  cell("`main: start.js`", { program: "main: start.js" }),
  cell("`main` in package.json, without extension", { program: "main in package.json, without extension" }),
  cell("no `main` at all", { program: "no main at all" }),
  cell("`main: infra`, through a component package", { program: "main: infra", use: "component" }),
  cell("`main: infra`, pnpm, through a component package", {
    program: "main: infra",
    layout: "pnpm",
    use: "component",
    says: nowhere,
  }),
  cell("`main` in package.json, pnpm, through a component package", {
    program: "main in package.json, without extension",
    layout: "pnpm",
    use: "component",
  }),

  cell("`pulumi -C` from another folder", { start: "pulumi -C" }),
  cell("Automation API, a local program from another folder", { start: "Automation, local" }),
  cell("Automation API, an inline program from another folder", { start: "Automation, inline" }),
  cell("pnpm, Automation API, an inline program from another folder", {
    layout: "pnpm",
    start: "Automation, inline",
  }),

  cell("the oldest Node.js", { node: "22.0.0" }),
  cell("Node.js 22", { node: "22" }),
  cell("Node.js 22, TypeScript", { node: "22", program: "TypeScript" }),
  cell("the newest Node.js", { node: "latest" }),
  cell("the newest Node.js, TypeScript", { node: "latest", program: "TypeScript" }),
  cell("the newest Node.js, Yarn 4, PnP", { node: "latest", layout: "Yarn 4, PnP" }),
  cell("Node.js 21, too old", {
    node: "21",
    sdk: "3.200.0",
    says: oldNode,
  }),
  cell("Node.js 20, too old", {
    node: "20",
    sdk: "3.200.0",
    says: oldNode,
  }),

  cell("the oldest SDK, Node.js 22, pnpm", { sdk: "3.150.0", node: "22", layout: "pnpm", quick: true }),
  cell("the oldest SDK, Node.js 22, TypeScript", { sdk: "3.150.0", node: "22", program: "TypeScript" }),
  cell("SDK 3.200", { sdk: "3.200.0" }),
  cell("an SDK that is too old", {
    sdk: "3.138.0",
    layout: "pnpm",
    says: oldSdk,
  }),
  cell("the oldest engine", { engine: "3.250.0" }),
  cell("the oldest engine, the oldest SDK", { engine: "3.250.0", sdk: "3.150.0" }),
  cell("the oldest engine, pnpm without hoisting, through a component package", {
    engine: "3.250.0",
    layout: "pnpm, hoist: false",
    use: "component",
  }),
];
