/** The import rules of `.dependency-cruiser.cjs`, on a copy of the house with one wrong line each. */
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";

const run = promisify(execFile);
const root = join(__dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "pulumi-sftptogo-imports-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
for (const each of ["provider", "tsconfig.json", "package.json", ".dependency-cruiser.cjs"]) {
  cpSync(join(root, each), join(folder, each), { recursive: true });
}
symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));

/** What dependency-cruiser says of the copy with one more file; empty where all is well. */
async function violations(file: string, text: string): Promise<string> {
  const path = join(folder, "provider", file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  try {
    await run(join(root, "node_modules/.bin/depcruise"), ["provider", "--output-type", "err"], {
      cwd: folder,
    });
    return "";
  } catch (error) {
    return (error as { stdout: string }).stdout;
  } finally {
    rmSync(path);
  }
}

test.each([
  ["a low room imports a higher one", "values/wrong.ts", 'import "../api/client";'],
  ["the protocol knows the client", "protocol/wrong.ts", 'import "../api/client";'],
  ["lifecycle knows a resource", "lifecycle/doubt/wrong.ts", 'import "../../resources/credential/fields";'],
  ["a resource imports another one", "resources/webhook/wrong.ts", 'import "../credential/fields";'],
  ["a policy loads the lifecycle", "policies/wrong.ts", 'import "../lifecycle/process/session";'],
  ["a command runs a resource", "commands/wrong.ts", 'import "../resources/credential/provider";'],
  ["a new folder has no rule", "inventions/new.ts", 'import "../values/times";'],
])("fail where %s", async (_, file, text) => {
  expect(await violations(file, text)).toContain(`provider/${file}`);
});

test("allow what is allowed", async () => {
  expect(await violations("resources/webhook/right.ts", 'import "../shared/ages";')).toBe("");
});
