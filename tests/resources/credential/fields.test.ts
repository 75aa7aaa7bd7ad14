import { describe, expect, test } from "vitest";
import type { Credential } from "../../../provider/api/credentials";
import { changedKeys } from "../../../provider/lifecycle/fields/declared";
import { bodyOf, hashOf, serverState } from "../../../provider/lifecycle/fields/translate";
import { argumentKeys } from "../../../provider/lifecycle/fields/vocabulary";
import { unknownValue } from "../../../provider/protocol/unknowns";
import {
  type CredentialInputs,
  defaultUserName,
  credentialFields as fields,
} from "../../../provider/resources/credential/fields";
import { expiredKeys } from "../../../provider/resources/credential/provider";
import { isUnfinished, markUnfinished, unmarked } from "../../../provider/resources/credential/unfinished";
import { hashSecret } from "../../../provider/values/secretHash";
import {
  createdCredential,
  patchedCredential,
  rootCredential,
  singleCredential,
} from "../../fixtures/reference";
import { failuresOf, urn, warningsOf } from "../../lifecycle/fakes";

const now = Date.parse("2026-07-01T12:00:00Z");
const stateOf = (credential: Credential, known: object) => serverState(fields, credential, known);

function failures(news: object, olds: object = {}, isImport = false): string[] {
  return failuresOf(fields, news, { olds, isImport, now });
}

function warnings(news: object, olds: object = {}, isImport = false): string[] {
  return warningsOf(fields, news, { olds, isImport, now });
}

const allFields: CredentialInputs = {
  alias: "Test Credential",
  userName: "my-user-name",
  password: "my-secret-password",
  homeDirectory: "/",
  chrootDirectory: "/",
  permission: "read-write",
  expiration: "2027-06-30T00:00:00Z",
  state: "active",
  inboundRules: [{ source: "203.0.113.0/24" }],
  storeSecrets: true,
};

describe("inputs", () => {
  test("may be left out, all of them", () => {
    expect(failures({})).toEqual([]);
  });

  test("may be given, all of them", () => {
    expect(failures(allFields)).toEqual([]);
    expect(warnings(allFields)).toEqual([]);
  });

  test.each(argumentKeys(fields))("are left alone where %s is unknown", (key) => {
    expect(failures({ [key]: unknownValue })).toEqual([]);
    expect(warnings({ [key]: unknownValue })).toEqual([]);
  });

  test.each([
    ["alias", 7, "alias must be a string"],
    ["userName", 7, "userName must be a string"],
    ["homeDirectory", ["/"], "homeDirectory must be a string"],
    ["chrootDirectory", 7, "chrootDirectory must be a string"],
    ["permission", true, "permission must be a string"],
    ["expiration", true, "expiration must be a string or number"],
    ["state", true, "state must be a string"],
    ["inboundRules", "203.0.113.0/24", "inboundRules must be a list"],
    ["inboundRules", { source: "203.0.113.0/24" }, "inboundRules must be a list"],
    ["storeSecrets", "no", "storeSecrets must be a boolean"],
  ])("of a wrong type are refused: %s %j", (key, value, reason) => {
    expect(failures({ [key]: value })).toEqual([reason]);
  });

  test.each(["chrootDirectory", "expiration"])("may clear %s with null", (key) => {
    expect(failures({ [key]: null })).toEqual([]);
  });

  test.each(["alias", "userName", "homeDirectory", "permission", "state", "storeSecrets"])(
    "cannot clear %s with null, which the API has no blank for",
    (key) => {
      expect(failures({ [key]: null })).toEqual([`${key} cannot be null: leave it out to stop managing it`]);
    },
  );

  test("cannot clear inboundRules with null, which an empty list does", () => {
    expect(failures({ inboundRules: null })).toEqual(["inboundRules cannot be null: give [] to clear it"]);
    expect(failures({ inboundRules: [] })).toEqual([]);
  });

  const joined = "Calling [toString] on an [Output<T>] is not supported.";
  const serialised = "Calling [toJSON] on an [Output<T>] is not supported.";
  test.each([
    ["alias", `Acme ${joined}`],
    ["userName", joined],
    ["password", `${joined}!`],
    ["homeDirectory", `/partners/${serialised}`],
    ["permission", joined],
    ["expiration", joined],
    ["inboundRules", [{ source: "203.0.113.0/24" }, { source: joined }]],
    ["inboundRules", [{ source: "203.0.113.0/24", description: `of ${serialised}` }]],
  ])("with an Output that was joined into a string are refused, and it is not shown: %s", (key, value) => {
    expect(failures({ [key]: value })).toEqual([
      `${key} holds an Output that was joined into a string: use pulumi.interpolate, or apply`,
    ]);
  });

  test.each([
    ["permision", "permission"],
    ["username", "userName"],
    ["home_directory", "homeDirectory"],
    ["inboundRule", "inboundRules"],
    ["storeSecret", "storeSecrets"],
  ])("with the misspelt argument %s are told of %s", (misspelt, meant) => {
    expect(failures({ [misspelt]: "x" })).toEqual([
      `there is no argument "${misspelt}": did you mean "${meant}"?`,
    ]);
  });

  test("with an argument of nothing's name are told all names", () => {
    expect(failures({ folder: "/acme" })).toEqual([
      expect.stringMatching(/^there is no argument "folder": the arguments are "alias", "userName", /),
    ]);
  });

  test("with a misspelt password never give its value to the engine to print", () => {
    expect(failures({ pasword: "CANARY" })).toEqual([
      'there is no argument "pasword": did you mean "password"?',
    ]);
  });
});

