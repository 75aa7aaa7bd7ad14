/** Puts the stand-ins where a program finds what it imports, and what it runs. */
import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** In place of `@pulumi/aws`, `@pulumi/vault` and `@pulumi/command`, beside a program. */
export function installStandIns(folder: string): void {
  for (const name of ["aws", "vault", "command"]) {
    const text = readFileSync(join(__dirname, `${name}.ts`), "utf8");
    const { outputText } = ts.transpileModule(text, {
      compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
    });
    const base = join(folder, "node_modules/@pulumi", name);
    mkdirSync(base, { recursive: true });
    writeFileSync(join(base, "package.json"), JSON.stringify({ name, version: "1.0.0", types: "index.ts" }));
    writeFileSync(join(base, "index.ts"), text);
    writeFileSync(join(base, "index.js"), outputText);
  }
}

/** A folder for the PATH, with a stand-in for the `vault` command. */
export function installVaultCommand(folder: string): string {
  const bin = join(folder, "bin");
  mkdirSync(bin, { recursive: true });
  cpSync(join(__dirname, "vaultCommand.mjs"), join(bin, "vault"));
  chmodSync(join(bin, "vault"), 0o755);
  return bin;
}
