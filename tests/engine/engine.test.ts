import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ENGINE_VERSION, type Engine, engineEnvironment, findEngine, goBuild, type Installer } from "#engine";
import { start } from "#process";

// Looks into the cache folder of the machine first, and may build an engine when there is none.
let real: Engine;
beforeAll(async () => {
  real = await findEngine();
}, 1_800_000);

let folder: string;
let cacheFolder: string;
let lines: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "engine-test-"));
  cacheFolder = join(folder, "cache");
  lines = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const report = (line: string) => void lines.push(line);

/** A folder with a `pulumi` that is a shell script. */
async function folderWithPulumi(name: string, script: string): Promise<string> {
  const binDir = join(folder, name);
  await mkdir(binDir, { recursive: true });
  await writeFile(join(binDir, "pulumi"), `#!/bin/sh\n${script}\n`);
  await chmod(join(binDir, "pulumi"), 0o755);
  return binDir;
}

/** Puts the real engine into the folder in place of a build, and counts. */
function linkedBuild(): Installer & { calls: number } {
  return {
    source: "build",
    calls: 0,
    async install(target) {
      this.calls += 1;
      for (const name of await readdir(real.binDir)) {
        if (name.startsWith("pulumi")) await symlink(join(real.binDir, name), join(target, name));
      }
    },
  };
}

const noBuild: Installer = { source: "build", install: () => Promise.reject(new Error("no Go here")) };
const installOfficially = () => Promise.reject(new Error("no network today"));

describe("an engine on the PATH", { timeout: 60_000 }, () => {
  it("is taken when a program with a dynamic resource runs on it", async () => {
    const found = await findEngine({ path: real.binDir, cacheFolder, report });
    expect(found).toEqual({ ...real, source: "path" });
    expect(lines).toEqual([]);
  });

  it("is tried out once and then believed", async () => {
    const log = join(folder, "calls.log");
    const path = await folderWithPulumi("bin", `echo "$1" >> ${log}; exec ${real.pulumi} "$@"`);
    await findEngine({ path, cacheFolder, report });
    expect(await readFile(log, "utf8")).toBe("version\nstack\nup\n");
    const again = await findEngine({ path, cacheFolder, report });
    expect(again).toEqual({
      binDir: path,
      pulumi: join(path, "pulumi"),
      version: real.version,
      source: "path",
    });
    expect(await readFile(log, "utf8")).toBe("version\nstack\nup\n");
  });

  it("is tried out again when it was replaced", async () => {
    const path = await folderWithPulumi("bin", `exec ${real.pulumi} "$@"`);
    await findEngine({ path, cacheFolder, report });
    await folderWithPulumi("bin", "echo broken by an upgrade >&2; exit 3");
    await expect(
      findEngine({ path, cacheFolder, report, installOfficially, build: noBuild }),
    ).rejects.toThrow("`pulumi version` ended with 3: broken by an upgrade");
  });

  it("is passed over with a reason when it does not run", async () => {
    const broken = await folderWithPulumi("broken", "echo cannot find my libraries >&2; exit 127");
    const found = await findEngine({ path: `${broken}:${real.binDir}`, cacheFolder, report });
    expect(found.source).toBe("path");
    expect(found.binDir).toBe(real.binDir);
    expect(lines).toEqual([
      `Passing over ${broken}/pulumi from the PATH: ` +
        "`pulumi version` ended with 127: cannot find my libraries",
    ]);
  });

  it("is passed over when it has a version but cannot run a program", async () => {
    const script = 'case "$1" in version) echo v3.999.0;; stack) ;; *) echo no language host; exit 1;; esac';
    const path = await folderWithPulumi("half", script);
    const found = await findEngine({ path, cacheFolder, report, installOfficially, build: linkedBuild() });
    expect(found.source).toBe("build");
    expect(lines).toEqual([
      `Passing over ${path}/pulumi from the PATH: \`pulumi up\` ended with 1: no language host`,
      "No official engine: no network today",
    ]);
  });
});

