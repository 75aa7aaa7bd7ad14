/** What holds for each example, whatever it shows. The lives of most are in tests/engine/examples.test.ts. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const folder = join(__dirname, "../../examples");

test.each(readdirSync(folder))("%s says what it shows, and by which command", (name) => {
  const readme = join(folder, name, "README.md");
  const program = join(folder, name, "index.ts");
  const said = existsSync(readme)
    ? readFileSync(readme, "utf8")
    : // The comment at its top.
      (/^(\/\*\*[\s\S]*?\*\/|(\/\/.*\n)+)/.exec(readFileSync(program, "utf8"))?.[0] ?? "");
  expect(said).toMatch(/`[^`]*(node index\.ts|pulumi |npm test)[^`]*`/);
  expect(said.length).toBeGreaterThan(120);
});
