/** Where programs stand in their repository: code scanning reads paths from its root, a state has them from its project. */
import { existsSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";

/** A project's folder from the root of the git checkout that it is in, with slashes; empty at the root, and outside of one. */
export function sourceRootOf(folder: string): string {
  for (let root = folder; ; root = dirname(root)) {
    // In a worktree `.git` is a file.
    if (existsSync(join(root, ".git"))) return relative(root, folder).split(sep).join("/");
    if (dirname(root) === root) return "";
  }
}

/** A path of a project, from the root of its repository. */
export function fromRoot(root: string, path: string): string {
  const clean = root.replaceAll("\\", "/").replace(/^(\.?\/)+|\/+$/g, "");
  return clean === "" || clean === "." ? path : `${clean}/${path}`;
}
