/** The changelog's one way: what is in `.changeset/` becomes the next version, as the release workflow does it. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

const root = join(__dirname, "..");

test("status and version work, take every changeset and forget no text", () => {
  const folder = mkdtempSync(join(tmpdir(), "changesets-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const name of [".changeset", "package.json", "CHANGELOG.md"]) {
    cpSync(join(root, name), join(folder, name), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  const run = (command: string, ...args: string[]) =>
    execFileSync(command, args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  const changeset = (...args: string[]) => run(join(root, "node_modules/.bin/changeset"), ...args);
  const files = readdirSync(join(folder, ".changeset")).filter((name) => /^(?!README).*\.md$/.test(name));
  // One that says that nobody notices has none.
  const sentences = files.flatMap((name) => {
    const [, text] = readFileSync(join(folder, ".changeset", name), "utf8").split("---\n\n");
    return text?.split("\n")[0] ?? [];
  });
  run("git", "init", "--quiet", "--initial-branch=main");
  run("git", "add", "package.json", "CHANGELOG.md", ".changeset");
  run(
    "git",
    "-c",
    "user.name=test",
    "-c",
    "user.email=test@example.com",
    "commit",
    "--quiet",
    "--message=all",
  );

  changeset("status");
  changeset("version");
  const changelog = readFileSync(join(folder, "CHANGELOG.md"), "utf8");
  for (const sentence of sentences) expect(changelog).toContain(sentence);
  expect(readdirSync(join(folder, ".changeset")).sort()).toEqual(["README.md", "config.json"]);
});
