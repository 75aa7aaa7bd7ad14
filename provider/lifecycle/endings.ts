/**
 * Warns ahead of what happens by itself on a day: a login or a link that expires, a rotation that falls due. Asked by
 * every preview and `up`, so that nobody learns of it from a partner.
 */
import { instant, millisecondsPerDay } from "../values/times";
import { valueAt } from "./declared";
import { argumentKeys, type Fields } from "./fields";
import type { Session } from "./session";

/** What happens to a resource on a day. */
export interface Ending {
  /** The resource, as messages name it: `credential "acme"`. */
  readonly resource: string;
  /** What it does then: `expires`. */
  readonly does: string;
  /** The argument that says so. */
  readonly key: string;
  /** When, in Unix milliseconds. */
  readonly at: number;
}

/** Warns if it happens within `sftptogo:warnBeforeDays`. */
export function warnOfEnding(session: Session, { resource, does, key, at }: Ending): void {
  const left = at - session.clock.now();
  if (!(left >= 0 && left <= session.settings.warnBeforeDays * millisecondsPerDay)) return;
  const days = Math.max(1, Math.ceil(left / millisecondsPerDay));
  const time = `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;
  session.warn(`${resource} ${does} on ${time} (${key}), within ${days === 1 ? "a day" : `${days} days`}`);
}

/** Warns of the times in inputs at which access ends. */
export function warnOfEndings(session: Session, fields: Fields, inputs: object, resource: string): void {
  for (const key of argumentKeys(fields)) {
    const at = fields[key]?.endsAccess ? instant(valueAt(inputs, key)) : undefined;
    if (at !== undefined) warnOfEnding(session, { resource, does: "expires", key, at });
  }
}
