/** A set of keys on the real engine: rolled over with an overlap, drifted, renamed, moved to a provider, let go. */
import { afterEach, expect, it } from "vitest";
import { fingerprintOf } from "../../provider/resources/shared/sshKeys.js";
import { openRealStage, type RealStage } from "../harness/stage/real.js";
import { ecdsa, ed25519, rsa } from "../resources/shared/keys.js";

let stage: RealStage;
afterEach(() => stage?.[Symbol.asyncDispose]());

const day = 86_400_000;

function operations(): string[] {
  return stage.writes().map(({ operation }) => operation);
}

/** The bodies on the server. */
function onServer(): string[] {
  return [...stage.emulator.data.sshPublicKeys.values()]
    .map(({ SshPublicKeyBody }) => SshPublicKeyBody)
    .sort();
}

/** A program with a credential and its set. */
function program(bodies: string, { options = "", name = "keys", more = "" } = {}): string {
  return `
    const acme = new sftptogo.Credential("acme");
    ${more}
    export const { fingerprints, outgoing } = new sftptogo.SshPublicKeySet(${JSON.stringify(name)}, {
      credentialId: acme.id, sshPublicKeyBodies: ${bodies}, overlapDays: 7,
    }, { ${options} });
  `;
}

const json = (...bodies: string[]) => JSON.stringify(bodies);

it("rolls keys over with an overlap, and says in previews until when", async () => {
  stage = await openRealStage(program(json(ed25519, rsa)));
  const { stack, emulator } = stage;
  await stack.up();
  expect(operations()).toEqual(["createCredential", "addSshPublicKey", "addSshPublicKey"]);
  expect(await stack.outputs()).toEqual({
    fingerprints: [ed25519, rsa].map(fingerprintOf),
    outgoing: [],
  });

  // Order and comments make no difference.
  await stage.write(program(json(rsa, `${ed25519} 2027`)));
  await stack.preview(["--expect-no-changes"]);

  // What reaches the list as undefined removes nothing.
  await stage.write(program(`[${JSON.stringify(ed25519)}, pulumi.output(undefined) as any]`));
  expect((await stack.preview([], { fails: true })).all).toContain("sshPublicKeyBodies[1] must be a string");

  await stage.write(program(json(rsa, ecdsa)));
  const preview = (await stack.preview(["--diff"])).all;
  expect(preview).toMatch(/~ sshPublicKeyBodies/);
  const print = fingerprintOf(ed25519) ?? "";
  expect(preview).toMatch(/SSH public key set "keys": the old key SHA256:\S+ will stay for 7 days/);
  expect(preview).toContain(print);
  await stack.up();
  expect(operations()).toEqual(["addSshPublicKey"]);
  const still = (await stack.preview(["--expect-no-changes"])).all;
  expect(still).toMatch(/SSH public key set "keys": the old key SHA256:\S+ stays until .* UTC/);
  await stack.refresh(["--expect-no-changes"]);
  expect(onServer()).toEqual([ecdsa, ed25519, rsa].sort());

  await stage.passTime(8 * day);
  const due = (await stack.preview()).all;
  expect(due).toMatch(/warning: .*the overlap of the old key SHA256:\S+ ended on/);
  expect(due).toContain("~ 1 to update");
  await stack.up(["--target", (await stage.inState("keys")).urn]);
  expect(operations()).toEqual(["removeSshPublicKey"]);
  expect(onServer()).toEqual([ecdsa, rsa].sort());
  await stack.expectNoChanges();

  // What somebody adds in the dashboard goes.
  emulator.data.addSshPublicKey({
    UserId: stage.login().Id,
    SshPublicKeyBody: ed25519,
    Comment: "",
    Fingerprint: print,
    Type: "ed25519",
  });
  await stack.up(["--refresh"]);
  expect(operations()).toEqual(["removeSshPublicKey"]);
  expect(onServer()).toEqual([ecdsa, rsa].sort());
});

it("works with the options of resources", async () => {
  const keysOf = json(ed25519, rsa);
  stage = await openRealStage(program(keysOf));
  const { stack, emulator } = stage;
  await stack.up();
  operations();

  // Beside a single key of the same credential, it is refused before anything happens.
  const single = `new sftptogo.SshPublicKey("single", { credentialId: acme.id, sshPublicKeyBody: ${JSON.stringify(ecdsa)} });`;
  await stage.write(program(keysOf, { more: single }));
  expect((await stack.preview([], { fails: true })).all).toContain(
    "declare all of them in one SshPublicKeySet, or each one as an SshPublicKey",
  );

  // A rename with an alias, and a list that is not looked at.
  const renamed = `aliases: [{ name: "keys" }], protect: true, ignoreChanges: ["sshPublicKeyBodies"]`;
  await stage.write(program(json(ecdsa), { name: "renamed", options: renamed }));
  await stack.up();
  await stack.expectNoChanges();
  expect((await stack.run(["destroy", "--yes", "--skip-preview"])).all).toContain("protect");

  // A forced replacement makes it first, and finds everything there.
  await stage.write(program(keysOf, { name: "renamed" }));
  await stack.up(["--target-replace", (await stage.inState("renamed")).urn]);
  expect(operations()).toEqual([]);

  // Let go without a removal, and taken over by an explicit provider.
  await stage.write(program(keysOf, { name: "renamed", options: "retainOnDelete: true" }));
  await stack.up();
  const { organizationId, url, apiKey } = emulator;
  const provider = `const own = new sftptogo.Provider("own", ${JSON.stringify({ organizationId, baseUrl: url, apiKey })});`;
  const options = `provider: own, import: "${stage.login().Id}"`;
  await stage.write(program(keysOf, { name: "taken", more: provider, options }));
  await stack.up();
  await stack.expectNoChanges();
  expect(operations()).toEqual([]);
  expect(onServer()).toEqual([ed25519, rsa].sort());

  await stack.destroy();
  expect(operations().sort()).toEqual(["deleteCredential", "removeSshPublicKey", "removeSshPublicKey"]);
  expect(onServer()).toEqual([]);
});