describe("a user name", () => {
  test.each(["ten-chars_", "Acme.Incoming-2026_x", "a".repeat(100), unknownValue])(
    "may be %s",
    (userName) => {
      expect(failures({ userName })).toEqual([]);
      expect(warnings({ userName })).toEqual([]);
    },
  );

  test.each([
    ["", 0],
    ["nine-char", 9],
    ["a".repeat(101), 101],
  ])("is refused by its length: %j", (userName, length) => {
    expect(failures({ userName })).toEqual([`userName has ${length} characters: give 10 to 100`]);
  });

  test.each(["acme incoming", "acme/incoming", "acmé-incoming", "acme:incoming", "acme-incoming\n"])(
    "is refused by its characters: %j",
    (userName) => {
      expect(failures({ userName })).toEqual([
        "userName may have letters, digits, underscores, hyphens and periods only",
      ]);
    },
  );

  test.each(["ops@acme.example", "acme+incoming"])("only warns of @ and +: %s", (userName) => {
    expect(failures({ userName })).toEqual([]);
    expect(warnings({ userName })).toEqual(["userName has @ or +, which the API's reference does not list"]);
  });
});

describe("words", () => {
  test.each([
    ["permission", "readwrite", "read-write"],
    ["permission", "Read-Only", "read-only"],
    ["permission", "read_write", "read-write"],
    ["permission", "ful", "full"],
    ["permission", "none ", "none"],
    ["state", "Active", "active"],
    ["state", "inactiv", "inactive"],
  ])("%s %j is a near miss", (key, value, meant) => {
    expect(failures({ [key]: value })).toEqual([`${key} is not a known value; did you mean "${meant}"?`]);
    expect(warnings({ [key]: value })).toEqual([]);
  });

  test.each([
    ["permission", "append-only"],
    ["state", "suspended"],
  ])("%s %s is wholly unknown and only warns", (key, value) => {
    expect(failures({ [key]: value })).toEqual([]);
    expect(warnings({ [key]: value })).toEqual([
      expect.stringContaining(`${key} is not in the API's reference, which has "`),
    ]);
  });

  test.each(["permission", "state"])("%s may not be empty", (key) => {
    expect(failures({ [key]: "" })).toEqual([expect.stringMatching(`^${key} must be one of "`)]);
  });

  test.each(["none", "read-only", "read-write", "write-only", "full", "read-write-no-delete"])(
    "permission %s is known",
    (permission) => {
      expect([...failures({ permission }), ...warnings({ permission })]).toEqual([]);
    },
  );
});

