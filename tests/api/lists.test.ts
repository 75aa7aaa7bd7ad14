import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { hasNameless, readItems, unreadableField } from "../../provider/api/lists";

const schema = v.looseObject({
  Id: v.string(),
  Name: v.string(),
  Rules: v.optional(v.array(v.object({ Source: v.string() }))),
});
const read = (...items: unknown[]) => readItems(items, schema);

describe("a list", () => {
  test("holds what can be read, in its order, with fields that are new", () => {
    const list = read({ Id: "b", Name: "B", More: 1 }, { Id: "a", Name: "A" });
    expect(list).toEqual([
      { Id: "b", Name: "B", More: 1 },
      { Id: "a", Name: "A" },
    ]);
    expect(hasNameless(list)).toBe(false);
  });

  test("holds an object once that it repeats, as it is shown last", () => {
    expect(read({ Id: "a", Name: "old" }, { Id: "b", Name: "B" }, { Id: "a", Name: "new" })).toEqual([
      { Id: "a", Name: "new" },
      { Id: "b", Name: "B" },
    ]);
  });

  test.each([
    ["a field that is missing", { Id: "bad" }, "Name"],
    ["a field of another type", { Id: "bad", Name: 7 }, "Name"],
    ["a field deep inside", { Id: "bad", Name: "n", Rules: [{ Source: "x" }, {}] }, "Rules[1].Source"],
  ])("loses only the object with %s, and knows which field it was", (_, bad, field) => {
    const list = read({ Id: "a", Name: "A" }, bad);
    expect(list).toEqual([{ Id: "a", Name: "A" }]);
    expect(unreadableField(list, "bad")).toBe(field);
    expect(unreadableField(list, "a")).toBeUndefined();
    expect(unreadableField(list, "other")).toBeUndefined();
    expect(hasNameless(list)).toBe(false);
  });

  test.each([null, "text", 7, [], {}, { Name: "n" }, { Id: "", Name: "n" }, { Id: 7, Name: "n" }])(
    "loses %j, which might be any object",
    (bad) => {
      const list = read(bad, { Id: "a", Name: "A" });
      expect(list).toEqual([{ Id: "a", Name: "A" }]);
      expect(hasNameless(list)).toBe(true);
    },
  );

  test("never holds an object of which the value is said", () => {
    const list = read({ Id: "bad", Name: { secret: "CANARY" } });
    expect(unreadableField(list, "bad")).not.toContain("CANARY");
  });
});
