import { describe, expect, test } from "vitest";
import type { SshPublicKey } from "../../../provider/api/sshPublicKeys";
import { serverState } from "../../../provider/lifecycle/fields/translate";
import { unknownValue } from "../../../provider/protocol/unknowns";
import { joinId, keyIdentity, splitId } from "../../../provider/resources/shared/sshKeys";
import { sshPublicKeyFields as fields } from "../../../provider/resources/sshPublicKey/fields";
import { sshPublicKey } from "../../fixtures/reference";
import { failuresOf, warningsOf } from "../../lifecycle/fakes";
import { ecdsa, ed25519, rsa } from "../shared/keys";

const credentialId = "4ddb2ea265b8eaf7685b4e125a1292";
const canary = "CANARYb3BlbnNzaC1rZXktdjE";

const stateOf = (key: SshPublicKey, known: object) => serverState(fields, key, known);

function bodyFailures(sshPublicKeyBody: unknown): string[] {
  return failuresOf(fields, { credentialId, sshPublicKeyBody });
}

describe("a body", () => {
  test.each([
    ["of type ed25519", ed25519],
    ["of type rsa", rsa],
    ["of type ecdsa", ecdsa],
    ["without a comment", ed25519.split(" ").slice(0, 2).join(" ")],
    ["with a comment of several words", `${ed25519} (laptop, 2026)`],
    ["with the line break a file ends in", `${ed25519}\n`],
    ["that is not known yet", unknownValue],
  ])("%s is fit", (_, body) => {
    expect(bodyFailures(body)).toEqual([]);
  });

  test.each([
    ["OpenSSH", `-----BEGIN OPENSSH PRIVATE KEY-----\n${canary}\n-----END OPENSSH PRIVATE KEY-----\n`],
    ["RSA", `-----BEGIN RSA PRIVATE KEY-----\n${canary}\n-----END RSA PRIVATE KEY-----`],
    ["PKCS 8", `-----BEGIN PRIVATE KEY-----\n${canary}\n-----END PRIVATE KEY-----`],
    ["encrypted", `-----BEGIN ENCRYPTED PRIVATE KEY-----\n${canary}\n-----END ENCRYPTED PRIVATE KEY-----`],
    ["PuTTY", `PuTTY-User-Key-File-3: ssh-ed25519\nPrivate-Lines: 1\n${canary}`],
    ["on one line", `-----BEGIN OPENSSH PRIVATE KEY-----${canary}-----END OPENSSH PRIVATE KEY-----`],
    ["behind its public one", `${ed25519}\n-----BEGIN OPENSSH PRIVATE KEY-----\n${canary}`],
  ])("that is a private key (%s) is refused, and the engine is given no property to print", (_, body) => {
    const failures = bodyFailures(body);
    expect(failures).toEqual([expect.stringMatching(/^sshPublicKeyBody is a private key: give the public/)]);
    expect(failures.join()).not.toContain("CANARY");
  });

  test("that is a private key the state holds is warned of without its value", () => {
    const sshPublicKeyBody = `-----BEGIN PRIVATE KEY-----\n${canary}\n-----END PRIVATE KEY-----`;
    const inputs = { credentialId, sshPublicKeyBody };
    const warnings = warningsOf(fields, inputs, { olds: inputs });
    expect(warnings).toEqual([expect.stringContaining("is a private key")]);
    expect(warnings.join()).not.toContain("CANARY");
  });

  test.each([
    [
      "in SSH2 format",
      '---- BEGIN SSH2 PUBLIC KEY ----\nComment: "x"\nAAAA\n---- END SSH2 PUBLIC KEY ----',
      "is in SSH2 format (RFC 4716): convert it with `ssh-keygen -i -f <file>`",
    ],
    [
      "in PEM format",
      "-----BEGIN PUBLIC KEY-----\nMIIBIjAN\n-----END PUBLIC KEY-----",
      "is in PEM format: convert it with `ssh-keygen -i -m PKCS8 -f <file>`",
    ],
    ["of several lines", `${ed25519}\n${rsa}`, "has several lines: give one line"],
    ["of several lines of an old Mac", `${ed25519}\r${rsa}`, "has several lines: give one line"],
    ["broken over lines", ed25519.replace("IEcZ", "IEcZ\n"), "has several lines: give one line"],
    ["with options", `restrict,from="10.0.0.0/8" ${ed25519}`, "has options before the key: give one line"],
    ["of a type that is not taken", "ssh-dss AAAAB3NzaC1kc3M= x", "has no known type: give one line"],
    ["of a hardware key", "sk-ssh-ed25519@openssh.com AAAAGnNr x", "has no known type: give one line"],
    ["that is empty", "", "has no known type: give one line"],
    ["without a blob", "ssh-ed25519", "is cut short or damaged: give one line"],
    ["with a comment for a blob", "ssh-ed25519 ops@acme.example", "is cut short or damaged: give one line"],
    [
      "that is labelled rsa and is ed25519",
      ed25519.replace("ssh-ed25519", "ssh-rsa"),
      "it is ssh-ed25519 inside",
    ],
    [
      "that is labelled ed25519 and is rsa",
      rsa.replace("ssh-rsa", "ssh-ed25519"),
      "but it is ssh-rsa inside",
    ],
    ["that is labelled and is nothing", "ssh-ed25519 aGVsbG8gd29ybGQ=", "but it is not inside"],
  ])("%s is refused by its name, with what would be right", (_, body, reason) => {
    expect(bodyFailures(body)).toEqual([expect.stringMatching(/^sshPublicKeyBody /)]);
    expect(bodyFailures(body)[0]).toContain(reason);
  });

  test.each([
    ["ed25519", ed25519],
    ["rsa", rsa],
    ["ecdsa", ecdsa],
  ])("of type %s that is cut anywhere is refused", (_, body) => {
    const [type = "", blob = ""] = body.split(" ");
    const whole = blob.replace(/=+$/, "").length;
    const passed = Array.from({ length: whole }, (_, length) => length).filter(
      (length) => bodyFailures(`${type} ${blob.slice(0, length)}`).length === 0,
    );
    expect(passed).toEqual([]);
  });

  test("of a wrong type is refused without being read", () => {
    expect(bodyFailures(42)).toEqual(["sshPublicKeyBody must be a string"]);
  });

  test("that the service holds already is not refused: the reference's own is cut short", () => {
    const inputs = { credentialId, sshPublicKeyBody: sshPublicKey.SshPublicKeyBody };
    expect(failuresOf(fields, inputs)).not.toEqual([]);
    expect(failuresOf(fields, inputs, { olds: inputs })).toEqual([]);
    expect(failuresOf(fields, inputs, { isImport: true })).toEqual([]);
  });
});

