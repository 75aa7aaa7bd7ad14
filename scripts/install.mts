/** Packs the package and installs it as a user does, in an empty folder outside of the repository. */
import { execFile } from "node:child_process";
import { lstat, mkdtemp, readdir, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const root = join(import.meta.dirname, "..");

/** An empty project. */
export class Project implements AsyncDisposable {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(): Promise<Project> {
    const project = new Project(await realpath(await mkdtemp(join(tmpdir(), "pulumi-sftptogo-project-"))));
    await writeFile(join(project.folder, "package.json"), '{ "private": true }');
    return project;
  }

  /** From the registry, or from npm's cache, or tarballs. Optional peers are left out, as npm does by itself. */
  async install(...packages: readonly string[]): Promise<void> {
    const flags = ["--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts"];
    await run("npm", ["install", ...flags, ...packages], { cwd: this.folder });
  }

  /** What is installed: bytes on the disk, as `du` counts them, and packages, nested ones included. */
  async measure(): Promise<{ readonly bytes: number; readonly packages: number }> {
    const folder = join(this.folder, "node_modules");
    let [bytes, packages] = [0, 0];
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      bytes += (await lstat(join(entry.parentPath, entry.name))).blocks * 512;
      const inPackages = /node_modules(\/@[^/]+)?$/.test(entry.parentPath);
      if (inPackages && entry.isDirectory() && !/^[.@]/.test(entry.name)) packages += 1;
    }
    return { bytes, packages };
  }

  /** What a script prints. */
  async node(script: string): Promise<string> {
    const { stdout } = await run(process.execPath, ["-e", script], { cwd: this.folder });
    return stdout.trim();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }
}

/** The tarball of the package as it is built; while a release is tested, the one that it is going to publish. */
export async function tarballOfPackage(into: string): Promise<string> {
  return process.env.TARBALL ?? (await pack(root, into));
}

/** Packs a folder without the build that goes before each publication: other tests are using its result. */
export async function pack(folder: string, into: string): Promise<string> {
  const args = ["pack", "--ignore-scripts", "--json", "--pack-destination", into];
  const { stdout } = await run("npm", args, { cwd: folder });
  const [{ filename }] = JSON.parse(stdout);
  return join(into, filename);
}