describe("an expiration", () => {
  const format =
    'expiration is not a time: give an ISO 8601 string with a zone, e.g. "2027-01-31T00:00:00Z", or Unix milliseconds';

  test.each(["2027-06-30T00:00:00Z", "2027-06-30T02:00:00+02:00", "2027-06-30", now + 1, null])(
    "may be %j",
    (expiration) => {
      expect(failures({ expiration })).toEqual([]);
    },
  );

  test.each([
    ["next week", format],
    ["2027-06-30T00:00:00", format],
    ["2027-02-30T00:00:00Z", format],
    ["", format],
    [Number.NaN, format],
    [1798761600, "expiration looks like seconds: give Unix milliseconds"],
    [now + 0.5, "expiration must be whole milliseconds"],
    [now, "expiration is in the past: it must be in the future"],
    ["2020-01-01", "expiration is in the past: it must be in the future"],
    [-1, "expiration is in the past: it must be in the future"],
  ])("may not be %j", (expiration, reason) => {
    expect(failures({ expiration })).toEqual([reason]);
  });

  test("that has passed says nothing of what exists already", () => {
    const expiration = "2020-01-01T00:00:00Z";
    expect(failures({ expiration }, { expiration })).toEqual([]);
    expect(warnings({ expiration }, { expiration })).toEqual([]);
    expect(failures({ expiration }, {}, true)).toEqual([]);
    expect(failures({ expiration }, { expiration: "2020-01-02" })).toHaveLength(1);
  });
});

describe("a password", () => {
  test.each([
    ["", "password must not be empty: leave it out instead"],
    [7, "password must be a string"],
    [null, "password cannot be null: leave it out to stop managing it"],
  ])("%j is refused under no property, since the engine would print its value", (password, reason) => {
    expect(failures({ password })).toEqual([reason]);
  });
});

describe("what the service accepted already", () => {
  const accepted = {
    userName: "short",
    permission: "readwrite",
    state: "Active",
    expiration: 1798761600,
    inboundRules: [{ source: "10.0.0.1/8" }],
  };
  const cases = Object.entries(accepted);

  test.each(cases)("is not refused as %s: the old inputs hold it", (key, value) => {
    expect(failures({ [key]: value })).toHaveLength(1);
    expect(failures({ [key]: value }, { [key]: structuredClone(value) })).toEqual([]);
    expect(warnings({ [key]: value }, { [key]: structuredClone(value) })).toEqual([
      expect.stringMatching(`^${key}`),
    ]);
  });

  test.each(cases)("is not refused as %s: it is being imported", (key, value) => {
    expect(failures({ [key]: value }, {}, true)).toEqual([]);
    expect(warnings({ [key]: value }, {}, true)).toEqual([expect.stringMatching(`^${key}`)]);
  });

  test.each(cases)("is refused as %s where the old inputs hold another one", (key, value) => {
    expect(failures({ [key]: value }, { [key]: unknownValue })).toHaveLength(1);
  });
});

describe("the login of a credential without a user name", () => {
  const organization = rootCredential.OrganizationId;
  const of = (name: string, where = urn("Credential", name), whose = organization) =>
    defaultUserName({ organizationId: whose, name, urn: where });

  test("is the resource's name and a hash", () => {
    expect(of("acme")).toMatch(/^acme-[0-9a-f]{8}$/);
  });

  test("is the same in every run: a change would rename logins", () => {
    expect(
      defaultUserName({
        organizationId: "organization",
        name: "acme",
        urn: "urn:pulumi:dev::shop::type::acme",
      }),
    ).toBe("acme-2a0ba028");
  });

  test.each(["a", "acme", "Acme Übersee & Söhne", "übung", "中文", "a".repeat(99), "b".repeat(300)])(
    "is one that the API takes: %s",
    (name) => {
      const userName = of(name);
      expect(userName.length).toBeGreaterThanOrEqual(10);
      expect(userName.length).toBeLessThanOrEqual(100);
      expect([...failures({ userName }), ...warnings({ userName })]).toEqual([]);
    },
  );

  test("differs by organization, stack, project and parent", () => {
    const all = [
      of("acme"),
      of("acme", urn("Credential", "acme"), "another"),
      of("acme", urn("Credential", "acme").replace("dev::", "prod::")),
      of("acme", urn("Credential", "acme").replace("::acme::", "::other::")),
      of("acme", urn("Credential", "acme").replace("pulumi-nodejs:", "my:Partner$pulumi-nodejs:")),
    ];
    expect(new Set(all).size).toBe(all.length);
  });

  test("differs where only characters differ that a login cannot have", () => {
    expect(of("acme/in")).not.toBe(of("acme in"));
  });
});

