import { describe, expect, test } from "vitest";
import { AccessError, NotFoundError } from "../../provider/api/errors";
import {
  adopt,
  goneAtUpdate,
  importIdOf,
  isJustAdopted,
  readOfGone,
  unlessGone,
  withNames,
} from "../../provider/lifecycle/turns";
import { failureOf } from "../api/setup";
import { fakeSession } from "./fakes";

const call = { doing: "update webhook w1", aftermath: "refused" } as const;

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
    session.memory.rememberNames("c1", { alias: "Acme", userName: "acme-incoming" });
    expect(withNames(session, { __importId: "c1", alias: "New", permission: "full" })).toEqual({
      __importId: "c1",
      alias: "New",
      userName: "acme-incoming",
      permission: "full",
    });
  });

  test("are none for any other", () => {
    const { session } = fakeSession();
    session.memory.rememberNames("c1", { userName: "acme-incoming" });
    expect(withNames(session, { __importId: "c2" })).toEqual({ __importId: "c2" });
    expect(withNames(session, { alias: "New" })).toEqual({ alias: "New" });
  });
});

describe("adopting", () => {
  test("returns the object, which this process then does not delete", async () => {
    const { session, warnings } = fakeSession();
    expect(isJustAdopted(session, "webhook", "w1")).toBe(false);
    expect(warnings).toEqual([]);
    expect(await adopt(session, "webhook", "w1", async (id) => ({ id }))).toEqual({ id: "w1" });
    expect(isJustAdopted(session, "webhook", "w1")).toBe(true);
    expect(warnings).toEqual(["webhook w1 was imported by this very update and is not deleted by it"]);
  });

  test("looks without outputs of another time, so that no record contradicts", async () => {
    const { session } = fakeSession();
    await adopt(session, "webhook", "w1", async (_, outputs) => expect(outputs).toEqual({}));
  });

  test("fails where there is nothing, and remembers nothing", async () => {
    const { session } = fakeSession();
    const error = await failureOf(adopt(session, "webhook", "w1", async () => undefined));
    expect(error.message).toBe('There is no webhook with the id "w1" to import.');
    expect(session.memory.adopted.size).toBe(0);
  });
});

describe("a read of what is gone", () => {
  test("is a blank id for what was read before", () => {
    expect(readOfGone("webhook", "w1", { organizationId: "o" })).toEqual({ id: "", props: {} });
  });

  test("is an error for a .get, which would succeed in silence", () => {
    expect(() => readOfGone("webhook", "w1", { __provider: "stub" })).toThrow(
      'There is no webhook with the id "w1".',
    );
  });
});

describe("a write of an update", () => {
  test("passes its answer on", async () => {
    expect(await unlessGone("webhook", "w1", Promise.resolve("done"))).toBe("done");
  });

  test("that finds nothing says that the object is gone, and to refresh", async () => {
    const notFound = new NotFoundError({ ...call, status: 404 }, "Check the id.");
    const error = await failureOf(unlessGone("webhook", "w1", Promise.reject(notFound)));
    expect(error.message).toBe(goneAtUpdate("webhook", "w1").message);
    expect(error.message).toBe(
      "The webhook w1 is gone. Run `pulumi refresh`; the next `pulumi up` makes a new one.",
    );
  });

  test("passes every other failure on", async () => {
    const forbidden = new AccessError({ ...call, status: 403 }, "Check the key.");
    expect(await failureOf(unlessGone("webhook", "w1", Promise.reject(forbidden)))).toBe(forbidden);
  });
});
