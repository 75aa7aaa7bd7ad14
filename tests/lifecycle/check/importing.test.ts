import { describe, expect, test } from "vitest";
import { adopt, importIdOf, withNames } from "../../../provider/lifecycle/check/importing";
import { failureOf } from "../../api/setup";
import { fakeSession } from "../fakes";

describe("the import id of inputs", () => {
  test("is there or is not", () => {
    const { session } = fakeSession();
    expect(importIdOf(session, { __importId: "w1" })).toBe("w1");
    expect(importIdOf(session, {})).toBeUndefined();
  });

  test("is dead where this process has deleted the object since check", () => {
    const { session } = fakeSession();
    session.memory.rememberDeleted("w1");
    expect(importIdOf(session, { __importId: "w1" })).toBeUndefined();
  });
});

describe("the names of an object that was to be imported, and was deleted to be made again", () => {
  test("are those it had, where the program declares none", () => {
    const { session } = fakeSession();
    session.memory.rememberImported("c1", { alias: "Acme", userName: "acme-incoming" });
    expect(withNames(session, { __importId: "c1", alias: "New", permission: "full" })).toEqual({
      __importId: "c1",
      alias: "New",
      userName: "acme-incoming",
      permission: "full",
    });
  });

  test("are none for any other", () => {
    const { session } = fakeSession();
    session.memory.rememberImported("c1", { userName: "acme-incoming" });
    expect(withNames(session, { __importId: "c2" })).toEqual({ __importId: "c2" });
    expect(withNames(session, { alias: "New" })).toEqual({ alias: "New" });
  });
});

describe("adopting", () => {
  test("returns the object, which a resource of this update holds from then on", async () => {
    const { session, warnings } = fakeSession();
    expect(session.memory.holders.isKept("w1")).toBe(false);
    expect(await adopt(session, "webhook", "w1", async (id) => ({ id }))).toEqual({ id: "w1" });
    expect(session.memory.holders.isKept("w1")).toBe(true);
    expect(warnings).toEqual([]);
  });

  test("looks without a state of another time, so that no record contradicts", async () => {
    const { session } = fakeSession();
    await adopt(session, "webhook", "w1", async (_, state) => expect(state).toEqual({}));
  });

  test("fails where there is nothing, and remembers nothing", async () => {
    const { session } = fakeSession();
    const error = await failureOf(adopt(session, "webhook", "w1", async () => undefined));
    expect(error.message).toBe('There is no webhook with the id "w1" to import.');
    expect(session.memory.holders.isKept("w1")).toBe(false);
  });
});
