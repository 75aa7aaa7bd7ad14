import { join } from "node:path";
import { defineConfig } from "vitest/config";

/** A folder for a report of each run in JSON: `.ci/run` counts the tests from them. */
const reports = process.env.TEST_REPORTS;

/** Only so that nothing hangs for ever: on a machine that has other work, everything takes many times as long. */
const HANG_TIMEOUT_MS = 60_000;

export default defineConfig({
  test: {
    reporters: reports
      ? ["default", ["json", { outputFile: join(reports, `${process.pid}.json`) }]]
      : ["default"],
    projects: [
      {
        test: {
          name: "unit",
          include: ["tests/**/*.test.ts"],
          exclude: ["tests/engine/**", "**/node_modules/**", "**/.work/**"],
          testTimeout: HANG_TIMEOUT_MS,
          hookTimeout: HANG_TIMEOUT_MS,
        },
      },
      {
        test: {
          name: "engine",
          include: ["tests/engine/*.test.ts"],
          // One process a core: the engine starts three of its own for each command.
          maxWorkers: 2,
          testTimeout: 5 * HANG_TIMEOUT_MS,
          hookTimeout: 5 * HANG_TIMEOUT_MS,
          globalSetup: "tests/engine/globalSetup.ts",
        },
      },
    ],
  },
});
