/** What each side of the boundary loads, in the package as it is built: modules are time at each start. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test, vi } from "vitest";
import { kinds } from "../provider/protocol/kinds";

const root = join(__dirname, "..");
if (!existsSync(join(root, "dist/index.js"))) throw new Error('run "npm run build" before the tests');
const run = promisify(execFile);
// Processes take their time on a busy machine.
vi.setConfig({ testTimeout: 30_000 });

/** The modules that a text loads, as paths from the repository's root. */
async function loadedBy(text: string): Promise<string[]> {
  const script = `Promise.resolve((async () => { ${text} })()).then(() =>
    process.stdout.write(JSON.stringify(Object.keys(require.cache))))`;
  const { SFTPTOGO_API_KEY: _, SFTPTOGO_ORGANIZATION_ID: __, ...env } = process.env;
  const { stdout } = await run(process.execPath, ["-e", script], { cwd: root, env });
  return (JSON.parse(stdout) as string[]).map((path) => relative(root, path));
}

const ofPackage = (name: string) => (path: string) => path.startsWith(`node_modules/${name}/`);
const ours = (paths: readonly string[]) => paths.filter((path) => path.startsWith("dist/"));

describe("the program's side", () => {
  const load = 'const sftptogo = require("./dist/index.js");';
  const client = (paths: readonly string[]) =>
    paths.filter(
      (path) => ofPackage("axios")(path) || ofPackage("valibot")(path) || path === "dist/api/client.js",
    );

  test("loads neither axios nor valibot nor the client before a function is called", async () => {
    const loaded = await loadedBy(load);
    expect(loaded).toContain("dist/resources/credential/resource.js");
    expect(client(loaded)).toEqual([]);
    // Nor any handlers, nor the emulator.
    expect(
      ours(loaded).filter((path) => /\/(provider|mapping)\.js$|emulator|\/commands\//.test(path)),
    ).toEqual([]);
  });

  test("loads of node_modules only what Pulumi loads anyway", async () => {
    const pulumi = new Set(await loadedBy('require("@pulumi/pulumi");'));
    const more = (await loadedBy(load)).filter((path) => !path.startsWith("dist/") && !pulumi.has(path));
    expect(more).toEqual([]);
  });

  test("makes resources without them", async () => {
    const loaded = await loadedBy(`${load}
      const pulumi = require("@pulumi/pulumi");
      const newResource = (args) => ({ id: "x", state: args.inputs });
      await pulumi.runtime.setMocks({ newResource, call: () => ({}) });
      const acme = new sftptogo.Credential("acme");
      await new Promise((resolve) => acme.urn.apply(resolve));`);
    expect(client(loaded)).toEqual([]);
  });

  test("loads them at the first call", async () => {
    const loaded = await loadedBy(`${load}
      require("@pulumi/pulumi").runtime.setAllConfig({
        "sftptogo:apiKey": "key", "sftptogo:organizationId": "id",
        "sftptogo:baseUrl": "http://127.0.0.1:9", "sftptogo:maxRetries": "0",
      });
      await sftptogo.getWebhooks().catch(() => {});`);
    expect(loaded).toContain("dist/api/client.js");
    expect(loaded.filter(ofPackage("axios"))).not.toEqual([]);
    expect(loaded.filter(ofPackage("valibot"))).not.toEqual([]);
  });
});

describe("the provider's side", () => {
  test.each(kinds)("of %s loads nothing of Pulumi's, and no other kind's handlers", async (kind) => {
    const loaded = await loadedBy(`require("./dist/provider.js").get("${kind}");`);
    const folder = kind.charAt(0).toLowerCase() + kind.slice(1);
    expect(loaded).toContain(`dist/resources/${folder}/provider.js`);
    expect(loaded.filter(ofPackage("@pulumi"))).toEqual([]);
    expect(ours(loaded).filter((path) => /^dist\/resources\/\w+\/provider\.js$/.test(path))).toEqual([
      `dist/resources/${folder}/provider.js`,
    ]);
    expect(ours(loaded).filter((path) => /resource\.js$|functions|emulator|\/commands\//.test(path))).toEqual(
      [],
    );
  });

  test("of all kinds in one process does not either", async () => {
    const loaded = await loadedBy(`const { get } = require("./dist/provider.js");
      for (const kind of ${JSON.stringify(kinds)}) get(kind);`);
    expect(loaded.filter(ofPackage("@pulumi"))).toEqual([]);
  });

  test("checks without Pulumi's code: only a warning to the engine needs it", async () => {
    const loaded = await loadedBy(`const handlers = require("./dist/provider.js").get("Credential");
      await handlers.configure({ config: { get: () => undefined } });
      const { failures } = await handlers.check({}, { __resourceUrn: "urn:pulumi:dev::shop::t::acme" });
      if (failures.length === 0) throw new Error("It did not fail.");`);
    expect(loaded.filter(ofPackage("@pulumi"))).toEqual([]);
  });

  test("says of a kind that a newer version knows to install that", async () => {
    const failed = await loadedBy(`require("./dist/provider.js").get("Bucket");`).catch(
      (failure: { stderr: string }) => failure.stderr,
    );
    expect(failed).toContain('does not know the kind "Bucket": install a newer one.');
  });
});
