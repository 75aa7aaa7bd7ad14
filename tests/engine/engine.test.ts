import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ENGINE_VERSION, type Engine, engineEnvironment, findEngine, type Installer } from "#engine";
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

/** Installs the real engine without a download or a build, and counts. */
function linkInstaller(): Installer & { calls: number } {
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

const noInstaller: Installer = {
  source: "download",
  install: () => Promise.reject(new Error("no network today")),
};

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
    await expect(findEngine({ path, cacheFolder, report, installers: [noInstaller] })).rejects.toThrow(
      "`pulumi version` ended with 3: broken by an upgrade",
    );
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
    const found = await findEngine({ path, cacheFolder, report, installers: [linkInstaller()] });
    expect(found.source).toBe("build");
    expect(lines).toEqual([
      `Passing over ${path}/pulumi from the PATH: \`pulumi up\` ended with 1: no language host`,
    ]);
  });
});

describe("the cache folder", { timeout: 60_000 }, () => {
  it("is filled once, then used", async () => {
    const installer = linkInstaller();
    const options = { path: "", cacheFolder, report, installers: [noInstaller, installer] };
    const first = await findEngine(options);
    expect(first).toMatchObject({ version: real.version, source: "build" });
    expect(first.binDir).toBe(join(cacheFolder, `engine-${ENGINE_VERSION}`));
    expect(lines).toEqual(["No engine by download: no network today"]);
    expect(await findEngine(options)).toEqual({ ...first, source: "cache" });
    expect(installer.calls).toBe(1);
  });

  it("is filled by one of several that come at once, while the others wait", async () => {
    const installer = linkInstaller();
    const options = { path: "", cacheFolder, report, installers: [installer] };
    const found = await Promise.all([findEngine(options), findEngine(options), findEngine(options)]);
    expect(installer.calls).toBe(1);
    expect(found.map((engine) => engine.source).sort()).toEqual(["build", "cache", "cache"]);
    expect(new Set(found.map((engine) => engine.binDir)).size).toBe(1);
  });

  it("never shows an engine that was not tried out", async () => {
    const bad: Installer = {
      source: "download",
      install: async (target) => {
        await writeFile(join(target, "pulumi"), "#!/bin/sh\nexit 9\n", { mode: 0o755 });
      },
    };
    await expect(findEngine({ path: "", cacheFolder, report, installers: [bad] })).rejects.toThrow(
      "No engine by download: `pulumi version` ended with 9: without a word",
    );
    expect(await readdir(cacheFolder)).toEqual([]);
  });

  it("is repaired when its engine is broken, and rid of what killed runs have left", async () => {
    await mkdir(join(cacheFolder, `engine-${ENGINE_VERSION}.new-abc`), { recursive: true });
    await folderWithPulumi(`cache/engine-${ENGINE_VERSION}`, "exit 1");
    const found = await findEngine({ path: "", cacheFolder, report, installers: [linkInstaller()] });
    expect(found.source).toBe("build");
    const names = (await readdir(cacheFolder)).map((name) => name.replace(/^tried-.*/, "tried"));
    expect(names.sort()).toEqual([`engine-${ENGINE_VERSION}`, "tried"]);
  });
});

describe("without any engine", () => {
  it("says every reason and what to do", async () => {
    await expect(findEngine({ path: "", cacheFolder, report, installers: [noInstaller] })).rejects.toThrow(
      /^No working Pulumi engine\.\n {2}- No engine by download: no network today\nInstall Pulumi \(https:/,
    );
  });
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
