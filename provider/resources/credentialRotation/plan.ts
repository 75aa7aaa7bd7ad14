/** What an update of a credential rotation would do, from what is declared and recorded, and the time. Pure. */
import { dayAndTime } from "../../lifecycle/check/endings";
import { changedKeys } from "../../lifecycle/fields/declared";
import type { UnresolvedInputs } from "../../lifecycle/fields/vocabulary";
import type { Time } from "../../lifecycle/process/time";
import { kept } from "../../protocol/hidden";
import { hasUnknown } from "../../protocol/unknowns";
import { instant, isPast } from "../../values/times";
import { daysAfter, isDue } from "../shared/ages";
import { type CredentialRotationState, defaultGraceDays, credentialRotationFields as fields } from "./fields";

export interface Plan {
  /** The arguments that differ. */
  readonly changed: readonly string[];
  /** When the previous login ends, in Unix milliseconds; `undefined` without a previous one. */
  readonly graceEnd: number | undefined;
  /** When the next rotation by age is due, in Unix milliseconds. */
  readonly dueAt: number | undefined;
  /** Whether it is due by its age. */
  readonly isDue: boolean;
  /** Whether the login that is not in use gets a new password and becomes the active one. */
  readonly rotates: boolean;
  /** Whether the previous login becomes inactive. */
  readonly closes: boolean;
  /** Whether the outputs promise other times than they did. */
  readonly reschedules: boolean;
  /** Why the update is refused, if it is. */
  readonly refusal: string | undefined;
}

export function planOf(
  olds: CredentialRotationState,
  news: UnresolvedInputs<typeof fields>,
  { sure, latest }: Time,
): Plan {
  const settled: string[] = settledKeys(news, olds, latest);
  const changed = changedKeys(fields, { inputs: news, state: olds }).filter((key) => !settled.includes(key));
  const rotatedAt = instant(olds.rotatedAt) ?? latest;
  const promised = promisedId(olds) === undefined ? rotatedAt : graceEndOf(rotatedAt, news);
  const graceEnd = olds.previousCredentialId == null ? undefined : promised;
  const dueAt = daysAfter(olds.rotatedAt, news.rotateAfterDays);
  const isInGrace = graceEnd !== undefined && !isGraceOver(rotatedAt, graceEnd, sure);
  const isOld = isDue(dueAt, sure);
  const isTriggered = changed.includes("triggers");
  return {
    changed,
    graceEnd,
    dueAt,
    isDue: isOld,
    // What is due by its age waits for the end of the grace; a trigger was set by somebody, who gets an answer.
    rotates: (isTriggered || isOld) && !isInGrace,
    closes: graceEnd !== undefined && !isInGrace,
    // Days that are removed from the program are no difference there, and the outputs still promise them.
    reschedules:
      isoOrNull(graceEnd) !== (olds.previousValidUntil ?? null) ||
      isoOrNull(dueAt) !== (olds.nextRotationAt ?? null),
    refusal:
      isInGrace && isTriggered && !hasUnknown(news.triggers)
        ? `the password was rotated at ${olds.rotatedAt}, and the previous login ${olds.previousUserName} works ` +
          `until ${dayAndTime(graceEnd)} (graceDays): a rotation now would end it. Put the trigger back, and change ` +
          "it once that time has passed. To end the previous login before, set graceDays: 0, run `pulumi up`, and " +
          "then change both."
        : undefined,
  };
}

/** When the previous login ends, in Unix milliseconds: with its grace, or before, when both expire. */
export function graceEndOf(
  rotatedAt: number,
  { graceDays, expiration }: { readonly graceDays?: unknown; readonly expiration?: unknown },
): number {
  const days = typeof graceDays === "number" ? graceDays : defaultGraceDays;
  const expiresAt = Math.max(rotatedAt, instant(expiration) ?? Number.POSITIVE_INFINITY);
  return Math.min(daysAfter(rotatedAt, days) ?? rotatedAt, expiresAt);
}

/** Whether the previous login may be closed. Without a grace it may at once, whatever the clocks say. */
export function isGraceOver(rotatedAt: number, graceEnd: number, sure: number): boolean {
  return graceEnd <= rotatedAt || isDue(graceEnd, sure);
}

/** A login that the service has closed on its day is not opened again. */
export function settledKeys(
  { expiration }: { readonly expiration?: unknown },
  { state }: { readonly state?: unknown },
  now: number,
): "state"[] {
  return state === "inactive" && isPast(expiration, now) ? ["state"] : [];
}

/** The previous login, if its grace is a promise that the outputs gave: an end that lies after the rotation. */
export function promisedId(state: CredentialRotationState): string | undefined {
  const { previousCredentialId, previousValidUntil, rotatedAt } = state;
  const isLater = (instant(previousValidUntil) ?? 0) > (instant(rotatedAt) ?? 0);
  return (isLater ? previousCredentialId : undefined) ?? state[kept.promised];
}

export function isoOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

export function isoOrNull(milliseconds: number | undefined): string | null {
  return milliseconds === undefined ? null : isoOf(milliseconds);
}
