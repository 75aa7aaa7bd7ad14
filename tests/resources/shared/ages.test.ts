import { describe, expect, test } from "vitest";
import { unknownValue } from "../../../provider/protocol/unknowns";
import { daysAfter, isDue } from "../../../provider/resources/shared/ages";

describe("a rotation by age is due", () => {
  const rotatedAt = "2026-07-01T12:00:00.000Z";
  const daysLater = (days: number) => Date.parse(rotatedAt) + days * 86_400_000;

  test.each([
    [30, 29.9, false],
    [30, 30, true],
    [30, 30.1, true],
    [0.5, 0.4, false],
    [0.5, 0.6, true],
  ])("%d days after the last one: after %d it is %s", (rotateAfterDays, days, due) => {
    expect(isDue(daysAfter(rotatedAt, rotateAfterDays), daysLater(days))).toBe(due);
  });

  test("never where no age is wanted, or the age or the time is not known", () => {
    for (const days of [undefined, unknownValue]) {
      expect(isDue(daysAfter(rotatedAt, days), daysLater(1000))).toBe(false);
    }
    expect(isDue(daysAfter(undefined, 30), daysLater(1000))).toBe(false);
  });
});
