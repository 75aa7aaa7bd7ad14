import { describe, expect, test } from "vitest";
import { unknownValue } from "../../../provider/protocol/unknowns";
import { sshPublicKeySetFields as fields } from "../../../provider/resources/sshPublicKeySet/fields";
import { failuresOf, warningsOf } from "../../lifecycle/fakes";
import { ecdsa, ed25519, rsa } from "../shared/keys";

const credentialId = "cfc211269c8c0f925c64b1a223d8eb";

function refusalsOf(sshPublicKeyBodies: unknown, more: object = {}): string[] {
  return failuresOf(fields, { credentialId, sshPublicKeyBodies, ...more });
}

describe("sshPublicKeyBodies", () => {
  test.each<[string, unknown]>([
    ["one key", [ed25519]],
    ["keys of every type", [ed25519, rsa, ecdsa]],
    ["no keys, written out", []],
    ["a list that is not known yet", unknownValue],
    ["a key that is not known yet", [ed25519, unknownValue]],
    ["two keys that are not known yet", [unknownValue, unknownValue]],
  ])("may be %s", (_, bodies) => {
    expect(refusalsOf(bodies)).toEqual([]);
  });

  test.each<[string, unknown, string]>([
    ["left out", undefined, "sshPublicKeyBodies is required"],
    ["null", null, "sshPublicKeyBodies is required"],
    ["a single key", ed25519, "sshPublicKeyBodies must be a list"],
    ["a list with an undefined output", [ed25519, null], "sshPublicKeyBodies[1] must be a string"],
    ["a list of what is undefined", [null], "sshPublicKeyBodies[0] must be a string"],
    ["a list with an empty string", [""], "sshPublicKeyBodies[0] has no known type"],
    [
      "a key with options",
      [`from="10.0.0.0/8" ${ed25519}`],
      "sshPublicKeyBodies[0] has options before the key",
    ],
    ["a key twice", [rsa, ed25519, rsa], "sshPublicKeyBodies[2] is the same key as [0]: list it once"],
    [
      "a key twice, with another comment",
      [ed25519, `${ed25519.split(" ").slice(0, 2).join(" ")} other@acme.example\n`],
      "sshPublicKeyBodies[1] is the same key as [0]: list it once",
    ],
    ["two keys in one string", [`${rsa}\n${ed25519}`], "sshPublicKeyBodies[0] has several lines"],
  ])("may not be %s", (_, bodies, reason) => {
    expect(refusalsOf(bodies)).toEqual([expect.stringContaining(reason)]);
  });

  test("may not hold a private key, whose text is not repeated", () => {
    const secret = "-----BEGIN OPENSSH PRIVATE KEY-----\nCANARY\n-----END OPENSSH PRIVATE KEY-----";
    const refusals = refusalsOf([ed25519, secret]);
    expect(refusals).toEqual([expect.stringContaining("sshPublicKeyBodies[1] is a private key")]);
    expect(refusals.join()).not.toContain("CANARY");
  });

  test.each<[string, readonly string[], readonly string[], boolean]>([
    ["in another order", [ed25519, rsa], [rsa, ed25519], true],
    ["with other comments", [ed25519], [`${ed25519} 2027`], true],
    ["one more", [ed25519], [ed25519, rsa], false],
    ["one less", [ed25519, rsa], [rsa], false],
    ["none on both sides", [], [], true],
    ["none declared", [], [rsa], false],
  ])("%s", (_, declared, server, isSame) => {
    expect(fields.sshPublicKeyBodies.same(declared, server)).toBe(isSame);
    expect(fields.sshPublicKeyBodies.same(server, declared)).toBe(isSame);
  });
});

describe("overlapDays", () => {
  test.each([0, 0.5, 7, 3650])("may be %d", (overlapDays) => {
    expect(refusalsOf([], { overlapDays })).toEqual([]);
  });

  test.each([-1, 3651, Number.NaN, Number.POSITIVE_INFINITY])("may not be %d", (overlapDays) => {
    expect(refusalsOf([], { overlapDays })).toEqual(["overlapDays must be a number of days from 0 to 3650"]);
  });

  test("may not be null", () => {
    expect(refusalsOf([], { overlapDays: null })).toEqual([
      "overlapDays cannot be null: leave it out to stop managing it",
    ]);
  });
});

test("what was accepted before only warns", () => {
  const olds = { credentialId, sshPublicKeyBodies: ["ssh-dss AAAA"] };
  expect(failuresOf(fields, olds, { olds })).toEqual([]);
  expect(warningsOf(fields, olds, { olds })).toEqual([expect.stringContaining("sshPublicKeyBodies[0]")]);
});
