/**
 * `npm run faults`: the whole matrix on this package and on the baseline, then random lives. Ends with an error
 * if this package does any harm. `--seed <number>` repeats a run, `--every <n>` takes each n-th cell only, `--only
 * <expression>` those whose labels match.
 */
import { parseArgs } from "node:util";
import { baseline } from "#baseline";
import { allCells, type Cell, isPromised, runCells, type Verdict } from "#matrix";
import { runModel } from "#model";
import { count, isClean, newTally, type Tally, table } from "#table";
import { captureOutput, type Flavor, type Found } from "#world";
import { loadProduct } from "../stage/product.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string" },
    every: { type: "string" },
    steps: { type: "string" },
    only: { type: "string" },
    shown: { type: "string" },
  },
});
const seed = Number(values.seed ?? Date.now() % 1_000_000_000);
const every = Number(values.every ?? 1);
const leastSteps = Number(values.steps ?? 10_000);
const only = new RegExp(values.only ?? "");
const shown = Number(values.shown ?? 20);
/** The baseline is there for comparison: a part of its cells says enough. */
const everyOfBaseline = 20;

const startedAt = performance.now();
process.env.DEBUG = "sftptogo*";
captureOutput();
const product = await loadProduct();
const all = allCells().filter(({ label }, index) => index % every === 0 && only.test(label));
const cells = all.filter(isPromised);
say(`seed ${seed}: ${cells.length} cells, ${all.length - cells.length} outside of what is promised`);

const ours = await matrix("pulumi-sftptogo", cells);
// It has no sets of keys, and waits as long as it is told, in real time.
const known = cells.filter(
  ({ scene, label }) =>
    !label.includes("Retry-After 100000") &&
    !scene.before.concat(scene.after ?? []).some(({ kind }) => kind === "SshPublicKeySet"),
);
const part = known.filter((_, index) => index % everyOfBaseline === 0);
const naive = values.only === undefined ? await matrix("axios and axios-retry", part, baseline) : newTally();

const lives = await runModel({ product, seed }, leastSteps);
say(`random lives: ${lives.lives} with ${lives.steps} steps`);
if (lives.counterexample !== undefined) say(`${JSON.stringify(lives.found)} in ${lives.counterexample}`);
const random = newTally();
count(random, lives.found);
random.runs = lives.lives;
random.refused = lives.refused;

process.stdout.write(
  `\n${table({ "pulumi-sftptogo": ours, "its random lives": random, "axios and axios-retry": naive })}\n`,
);
say(`seed ${seed}; of the cells the last column has one in ${everyOfBaseline}`);
// What the baseline still waits for keeps nobody.
process.exit(isClean(ours) && isClean(random) ? 0 : 1);

async function matrix(name: string, of: readonly Cell[], flavor?: Flavor): Promise<Tally> {
  const tally = newTally();
  const harmful: { label: string; found: readonly Found[] }[] = [];
  const note = (verdict: Verdict) => {
    count(tally, verdict.found, verdict);
    if (verdict.found.length > 0) harmful.push({ label: verdict.cell.label, found: verdict.found });
    if (!verdict.unmet && tally.runs % 2_000 === 0)
      say(`${name}: ${tally.runs} run, ${tally.unmet} need not`);
  };
  // The baseline knows no time for a whole operation, and waits in real time.
  const limit = flavor === undefined ? undefined : 15_000;
  await runCells(of, { product, seed, ...(flavor && { flavor }) }, note, limit);
  for (const { label, found } of flavor === undefined ? harmful.slice(0, shown) : []) {
    say(`${label}: ${found.map(({ harm, detail }) => `${harm} (${detail})`).join(", ")}`);
  }
  say(`${name}: ${tally.runs} run, ${harmful.length} with harm`);
  return tally;
}

function say(text: string): void {
  process.stdout.write(`[${Math.round((performance.now() - startedAt) / 1_000)} s] ${text}\n`);
}
