import { describe, expect, test } from "vitest";
import { hasUnknown, isUnknown, unknownValue } from "../../provider/protocol/unknowns";
import { isEqual, sendable } from "../../provider/values/plain";

describe("an unknown value", () => {
  test("is the engine's own text", () => {
    expect(unknownValue).toBe("04da6b54-80e4-46f7-96ec-b56ff0331ba9");
    expect(isUnknown("04da6b54-80e4-46f7-96ec-b56ff0331ba9")).toBe(true);
  });

  test.each([
    [unknownValue],
    [[unknownValue]],
    [{ source: unknownValue }],
    [[{ source: "10.0.0.0/8" }, { deep: [{ deeper: unknownValue }] }]],
  ])("is found wherever it sits: %j", (value) => {
    expect(hasUnknown(value)).toBe(true);
  });

  test.each([["text"], [null], [undefined], [7], [[]], [{ id: `${unknownValue} and more` }]])(
    "is not in %j",
    (value) => {
      expect(hasUnknown(value)).toBe(false);
    },
  );
});

describe("values are equal", () => {
  test.each([
    ["text", "text"],
    [0, 0],
    [null, null],
    [
      [1, [2]],
      [1, [2]],
    ],
    [
      { a: 1, b: { c: [] } },
      { b: { c: [] }, a: 1 },
    ],
    [{ a: 1, b: undefined }, { a: 1 }],
    [Number.NaN, Number.NaN],
  ])("%j and %j", (a, b) => {
    expect(isEqual(a, b)).toBe(true);
    expect(isEqual(b, a)).toBe(true);
  });

  test.each([
    ["1", 1],
    [null, undefined],
    [[], {}],
    [
      [1, 2],
      [2, 1],
    ],
    [[1], [1, 2]],
    [{ a: 1 }, { a: 1, b: null }],
    [{ a: [1] }, { a: [2] }],
    ["", null],
    [false, undefined],
  ])("not %j and %j", (a, b) => {
    expect(isEqual(a, b)).toBe(false);
    expect(isEqual(b, a)).toBe(false);
  });
});

describe("what is sent to the engine", () => {
  test("has no undefined, however deep, and keeps its place in a list", () => {
    const value = { a: undefined, b: { c: undefined, d: [undefined, { e: undefined }] } };
    const sent = sendable(value);
    expect(Object.keys(sent)).toEqual(["b"]);
    expect(sent.b).toStrictEqual({ d: [null, {}] });
  });

  test("has numbers only as JSON knows them, and no code", () => {
    const value = {
      big: 12n,
      endless: Number.POSITIVE_INFINITY,
      none: Number.NaN,
      code: () => 1,
      mark: Symbol("m"),
    };
    expect(sendable(value)).toStrictEqual({ big: 12, endless: null, none: null, code: null, mark: null });
  });

  test("is otherwise as it was", () => {
    const value = { text: "", zero: 0, no: false, nothing: null, list: [1, ["2"]], deep: { a: {} } };
    expect(sendable(value)).toStrictEqual(value);
    expect(sendable(undefined)).toBeUndefined();
  });
});