describe("the cache folder", { timeout: 60_000 }, () => {
  it("is filled once, then used", async () => {
    const build = linkedBuild();
    const options = { path: "", cacheFolder, report, installOfficially, build };
    const first = await findEngine(options);
    expect(first).toMatchObject({ version: real.version, source: "build" });
    expect(first.binDir).toBe(join(cacheFolder, `engine-${ENGINE_VERSION}`));
    expect(lines).toEqual(["No official engine: no network today"]);
    expect(await findEngine(options)).toEqual({ ...first, source: "cache" });
    expect(build.calls).toBe(1);
  });

  it("is filled by one of several that come at once, while the others wait", async () => {
    const build = linkedBuild();
    const options = { path: "", cacheFolder, report, installOfficially, build };
    const found = await Promise.all([findEngine(options), findEngine(options), findEngine(options)]);
    expect(build.calls).toBe(1);
    expect(found.map((engine) => engine.source).sort()).toEqual(["build", "cache", "cache"]);
    expect(new Set(found.map((engine) => engine.binDir)).size).toBe(1);
  });

  it("never shows an engine that was not tried out", async () => {
    const bad: Installer = {
      source: "build",
      install: async (target) => {
        await writeFile(join(target, "pulumi"), "#!/bin/sh\nexit 9\n", { mode: 0o755 });
      },
    };
    await expect(
      findEngine({ path: "", cacheFolder, report, installOfficially, build: bad }),
    ).rejects.toThrow("No engine by build: `pulumi version` ended with 9: without a word");
    expect(await readdir(cacheFolder)).toEqual([]);
  });

  it("is repaired when its engine is broken, and rid of what killed runs have left", async () => {
    await mkdir(join(cacheFolder, `engine-${ENGINE_VERSION}.new-abc`), { recursive: true });
    await folderWithPulumi(`cache/engine-${ENGINE_VERSION}`, "exit 1");
    const found = await findEngine({
      path: "",
      cacheFolder,
      report,
      installOfficially,
      build: linkedBuild(),
    });
    expect(found.source).toBe("build");
    const names = (await readdir(cacheFolder)).map((name) => name.replace(/^tried-.*/, "tried"));
    expect(names.sort()).toEqual([`engine-${ENGINE_VERSION}`, "tried"]);
  });
});

