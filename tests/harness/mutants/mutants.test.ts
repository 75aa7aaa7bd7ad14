/**
 * A part of `npm run mutants` that fits into the tests: those that an earlier matrix did not see, before the matrix,
 * and a module's own. It runs the compiled package, as the command does.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { mutants } from "./mutants.js";

const run = promisify(execFile);
const command = join(import.meta.dirname, "run.ts");
const minutes = 60_000;

async function runMutants(...args: string[]): Promise<{ code: number; stdout: string }> {
  try {
    // It takes the compiled package; under vitest the stage would take the sources.
    const { VITEST: _, ...env } = process.env;
    const { stdout } = await run(process.execPath, [command, ...args], { env });
    return { code: 0, stdout };
  } catch (error) {
    const { code, stdout } = error as { code: number; stdout: string };
    return { code, stdout };
  }
}

test("the matrix catches what an earlier one did not see, and nothing in the package as it is", {
  timeout: 5 * minutes,
}, async () => {
  const { code, stdout } = await runMutants("--quick");
  expect(stdout).not.toContain("did not catch");
  expect(stdout).toContain("| (the package as it is) | - |");
  expect(code).toBe(0);
});

test("a module's wrappers are tried too, and one that nobody catches fails the command", {
  timeout: 5 * minutes,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), "mutants-"));
  const file = join(folder, "further.mjs");
  await writeFile(
    file,
    `export const mutants = {
      "further: a delete that does nothing": (kind, handlers) => ({ ...handlers, delete: async () => {} }),
      "further: nothing at all": (kind, handlers) => handlers,
    };`,
  );
  try {
    const { code, stdout } = await runMutants("--judge", "lives", "--wrap", file, "--only", "^further");
    expect(stdout).toContain("| further: a delete that does nothing | caught |");
    expect(stdout).toContain("| further: nothing at all | - |");
    expect(stdout).toContain("nobody caught: further: nothing at all");
    expect(code).toBe(1);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("there are at least 25, each with a name of its own", () => {
  const names = mutants.map(({ what }) => what);
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThanOrEqual(25);
  expect(mutants.filter(({ byMatrix }) => byMatrix).length).toBe(9);
});
