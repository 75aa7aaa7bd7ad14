/** Ages and ends: when a rotation, a grace or an overlap is over. The program's process loads it too. */

import type { Finding } from "../../lifecycle/fields/vocabulary";
import { instant, millisecondsPerDay } from "../../values/times";

/** Ten years: no end that anybody means lies further ahead, and a time still tells it. */
const mostDays = 3650;

/** A number of days above 0; a fraction counts. */
export function validateDays(days: number): readonly Finding[] {
  return days > 0 && days <= mostDays
    ? []
    : [{ reason: `must be a number of days above 0, up to ${mostDays}` }];
}

/** A number of days, 0 included. */
export function validateDaysOrNone(days: number): readonly Finding[] {
  return days >= 0 && days <= mostDays ? [] : [{ reason: `must be a number of days from 0 to ${mostDays}` }];
}

/** So many days after a time, in Unix milliseconds; `undefined` where either is not there or not known. */
export function daysAfter(time: unknown, days: unknown): number | undefined {
  const milliseconds = instant(time);
  if (typeof days !== "number" || milliseconds === undefined) return undefined;
  return milliseconds + days * millisecondsPerDay;
}

/** Whether what ends or begins at a time is due, the time itself included. Every end of somebody's access asks here. */
export function isDue(at: number | undefined, now: number): boolean {
  return at !== undefined && !(now < at);
}
