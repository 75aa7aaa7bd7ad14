import { join } from "node:path";
import { defineConfig } from "vitest/config";

/** A folder for a report of each run in JSON: `.ci/run` counts the tests from them. */
const reports = process.env.TEST_REPORTS;

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
        },
      },
      {
        test: {
          name: "engine",
          include: ["tests/engine/*.test.ts"],
          // One process a core: the engine starts three of its own for each command.
          maxWorkers: 2,
          // Only so that nothing hangs for ever: a machine that has other work takes many times as long.
          testTimeout: 300_000,
          hookTimeout: 300_000,
          globalSetup: "tests/engine/globalSetup.ts",
        },
      },
    ],
  },
});