describe("the arguments", () => {
  test("are both required", () => {
    expect(failuresOf(fields, {})).toEqual(["credentialId is required", "sshPublicKeyBody is required"]);
    expect(failuresOf(fields, { credentialId: null, sshPublicKeyBody: null })).toEqual([
      "credentialId is required",
      "sshPublicKeyBody is required",
    ]);
  });

  test.each(["", "..", "a/b", "acme\nincoming"])("take no %j for a credential's id", (id) => {
    expect(failuresOf(fields, { credentialId: id, sshPublicKeyBody: ed25519 })).toEqual([
      "credentialId is not a credential's id: pass the `id` of a Credential",
    ]);
  });

  test.each([
    ["credentialID", 'did you mean "credentialId"?'],
    ["sshPublicKeyBdy", 'did you mean "sshPublicKeyBody"?'],
    ["colour", 'the arguments are "credentialId", "sshPublicKeyBody"'],
  ])("do not include %s", (key, hint) => {
    const news = { credentialId, sshPublicKeyBody: ed25519, [key]: "x" };
    expect(failuresOf(fields, news)).toEqual([`there is no argument "${key}": ${hint}`]);
  });
});

describe("two bodies are the same key", () => {
  test.each([
    ["with another comment", `${ed25519} of 2027`],
    ["without a comment", ed25519.split(" ").slice(0, 2).join(" ")],
    ["with more space between", ed25519.replaceAll(" ", "   ")],
    ["with a line break at the end", `${ed25519}\n`],
  ])("%s", (_, other) => {
    expect(keyIdentity(other)).toBe(keyIdentity(ed25519));
  });

  test("with or without the blob's padding", () => {
    expect(ecdsa).toContain("= ");
    expect(keyIdentity(ecdsa.replace("= ", " "))).toBe(keyIdentity(ecdsa));
  });

  test("but not with another blob", () => {
    expect(keyIdentity(rsa)).not.toBe(keyIdentity(ed25519));
  });
});

test("the reference's example, whose body is cut short, becomes outputs with its fingerprint instead", () => {
  expect(stateOf({ ...sshPublicKey, UserId: credentialId }, {})).toEqual({
    credentialId,
    sshPublicKeyBody: "SHA256:RcoHnamHrApC",
    keyId: "97285e07-09fd-42de-a1d0-997a0818310a",
    comment: "ladybug@Ladybugs-MacBook-Pro.local",
    fingerprint: "SHA256:RcoHnamHrApC",
    type: "rsa",
    organizationId: undefined,
    createdAt: 1617354664883,
  });
});

test("what the API leaves out is null in the outputs", () => {
  const { Comment: _, Fingerprint: __, Type: ___, ...least } = sshPublicKey;
  expect(stateOf(least, {})).toMatchObject({
    comment: null,
    fingerprint: null,
    type: null,
  });
});

describe("an id", () => {
  test("is the credential's and the key's", () => {
    expect(joinId(credentialId, sshPublicKey.Id)).toBe(`${credentialId}/${sshPublicKey.Id}`);
    expect(splitId(`${credentialId}/${sshPublicKey.Id}`)).toEqual({ credentialId, keyId: sshPublicKey.Id });
  });

  test.each(["", "key", "/key", "credential/", "credential/key/more"])("is not %j", (id) => {
    expect(() => splitId(id)).toThrow("it is credentialId/keyId");
  });
});
