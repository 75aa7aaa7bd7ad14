import { expect, test } from "vitest";
import { type Figure, figureTable, isHeld, median } from "#figures";

function figure(value: number): Figure {
  return { what: "up", value, bound: 1.1, unit: "", decimals: 2, from: "11 s / 10 s" };
}

test.each([
  [1.0, true],
  [1.1, true],
  [1.11, false],
  [Number.NaN, false],
])("a figure of %d is held under a bound of 1.1: %s", (value, held) => {
  expect(isHeld(figure(value))).toBe(held);
});

test.each([
  [[3, 1, 2], 2],
  [[4, 1, 2, 3], 2.5],
  [[7], 7],
  [[], Number.NaN],
])("the median of %j is %d", (values, middle) => {
  expect(median(values)).toBe(middle);
});

test("the table says which bounds are held, and what the figures were made from", () => {
  const megabytes: Figure = {
    what: "memory",
    value: 41,
    bound: 40,
    unit: "MB",
    decimals: 0,
    from: "81 - 40",
  };
  expect(figureTable([figure(1.04), megabytes])).toBe(`\
| what   | figure | at most |          | from        |
| ------ | ------ | ------- | -------- | ----------- |
| up     | 1.04   | 1.10    | held     | 11 s / 10 s |
| memory | 41 MB  | 40 MB   | NOT HELD | 81 - 40     |`);
});
