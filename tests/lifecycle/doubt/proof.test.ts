import { describe, expect, test } from "vitest";
import { judge } from "../../../provider/lifecycle/doubt/proof";
import { listOf, text } from "../../../provider/lifecycle/fields/vocabulary";

const fields = {
  name: text({ api: "Name" }),
  folder: text({ api: "Folder", same: (declared, server) => declared?.toLowerCase() === server }),
  state: text({ api: "State", opensAccess: true }),
  rules: listOf<string>()({
    api: "Rules",
    opensAccess: true,
    mustBeShown: true,
    // Of rules, as many give the same access here.
    grants: (declared, server) => declared?.length === server?.length,
  }),
  password: text({ api: "Password", secret: true, opensAccess: true }),
  token: text({ api: "Token", secret: true, clears: "" }),
  note: text({ api: "Note", unseen: true }),
};

const nothing = { notApplied: [], spelled: [], blank: [] };

/** What is made of one key that was sent. */
function verdict(key: keyof typeof fields, declared: unknown, shown: unknown, before?: unknown) {
  return judge(fields, {
    inputs: { [key]: declared },
    sent: [key],
    before: before === undefined ? {} : { [key]: before },
    shown: shown === undefined ? {} : { [key]: shown },
  });
}

describe("what was sent and is shown", () => {
  test("is applied where the two mean the same", () => {
    expect(verdict("name", "a", "a", "b")).toEqual(nothing);
    expect(verdict("folder", "/In", "/in", "/out")).toEqual(nothing);
    expect(verdict("state", "active", "active", "inactive")).toEqual(nothing);
    expect(verdict("rules", ["a"], ["a"])).toEqual(nothing);
  });

  test("is not applied where it is as it was before", () => {
    expect(verdict("name", "a", "b", "b")).toEqual({ ...nothing, notApplied: ["name"] });
    expect(verdict("name", "a", null, null)).toEqual({ ...nothing, notApplied: ["name"] });
  });

  test("is the service's spelling where it is neither", () => {
    expect(verdict("name", " a ", "a", "b")).toEqual({ ...nothing, spelled: ["name"] });
    // After a create nothing was there before.
    expect(verdict("name", " a ", "a")).toEqual({ ...nothing, spelled: ["name"] });
    expect(verdict("folder", "/in", "bucket/in", "/out")).toEqual({ ...nothing, spelled: ["folder"] });
  });

  test("is judged by itself, of all that was sent and nothing else", () => {
    const inputs = { name: "a", folder: "/in", state: "inactive", note: "n" };
    const shown = { name: "A", folder: "/out", state: "active", note: null };
    const before = { folder: "/out", state: "inactive" };
    expect(judge(fields, { inputs, sent: ["name", "folder", "state"], before, shown })).toEqual({
      notApplied: ["folder", "state"],
      spelled: ["name"],
      blank: [],
    });
    expect(judge(fields, { inputs, sent: [], before, shown })).toEqual(nothing);
  });
});

describe("what opens access", () => {
  test("is not applied unless it is what was declared, however it was before", () => {
    for (const before of [undefined, "active", "paused"]) {
      expect(verdict("state", "inactive", "active", before)).toEqual({ ...nothing, notApplied: ["state"] });
      expect(verdict("state", "inactive", "Inactive", before)).toEqual({ ...nothing, notApplied: ["state"] });
    }
    expect(verdict("state", "inactive", null)).toEqual({ ...nothing, notApplied: ["state"] });
  });

  test("may be spelled another way where that gives the same access", () => {
    expect(verdict("rules", ["a"], ["b"])).toEqual({ ...nothing, spelled: ["rules"] });
    expect(verdict("rules", ["a"], ["b", "c"])).toEqual({ ...nothing, notApplied: ["rules"] });
  });

  test.each([undefined, null])("and has to be shown is not applied where it is %j", (shown) => {
    expect(verdict("rules", ["a"], shown)).toEqual({ ...nothing, notApplied: ["rules"] });
  });

  test("is not applied where another secret is shown", () => {
    expect(verdict("password", "new", "old", "old")).toEqual({ ...nothing, notApplied: ["password"] });
    expect(verdict("password", "new", "other", "old")).toEqual({ ...nothing, notApplied: ["password"] });
  });
});

describe("what an answer holds back says nothing", () => {
  test.each(["password", "token"] as const)("of a %s that is left out, blank or masked", (key) => {
    for (const shown of [undefined, null, "", "••••", "********", "[REDACTED]"]) {
      const { notApplied, spelled } = verdict(key, "new", shown, shown);
      expect([...notApplied, ...spelled]).toEqual([]);
    }
  });

  test("but a field that came blank is remembered, since what it shows later counts", () => {
    expect(verdict("note", "n", null)).toEqual({ ...nothing, blank: ["note"] });
    expect(verdict("note", "n", undefined)).toEqual(nothing);
    // Of a secret there is nothing to remember.
    expect(verdict("token", "t", null)).toEqual(nothing);
  });
});
