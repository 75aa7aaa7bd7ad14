/**
 * Findings that need the real engine: its targets and provider processes, what it prints and stores, transforms, and
 * hooks in an inline program. The others are in `tests/regressions/`.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openRealStage, type RealStage } from "../harness/stage/real.js";
import { ed25519 } from "../resources/shared/keys.js";
import { start } from "./process.js";

const canary = "Canary-of-this-test";

function login(name: string, options = ""): string {
  return `new sftptogo.Credential("${name}", { userName: "acme-incoming" }${options});`;
}

const broken =
  'new sftptogo.Webhook("broken", { url: "http://hooks.example.com", topics: ["file.created"] });';

async function up(stage: RealStage, program: string, ...args: string[]) {
  await stage.write(program);
  return stage.stack.run(["up", "--yes", "--skip-preview", ...args]);
}

async function preview(stage: RealStage, program: string) {
  await stage.write(program);
  return stage.stack.run(["preview", "--diff"]);
}

test("H1 and H2 a rename with the import option, and whatever else fails or is left out, keeps the live login", async () => {
  await using stage = await openRealStage();
  expect((await up(stage, login("old"))).code).toBe(0);
  const { Id, Password } = stage.login();

  const refused = await up(stage, login("renamed"));
  expect(refused.code).not.toBe(0);
  expect(refused.all).toMatch(/`aliases`[\s\S]*import/);

  const renamed = login("renamed", `, { import: "${Id}" }`);
  expect((await up(stage, renamed + broken)).code).not.toBe(0);
  expect((await up(stage, renamed)).all).toContain("was not deleted");
  expect(stage.login()).toMatchObject({ Id, Password });

  // The same by a target, which leaves the old one in the state.
  const again = login("again", `, { import: "${Id}" }`);
  expect((await up(stage, again, "--target", "**::again")).code).toBe(0);
  expect((await up(stage, again)).code).toBe(0);
  expect(stage.login()).toMatchObject({ Id, Password });
  expect((await stage.inState("again")).id).toBe(Id);
});

test("H2 also where the new resource belongs to an explicit provider, in a process of its own", async () => {
  await using stage = await openRealStage();
  expect((await up(stage, login("old"))).code).toBe(0);
  const { Id, Password } = stage.login();
  const { url, organizationId, apiKey } = stage.emulator;
  const given = JSON.stringify({ apiKey, organizationId, baseUrl: url });
  const program = `const provider = new sftptogo.Provider("own", ${given});
${login("renamed", `, { provider, import: "${Id}" }`)}`;
  expect((await up(stage, program + broken)).code).not.toBe(0);
  expect((await up(stage, program)).code).toBe(0);
  expect(stage.login()).toMatchObject({ Id, Password });
  expect((await stage.inState("renamed")).id).toBe(Id);
});

test("H16, H17 and S1 a preview refuses doubles, whatever the order, and prints no value that it refuses", async () => {
  await using stage = await openRealStage();
  expect((await up(stage, login("first"))).code).toBe(0);
  const credentialId = stage.login().Id;
  const key = (name: string) =>
    `new sftptogo.SshPublicKey("${name}", ${JSON.stringify({ credentialId, sshPublicKeyBody: ed25519 })});`;
  const link = (name: string) =>
    `new sftptogo.ShareLink("${name}", { path: "/reports/", permission: "read-only" });`;
  // The first failure ends a preview.
  for (const doubles of [
    login("second") + login("first"),
    login("first") + key("a") + key("b"),
    login("first") + link("c") + link("d"),
  ]) {
    const { code, all } = await preview(stage, doubles);
    expect(code).not.toBe(0);
    expect(all).toContain("in this program declares the same");
  }

  const secret = (text: string) => `pulumi.secret(${JSON.stringify(text)})`;
  const refusals: readonly (readonly [string, readonly string[]])[] = [
    [
      `Webhook("x", { url: ${secret(`http://hooks.example.com/${canary}`)}, topics: ["file.created"] })`,
      ["url"],
    ],
    [
      `ShareLink("x", { path: ${secret(canary)}, permission: ${secret(canary)}, expiresAt: ${secret(canary)} })`,
      ["path", "permission", "expiresAt"],
    ],
    [
      `Credential("x", { userName: ${secret(`${canary} `)}, permission: ${secret(canary)} })`,
      ["userName", "permission"],
    ],
    [`SshPublicKey("x", { credentialId: "x", sshPublicKeyBody: ${secret(canary)} })`, ["sshPublicKeyBody"]],
  ];
  for (const [resource, names] of refusals) {
    const refused = await preview(stage, `new sftptogo.${resource};`);
    expect(refused.code).not.toBe(0);
    for (const name of names) expect(refused.all).toMatch(new RegExp(`\\b${name} (must|is|has|may)`));
    expect(refused.all).not.toContain(canary);
  }
});

test("S2 and S5 addresses, and a password that a transformation puts in, are nowhere in plain text", async () => {
  await using stage = await openRealStage();
  const program = (end: string) => `
pulumi.runtime.registerStackTransformation(({ type, props, opts }) => {
  if (type.endsWith("sftptogo:Credential")) return { props: { ...props, password: "${canary}-${end}" }, opts };
  if (type.endsWith("sftptogo:Webhook")) return { props: { ...props, authorizationHeader: "${canary}-${end}" }, opts };
  return undefined;
});
${login("acme")}
new sftptogo.Webhook("hook", { url: "https://user:${canary}-url@hooks.example.com/${end}", topics: ["file.created"] });`;
  for (const end of ["first", "second"]) {
    const shown = await preview(stage, program(end));
    const { all, code } = await up(stage, program(end));
    expect(code, all).toBe(0);
    expect(stage.login().Password).toBe(`${canary}-${end}`);
    expect([...stage.emulator.data.webhooks.values()]).toMatchObject([
      { AuthorizationHeader: `${canary}-${end}`, Url: `https://user:${canary}-url@hooks.example.com/${end}` },
    ]);
    expect(shown.all + all).not.toContain(canary);
    expect(await stage.stack.stateText()).not.toContain(canary);
    const { outputs = {} } = await stage.inState("acme");
    expect(JSON.stringify(outputs.__passwordHash)).toMatch(/4dabf18193072939515e22adb298388d.*ciphertext/);
    await stage.stack.expectNoChanges();
  }
  expect((await stage.state()).get("acme")?.inputs.password).toBe(`${canary}-second`);
});

test("a secret that a transformation replaces, unmarks or registers without what the class has added is nowhere in plain text", async () => {
  await using stage = await openRealStage();
  const program = (end: string) => `
pulumi.runtime.registerStackTransformation(({ type, props, opts }) => {
  if (type.endsWith("sftptogo:Credential")) return { props: { ...props, password: "${canary}-${end}" }, opts };
  if (type.endsWith("sftptogo:ShareLink")) return { props: { ...props, password: pulumi.unsecret(props.password) }, opts };
  if (type.endsWith("sftptogo:PasswordRotation")) return { props: { ...props, password: "${canary}-rotated-${end}" }, opts };
  if (!type.endsWith("sftptogo:Webhook")) return undefined;
  const { __provider, topics } = props;
  const url = "https://hooks.example.com/${canary}/${end}";
  return { props: { __provider, topics, url, authorizationHeader: "${canary}-${end}" }, opts };
});
const acme = new sftptogo.Credential("acme", { userName: "acme-incoming", password: "Declared-by-the-program-1!" });
new sftptogo.Webhook("hook", { url: "https://hooks.example.com/declared", authorizationHeader: "Bearer declared", topics: ["file.created"] });
new sftptogo.ShareLink("link", { path: "/reports/", permission: "read-only", password: "${canary}-link-${end}" });
new sftptogo.PasswordRotation("rotation", { credentialId: acme.id, password: "Declared-by-the-program-2!" });`;
  for (const end of ["first", "second"]) {
    const shown = await preview(stage, program(end));
    const { all, code } = await up(stage, program(end));
    expect(code, all).toBe(0);
    expect(stage.login().Password).toBe(`${canary}-rotated-${end}`);
    expect(shown.all + all).not.toContain(canary);
    expect(await stage.stack.stateText()).not.toContain(canary);
  }
});

test("H18 a Date among the triggers rotates when it changes, and only then", async () => {
  await using stage = await openRealStage();
  const program = (date: string) => `const acme = ${login("acme")}
new sftptogo.PasswordRotation("rotation", {
  credentialId: acme.id,
  triggers: { due: new Date("${date}"), more: [new Date("2026-01-01")] },
});`;
  const rotations = () =>
    stage.emulator.ledger.filter(({ operation }) => operation === "rotatePassword").length;
  expect((await up(stage, program("2026-01-01"))).code).toBe(0);
  expect((await up(stage, program("2026-01-01"))).code).toBe(0);
  expect(rotations()).toBe(1);
  expect((await up(stage, program("2026-02-01"))).code).toBe(0);
  expect(rotations()).toBe(2);
  await stage.stack.expectNoChanges();
});

test("H14 the engine calls a create again, and again, because an error hook says so: one object is made", async () => {
  await using stage = await openRealStage("", {
    // A second for each try.
    config: { "sftptogo:maxRetries": "0", "sftptogo:operationTimeoutSeconds": "3" },
  });
  const { emulator, stack } = stage;
  // The language host that is built here passes no hooks on; an inline program needs none.
  await writeFile(
    join(stack.folder, "inline.ts"),
    `import * as pulumi from "@pulumi/pulumi";
import { LocalWorkspace } from "@pulumi/pulumi/automation/index.js";
import * as sftptogo from "pulumi-sftptogo";
async function program() {
  const again = new pulumi.ErrorHook("again", ({ name, errors }) => {
    console.log(\`\${name} failed \${errors.length} times\`);
    return errors.length < 3;
  });
  const options = { hooks: { onError: [again] } };
  new sftptogo.Webhook("hook", { url: "https://hooks.example.com", topics: ["file.created"] }, options);
  new sftptogo.ShareLink("link", { path: "/reports/", permission: "read-only" }, options);
  new sftptogo.Credential("acme", { inboundRules: [{ source: "203.0.113.0/24" }] }, options);
}
const args = { projectName: "test", stackName: "dev", program };
const stack = await LocalWorkspace.selectStack(args, { workDir: import.meta.dirname });
await stack.up({ onOutput: console.log });
`,
  );
  for (const kind of ["Webhook", "ShareLink"] as const) {
    emulator.addFault({ name: "reset", when: "after", operation: `create${kind}` });
    // The first list is from before the create.
    emulator.addFault({ name: "status", status: 500, operation: `list${kind}s`, skip: 1, times: 4 });
  }
  // Saved with an id, which the engine forgets where a later try fails without one.
  emulator.addFault({ name: "status", status: 500, operation: "updateInboundRules", times: 2 });

  const { code, all } = await start("node", ["inline.ts"], { cwd: stack.folder, env: stack.env }).result;
  expect(code, all).toBe(0);
  const { webhooks, shareLinks } = emulator.data;
  const made = [...webhooks.keys(), ...shareLinks.keys(), stage.login().Id];
  const state = await stage.state();
  expect(made).toEqual(["hook", "link", "acme"].map((name) => state.get(name)?.id));
  for (const name of ["hook", "link", "acme"]) expect(all).toContain(`${name} failed 2 times`);
  expect(stage.login()).toMatchObject({
    State: "active",
    Settings: { Network: { InboundRules: [{ Source: "203.0.113.0/24" }] } },
  });
});
