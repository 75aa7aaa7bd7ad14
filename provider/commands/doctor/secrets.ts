import type { Check } from "./check";

/** What stands in the place of a value that may be secret. */
export const hidden = "<not shown>";

/** Shorter than this is no key, and occurs in other words by chance: `3`, or the `no` that somebody gave to `preflight`. */
const leastLength = 8;

/** Such as a key in the place of an id, which a message would repeat. */
export function withoutSecrets(check: Check, secrets: readonly string[]): Check {
  // Messages quote a value as JSON does. The longest first: one may hold another.
  const spellings = new Set(secrets.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]));
  const longestFirst = [...spellings].sort((a, b) => b.length - a.length);
  const hide = (text: string) => longestFirst.reduce(withoutOne, text);
  return check.status === "ok"
    ? { ...check, found: hide(check.found) }
    : { ...check, found: hide(check.found), remediation: hide(check.remediation) };
}

/** A short one only where a message quotes it, or has it in parentheses. */
function withoutOne(text: string, secret: string): string {
  if (secret.length >= leastLength) return text.replaceAll(secret, hidden);
  return text
    .replaceAll(`"${secret}"`, `"${hidden}"`)
    .replaceAll(`(${secret} `, `(${hidden} `)
    .replaceAll(` ${secret})`, ` ${hidden})`);
}
