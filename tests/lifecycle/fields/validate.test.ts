import { describe, expect, test } from "vitest";
import { validate } from "../../../provider/lifecycle/fields/validate";
import { argumentKeys } from "../../../provider/lifecycle/fields/vocabulary";
import { unknownValue } from "../../../provider/protocol/unknowns";
import { failuresOf, warningsOf } from "../fakes";
import { thingFields } from "../things";

const failures = (news: object, olds: object = {}, isImport = false) =>
  failuresOf(thingFields, { owner: "me", ...news }, { olds, isImport });
const warnings = (news: object, olds: object = {}, isImport = false) =>
  warningsOf(thingFields, { owner: "me", ...news }, { olds, isImport });

describe("validation", () => {
  test("names the argument in the reason, and no property, whose value the engine would print", () => {
    expect(
      validate(thingFields, { olds: {}, news: { owner: "me", name: "bad" }, isImport: false, now: 0 })
        .failures,
    ).toEqual([{ property: "", reason: "name is bad" }]);
  });

  test("names no property whose value is a secret, or turns out to be one", () => {
    expect(failures({ password: "x", body: "y" })).toEqual(["password[0] is weak", "body is a private key"]);
  });

  test("lets a warning's value through", () => {
    expect(failures({ limit: 1 })).toEqual([]);
    expect(warnings({ limit: 1 })).toEqual(["limit is much"]);
  });

  test.each([
    ["the old inputs hold it", { name: "bad" }, false],
    ["it is being imported", {}, true],
  ])("only warns of a format where %s", (_, olds, isImport) => {
    expect(failures({ name: "bad" }, olds, isImport)).toEqual([]);
    expect(warnings({ name: "bad" }, olds, isImport)).toEqual(["name is bad"]);
  });

  test("says nothing of what holds for new values only where the value is not new", () => {
    expect(failures({ until: 1 })).toEqual(["until is past"]);
    expect(failures({ until: 1 }, { until: 1 })).toEqual([]);
    expect(warnings({ until: 1 }, { until: 1 })).toEqual([]);
    expect(failures({ until: 1 }, { until: 2 })).toEqual(["until is past"]);
  });

  test("wants what is required", () => {
    expect(failures({ owner: undefined })).toEqual(["owner is required"]);
    expect(failures({ owner: null })).toEqual(["owner is required"]);
    expect(failures({ owner: null }, { owner: null }, true)).toEqual(["owner is required"]);
    expect(failures({ owner: unknownValue })).toEqual([]);
  });

  test("takes null where it clears, and nowhere else", () => {
    expect(failures({ folder: null })).toEqual([]);
    expect(failures({ name: null })).toEqual(["name cannot be null: leave it out to stop managing it"]);
    expect(failures({ rules: null })).toEqual(["rules cannot be null: give [] to clear it"]);
    // A null is never what the service accepted already.
    expect(failures({ name: null }, { name: null })).toHaveLength(1);
  });

  test.each(argumentKeys(thingFields))("leaves an unknown %s alone", (key) => {
    expect(failures({ [key]: unknownValue })).toEqual([]);
    expect(warnings({ [key]: unknownValue })).toEqual([]);
  });

  test("does not take hidden inputs for arguments", () => {
    expect(failures({ __provider: "stub", __anything: 1 })).toEqual([]);
  });

  test("refuses an argument that there is not, without its value", () => {
    expect(failures({ Name: "x", pasword: "CANARY", nothing: 1 })).toEqual([
      'there is no argument "Name": did you mean "name"?',
      'there is no argument "pasword": did you mean "password"?',
      'there is no argument "nothing": the arguments are "name", "folder", "owner", "password", ' +
        '"token", "until", "limit", "body", "rules", "mode", "quiet"',
    ]);
  });

  test.each([
    ["name", 1, "string"],
    ["until", "1", "number"],
    ["rules", {}, "list"],
    ["quiet", "yes", "boolean"],
  ])("refuses a %s of another type: %j", (key, value, type) => {
    expect(failures({ [key]: value })).toEqual([`${key} must be a ${type}`]);
  });
});
