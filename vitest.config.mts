import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** A folder for a report of each run in JSON: `.ci/run` counts the tests from them. */
const reports = process.env.TEST_REPORTS;

/** Only so that nothing hangs for ever: on a machine that has other work, everything takes many times as long. */
const HANG_TIMEOUT_MS = 60_000;

/** The real engine's files first: they take the longest, and the short ones at the end fill both processes. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isUnit = ({ project }: TestSpecification) => Number(project.name === "unit");
    return sorted.toSorted((one, other) => isUnit(one) - isUnit(other));
  }
}

export default defineConfig({
  test: {
    // One a core, for the real engine, too: of its three processes for each command, about one is at work at a time.
    maxWorkers: "100%",
    sequence: { sequencer: LongestFirst },
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
          testTimeout: 5 * HANG_TIMEOUT_MS,
          hookTimeout: 5 * HANG_TIMEOUT_MS,
          globalSetup: "tests/engine/globalSetup.ts",
        },
      },
    ],
  },
});
