/** The import rules of `.dependency-cruiser.cjs`, on a copy of the house with wrong imports and a right one. */
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify, stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

const run = promisify(execFile);
const root = join(__dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "pulumi-sftptogo-imports-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
for (const each of ["provider", "tsconfig.json", "package.json", ".dependency-cruiser.cjs"]) {
  cpSync(join(root, each), join(folder, each), { recursive: true });
}
symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));

const wrong = {
  "a low room imports a higher one": ["values/wrong.ts", 'import "../api/client";'],
  "the protocol knows the client": ["protocol/wrong.ts", 'import "../api/client";'],
  "lifecycle knows a resource": ["lifecycle/doubt/wrong.ts", 'import "../../resources/credential/fields";'],
  "a resource imports another one": ["resources/webhook/wrong.ts", 'import "../credential/fields";'],
  "a policy loads the lifecycle": ["policies/wrong.ts", 'import "../lifecycle/process/session";'],
  "a command runs a resource": ["commands/wrong.ts", 'import "../resources/credential/provider";'],
  "a new folder has no rule": ["inventions/new.ts", 'import "../values/times";'],
} as const;
const right = ["resources/webhook/right.ts", 'import "../shared/ages";'] as const;

/** What dependency-cruiser says of the copy with all of these files: a line for each import that it refuses. */
let said: readonly string[];
beforeAll(async () => {
  for (const [file, text] of [...Object.values(wrong), right]) {
    const path = join(folder, "provider", file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  const command = run(join(root, "node_modules/.bin/depcruise"), ["provider", "--output-type", "err"], {
    cwd: folder,
  });
  const { stdout } = await command.catch((error: { stdout: string }) => error);
  said = stripVTControlCharacters(stdout)
    .split("\n")
    .filter((line) => line.includes(" → "));
});

test.each(Object.entries(wrong))("fail where %s", (_, [file]) => {
  expect(said.filter((line) => line.includes(`provider/${file} → `))).toHaveLength(1);
});

test("allow everything else", () => {
  expect(said).toHaveLength(Object.keys(wrong).length);
});
