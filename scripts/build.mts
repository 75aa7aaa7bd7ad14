/**
 * `npm run build`: compiles `provider/` into `dist/`, and takes out what no entry of package.json reaches: modules that
 * hold types only, and types that no consumer's compiler reads. They are a third of all types.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

process.chdir(join(import.meta.dirname, ".."));
rmSync("dist", { recursive: true, force: true });
if (spawnSync("tsc", ["-p", "provider"], { stdio: "inherit" }).status !== 0) process.exit(1);

const { bin, exports } = JSON.parse(readFileSync("package.json", "utf8"));
const reached = new Set<string>();
for (const entry of [bin, ...Object.values(exports)]) {
  if (typeof entry === "object") for (const path of Object.values<string>(entry)) reach(resolve(path));
}
for (const name of readdirSync("dist", { recursive: true, encoding: "utf8" })) {
  const file = resolve("dist", name);
  if (/\.(js|d\.ts)$/.test(file) && !reached.has(file)) rmSync(file);
}

function reach(file: string): void {
  if (reached.has(file)) return;
  reached.add(file);
  const extension = file.endsWith(".d.ts") ? ".d.ts" : ".js";
  for (const [, path = ""] of readFileSync(file, "utf8").matchAll(
    /(?:from |import\(|require\()"(\.[^"]*)"/g,
  )) {
    const target = resolve(dirname(file), path.replace(/\.js$/, ""));
    if (path.endsWith(".json")) continue;
    reach(existsSync(target + extension) ? target + extension : join(target, `index${extension}`));
  }
}
