/**
 * `npm run build`: compiles `provider/` into `dist/`, and takes out the types that no entry of package.json reaches.
 * A consumer's compiler reads none of them, and they are a third of all.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

process.chdir(join(import.meta.dirname, ".."));
rmSync("dist", { recursive: true, force: true });
if (spawnSync("tsc", ["-p", "provider"], { stdio: "inherit" }).status !== 0) process.exit(1);

const { exports } = JSON.parse(readFileSync("package.json", "utf8"));
const reached = new Set<string>();
for (const { types } of Object.values<{ types?: string }>(exports)) if (types) reach(resolve(types));
for (const name of readdirSync("dist", { recursive: true, encoding: "utf8" })) {
  const file = resolve("dist", name);
  if (file.endsWith(".d.ts") && !reached.has(file)) rmSync(file);
}

function reach(file: string): void {
  if (reached.has(file)) return;
  reached.add(file);
  for (const [, path = ""] of readFileSync(file, "utf8").matchAll(/(?:from |import\(|import )"(\.[^"]*)"/g)) {
    const target = resolve(dirname(file), path);
    reach(existsSync(`${target}.d.ts`) ? `${target}.d.ts` : join(target, "index.d.ts"));
  }
}
