/** What another resource of the program has is not deleted: with targets, in other processes, on odd machines. */
import { spawnSync } from "node:child_process";
import { chmod, link, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { fingerprintOf } from "../../provider/resources/shared/sshKeys.js";
import { openRealStage, type RealStage } from "../harness/stage/real.js";
import { ecdsa, ed25519 } from "../resources/shared/keys.js";

/** Only root may make a container's view of processes. */
const canUnshare = spawnSync("unshare", ["--pid", "--fork", "--mount-proc", "true"]).status === 0;

let stage: RealStage;
beforeEach(async () => {
  stage = await openRealStage();
});
afterEach(() => stage[Symbol.asyncDispose]());

const up = async (program: string, ...args: string[]) => {
  await stage.write(program);
  const result = await stage.stack.run(["up", "--yes", "--skip-preview", ...args]);
  expect([result.code, result.all]).toEqual([0, expect.anything()]);
  return result.all;
};
const login = (name: string, options = "") =>
  `const ${name} = new sftptogo.Credential("${name}", { userName: "acme-incoming" }${options && `, ${options}`});\n`;
const provider = () => {
  const { url, organizationId, apiKey } = stage.emulator;
  const settings = JSON.stringify({ apiKey, organizationId, baseUrl: url });
  return `const provider = new sftptogo.Provider("own", ${settings});\n`;
};
const key = (name: string, options = "", body = ed25519) =>
  `new sftptogo.SshPublicKey("${name}", { credentialId: acme.id, sshPublicKeyBody: "${body}" }, {${options}});\n`;
const set = (name: string, bodies: string[], options = "") =>
  `const ${name} = new sftptogo.SshPublicKeySet("${name}", { credentialId: acme.id, sshPublicKeyBodies: ${JSON.stringify(bodies)} }, {${options}});\n`;
const keys = () =>
  [...stage.emulator.data.sshPublicKeys.values()].map(({ SshPublicKeyBody }) => SshPublicKeyBody).sort();
const left = "was not deleted: another resource of this stack manages it now";

describe("a login that was renamed with the import option", () => {
  test.each([
    ["by the option", (id: string) => `{ import: "${id}" }`],
    ["by its user name, the option taken out again", () => ""],
  ])("outlives a cleanup by --target: it is known %s", async (_, optionOf) => {
    await up(login("old"));
    const { Id } = stage.login();
    await up(login("renamed", `{ import: "${Id}" }`), "--target", "**::renamed");
    expect(await up(login("renamed", optionOf(Id)), "--target", "**::old")).toContain(left);
    expect(stage.login().Id).toBe(Id);
    await up(login("renamed", optionOf(Id)));
    await stage.stack.expectNoChanges();
    await stage.stack.destroy();
    expect(stage.emulator.data.findCredential("acme-incoming")).toBe(undefined);
  });

  test("outlives an `up` that excludes its new resource, which the state does not have yet", async () => {
    await up(login("old"));
    const { Id } = stage.login();
    expect(await up(login("renamed", `{ import: "${Id}" }`), "--exclude", "**::renamed")).toContain(left);
    expect(stage.login().Id).toBe(Id);
    await up(login("renamed", `{ import: "${Id}" }`));
    expect((await stage.inState("renamed")).id).toBe(Id);
  });

  test("is known by its id where no argument tells it: it has a name of the package's own", async () => {
    await up(`new sftptogo.Credential("old");`);
    const { Id } = stage.login();
    await up(`new sftptogo.Credential("renamed", {}, { import: "${Id}" });`, "--target", "**::renamed");
    expect(await up(`new sftptogo.Credential("renamed");`, "--target", "**::old")).toContain(left);
    expect(stage.login().Id).toBe(Id);
  });

  test("goes as any other by a target, a removal, a forced replacement, and a destroy that runs the program", async () => {
    const other = `new sftptogo.Credential("other", { userName: "other-incoming" });\n`;
    await up(login("acme") + other);
    const { data } = stage.emulator;
    expect(await up(login("acme"), "--target", "**::other")).not.toContain(left);
    expect(data.findCredential("other-incoming")).toBe(undefined);
    const { Id } = stage.login();
    expect(await up(login("acme"), "--target-replace", (await stage.inState("acme")).urn)).not.toContain(
      left,
    );
    expect(stage.login().Id).not.toBe(Id);
    const destroyed = await stage.stack.run(["destroy", "--yes", "--skip-preview", "--run-program"]);
    expect([destroyed.code, destroyed.all.includes(left)]).toEqual([0, false]);
    expect([...data.credentials.values()]).toEqual([data.root]);
  });
});

describe("a key", () => {
  test("that has moved into a set, each by a target, stays", async () => {
    await up(login("acme") + key("single"));
    const moved = login("acme") + set("keys", [ed25519]);
    await up(moved, "--target", "**::keys");
    expect(await up(moved, "--target", "**::single")).toContain(left);
    expect(keys()).toEqual([ed25519]);
    await up(moved);
    await stage.stack.expectNoChanges();
  });

  test.each([
    [
      "the set by dependsOn",
      () =>
        key("single", "provider", ecdsa).replace("new ", "const single = new ") +
        set("keys", [ed25519], "dependsOn: [single]"),
    ],
    ["the set first", () => set("keys", [ed25519]) + key("single", "provider", ecdsa)],
  ])("that a set of another process does not declare stays, made in the same update: %s", async (_, rest) => {
    await up(login("acme") + set("keys", [ed25519]));
    const program = provider() + login("acme") + rest();
    await up(program);
    expect(keys()).toEqual([ecdsa, ed25519].sort());
    for (const args of [[], ["--target", "**::keys"], ["--refresh"]]) {
      await up(program, ...args);
      expect(keys()).toEqual([ecdsa, ed25519].sort());
    }
    expect(fingerprintOf(ecdsa)).toBeDefined();
  });

  test("that was added elsewhere beside them is still removed by the set", async () => {
    const program = login("acme") + set("keys", [ed25519]);
    await up(program);
    stage.emulator.data.addSshPublicKey({
      UserId: stage.login().Id,
      SshPublicKeyBody: ecdsa,
      Comment: "",
      Fingerprint: fingerprintOf(ecdsa) ?? "",
      Type: "ecdsa",
    });
    await up(program, "--refresh");
    expect(keys()).toEqual([ed25519]);
  });
});

describe("the processes of an update find each other", () => {
  const moves = async () => {
    await up(login("old"));
    const { Id } = stage.login();
    await up(provider() + login("renamed", `{ provider, import: "${Id}" }`));
    expect(stage.login().Id).toBe(Id);
    await stage.stack.destroy();
    expect(stage.emulator.data.findCredential("acme-incoming")).toBe(undefined);
  };

  // The engine itself needs one to run a program, and none to destroy.
  test("where a destroy has no temporary folder", async () => {
    await up(login("acme"));
    Object.assign(stage.stack.env, { TMPDIR: join(stage.stack.folder, "nothing") });
    await stage.stack.destroy();
    expect(stage.emulator.data.findCredential("acme-incoming")).toBe(undefined);
  });

  test("where the engine is called otherwise", async () => {
    const renamed = join(dirname(stage.stack.engine.pulumi), `infrastructure-${process.pid}`);
    onTestFinished(() => rm(renamed, { force: true }));
    await link(stage.stack.engine.pulumi, renamed);
    Object.assign(stage.stack, { engine: { ...stage.stack.engine, pulumi: renamed } });
    await moves();
  });

  // As in a container whose entry point is `pulumi`.
  test.skipIf(!canUnshare)("where the engine is process 1", async () => {
    const script = join(stage.stack.folder, "container");
    await writeFile(
      script,
      `#!/bin/sh\nexec unshare --pid --fork --mount-proc -- "${stage.stack.engine.pulumi}" "$@"\n`,
    );
    await chmod(script, 0o755);
    Object.assign(stage.stack, { engine: { ...stage.stack.engine, pulumi: script } });
    await moves();
  });
});
