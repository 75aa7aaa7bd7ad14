import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { cells } from "./cells.ts";
import { linesOfGuide } from "./guide.ts";

test("the guide's table has cells that there are, as they ended when they were last tried", async () => {
  const lines = await linesOfGuide();
  expect(lines.length).toBeGreaterThan(40);
  for (const line of lines) {
    const [name = "", , , , , result = ""] = line.map((text) => text.trim());
    const cell = cells.find((each) => each.name === name);
    expect(cell, name).toBeDefined();
    // What cannot work says one sentence, of which the table may have the beginning.
    expect(result === "works", name).toBe(cell?.says === undefined);
  }
});

test("the oldest versions that package.json allows are among what works", () => {
  const { engines, peerDependencies } = JSON.parse(readFileSync("package.json", "utf8"));
  const works = cells.filter(({ says }) => says === undefined);
  expect(works.map(({ node }) => `>=${node}`)).toContain(engines.node);
  expect(works.map(({ sdk }) => `>=${sdk.replace(/\.0$/, "")} <4`)).toContain(
    peerDependencies["@pulumi/pulumi"],
  );
});
