/**
 * What the engine and the SDK can do with any resource, with all of them in one program: `tests/features.test.ts` holds
 * the table of resources and features against these titles.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { start } from "#process";
import { openRealStage, type RealStage } from "../harness/stage/real.js";
import { ecdsa, ed25519, rsa } from "../resources/shared/keys.js";

let stage: RealStage;
beforeEach(async () => {
  stage = await openRealStage();
});
afterEach(() => stage[Symbol.asyncDispose]());

interface Everything {
  /** Of each resource, by its name in the program. */
  readonly options?: (name: string) => string;
  /** What the arguments of each say that can be changed. */
  readonly n?: 1 | 2;
  readonly suffix?: string;
}

const names = ["acme", "key", "keyed", "keys", "hook", "link", "rotation", "turns"] as const;

/** One resource of each kind, and the component. */
function everything({ options = () => "", n = 1, suffix = "" }: Everything = {}): string {
  const made = (variable: string, kind: string, args: string) =>
    `const ${variable} = new sftptogo.${kind}("${variable}${suffix}", { ${args} }, { ${options(variable)} });\n`;
  const body = n === 1 ? ed25519 : ecdsa;
  return (
    made("acme", "Credential", `userName: "acme-incoming", alias: "Acme ${n}"`) +
    made("key", "SshPublicKey", `credentialId: acme.id, sshPublicKeyBody: "${body}"`) +
    made("keyed", "Credential", `userName: "keyed-incoming"`) +
    made("keys", "SshPublicKeySet", `credentialId: keyed.id, sshPublicKeyBodies: ["${body}"]`) +
    made(
      "hook",
      "Webhook",
      `alias: "hook ${n}", url: "https://hooks.example.com/", topics: ["file.created"]`,
    ) +
    made("link", "ShareLink", `path: "/reports/", permission: "read-only", notes: "of ${n}"`) +
    made("rotation", "PasswordRotation", `credentialId: acme.id, triggers: ${n}`) +
    made("turns", "RotatingCredential", `userName: "turns-incoming", triggers: ${n}`)
  );
}

const up = async (...args: string[]) => {
  const { code, all } = await stage.stack.run(["up", "--yes", "--skip-preview", ...args]);
  expect(code, all).toBe(0);
  return all;
};
const writes = () => {
  const acted = stage.emulator.ledger.filter((entry) => entry.acted && entry.method !== "GET");
  stage.emulator.clearLedger();
  return acted.map(({ operation }) => operation).sort();
};
const held = () => {
  const { credentials, sshPublicKeys, webhooks, shareLinks } = stage.emulator.data;
  return [credentials, sshPublicKeys, webhooks, shareLinks].flatMap((each) => [...each.keys()]).sort();
};
const urns = async () => {
  const exported = JSON.parse((await stage.stack.run(["stack", "export"])).stdout);
  const resources: { urn: string; type: string; custom: boolean }[] = exported.deployment.resources;
  return resources
    .filter(({ type }) => type.startsWith("pulumi-nodejs:dynamic/sftptogo:"))
    .map(({ urn }) => urn);
};
/** The organization has one of each of what the program declares, and the root login. */
async function expectWhole(): Promise<void> {
  const { credentials, sshPublicKeys, webhooks, shareLinks } = stage.emulator.data;
  expect(
    [...credentials.values()].map(({ UserName, IsDefault }) => (IsDefault ? "root" : UserName)).sort(),
  ).toEqual(["acme-incoming", "keyed-incoming", "root", "turns-incoming", "turns-incoming-b"]);
  expect([sshPublicKeys.size, webhooks.size, shareLinks.size]).toEqual([2, 1, 1]);
  await stage.stack.expectNoChanges();
}

test("protect keeps every resource from a destroy and from being taken out of the program", async () => {
  await stage.write(everything({ options: () => "protect: true" }));
  await up();
  const before = held();
  const destroyed = await stage.stack.run(["destroy", "--yes", "--skip-preview"]);
  expect(destroyed.code).not.toBe(0);
  await stage.write("");
  expect((await stage.stack.run(["up", "--yes", "--skip-preview"])).code).not.toBe(0);
  expect(held()).toEqual(before);
});

test("retainOnDelete leaves every object where it is, and the next program imports or makes its own", async () => {
  await stage.write(everything({ options: () => "retainOnDelete: true" }));
  await up();
  const before = held();
  writes();
  await stage.write("");
  await up();
  expect(writes()).toEqual([]);
  expect(held()).toEqual(before);
  expect(await urns()).toEqual([]);
});

