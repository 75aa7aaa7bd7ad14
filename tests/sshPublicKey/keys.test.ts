/** The blobs of keys as another implementation, sshpk, reads them. */
import { parseKey } from "sshpk";
import { describe, expect, test } from "vitest";
import { rsaBitsOf, validateKey } from "../../provider/lifecycle/sshKeys";
import { rsaKey } from "../audit/cases";
import { sshKey } from "../emulator/caller";

function readBySshpk(line: string) {
  try {
    return parseKey(line, "ssh");
  } catch {
    return undefined;
  }
}

describe.each(["rsa", "ed25519", "P-256", "P-384", "P-521"] as const)("a key of %s", (kind) => {
  const [type = "", blob = ""] = sshKey(kind).line.split(" ");
  const bytes = Buffer.from(blob, "base64");
  const lineOf = (changed: Uint8Array) => `${type} ${Buffer.from(changed).toString("base64")}`;
  const isFine = (changed: Uint8Array) => validateKey(lineOf(changed)).length === 0;

  test("is fine as it is, and at no other length", () => {
    expect(isFine(bytes)).toBe(true);
    for (let length = 0; length < bytes.length; length++) {
      expect(isFine(bytes.subarray(0, length)), String(length)).toBe(false);
    }
    for (const more of ["\0", "\0\0\0\0", "\0\0\0\x01a", "abcde"]) {
      expect(isFine(Buffer.concat([bytes, Buffer.from(more)])), JSON.stringify(more)).toBe(false);
    }
  });

  test("with a bit changed is never fine where sshpk refuses it", () => {
    for (let at = 0; at < bytes.length; at++) {
      for (const bit of [0x01, 0x80]) {
        const changed = bytes.map((byte, index) => (index === at ? byte ^ bit : byte));
        if (isFine(changed)) expect(readBySshpk(lineOf(changed)), `${at}, ${bit}`).toBeDefined();
      }
    }
  });
});

test("a point that is not on its curve is refused", () => {
  const [type = "", blob = ""] = sshKey("P-256").line.split(" ");
  const moved = Buffer.from(blob, "base64").map((byte, index, all) =>
    index === all.length - 1 ? byte ^ 1 : byte,
  );
  const [finding] = validateKey(`${type} ${Buffer.from(moved).toString("base64")}`);
  expect(finding?.reason).toContain("is cut short or damaged");
});

test.each([1024, 1536, 2048, 3072, 4096])("an RSA key of %i bits has as many as sshpk says", (bits) => {
  const line = rsaKey(bits);
  expect([rsaBitsOf(line), readBySshpk(line)?.size]).toEqual([bits, bits]);
});

test("another type of key has no RSA size, and a damaged one none that is known", () => {
  expect(rsaBitsOf(sshKey("ed25519").line)).toBe(false);
  expect(rsaBitsOf("ssh-rsa AAAA")).toBeUndefined();
});
