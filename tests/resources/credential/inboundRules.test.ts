import { describe, expect, test } from "vitest";
import { unknownValue } from "../../../provider/protocol/unknowns";
import {
  canonicalSource,
  type InboundRuleInputs,
  isSameAccess,
  isSameRules,
  rulesOf,
  settingsOf,
  validateRules,
} from "../../../provider/resources/credential/inboundRules";
import { rootCredential } from "../../fixtures/reference";

/** What is said of rules, to follow the property's name. */
function said(rules: readonly unknown[], severity: "error" | "warning" = "error"): string[] {
  return validateRules(rules)
    .filter((finding) => (finding.severity ?? "error") === severity)
    .map(({ path, reason }) => `${path} ${reason}`);
}

const noSource = "is neither an IP address nor a range in CIDR notation";
const missing = 'is required: an IP address or a range in CIDR notation, e.g. "203.0.113.0/24"';

describe("rules", () => {
  test("may be none, which removes all", () => {
    expect(validateRules([])).toEqual([]);
  });

  test("may have every field of the reference's example", () => {
    const rules = rulesOf(rootCredential) ?? [];
    expect(validateRules(rules)).toEqual([]);
  });

  test.each(["203.0.113.0/24", null, 7, ["203.0.113.0/24"]])("are objects: not %j", (rule) => {
    expect(said([{ source: "10.0.0.0/8" }, rule])).toEqual([
      '[1] must be a rule, e.g. { source: "203.0.113.0/24" }',
    ]);
  });

  test.each([
    ["sources", 'did you mean "source"?'],
    ["Protocol", 'did you mean "protocol"?'],
    ["cidr", "a rule has source, protocol, state, action, description, id"],
  ])("have no field %s", (key, hint) => {
    expect(said([{ source: "10.0.0.0/8", [key]: "x" }])).toEqual([`[0].${key} does not exist: ${hint}`]);
  });

  test.each(["description", "id"])("have a string as %s", (key) => {
    expect(said([{ source: "10.0.0.0/8", [key]: 7 }])).toEqual([`[0].${key} must be a string`]);
  });

  test.each([
    ["protocol", "sftp", "SFTP"],
    ["protocol", "ftps", "FTPS"],
    ["state", "enable", "enabled"],
    ["state", "Disabled", "disabled"],
    ["action", "alow", "allow"],
  ])("with the near miss %s %s are refused with what was meant", (key, value, meant) => {
    expect(said([{ source: "10.0.0.0/8", [key]: value }])).toEqual([
      `[0].${key} is not a known value; did you mean "${meant}"?`,
    ]);
  });

  test.each([
    ["protocol", "WEBDAV"],
    ["state", "paused"],
    ["action", "deny"],
  ])("with the wholly unknown %s %s only warn", (key, value) => {
    const rules = [{ source: "10.0.0.0/8", [key]: value }];
    expect(said(rules)).toEqual([]);
    expect(said(rules, "warning")).toEqual([
      expect.stringContaining(`[0].${key} is not in the API's reference, which has "`),
    ]);
  });

  test.each([
    [[unknownValue]],
    [[{ source: unknownValue }]],
    [[{ source: unknownValue }, { source: unknownValue }]],
    [[{ source: "10.0.0.0/8", protocol: unknownValue }, { source: "10.0.0.0/8" }]],
    [[{ source: "10.0.0.0/8", state: unknownValue, action: unknownValue, description: unknownValue }]],
    [[{ source: "10.0.0.0/8", id: unknownValue }]],
  ])("are left alone where something is unknown: %j", (rules) => {
    expect(validateRules(rules)).toEqual([]);
  });

  test("are told what is known to be wrong beside what is unknown", () => {
    expect(said([{ source: unknownValue, state: "enable" }, unknownValue, { source: "here" }])).toEqual([
      '[0].state is not a known value; did you mean "enabled"?',
      `[2].source ${noSource}`,
    ]);
  });
});

