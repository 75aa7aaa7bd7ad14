import { describe, expect, test } from "vitest";
import type { ShareLink } from "../../../provider/api/shareLinks";
import { bodyOf, serverState } from "../../../provider/lifecycle/fields/translate";
import { argumentKeys } from "../../../provider/lifecycle/fields/vocabulary";
import { unknownValue } from "../../../provider/protocol/unknowns";
import {
  shareLinkFields as fields,
  isConsumed,
  isDisabled,
  mayBeConsumed,
  type ShareLinkInputs,
} from "../../../provider/resources/shareLink/fields";
import { createdShareLink, listedShareLink, readShareLink } from "../../fixtures/reference";
import { failuresOf, warningsOf } from "../../lifecycle/fakes";

const now = Date.parse("2026-07-01T12:00:00Z");
const tomorrow = now + 86_400_000;
const stateOf = (link: ShareLink, known: object) => serverState(fields, link, known);
const least = { path: "/campaign/", permission: "read-only" };

function failures(values: object, olds: object = {}, isImport = false): string[] {
  return failuresOf(fields, { ...least, ...values }, { olds, isImport, now });
}

function warnings(values: object): string[] {
  return warningsOf(fields, { ...least, ...values }, { now });
}

describe("a path", () => {
  test.each(["/", "/campaign/", "/reports/q1.pdf", unknownValue])("may be %s", (path) => {
    expect(failures({ path })).toEqual([]);
    expect(warnings({ path })).toEqual([]);
  });

  test.each(["campaign/", "", "./campaign"])("must begin with a slash, which %j does not", (path) => {
    expect(failures({ path })).toEqual([`path must begin with a slash, e.g. "/reports/"`]);
  });

  test("of a file warns of any permission but read-only", () => {
    const values = { path: "/reports/q1.pdf", permission: "read-write" };
    expect(failures(values)).toEqual([]);
    expect(warnings(values)).toEqual([expect.stringContaining("a link to a file can only be read-only")]);
    expect(warnings({ ...values, permission: unknownValue })).toEqual([]);
  });
});

describe("a permission", () => {
  test.each([
    ["readonly", "read-only"],
    ["Read-Write", "read-write"],
    ["write_only", "write-only"],
  ])("%s is a near miss of %s", (permission, meant) => {
    expect(failures({ permission })).toEqual([`permission is not a known value; did you mean "${meant}"?`]);
  });

  test("that is wholly unknown only warns", () => {
    expect(failures({ permission: "upload-once" })).toEqual([]);
    expect(warnings({ permission: "upload-once" })).toEqual([
      expect.stringContaining("permission is not in the API's reference, which has "),
    ]);
  });
});

describe("an access limit", () => {
  test.each([0, 1, 100, null, unknownValue])("may be %s", (accessLimit) => {
    expect(failures({ accessLimit })).toEqual([]);
  });

  test.each([-1, 1.5, 1e300])("may not be %s", (accessLimit) => {
    expect(failures({ accessLimit })).toEqual([
      "accessLimit must be a whole number of accesses, 0 (no limit) or more",
    ]);
  });

  test("may not be a string", () => {
    expect(failures({ accessLimit: "100" })).toEqual(["accessLimit must be a number"]);
  });
});

describe("a time", () => {
  test.each([
    tomorrow,
    "2026-07-02T12:00:00Z",
    "2026-07-02T14:00:00.000+02:00",
    "2026-07-02T14:00+0200",
    "2026-07-02",
    null,
    unknownValue,
  ])("may be %s", (expiresAt) => {
    expect(failures({ expiresAt })).toEqual([]);
  });

  test.each([
    ["in the past", now - 1],
    ["in the past", "2026-07-01T13:59:59+02:00"],
    ["in the past", 0],
  ])("%s is refused: %s", (_, expiresAt) => {
    expect(failures({ expiresAt })).toEqual(["expiresAt is in the past: it must be in the future"]);
  });

  test("in the past is neither refused nor warned of where it was declared before, or is imported", () => {
    const expiresAt = "2026-01-01T00:00:00Z";
    const inputs = { ...least, expiresAt };
    expect(failures({ expiresAt }, { expiresAt })).toEqual([]);
    expect(warningsOf(fields, inputs, { olds: inputs, now })).toEqual([]);
    expect(failures({ expiresAt }, {}, true)).toEqual([]);
  });

  test("that looks like seconds is refused with the milliseconds", () => {
    const seconds = tomorrow / 1000;
    expect(failures({ expiresAt: seconds })).toEqual([
      `expiresAt looks like seconds: give Unix milliseconds`,
    ]);
  });

  test.each([
    ["unparsable", "next week"],
    ["empty", ""],
    ["local, without a zone", "2026-07-02T12:00:00"],
    ["no day of the calendar", "2027-02-30T00:00:00Z"],
    ["no hour of the day", "2027-02-28T25:00:00Z"],
    ["of another order", "31.01.2027"],
    ["a number in a string", String(tomorrow)],
  ])("that is %s is refused", (_, expiresAt) => {
    expect(failures({ expiresAt })).toEqual([
      'expiresAt is not a time: give an ISO 8601 string with a zone, e.g. "2027-01-31T00:00:00Z", or Unix milliseconds',
    ]);
  });

  test("of a fraction of a millisecond is refused", () => {
    expect(failures({ expiresAt: tomorrow + 0.5 })).toEqual(["expiresAt must be whole milliseconds"]);
  });
});

