import { describe, expect, test } from "vitest";
import {
  changedKeys,
  declaredKeys,
  defaultKeys,
  differingKeys,
  givenKeys,
  managedKeys,
} from "../../../provider/lifecycle/fields/declared";
import { joinKeys } from "../../../provider/protocol/hidden";
import { unknownValue } from "../../../provider/protocol/unknowns";
import { hashSecret } from "../../../provider/values/secretHash";
import { thingFields } from "../things";

describe("what is declared", () => {
  test("is what is there and was not filled in", () => {
    const inputs = { name: "a", folder: null, owner: "me", limit: undefined, __defaults: "name,owner" };
    expect(declaredKeys(thingFields, inputs)).toEqual(["folder"]);
    expect(defaultKeys(inputs)).toEqual(["name", "owner"]);
    expect(defaultKeys({})).toEqual([]);
    expect(givenKeys(thingFields, inputs)).toEqual(["name", "folder", "owner"]);
  });

  test("is remembered in the outputs", () => {
    expect(managedKeys(thingFields, { __managed: joinKeys(["name", "folder"]) })).toEqual(["name", "folder"]);
    expect(managedKeys(thingFields, { __managed: joinKeys([]) })).toEqual([]);
    expect(managedKeys(thingFields, {})).toEqual([]);
    // What a later version wrote, and this one does not know.
    expect(managedKeys(thingFields, { __managed: "name,colour" })).toEqual(["name"]);
  });

  test("differs where it is not what the server holds", () => {
    const inputs = { name: "a", folder: "/IN", owner: unknownValue, limit: 1, rules: [{ a: 1 }] };
    const server = { name: "b", folder: "/in", owner: "me", limit: 1, rules: [{ a: 1 }] };
    expect(differingKeys(thingFields, { inputs, state: server })).toEqual(["name", "owner"]);
    expect(differingKeys(thingFields, { inputs: { rules: [{ a: unknownValue }] }, state: server })).toEqual([
      "rules",
    ]);
  });

  test.each([
    ["folder", null, true],
    ["folder", undefined, true],
    ["folder", "/", true],
    ["folder", "/in", false],
    ["name", null, true],
    ["name", "a", false],
  ])("%s null is the server's %j: %j", (key, server, same) => {
    expect(differingKeys(thingFields, { inputs: { [key]: null }, state: { [key]: server } })).toEqual(
      same ? [] : [key],
    );
  });
});

describe("what an update has to change", () => {
  const changed = (inputs: object, state: object) => changedKeys(thingFields, { inputs, state });

  test("is what differs, in the order of the fields", () => {
    expect(changed({ limit: 2, name: "a", owner: "me" }, { limit: 1, name: "b", owner: "me" })).toEqual([
      "name",
      "limit",
    ]);
  });

  test.each([
    ["as it was, whatever the server has", "mine", { password: "rotated" }, []],
    ["another one", "another", { password: "another" }, ["password"]],
    ["not known yet", unknownValue, {}, ["password"]],
    ["taken out", undefined, {}, []],
  ])("takes a hashed field for changed by what was declared before: %s", (_, password, state, keys) => {
    expect(changed({ password }, { ...state, __passwordHash: hashSecret("mine") })).toEqual(keys);
  });

  test("takes a hashed field for changed when it is first declared, even if it is the server's", () => {
    expect(changed({ password: "mine" }, { password: "mine" })).toEqual(["password"]);
  });
});
