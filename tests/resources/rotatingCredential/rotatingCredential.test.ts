/** What a rotating credential registers, as Pulumi's mocks see it; its lives are in `tests/harness/outages/` and `tests/engine/`. */
import * as pulumi from "@pulumi/pulumi";
import type { MockResourceArgs } from "@pulumi/pulumi/runtime";
import { beforeEach, expect, test } from "vitest";
import {
  RotatingCredential,
  type RotatingCredentialArgs,
  type RotatingCredentialOptions,
} from "../../../provider/index";
import { mockEngine, resolved } from "../../protocol/program";
import { ed25519 } from "../shared/keys";

const outputs = {
  homeDirectory: "/home/given-by-the-service",
  activeCredentialId: "id-of-a",
  userName: "acme-incoming",
  password: "a password",
  host: "acme.sftptogo.com",
};
let registered: MockResourceArgs[];
beforeEach(async () => {
  registered = await mockEngine({ outputs });
});

async function register(args?: RotatingCredentialArgs, options?: RotatingCredentialOptions) {
  const acme = new RotatingCredential("acme", args, options);
  await resolved(acme.active.userName);
  await resolved(acme.urn);
  return { acme, of: (name: string) => registered.find((each) => each.name === name) };
}

test("two credentials of the same arguments, the second one in reserve, and a rotation between them", async () => {
  const { of } = await register({
    userName: "acme-incoming",
    homeDirectory: "/acme",
    permission: "read-write",
    expiration: "2027-06-30",
    state: "active",
    triggers: [1],
    graceDays: 3,
  });
  const both = { homeDirectory: "/acme", permission: "read-write", expiration: "2027-06-30" };
  expect(of("acme-a")?.inputs).toMatchObject({ ...both, userName: "acme-incoming" });
  expect(of("acme-b")?.inputs).toMatchObject({ ...both, userName: "acme-incoming-b", __reserve: true });
  // The rotation alone opens and closes them.
  for (const name of ["acme-a", "acme-b"]) expect(of(name)?.inputs.state).toBeUndefined();
  expect(of("acme-rotation")?.inputs).toMatchObject({
    credentialIds: ["acme-a-id", "acme-b-id"],
    triggers: [1],
    graceDays: 3,
    state: "active",
    expiration: "2027-06-30",
  });
  expect(of("acme")?.type).toBe("sftptogo:index:RotatingCredential");
});

test("one folder for both, whatever the service gives the first one", async () => {
  const { of } = await register();
  expect(of("acme-a")?.inputs.homeDirectory).toBeUndefined();
  expect(of("acme-b")?.inputs.homeDirectory).toBe("/home/given-by-the-service");
  expect(of("acme-b")?.inputs.userName).toBeUndefined();
});

test("a user name may be an output, and one that is undefined is left out", async () => {
  const { of } = await register({ userName: pulumi.output("acme-incoming") });
  expect(of("acme-b")?.inputs.userName).toBe("acme-incoming-b");
  registered = await mockEngine({ outputs });
  const again = await register({ userName: pulumi.output(undefined) });
  expect(again.of("acme-b")?.inputs.userName).toBeUndefined();
});

test("the keys of both are one set each, taken over with the login that is", async () => {
  const { of } = await register({ sshPublicKeyBodies: [ed25519] }, { import: "an-id" });
  expect(of("acme-a")?.inputs.__importId).toBe("an-id");
  expect(of("acme-a-keys")?.inputs).toMatchObject({ sshPublicKeyBodies: [ed25519], __importId: "an-id" });
  expect(of("acme-b")?.inputs.__importId).toBeUndefined();
  expect(of("acme-b-keys")?.inputs.credentialId).toBe("acme-b-id");
});

test("the keys of the second one are taken over with it, too", async () => {
  const { of } = await register({ sshPublicKeyBodies: [ed25519] }, { import: [undefined, "of-b"] });
  expect([of("acme-a-keys")?.inputs.__importId, of("acme-b-keys")?.inputs.__importId]).toEqual([
    undefined,
    "of-b",
  ]);
});

test("a login's name is the credential's, also where the rotation was not told of a new one", async () => {
  const stale = { activeCredentialId: "acme-b-id", previousCredentialId: "acme-a-id" };
  registered = await mockEngine({ outputs: { ...outputs, ...stale, previousUserName: "acme-incoming-b" } });
  const { acme } = await register({ userName: "acme-renamed" });
  expect(await resolved(acme.active.userName)).toBe("acme-renamed-b");
  expect(await resolved(acme.active.uri)).toBe("sftp://acme-renamed-b:a%20password@acme.sftptogo.com");
  expect(await resolved(acme.previous.userName)).toBe("acme-renamed");
});

test("it is the rotation's where that has another credential still, and none where there is none", async () => {
  registered = await mockEngine({ outputs: { ...outputs, previousUserName: null } });
  const { acme } = await register({ userName: "acme-renamed" });
  expect(await resolved(acme.active.userName)).toBe("acme-incoming");
  expect(await resolved(acme.previous.userName)).toBeNull();
});

test("the login in use goes into other resources; its address is secret", async () => {
  const { acme } = await register();
  expect(await resolved(acme.active.userName)).toBe("acme-incoming");
  expect(await resolved(acme.active.uri)).toBe("sftp://acme-incoming:a%20password@acme.sftptogo.com");
  expect(await pulumi.isSecret(acme.active.uri)).toBe(true);
  expect(await pulumi.isSecret(acme.active.userName)).toBe(false);
});

test("it is recognised by its type", async () => {
  const { acme } = await register();
  expect(RotatingCredential.isInstance(acme)).toBe(true);
  expect(RotatingCredential.isInstance({ __pulumiType: RotatingCredential.__pulumiType })).toBe(true);
  expect(RotatingCredential.isInstance(acme.credentials[0])).toBe(false);
});
