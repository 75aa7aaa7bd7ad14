import { expect, test } from "vitest";
import { sshKey, start } from "./caller";

async function withCredential() {
  const started = await start();
  const { body } = await started.call("POST", "/users", {});
  return { ...started, id: body.Id as string, path: `/users/${body.Id}/ssh-public-keys` };
}

test.each([
  ["rsa", "rsa"],
  ["ed25519", "ed25519"],
  ["P-256", "ecdsa"],
  ["P-384", "ecdsa"],
  ["P-521", "ecdsa"],
] as const)("adds a key of %s, and fills in type, comment and the real fingerprint", async (kind, type) => {
  const { call, path, id } = await withCredential();
  const key = sshKey(kind, "ladybug on a MacBook");
  const { status, body } = await call("POST", path, { SshPublicKeyBody: `${key.line}\n` });
  expect(status).toBe(201);
  expect(body).toEqual({
    Comment: "ladybug on a MacBook",
    CreatedAt: expect.any(Number),
    Fingerprint: key.fingerprint,
    Id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    SshPublicKeyBody: key.line,
    Type: type,
    UpdatedAt: body.CreatedAt,
    UserId: id,
  });
  expect((await call("GET", path)).body).toEqual([body]);
});

test("counts keys in the credential's answers", async () => {
  const { call, path, id } = await withCredential();
  await call("POST", path, { SshPublicKeyBody: sshKey().line });
  await call("POST", path, { SshPublicKeyBody: sshKey().line });
  expect((await call("GET", `/users/${id}`)).body.SshPublicKeysCount).toBe(2);
  const counts = (await call("GET", "/users")).body.map(
    (each: { SshPublicKeysCount: number }) => each.SshPublicKeysCount,
  );
  expect(counts).toEqual([0, 2]);
});

test("refuses the same key twice on a credential, whatever its comment, but not on another one", async () => {
  const { call, path, emulator } = await withCredential();
  const { line } = sshKey("ed25519", "");
  expect((await call("POST", path, { SshPublicKeyBody: line })).body.Comment).toBe("");
  expect((await call("POST", path, { SshPublicKeyBody: `${line} again` })).status).toBe(409);
  const root = `/users/${emulator.data.root.Id}/ssh-public-keys`;
  expect((await call("POST", root, { SshPublicKeyBody: line })).status).toBe(201);
});

const { line } = sshKey();
test.each([
  ["no body", undefined],
  ["the reference's placeholder", "key"],
  ["a kind that is not taken", line.replace("ssh-ed25519", "ssh-dss")],
  ["a kind that is not the blob's", line.replace("ssh-ed25519", "ssh-rsa")],
  ["a cut blob", line.slice(0, 60)],
  ["options before it", `no-pty ${line}`],
  ["two lines", `${line}\n${line}`],
  [
    "the SSH2 format",
    `---- BEGIN SSH2 PUBLIC KEY ----\n${line.split(" ")[1]}\n---- END SSH2 PUBLIC KEY ----`,
  ],
])("refuses %s", async (_, SshPublicKeyBody) => {
  const { call, path, emulator } = await withCredential();
  expect((await call("POST", path, { SshPublicKeyBody })).status).toBe(400);
  expect(emulator.data.sshPublicKeys.size).toBe(0);
});

test("removes a key, with the key as the answer", async () => {
  const { call, path } = await withCredential();
  const { body } = await call("POST", path, { SshPublicKeyBody: line });
  const reply = await call("DELETE", `${path}/${body.Id}`);
  expect(reply.status).toBe(200);
  expect(reply.body).toEqual(body);
  expect((await call("DELETE", `${path}/${body.Id}`)).status).toBe(404);
  expect((await call("GET", path)).body).toEqual([]);
});

test("does not find a key under another credential", async () => {
  const { call, path, emulator } = await withCredential();
  const { body } = await call("POST", path, { SshPublicKeyBody: line });
  const other = `/users/${emulator.data.root.Id}/ssh-public-keys/${body.Id}`;
  expect((await call("DELETE", other)).status).toBe(404);
  expect(emulator.data.sshPublicKeys.size).toBe(1);
});

test("has no read of a single key", async () => {
  const { call, path, emulator } = await withCredential();
  const { body } = await call("POST", path, { SshPublicKeyBody: line });
  const reply = await call("GET", `${path}/${body.Id}`);
  expect(reply.status).toBe(404);
  expect(emulator.ledger.at(-1)?.operation).toBe("unknown");
});

test("are deleted with their credential, and those of an unknown credential are not found", async () => {
  const { call, path, id, emulator } = await withCredential();
  await call("POST", path, { SshPublicKeyBody: line });
  await call("DELETE", `/users/${id}`);
  expect(emulator.data.sshPublicKeys.size).toBe(0);
  expect((await call("GET", path)).status).toBe(404);
  expect((await call("POST", path, { SshPublicKeyBody: line })).status).toBe(404);
  expect((await call("DELETE", `${path}/x`)).status).toBe(404);
});
