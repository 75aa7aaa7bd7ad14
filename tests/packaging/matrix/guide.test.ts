import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { cells } from "./cells.ts";
import { linesOfGuide } from "./guide.ts";

test("the guide's table has every cell, as it ended when it was last tried", async () => {
  const lines = await linesOfGuide();
  expect(lines.map(([name]) => name)).toEqual(cells.map(({ name }) => name));
  for (const [index, line] of lines.entries()) {
    const [, , , , , result = ""] = line;
    expect(result.replaceAll("&lt;", "<"), line[0]).toMatch(cells[index]?.says ?? /^works$/);
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
