import { spawnSync } from "node:child_process";
import { join } from "node:path";
import * as vm from "node:vm";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { carried } from "../../provider/protocol/carried";

const root = join(__dirname, "../..");
const newYear = new Date("2027-01-01T00:00:00.000Z");

/** What an Output comes to. */
function resultOf(value: unknown): Promise<unknown> {
  const output: pulumi.Output<unknown> = pulumi.output<unknown>(value);
  return new Promise((resolve) => output.apply(resolve));
}

describe("a Date is carried as its ISO 8601 string", () => {
  test("by itself", () => {
    expect(carried("expiration", newYear)).toBe("2027-01-01T00:00:00.000Z");
  });

  test("in lists and objects, however deep", () => {
    expect(carried("triggers", { a: [{ at: newYear }, 1], b: null })).toEqual({
      a: [{ at: "2027-01-01T00:00:00.000Z" }, 1],
      b: null,
    });
  });

  test("inside Outputs and promises, however deep", async () => {
    const date = "2027-01-01T00:00:00.000Z";
    const later = pulumi.output(1);
    expect(
      await resultOf(
        carried(
          "expiration",
          later.apply(() => newYear),
        ),
      ),
    ).toBe(date);
    expect(await resultOf(carried("triggers", { a: later.apply(() => ({ at: newYear })) }))).toEqual({
      a: { at: date },
    });
    expect(
      await resultOf(
        carried(
          "triggers",
          later.apply(() => ({ b: later.apply(() => [newYear]) })),
        ),
      ),
    ).toEqual({
      b: [date],
    });
    expect(await resultOf(carried("expiration", Promise.resolve(newYear)))).toBe(date);
    expect(await resultOf(carried("triggers", [Promise.resolve({ at: newYear })]))).toEqual([{ at: date }]);
  });

  test("and stays secret in an Output that is", async () => {
    const secret = pulumi.secret(1).apply(() => newYear);
    const output = carried("triggers", secret) as pulumi.Output<string>;
    expect(await pulumi.isSecret(output)).toBe(true);
    expect(await resultOf(output)).toBe("2027-01-01T00:00:00.000Z");
  });

  test("unless it is none", () => {
    expect(() => carried("expiration", new Date("tomorrow"))).toThrow("expiration holds an invalid Date.");
  });
});

describe("what the engine can carry is handed on as it is", () => {
  test.each([null, undefined, "x", 7, true, [1, [2]], {}, { a: { b: [null] } }])("%j", (value) => {
    expect(carried("triggers", value)).toBe(value);
  });

  test("an object without a prototype, and one of another realm", () => {
    const bare = Object.assign(Object.create(null), { a: 1 });
    const foreign = vm.runInNewContext("({ a: [1] })");
    expect(carried("triggers", bare)).toBe(bare);
    expect(carried("triggers", foreign)).toBe(foreign);
  });

  test("assets, which the SDK knows", () => {
    const asset = new pulumi.asset.StringAsset("x");
    expect(carried("triggers", asset)).toBe(asset);
  });
});

describe("what would reach the engine as {} is refused, by its class and without its value", () => {
  class Partner {
    readonly token = "CANARY";
  }

  test.each([
    [new Map([["a", "CANARY"]]), "Map"],
    [new Set(["CANARY"]), "Set"],
    [/CANARY/, "RegExp"],
    [new URL("https://CANARY.example"), "URL"],
    [new Error("CANARY"), "Error"],
    [new Partner(), "Partner"],
  ])("%#: a %s", (value, name) => {
    for (const given of [value, [value], { a: { b: value } }]) {
      const carry = () => carried("triggers", given);
      expect(carry).toThrow(`triggers holds a ${name}, which would reach Pulumi as {}`);
      expect(carry).not.toThrow("CANARY");
    }
  });
});

// In a process of its own, which it ends, as an error in an Output ends a program.
test.each([
  ["an Output", "pulumi.output(1).apply(() => new Set(['CANARY']))"],
  ["a promise", "Promise.resolve([new Set(['CANARY'])])"],
])("%s that comes to such a value ends the program with the same words", (_, value) => {
  const program = `const pulumi = require("@pulumi/pulumi");
    const { carried } = require("./dist/protocol/carried.js");
    carried("triggers", ${value});`;
  const { status, stderr } = spawnSync(process.execPath, ["-e", program], { encoding: "utf8", cwd: root });
  expect(status).not.toBe(0);
  expect(stderr).toContain("triggers holds a Set, which would reach Pulumi as {}");
});
