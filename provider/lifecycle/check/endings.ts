/**
 * Warns ahead of what happens by itself on a day: a login or a link that expires, a rotation that falls due. Asked by
 * every preview and `up`, so that nobody learns of it from a partner.
 */
import { instant, millisecondsPerDay } from "../../values/times";
import { valueAt } from "../fields/declared";
import { argumentKeys, type Fields } from "../fields/vocabulary";
import type { Session } from "../process/session";

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
  /** How many days ahead to say so. Default: `sftptogo:warnBeforeDays`. */
  readonly days?: number | undefined;
  /** What goes with it, if anything. */
  readonly besides?: string;
}

/** Warns if it happens within so many days. */
export function warnOfEnding(session: Session, { resource, does, key, at, days, besides }: Ending): void {
  const left = at - session.time().sure;
  if (!(left >= 0 && left <= (days ?? session.settings.warnBeforeDays) * millisecondsPerDay)) return;
  const whole = Math.max(1, Math.ceil(left / millisecondsPerDay));
  session.warn(
    `${resource} ${does} on ${dayAndTime(at)} (${key}), within ${inDays(whole)}${besides ? `; ${besides}` : ""}`,
  );
}

/** A moment, as messages say it. */
export function dayAndTime(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** A number of days, as messages say it. */
export function inDays(days: number): string {
  return days === 1 ? "a day" : `${days} days`;
}

/** Warns of the times in inputs at which access ends. */
export function warnOfEndings(session: Session, fields: Fields, inputs: object, resource: string): void {
  for (const key of argumentKeys(fields)) {
    const at = fields[key]?.endsAccess ? instant(valueAt(inputs, key)) : undefined;
    if (at !== undefined) warnOfEnding(session, { resource, does: "expires", key, at });
  }
}