describe("a request's body", () => {
  test("has each field under the API's name", () => {
    expect(bodyOf(fields, allFields, Object.keys(allFields))).toEqual({
      Alias: "Test Credential",
      UserName: "my-user-name",
      Password: "my-secret-password",
      HomeDirectory: "/",
      ChrootDirectory: "/",
      Permission: "read-write",
      Expiration: Date.parse("2027-06-30T00:00:00Z"),
      State: "active",
      Settings: {
        Network: {
          InboundRules: [
            {
              Id: expect.any(String),
              Source: "203.0.113.0/24",
              Protocol: "*",
              State: "enabled",
              Action: "allow",
              Description: "",
            },
          ],
        },
      },
    });
  });

  test("has the named fields only, and none that is not declared", () => {
    expect(bodyOf(fields, allFields, ["alias"])).toEqual({ Alias: "Test Credential" });
    expect(bodyOf(fields, {}, argumentKeys(fields))).toEqual({});
  });

  test("clears with the API's blanks", () => {
    const cleared = { chrootDirectory: null, expiration: null, inboundRules: [] };
    expect(bodyOf(fields, cleared, Object.keys(cleared))).toEqual({
      ChrootDirectory: "/",
      Expiration: null,
      Settings: { Network: { InboundRules: [] } },
    });
  });
});

describe("outputs", () => {
  const known = {
    password: "known-password",
    passwordCreatedAt: "2020-10-26T07:19:26.908Z",
    expiration: "2027-06-30",
    inboundRules: [{ source: "203.0.113.0/24" }],
  };

  test("are all of the list's example", () => {
    expect(stateOf(rootCredential, {})).toEqual({
      alias: "Root",
      userName: "user-name",
      password: "my-secret-password",
      homeDirectory: "/sftptg-prod-us-east-1-72e9cf24-be8c-4f15-9aa2-813281fb98fe",
      chrootDirectory: "/",
      permission: "full",
      expiration: undefined,
      state: "active",
      inboundRules: [
        {
          source: "0.0.0.0/0",
          protocol: "SFTP",
          state: "enabled",
          action: "allow",
          description: "Allow all inbound traffic from anywhere",
          id: "c1d91788-e46f-45a0-9c7b-386e90db000a",
        },
      ],
      storeSecrets: undefined,
      host: "warm-soda-25793.sftptogo.com",
      isDefault: true,
      organizationId: undefined,
      passwordCreatedAt: "2020-10-26T07:19:26.908Z",
      createdAt: 1565537159609,
    });
  });

  test("keep what the single read's example lacks", () => {
    expect(stateOf(singleCredential, known)).toMatchObject({
      password: "my-secret-password",
      inboundRules: known.inboundRules,
      passwordCreatedAt: known.passwordCreatedAt,
      expiration: "2027-06-30",
    });
  });

  test("keep the password where an answer has none", () => {
    const { Password: _, ...withheld } = singleCredential;
    expect(stateOf(withheld, known)).toMatchObject({ password: "known-password" });
  });

  test.each(["", "********", "[redacted]"])(
    "keep the password where an answer has %j in its place",
    (Password) => {
      const withheld = { ...singleCredential, Password };
      expect(stateOf(withheld, known)).toMatchObject({ password: "known-password" });
      expect(stateOf(withheld, {})).toMatchObject({ password: null });
    },
  );

  test.each([
    ["milliseconds", 1814313600000],
    ["seconds", 1814313600],
    ["ISO 8601", "2027-06-30T00:00:00Z"],
    ["ISO 8601 without a zone", "2027-06-30T00:00:00"],
  ])("take the API's expiration in %s", (_, Expiration) => {
    expect(stateOf({ ...rootCredential, Expiration }, {})).toMatchObject({ expiration: 1814313600000 });
  });

  test("take the API's expiration where it is there, and its clear too", () => {
    expect(stateOf({ ...rootCredential, Expiration: now }, known)).toMatchObject({ expiration: now });
    expect(stateOf({ ...rootCredential, Expiration: null }, known)).toMatchObject({
      expiration: null,
    });
  });

  test("have no password where secrets are not stored", () => {
    const outputs = stateOf(rootCredential, { ...known, storeSecrets: false });
    expect(outputs).toMatchObject({ password: null, storeSecrets: false });
  });

  test("take a password to be as old as its credential, where a create's answer does not say", () => {
    const createdAt = new Date(createdCredential.CreatedAt).toISOString();
    expect(stateOf(createdCredential, {})).toMatchObject({ passwordCreatedAt: createdAt });
    // The list's value for the same password, some milliseconds off, is no change.
    const listed = { ...createdCredential, PasswordCreatedAt: createdCredential.CreatedAt + 40 };
    expect(stateOf(listed, { passwordCreatedAt: createdAt })).toMatchObject({
      passwordCreatedAt: createdAt,
    });
  });

  test("show that a password was made anew", () => {
    const rotated = { ...rootCredential, PasswordCreatedAt: "2026-06-01T00:00:00.000Z" };
    expect(stateOf(rotated, known)).toMatchObject({ passwordCreatedAt: "2026-06-01T00:00:00.000Z" });
  });

  test("bear fields that are left out: rules and alias, and a password's age that is no time", () => {
    const { Alias: _, Settings: __, ...bare } = rootCredential;
    // A time that cannot be read is one that is not told.
    expect(stateOf({ ...bare, PasswordCreatedAt: "unknown" }, {})).toMatchObject({
      alias: null,
      inboundRules: null,
      passwordCreatedAt: new Date(rootCredential.CreatedAt).toISOString(),
    });
    expect(stateOf({ ...bare, PasswordCreatedAt: "unknown" }, known)).toMatchObject({
      passwordCreatedAt: known.passwordCreatedAt,
    });
  });

  test("show the home directory as the PATCH's example has it", () => {
    expect(stateOf(patchedCredential, known)).toMatchObject({ homeDirectory: "test" });
  });
});

