/** "Did you mean …?" */

/** Loaded when something is misspelt, so never at a program's start. */
const distance = (a: string, b: string) =>
  (require("fastest-levenshtein") as typeof import("fastest-levenshtein")).distance(a, b);

/** The known word that was probably meant: the same letters written differently, or two typing errors away. */
export function nearest(text: string, known: readonly string[]): string | undefined {
  const letters = (value: string) => value.toLowerCase().replace(/[^a-z0-9*]/g, "");
  const exact = known.find((candidate) => letters(candidate) === letters(text));
  if (exact !== undefined) return exact;
  const ranked = known
    .map((candidate) => ({ candidate, away: distance(candidate.toLowerCase(), text.toLowerCase()) }))
    .sort((a, b) => a.away - b.away)[0];
  // Two letters swapped count as two errors: `emial`.
  const tolerance = Math.min(2, Math.round(text.length / 3));
  return ranked && ranked.away <= tolerance ? ranked.candidate : undefined;
}

export function quotedList(items: readonly string[]): string {
  return items.map((item) => JSON.stringify(item)).join(", ");
}
