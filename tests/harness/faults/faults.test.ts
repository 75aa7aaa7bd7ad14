/** A part of `npm run faults` that fits into the tests: every turn undisturbed, and some of the faults on each. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { baseline } from "#baseline";
import { decoded } from "#decoded";
import { allCells, type Cell, echoes, isPromised, runCells, type Verdict } from "#matrix";
import { runModel } from "#model";
import { credential, scenes } from "#scenes";
import { canary, canaryKey, canaryOf, captureOutput, type Harm, openWorld } from "#world";
import { operationNames } from "../../../provider/emulator/index.js";
import { loadProduct } from "../stage/product.js";

const product = await loadProduct();
const seed = 4;
/** The whole has more than 100,000 cells, most of which meet nothing; which part is run is the same each time. */
const every = 31;

const all = allCells();
const isCalm = ({ troubles }: Cell) => troubles.length === 0;
const verdicts: Verdict[] = [];
let stop: () => void;
// All at once, since most of their time is waiting.
beforeAll(async () => {
  process.env.DEBUG = "sftptogo*";
  stop = captureOutput();
  const promised = all.filter(isPromised);
  const cells = promised.filter((cell, index) => isCalm(cell) || index % every === 0);
  await runCells(cells, { product, seed }, (verdict) => void verdicts.push(verdict));
}, 300_000);
afterAll(() => {
  stop();
  delete process.env.DEBUG;
});

describe("nothing is lost, doubled, taken over, opened, rotated twice, leaked or other than declared", () => {
  test.each(scenes.map(({ name }) => name))("by any fault in: %s", (name) => {
    const own = verdicts.filter(({ cell }) => cell.scene.name === name);
    expect(own.length).toBeGreaterThan(0);
    const harmful = own.filter(({ found }) => found.length > 0);
    expect(harmful.map(({ cell, found }) => [cell.label, found])).toEqual([]);
  });

  test("by random lives", { timeout: 60_000 }, async () => {
    const { counterexample, found, steps } = await runModel({ product, seed }, 400);
    expect(counterexample).toBeUndefined();
    expect(found).toEqual([]);
    expect(steps).toBeGreaterThanOrEqual(400);
  });
});

test("every operation of the API is disturbed, whatever the product sends", () => {
  const disturbed = new Set(all.map(({ operation }) => operation));
  expect(operationNames.filter((name) => !disturbed.has(name))).toEqual([]);
});

test("the judge sees what a provider does that is written in an afternoon", { timeout: 60_000 }, async () => {
  const seen = new Set<Harm>();
  const lost = all.filter(({ label }) =>
    /^(create|import) \w+: create\w+ (reset|status 500) after at 1/.test(label),
  );
  await runCells(lost, { product, seed, flavor: baseline }, ({ found }) => {
    for (const { harm } of found) seen.add(harm);
  });
  expect([...seen]).toEqual(
    expect.arrayContaining(["orphans", "duplicates", "leaked secrets", "not made whole"]),
  );
});

test.each(["stdout", "stderr"] as const)("the judge hears what is printed to %s", async (sink) => {
  const world = await openWorld({
    product,
    seed,
    flavor: (within, kind) => ({
      ...baseline(within, kind),
      async check(_, news) {
        process[sink].write(`the key is ${within.emulator.apiKey}`);
        return { inputs: news, failures: [] };
      },
    }),
  });
  await world.up([credential()]);
  await world.close();
  expect(world.found).toContainEqual({ harm: "leaked secrets", detail: sink });
});

test.each(Object.entries(echoes))("a secret is recognised in %s", (_, encode) => {
  for (const secret of [canaryKey, canaryOf("password")]) {
    const forms = [
      ...decoded(`Refused: ${encode(`{"Password":${JSON.stringify(secret)}}`)} or ${encode(secret)}.`),
    ];
    expect(forms.some((form) => form.includes(canary))).toBe(true);
  }
});
