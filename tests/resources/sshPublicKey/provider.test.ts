import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { unknownValue } from "../../../provider/protocol/unknowns";
import { sshPublicKeyProvider } from "../../../provider/resources/sshPublicKey/provider";
import { api, withoutNetwork } from "../../api/interceptors";
import { failureOf, organizationId } from "../../api/setup";
import { sshPublicKey as example, rootCredential } from "../../fixtures/reference";
import { connectionReset, type FakeOptions, fakeSession, handlersOf, urn } from "../../lifecycle/fakes";
import { ecdsa, ed25519, rsa } from "../shared/keys";

withoutNetwork();

// The reference's example belongs to its root credential. Its body and its fingerprint are cut short there: a key that
// is shown like that is known by what its fingerprint begins with.
const credentialId = example.UserId;
const sshPublicKey = { ...example, Fingerprint: fingerprintOf(ecdsa).slice(0, 19) };
const id = `${credentialId}/${sshPublicKey.Id}`;
const keys = `/users/${credentialId}/ssh-public-keys`;
const body = ecdsa;
const inputs = { credentialId, sshPublicKeyBody: body, __provider: "stub" };
const outputs = {
  credentialId,
  sshPublicKeyBody: body,
  keyId: sshPublicKey.Id,
  comment: "ladybug@Ladybugs-MacBook-Pro.local",
  fingerprint: sshPublicKey.Fingerprint,
  type: "rsa",
  createdAt: 1617354664883,
  organizationId,
  __managed: "credentialId,sshPublicKeyBody",
};
const other = { ...sshPublicKey, Id: "0b7e7f4c-1111-42de-a1d0-997a0818310a", SshPublicKeyBody: rsa };

/** As `ssh-keygen -l` prints it. */
function fingerprintOf(key: string): string {
  const blob = Buffer.from(key.split(" ")[1] ?? "", "base64");
  return `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`;
}

function withKeys(SshPublicKeysCount: number) {
  return { ...rootCredential, SshPublicKeysCount };
}

/** What check is given for a resource that is new. */
function declared(values: object) {
  return {
    credentialId,
    sshPublicKeyBody: ed25519,
    __provider: "stub",
    __resourceUrn: urn("SshPublicKey", "acme"),
    ...values,
  };
}

function start(options?: FakeOptions) {
  const fake = fakeSession(options);
  return { ...fake, provider: handlersOf(fake.session, sshPublicKeyProvider(fake.session)) };
}

describe("check", () => {
  test("passes on what is declared, and looks whether the key is there already", async () => {
    api().get(keys).reply(200, [sshPublicKey]);
    const { inputs, failures } = await start().provider.check({}, declared({}));
    expect(failures).toEqual([]);
    expect(inputs).toEqual({ credentialId, sshPublicKeyBody: ed25519 });
  });

  test("warns of a key that is there already, with the import option to add", async () => {
    api()
      .get(keys)
      .reply(200, [{ ...sshPublicKey, SshPublicKeyBody: `${ed25519} of somebody` }]);
    const { provider, warnings } = start();
    expect((await provider.check({}, declared({}))).failures).toEqual([]);
    expect(warnings).toEqual([
      expect.stringContaining(`add the option { import: "${credentialId}/${sshPublicKey.Id}" }`),
    ]);
  });

  test("asks nothing for a credential that is not known yet", async () => {
    const { failures } = await start().provider.check({}, declared({ credentialId: unknownValue }));
    expect(failures).toEqual([]);
  });

  test("refuses a private key without asking anything", async () => {
    const sshPublicKeyBody = "-----BEGIN OPENSSH PRIVATE KEY-----\nCANARY\n-----END OPENSSH PRIVATE KEY-----";
    const { failures } = await start().provider.check({}, declared({ sshPublicKeyBody }));
    expect(failures).toEqual([{ property: "", reason: expect.stringContaining("is a private key") }]);
    expect(JSON.stringify(failures)).not.toContain("CANARY");
  });

  test("says in preview that the credential does not exist", async () => {
    api().get(keys).reply(404, { message: "Not found" });
    const { failures } = await start().provider.check({}, declared({}));
    expect(failures).toEqual([{ property: "", reason: expect.stringContaining(credentialId) }]);
  });
});

