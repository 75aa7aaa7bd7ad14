/** An SSH public key's life on the real engine, as it is printed: added, replaced, drifted, removed. */
import { generateKeyPairSync } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { openRealStage, type RealStage } from "../harness/stage/real.js";

let stage: RealStage;
afterEach(() => stage?.[Symbol.asyncDispose]());

/** A fresh public key in OpenSSH's format. */
function publicKey(comment = "ops@acme.example"): string {
  const { publicKey } = generateKeyPairSync("ed25519");
  const raw = Buffer.from(publicKey.export({ format: "jwk" }).x ?? "", "base64url");
  const part = (bytes: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  const blob = Buffer.concat([part(Buffer.from("ssh-ed25519")), part(raw)]).toString("base64");
  return `ssh-ed25519 ${blob} ${comment}`;
}

function keys() {
  return [...stage.emulator.data.sshPublicKeys.values()];
}

function operations(): string[] {
  return stage.writes().map(({ operation }) => operation);
}

describe("an SSH public key's life", () => {
  it("begins with one request, replaces for another key, and ends with only root left", async () => {
    const program = (body: string, owner = "acme") => `
      const acme = new sftptogo.Credential("acme");
      const other = new sftptogo.Credential("other");
      const key = new sftptogo.SshPublicKey("key", {
        credentialId: ${owner}.id,
        sshPublicKeyBody: ${JSON.stringify(body)},
      });
      export const { keyId, comment, fingerprint, type, organizationId } = key;
      export const id = key.id;
    `;
    const [first, second] = [publicKey(), publicKey()];
    stage = await openRealStage(program(first));
    const { stack, emulator } = stage;
    // The credential's id is not known yet.
    expect((await stack.preview()).stdout).toContain("+ 4 to create");
    await stack.up();
    await stack.preview(["--expect-no-changes"]);
    await stack.refresh(["--expect-no-changes"]);
    expect(operations()).toEqual(["createCredential", "createCredential", "addSshPublicKey"]);
    const [added] = keys();
    expect(await stack.outputs()).toEqual({
      id: `${added?.UserId}/${added?.Id}`,
      keyId: added?.Id,
      comment: "ops@acme.example",
      fingerprint: added?.Fingerprint,
      type: "ed25519",
      organizationId: emulator.organizationId,
    });

    // The comment identifies nothing.
    await stage.write(program(first.replace("ops@", "operations@")));
    await stack.preview(["--expect-no-changes"]);

    await stage.write(program(second));
    expect((await stack.preview()).stdout).toMatch(/\+-.*SshPublicKey: \(replace\)(.|\n)*~ sshPublicKeyBody/);
    await stack.up();
    expect(operations()).toEqual(["addSshPublicKey", "removeSshPublicKey"]);
    expect(keys()).toMatchObject([{ UserId: added?.UserId, SshPublicKeyBody: second }]);

    await stage.write(program(second, "other"));
    await stack.up();
    await stack.expectNoChanges();
    expect(operations()).toEqual(["addSshPublicKey", "removeSshPublicKey"]);
    expect(keys()).toMatchObject([{ UserId: (await stage.inState("other")).id, SshPublicKeyBody: second }]);

    await stack.destroy();
    expect(keys()).toEqual([]);
    expect([...emulator.data.credentials.values()]).toEqual([emulator.data.root]);
    expect((await stack.exportState()).resources ?? []).toEqual([]);
  });

  it("sees drift and removal in a refresh, and is put right by the next up", async () => {
    const body = publicKey();
    stage = await openRealStage(`
      const acme = new sftptogo.Credential("acme", { userName: "acme-incoming" });
      new sftptogo.SshPublicKey("key", { credentialId: acme.id, sshPublicKeyBody: ${JSON.stringify(body)} });
    `);
    const { stack, emulator } = stage;
    await stack.up();
    const key = () => keys()[0] as ReturnType<typeof keys>[number];
    operations();

    // What nobody can declare is only noted: there is nothing to put right.
    Object.assign(key(), { Comment: "renamed", Fingerprint: "SHA256:other", Type: "rsa" });
    await stack.refresh();
    expect((await stage.inState("key")).outputs).toMatchObject({
      comment: "renamed",
      fingerprint: "SHA256:other",
      type: "rsa",
    });
    await stack.preview(["--expect-no-changes"]);

    key().SshPublicKeyBody = publicKey();
    expect((await stack.refresh(["--diff"])).stdout).toContain("~ sshPublicKeyBody");
    expect(operations()).toEqual([]);
    expect((await stack.up()).stdout).toContain("+-1 replaced");
    expect(operations()).toEqual(["addSshPublicKey", "removeSshPublicKey"]);
    expect(keys()).toMatchObject([{ SshPublicKeyBody: body, Comment: "ops@acme.example" }]);

    emulator.data.sshPublicKeys.clear();
    expect((await stack.refresh()).stdout).toContain("- 1 deleted");
    await stack.up();
    await stack.expectNoChanges();
    expect(operations()).toEqual(["addSshPublicKey"]);
    expect(keys()).toMatchObject([{ SshPublicKeyBody: body }]);

    // With its credential a key is gone too.
    emulator.data.deleteCredential(stage.login().Id);
    expect((await stack.refresh()).stdout).toContain("- 2 deleted");
    await stack.up();
    expect(keys()).toMatchObject([{ UserId: stage.login().Id, SshPublicKeyBody: body }]);
  });
});
