/** Compiles programs as a user's project has them: against the built package, under its own compiler and settings. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type ts from "typescript";
import { afterAll } from "vitest";

export const root = join(__dirname, "../../..");
if (!existsSync(join(root, "dist/index.js"))) throw new Error('run "npm run build" before the tests');

/** The one that builds this package, too. */
export const newest = compilerOf(".");

/** The compilers: the oldest that is supported, the last one before 6, and the newest that Pulumi's SDK allows. */
export const compilers: Readonly<Record<string, typeof ts>> = {
  "5.0": compilerOf("tests/packaging/consumer/typescript-5.0"),
  "5.9": compilerOf("tests/packaging/consumer/typescript-5.9"),
  "6": newest,
};

function compilerOf(folder: string): typeof ts {
  return createRequire(join(root, folder, "package.json"))("typescript") as typeof ts;
}

/** What `pulumi new typescript` writes into tsconfig.json, by the module systems of older and newer templates. */
export const settings = {
  commonjs: { module: "commonjs", moduleResolution: "node" },
  nodenext: { module: "nodenext", moduleResolution: "nodenext" },
} as const;
export type Settings = keyof typeof settings;

const template = {
  strict: true,
  outDir: "bin",
  target: "es2020",
  sourceMap: true,
  experimentalDecorators: true,
  pretty: true,
  noFallthroughCasesInSwitch: true,
  noImplicitReturns: true,
  forceConsistentCasingInFileNames: true,
};

export interface Setup {
  readonly compiler: typeof ts;
  readonly settings: Settings;
  readonly exactOptionalPropertyTypes: boolean;
}

/** Every compiler with all settings, by a name for a test's title. */
export const setups: readonly (Setup & { readonly name: string })[] = Object.entries(compilers).flatMap(
  ([version, compiler]) =>
    (["commonjs", "nodenext"] as const).flatMap((each) =>
      [false, true].map((exact) => ({
        name: `TypeScript ${version}, ${each}, ${exact ? "exact" : "loose"} optional properties`,
        compiler,
        settings: each,
        exactOptionalPropertyTypes: exact,
      })),
    ),
);

/** A user's folder with the package and what a template installs; taken away after the tests of the file. */
export function project(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "pulumi-sftptogo-consumer-")));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, target] of Object.entries({
    "pulumi-sftptogo": root,
    "@pulumi/pulumi": join(root, "node_modules/@pulumi/pulumi"),
    "@pulumi/policy": join(root, "node_modules/@pulumi/policy"),
    "@types/node": join(root, "node_modules/@types/node"),
  })) {
    const link = join(folder, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(target, link);
  }
  cpSync(join(__dirname, "programs"), folder, { recursive: true });
  return folder;
}

export function optionsOf(setup: Setup, folder: string): ts.CompilerOptions {
  const { compiler } = setup;
  const { options, errors } = compiler.convertCompilerOptionsFromJson(
    {
      ...template,
      ...settings[setup.settings],
      exactOptionalPropertyTypes: setup.exactOptionalPropertyTypes,
      // TypeScript 6 asks for this where a project still has the old way of finding modules.
      ...(compiler.version.startsWith("6") && { ignoreDeprecations: "6.0" }),
    },
    folder,
  );
  if (errors.length > 0) throw new Error(textOf(compiler, errors));
  return options;
}

/** Parsed once for all programs that see it the same way: most of them are the SDK's. */
const parsed = new Map<string, ts.SourceFile | undefined>();

/**
 * Compiles files of a project, and says what is wrong in them or in the package's own types. What other packages'
 * types have wrong under an old compiler is theirs.
 */
export function compile(setup: Setup, folder: string, files: readonly string[]): readonly ts.Diagnostic[] {
  const { compiler } = setup;
  const options = optionsOf(setup, folder);
  const host = compiler.createCompilerHost(options);
  const parse = host.getSourceFile.bind(host);
  host.getSourceFile = (file, languageVersionOrOptions, ...more) => {
    const name = [compiler.version, setup.settings, file].join(" ");
    // The user's own files differ from one test to the next.
    if (file.startsWith(`${folder}/`)) return parse(file, languageVersionOrOptions, ...more);
    if (!parsed.has(name)) parsed.set(name, parse(file, languageVersionOrOptions, ...more));
    return parsed.get(name);
  };
  const program = compiler.createProgram({
    rootNames: files.map((file) => join(folder, file)),
    options,
    host,
  });
  const checked = program
    .getSourceFiles()
    .filter(({ fileName }) => fileName.startsWith(`${folder}/`) || fileName.startsWith(`${root}/dist/`));
  return [
    ...program.getOptionsDiagnostics(),
    ...checked.flatMap((file) => [
      ...program.getSyntacticDiagnostics(file),
      ...program.getSemanticDiagnostics(file),
    ]),
  ];
}

/** Diagnostics as the compiler prints them. */
export function textOf(compiler: typeof ts, diagnostics: readonly ts.Diagnostic[]): string {
  return compiler.formatDiagnostics(diagnostics, {
    getCurrentDirectory: () => "",
    getCanonicalFileName: (file) => file,
    getNewLine: () => "\n",
  });
}
