/**
 * `npm run faults`: the whole matrix on this package and on the baseline, then random lives. Ends with an error
 * if this package does any harm. `--seed <number>` repeats a run, `--every <n>` takes each n-th cell only.
 */
import { parseArgs } from "node:util";
import { baseline } from "#baseline";
import { type Cell, cellsOf, isPromised, runCells } from "#matrix";
import { runModel } from "#model";
import { count, isClean, newTally, type Tally, table } from "#table";
import { captureStderr, type Flavor, type Found } from "#world";
import { loadProduct } from "../stage/product.ts";

const { values } = parseArgs({
  options: { seed: { type: "string" }, every: { type: "string" }, steps: { type: "string" } },
});
const seed = Number(values.seed ?? Date.now() % 1_000_000_000);
const every = Number(values.every ?? 1);
const leastSteps = Number(values.steps ?? 10_000);
const shown = 20;

const startedAt = performance.now();
process.env.DEBUG = "sftptogo*";
captureStderr();
const product = await loadProduct();
const all = (await cellsOf({ product })).filter((_, index) => index % every === 0);
const cells = all.filter(isPromised);
say(`seed ${seed}: ${cells.length} cells, ${all.length - cells.length} outside of what is promised`);

const ours = await matrix("pulumi-sftptogo", cells);
const naive = await matrix("axios and axios-retry", cells, baseline);

const lives = await runModel({ product, seed }, leastSteps);
say(`random lives: ${lives.lives} with ${lives.steps} steps`);
if (lives.counterexample !== undefined) say(lives.counterexample);
const random = newTally();
count(random, lives.found);
random.runs = lives.lives;
random.refused = lives.refused;

process.stdout.write(
  `\n${table({ "pulumi-sftptogo": ours, "its random lives": random, "axios and axios-retry": naive })}\n`,
);
say(`seed ${seed}`);
if (!isClean(ours) || !isClean(random)) process.exitCode = 1;

async function matrix(name: string, of: readonly Cell[], flavor?: Flavor): Promise<Tally> {
  const tally = newTally();
  const harmful: { label: string; found: readonly Found[] }[] = [];
  await runCells(of, { product, seed, ...(flavor && { flavor }) }, (verdict) => {
    count(tally, verdict.found, verdict);
    if (verdict.found.length > 0) harmful.push({ label: verdict.cell.label, found: verdict.found });
    if (tally.runs % 5_000 === 0) say(`${name}: ${tally.runs} of ${of.length}`);
  });
  for (const { label, found } of flavor === undefined ? harmful.slice(0, shown) : []) {
    say(`${label}: ${found.map(({ harm, detail }) => `${harm} (${detail})`).join(", ")}`);
  }
  return tally;
}

function say(text: string): void {
  process.stdout.write(`[${Math.round((performance.now() - startedAt) / 1_000)} s] ${text}\n`);
}
