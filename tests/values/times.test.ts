import { describe, expect, test } from "vitest";
import { unknownValue } from "../../provider/engine/unknowns";
import { instant, isSameInstant, validateFutureTime } from "../../provider/values/times";

const newYear = 1798761600000;

describe("an instant", () => {
  test.each([
    newYear,
    "2027-01-01T00:00:00Z",
    "2027-01-01T00:00:00.000Z",
    "2027-01-01T00:00:00.000000000Z",
    "2027-01-01T00:00Z",
    "2027-01-01",
    "2027-01-01T02:00:00+02:00",
    "2027-01-01T02:00:00+0200",
    "2026-12-31T19:30:00-04:30",
  ])("may be written %s", (value) => {
    expect(instant(value)).toBe(newYear);
    expect(isSameInstant(value, newYear)).toBe(true);
  });

  test("has milliseconds", () => {
    expect(instant("2027-01-01T00:00:00.25Z")).toBe(newYear + 250);
  });

  test.each([
    "2027-01-01T00:00:00",
    "2027-01-01 00:00:00Z",
    "2027-02-30",
    "2027-02-30T00:00:00Z",
    "2027-04-31",
    "2027-13-01",
    "2027-01-01T25:00:00Z",
    "2027-1-1",
    "01/02/2027",
    "Fri, 01 Jan 2027 00:00:00 GMT",
    "1798761600000",
    "tomorrow",
    "",
    unknownValue,
    null,
    undefined,
    true,
    {},
    Number.NaN,
    Number.POSITIVE_INFINITY,
  ])("is not %j", (value) => {
    expect(instant(value)).toBeUndefined();
  });

  test("of 29 February is there in leap years only", () => {
    expect(instant("2028-02-29")).toBe(Date.UTC(2028, 1, 29));
    expect(instant("2027-02-29")).toBeUndefined();
  });

  test("is not the same as another, nor is what is none", () => {
    expect(isSameInstant(newYear, newYear + 1)).toBe(false);
    expect(isSameInstant("tomorrow", "tomorrow")).toBe(false);
    expect(isSameInstant(null, null)).toBe(false);
  });
});

describe("a time to come", () => {
  const said = (value: string | number) => validateFutureTime(value, newYear);

  test.each([newYear + 1, "2027-01-01T00:00:01Z"])("may be %s", (value) => {
    expect(said(value)).toEqual([]);
  });

  test.each([newYear, newYear - 1, "2026-12-31", 0, -1])(
    "is not past, which only what is new is told: %s",
    (value) => {
      expect(said(value)).toEqual([{ onlyNew: true, reason: "is in the past: give a time to come" }]);
    },
  );

  test.each([
    [1798761601, "looks like seconds: give Unix milliseconds, e.g. 1798761601000"],
    [1, "looks like seconds: give Unix milliseconds, e.g. 1000"],
    [newYear + 0.5, "must be whole milliseconds"],
    [
      "next week",
      'is not a time: give ISO 8601 text with a zone, e.g. "2027-01-31T00:00:00Z", or Unix milliseconds',
    ],
  ])("is not %s", (value, reason) => {
    expect(said(value)).toEqual([{ reason }]);
  });
});
