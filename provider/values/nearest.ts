/** "Did you mean …?" */

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

/** Levenshtein's distance: how many characters have to be added, left out or replaced. */
export function distance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 0; row < a.length; row++) {
    const line = [row + 1];
    for (let column = 0; column < b.length; column++) {
      const [diagonal = 0, up = 0] = above.slice(column, column + 2);
      line.push(Math.min(line.at(-1) ?? 0, up, diagonal - (a[row] === b[column] ? 1 : 0)) + 1);
    }
    above = line;
  }
  return above.at(-1) ?? 0;
}

export function quotedList(items: readonly string[]): string {
  return items.map((item) => JSON.stringify(item)).join(", ");
}
