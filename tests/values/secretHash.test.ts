import { expect, test } from "vitest";
import { hashSecret, matchesHash } from "../../provider/values/secretHash";

test("a hash is matched by its secret alone", () => {
  const hash = hashSecret("a password");
  expect(matchesHash("a password", hash)).toBe(true);
  expect(matchesHash("another password", hash)).toBe(false);
  expect(matchesHash("", hash)).toBe(false);
});

test("a hash does not hold its secret, and two of one secret differ", () => {
  const hashes = [hashSecret("a password"), hashSecret("a password")];
  expect(hashes.join()).not.toContain("password");
  expect(hashes[0]).not.toBe(hashes[1]);
});

test("a hash from a state file is understood by every later version", () => {
  expect(matchesHash("a password", "c2FsdHlzYWx0:VkRjPC2dwNvw7RQg3p-k1X")).toBe(true);
});

test.each([
  [undefined, hashSecret("x")],
  [null, hashSecret("x")],
  ["x", undefined],
  ["x", null],
  ["x", ""],
  ["x", "x"],
  ["", ""],
])("nothing is matched by %j and %j", (secret, hash) => {
  expect(matchesHash(secret, hash)).toBe(false);
});
