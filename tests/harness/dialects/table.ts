/** The outcomes as Markdown, for the terminal and for the documentation. */
import type { DialectName } from "./catalog/index.ts";
import { impossible } from "./expected.ts";
import { type Outcome, outcomes } from "./judge.ts";
import type { Verdict } from "./life.ts";

/** From worse to bad; what cannot be done is no defect where it is said clearly. */
export const defects = outcomes.filter((outcome) => outcome !== "cannot").reverse();

export function isClean({ dialect, found }: Verdict): boolean {
  return breaksItsWord(dialect) || found.every(({ outcome }) => outcome === "cannot");
}

function breaksItsWord(dialect: DialectName | undefined): boolean {
  return dialect !== undefined && impossible[dialect]?.breaksItsWord === true;
}

/** What a reader wants to know of a dialect, in a few words. */
export function outcomeOf({ dialect, found }: Verdict): string {
  const kinds = new Set(found.map(({ outcome }) => outcome));
  const bad = defects.filter((outcome: Outcome) => kinds.has(outcome));
  if (dialect !== undefined && breaksItsWord(dialect)) return `not promised: ${impossible[dialect]?.because}`;
  if (bad.length > 0) return bad.map((outcome) => `**${outcome}**`).join(", ");
  if (!kinds.has("cannot")) return "works";
  const because = dialect === undefined ? undefined : impossible[dialect]?.because;
  return `refused with a clear message: ${because ?? "it cannot be done"}`;
}

export function table(
  verdicts: readonly Verdict[],
  descriptions: Readonly<Record<DialectName, string>>,
): string {
  const rows = verdicts.map((verdict) => {
    const { dialect } = verdict;
    const name = dialect === undefined ? "(none)" : `\`${dialect}\``;
    const description =
      dialect === undefined ? "As the reference's examples have it." : descriptions[dialect];
    return `| ${name} | ${description} | ${outcomeOf(verdict)} |`;
  });
  return ["| dialect | the service | this package |", "| --- | --- | --- |", ...rows].join("\n");
}
