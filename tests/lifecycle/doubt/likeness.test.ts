import { describe, expect, test } from "vitest";
import { isLoosely, isMasked, isShown } from "../../../provider/lifecycle/doubt/likeness";

const noon = Date.UTC(2026, 6, 1, 12);
const isLike = (sent: unknown, shown: unknown) => isLoosely({ Field: sent }, object({ Field: shown }));

function object(fields: object) {
  return { Id: "x", ...fields };
}

describe("an object may be ours where it shows", () => {
  test.each<[unknown, unknown]>([
    ["acme", "acme"],
    ["Acme ", "acme"],
    ["/incoming/", "incoming"],
    ["/incoming", "organization-bucket/incoming"],
    ["https://Hooks.example.com", "https://hooks.example.com/"],
    ["an alias that is longer than the service keeps", "an alias that is l"],
    [["file.created"], ["file.deleted", "FILE.CREATED", "webhook.ping"]],
    [[], ["file.created"]],
    [3, 3],
    [3, "3"],
    [noon + 999, noon],
    [noon, noon / 1000],
    [noon, "2026-07-01T12:00:00Z"],
    [noon, "2026-07-01 12:00:00"],
    [true, true],
    // Rules and the like are compared by what sets them.
    [{ source: "10.0.0.0/8" }, { source: "other" }],
    [undefined, "x"],
  ])("%j as %j", (sent, shown) => {
    expect(isLike(sent, shown)).toBe(true);
  });

  test.each([undefined, null, "", 0, "********", "•••", "xxxx", "[hidden]", "REDACTED"])(
    "%j, which says nothing",
    (shown) => {
      expect(isLike("acme", shown)).toBe(true);
      expect(isLike(7, shown)).toBe(true);
      expect(isLike(["file.created"], shown)).toBe(true);
    },
  );
});

describe("an object is not ours where it shows", () => {
  test.each<[unknown, unknown]>([
    ["acme", "acme-2"],
    ["acme", "other"],
    ["/in", "/incoming"],
    ["/incoming", "/other-incoming"],
    // Too short to be what a service has cut.
    ["acme-incoming", "acme"],
    ["https://hooks.example.com/a", "https://hooks.example.com/b"],
    [["file.created", "file.deleted"], ["file.created"]],
    [["file.created"], []],
    [["file.created"], "file.created"],
    [3, 4],
    [noon, noon + 1000],
    [noon, "soon"],
    [true, false],
    [null, "x"],
    ["", "x"],
    [0, 5],
  ])("%j as %j", (sent, shown) => {
    expect(isLike(sent, shown)).toBe(false);
  });

  test("one of several fields as another", () => {
    const body = { Name: "acme", Folder: "/in" };
    expect(isLoosely(body, object({ Name: "ACME", Folder: "in", More: 1 }), undefined)).toBe(true);
    expect(isLoosely(body, object({ Name: "ACME", Folder: "out" }), undefined)).toBe(false);
  });
});

describe("where it is known which names answers may hold back", () => {
  const body = { Name: "acme", Password: "p" };
  const isOurs = (shown: object) => isLoosely(body, object(shown), { held: ["Password"] });

  test.each([{}, { Password: null }, { Password: "" }, { Password: "****" }, { Password: "p" }])(
    "%j says nothing against it",
    (shown) => {
      expect(isOurs({ Name: "acme", ...shown })).toBe(true);
    },
  );

  test.each([{}, { Name: null }, { Name: "" }, { Name: "****" }, { Name: "acme", Password: "q" }])(
    "%j does: any other name has to be shown",
    (shown) => {
      expect(isOurs({ Password: "p", ...shown })).toBe(false);
    },
  );
});

describe("an object is ours only if it was made since the service was last heard from", () => {
  const wasMade = (CreatedAt: unknown, since: number | undefined) =>
    isLoosely({ Name: "acme" }, object({ Name: "acme", CreatedAt }), { since });

  test.each([noon, noon + 1, (noon + 1000) / 1000, "2026-07-01T12:00:00Z", "2026-07-01 12:00:01"])(
    "at %s is since then",
    (createdAt) => {
      expect(wasMade(createdAt, noon)).toBe(true);
    },
  );

  test.each([noon - 1, (noon - 1000) / 1000, "2026-07-01T11:59:59Z", "2026-07-01"])(
    "at %s is before",
    (createdAt) => {
      expect(wasMade(createdAt, noon)).toBe(false);
    },
  );

  test("which decides nothing where the service tells neither", () => {
    expect(wasMade(undefined, noon)).toBe(true);
    expect(wasMade("long ago", noon)).toBe(true);
    expect(wasMade(noon - 1, undefined)).toBe(true);
  });
});

describe("a secret", () => {
  test.each([
    "***",
    "********",
    "●●●●",
    "••••••",
    "xxxx",
    "XXX",
    "[redacted]",
    "Hidden",
    "[MASKED]",
    " *** ",
  ])("is not shown by %j", (mask) => {
    expect(isMasked(mask)).toBe(true);
    expect(isShown(mask)).toBe(false);
  });

  test.each([undefined, null, ""])("is not shown by %j", (blank) => {
    expect(isMasked(blank)).toBe(false);
    expect(isShown(blank)).toBe(false);
  });

  test.each(["p", "**", "***a", "xxyxx", "Bearer ***", "secret-1", 0, false])("is shown by %j", (value) => {
    expect(isMasked(value)).toBe(false);
    expect(isShown(value)).toBe(true);
  });
});
