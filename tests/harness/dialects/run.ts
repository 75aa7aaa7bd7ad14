/**
 * `npm run dialects`: the whole life of every kind beside a service that speaks each dialect, one at a time. Ends
 * with an error if anything is harmed, is never done, crashes, or fails where it need not. `--only <name>` takes the
 * dialects whose name holds that text, or one of several joined by commas, `--verbose` prints everything that was found.
 */
import { parseArgs } from "node:util";
import { loadProduct } from "../stage/product.ts";
import type { DialectName } from "./catalog/index.ts";
import { live, type Verdict } from "./life.ts";
import { isClean, table } from "./table.ts";

const { values } = parseArgs({ options: { only: { type: "string" }, verbose: { type: "boolean" } } });
/** Most of a life is waiting for answers. */
const atOnce = 6;

const startedAt = performance.now();
const product = await loadProduct();
const names: (DialectName | undefined)[] = [undefined, ...product.dialectNames].filter(
  (name) =>
    values.only === undefined || values.only.split(",").some((text) => (name ?? "none").includes(text)),
);
const waiting = [...names.entries()];
const verdicts: Verdict[] = [];

await Promise.all(
  Array.from({ length: atOnce }, async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, name] = next;
      verdicts[index] = await live(product, name);
    }
  }),
);

for (const { dialect, found, requests } of verdicts) {
  const shown = found.filter(({ outcome }) => values.verbose || outcome !== "cannot");
  if (shown.length === 0) continue;
  process.stdout.write(`\n${dialect ?? "(none)"}, ${requests} requests\n`);
  for (const { outcome, step, detail } of shown) process.stdout.write(`  ${outcome}, ${step}: ${detail}\n`);
}
process.stdout.write(`\n${table(verdicts, product.dialectDescriptions)}\n`);
const seconds = Math.round((performance.now() - startedAt) / 1000);
const clean = verdicts.filter(isClean).length;
process.stdout.write(`\n${clean} of ${verdicts.length} without a defect, in ${seconds} s\n`);
if (clean < verdicts.length) process.exitCode = 1;
