import { expect, test } from "vitest";
import { isHidden, kept, nameInUrn, sent } from "../../provider/protocol/hidden";

test("the hidden keys of state files are these: they may grow, and never change", () => {
  expect(kept).toEqual({
    provider: "__provider",
    defaults: "__defaults",
    reserve: "__reserve",
    root: "__root",
    managed: "__managed",
    passwordHash: "__passwordHash",
    unfinished: "__unfinished",
    spelling: "__spelling",
    disabled: "__disabled",
    baseUrl: "__baseUrl",
    predecessor: "__predecessor",
    entry: "__entry",
    promised: "__promised",
    gone: "__gone",
    begun: "__begun",
  });
});

test("every key of ours is one that the engine hides", () => {
  expect([...Object.values(kept), ...Object.values(sent)].filter((key) => !isHidden(key))).toEqual([]);
});

test.each(["alias", "_alias", ""])("a program's key is not hidden: %j", (key) => {
  expect(isHidden(key)).toBe(false);
});

test.each([
  ["urn:pulumi:dev::shop::pulumi-nodejs:dynamic/sftptogo:Credential::acme", "acme"],
  ["urn:pulumi:dev::shop::my:Partner$pulumi-nodejs:dynamic/sftptogo:Credential::acme/in", "acme/in"],
  ["urn:pulumi:dev::shop::pulumi-nodejs:dynamic/sftptogo:Credential::with::colons", "with::colons"],
])("the name in %s is %s", (urn, name) => {
  expect(nameInUrn(urn)).toBe(name);
});
