/** Cells of the matrix that each break in a way of their own. `npm run matrix` tries all of them. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { cells } from "../packaging/matrix/cells.ts";
import { live } from "../packaging/matrix/life.ts";
import { Workshop } from "../packaging/matrix/workshop.ts";

let workshop: Workshop;
beforeAll(async () => {
  workshop = await Workshop.open();
});
afterAll(() => workshop[Symbol.asyncDispose]());

it.each(cells.filter(({ quick }) => quick))("lives, installed as people install: $name", async (cell) => {
  const { result } = await live(workshop, cell);
  expect(result).toBe("works");
});
