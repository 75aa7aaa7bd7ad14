/** The package as it was at an earlier commit, so that a run tells what has become of its time since. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { WORK_FOLDER } from "../engine/engine.ts";

const run = promisify(execFile);
const root = join(import.meta.dirname, "../..");

/** The last commit whose constructors had the traces of the SDK's promises. */
const COMMIT = "c89831a";
/** Inside the checkout, from where it finds the same `node_modules`. */
const folder = join(WORK_FOLDER, `before-${COMMIT}`);

/** Builds the package once. Without a result if this clone does not have the commit. */
export async function buildBefore(): Promise<string | undefined> {
  if (existsSync(folder)) return folder;
  const commit = ["rev-parse", "--quiet", "--verify", `${COMMIT}^{commit}`];
  if (!(await run("git", commit, { cwd: root }).catch(() => undefined))) return undefined;
  await mkdir(WORK_FOLDER, { recursive: true });
  const draft = await mkdtemp(join(WORK_FOLDER, "before-"));
  try {
    const archive = join(draft, "source.tar");
    const sources = ["package.json", "tsconfig.json", "provider"];
    await run("git", ["archive", "--output", archive, COMMIT, ...sources], { cwd: root });
    await run("tar", ["-xf", archive, "-C", draft]);
    await rm(archive);
    await run(join(root, "node_modules/.bin/tsc"), ["-p", "provider"], { cwd: draft });
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
  return folder;
}

/** Makes it the package that a stack's program and its provider process find. */
export async function useBefore(stackFolder: string): Promise<void> {
  await mkdir(join(stackFolder, "node_modules"));
  await symlink(folder, join(stackFolder, "node_modules/pulumi-sftptogo"), "dir");
}
