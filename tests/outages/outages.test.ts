/** A rotating credential, disturbed at every request of a rotation and of the end of a grace. */
import { expect, test } from "vitest";
import { loadProduct } from "../stage/product.js";
import { live, pointsOf, titleOf } from "./life.ts";
import { openSmallRig } from "./small.ts";

test("whatever is disturbed, no login is denied that works by the outputs", async () => {
  const product = await loadProduct();
  await using calm = await openSmallRig({ product });
  const undisturbed = await live(calm);
  expect([...undisturbed.outages, ...undisturbed.broken]).toEqual([]);
  const points = pointsOf(undisturbed.turns);
  expect(points.length).toBeGreaterThan(40);

  for (const point of points) {
    await using rig = await openSmallRig({ product });
    const { outages, broken, asked, met } = await live(rig, point);
    expect([...outages, ...broken], titleOf(point)).toEqual([]);
    expect(met, titleOf(point)).toBeGreaterThan(0);
    expect(asked).toBeGreaterThan(10);
  }
});
