/** The package as npm would publish it: packed, unpacked where nothing else is, and used from there. */
import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Project, tarballOfPackage } from "../../scripts/install.mts";

const root = join(__dirname, "../..");
if (!existsSync(join(root, "dist/index.js"))) throw new Error('run "npm run build" before the tests');

interface Manifest {
  readonly version: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

const run = promisify(execFile);
const bin = (name: string) => join(root, "node_modules/.bin", name);

/** A user's project. Its `node_modules` holds the unpacked package and what that declares, nothing more. */
let project: string;
let tarball: string;
let installed: string;
let manifest: Manifest;

beforeAll(async () => {
  project = await realpath(await mkdtemp(join(tmpdir(), "pulumi-sftptogo-package-")));
  tarball = await tarballOfPackage(project);
  installed = join(project, "node_modules/pulumi-sftptogo");
  await mkdir(installed, { recursive: true });
  await run("tar", ["-xzf", tarball, "--strip-components=1", "-C", installed]);
  manifest = JSON.parse(await readFile(join(installed, "package.json"), "utf8"));
  for (const dependency of Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })) {
    const link = join(project, "node_modules", dependency);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(root, "node_modules", dependency), link);
  }
});

afterAll(() => rm(project, { recursive: true, force: true }));

test("holds the compiled code, its documents, and nothing else", async () => {
  expect((await readdir(installed)).sort()).toEqual([
    "CHANGELOG.md",
    "LICENSE",
    "README.md",
    "dist",
    "package.json",
  ]);
  const files = await readdir(join(installed, "dist"), { recursive: true, withFileTypes: true });
  const others = files.filter((file) => file.isFile() && !/\.(js|d\.ts)$/.test(file.name));
  expect(others.map((file) => file.name)).toEqual([]);
});