describe("diff", () => {
  const olds = { ...outputs, sshPublicKeyBody: ed25519 };

  test.each([
    ["credentialId", "the same", credentialId, []],
    ["credentialId", "changed", "cfc211269c8c0f925c64b1a223d8eb", ["credentialId"]],
    ["credentialId", "unknown", unknownValue, ["credentialId"]],
    ["credentialId", "taken out", undefined, []],
    ["sshPublicKeyBody", "the same", ed25519, []],
    ["sshPublicKeyBody", "changed", rsa, ["sshPublicKeyBody"]],
    ["sshPublicKeyBody", "unknown", unknownValue, ["sshPublicKeyBody"]],
    ["sshPublicKeyBody", "taken out", undefined, []],
    ["sshPublicKeyBody", "written with another comment", `${ed25519} 2027\n`, []],
  ])("%s %s", async (key, _, value, replaces) => {
    const news = { credentialId, sshPublicKeyBody: ed25519, [key]: value };
    expect(await start().provider.diff(id, olds, news)).toEqual(
      replaces.length > 0 ? { changes: true, replaces, deleteBeforeReplace: true } : { changes: false },
    );
  });
});

describe("create", () => {
  test("adds the key and returns all outputs", async () => {
    api().get(keys).reply(200, []).post(keys, { SshPublicKeyBody: body }).reply(201, sshPublicKey);
    expect(await start().provider.create(inputs)).toEqual({ id, outs: outputs });
  });

  test("sends one line, and keeps the program's words", async () => {
    const SshPublicKeyBody = ed25519;
    api()
      .get(keys)
      .reply(200, [])
      .post(keys, { SshPublicKeyBody })
      .reply(201, { ...sshPublicKey, SshPublicKeyBody });
    const { outs } = await start().provider.create({ ...inputs, sshPublicKeyBody: `${ed25519}\n` });
    expect(outs?.sshPublicKeyBody).toBe(`${ed25519}\n`);
  });

  test("is not done where the key was there before", async () => {
    api().get(keys).reply(200, [sshPublicKey]);
    const error = await failureOf(start().provider.create(inputs));
    expect(error.message).toBe(
      `An SSH public key with this body, of credential ${credentialId}, already exists. If it belongs to a resource ` +
        "of this stack that was renamed or moved in the program, give the new one the option `aliases` with the old " +
        `name. To take over an object that this stack does not manage, add the option { import: "${id}" }. ` +
        "Otherwise give them different names.",
    );
  });

  test("with a lost answer that no look explains is not posted again", async () => {
    api().get(keys).reply(200, []).post(keys).replyWithError(connectionReset);
    api().get(keys).times(5).reply(200, []);
    const error = await failureOf(start().provider.create(inputs));
    expect(error.message).toContain("It is not known whether it was created: it is not in the list.");
  });

  test("passes on what the API refuses", async () => {
    api().get(keys).reply(200, []).post(keys).reply(422, { message: "Key type is not allowed." });
    const error = await failureOf(start().provider.create(inputs));
    expect(error.message).toContain('The API says: "Key type is not allowed."');
  });

  test("adds a key again that this process has deleted, though its first look still saw it", async () => {
    const { provider } = start();
    api()
      .get(keys)
      .reply(200, [sshPublicKey, other])
      .post(keys)
      .reply(201, { ...sshPublicKey, Id: "x", SshPublicKeyBody: ed25519 });
    await provider.create({ ...inputs, sshPublicKeyBody: ed25519 });
    api().delete(`${keys}/${sshPublicKey.Id}`).reply(200, sshPublicKey);
    await provider.delete(id, outputs);
    api()
      .post(keys)
      .reply(201, { ...sshPublicKey, Id: "again" });
    expect(await provider.create(inputs)).toMatchObject({ id: `${credentialId}/again` });
  });
});

describe("the import option", () => {
  test("is refused in preview where the key is another one", async () => {
    api().get(keys).reply(200, [sshPublicKey]);
    const { failures } = await start().provider.check({}, declared({ __importId: id }));
    expect(failures).toEqual([
      {
        property: "",
        reason: expect.stringMatching(
          /^import: SSH public key .* is not what the program declares: sshPublicKeyBody is "SHA256:.*" there/,
        ),
      },
    ]);
  });

  test("is refused where the id is not one", async () => {
    const { failures } = await start().provider.check({}, declared({ __importId: sshPublicKey.Id }));
    expect(failures).toEqual([
      { property: "", reason: expect.stringContaining("is not the id of an SSH public key") },
    ]);
  });

  test("is dead in a replacement, which must not adopt what it deletes", async () => {
    const { provider } = start();
    const news = declared({ __importId: id });
    const { inputs: unchanged } = await provider.check({ credentialId, sshPublicKeyBody: ed25519 }, news);
    await provider.diff(id, outputs, news);
    const { inputs: replacing } = await provider.check({}, news);
    expect(unchanged).not.toHaveProperty("__importId");
    expect(replacing).not.toHaveProperty("__importId");
  });
});

