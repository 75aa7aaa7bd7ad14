import { baseline } from "#baseline";
import { cellsOf, runCells } from "#matrix";
import { product } from "#product";
import { count, newTally, table } from "#table";
import { captureStderr } from "#world";

process.env.DEBUG = "sftptogo*";
captureStderr();
const cells = await cellsOf({ product });
const n = Number(process.argv[2] ?? 50);
const pattern = new RegExp(process.argv[3] ?? "");
const naive = process.argv[4] === "baseline";
const chosen = cells.filter((c) => pattern.test(c.label)).filter((_, i) => i % n === 0);
const t = Date.now();
const tally = newTally();
const doubts: Record<string, number> = {};
await runCells(chosen, { product, seed: 1, ...(naive && { flavor: baseline }) }, (v) => {
  count(tally, v.found, v);
  const key = v.cell.label.replace(/ (at \d|twice|for ever), then.*/, "");
  if (v.unresolved) doubts[`unresolved ${key}`] = (doubts[`unresolved ${key}`] ?? 0) + 1;
  if (v.refused) doubts[`refused ${key}`] = (doubts[`refused ${key}`] ?? 0) + 1;
  if (!naive || process.argv[6]) for (const f of v.found) console.log(v.cell.label, "=>", f.harm, f.detail.slice(0, 300));
});
console.log(table({ all: tally }), Date.now() - t, process.argv[5] ? doubts : "");
