/** The programs that a guide has its reader write, with stand-ins for what they import. */
import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import ts from "typescript";

const root = resolve(__dirname, "../..");
const standIns = join(root, "tests/consumer/standIns");

/** By file name. Blocks of TypeScript without a name above them are one program, `index.ts`, in their order. */
export function programsOf(guide: string): Map<string, string> {
  const page = readFileSync(join(root, "docs/guides", guide), "utf8");
  const programs = new Map<string, string>();
  for (const [, name = "index.ts", text] of page.matchAll(/(?:^`(\S+)`:\n\n)?^```[tj]s\n(.*?)^```$/gms)) {
    programs.set(name, `${programs.get(name) ?? ""}${text}`);
  }
  return programs;
}

/** Puts the stand-ins for `@pulumi/aws`, `@pulumi/vault` and `@pulumi/command` beside a program. */
export function installStandIns(folder: string): void {
  for (const name of ["aws", "vault", "command"]) {
    const text = readFileSync(join(standIns, `${name}.ts`), "utf8");
    const { outputText } = ts.transpileModule(text, {
      compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
    });
    const base = join(folder, "node_modules/@pulumi", name);
    write(join(base, "package.json"), JSON.stringify({ name, version: "1.0.0", types: "index.ts" }));
    write(join(base, "index.ts"), text);
    write(join(base, "index.js"), outputText);
  }
}

/** A folder for the PATH, with a stand-in for the `vault` command. */
export function installVaultCommand(folder: string): string {
  const bin = join(folder, "bin");
  mkdirSync(bin, { recursive: true });
  cpSync(join(standIns, "vaultCommand.mjs"), join(bin, "vault"));
  chmodSync(join(bin, "vault"), 0o755);
  return bin;
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
