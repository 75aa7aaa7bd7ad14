/** Rules that fields of several kinds share. */
import { isSafeId } from "../../api/settings";
import { isUnknown } from "../../protocol/unknowns";
import { nearest, quotedList } from "../../values/nearest";
import { instant, smallestMilliseconds } from "../../values/times";
import type { FieldContext, Finding } from "./vocabulary";

/** A password. To the API an empty one means "rotate", or "none", which nobody declares by accident. */
export function validatePassword(password: string): readonly Finding[] {
  return password === "" ? [{ reason: "must not be empty: leave it out instead" }] : [];
}

/** The id of a credential: what may stand in a path, and nothing that changes it. */
export function validateCredentialId(id: string): readonly Finding[] {
  return isSafeId(id) ? [] : [{ reason: "is not a credential's id: pass the `id` of a Credential" }];
}

/** A time that has to be in the future. */
export function validateFutureTime(value: string | number, { now }: FieldContext): readonly Finding[] {
  const milliseconds = instant(value);
  if (milliseconds === undefined) {
    return [
      {
        reason:
          "is not a time: give an ISO 8601 string with a zone, e.g. " +
          '"2027-01-31T00:00:00Z", or Unix milliseconds',
      },
    ];
  }
  if (typeof value === "number" && !Number.isInteger(value)) {
    return [{ reason: "must be whole milliseconds" }];
  }
  if (typeof value === "number" && milliseconds > 0 && milliseconds < smallestMilliseconds) {
    return [{ reason: "looks like seconds: give Unix milliseconds" }];
  }
  return milliseconds <= now ? [{ onlyNew: true, reason: "is in the past: it must be in the future" }] : [];
}

/**
 * One of a known set of values. A near miss is an error with a suggestion; a wholly unknown value only warns,
 * since the service may know more of them than its reference.
 */
export function validateWord(value: unknown, known: readonly string[]): readonly Finding[] {
  if (isUnknown(value) || value === undefined) return [];
  if (typeof value !== "string" || value === "") return [{ reason: `must be one of ${quotedList(known)}` }];
  if (known.includes(value)) return [];
  const near = nearest(value, known);
  if (near !== undefined) return [{ reason: `is not a known value; did you mean "${near}"?` }];
  const reason = `is not in the API's reference, which has ${quotedList(known)}; it is sent as it is`;
  return [{ severity: "warning", reason }];
}
