/**
 * The stub under the package managers that install within seconds. `npm run layouts` tries all of them, and lives
 * whole lives on the engine.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { evaluate, isFindable, layouts, type Use, Workshop } from "#layouts";
import { stub } from "../../provider/engine/stub.ts";

const INSTALL_TIMEOUT_MS = 300_000;

let workshop: Workshop;
beforeAll(async () => {
  workshop = await Workshop.open();
}, INSTALL_TIMEOUT_MS);
afterAll(() => workshop[Symbol.asyncDispose]());

const quick = layouts.filter(({ name }) => ["pnpm", "pnpm, hoist: false", "bun, isolated"].includes(name));
const cases = quick.flatMap((layout) =>
  (["component", "import-only component"] satisfies Use[]).map((use) => ({ name: layout.name, layout, use })),
);

test.each(cases)(
  "under $name, with the $use",
  async ({ layout, use }) => {
    const installation = await workshop.install(layout, use);
    const expected = isFindable(layout, use) ? "found" : "Error: Install pulumi-sftptogo: ";
    expect(await evaluate(installation, stub("Credential"))).toBe(expected);
  },
  INSTALL_TIMEOUT_MS,
);
