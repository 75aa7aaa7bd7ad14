import { describe, expect, test } from "vitest";
import { kinds, typeToken } from "../../provider/protocol/kinds";
import {
  joinId as rotationId,
  splitId as splitRotationId,
} from "../../provider/resources/passwordRotation/fields";
import { joinId as keyId, splitId as splitKeyId } from "../../provider/resources/shared/sshKeys";

/** What is in state files stays readable: these lines may grow, and never change. */
describe("in every state file ever written", () => {
  test("the kinds are these", () => {
    expect(kinds).toEqual([
      "Credential",
      "SshPublicKey",
      "Webhook",
      "ShareLink",
      "PasswordRotation",
      "CredentialRotation",
      "SshPublicKeySet",
    ]);
  });

  test("the type tokens are these", () => {
    expect(kinds.map(typeToken)).toEqual([
      "pulumi-nodejs:dynamic/sftptogo:Credential",
      "pulumi-nodejs:dynamic/sftptogo:SshPublicKey",
      "pulumi-nodejs:dynamic/sftptogo:Webhook",
      "pulumi-nodejs:dynamic/sftptogo:ShareLink",
      "pulumi-nodejs:dynamic/sftptogo:PasswordRotation",
      "pulumi-nodejs:dynamic/sftptogo:CredentialRotation",
      "pulumi-nodejs:dynamic/sftptogo:SshPublicKeySet",
    ]);
  });

  test("a key's id is its credential's and its own", () => {
    const id = "4ddb2ea265b8eaf7685b4e125a1292/97285e07-09fd-42de-a1d0-997a0818310a";
    const parts = {
      credentialId: "4ddb2ea265b8eaf7685b4e125a1292",
      keyId: "97285e07-09fd-42de-a1d0-997a0818310a",
    };
    expect(keyId(parts.credentialId, parts.keyId)).toBe(id);
    expect(splitKeyId(id)).toEqual(parts);
  });

  test("a rotation's id is its credential's and its time in milliseconds", () => {
    const id = "4ddb2ea265b8eaf7685b4e125a1292/1798761600000";
    expect(rotationId("4ddb2ea265b8eaf7685b4e125a1292", 1798761600000)).toBe(id);
    expect(splitRotationId(id)).toEqual({
      credentialId: "4ddb2ea265b8eaf7685b4e125a1292",
      rotatedAt: 1798761600000,
    });
  });
});
