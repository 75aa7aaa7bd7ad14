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