describe("read", () => {
  test("returns what the server holds, and no inputs when nothing has drifted", async () => {
    api().get(keys).reply(200, [other, sshPublicKey]);
    expect(await start().provider.read(id, outputs)).toEqual({ id, props: outputs });
  });

  test("takes it for gone where the credential counts more, once three reads show the same keys", async () => {
    api()
      .get(keys)
      .times(3)
      .reply(200, [other])
      .get("/users")
      .reply(200, [withKeys(2)]);
    const { provider, clock } = start();
    expect(await provider.read(id, outputs)).toEqual({ id: "", props: {} });
    expect(clock.slept).toEqual([2_000, 4_000]);
  });

  test.each([1, 2])("finds a key that the list shows only after %i more reads", async (late) => {
    api()
      .get(keys)
      .times(late)
      .reply(200, [other])
      .get("/users")
      .reply(200, [withKeys(2)])
      .get(keys)
      .reply(200, [other, sshPublicKey]);
    expect(await start().provider.read(id, outputs)).toEqual({ id, props: outputs });
  });

  test("fails when the list changes between the reads", async () => {
    api()
      .get(keys)
      .reply(200, [other])
      .get("/users")
      .reply(200, [withKeys(3)])
      .get(keys)
      .reply(200, [other, { ...other, Id: "1" }]);
    const error = await failureOf(start().provider.read(id, outputs));
    expect(error).toMatchObject({ name: "UncertainError" });
    expect(error.message).toContain("the list is changing");
    expect(error.message).toContain("`pulumi state delete`");
  });

  test("returns a blank id when its credential was removed, which takes a look by list and by id", async () => {
    api().get(keys).reply(404, { message: "Not found" });
    api()
      .get("/users")
      .reply(200, [{ ...rootCredential, Id: "another" }])
      .get(`/users/${credentialId}`)
      .reply(404);
    expect(await start().provider.read(id, outputs)).toEqual({ id: "", props: {} });
  });

  test("fails when the keys are not found and the credential is there", async () => {
    api().get(keys).reply(404).get("/users").reply(200, [rootCredential]);
    const error = await failureOf(start().provider.read(id, outputs));
    expect(error).toMatchObject({ name: "NotFoundError" });
  });

  test("fails when the list of credentials looks cut", async () => {
    api().get(keys).reply(404).get("/users").reply(200, []).get(`/users/${credentialId}`).reply(404);
    const error = await failureOf(start().provider.read(id, outputs));
    expect(error).toMatchObject({ name: "UncertainError" });
  });

  test.each([401, 403, 500])("fails on %i", async (status) => {
    api()
      .get(keys)
      .times(status === 500 ? 4 : 1)
      .reply(status);
    await expect(start().provider.read(id, outputs)).rejects.toMatchObject({ status });
  });

  test("of a .get fills in all outputs", async () => {
    api().get(keys).reply(200, [sshPublicKey]);
    const { props } = await start().provider.read(id, { __provider: "stub" });
    expect(props).toEqual({ ...outputs, sshPublicKeyBody: sshPublicKey.Fingerprint, __managed: "" });
  });
});

describe("update", () => {
  test("changes nothing on the server and returns full outputs", async () => {
    api().get(keys).reply(200, [sshPublicKey]);
    const olds = { credentialId, organizationId, __managed: "" };
    expect(await start().provider.update(id, olds, inputs)).toEqual({ outs: outputs });
  });

  test("says that the key is gone, and to refresh", async () => {
    api()
      .get(keys)
      .reply(200, [])
      .get("/users")
      .reply(200, [withKeys(0)]);
    const error = await failureOf(start().provider.update(id, outputs, inputs));
    expect(error.message).toContain(`The SSH public key ${id} is gone. Run \`pulumi refresh\``);
  });
});

test("update is refused under another organization than the recorded one, and nothing is sent", async () => {
  const { provider } = start({ organizationId: "120ffd28-f115-7ce2-abc4-1e168c57c88a" });
  const error = await failureOf(provider.update(id, outputs, inputs));
  expect(error.message).toContain(`Refused to update SSH public key ${id}`);
});

describe("delete", () => {
  test("succeeds when its credential is gone", async () => {
    api().delete(`${keys}/${sshPublicKey.Id}`).reply(404).get(keys).reply(404);
    api()
      .get("/users")
      .reply(200, [{ ...rootCredential, Id: "another" }]);
    api().get(`/users/${credentialId}`).reply(404);
    await start().provider.delete(id, outputs);
  });

  test("fails when it is not found and yet listed", async () => {
    api().delete(`${keys}/${sshPublicKey.Id}`).reply(404).get(keys).reply(200, [sshPublicKey]);
    await expect(start().provider.delete(id, outputs)).rejects.toMatchObject({ name: "NotFoundError" });
  });
});
