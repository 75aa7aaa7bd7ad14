/** B5 where a finding is shown in a repository with programs in folders of their own. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fromRoot, sourceRootOf } from "../../../provider/commands/audit/sourceRoot";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "root-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("the program's folder in its repository", () => {
  test("is its path from the git checkout's root", () => {
    mkdirSync(join(folder, ".git"));
    mkdirSync(join(folder, "infra/partners"), { recursive: true });
    expect(sourceRootOf(join(folder, "infra/partners"))).toBe("infra/partners");
    expect(sourceRootOf(folder)).toBe("");
  });

  test("is that of a worktree, whose .git is a file", () => {
    writeFileSync(join(folder, ".git"), "gitdir: /elsewhere");
    mkdirSync(join(folder, "infra"));
    expect(sourceRootOf(join(folder, "infra"))).toBe("infra");
  });

  test("is nothing outside of a checkout", () => {
    expect(sourceRootOf(folder)).toBe("");
  });
});

test.each([
  ["", "index.ts#3,1"],
  [".", "index.ts#3,1"],
  ["infra", "infra/index.ts#3,1"],
  ["./infra/", "infra/index.ts#3,1"],
  ["infra\\partners", "infra/partners/index.ts#3,1"],
])("from %j a line is %s", (root, place) => {
  expect(fromRoot(root, "index.ts#3,1")).toBe(place);
});
