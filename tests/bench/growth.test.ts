import { describe, expect, test } from "vitest";
import { bend, type Point, plot, slope } from "#growth";

/** The counts of a full run, with what each costs. */
function points(own: (count: number) => number): Point[] {
  return [100, 200, 500, 1_000, 2_000].map((count) => ({
    count,
    ours: 0.1 * count + own(count),
    nothing: 0.1 * count,
    own: own(count),
    ownInProvider: own(count),
  }));
}

describe("the bend of a growth", () => {
  test.each([
    ["1 for a straight line, whatever is paid once", (n: number) => 0.005 * n + 7, 1, 1],
    // The bound of the bench is 1.5.
    ["above 2.5 for a square", (n: number) => 1e-6 * n ** 2, 2.5, 4],
    ["above 1.5 where half of the cost at the end is a square", (n: number) => n + n ** 2 / 2_000, 1.5, 2],
    ["little above 1 for n log n", (n: number) => n * Math.log(n), 1, 1.25],
  ])("is %s", (_, own, least, most) => {
    const value = bend(points(own));
    expect(value).toBeGreaterThanOrEqual(least - 1e-9);
    expect(value).toBeLessThanOrEqual(most + 1e-9);
  });
});

test("the slope is what each further resource costs", () => {
  expect(slope(points((n) => 0.005 * n + 7))).toBeCloseTo(0.005, 6);
});

test("the plot has each point of the three lines, and its numbers at the axis", () => {
  const svg = plot(points((n) => 0.005 * n));
  expect(svg.match(/<circle /g)).toHaveLength(3 * 5);
  expect(svg.match(/<polyline /g)).toHaveLength(3);
  for (const count of [100, 200, 500, 1_000, 2_000]) expect(svg).toContain(`>${count}</text>`);
  expect(svg).not.toContain("NaN");
});
