import { createHash } from "node:crypto";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { arch, platform, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  ENGINE_VERSION,
  type Engine,
  engineEnvironment,
  findEngine,
  goBuild,
  type Installer,
  officialDownload,
} from "#engine";
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

describe("the official archive", () => {
  const archive = `pulumi-v${ENGINE_VERSION}-${platform()}-${arch()}.tar.gz`;
  let asked: string[];
  let server: Server;
  let url: string;
  let checksumsFile: string;
  beforeEach(async () => {
    asked = [];
    await folderWithPulumi("pulumi", "echo v3.250.0");
    const packed = await start("tar", ["-czf", archive, "pulumi"], { cwd: folder, env: process.env }).result;
    expect(packed.code, packed.all).toBe(0);
    const bytes = await readFile(join(folder, archive));
    server = createServer((request, response) => {
      asked.push(request.url ?? "");
      response.end(bytes);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    checksumsFile = join(folder, "checksums.txt");
  });
  afterEach(() => void server.close());

  async function install(sum: string): Promise<readonly string[]> {
    await writeFile(checksumsFile, `${"0".repeat(64)}  another.tar.gz\n${sum}`);
    const target = await mkdtemp(join(folder, "target-"));
    await officialDownload(url, checksumsFile)
      .install(target, report, ENGINE_VERSION)
      .catch(async (error: Error) => {
        expect(await readdir(target)).toEqual([]);
        throw error;
      });
    return readdir(target);
  }

  it("is unpacked when its sum is the one in the repository", async () => {
    const sum = createHash("sha256")
      .update(await readFile(join(folder, archive)))
      .digest("hex");
    expect(await install(`${sum}  ${archive}\n`)).toEqual(["pulumi"]);
  });

  it("is refused, and nothing of it kept, when its sum is another one", async () => {
    await expect(install(`${"1".repeat(64)}  ${archive}\n`)).rejects.toThrow(`wrong checksum of ${archive}`);
    expect(asked).toEqual([`/${archive}`]);
  });

  it("is not asked for when the repository has no sum of it", async () => {
    await expect(install("")).rejects.toThrow(`checksums.txt has no sum of ${archive}`);
    expect(asked).toEqual([]);
  });
});

const hasGo = await start("go", ["version"], { cwd: tmpdir(), env: process.env }).result.then(
  () => true,
  () => false,
);

describe("a build from Go modules", { timeout: 60_000 }, () => {
  it("builds the version that this file names, with sums of all that goes into it", async () => {
    const modules = join(import.meta.dirname, "modules");
    const required = await readFile(join(modules, "pulumi/go.mod"), "utf8");
    expect(required).toContain(`github.com/pulumi/pulumi/pkg/v3 v${ENGINE_VERSION}`);
    const newer = await readFile(join(modules, "pulumi-3.274.1/go.mod"), "utf8");
    expect(newer).toContain("github.com/pulumi/pulumi/pkg/v3 v3.274.1");
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
