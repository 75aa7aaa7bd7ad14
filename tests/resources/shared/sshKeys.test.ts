/** The blobs of keys as another implementation, sshpk, reads them. */
import { parseKey } from "sshpk";
import { describe, expect, test } from "vitest";
import { rsaBitsOf, validateKey } from "../../../provider/resources/shared/sshKeys";
import { sshKey } from "../../emulator/caller";
import { rsaKey } from "../../rules/cases";

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

/** A key's line, of its type and its parts in hex. */
function lineOf(type: string, ...parts: readonly string[]): string {
  const bytes = [Buffer.from(type), ...parts.map((part) => Buffer.from(part, "hex"))];
  const blob = bytes.flatMap((part) => [Buffer.from([0, 0, part.length >> 8, part.length & 255]), part]);
  return `${type} ${Buffer.concat(blob).toString("base64")}`;
}

const modulus = `00${"c5".repeat(256)}`;

test.each([
  ["3", "03", modulus],
  ["17", "11", modulus],
  ["65537", "010001", modulus],
  ["4294967297", "0100000001", modulus],
  ["65537, and a modulus of 16384 bits", "010001", `00${"c5".repeat(2048)}`],
])("an RSA key with the exponent %s is fine", (_, ...parts) => {
  expect(validateKey(lineOf("ssh-rsa", ...parts))).toEqual([]);
});

test.each([
  ["the exponent 0", "00", modulus],
  ["the exponent 1", "01", modulus],
  ["the exponent 1 after zeros", "000001", modulus],
  ["an even exponent", "010000", modulus],
  ["a negative exponent", "810001", modulus],
  ["an even modulus", "010001", `00${"c4".repeat(256)}`],
  ["no modulus", "010001", ""],
  ["the modulus 1", "010001", "01"],
  ["exponent and modulus exchanged", modulus, "010001"],
])("an RSA key with %s is refused", (_, ...parts) => {
  expect(validateKey(lineOf("ssh-rsa", ...parts))).toHaveLength(1);
});

test.each([
  ["P-256", "nistp256"],
  ["P-384", "nistp384"],
  ["P-521", "nistp521"],
] as const)(
  "a point of %s is refused where its coordinates are longer or shorter than the curve's",
  (kind, curve) => {
    const point = Buffer.from(sshKey(kind).line.split(" ")[1] ?? "", "base64")
      .toString("hex")
      .slice(-lengths[kind]);
    const [x, y] = [point.slice(2, 1 + point.length / 2), point.slice(1 + point.length / 2)];
    const isFine = (shown: string) =>
      validateKey(lineOf(`ecdsa-sha2-${curve}`, Buffer.from(curve).toString("hex"), shown)).length === 0;
    expect(isFine(`04${x}${y}`)).toBe(true);
    for (const other of [`0400${x}00${y}`, `04${x.slice(2)}${y.slice(2)}`, `04${x}`, `02${x}`, "00", ""]) {
      expect(isFine(other), other).toBe(false);
    }
  },
);

const lengths = { "P-256": 130, "P-384": 194, "P-521": 266 };

test.each([1024, 1536, 2048, 3072, 4096])("an RSA key of %i bits has as many as sshpk says", (bits) => {
  const line = rsaKey(bits);
  expect([rsaBitsOf(line), readBySshpk(line)?.size]).toEqual([bits, bits]);
});

test("another type of key has no RSA size, and a damaged one none that is known", () => {
  expect(rsaBitsOf(sshKey("ed25519").line)).toBe(false);
  expect(rsaBitsOf("ssh-rsa AAAA")).toBeUndefined();
});