describe("without any engine", () => {
  it("says every reason and what to do", async () => {
    await expect(
      findEngine({ path: "", cacheFolder, report, installOfficially, build: noBuild }),
    ).rejects.toThrow(
      /^No working Pulumi engine\.\n {2}- No official engine: no network today\n {2}- No engine by build: no Go here\nInstall Pulumi \(https:/,
    );
  });
});

describe("the official installation", { timeout: 60_000 }, () => {
  it("is asked for the pinned version, tried out, and used where it is", async () => {
    const asked: string[] = [];
    const found = await findEngine({
      path: "",
      cacheFolder,
      report,
      installOfficially: async (version) => {
        asked.push(version);
        return real.binDir;
      },
      build: noBuild,
    });
    expect(found).toEqual({ ...real, source: "installed" });
    expect(asked).toEqual([ENGINE_VERSION]);
    expect(lines).toEqual([]);
  });

  it("by the SDK's own installer uses what is in ~/.pulumi/versions, where npm's launcher puts it too", async () => {
    const home = await mkdtemp(join(folder, "home-"));
    const bin = join(home, ".pulumi/versions", ENGINE_VERSION, "bin");
    await mkdir(bin, { recursive: true });
    for (const name of await readdir(real.binDir)) {
      if (name.startsWith("pulumi")) await symlink(join(real.binDir, name), join(bin, name));
    }
    const script = join(import.meta.dirname, "engine.ts");
    const env = { ...withoutPulumi(), HOME: home, PULUMI_SFTPTOGO_ENGINE_CACHE: cacheFolder };
    const result = await start("node", [script, ENGINE_VERSION], { cwd: folder, env }).result;
    expect(result.stdout, result.all).toBe(`${bin}\n`);
    expect(result.stderr).toContain("(installed)");
  });
});

/** This process's environment with a PATH that has no `pulumi`. */
function withoutPulumi(): NodeJS.ProcessEnv {
  const path = (process.env.PATH ?? "").split(":").filter((each) => !existsSync(join(each, "pulumi")));
  return { ...process.env, PATH: path.join(":") };
}

const hasGo = await start("go", ["version"], { cwd: tmpdir(), env: process.env }).result.then(
  () => true,
  () => false,
);

describe("a build from Go modules", { timeout: 60_000 }, () => {
  it("builds the version that this file names, with sums of all that goes into it", async () => {
    const modules = join(import.meta.dirname, "modules");
    const required = await readFile(join(modules, "pulumi/go.mod"), "utf8");
    expect(required).toContain(`github.com/pulumi/pulumi/pkg/v3 v${ENGINE_VERSION}`);
    const oldest = await readFile(join(modules, "pulumi-3.250.0/go.mod"), "utf8");
    expect(oldest).toContain("github.com/pulumi/pulumi/pkg/v3 v3.250.0");
    for (const name of await readdir(modules)) {
      const lines = (await readFile(join(modules, name, "go.mod"), "utf8")).split("\n");
      const sums = await readFile(join(modules, name, "go.sum"), "utf8");
      const versions = lines
        .filter((line) => line.startsWith("\t"))
        .map((line) => line.trim().split(" // ")[0]);
      expect(versions.length).toBeGreaterThan(50);
      expect(
        versions.filter((each) => !sums.includes(`${each} h1:`) && !sums.includes(`${each}/go.mod h1:`)),
      ).toEqual([]);
    }
  });

  it.skipIf(!hasGo)("is refused when a module's sum is not the one in the repository", async () => {
    const sum = "h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    const otherSum = sum.replace("AAA=", "AAE=");
    await fakeModule(sum);
    const modules = join(folder, "modules");
    await mkdir(join(modules, "command"), { recursive: true });
    await writeFile(
      join(modules, "command/go.mod"),
      "module engine\n\ngo 1.21\n\nrequire example.com/engine v1.0.0\n",
    );
    process.env.GOMODCACHE = join(folder, "go");
    process.env.GOPROXY = "off";
    try {
      const build = async (recorded: string) => {
        const modSum = "h1:TLqmfCxGH32W7pkMRYjNnTpcjTbInYIxNivpIHaFLp0=";
        await writeFile(
          join(modules, "command/go.sum"),
          `example.com/engine v1.0.0 ${recorded}\nexample.com/engine v1.0.0/go.mod ${modSum}\n`,
        );
        await goBuild(folder, "example.com/engine/command", "-s", "command", modules);
      };
      await expect(build(otherSum)).rejects.toThrow(
        "`go build` ended with 1: verifying example.com/engine@v1.0.0: checksum mismatch",
      );
      expect(await readdir(folder)).not.toContain("command");
      await build(sum);
      expect(await readdir(folder)).toContain("command");
    } finally {
      delete process.env.GOMODCACHE;
      delete process.env.GOPROXY;
    }
  });

  /** A module with a command, in a module cache, as Go leaves it there after a download. */
  async function fakeModule(sum: string): Promise<void> {
    const source = join(folder, "go/example.com/engine@v1.0.0/command");
    const downloads = join(folder, "go/cache/download/example.com/engine/@v");
    await mkdir(source, { recursive: true });
    await mkdir(downloads, { recursive: true });
    await writeFile(join(source, "main.go"), "package main\n\nfunc main() {}\n");
    await writeFile(join(source, "../go.mod"), "module example.com/engine\n");
    await writeFile(join(downloads, "v1.0.0.mod"), "module example.com/engine\n");
    await writeFile(join(downloads, "v1.0.0.info"), '{"Version":"v1.0.0"}');
    await writeFile(join(downloads, "v1.0.0.zip"), "");
    await writeFile(join(downloads, "v1.0.0.ziphash"), sum);
  }
});

describe("the command", { timeout: 60_000 }, () => {
  it("runs without a build and prints the folder alone on stdout", async () => {
    const script = join(import.meta.dirname, "engine.ts");
    const result = await start("node", [script], { cwd: folder, env: process.env }).result;
    expect(result.stdout).toBe(`${real.binDir}\n`);
    expect(result.stderr).toContain(`Pulumi ${real.version}`);
    expect(result.code).toBe(0);
  });
});

it("gives the engine no variables of the developer's own", () => {
  process.env.SFTPTOGO_API_KEY = "a developer's own key";
  try {
    const environment = engineEnvironment(real.binDir, folder);
    expect(Object.keys(environment).filter((name) => name.startsWith("SFTPTOGO"))).toEqual([]);
    expect(JSON.stringify(environment)).not.toContain("a developer's own key");
  } finally {
    delete process.env.SFTPTOGO_API_KEY;
  }
});
