/** Each turn's judge is believed, since it catches what is wrong on purpose. */
import { describe, expect, test } from "vitest";
import { loadProduct } from "../../harness/stage/product.js";
import { openSmallStage } from "../../harness/stage/small.js";
import { mutants } from "./mutants.ts";
import { subjects } from "./subjects.ts";
import { type TurnName, turns, turnTitles } from "./turns.ts";

const product = loadProduct();

describe.each(mutants)("$what is caught by the turn $turn", ({ turn, kinds, wrap }) => {
  test.each(kinds)("of %s", async (kind) => {
    await using stage = await openSmallStage({ product: await product, wrap });
    const verdict = await turns[turn](stage, [subjects[kind]]).then(
      () => "nothing was seen",
      (error: unknown) => (error instanceof Error ? error.name : String(error)),
    );
    expect(verdict).toBe("AssertionError");
  });
});

test("no turn is without a mutant", () => {
  const caught = new Set(mutants.map(({ turn }) => turn));
  expect((Object.keys(turnTitles) as TurnName[]).filter((turn) => !caught.has(turn))).toEqual([]);
});