test("a password may not be empty, and the engine is given no property to print", () => {
  expect(failures({ password: "" })).toEqual(["password must not be empty: leave it out instead"]);
  expect(failures({ password: null })).toEqual(["password cannot be null: leave it out to stop managing it"]);
});

describe("an Output that was joined into a string", () => {
  test.each([
    ["path", "/Calling [toString] on an [Output<T>] is not supported./"],
    ["notes", "for Calling [toString] on an [Output<T>] is not supported."],
    ["password", "Calling [toJSON] on an [Output<T>] is not supported."],
  ])("is refused: %s", (key, value) => {
    expect(failures({ [key]: value })).toEqual([
      `${key} holds an Output that was joined into a string: use pulumi.interpolate, or apply`,
    ]);
  });
});

describe("onConsumed", () => {
  test.each(["keep", "recreate", unknownValue])("may be %s", (onConsumed) => {
    expect(failures({ onConsumed })).toEqual([]);
  });

  test.each(["Keep", "delete", ""])("is our own word, so %j is refused", (onConsumed) => {
    expect(failures({ onConsumed })).toEqual(['onConsumed must be "keep" or "recreate"']);
  });
});

describe("arguments", () => {
  test("path and permission are required", () => {
    expect(failuresOf(fields, {})).toEqual(["path is required", "permission is required"]);
  });

  test.each([
    ["expiration", "the arguments are"],
    ["expireAt", 'did you mean "expiresAt"?'],
    ["AccessLimit", 'did you mean "accessLimit"?'],
    ["note", 'did you mean "notes"?'],
  ])("%s is not one", (key, hint) => {
    expect(failures({ [key]: "x" })).toEqual([
      expect.stringContaining(`there is no argument "${key}": ${hint}`),
    ]);
  });
});

describe("the body", () => {
  const inputs: ShareLinkInputs = {
    path: "/shared-folder/",
    permission: "read-write",
    expiresAt: "2026-07-02T14:00:00+02:00",
    accessLimit: 100,
    password: "SecureP@ss123",
    notes: "Q1 marketing materials",
    onConsumed: "recreate",
  };

  test("holds all keys that are asked for, the time in milliseconds, and no word of our own", () => {
    expect(bodyOf(fields, inputs, argumentKeys(fields))).toEqual({
      Path: "/shared-folder/",
      Permission: "read-write",
      ExpiresAt: tomorrow,
      AccessLimit: 100,
      Password: "SecureP@ss123",
      Notes: "Q1 marketing materials",
    });
  });

  test.each([
    ["path", { Path: "/shared-folder/" }],
    ["permission", { Permission: "read-write" }],
    ["expiresAt", { ExpiresAt: tomorrow }],
    ["accessLimit", { AccessLimit: 100 }],
    ["password", { Password: "SecureP@ss123" }],
    ["notes", { Notes: "Q1 marketing materials" }],
    ["onConsumed", {}],
  ])("for %s holds nothing else", (key, body) => {
    expect(bodyOf(fields, inputs, [key])).toEqual(body);
  });

  test("holds each blank where something is cleared, and nothing for what is left out", () => {
    const cleared = { ...least, expiresAt: null, accessLimit: null, notes: null };
    expect(bodyOf(fields, cleared, ["expiresAt", "accessLimit", "notes"])).toEqual({
      ExpiresAt: null,
      AccessLimit: 0,
      Notes: null,
    });
    expect(bodyOf(fields, least, argumentKeys(fields))).toEqual({
      Path: "/campaign/",
      Permission: "read-only",
    });
  });
});

