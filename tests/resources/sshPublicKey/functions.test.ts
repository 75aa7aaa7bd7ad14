import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { withoutNetwork } from "../../api/interceptors";
import { failureOf } from "../../api/setup";
import { sshPublicKey } from "../../fixtures/reference";
import { api, inStack, sftptogo } from "../../functions/program";
import { resolved } from "../../protocol/program";

withoutNetwork();
inStack();

const credentialId = sshPublicKey.UserId;
const keys = `/users/${credentialId}/ssh-public-keys`;
const key = {
  id: "4ddb2ea265b8eaf7685b4e125a1292/97285e07-09fd-42de-a1d0-997a0818310a",
  keyId: "97285e07-09fd-42de-a1d0-997a0818310a",
  credentialId: "4ddb2ea265b8eaf7685b4e125a1292",
  sshPublicKeyBody: "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQDS2KBmXgE...",
  comment: "ladybug@Ladybugs-MacBook-Pro.local",
  fingerprint: "SHA256:RcoHnamHrApC",
  type: "rsa",
  createdAt: 1617354664883,
  updatedAt: 1617354664883,
};

describe("getSshPublicKeys", () => {
  test("gives all keys of a credential, with the ids of the resources", async () => {
    api().get(keys).reply(200, [sshPublicKey]);
    expect(await sftptogo.getSshPublicKeys({ credentialId })).toStrictEqual([key]);
  });

  test("gives none for a credential without", async () => {
    api().get(keys).reply(200, []);
    expect(await sftptogo.getSshPublicKeys({ credentialId })).toEqual([]);
  });

  test("without the credential is an error that names it", async () => {
    api().get(keys).reply(404, { message: "Not found" });
    const error = await failureOf(sftptogo.getSshPublicKeys({ credentialId }));
    expect(error).toMatchObject({ name: "NotFoundError" });
    expect(error.message).toContain(credentialId);
  });

  test.each([undefined, {}, { id: credentialId }])("takes a credential's id: not %j", async (args) => {
    const error = await failureOf(sftptogo.getSshPublicKeys(args as never));
    expect(error.message).toBe("getSshPublicKeys takes { credentialId }.");
  });
});

describe("getSshPublicKeysOutput", () => {
  test("waits for the credential, and is no secret: public keys are none", async () => {
    api().get(keys).reply(200, [sshPublicKey]);
    const found = sftptogo.getSshPublicKeysOutput({ credentialId: pulumi.output(credentialId) });
    expect(await resolved(found)).toStrictEqual([key]);
    expect(await pulumi.isSecret(found)).toBe(false);
  });
});
