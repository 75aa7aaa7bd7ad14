/** Programs as users write them compile under each compiler and settings; what is wrong in them does not. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { compile, compilers, project, type Setup, setups, textOf } from "./compiler";

const folder = project();

describe.each(setups)("under $name", (setup) => {
  test("outputs go into other resources' inputs, functions take Pulumi's options, policies know classes", () => {
    const found = compile(setup, folder, ["outputs.ts", "functions.ts", "policies.ts"]);
    expect(textOf(setup.compiler, found)).toBe("");
  });
});

/** What must not compile, and the code of the compiler's complaint. */
const refused: readonly [text: string, code: number | readonly number[]][] = [
  // Arguments of resources
  ['new sftptogo.Credential("x", { permision: "full" });', [2345, 2353, 2561]],
  ['new sftptogo.Credential("x", { homeDirectory: 7 });', 2322],
  ['new sftptogo.Credential("x", { alias: null });', 2322],
  ['new sftptogo.Credential("x", { inboundRules: null });', 2322],
  ['new sftptogo.Credential("x", { inboundRules: [{ protocol: "SFTP" }] });', [2322, 2741]],
  [
    'new sftptogo.Credential("x", { inboundRules: [{ source: "x", protocoll: "SFTP" }] });',
    [2322, 2353, 2561],
  ],
  ['new sftptogo.SshPublicKey("x", { credentialId: "x" });', 2345],
  ['new sftptogo.SshPublicKey("x");', 2554],
  ['new sftptogo.Webhook("x", { url: "https://x.example" });', 2345],
  ['new sftptogo.Webhook("x", { url: "https://x.example", topics: "file.created" });', 2322],
  ['new sftptogo.ShareLink("x", { path: "/", permission: "read-only", onConsumed: "delete" });', 2322],
  ['new sftptogo.PasswordRotation("x", { credentialId: "x", rotateAfterDays: null });', 2322],
  ['new sftptogo.PasswordRotation("x", { credentialId: "x", storeSecret: false });', [2345, 2353, 2561]],
  // Outputs
  ['new sftptogo.Credential("x").passwort;', 2551],
  ['const text: string = new sftptogo.Credential("x").userName;', 2322],
  // An explicit provider
  ['new sftptogo.Provider("x", { apiKey: "x" });', 2345],
  ['new sftptogo.Provider("x", { organizationId: "x" });', 2345],
  ['new sftptogo.Provider("x", { apiKey: "x", organizationId: "x", baseURL: "x" });', [2345, 2353, 2561]],
  ['new sftptogo.Provider("x", { apiKey: "x", organizationId: "x", maxRetries: "3" });', 2322],
  // Functions
  ['sftptogo.getCredential({ id: "x", alias: "y" });', 2345],
  ['sftptogo.getCredential({ id: "x", userName: "y" });', 2345],
  ['sftptogo.getCredential({ userName: "x", alias: "y" });', 2345],
  ["sftptogo.getCredential({});", 2345],
  ['sftptogo.getCredential({ name: "x" });', [2345, 2353]],
  ["sftptogo.getCredential({ id: pulumi.output('x') });", 2322],
  ['sftptogo.getCredentialOutput({ id: pulumi.output("x"), alias: "y" });', 2345],
  ["sftptogo.getCredentialOutput({});", 2345],
  ['sftptogo.getCredentials({ alias: "x" });', [2345, 2353, 2559]],
  ['sftptogo.getWebhook({ alias: "x" });', [2345, 2353]],
  ["sftptogo.getShareLink();", 2554],
  ['sftptogo.getSshPublicKeys({ id: "x" });', [2345, 2353]],
  ['sftptogo.getWebhooks({ includeSecrets: "yes" });', 2322],
  ["sftptogo.getWebhooks({ dependsOn: [] });", [2345, 2353]],
  ['sftptogo.getWebhooks({ provider: "eu" });', 2322],
  ["sftptogo.getCredentials().then(([first]) => first.password.length);", 18048],
];

describe.each(Object.entries(compilers))("TypeScript %s", (version, compiler) => {
  test.each([false, true])("refuses each mistake (exact optional properties: %j)", (exact) => {
    const setup: Setup = { compiler, settings: "commonjs", exactOptionalPropertyTypes: exact };
    const file = `refused-${version}-${exact}.ts`;
    const lines = refused.map(([text]) => `{ ${text} }`);
    const text = `import * as pulumi from "@pulumi/pulumi"; import * as sftptogo from "pulumi-sftptogo"; void pulumi;`;
    writeFileSync(join(folder, file), [text, ...lines].join("\n"));
    const found = compile(setup, folder, [file]);
    const codesOf = (index: number) =>
      found
        .filter(({ file: of, start = 0 }) => of?.getLineAndCharacterOfPosition(start).line === index + 1)
        .map(({ code }) => code);
    // One complaint for each mistake, and the one that is meant; its code differs between compilers.
    const unfit = refused.filter(([, code], index) => {
      const codes = codesOf(index);
      return codes.length !== 1 || ![code].flat().includes(codes[0] ?? 0);
    });
    expect(unfit.map(([mistake]) => mistake)).toEqual([]);
    expect(found).toHaveLength(refused.length);
  });
});
