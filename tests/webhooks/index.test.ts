import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { isSigned } from "../../provider/webhooks";

// The vendor's test vector, of its public documentation.
const secret = "Very Secret Secret";
const body = "Hello! This is a test payload.";
const signature = "sha256=8ba4c47558de1872150c3ec82211c34bf0cbd6d60fc4f9875b97853af06de917";

describe("a delivery is signed", () => {
  test("as the vendor's test vector is", () => {
    expect(isSigned({ secret, body, signature })).toBe(true);
  });

  test("also as bytes", () => {
    expect(isSigned({ secret, body: Buffer.from(body), signature })).toBe(true);
    expect(isSigned({ secret, body: new TextEncoder().encode(body), signature })).toBe(true);
  });

  test("by its bytes, and not by what a decoder makes of them", () => {
    const bytes = Buffer.from([0xff, 0xfe, 0x00, 0x80]);
    const signed = `sha256=${createHmac("sha256", secret).update(bytes).digest("hex")}`;
    expect(isSigned({ secret, body: bytes, signature: signed })).toBe(true);
    expect(isSigned({ secret, body: bytes.toString(), signature: signed })).toBe(false);
  });

  test("with an empty body too", () => {
    const signed = `sha256=${createHmac("sha256", secret).update("").digest("hex")}`;
    expect(isSigned({ secret, body: "", signature: signed })).toBe(true);
  });
});

describe("a delivery is not signed", () => {
  test.each([
    ["none", undefined],
    ["an empty one", ""],
    ["one without its scheme", signature.slice("sha256=".length)],
    ["one of another scheme", signature.replace("sha256", "sha1")],
    ["one with a wrong digit", signature.replace(/7$/, "8")],
    ["one cut short", signature.slice(0, -1)],
    ["one with more behind", `${signature}0`],
    ["one with space around", ` ${signature} `],
    ["one of the same length in letters of several bytes", "é".repeat(signature.length)],
    ["no hex", `sha256=${"z".repeat(64)}`],
    ["a list, even of the right one", [signature]],
    ["an empty list", []],
    ["a list of the right one's bytes", [...Buffer.from(signature)].map(String)],
  ])("by %s", (_, given) => {
    expect(isSigned({ secret, body, signature: given })).toBe(false);
  });

  test("by another secret, or over another body", () => {
    expect(isSigned({ secret: "very secret secret", body, signature })).toBe(false);
    expect(isSigned({ secret, body: `${body}\n`, signature })).toBe(false);
  });
});

test.each(["", undefined, null])(
  "a secret that is %j is refused, since everybody can sign with it",
  (empty) => {
    const signed = `sha256=${createHmac("sha256", "").update(body).digest("hex")}`;
    expect(() => isSigned({ secret: empty as string, body, signature: signed })).toThrow(
      "The webhook's secret is empty.",
    );
  },
);