describe("a source", () => {
  test.each([
    "203.0.113.7",
    "203.0.113.7/32",
    "203.0.113.0/24",
    "0.0.0.0/0",
    "2001:db8::1",
    "2001:DB8:0:0::1/128",
    "2001:db8::/32",
    "::/0",
  ])("may be %s", (source) => {
    expect(validateRules([{ source }])).toEqual([]);
  });

  test.each([undefined, null, "", 7, {}])("is required: %j", (source) => {
    expect(said([{ source }])).toEqual([`[0].source ${missing}`]);
  });

  test.each([
    "here",
    "office.acme.example",
    "203.0.113",
    "10.1",
    "0x7f.1",
    "203.0.113.256",
    "203.0.113.0/33",
    "203.0.113.0/-1",
    "203.0.113.0/",
    "203.0.113.0/24/24",
    "203.0.113.0/255.255.255.0",
    " 203.0.113.0/24",
    "203.0.113.1-203.0.113.9",
    "2001:db8::/129",
    "2001:db8:::1",
    "/24",
  ])("may not be %s", (source) => {
    expect(said([{ source }])).toEqual([`[0].source ${noSource}`]);
  });

  test.each([
    ["203.0.113.7/24", "203.0.113.0/24"],
    ["10.0.0.1/0", "0.0.0.0/0"],
    ["2001:db8::1/32", "2001:db8::/32"],
  ])(
    "with host bits is refused without its value, and the network's own address is not: %s",
    (source, network) => {
      expect(said([{ source }])).toEqual([
        "[0].source has bits set after its prefix: give the network's own address",
      ]);
      expect(said([{ source: network }])).toEqual([]);
    },
  );

  test.each([
    ["203.0.113.7/32", "203.0.113.7"],
    ["203.0.113.0/24", "203.0.113.0/24"],
    ["2001:DB8:0:0:0:0:0:1", "2001:db8::1"],
    ["2001:db8::1/128", "2001:db8::1"],
    ["2001:0db8::/32", "2001:db8::/32"],
    ["10.9.8.7/8", "10.0.0.0/8"],
    ["something the service knows", "something the service knows"],
  ])("has one spelling: %s is %s", (source, canonical) => {
    expect(canonicalSource(source)).toBe(canonical);
  });
});

describe("two equal rules", () => {
  test.each([
    [{ source: "203.0.113.0/24" }, { source: "203.0.113.0/24" }],
    [{ source: "203.0.113.7" }, { source: "203.0.113.7/32" }],
    [{ source: "2001:db8::1" }, { source: "2001:DB8:0::1" }],
    [{ source: "203.0.113.7" }, { source: "203.0.113.7", protocol: "*" }],
    [{ source: "203.0.113.7", description: "office" }, { source: "203.0.113.7" }],
    [{ source: "203.0.113.7" }, { source: "203.0.113.7", state: "disabled" }],
  ])("are refused: %j and %j", (first, second) => {
    expect(said([{ source: "10.0.0.0/8" }, first, second])).toEqual([
      "[2] is the same as [1]: leave one of them out",
    ]);
  });

  test("are not those that differ in their protocol", () => {
    const source = "203.0.113.7";
    expect(
      said([
        { source, protocol: "SFTP" },
        { source, protocol: "FTPS" },
      ]),
    ).toEqual([]);
  });
});

describe("declared rules are the server's", () => {
  const office = { source: "203.0.113.0/24", protocol: "SFTP", description: "office" };
  const home = { source: "2001:db8::1" };
  const server = rulesOf({
    Settings: { Network: { InboundRules: [...settingsOf([office, home]).Network.InboundRules] } },
  });

  test.each([
    ["as written", [office, home]],
    ["in another order", [home, office]],
    [
      "with the defaults written out",
      [office, { ...home, protocol: "*", state: "enabled", action: "allow" }],
    ],
    ["in another spelling", [office, { source: "2001:0DB8:0::1/128" }]],
    ["without a description", [{ source: "203.0.113.0/24", protocol: "SFTP" }, home]],
    ["with a blank description, which is none", [{ ...office, description: "" }, home]],
    ["with a protocol in another case", [{ ...office, protocol: "sftp" }, home]],
  ])("%s", (_, declared) => {
    expect(isSameRules(declared, server)).toBe(true);
  });

  test.each([
    ["with one more", [office, home, { source: "10.0.0.0/8" }]],
    ["with one less", [office]],
    ["with one twice, and another missing", [home, home]],
    ["with another source", [office, { source: "2001:db8::2" }]],
    ["with another protocol", [{ ...office, protocol: "FTPS" }, home]],
    ["with another state", [{ ...office, state: "disabled" }, home]],
    ["with another action", [{ ...office, action: "deny" }, home]],
    ["with another description", [{ ...office, description: "home" }, home]],
    ["with a description where there is none", [office, { ...home, description: "home" }]],
    ["with another id", [{ ...office, id: "mine" }, home]],
    ["with none", []],
  ])("not %s", (_, declared) => {
    expect(isSameRules(declared, server)).toBe(false);
  });

  test.each([
    ["the service's protocol is in another case", { protocol: "sftp" }],
    ["the service has no description", { description: undefined }],
  ])("where %s", (_, changed) => {
    const declared = [{ source: "203.0.113.0/24", protocol: "SFTP", description: "" }, home];
    const [held, ...others] = server ?? [];
    expect(
      isSameRules(declared, [{ ...held, source: "203.0.113.0/24", description: "", ...changed }, ...others]),
    ).toBe(true);
  });

  test("where both have none", () => {
    expect(isSameRules([], [])).toBe(true);
  });

  test("not where the server's are not known", () => {
    expect(isSameRules([], null)).toBe(false);
    expect(isSameRules([office], undefined)).toBe(false);
  });
});