test("ignoreChanges leaves every argument that it names as it is", async () => {
  await stage.write(everything());
  await up();
  writes();
  const keys: Readonly<Record<string, string>> = {
    acme: "alias",
    key: "sshPublicKeyBody",
    keys: "sshPublicKeyBodies",
    hook: "alias",
    link: "notes",
    rotation: "triggers",
  };
  const ignored = (name: string) => `ignoreChanges: ["${keys[name] ?? "alias"}"]`;
  // The component's own arguments are given to its parts: there is nothing that it could ignore.
  await stage.write(
    everything({ n: 2, options: ignored }).replace(
      '"turns-incoming", triggers: 2',
      '"turns-incoming", triggers: 1',
    ),
  );
  await up();
  expect(writes()).toEqual([]);
  await stage.stack.expectNoChanges();
});

test("aliases keep every object where its resource has another name", async () => {
  await stage.write(everything());
  await up();
  const before = held();
  writes();
  await stage.write(everything({ suffix: "-renamed", options: (name) => `aliases: [{ name: "${name}" }]` }));
  await up();
  expect(writes()).toEqual([]);
  expect(held()).toEqual(before);
  await expectWhole();
});

test("parent moves every resource below a component, by its alias, without a write", async () => {
  await stage.write(everything());
  await up();
  writes();
  const group = `const group = new pulumi.ComponentResource("acme:index:Group", "group");\n`;
  const options = () => "parent: group, aliases: [{ parent: pulumi.rootStackResource }]";
  await stage.write(group + everything({ options }));
  await up();
  expect(writes()).toEqual([]);
  await expectWhole();
});

test("an explicit provider makes, changes and removes every resource in its own organization", async () => {
  const { url, organizationId, apiKey } = stage.emulator;
  const settings = JSON.stringify({ apiKey, organizationId, baseUrl: url });
  const provider = `const own = new sftptogo.Provider("own", ${settings});\n`;
  const options = () => "provider: own";
  await stage.stack.run(["config", "rm", "sftptogo:organizationId"]);
  await stage.stack.run(["config", "rm", "sftptogo:apiKey"]);
  await stage.write(provider + everything({ options }));
  await up();
  await expectWhole();
  await stage.write(provider + everything({ options, n: 2 }));
  await up();
  await expectWhole();
  await stage.stack.destroy();
  expect(held()).toEqual([stage.emulator.data.root.Id]);
});

test("a transformation changes arguments of every resource, and keeps what it changed", async () => {
  const transformation = `pulumi.runtime.registerStackTransformation(({ type, props, opts }) => {
    const changes = { Credential: { alias: "by us" }, SshPublicKey: { sshPublicKeyBody: "${rsa}" },
      SshPublicKeySet: { sshPublicKeyBodies: ["${rsa}"] }, Webhook: { alias: "by us" }, ShareLink: { notes: "by us" },
      PasswordRotation: { triggers: "by us" }, CredentialRotation: { graceDays: 3 } };
    return { props: { ...props, ...changes[type.split(":").at(-1)] }, opts };
  });\n`;
  await stage.write(transformation + everything());
  await up();
  const { credentials, sshPublicKeys, webhooks, shareLinks } = stage.emulator.data;
  const logins = [...credentials.values()].filter(({ IsDefault }) => !IsDefault);
  expect(logins.map(({ Alias }) => Alias)).toEqual(logins.map(() => "by us"));
  expect([...sshPublicKeys.values()].map(({ SshPublicKeyBody }) => SshPublicKeyBody)).toEqual([rsa, rsa]);
  expect(
    [...webhooks.values(), ...shareLinks.values()].map((each) => Object(each).Alias ?? Object(each).Notes),
  ).toEqual(["by us", "by us"]);
  await expectWhole();
});

test("--target makes, and --exclude leaves out, one resource after another", async () => {
  await stage.write(everything());
  for (const name of names) await up("--target", `**::${name}`, "--target-dependents");
  await up();
  await expectWhole();
  writes();
  await stage.write(everything({ n: 2 }));
  await up(...names.flatMap((name) => ["--exclude", `**::${name}`]), "--exclude-dependents");
  expect(writes()).toEqual([]);
  await up();
  await expectWhole();
});

test("--continue-on-error makes what does not depend on a failure, and the next up the rest", async () => {
  await stage.write(everything());
  for (const operation of ["createWebhook", "createShareLink", "addSshPublicKey"] as const) {
    stage.emulator.addFault({ name: "status", status: 400, operation });
  }
  const { code } = await stage.stack.run(["up", "--yes", "--skip-preview", "--continue-on-error"]);
  expect(code).not.toBe(0);
  expect(writes()).toEqual(
    expect.arrayContaining(["createCredential", "createCredential", "createCredential"]),
  );
  await up();
  await expectWhole();
});

