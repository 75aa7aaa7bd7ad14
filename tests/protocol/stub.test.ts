import { execFile } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Kind, kinds } from "../../provider/protocol/kinds";
import { lookUp } from "../../provider/protocol/lookup";
import { stub } from "../../provider/protocol/stub";

/** Every state file ever written holds one of these: a change of one byte shows as a change of each resource. */
const texts: Readonly<Record<Kind, string>> = {
  Credential:
    'let r=require,q=r.resolve,n="pulumi-sftptogo",p=n+"/provider",f,d;try{f=q(p)}catch(e){for(d in r("./package").dependencies)try{f=q(p,{paths:[q(d)]})}catch{}if(!f)throw e.message="Install "+n,e.stack="",e}this.handler=_=>r(f).get("Credential")',
  SshPublicKey:
    'let r=require,q=r.resolve,n="pulumi-sftptogo",p=n+"/provider",f,d;try{f=q(p)}catch(e){for(d in r("./package").dependencies)try{f=q(p,{paths:[q(d)]})}catch{}if(!f)throw e.message="Install "+n,e.stack="",e}this.handler=_=>r(f).get("SshPublicKey")',
  Webhook:
    'let r=require,q=r.resolve,n="pulumi-sftptogo",p=n+"/provider",f,d;try{f=q(p)}catch(e){for(d in r("./package").dependencies)try{f=q(p,{paths:[q(d)]})}catch{}if(!f)throw e.message="Install "+n,e.stack="",e}this.handler=_=>r(f).get("Webhook")',
  ShareLink:
    'let r=require,q=r.resolve,n="pulumi-sftptogo",p=n+"/provider",f,d;try{f=q(p)}catch(e){for(d in r("./package").dependencies)try{f=q(p,{paths:[q(d)]})}catch{}if(!f)throw e.message="Install "+n,e.stack="",e}this.handler=_=>r(f).get("ShareLink")',
  PasswordRotation:
    'let r=require,q=r.resolve,n="pulumi-sftptogo",p=n+"/provider",f,d;try{f=q(p)}catch(e){for(d in r("./package").dependencies)try{f=q(p,{paths:[q(d)]})}catch{}if(!f)throw e.message="Install "+n,e.stack="",e}this.handler=_=>r(f).get("PasswordRotation")',
  CredentialRotation:
    'let r=require,q=r.resolve,n="pulumi-sftptogo",p=n+"/provider",f,d;try{f=q(p)}catch(e){for(d in r("./package").dependencies)try{f=q(p,{paths:[q(d)]})}catch{}if(!f)throw e.message="Install "+n,e.stack="",e}this.handler=_=>r(f).get("CredentialRotation")',
  SshPublicKeySet:
    'let r=require,q=r.resolve,n="pulumi-sftptogo",p=n+"/provider",f,d;try{f=q(p)}catch(e){for(d in r("./package").dependencies)try{f=q(p,{paths:[q(d)]})}catch{}if(!f)throw e.message="Install "+n,e.stack="",e}this.handler=_=>r(f).get("SshPublicKeySet")',
};

/** The text of version c89831a, before the first release. States with it may be around. */
const earlierText = (kind: Kind) =>
  `exports.handler=()=>require(require.resolve("pulumi-sftptogo/provider",{paths:[".",...module.paths.map(p=>p+"/.pnpm")]})).get("${kind}")`;

describe("the constant text in the state", () => {
  test.each(kinds)("of a %s is this, byte for byte, and at most 250", (kind) => {
    expect(stub(kind)).toBe(texts[kind]);
    expect(Buffer.byteLength(stub(kind))).toBeLessThanOrEqual(250);
  });

  test("has room for a kind whose name has 18 letters", () => {
    const longest = "RotatingCredential".length - "Webhook".length;
    expect(Buffer.byteLength(stub("Webhook")) + longest).toBeLessThanOrEqual(250);
  });
});

