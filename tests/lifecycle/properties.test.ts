import { describe, expect, test } from "vitest";
import { unknownValue } from "../../provider/engine/unknowns";
import {
  checkProperties,
  declaredKeys,
  defaultKeys,
  differingKeys,
  joinKeys,
  managedKeys,
  nearest,
  outputsOf,
  type Properties,
  readResult,
  word,
} from "../../provider/lifecycle/properties";
import type { Plain } from "../../provider/values/plain";
import { failuresOf, warningsOf } from "./fakes";

const properties: Properties = {
  name: {
    type: "text",
    validate: (value: string) => (value === "bad" ? [{ reason: "is bad" }] : []),
  },
  folder: {
    type: "text",
    clearable: true,
    same: (declared, server) => String(declared ?? "/").toLowerCase() === server,
  },
  owner: { type: "text", required: true, replaces: true },
  password: { type: "text", secret: true, validate: () => [{ reason: "is weak", path: "[0]" }] },
  until: { type: "number", validate: () => [{ reason: "is past", onlyNew: true }] },
  limit: { type: "number", validate: () => [{ reason: "is much", severity: "warning" }] },
  body: { type: "text", validate: () => [{ reason: "is a private key", holdsSecret: true }] },
  rules: { type: "list" },
};

const failures = (news: Plain, olds: Plain = {}, importing = false) =>
  failuresOf(properties, { owner: "me", ...news }, olds, importing);
const warnings = (news: Plain, olds: Plain = {}, importing = false) =>
  warningsOf(properties, { owner: "me", ...news }, olds, importing);

describe("checking", () => {
  test("names the property and the reason", () => {
    expect(checkProperties(properties, {}, { owner: "me", name: "bad" }, false).failures).toEqual([
      { property: "name", reason: "is bad" },
    ]);
  });

  test("names no property whose value is a secret, or turns out to be one", () => {
    expect(failures({ password: "x", body: "y" })).toEqual([
      ": password[0]: is weak",
      ": body: is a private key",
    ]);
  });

  test("lets a warning's value through", () => {
    expect(failures({ limit: 1 })).toEqual([]);
    expect(warnings({ limit: 1 })).toEqual(["limit: is much"]);
  });

  test.each([
    ["the old inputs hold it", { name: "bad" }, false],
    ["it is being imported", {}, true],
  ])("only warns of a format where %s", (_, olds, importing) => {
    expect(failures({ name: "bad" }, olds, importing)).toEqual([]);
    expect(warnings({ name: "bad" }, olds, importing)).toEqual(["name: is bad"]);
  });

  test("says nothing of what holds for new values only where the value is not new", () => {
    expect(failures({ until: 1 })).toEqual(["until: is past"]);
    expect(failures({ until: 1 }, { until: 1 })).toEqual([]);
    expect(warnings({ until: 1 }, { until: 1 })).toEqual([]);
    expect(failures({ until: 1 }, { until: 2 })).toEqual(["until: is past"]);
  });

  test("wants what is required", () => {
    expect(failures({ owner: undefined })).toEqual(["owner: is required"]);
    expect(failures({ owner: null })).toEqual(["owner: is required"]);
    expect(failures({ owner: null }, { owner: null }, true)).toEqual(["owner: is required"]);
    expect(failures({ owner: unknownValue })).toEqual([]);
  });

  test("takes null where it clears, and nowhere else", () => {
    expect(failures({ folder: null })).toEqual([]);
    expect(failures({ name: null })).toEqual(["name: cannot be null: leave name out to stop managing it"]);
    // A null is never what the service accepted already.
    expect(failures({ name: null }, { name: null })).toHaveLength(1);
  });

  test.each(Object.keys(properties))("leaves an unknown %s alone", (key) => {
    expect(failures({ [key]: unknownValue })).toEqual([]);
    expect(warnings({ [key]: unknownValue })).toEqual([]);
  });

  test("does not take hidden inputs for arguments", () => {
    expect(failures({ __provider: "stub", __anything: 1 })).toEqual([]);
  });

  test("refuses an argument that there is not, without its value", () => {
    expect(failures({ Name: "x", pasword: "CANARY", nothing: 1 })).toEqual([
      ': Name: there is no such argument; did you mean "name"?',
      ': pasword: there is no such argument; did you mean "password"?',
      ': nothing: there is no such argument; the arguments are "name", "folder", "owner", "password", ' +
        '"until", "limit", "body", "rules"',
    ]);
  });

  test.each([
    ["name", 1, "text"],
    ["until", "1", "number"],
    ["rules", {}, "list"],
  ])("refuses a %s of another type: %j", (key, value, type) => {
    expect(failures({ [key]: value })).toEqual([`${key}: must be a ${type}`]);
  });
});

