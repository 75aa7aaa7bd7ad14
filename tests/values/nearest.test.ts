import fc from "fast-check";
import { distance as levenshtein } from "fastest-levenshtein";
import { describe, expect, test } from "vitest";
import { distance, nearest, quotedList } from "../../provider/values/nearest";

const known = ["read-only", "read-write", "*", "active"];

describe("the known word that was meant", () => {
  test.each([
    ["ACTIVE", "active"],
    ["actvie", "active"],
    ["read write", "read-write"],
    ["read-wirte", "read-write"],
    ["acive", "active"],
    ["ac", undefined],
    ["passive things", undefined],
    ["", undefined],
  ])("by %j is %j", (text, near) => {
    expect(nearest(text, known)).toBe(near);
  });
});

test("a list of words is quoted", () => {
  expect(quotedList(["a", 'b"c'])).toBe('"a", "b\\"c"');
  expect(quotedList([])).toBe("");
});

test("the distance of two words is the library's", () => {
  const letters = fc.string({ maxLength: 12, unit: fc.constantFrom("a", "b", "c") });
  fc.assert(fc.property(letters, letters, (a, b) => distance(a, b) === levenshtein(a, b)));
});
