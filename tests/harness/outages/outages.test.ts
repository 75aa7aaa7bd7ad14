/** A rotating credential, disturbed at every request of a rotation and of the end of a grace. */
import { describe, expect, test, vi } from "vitest";
import { type DialectName, dialectNames } from "../dialects/catalog/index.ts";
import { loadPackage } from "../stage/package.js";
import { loadProduct } from "../stage/product.js";
import { firstLockout } from "./keys.ts";
import { mutants } from "./mutants.ts";
import { firstOutage, lifeOf } from "./small.ts";

test("whatever is disturbed, no login is denied that works by the outputs", async () => {
  const points: string[] = [];
  expect(await firstOutage(await loadProduct(), (point) => points.push(point))).toBeUndefined();
  expect(points.length).toBeGreaterThan(40);
});

test("whatever is disturbed, nobody who holds a key is locked out", async () => {
  const points = new Map<string, number>();
  const note = (point: string, asked: number) => points.set(point, asked);
  expect(await firstLockout(await loadProduct(), note)).toBeUndefined();
  expect(points.size).toBeGreaterThan(40);
  expect(Math.min(...points.values())).toBeGreaterThan(5);
});

describe("the clients notice", () => {
  test.each(mutants)("$what", async (mutant) => {
    // Without an engine the compiled package prints its warnings.
    vi.spyOn(process.stderr, "write").mockReturnValue(true);
    expect(await firstOutage(await loadPackage(mutant))).toBeDefined();
  });
});

/** What cannot be done beside such a service, and what is said then. */
const refused: Partial<Record<DialectName, RegExp>> = {
  "inactive-ignored": /are both active, and nothing tells which one is in use/,
  "inactive-ignored-in-updates": /was set, but does not show what the program declares/,
  "passwords-only-at-create": /could not be read.* storeSecrets: false/,
  "passwords-nowhere": /could not be read.* storeSecrets: false/,
};

test.each(dialectNames)("two rotations beside a service that speaks the dialect %s", async (dialect) => {
  const found = await lifeOf(await loadProduct(), undefined, [dialect]);
  const expected = refused[dialect];
  if (expected) expect(found).toMatch(expected);
  else expect(found).toBeTypeOf("object");
});
