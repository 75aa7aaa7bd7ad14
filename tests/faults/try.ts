import { cellsOf, runCells } from "#matrix";
import { captureStderr } from "#world";
import { product } from "./product.ts";

process.env.DEBUG = "sftptogo*";
captureStderr();
const cells = await cellsOf({ product });
console.log(cells.length);
const n = Number(process.argv[2] ?? 50),
  pat = process.argv[3];
const chosen = cells.filter((c) => !pat || new RegExp(pat).test(c.label)).filter((_, i) => i % n === 0);
console.log(chosen.length);
const t = Date.now();
let k = 0;
const counts: Record<string, number> = {};
await runCells(chosen, { product, seed: 1 }, (v) => {
  k++;
  if (v.refused) counts.refused = (counts.refused ?? 0) + 1;
  if (v.unresolved) counts.unresolved = (counts.unresolved ?? 0) + 1;
  for (const f of v.found) {
    counts[f.harm] = (counts[f.harm] ?? 0) + 1;
    if (counts[f.harm]! < 400) console.log(v.cell.label, "=>", f.harm, f.detail.slice(0, 300));
  }
});
console.log(k, Date.now() - t, counts);
