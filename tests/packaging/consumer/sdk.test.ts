/** The oldest SDK of the peer range: its types suffice for ours, and functions are answered by its mocks. */
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";
import { compile, newest, root, textOf } from "./compiler";

const run = promisify(execFile);
const sdk = join(__dirname, "sdk-3.150/node_modules/@pulumi/pulumi");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

// The package itself and not a link to it, which would find the SDK that it is built with. Where the repository
// keeps its dependencies, so that it finds those.
const work = join(__dirname, ".work");
mkdirSync(work, { recursive: true });
const folder = mkdtempSync(join(work, "sdk-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
// A project of its own: inside this one, the package's name would be the repository's.
writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "partners", private: true }));
for (const each of ["dist", "package.json"]) {
  cpSync(join(root, each), join(folder, "node_modules/pulumi-sftptogo", each), { recursive: true });
}
mkdirSync(dirname(join(folder, "node_modules/@pulumi/pulumi")), { recursive: true });
symlinkSync(sdk, join(folder, "node_modules/@pulumi/pulumi"));
cpSync(join(__dirname, "programs"), folder, { recursive: true });

test("it is the one that package.json says", () => {
  const { version } = JSON.parse(readFileSync(join(sdk, "package.json"), "utf8"));
  expect(`>=${version.replace(/\.0$/, "")} <4`).toBe(manifest.peerDependencies["@pulumi/pulumi"]);
});

test("programs compile against it", () => {
  const setup = { compiler: newest, settings: "nodenext", exactOptionalPropertyTypes: true } as const;
  const found = compile(setup, folder, ["outputs.ts", "functions.ts"]);
  expect(textOf(newest, found)).toBe("");
});

test("its mocks answer functions, with the parent's Provider, and classes know their resources", async () => {
  writeFileSync(
    join(folder, "mocked.cjs"),
    `const pulumi = require("@pulumi/pulumi");
    const sftptogo = require("pulumi-sftptogo");
    const asked = [];
    const mocks = {
      newResource: ({ name, inputs }) => ({ id: name + "-id", state: inputs }),
      call(args) {
        asked.push([args.token, args.inputs, args.provider]);
        return args.token.endsWith("s") ? [{ id: "x", password: "p" }] : { id: "x", host: "h", password: "p" };
      },
    };
    class Partner extends pulumi.ComponentResource {
      constructor(provider) {
        super("acme:Partner", "acme", {}, { providers: [provider] });
        this.login = new sftptogo.Credential("acme", {}, { parent: this });
      }
    }
    async function main() {
      await pulumi.runtime.setMocks(mocks, "shop", "dev");
      const eu = new sftptogo.Provider("eu", { apiKey: "k", organizationId: "o" });
      const parent = new Partner(eu);
      const plain = await sftptogo.getCredentials({ parent });
      const found = sftptogo.getCredentialOutput({ id: parent.login.id }, { provider: eu, dependsOn: parent });
      const value = await new Promise((resolve) => found.apply(resolve));
      const known = [sftptogo.Credential.isInstance(parent.login), sftptogo.Provider.isInstance(eu)];
      console.log(JSON.stringify({ plain, value, secret: await pulumi.isSecret(found), known, asked }));
    }
    main();`,
  );
  const env = { ...process.env, SFTPTOGO_API_KEY: "key", SFTPTOGO_ORGANIZATION_ID: "organization" };
  const { stdout } = await run(process.execPath, ["mocked.cjs"], { cwd: folder, env });
  const eu = "urn:pulumi:dev::shop::pulumi:providers:pulumi-nodejs::eu::eu-id";
  expect(JSON.parse(stdout)).toEqual({
    plain: [{ id: "x" }],
    value: { id: "x", host: "h", password: "p" },
    secret: true,
    known: [true, true],
    asked: [
      ["sftptogo:index:getCredentials", {}, eu],
      ["sftptogo:index:getCredential", { id: "acme-id" }, eu],
    ],
  });
});