describe("declared rules let in whom the server's let in", () => {
  const office = { source: "203.0.113.0/24", protocol: "SFTP", description: "office", id: "mine" };
  const held = { ...office, state: "enabled", action: "allow" };

  test.each([
    ["with another id", { id: "theirs" }],
    ["with another description", { description: "of Acme" }],
    ["with words in another case", { protocol: "sftp", state: "Enabled", action: "ALLOW" }],
  ])("%s", (_, changed) => {
    expect(isSameAccess([office], [{ ...held, ...changed }])).toBe(true);
  });

  test.each([
    ["with another source", { source: "203.0.112.0/23" }],
    ["with another protocol", { protocol: "*" }],
    ["disabled", { state: "disabled" }],
    ["with another action", { action: "deny" }],
  ])("not %s", (_, changed) => {
    expect(isSameAccess([office], [{ ...held, ...changed }])).toBe(false);
  });

  test("with rules that are disabled, which let nobody in", () => {
    expect(isSameAccess([office, { source: "10.0.0.0/8", state: "disabled" }], [held])).toBe(true);
    expect(isSameAccess([office], [held, { ...held, source: "10.0.0.0/8", state: "Disabled" }])).toBe(true);
  });

  test("not with one more, one less, or none shown", () => {
    expect(isSameAccess([office], [held, { ...held, source: "10.0.0.0/8" }])).toBe(false);
    expect(isSameAccess([office], [])).toBe(false);
    expect(isSameAccess([], null)).toBe(false);
    expect(isSameAccess([], undefined)).toBe(false);
  });
});

describe("rules on the wire", () => {
  const onWire = (rules: readonly InboundRuleInputs[]) => settingsOf(rules).Network.InboundRules;

  test("are complete, as the reference's example is", () => {
    const [rule] = onWire([{ source: "0.0.0.0/0", protocol: "SFTP" }]);
    const [example] = rootCredential.Settings.Network.InboundRules;
    expect(Object.keys(rule ?? {}).sort()).toEqual(Object.keys(example ?? {}).sort());
    expect(rule).toMatchObject({ Source: "0.0.0.0/0", State: "enabled", Action: "allow", Description: "" });
  });

  test("come back as they went", () => {
    const { InboundRules } = rootCredential.Settings.Network;
    expect(onWire(rulesOf(rootCredential) ?? [])).toEqual(InboundRules);
  });

  test("go in one spelling", () => {
    expect(onWire([{ source: "203.0.113.7/32" }])).toMatchObject([{ Source: "203.0.113.7" }]);
  });

  test("keep the id that they are given", () => {
    expect(onWire([{ source: "203.0.113.7", id: "mine" }])).toMatchObject([{ Id: "mine" }]);
  });

  test("without an id get one that stays through updates, and differs from any other's", () => {
    const [first] = onWire([{ source: "203.0.113.7", description: "office", state: "disabled" }]);
    const [again] = onWire([{ source: "203.0.113.7/32" }]);
    const [other] = onWire([{ source: "203.0.113.7", protocol: "SFTP" }]);
    expect(first?.Id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(again?.Id).toBe(first?.Id);
    expect(other?.Id).not.toBe(first?.Id);
  });

  test("are none for an empty list", () => {
    expect(settingsOf([])).toEqual({ Network: { InboundRules: [] } });
  });

  test.each([{}, { Settings: null }, { Settings: {} }, { Settings: { Network: {} } }])(
    "are not known where an answer does not show them: %j",
    (answer) => {
      expect(rulesOf(answer)).toBeUndefined();
    },
  );

  test("may lack a description", () => {
    const InboundRules = [{ Source: "203.0.113.7", Description: null }];
    expect(rulesOf({ Settings: { Network: { InboundRules } } })).toEqual([{ source: "203.0.113.7" }]);
  });
});
