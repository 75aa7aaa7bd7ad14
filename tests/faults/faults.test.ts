/** A part of `npm run faults` that fits into the tests: each fault on each operation of each turn, once. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { baseline } from "#baseline";
import { cellsOf, isPromised, runCells, type Verdict } from "#matrix";
import { runModel } from "#model";
import { credential, scenes } from "#scenes";
import { captureStderr, type Harm, openWorld } from "#world";
import { loadProduct } from "../stage/product.js";

const product = await loadProduct();
const seed = 4;
/** The whole has some 8,500 cells; which part is run is the same each time. */
const every = 11;

const verdicts: Verdict[] = [];
let stop: () => void;
// All at once, since most of their time is waiting.
beforeAll(async () => {
  process.env.DEBUG = "sftptogo*";
  stop = captureStderr();
  const cells = (await cellsOf({ product })).filter(isPromised).filter((_, index) => index % every === 0);
  await runCells(cells, { product, seed }, (verdict) => verdicts.push(verdict));
}, 300_000);
afterAll(() => {
  stop();
  delete process.env.DEBUG;
});

describe("nothing is lost, doubled, taken over, opened, rotated twice or leaked", () => {
  test.each(scenes.map(({ name }) => name))("by any fault in: %s", (name) => {
    const own = verdicts.filter(({ cell }) => cell.scene.name === name);
    expect(own.length).toBeGreaterThan(0);
    const harmful = own.filter(({ found }) => found.length > 0);
    expect(harmful.map(({ cell, found }) => [cell.label, found])).toEqual([]);
  });

  test("by random lives", { timeout: 60_000 }, async () => {
    const { counterexample, found, steps } = await runModel({ product, seed }, 600);
    expect(counterexample).toBeUndefined();
    expect(found).toEqual([]);
    expect(steps).toBeGreaterThanOrEqual(600);
  });
});

test("a create is refused, with the import that heals, only by a kill and by an answer that was a lie", () => {
  const refused = verdicts.filter((verdict) => verdict.refused).map(({ cell }) => cell.label);
  expect(refused.length).toBeGreaterThan(0);
  // 4xx is a no; that the server had done it all the same is what only the next look can tell.
  expect(refused.filter((label) => !/ (kill|status 4(?!08|29)\d\d|html 404) after /.test(label))).toEqual([]);
});

test("the judge sees what a provider does that is written in an afternoon", { timeout: 60_000 }, async () => {
  const seen = new Set<Harm>();
  const lost = (await cellsOf({ product })).filter(({ label }) =>
    /(reset|close|status 500) after at 1/.test(label),
  );
  await runCells(lost, { product, seed, flavor: baseline }, ({ found }) => {
    for (const { harm } of found) seen.add(harm);
  });
  expect([...seen]).toEqual(
    expect.arrayContaining(["orphans", "duplicates", "leaked secrets", "not made whole"]),
  );
});

test("the judge hears what is printed, by whom and where", async () => {
  const world = await openWorld({
    product,
    seed,
    flavor: (within, kind) => ({
      ...baseline(within, kind),
      async check(_, news) {
        process.stderr.write(`the key is ${within.emulator.apiKey}`);
        return { inputs: news, failures: [] };
      },
    }),
  });
  const program = [credential()];
  await world.run((engine) => engine.up(program), program);
  await world.emulator.close();
  expect(world.found).toEqual([{ harm: "leaked secrets", detail: "stderr" }]);
});
