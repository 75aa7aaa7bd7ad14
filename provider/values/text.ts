/** Text for people. */

/** Text of unknown origin made fit for a terminal: one line, no control characters, bounded. */
export function oneLine(text: string, maximum: number): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, " ").trim();
  return line.length > maximum ? `${line.slice(0, maximum - 1)}…` : line;
}
