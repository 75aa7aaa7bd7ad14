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
          testTimeout: 120_000,
          hookTimeout: 120_000,
          globalSetup: "tests/engine/globalSetup.ts",
        },
      },
    ],
  },
});
