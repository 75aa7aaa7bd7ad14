import { join } from "node:path";
import { defineConfig, type TestProjectConfiguration } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** A folder for a report of each run in JSON: `.ci/run` counts the tests from them. */
const reports = process.env.TEST_REPORTS;

/** Only so that nothing hangs for ever: on a machine that has other work, everything takes many times as long. */
const HANG_TIMEOUT_MS = 60_000;

const NEVER = ["**/node_modules/**", "**/.work/**"];

/** The real engine's files first: they take the longest, and the short ones at the end fill both processes. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isQuick = ({ project }: TestSpecification) => Number(!["life", "engine"].includes(project.name));
    return sorted.toSorted((one, other) => isQuick(one) - isQuick(other));
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
      // The first tier, `npm test`: what somebody waits for who has changed a line.
      inProcess("unit", ["tests/**/*.test.ts"], ["tests/{engine,harness,packaging}/**"]),
      onEngine("life", ["tests/engine/life.test.ts"]),
      // The second one, the rest of `npm run test:all`.
      inProcess("judges", ["tests/harness/**/*.test.ts"]),
      inProcess("packaging", ["tests/packaging/**/*.test.ts"]),
      onEngine("engine", ["tests/engine/*.test.ts"], ["tests/engine/life.test.ts"]),
    ],
  },
});

function inProcess(name: string, include: string[], exclude: string[] = []): TestProjectConfiguration {
  return {
    test: {
      name,
      include,
      exclude: [...exclude, ...NEVER],
      testTimeout: HANG_TIMEOUT_MS,
      hookTimeout: HANG_TIMEOUT_MS,
    },
  };
}

/** The engine is found or built once, before any test's time runs. */
function onEngine(name: string, include: string[], exclude: string[] = []): TestProjectConfiguration {
  return {
    test: {
      name,
      include,
      exclude: [...exclude, ...NEVER],
      testTimeout: 5 * HANG_TIMEOUT_MS,
      hookTimeout: 5 * HANG_TIMEOUT_MS,
      globalSetup: "tests/engine/globalSetup.ts",
    },
  };
}
