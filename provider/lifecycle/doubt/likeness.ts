/** Whether an object of the service can be what we sent, however the service may have spelled it. */
import { canonicalUrl } from "../../values/addresses";
import { serviceTime } from "../../values/times";
import { valueAt } from "../fields/declared";
import type { Listed } from "../fields/vocabulary";

interface Comparison {
  /** When we last heard from the service before we sent it: what was made earlier is not ours. */
  readonly since?: number | undefined;
  /** The names that answers may hold back. Default: any may be. */
  readonly held?: readonly string[];
}

/** Whether an object shows all that was sent, as far as it shows it. */
export function isLoosely(body: object, object: Listed, { since, held }: Comparison = {}): boolean {
  const made = serviceTime(valueAt(object, "CreatedAt"));
  if (since !== undefined && made !== undefined && made < since) return false;
  return Object.entries(body).every(([name, sent]) => {
    const shown = valueAt(object, name);
    const saysNothing = (isBlank(shown) || isMasked(shown)) && (held?.includes(name) ?? true);
    return saysNothing || isAlike(sent, shown);
  });
}

/** Whether a value is the one that was sent, in whatever spelling. */
export function isAlike(sent: unknown, shown: unknown): boolean {
  if (sent === undefined) return true;
  if (isBlank(sent) || isBlank(shown)) return isBlank(sent) && isBlank(shown);
  if (Array.isArray(sent)) {
    return Array.isArray(shown) && sent.every((each) => shown.some((other) => isAlike(each, other)));
  }
  if (typeof sent === "object") return true;
  if (typeof sent === "number") {
    const [first, second] = [serviceTime(sent), serviceTime(shown)];
    const isSameSecond = first !== undefined && Math.floor(first / 1000) === Math.floor((second ?? 0) / 1000);
    return String(sent) === String(shown) || isSameSecond;
  }
  const [a, b] = [spelled(String(sent)), spelled(String(shown))];
  // Cut inside a character, a string ends in the sign for what cannot be read.
  const isCut = b.length >= shortestCut || String(shown).endsWith("\u{FFFD}");
  return a === b || b.endsWith(`/${a}`) || (isCut && b !== "" && a.startsWith(b));
}

/** A service that cuts strings leaves at least as many characters. */
const shortestCut = 16;

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || value === "" || value === 0;
}

/** Whether an answer shows a secret: a blank or a mask is none. */
export function isShown(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "" && !isMasked(value);
}

/** What stands in place of a secret that is there but not shown. */
export function isMasked(value: unknown): boolean {
  return (
    typeof value === "string" &&
    /^(?:[*•●x]{3,}|\[?(?:redacted|hidden|masked|secret)\]?)$/i.test(value.trim())
  );
}

/** Without what services change most: case, blanks, marks that nobody sees, slashes at the ends, the form of a URL. */
function spelled(text: string): string {
  const seen = text.replace(/[\p{Cc}\p{Cf}\u{FFFD}]/gu, "").replace(/\s+/g, " ");
  const trimmed = canonicalUrl(seen.trim()).toLowerCase();
  return trimmed.replace(/^\/+|\/+$/g, "");
}
