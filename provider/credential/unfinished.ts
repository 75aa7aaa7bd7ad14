/**
 * The mark of a half-made credential. It stands behind the alias from the create until the rules are on. Whoever
 * finds it, on the dashboard or at an import after a kill between the two, sees that it is half-made; and only
 * what bears it is made active by an import.
 */
import type { Credential } from "../api/credentials";

const mark = " (unfinished)";

export function markUnfinished(alias: string | undefined): string {
  return `${alias ?? ""}${mark}`;
}

/** The alias without the mark; `undefined` where there is no mark. */
export function unmarked(alias: string | null | undefined): string | undefined {
  return alias?.endsWith(mark) ? alias.slice(0, -mark.length) : undefined;
}

export function isUnfinished({ State, Alias }: Credential): boolean {
  return State === "inactive" && unmarked(Alias) !== undefined;
}