test("a taint replaces every resource, and there is one of each", async () => {
  await stage.write(everything());
  await up();
  const tainted = await stage.stack.run(["state", "taint", "--yes", ...(await urns())]);
  expect(tainted.code, tainted.all).toBe(0);
  await up();
  await expectWhole();
});

test("replaceOnChanges changes nothing: the engine is told no changed keys of a dynamic resource", async () => {
  await stage.write(everything());
  await up();
  const ids = () => [...stage.emulator.data.credentials.keys(), ...stage.emulator.data.webhooks.keys()];
  const before = ids();
  await stage.write(everything({ n: 2, options: () => `replaceOnChanges: ["*"]` }));
  await up();
  expect(ids()).toEqual(before);
  await expectWhole();
});

test("deletedWith leaves the delete of every resource to that of another", async () => {
  await stage.write(everything({ options: (name) => (name === "acme" ? "" : "deletedWith: acme") }));
  await up();
  writes();
  await stage.write("");
  await up();
  expect(writes()).toEqual(["deleteCredential"]);
  expect(await urns()).toEqual([]);
});

test("--run-program refreshes and destroys every resource", async () => {
  await stage.write(everything());
  await up();
  const refreshed = await stage.stack.run(["refresh", "--yes", "--skip-preview", "--run-program"]);
  expect(refreshed.code, refreshed.all).toBe(0);
  await expectWhole();
  const destroyed = await stage.stack.run(["destroy", "--yes", "--skip-preview", "--run-program"]);
  expect(destroyed.code, destroyed.all).toBe(0);
  expect(held()).toEqual([stage.emulator.data.root.Id]);
});

test("a saved plan of every resource is what up does", async () => {
  for (const n of [1, 2] as const) {
    await stage.write(everything({ n }));
    const planned = await stage.stack.run(["preview", "--save-plan", join(stage.stack.folder, "plan.json")]);
    expect(planned.code, planned.all).toBe(0);
    await up("--plan", join(stage.stack.folder, "plan.json"));
    await expectWhole();
  }
});

test("hooks are called before and after each change of every resource", async () => {
  // The language host that is built for tests passes no hooks on; an inline program needs none.
  const hook = (name: string) =>
    `new pulumi.ResourceHook("${name}", async ({ name }) => console.log("${name} " + name))`;
  await writeFile(
    join(stage.stack.folder, "inline.ts"),
    `import * as pulumi from "@pulumi/pulumi";
import { LocalWorkspace } from "@pulumi/pulumi/automation/index.js";
import * as sftptogo from "pulumi-sftptogo";
async function program() {
  const before = ${hook("before")};
  const after = ${hook("after")};
  ${everything({ options: () => "hooks: { beforeCreate: [before], afterCreate: [after] }" }).replaceAll("\n", "\n  ")}
}
const args = { projectName: "test", stackName: "dev", program };
const stack = await LocalWorkspace.selectStack(args, { workDir: import.meta.dirname });
await stack.up({ onOutput: console.log });
`,
  );
  const { code, all } = await start("node", ["inline.ts"], { cwd: stage.stack.folder, env: stage.stack.env })
    .result;
  expect(code, all).toBe(0);
  for (const name of names.filter((each) => each !== "turns")) {
    expect(all).toContain(`before ${name}`);
    expect(all).toContain(`after ${name}`);
  }
});

test("state move takes every resource to another stack, which then manages it", async () => {
  await stage.write(everything());
  await up();
  const before = held();
  await stage.stack.run(["stack", "init", "moved"]);
  const moving = [
    "state",
    "move",
    "--yes",
    "--include-parents",
    "--source",
    "dev",
    "--dest",
    "moved",
    ...(await urns()),
  ];
  const moved = await stage.stack.run(moving);
  expect(moved.code, moved.all).toBe(0);
  expect(held()).toEqual(before);
  expect(await urns()).toEqual([]);
  const copied = await stage.stack.run(["config", "cp", "--stack", "dev", "--dest", "moved"]);
  expect(copied.code, copied.all).toBe(0);
  writes();
  await up("--stack", "moved");
  expect(writes()).toEqual([]);
  const settled = await stage.stack.run(["preview", "--stack", "moved", "--expect-no-changes"]);
  expect(settled.code, settled.all).toBe(0);
});