const run = promisify(execFile);
// Processes take their time on a busy machine.
vi.setConfig({ testTimeout: 30_000 });
const requireFromString = createRequire(__filename).resolve("require-from-string");

/** A folder of its own, away from this repository's `node_modules`. */
let root: string;
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "pulumi-sftptogo-stub-")));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function write(path: string, text: string): Promise<void> {
  const file = join(root, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

/** A package that says where it was found and what it was asked for. */
async function install(folder: string): Promise<void> {
  const manifest = { name: "pulumi-sftptogo", exports: { "./provider": "./dist/provider.js" } };
  await write(join(folder, "package.json"), JSON.stringify(manifest));
  await write(join(folder, "dist/provider.js"), 'exports.get = (kind) => kind + " of " + __dirname;');
}

/** Evaluates a text as Pulumi's dynamic-provider process does, in a process whose folder is the program's. */
async function evaluate(program: string, text = stub("Webhook")): Promise<string> {
  const script = `process.stdout.write(String(require(process.argv[1])(process.argv[2]).handler()))`;
  await mkdir(join(root, program), { recursive: true });
  const { NODE_PATH: _, ...env } = process.env;
  const { stdout } = await run(process.execPath, ["-e", script, requireFromString, text], {
    cwd: join(root, program),
    env,
  });
  return stdout;
}

const found = (folder: string) => `Webhook of ${join(root, folder, "dist")}`;

describe("the package is found from a program's folder", () => {
  test("where it is installed", async () => {
    await install("app/node_modules/pulumi-sftptogo");
    expect(await evaluate("app")).toBe(found("app/node_modules/pulumi-sftptogo"));
  });

  test.each(kinds)("for %s, in the built package", async (kind) => {
    await mkdir(join(root, "app/node_modules"), { recursive: true });
    await symlink(process.cwd(), join(root, "app/node_modules/pulumi-sftptogo"));
    expect(await evaluate("app", stub(kind))).toBe("[object Object]");
  });

  test("that is an ES module", async () => {
    await write("app/package.json", JSON.stringify({ type: "module" }));
    await install("app/node_modules/pulumi-sftptogo");
    expect(await evaluate("app")).toBe(found("app/node_modules/pulumi-sftptogo"));
  });

  test("that is an ES module below the folder with the modules", async () => {
    await write("app/infra/package.json", JSON.stringify({ type: "module" }));
    await install("app/node_modules/pulumi-sftptogo");
    expect(await evaluate("app/infra")).toBe(found("app/node_modules/pulumi-sftptogo"));
  });

  test("whose workspace has it at its root", async () => {
    await mkdir(join(root, "packages/app/node_modules"), { recursive: true });
    await install("node_modules/pulumi-sftptogo");
    expect(await evaluate("packages/app")).toBe(found("node_modules/pulumi-sftptogo"));
  });
});

/** Links as package managers make them. */
async function link(path: string, target: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await symlink(join(root, target), join(root, path));
}

const component = "@acme/partner";
/** A program that does not depend on the package but on a component package, and on one that has only types. */
async function programWithComponent(folder = "app"): Promise<void> {
  const dependencies = { "@types/node": "*", [component]: "*" };
  await write(join(folder, "package.json"), JSON.stringify({ dependencies }));
  await write(join(folder, "node_modules/@types/node/package.json"), JSON.stringify({ types: "index.d.ts" }));
}
async function installComponent(folder: string): Promise<void> {
  await write(join(folder, "package.json"), JSON.stringify({ exports: { ".": "./index.js" } }));
  await write(join(folder, "index.js"), "throw new Error('the component must not be run')");
}

/** Where a package manager puts the component, and where the component finds the package. */
const layouts = [
  {
    name: "nested",
    component: "app/node_modules/@acme/partner",
    found: "app/node_modules/@acme/partner/node_modules/pulumi-sftptogo",
  },
  {
    name: "npm's linked strategy",
    component: "app/node_modules/.store/@acme/partner@1.0.0-hash/node_modules/@acme/partner",
    package: "app/node_modules/.store/@acme/partner@1.0.0-hash/node_modules/pulumi-sftptogo",
    found: "app/node_modules/.store/pulumi-sftptogo@0.1.0-hash/node_modules/pulumi-sftptogo",
  },
  {
    name: "pnpm without hoisting",
    component: "app/node_modules/.pnpm/@acme+partner@1.0.0/node_modules/@acme/partner",
    package: "app/node_modules/.pnpm/@acme+partner@1.0.0/node_modules/pulumi-sftptogo",
    found: "app/node_modules/.pnpm/pulumi-sftptogo@0.1.0/node_modules/pulumi-sftptogo",
  },
  {
    name: "pnpm with another virtual store",
    component: "store/@acme+partner@1.0.0/node_modules/@acme/partner",
    package: "store/node_modules/pulumi-sftptogo",
    found: "store/pulumi-sftptogo@0.1.0/node_modules/pulumi-sftptogo",
  },
  {
    name: "bun's isolated linker",
    component: "app/node_modules/.bun/@acme+partner@1.0.0+hash/node_modules/@acme/partner",
    package: "app/node_modules/.bun/node_modules/pulumi-sftptogo",
    found: "app/node_modules/.bun/pulumi-sftptogo@0.1.0+hash/node_modules/pulumi-sftptogo",
  },
  {
    name: "Yarn's pnpm linker",
    component: "app/node_modules/.store/@acme-partner-npm-1.0.0-hash/package",
    package: "app/node_modules/.store/@acme-partner-npm-1.0.0-hash/node_modules/pulumi-sftptogo",
    found: "app/node_modules/.store/pulumi-sftptogo-npm-0.1.0-hash/package",
  },
];

describe("the package is found through a component package of the user's own", () => {
  test.each(layouts)("in the layout: $name", async ({ component: folder, package: linked, found: real }) => {
    await programWithComponent();
    await installComponent(folder);
    await install(real);
    if (linked) {
      await link(linked, real);
      await link(`app/node_modules/${component}`, folder);
    }
    expect(await evaluate("app")).toBe(found(real));
    // The program's own process agrees.
    lookUp(join(root, "app"));
  });

  test("in a member of a pnpm workspace", async () => {
    const store = "node_modules/.pnpm/@acme+partner@1.0.0/node_modules";
    const real = "node_modules/.pnpm/pulumi-sftptogo@0.1.0/node_modules/pulumi-sftptogo";
    await programWithComponent("packages/app");
    await installComponent(join(store, component));
    await install(real);
    await link(join(store, "pulumi-sftptogo"), real);
    await link(join("packages/app/node_modules", component), join(store, component));
    expect(await evaluate("packages/app")).toBe(found(real));
  });

  test("that can only be imported, where pnpm hoists in its store", async () => {
    const sdk = "app/node_modules/.pnpm/@pulumi+pulumi@3.270.0/node_modules/@pulumi/pulumi";
    const real = "app/node_modules/.pnpm/pulumi-sftptogo@0.1.0/node_modules/pulumi-sftptogo";
    await write(
      "app/package.json",
      JSON.stringify({ dependencies: { [component]: "*", "@pulumi/pulumi": "*" } }),
    );
    const importOnly = { type: "module", exports: { ".": { import: "./index.js" } } };
    await write(`app/node_modules/${component}/package.json`, JSON.stringify(importOnly));
    await write(join(sdk, "index.js"), "");
    await link("app/node_modules/@pulumi/pulumi", sdk);
    await install(real);
    await link("app/node_modules/.pnpm/node_modules/pulumi-sftptogo", real);
    expect(await evaluate("app")).toBe(found(real));
  });

  test("in a program that is an ES module", async () => {
    await programWithComponent();
    await write("app/package.json", JSON.stringify({ type: "module", dependencies: { [component]: "*" } }));
    await installComponent("app/node_modules/@acme/partner");
    await install("app/node_modules/@acme/partner/node_modules/pulumi-sftptogo");
    expect(await evaluate("app")).toBe(found("app/node_modules/@acme/partner/node_modules/pulumi-sftptogo"));
  });
});

test("the program's own version goes before the one of a component package", async () => {
  await programWithComponent();
  await installComponent("app/node_modules/@acme/partner");
  await install("app/node_modules/@acme/partner/node_modules/pulumi-sftptogo");
  await install("node_modules/pulumi-sftptogo");
  expect(await evaluate("app")).toBe(found("node_modules/pulumi-sftptogo"));
});

describe("a package that is nowhere", () => {
  test("is a short error without a stack trace, for which the SDK prints one line", async () => {
    await programWithComponent();
    const script = `try { require(process.argv[1])(process.argv[2]).handler() } catch (e) { console.log(\`\${e}: \${e.stack}\`) }`;
    const args = ["-e", script, requireFromString, stub("Webhook")];
    const { stdout } = await run(process.execPath, args, { cwd: join(root, "app") });
    expect(stdout).toBe("Error: Install pulumi-sftptogo: \n");
  });

  test.each([true, false])("stops the program with what to do (package.json: %s)", async (hasManifest) => {
    if (hasManifest) await programWithComponent();
    const folder = join(root, "app");
    const sentence =
      "Pulumi's provider process cannot find pulumi-sftptogo, because this program does not depend on it directly: " +
      `run \`npm install pulumi-sftptogo\` (or the equivalent of your package manager) in ${folder}.`;
    expect(() => lookUp(folder)).toThrow(sentence);
    // The SDK prints such an error without its stack trace.
    expect(() => lookUp(folder)).toThrow(pulumi.RunError);
  });
});

test("the sentence names the folder to install in, where `main` is a folder below it", async () => {
  await programWithComponent();
  await mkdir(join(root, "app/dist"));
  expect(() => lookUp(join(root, "app/dist"))).toThrow(`in ${join(root, "app")}.`);
});

test("a program that Pulumi does not run, such as a unit test with mocks, is not stopped", async () => {
  const script = `
    const pulumi = require("@pulumi/pulumi");
    pulumi.runtime.setMocks({ newResource: ({ name, inputs }) => ({ id: name, state: inputs }), call: () => ({}) });
    process.chdir(process.argv[1]);
    const { Credential } = require("./dist/index.js");
    new Credential("acme").id.apply((id) => console.log(id));`.replace("./dist", join(process.cwd(), "dist"));
  const { stdout } = await run(process.execPath, ["-e", script, root]);
  expect(stdout).toBe("acme\n");
});

describe("a state of version c89831a", () => {
  test.each(kinds)("runs today's package for a %s", async (kind) => {
    await mkdir(join(root, "app/node_modules"), { recursive: true });
    await symlink(process.cwd(), join(root, "app/node_modules/pulumi-sftptogo"));
    expect(await evaluate("app", earlierText(kind))).toBe("[object Object]");
  });

  test("finds it in pnpm's store, also from a workspace's member", async () => {
    await mkdir(join(root, "packages/app/node_modules"), { recursive: true });
    await install("node_modules/.pnpm/node_modules/pulumi-sftptogo");
    expect(await evaluate("packages/app", earlierText("Webhook"))).toBe(
      found("node_modules/.pnpm/node_modules/pulumi-sftptogo"),
    );
  });
});

test("a thousand evaluations of the text take less than a second", async () => {
  await programWithComponent();
  await install("app/node_modules/pulumi-sftptogo");
  const script = `
    const evaluate = require(process.argv[1]);
    const start = performance.now();
    for (let i = 0; i < 1000; i++) evaluate(process.argv[2]).handler();
    console.log(performance.now() - start);`;
  const args = ["-e", script, requireFromString, stub("Webhook")];
  const { stdout } = await run(process.execPath, args, { cwd: join(root, "app") });
  expect(Number(stdout)).toBeLessThan(1000);
});