test("holds no file that no entry reaches, and all that they reach", async () => {
  const dist = join(installed, "dist");
  const reached = new Set<string>();
  function reach(file: string): void {
    if (reached.has(file)) return;
    reached.add(file);
    const extension = file.endsWith(".d.ts") ? ".d.ts" : ".js";
    const text = readFileSync(file, "utf8");
    for (const [, path = ""] of text.matchAll(/(?:require\(|from |import\()"(\.[^"]*)"/g)) {
      const target = resolve(dirname(file), path.replace(/\.js$/, ""));
      if (path.endsWith("package.json")) continue;
      reach([`${target}${extension}`, join(target, `index${extension}`)].find(existsSync) ?? target);
    }
  }
  for (const entry of [manifest.bin, ...Object.values(manifest.exports)]) {
    if (typeof entry === "object")
      for (const path of Object.values(entry ?? {})) reach(join(installed, path));
  }
  const files = await readdir(dist, { recursive: true, withFileTypes: true });
  const packed = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
  expect(packed.sort()).toEqual([...reached].sort());
});

test("says whose it is, and nothing of this repository's workings", () => {
  const address = "https://github.com/sftptogo-community/pulumi-sftptogo";
  expect(manifest).toMatchObject({
    author: expect.any(String),
    homepage: `${address}#readme`,
    repository: { type: "git", url: `git+${address}.git` },
    bugs: { url: `${address}/issues` },
    license: "Apache-2.0",
  });
  expect(manifest).not.toHaveProperty("workspaces");
});

test("installs in less than 20 MB without the SDK, and there /webhooks and /emulator do their work", async () => {
  await using alone = await Project.create();
  await alone.install(tarball);
  const { bytes } = await alone.measure();
  expect(bytes).toBeLessThan(20_000_000);
  expect(existsSync(join(alone.folder, "node_modules/@pulumi"))).toBe(false);
  const printed = await alone.node(`
    const { createHmac } = require("node:crypto");
    const { isSigned, parseWebhook } = require("pulumi-sftptogo/webhooks");
    const { startEmulator } = require("pulumi-sftptogo/emulator");
    const body = JSON.stringify({ Id: "1", Topic: "webhook.ping" });
    const signature = "sha256=" + createHmac("sha256", "s").update(body).digest("hex");
    console.log(isSigned({ secret: "s", body, signature }), typeof parseWebhook);
    startEmulator().then(async (emulator) => {
      const headers = { authorization: "Bearer " + emulator.apiKey };
      const answer = await fetch(emulator.url + "/organizations/" + emulator.organizationId + "/users", { headers });
      console.log(answer.status);
      await emulator.close();
    });`);
  expect(printed).toBe("true function\n200");
}, 180_000);

describe("the examples", async () => {
  const examples = (await readdir(join(root, "examples"))).filter((name) =>
    existsSync(join(root, "examples", name, "package.json")),
  );
  test.each(examples)("%s finds what it depends on, and this checkout", async (name) => {
    const folder = join(root, "examples", name);
    const { dependencies, devDependencies } = JSON.parse(
      await readFile(join(folder, "package.json"), "utf8"),
    );
    const [least] = manifest.peerDependencies["@pulumi/pulumi"]?.slice(">=".length).split(" ") ?? [];
    expect(dependencies["@pulumi/pulumi"] ?? `^${least}.0`).toBe(`^${least}.0`);
    const { resolve } = createRequire(join(folder, "index.js"));
    for (const each of Object.keys({ ...dependencies, ...devDependencies })) resolve(`${each}/package.json`);
    expect(resolve("pulumi-sftptogo")).toBe(join(root, "dist/index.js"));
  });
});

test("has nothing for publint to say", async () => {
  const { stdout } = await run(bin("publint"), ["run", tarball, "--strict"]);
  expect(stdout).toContain("All good!");
});

test("has the right types under each way of resolving, says attw", async () => {
  const { stdout } = await run(bin("attw"), [tarball, "--no-definitely-typed", "--no-emoji", "--no-color"]);
  expect(stdout).toContain("No problems found");
});

describe("a program without a compiler", () => {
  test("requires it as CommonJS", async () => {
    const printed = await runProgram(
      "program.cjs",
      `const sftptogo = require("pulumi-sftptogo");
       const { get } = require("pulumi-sftptogo/provider");
       const { startEmulator } = require("pulumi-sftptogo/emulator");
       const { isSigned } = require("pulumi-sftptogo/webhooks");
       const { policies } = require("pulumi-sftptogo/policies");
       const { version } = require("pulumi-sftptogo/package.json");
       const all = [sftptogo.Credential, get, startEmulator, isSigned, policies];
       console.log(...all.map((each) => typeof each), version);`,
    );
    expect(printed).toBe(`function function function function function ${manifest.version}`);
  });

  test("imports it as an ES module, by name", async () => {
    const printed = await runProgram(
      "program.mjs",
      `import { Credential, getCredentialOutput } from "pulumi-sftptogo";
       import { get } from "pulumi-sftptogo/provider";
       import { startEmulator } from "pulumi-sftptogo/emulator";
       import { isSigned } from "pulumi-sftptogo/webhooks";
       import { policies } from "pulumi-sftptogo/policies";
       const all = [Credential, getCredentialOutput, get, startEmulator, isSigned, policies];
       for (const each of all) console.log(each.name);`,
    );
    expect(printed.split("\n")).toEqual([
      "Credential",
      "getCredentialOutput",
      "get",
      "startEmulator",
      "isSigned",
      "policies",
    ]);
  });

  test("finds every name of the CommonJS side on the ES side", async () => {
    const printed = await runProgram(
      "names.mjs",
      `import { createRequire } from "node:module";
       const require = createRequire(import.meta.url);
       for (const path of ["", "/provider", "/emulator", "/webhooks", "/policies"]) {
         const names = Object.keys(require("pulumi-sftptogo" + path));
         const found = await import("pulumi-sftptogo" + path);
         const missing = names.filter((name) => !(name in found));
         console.log(names.length > 0, missing.join(" "));
       }`,
    );
    expect(printed.split("\n").map((line) => line.trim())).toEqual(Array(5).fill("true"));
  });

  test("cannot reach its insides", async () => {
    const printed = await runProgram(
      "insides.cjs",
      `try { require("pulumi-sftptogo/dist/api/client.js"); } catch (error) { console.log(error.code); }`,
    );
    expect(printed).toBe("ERR_PACKAGE_PATH_NOT_EXPORTED");
  });
});

describe("a TypeScript program", () => {
  const program = `
import * as pulumi from "@pulumi/pulumi";
import * as sftptogo from "pulumi-sftptogo";
import { startEmulator, type Emulator } from "pulumi-sftptogo/emulator";
import { isSigned, parseWebhook } from "pulumi-sftptogo/webhooks";

const acme = new sftptogo.Credential("acme", { permission: "read-write", inboundRules: [{ source: "10.0.0.0/8" }] });
const rotation = new sftptogo.PasswordRotation("acme", { credentialId: acme.id, triggers: { month: 1 } });
export const password: pulumi.Output<string | null> = rotation.password;
export const host: pulumi.Output<string> = acme.host;
export const state: pulumi.Output<string> = sftptogo.getCredentialOutput({ id: acme.id }).state;
export const emulator: Promise<Emulator> = startEmulator({ port: 0 });
export const signed: boolean = isSigned({ secret: "s", body: "b", signature: undefined });
const event = parseWebhook("{}", new Headers(), "s");
export const told: string = event.topic === "unknown" ? event.unknownTopic : event.topic === "webhook.ping" ? "" : event.path;
// @ts-expect-error a ping has no path
export const path: string = event.path;
const config = new pulumi.Config();
new sftptogo.Credential("maybe", { alias: config.get("alias"), password: config.getSecret("password") });
new sftptogo.Provider("eu", { apiKey: config.requireSecret("key"), organizationId: "eu", baseUrl: config.get("baseUrl") });
void sftptogo.getCredentials({ provider: undefined, includeSecrets: undefined });
// @ts-expect-error a misspelt argument
new sftptogo.Credential("typo", { permision: "read-write" });
// @ts-expect-error what has to be there is missing
new sftptogo.SshPublicKey("nothing", { credentialId: acme.id });
`;
  const ways = [
    { name: "nodenext, as CommonJS", file: "commonjs.cts", given: { module: "nodenext" } },
    { name: "nodenext, as an ES module", file: "module.mts", given: { module: "nodenext" } },
    { name: "node16", file: "node16.ts", given: { module: "node16", moduleResolution: "node16" } },
    {
      name: "the old way of `pulumi new typescript`",
      file: "node10.ts",
      given: { module: "commonjs", moduleResolution: "node10", ignoreDeprecations: "6.0" },
    },
    { name: "a bundler", file: "bundler.ts", given: { module: "esnext", moduleResolution: "bundler" } },
  ];

  test.each(ways)("compiles under $name", async ({ file, given }) => {
    await writeFile(join(project, file), program);
    const { options, errors } = ts.convertCompilerOptionsFromJson(
      { ...given, strict: true, exactOptionalPropertyTypes: true, target: "es2022", noEmit: true },
      project,
    );
    const types = { types: ["node"], typeRoots: [join(root, "node_modules/@types")] };
    const compiled = ts.createProgram([join(project, file)], { ...options, ...types });
    // Its own files are checked as well: one that needs a package which is not declared would not compile.
    const own = compiled.getSourceFiles().filter(({ fileName }) => fileName.startsWith(`${project}/`));
    expect(own.length).toBeGreaterThan(10);
    const diagnostics = [
      ...errors,
      ...compiled.getOptionsDiagnostics(),
      ...compiled.getGlobalDiagnostics(),
      ...own.flatMap((each) => [
        ...compiled.getSyntacticDiagnostics(each),
        ...compiled.getSemanticDiagnostics(each),
      ]),
    ];
    const messages = diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
    expect(messages).toEqual([]);
  });
});

test("brings its command", async () => {
  const file = join(installed, manifest.bin["pulumi-sftptogo"] ?? "no such command");
  const help = await run(process.execPath, [file, "--help"]);
  expect(help.stdout).toMatch(/^Usage: pulumi-sftptogo .*\n(.|\n)*emulator/);
  expect(await readFile(file, "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
});

/** Runs a program in the user's project and returns what it printed. */
async function runProgram(file: string, text: string): Promise<string> {
  await writeFile(join(project, file), text);
  const { stdout } = await run(process.execPath, [file], { cwd: project });
  return stdout.trim();
}
