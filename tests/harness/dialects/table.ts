/** The outcomes as Markdown, for the terminal and for the documentation. */
import type { DialectName } from "./catalog/index.ts";
import { impossible } from "./expected.ts";
import { type Outcome, outcomes } from "./judge.ts";
import type { Verdict } from "./life.ts";

/** From worse to bad; what cannot be done is no defect where it is said clearly. */
export const defects = outcomes.filter((outcome) => outcome !== "cannot").reverse();

export function isClean(verdict: Verdict): boolean {
  const { dialect, found } = verdict;
  if (staleExpectations(verdict).length > 0) return false;
  // Nothing is promised beside it but that nothing leaks and nothing crashes.
  if (breaksItsWord(dialect)) {
    return found.every(({ outcome, detail }) => outcome !== "crash" && !detail.includes("a secret is in"));
  }
  return found.every(({ outcome }) => outcome === "cannot");
}

/** What `expected.ts` says cannot be done, and was done: the entry is to go. */
export function staleExpectations({ dialect, found }: Verdict): readonly string[] {
  const { fails = [], lacks = [] } = (dialect && impossible[dialect]) ?? {};
  const seen = found.filter(({ outcome }) => outcome === "cannot").map(({ detail }) => detail);
  const failed = (name: string) =>
    seen.some((detail) => name === "*" || detail.startsWith(`${name}:`) || detail.startsWith(`${name} in `));
  return [
    ...fails.filter((name) => !failed(name)),
    ...lacks.filter((what) => !seen.includes(`lacks ${what}`)),
  ];
}

function breaksItsWord(dialect: DialectName | undefined): boolean {
  return dialect !== undefined && impossible[dialect]?.breaksItsWord === true;
}

/** What a reader wants to know of a dialect, in a few words. */
export function outcomeOf({ dialect, found }: Verdict): string {
  const kinds = new Set(found.map(({ outcome }) => outcome));
  const bad = defects.filter((outcome: Outcome) => kinds.has(outcome));
  if (dialect !== undefined && breaksItsWord(dialect)) return `not promised: ${impossible[dialect]?.because}`;
  const stale = staleExpectations({ dialect, found, requests: 0 });
  if (stale.length > 0) return `**works, though ${stale.join(", ")} should fail**`;
  if (bad.length > 0) return bad.map((outcome) => `**${outcome}**`).join(", ");
  const because = dialect === undefined ? undefined : impossible[dialect]?.because;
  const isRefused = found.some(({ outcome, detail }) => outcome === "cannot" && !detail.startsWith("lacks "));
  if (!isRefused) return because === undefined ? "works" : `works, but ${because}`;
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
