/** The figures, as `npm run faults` prints them. */
import type { Verdict } from "#matrix";
import { type Found, type Harm, harms } from "#world";

export interface Tally {
  runs: number;
  refused: number;
  unresolved: number;
  unmet: number;
  readonly harms: Record<Harm, number>;
}

export function newTally(): Tally {
  const none = Object.fromEntries(harms.map((harm) => [harm, 0])) as Record<Harm, number>;
  return { runs: 0, refused: 0, unresolved: 0, unmet: 0, harms: none };
}

export function count(tally: Tally, found: readonly Found[], verdict?: Verdict): void {
  if (verdict?.unmet) tally.unmet += 1;
  else tally.runs += 1;
  if (verdict?.refused) tally.refused += 1;
  if (verdict?.unresolved) tally.unresolved += 1;
  for (const { harm } of found) tally.harms[harm] += 1;
}

export function isClean(tally: Tally): boolean {
  return harms.every((harm) => tally.harms[harm] === 0);
}

/** One column a tally. */
export function table(columns: Readonly<Record<string, Tally | undefined>>): string {
  const rows: [string, (tally: Tally) => number][] = [
    ["runs", ({ runs }) => runs],
    ...harms.map((harm): [string, (tally: Tally) => number] => [harm, (tally) => tally.harms[harm]]),
    ["(refused once, with the import option that heals)", ({ refused }) => refused],
    ["(not run: the turn never asks for what would be disturbed)", ({ unmet }) => unmet],
    ["(destroyed while a create was in doubt)", ({ unresolved }) => unresolved],
  ];
  const names = Object.keys(columns);
  const lines = rows.map(([label, of]) => [
    label,
    ...names.map((name) => (columns[name] ? of(columns[name]).toLocaleString("en-US") : "")),
  ]);
  const separator = ["---", ...names.map(() => "---:")];
  return [["", ...names], separator, ...lines].map((line) => `| ${line.join(" | ")} |`).join("\n");
}
