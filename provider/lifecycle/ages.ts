/** How old a password may become. The program's process loads it too. */
import { millisecondsPerDay } from "../values/times";
import type { Finding } from "./fields";

/** A number of days above 0; a fraction counts. */
export function validateDays(days: number): readonly Finding[] {
  return days > 0 && Number.isFinite(days) ? [] : [{ reason: "must be a number of days above 0" }];
}

/** A number of days, 0 included. */
export function validateDaysOrNone(days: number): readonly Finding[] {
  return days >= 0 && Number.isFinite(days) ? [] : [{ reason: "must be a number of days, 0 or more" }];
}

/** So many days after a time of the state, in Unix milliseconds; `undefined` where either is not there or not known. */
export function daysAfter(time: unknown, days: unknown): number | undefined {
  if (typeof days !== "number" || typeof time !== "string") return undefined;
  return Date.parse(time) + days * millisecondsPerDay;
}