describe("an expiration that has passed", () => {
  const expiration = new Date(now - 1).toISOString();

  test("takes its time and the state that the service set from what is compared", () => {
    const declared = { expiration, state: "active" };
    expect(expiredKeys(declared, { state: "inactive" }, now)).toEqual(["expiration", "state"]);
  });

  test("leaves the state to be compared until the service has acted", () => {
    const declared = { expiration, state: "inactive" };
    expect(expiredKeys(declared, { state: "active" }, now)).toEqual(["expiration"]);
  });

  test.each([undefined, null, now + 1, unknownValue])("is not %j", (open) => {
    expect(expiredKeys({ expiration: open }, { state: "inactive" }, now)).toEqual([]);
  });
});

describe("a declared password", () => {
  const hash = hashSecret("declared");

  test.each([
    ["is the one of before, whatever the server has", "declared", { __passwordHash: hash }, false],
    ["is another one", "another", { __passwordHash: hash, password: "another" }, true],
    ["is left out", undefined, { __passwordHash: hash }, false],
    ["is declared for the first time, even if it is the server's", "mine", { password: "mine" }, true],
    ["is declared for the first time, and not the server's", "mine", { password: "theirs" }, true],
    ["is declared for the first time, and the server's is not stored", "mine", { password: null }, true],
  ])("%s", (_, password, olds, changed) => {
    expect(changedKeys(fields, { inputs: { password }, state: olds })).toEqual(changed ? ["password"] : []);
  });

  test("keeps its hash, so that nothing changes, until it changes", () => {
    expect(hashOf(fields, { password: "declared" }, { __passwordHash: hash })).toBe(hash);
    const changed = hashOf(fields, { password: "another" }, { __passwordHash: hash });
    expect(changed).not.toBe(hash);
    expect(hashOf(fields, { password: "another" }, { __passwordHash: changed })).toBe(changed);
    expect(hashOf(fields, {}, { __passwordHash: hash })).toBeUndefined();
  });
});

describe("the mark of a credential without its rules", () => {
  test("stands behind the alias and comes off again", () => {
    expect(markUnfinished("Acme")).toBe("Acme (unfinished)");
    expect(unmarked(markUnfinished("Acme"))).toBe("Acme");
    expect(unmarked(markUnfinished(undefined))).toBe("");
    expect(unmarked("Acme")).toBeUndefined();
    expect(unmarked(null)).toBeUndefined();
  });

  test.each(["inactive", "active", "disabled"])(
    "counts whatever the service calls the state: %s",
    (State) => {
      expect(isUnfinished({ ...createdCredential, Alias: "Acme (unfinished)", State })).toBe(true);
      expect(isUnfinished({ ...createdCredential, State })).toBe(false);
    },
  );

  test.each([18, 19, 20, 32, 33, 100])(
    "makes an alias of %i characters no longer than a service may allow",
    (length) => {
      const alias = "a".repeat(length);
      const marked = markUnfinished(alias);
      expect(marked.length).toBe(Math.min(Math.max(32, length), length + " (unfinished)".length));
      expect(alias.startsWith(unmarked(marked) ?? "?")).toBe(true);
    },
  );

  test("cuts no character in two", () => {
    expect(markUnfinished("😀".repeat(10)).isWellFormed()).toBe(true);
    expect(markUnfinished(`a${"😀".repeat(10)}`).isWellFormed()).toBe(true);
  });
});
