/**
 * `npm run matrix [-- --only word] [--shard 2/6] [--write] [--list]`: installs programs of this package in every way,
 * or in those whose name holds the word, or a part of them, and lives a stack's life with each on the real engine and
 * the emulator. Prints a line for each and, in the end, the table; `--write` puts its rows into
 * docs/guides/installing.md. Fails if one is not as expected. An engine that is missing is downloaded or built first.
 */
import { parseArgs } from "node:util";
import { cells } from "#cells";
import { tableOf, writeRows } from "#guide";
import { live, type Row } from "#life";
import { Workshop } from "#workshop";

const { values } = parseArgs({
  options: {
    only: { type: "string", multiple: true, default: [] },
    shard: { type: "string", default: "1/1" },
    write: { type: "boolean" },
    list: { type: "boolean" },
  },
});
const { only, shard } = values;
const named = cells.filter(({ name }) => only.length === 0 || only.some((word) => name.includes(word)));
const [part = 1, parts = 1] = shard.split("/").map(Number);
// Neighbours share what is installed.
const chosen = named.slice(((part - 1) / parts) * named.length, (part / parts) * named.length);
if (values.list) {
  for (const { name } of chosen) console.log(name);
} else {
  await using workshop = await Workshop.open();
  const rows: Row[] = [];
  for (const cell of chosen) {
    const startedAt = performance.now();
    const row = await live(workshop, cell).catch((error: unknown) => String(error));
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
    console.log(`${cell.name.padEnd(60)} ${typeof row === "string" ? "FAILED" : row.result} (${seconds} s)`);
    if (typeof row !== "string") rows.push(row);
    else console.log(row.replaceAll(/^/gm, "    "));
  }
  console.log(`\n${tableOf(rows)}`);
  if (values.write) await writeRows(rows);
  if (rows.length < chosen.length) process.exitCode = 1;
}
