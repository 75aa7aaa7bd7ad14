/**
 * `npm run sizes [-- <tarball>]`: what the package costs whoever installs it, and what each dependency has in that, as
 * the tables of docs/guides/dependencies.md. Installs from the registry; takes about two minutes.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Project, tarballOfPackage } from "./install.mts";

/** Those that it had once, and could have again. */
const weighed = ["async-mutex", "lru-cache", "hono", "sshpk", "fastest-levenshtein"];
const rounds = 15;

const { dependencies, exports, name } = JSON.parse(
  await readFile(join(import.meta.dirname, "../package.json"), "utf8"),
);
await using folder = await Project.create();
const tarball = process.argv[2] ?? (await tarballOfPackage(folder.folder));

console.log("| installed, without the SDK | kB | packages |\n| --- | ---: | ---: |");
await using alone = await Project.create();
await alone.install(tarball);
const { bytes, packages } = await alone.measure();
console.log(`| \`${name}\` | ${kilo(bytes)} | ${packages} |\n`);

console.log("| on its own | kB | packages | start, ms |\n| --- | ---: | ---: | ---: |");
for (const each of [...Object.keys(dependencies), ...weighed]) {
  await using project = await Project.create();
  await project.install(each in dependencies ? `${each}@${dependencies[each]}` : each);
  const { bytes, packages } = await project.measure();
  console.log(`| \`${each}\` | ${kilo(bytes)} | ${packages} | ${await start(project, each)} |`);
}

console.log("\n| entry | start, ms | modules |\n| --- | ---: | ---: |");
await using whole = await Project.create();
await whole.install(tarball, "@pulumi/pulumi", "@pulumi/policy");
const entries = Object.keys(exports)
  .filter((path) => !path.endsWith(".json"))
  .map((path) => name + path.slice(1));
for (const each of ["@pulumi/pulumi", ...entries]) {
  const modules = await whole.node(`require("${each}"); console.log(Object.keys(require.cache).length)`);
  console.log(`| \`${each}\` | ${await start(whole, each)} | ${modules} |`);
}

/** The least that `require` takes in a new process: whatever else runs meanwhile can only add to it. */
async function start(project: Project, module: string): Promise<string> {
  const script = `const begun = performance.now(); require("${module}"); console.log(performance.now() - begun)`;
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) times.push(Number(await project.node(script)));
  return Math.min(...times).toFixed(1);
}

function kilo(bytes: number): string {
  return Math.round(bytes / 1000).toLocaleString("en");
}
