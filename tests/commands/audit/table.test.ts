import { expect, test } from "vitest";
import { tableOf } from "../../../provider/commands/audit/table";

const nothing = {
  findings: [],
  unknown: [],
  unused: [],
  looked: { credentials: 1, keys: 2, webhooks: 0, links: 1 },
};
const plain = (_: string, text: string) => text;

test("counts what was looked at, one of it in the singular", () => {
  expect(tableOf(nothing, plain)).toMatch(/^Checked 1 login, 2 keys, 0 webhooks and 1 link: 0 high, /);
});

test("breaks sentences between words where the terminal ends, and tells names with commas apart", () => {
  const objects = ["Acme Ltd., invoices", "Root"].map((name) => ({
    kind: "Credential" as const,
    id: name,
    name,
  }));
  const unknown = [{ what: "when a login expires", why: "The service does not show it for these.", objects }];
  expect(tableOf({ ...nothing, unknown }, plain, 60).split("\n")).toEqual(
    expect.arrayContaining([
      '- when a login expires: "Acme Ltd., invoices", "Root". The',
      "  service does not show it for these.",
    ]),
  );
});
