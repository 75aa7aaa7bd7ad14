import { describe, expect, test } from "vitest";
import { nearest, quotedList } from "../../provider/values/nearest";

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
