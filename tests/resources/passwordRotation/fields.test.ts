import { describe, expect, test } from "vitest";
import type { Credential } from "../../../provider/api/credentials";
import { serverState } from "../../../provider/lifecycle/fields/translate";
import { unknownValue } from "../../../provider/protocol/unknowns";
import {
  passwordRotationFields as fields,
  joinId,
  splitId,
} from "../../../provider/resources/passwordRotation/fields";
import { createdCredential, rootCredential } from "../../fixtures/reference";
import { failuresOf } from "../../lifecycle/fakes";

const credentialId = createdCredential.Id;
const stateOf = (credential: Credential, known: object) => serverState(fields, credential, known);

function failures(values: object): string[] {
  return failuresOf(fields, { credentialId, ...values });
}

describe("the arguments", () => {
  test("need nothing but the credential", () => {
    expect(failures({})).toEqual([]);
    expect(failuresOf(fields, {})).toEqual(["credentialId is required"]);
  });

  test.each(["", ".", "..", "a/b", "a\\b", "a\nb"])("take no %j for a credential's id", (id) => {
    expect(failures({ credentialId: id })).toEqual([
      "credentialId is not a credential's id: pass the `id` of a Credential",
    ]);
  });

  test.each(["4ddb2ea2", "user:7", "a b", "ü.1", "..."])("take %j for a credential's id", (id) => {
    expect(failures({ credentialId: id })).toEqual([]);
  });

  test.each(["2027-01", 7, true, ["a", { b: 1 }], { month: 1 }, unknownValue])(
    "take %j for a trigger",
    (triggers) => {
      expect(failures({ triggers })).toEqual([]);
    },
  );

  test.each([0.5, 1, 365, unknownValue])("take %s for a number of days", (rotateAfterDays) => {
    expect(failures({ rotateAfterDays })).toEqual([]);
  });

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])(
    "take no %s for a number of days",
    (rotateAfterDays) => {
      expect(failures({ rotateAfterDays })).toEqual([
        "rotateAfterDays must be a number of days above 0, up to 3650",
      ]);
    },
  );

  test("take no string for a number of days", () => {
    expect(failures({ rotateAfterDays: "30" })).toEqual(["rotateAfterDays must be a number"]);
  });

  test("take no empty password, which to the API would mean rotate, and the engine has nothing to print", () => {
    expect(failures({ password: "" })).toEqual(["password must not be empty: leave it out instead"]);
    expect(failures({ password: 7 })).toEqual(["password must be a string"]);
  });

  test.each([
    ["credentialId", "Calling [toString] on an [Output<T>] is not supported."],
    ["password", "p-Calling [toString] on an [Output<T>] is not supported."],
    ["triggers", { month: ["Calling [toJSON] on an [Output<T>] is not supported."] }],
  ])("take no Output that was joined into a string: %s", (key, value) => {
    expect(failures({ [key]: value })).toEqual([
      `${key} holds an Output that was joined into a string: use pulumi.interpolate, or apply`,
    ]);
  });

  test.each([
    ["trigger", "triggers"],
    ["rotateAfterDay", "rotateAfterDays"],
    ["storeSecret", "storeSecrets"],
    ["credentialID", "credentialId"],
  ])("%s is not one, and %s was meant", (key, meant) => {
    expect(failures({ [key]: true })).toEqual([`there is no argument "${key}": did you mean "${meant}"?`]);
  });
});

describe("outputs", () => {
  test("are the credential's login", () => {
    expect(stateOf(rootCredential, {})).toEqual({
      credentialId: rootCredential.Id,
      password: "my-secret-password",
      host: "warm-soda-25793.sftptogo.com",
      userName: "user-name",
      triggers: undefined,
      rotateAfterDays: undefined,
      storeSecrets: undefined,
      rotatedAt: undefined,
      organizationId: undefined,
    });
  });

  test.each(["", "********", "[hidden]"])(
    "keep a password where an answer has %j in its place",
    (Password) => {
      expect(stateOf({ ...rootCredential, Password }, { password: "known" }).password).toBe("known");
      expect(stateOf({ ...rootCredential, Password }, {}).password).toBeNull();
    },
  );

  test("hold no password with storeSecrets false", () => {
    expect(stateOf(rootCredential, { storeSecrets: false }).password).toBeNull();
  });

  test("keep a password that the API does not show", () => {
    const { Password: _, ...without } = rootCredential;
    expect(stateOf(without, { password: "known" }).password).toBe("known");
    expect(stateOf(without, {}).password).toBeNull();
  });
});

describe("an id", () => {
  test("is the credential's and the time", () => {
    expect(joinId(credentialId, 1603696766908)).toBe(`${credentialId}/1603696766908`);
    expect(splitId(`${credentialId}/1603696766908`)).toEqual({ credentialId, rotatedAt: 1603696766908 });
  });

  test.each(["", "credential", "/1", "credential/", "credential/2026-07-01", "credential/1/2"])(
    "is not %j",
    (id) => {
      expect(() => splitId(id)).toThrow("it is credentialId/rotatedAt in milliseconds");
    },
  );
});
