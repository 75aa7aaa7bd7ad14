import { describe, expect, test } from "vitest";
import {
  validateCredentialId,
  validateFutureTime,
  validatePassword,
  validateWord,
} from "../../../provider/lifecycle/fields/formats";
import { unknownValue } from "../../../provider/protocol/unknowns";

const newYear = 1798761600000;

describe("a value of a known set", () => {
  const known = ["read-only", "read-write", "*", "active"];

  test.each([
    ["read-write", []],
    ["*", []],
    [unknownValue, []],
    [undefined, []],
    ["Read_Write", [{ reason: 'is not a known value; did you mean "read-write"?' }]],
    ["activ", [{ reason: 'is not a known value; did you mean "active"?' }]],
    ["", [{ reason: 'must be one of "read-only", "read-write", "*", "active"' }]],
    [7, [{ reason: 'must be one of "read-only", "read-write", "*", "active"' }]],
    [null, [{ reason: 'must be one of "read-only", "read-write", "*", "active"' }]],
  ])("%j", (value, findings) => {
    expect(validateWord(value, known)).toEqual(findings);
  });

  test("only warns where it is wholly unknown, since the service may know more of them than its reference", () => {
    expect(validateWord("append", known)).toEqual([
      {
        severity: "warning",
        reason:
          'is not in the API\'s reference, which has "read-only", "read-write", "*", "active"; ' +
          "it is sent as it is",
      },
    ]);
  });
});

describe("a time that has to be in the future", () => {
  const said = (value: string | number) => validateFutureTime(value, { inputs: {}, now: newYear });

  test.each([newYear + 1, "2027-01-01T00:00:01Z"])("may be %s", (value) => {
    expect(said(value)).toEqual([]);
  });

  test.each([newYear, newYear - 1, "2026-12-31", 0, -1])(
    "is not past, which only what is new is told: %s",
    (value) => {
      expect(said(value)).toEqual([{ onlyNew: true, reason: "is in the past: it must be in the future" }]);
    },
  );

  test.each([
    [1798761601, "looks like seconds: give Unix milliseconds"],
    [1, "looks like seconds: give Unix milliseconds"],
    [newYear + 0.5, "must be whole milliseconds"],
    [
      "next week",
      'is not a time: give an ISO 8601 string with a zone, e.g. "2027-01-31T00:00:00Z", or Unix milliseconds',
    ],
  ])("is not %s", (value, reason) => {
    expect(said(value)).toEqual([{ reason }]);
  });
});

describe("a password", () => {
  test("may be anything but empty, which to the API means another thing", () => {
    expect(validatePassword("x")).toEqual([]);
    expect(validatePassword("")).toEqual([{ reason: "must not be empty: leave it out instead" }]);
  });
});

describe("the id of a credential", () => {
  test.each(["4ddb2ea265b8eaf7685b4e125a1292", "a.b_c-d~e"])("may be %s", (id) => {
    expect(validateCredentialId(id)).toEqual([]);
  });

  test.each(["", "..", "a/b", "a\nb"])("is not %j, which would change a path", (id) => {
    expect(validateCredentialId(id)).toEqual([
      { reason: "is not a credential's id: pass the `id` of a Credential" },
    ]);
  });
});
