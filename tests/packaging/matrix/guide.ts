/** The table of docs/guides/installing.md: a row for each cell, as it was when that was last tried. */
import { readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { cells } from "#cells";
import type { Row } from "#life";

const GUIDE = resolve(import.meta.dirname, "../../../docs/guides/installing.md");
const [BEGIN, END] = ["<!-- matrix -->\n", "<!-- /matrix -->"];

const HEAD = ["What", "Installed by", "Node.js", "SDK", "Engine", "Result", "Tried on"];

/** The rows with today's date. */
export function tableOf(rows: readonly Row[]): string {
  return table(rows.map(line));
}

function line({ name, by, node, sdk, engine, result }: Row): readonly string[] {
  return [name, by, node, sdk, engine, result, new Date().toISOString().slice(0, 10)].map((text) =>
    text.replaceAll("|", "\\|").replaceAll("<", "&lt;"),
  );
}

/** With columns that stand below each other, as in every table of the guides. */
function table(lines: readonly (readonly string[])[]): string {
  const widths = HEAD.map((_, column) =>
    Math.max(...[HEAD, ...lines].map((row) => row[column]?.length ?? 0)),
  );
  return [HEAD, widths.map((width) => "-".repeat(width)), ...lines]
    .map((row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |\n`)
    .join("");
}

/** What the guide's table says now. */
export async function linesOfGuide(): Promise<readonly (readonly string[])[]> {
  const { old } = await parts();
  return old
    .split("\n")
    .slice(2, -1)
    .map((row) =>
      row
        .slice(1, -1)
        .split(" | ")
        .map((cell) => cell.trim()),
    );
}

async function parts() {
  const text = await readFile(GUIDE, "utf8");
  const [begin, end] = [text.indexOf(BEGIN) + BEGIN.length, text.indexOf(END)];
  return {
    before: text.slice(0, begin),
    old: text.slice(begin, end).trim().concat("\n"),
    after: text.slice(end),
  };
}

/** Puts rows into the guide's table. Those of other cells stay; those of cells that are gone go. */
export async function writeRows(rows: readonly Row[]): Promise<void> {
  const known = new Map([...(await linesOfGuide()), ...rows.map(line)].map((row) => [row[0], row]));
  const { before, after } = await parts();
  const kept = cells.map(({ name }) => known.get(name)).filter((row) => row !== undefined);
  await writeFile(GUIDE, `${before}\n${table(kept)}\n${after}`);
}