describe("words", () => {
  const known = ["read-only", "read-write", "*", "active"];

  test.each([
    ["read-write", []],
    ["*", []],
    [unknownValue, []],
    [undefined, []],
    ["Read_Write", [{ reason: '"Read_Write" is not a known word; did you mean "read-write"?' }]],
    ["activ", [{ reason: '"activ" is not a known word; did you mean "active"?' }]],
    ["", [{ reason: 'must be one of "read-only", "read-write", "*", "active"' }]],
    [7, [{ reason: 'must be one of "read-only", "read-write", "*", "active"' }]],
    [null, [{ reason: 'must be one of "read-only", "read-write", "*", "active"' }]],
  ])("%j", (value, findings) => {
    expect(word(value, known)).toEqual(findings);
  });

  test("wholly unknown only warn, since the service may know more than its reference", () => {
    expect(word("append", known)).toEqual([
      {
        severity: "warning",
        reason:
          '"append" is not a word of the API\'s reference ("read-only", "read-write", "*", "active"); ' +
          "it is sent as it is",
      },
    ]);
  });

  test.each([
    ["ACTIVE", "active"],
    ["actvie", "active"],
    ["read write", "read-write"],
    ["read-wirte", "read-write"],
    ["acive", "active"],
    ["ac", undefined],
    ["passive things", undefined],
    ["", undefined],
  ])("nearest to %j is %j", (text, near) => {
    expect(nearest(text, known)).toBe(near);
  });
});

describe("what is declared", () => {
  test("is what is there and was not filled in", () => {
    const inputs = { name: "a", folder: null, owner: "me", limit: undefined, __defaults: "name,owner" };
    expect(declaredKeys(properties, inputs)).toEqual(["folder"]);
    expect(defaultKeys(inputs)).toEqual(["name", "owner"]);
    expect(defaultKeys({})).toEqual([]);
  });

  test("is remembered in the outputs", () => {
    expect(managedKeys({ __managed: joinKeys(["name", "folder"]) })).toEqual(["name", "folder"]);
    expect(managedKeys({ __managed: joinKeys([]) })).toEqual([]);
    expect(managedKeys({})).toEqual([]);
  });

  test("differs where it is not what the server holds", () => {
    const inputs = { name: "a", folder: "/IN", owner: unknownValue, limit: 1, rules: [{ a: 1 }] };
    const server = { name: "b", folder: "/in", owner: "me", limit: 1, rules: [{ a: 1 }] };
    expect(differingKeys(properties, inputs, server)).toEqual(["name", "owner"]);
    expect(differingKeys(properties, { rules: [{ a: unknownValue }] }, server)).toEqual(["rules"]);
  });

  test.each([
    ["folder", null, true],
    ["folder", undefined, true],
    ["folder", "/", true],
    ["folder", "/in", false],
    ["name", null, true],
    ["name", "a", false],
  ])("%s null is the server's %j: %j", (key, server, same) => {
    expect(differingKeys(properties, { [key]: null }, { [key]: server })).toEqual(same ? [] : [key]);
  });
});

describe("outputs", () => {
  test("are the server's, in the program's words where they mean the same", () => {
    const inputs = { name: "a", folder: "/IN", __defaults: "owner", owner: "me" };
    const server = { name: "b", folder: "/in", owner: "you", host: "h" };
    expect(outputsOf(properties, inputs, server)).toEqual({
      ...server,
      folder: "/IN",
      __managed: "name,folder",
    });
  });

  test("show what a null was cleared to", () => {
    expect(outputsOf(properties, { folder: null }, { folder: "/" })).toMatchObject({ folder: "/" });
  });
});

describe("a read", () => {
  const olds = { name: "a", folder: "/IN", owner: "me", password: "p", __managed: "name,folder,password" };
  const server = { name: "a", folder: "/in", owner: "me", password: "p" };

  test("without drift has no inputs", () => {
    expect(readResult(properties, { olds, server })).toEqual({ outputs: olds });
  });

  test("of what drifted has the declared keys, each as it is on the server or in the program's words", () => {
    expect(readResult(properties, { olds, server: { ...server, name: "b" } })).toEqual({
      outputs: { ...olds, name: "b" },
      inputs: { name: "b", folder: "/IN", password: "p" },
    });
  });

  test("takes what is not declared for no drift", () => {
    const { inputs } = readResult(properties, { olds, server: { ...server, owner: "you" } });
    expect(inputs).toBeUndefined();
  });

  test("takes what it is told for no drift, and shows it", () => {
    const reading = { olds, server: { ...server, password: "rotated" }, notDrift: ["password"] };
    expect(readResult(properties, reading)).toEqual({ outputs: { ...olds, password: "rotated" } });
  });

  test("brings defaults back, marked as no declaration", () => {
    const reading = { olds, server: { ...server, name: "b" }, defaults: ["owner", "name"] };
    expect(readResult(properties, reading).inputs).toEqual({
      name: "b",
      folder: "/IN",
      password: "p",
      owner: "me",
      __defaults: "owner",
    });
  });

  test("of a .get manages nothing", () => {
    expect(readResult(properties, { olds: {}, server })).toEqual({ outputs: { ...server, __managed: "" } });
  });
});