describe("outputs", () => {
  const outputs = {
    path: "/shared-folder/",
    permission: "read-write",
    expiresAt: 1739120350624,
    accessLimit: 100,
    password: "SecureP@ss123",
    notes: "Q1 marketing materials",
    url: "https://portal.sftptogo.com/p/shares/BSsdas5CBscVy",
    state: "active",
    onConsumed: undefined,
    organizationId: undefined,
    createdBy: createdShareLink.CreatedBy,
    createdAt: 1739117646540,
  };

  test("are made of the reference's example of a create", () => {
    expect(stateOf(createdShareLink, {})).toEqual(outputs);
  });

  test("keep the password that list and read do not show, and the creator in the shape they have", () => {
    const { Password: _, ...listed } = { ...createdShareLink, CreatedBy: listedShareLink.CreatedBy };
    expect(stateOf(listed, outputs)).toEqual(outputs);
  });

  test("take either shape of the creator", () => {
    expect(stateOf(listedShareLink, {}).createdBy).toEqual(listedShareLink.CreatedBy);
    expect(stateOf(readShareLink, {}).createdBy).toEqual(readShareLink.CreatedBy);
  });

  test("have null for what the API leaves out", () => {
    const { CreatedBy: _, Notes: __, ExpiresAt: ___, AccessLimit: ____, ...least } = listedShareLink;
    expect(stateOf(least, {})).toMatchObject({
      createdBy: null,
      notes: null,
      expiresAt: null,
      accessLimit: null,
      password: null,
    });
  });
});

describe("outputs of a link whose secrets are not shown", () => {
  const known = { password: "SecureP@ss123", url: "https://portal.sftptogo.com/p/shares/BSsdas5CBscVy" };

  test.each(["", "********", "[secret]"])("keep them where an answer has %j in their place", (blank) => {
    const withheld = { ...listedShareLink, Password: blank, Url: blank };
    expect(stateOf(withheld, known)).toMatchObject(known);
    expect(stateOf(withheld, {})).toMatchObject({ password: null, url: null });
  });
});

describe("an expiry that the service tells", () => {
  test.each([
    [tomorrow, tomorrow],
    [tomorrow / 1000, tomorrow],
    ["2026-07-02T12:00:00", tomorrow],
    ["2026-07-02T14:00:00+02:00", tomorrow],
    [0, null],
    ["", null],
  ])("as %j is %s", (ExpiresAt, expiresAt) => {
    expect(stateOf({ ...listedShareLink, ExpiresAt }, {})).toMatchObject({ expiresAt });
  });
});

describe("a link that somebody has disabled", () => {
  const link = { ...listedShareLink, State: "deactivated", ExpiresAt: null };
  test.each([
    ["is inactive without a limit", 0, 7, true],
    ["is inactive before its limit", 3, 2, true],
    ["is not one at its limit", 3, 3, false],
    ["is not one where nobody tells the count", 3, undefined, false],
  ])("%s", (_, AccessLimit, AccessCount, disabled) => {
    const each = { ...link, AccessLimit, AccessCount };
    expect(isDisabled(each, stateOf(each, {}), now)).toBe(disabled);
  });

  test("is not one after its time, nor while it is active", () => {
    const late = { ...link, AccessLimit: 0, ExpiresAt: now };
    expect(isDisabled(late, stateOf(late, {}), now)).toBe(false);
    const active = { ...link, AccessLimit: 0, State: "active" };
    expect(isDisabled(active, stateOf(active, {}), now)).toBe(false);
  });
});

describe("a link", () => {
  const active = { state: "active", expiresAt: null, accessLimit: 0 };

  test.each([
    ["active", active, false, false],
    ["active with a time to come", { ...active, expiresAt: tomorrow }, false, false],
    ["active with a limit", { ...active, accessLimit: 3 }, false, true],
    ["active with a time that has passed", { ...active, expiresAt: now }, true, true],
    ["deactivated, with a limit", { ...active, accessLimit: 3, state: "deactivated" }, true, true],
    ["deactivated, with a time that has passed", { ...active, expiresAt: now, state: "x" }, true, true],
    [
      "of a state that nobody knows, with a limit",
      { ...active, accessLimit: 3, state: "frozen" },
      true,
      true,
    ],
    ["deactivated, without limit and time", { ...active, state: "deactivated" }, false, false],
    [
      "deactivated, with a time to come",
      { ...active, expiresAt: tomorrow, state: "deactivated" },
      false,
      false,
    ],
    ["of a state that nobody knows, without limit and time", { ...active, state: "frozen" }, false, false],
    [
      "disabled by somebody before its limit",
      { ...active, accessLimit: 3, state: "x", __disabled: true as const },
      false,
      true,
    ],
    ["removed", { ...active, state: "removed" }, false, true],
  ])("that is %s", (_, outputs, consumed, perhaps) => {
    expect(isConsumed(outputs, now)).toBe(consumed);
    expect(mayBeConsumed(outputs, now)).toBe(perhaps);
  });
});
