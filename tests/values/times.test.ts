import { describe, expect, test } from "vitest";
import { unknownValue } from "../../provider/protocol/unknowns";
import { instant, isSameInstant, serviceTime } from "../../provider/values/times";

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
    expect(isSameInstant(newYear, newYear + 1_000)).toBe(false);
    // Some services keep no fractions of a second.
    expect(isSameInstant(newYear, newYear + 999)).toBe(true);
    expect(isSameInstant("tomorrow", "tomorrow")).toBe(false);
    expect(isSameInstant(null, null)).toBe(false);
  });
});

describe("a time of a service", () => {
  test.each([
    newYear,
    newYear / 1000,
    String(newYear),
    String(newYear / 1000),
    "2027-01-01T00:00:00Z",
    "2027-01-01T00:00:00.000Z",
    "2027-01-01T00:00:00",
    "2027-01-01 00:00:00",
    "2027-01-01 00:00",
    "2027-01-01",
    " 2027-01-01T00:00:00Z ",
    "2027-01-01T02:00:00+02:00",
    "2026-12-31 19:30:00-0430",
  ])("may be told as %j", (value) => {
    expect(serviceTime(value)).toBe(newYear);
    expect(isSameInstant("2027-01-01T00:00:00Z", value)).toBe(true);
    expect(isSameInstant(newYear, value)).toBe(true);
  });

  test("has milliseconds, in seconds too", () => {
    expect(serviceTime(newYear / 1000 + 0.25)).toBe(newYear + 250);
    expect(serviceTime("2027-01-01 00:00:00.25")).toBe(newYear + 250);
  });

  test("counts seconds below a date of 1973, and milliseconds from it on", () => {
    expect(serviceTime(99_999_999_999)).toBe(99_999_999_999_000);
    expect(serviceTime(100_000_000_000)).toBe(100_000_000_000);
  });

  test.each([
    0,
    -1,
    "0",
    "",
    "-1",
    "soon",
    "2027-13-01",
    "01/01/2027",
    null,
    undefined,
    true,
    {},
    Number.NaN,
    newYear * 1_000_000,
    String(newYear * 1_000_000),
  ])("is none as %j", (value) => {
    expect(serviceTime(value)).toBeUndefined();
    expect(isSameInstant(newYear, value)).toBe(false);
  });
});
