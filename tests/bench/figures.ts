/** Figures, their bounds, and the table that shows which are held. */

/** A line of the table. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly bound: number;
  /** Written after both, e.g. `ms`. */
  readonly unit: string;
  readonly decimals: number;
  /** What the value was made from, for whoever wants to judge it. */
  readonly from: string;
}

export function isHeld(figure: Figure): boolean {
  return figure.value <= figure.bound;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** A table in Markdown whose columns are also aligned in a terminal. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return [line(head), `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`, ...rows.map(line)].join(
    "\n",
  );
}

export function figureTable(figures: readonly Figure[]): string {
  const amount = ({ unit, decimals }: Figure, value: number) =>
    `${value.toFixed(decimals)}${unit === "" ? "" : ` ${unit}`}`;
  return table(
    ["what", "figure", "at most", "", "from"],
    figures.map((figure) => [
      figure.what,
      amount(figure, figure.value),
      amount(figure, figure.bound),
      isHeld(figure) ? "held" : "NOT HELD",
      figure.from,
    ]),
  );
}
