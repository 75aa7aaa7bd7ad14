/**
 * The mark of a half-made credential. It stands behind the alias from the create until the rules are on. Whoever
 * finds it, on the dashboard or at an import after a kill between the two, sees that it is half-made; and only
 * what bears it is made active by an import.
 */
import type { Credential } from "../../api/credentials";

const mark = " (unfinished)";

/** The mark makes no alias longer than this, and none that is longer anyway: a service may have a limit. */
const shortestLimit = 32;

export function markUnfinished(alias = ""): string {
  const length = Math.max(alias.length, shortestLimit) - mark.length;
  return `${alias.slice(0, length).toWellFormed()}${mark}`;
}

/** The alias without the mark, which may be shorter than it was; `undefined` where there is no mark. */
export function unmarked(alias: string | null | undefined): string | undefined {
  const shown = alias?.replace(/[\p{Cc}\p{Cf}]/gu, "").trimEnd();
  return shown?.endsWith(mark) ? shown.slice(0, -mark.length) : undefined;
}

/** A person may give an alias like it: what the program itself calls so is not half-made. */
export function isUnfinished({ Alias }: Credential, { alias }: { readonly alias?: unknown } = {}): boolean {
  return unmarked(Alias) !== undefined && alias !== Alias;
}
