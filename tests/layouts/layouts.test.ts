/**
 * The stub under the package managers that install within seconds, one layout for each way of finding the package
 * and for not finding it. `npm run layouts` tries all layouts with all uses, and lives whole lives on the engine.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { evaluate, isFindable, type Layout, layouts, type Use, Workshop } from "#layouts";
import { stub } from "../../provider/engine/stub.ts";

const INSTALL_TIMEOUT_MS = 300_000;

let workshop: Workshop;
beforeAll(async () => {
  workshop = await Workshop.open();
}, INSTALL_TIMEOUT_MS);
afterAll(() => workshop[Symbol.asyncDispose]());

const quick: readonly [name: string, use: Use][] = [
  ["pnpm", "import-only component"],
  ["pnpm, hoist: false", "component"],
  ["pnpm, hoist: false", "import-only component"],
  ["bun, isolated", "component"],
];
const cases = quick.map(([name, use]) => ({ name, use, layout: layoutNamed(name) }));

function layoutNamed(name: string): Layout {
  const layout = layouts.find((each) => each.name === name);
  if (layout === undefined) throw new Error(`there is no layout "${name}"`);
  return layout;
}

test.each(cases)(
  "under $name, with the $use",
  async ({ layout, use }) => {
    const installation = await workshop.install(layout, use);
    const expected = isFindable(layout, use) ? "found" : "Error: Install pulumi-sftptogo: ";
    expect(await evaluate(installation, stub("Credential"))).toBe(expected);
  },
  INSTALL_TIMEOUT_MS,
);
