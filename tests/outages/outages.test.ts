/** A rotating credential, disturbed at every request of a rotation and of the end of a grace. */
import { describe, expect, test, vi } from "vitest";
import { loadPackage } from "../stage/package.js";
import { loadProduct } from "../stage/product.js";
import { mutants } from "./mutants.ts";
import { firstOutage } from "./small.ts";

test("whatever is disturbed, no login is denied that works by the outputs", async () => {
  const points: string[] = [];
  expect(await firstOutage(await loadProduct(), (point) => points.push(point))).toBeUndefined();
  expect(points.length).toBeGreaterThan(40);
});

describe("the clients notice", () => {
  test.each(mutants)("$what", async (mutant) => {
    // Without an engine the compiled package prints its warnings.
    vi.spyOn(process.stderr, "write").mockReturnValue(true);
    expect(await firstOutage(await loadPackage(mutant))).toBeDefined();
  });
});
