import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
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
