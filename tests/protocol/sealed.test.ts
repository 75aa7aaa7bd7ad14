import { expect, test } from "vitest";
import type { Handlers } from "../../provider/protocol/handlers";
import { sealed, sealing } from "../../provider/protocol/sealed";
import { unknownValue } from "../../provider/protocol/unknowns";

const check = (inputs: object) => {
  const handlers = { check: async () => ({ inputs, failures: [] }) } as unknown as Handlers;
  return sealing(handlers, ["password", "url"]).check({}, {});
};

test("check seals each secret argument that has a value, and no other", async () => {
  expect(await check({ password: "a", url: "b", alias: "c" })).toEqual({
    inputs: { password: sealed("a"), url: sealed("b"), alias: "c" },
    failures: [],
  });
});

test.each([undefined, null, unknownValue])("what has none stays as it is: %s", async (password) => {
  expect((await check({ password })).inputs).toEqual({ password });
});
