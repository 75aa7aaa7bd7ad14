import type { dynamic } from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { guarded, type KindProvider } from "../../../provider/lifecycle/process/guarded";
import { PartialFailureError } from "../../../provider/protocol/failures";
import type { Handlers } from "../../../provider/protocol/handlers";
import { kept } from "../../../provider/protocol/hidden";
import { type Note, updateLog } from "../../../provider/protocol/update";
import type { Plain } from "../../../provider/values/plain";
import { failureOf, organizationId } from "../../api/setup";
import { fakeSession, handlersOf } from "../fakes";
import type { thingFields } from "../things";

const thingMarks = { keys: ["name"], of: ({ name }: Plain) => [`thing ${name}`] };
const untidy = { name: "Acme", folder: undefined, rules: [{ missing: undefined }] };
const tidy: Plain = { name: "Acme", rules: [{}] };
const another = "120ffd28-f115-7ce2-abc4-1e168c57c88a";

/** A kind written by hand, whose every method notes its arguments and answers with `undefined` in it, or throws. */
function start(options: { thrown?: unknown; isGone?: boolean } = {}) {
  const fake = fakeSession();
  const calls: unknown[][] = [];
  function answer<T>(value: T, ...call: unknown[]): T {
    calls.push(call);
    if (options.thrown !== undefined) throw options.thrown;
    return value;
  }
  const kind: KindProvider<typeof thingFields> = {
    noun: "thing",
    marks: thingMarks,
    check: async (olds, news) => answer({ inputs: untidy, failures: [] }, "check", olds, news),
    diff: async (id, olds, news) => answer({ changes: true }, "diff", id, olds, news),
    create: async (inputs) => answer({ id: "abc", outs: untidy }, "create", inputs),
    read: async (id, olds) => answer(options.isGone ? undefined : { id, props: untidy }, "read", id, olds),
    update: async (id, olds, news) => answer({ outs: untidy }, "update", id, olds, news),
    delete: async (id, olds) => answer(undefined, "delete", id, olds),
  };
  return { ...fake, calls, kind, handlers: handlersOf(fake.session, kind) };
}

const olds: Plain = { name: "old", organizationId };
const news: Plain = { name: "new", owner: "me" };
type Named = "check" | "diff" | "create" | "read" | "update" | "delete";
const call: Record<Named, (handlers: Handlers, state?: Plain) => Promise<unknown>> = {
  check: (handlers, state = olds) => handlers.check(state, news),
  diff: (handlers, state = olds) => handlers.diff("abc", state, news),
  create: (handlers) => handlers.create(news),
  read: (handlers, state = olds) => handlers.read("abc", state),
  update: (handlers, state = olds) => handlers.update("abc", state, news),
  delete: (handlers, state = olds) => handlers.delete("abc", state),
};
const names = Object.keys(call) as Named[];

describe("every kind", () => {
  test.each<[Named, unknown, unknown[]]>([
    ["check", { inputs: tidy, failures: [] }, [olds, news]],
    ["diff", { changes: true }, ["abc", olds, news]],
    ["create", { id: "abc", outs: tidy }, [news]],
    ["read", { id: "abc", props: tidy }, ["abc", olds]],
    ["update", { outs: tidy }, ["abc", olds, news]],
    ["delete", undefined, ["abc", olds]],
  ])("has a %s that is given its arguments and answers without undefined", async (name, answer, args) => {
    const { calls, handlers } = start();
    expect(await call[name](handlers)).toStrictEqual(answer);
    expect(calls).toEqual([[name, ...args]]);
  });

  test("is read with the inputs of a drift, which are tidy too", async () => {
    const { session } = start();
    const kind = { noun: "thing", read: async () => ({ id: "abc", props: untidy, inputs: untidy }) };
    const handlers = handlersOf(session, { ...unreachable, ...kind });
    expect(await handlers.read("abc", olds)).toStrictEqual({ id: "abc", props: tidy, inputs: tidy });
  });

  test.each(names)("fails in %s with the message, and no stack trace", async (name) => {
    const { handlers } = start({ thrown: new TypeError("Something is wrong.") });
    const error = await failureOf(call[name](handlers));
    expect(error).toMatchObject({ message: "Something is wrong.", stack: "" });
  });

  test.each(names)("fails in %s without what was thrown, where that is no error", async (name) => {
    const error = await failureOf(call[name](start({ thrown: "CANARY" }).handlers));
    expect(error).toMatchObject({ message: "unexpected failure", stack: "" });
  });

  test.each(names)("passes a failure of %s that saves the resource on as it is", async (name) => {
    const failure = new PartialFailureError("abc", { __provider: "stub" }, tidy, "Not finished.");
    const error = await failureOf(call[name](start({ thrown: failure }).handlers));
    expect(error).toBe(failure);
    expect(failure.properties).toEqual({ ...tidy, __provider: "stub" });
  });

  test("is given properties to read, also where the engine has none", async () => {
    const { calls, handlers } = start();
    await handlers.read("abc");
    expect(calls).toEqual([["read", "abc", {}]]);
  });

  test("is configured by the process", async () => {
    const given: unknown[] = [];
    const { configure } = guarded(start().session, unreachable, async (request) => void given.push(request));
    const request: dynamic.ConfigureRequest = { config: { get: () => undefined, require: () => "" } };
    await configure(request);
    expect(given).toEqual([request]);
  });

  test("may go without being configured", async () => {
    const { handlers } = start();
    await handlers.configure({ config: { get: () => undefined, require: () => "" } });
  });
});

/** What must not be called. */
const unreachable: KindProvider<typeof thingFields> = {
  noun: "thing",
  marks: thingMarks,
  check: () => expect.unreachable(),
  diff: () => expect.unreachable(),
  create: () => expect.unreachable(),
  read: () => expect.unreachable(),
  update: () => expect.unreachable(),
  delete: () => expect.unreachable(),
};

describe("an object of another organization", () => {
  test.each([
    ["diff", "update"],
    ["read", "read"],
    ["update", "update"],
    ["delete", "delete"],
  ] as const)("is refused by %s before the kind is asked", async (name, doing) => {
    const { calls, handlers } = start();
    const error = await failureOf(call[name](handlers, { ...olds, organizationId: another }));
    expect(error).toMatchObject({ name: "WrongOrganizationError", stack: "" });
    expect(error.message).toBe(
      `Refused to ${doing} thing abc: it belongs to organization ${another}, and the configured one is ` +
        `${organizationId}. Set sftptogo:organizationId (or SFTPTOGO_ORGANIZATION_ID) back to ${another}, or the ` +
        "resource's option `provider` to what it was.",
    );
    expect(calls).toEqual([]);
  });

  test("is no matter of check, which knows no object", async () => {
    const { calls, handlers } = start();
    await call.check(handlers, { ...olds, organizationId: another });
    expect(calls).toHaveLength(1);
  });

  test("is not refused where nothing is recorded", async () => {
    const { calls, handlers } = start();
    for (const name of ["read", "update", "delete"] as const) await call[name](handlers, { name: "old" });
    expect(calls).toHaveLength(3);
  });
});

describe("what diff has seen", () => {
  test("is managed, whatever comes of the diff", async () => {
    const { session, handlers } = start({ thrown: new Error("No.") });
    expect(session.memory.isManaged("abc")).toBe(false);
    await failureOf(handlers.diff("abc", olds, news));
    expect(session.memory.isManaged("abc")).toBe(true);
  });

  test.each(["check", "create", "read", "update", "delete"] as const)("is not by %s", async (name) => {
    const { session, handlers } = start();
    await call[name](handlers);
    expect(session.memory.isManaged("abc")).toBe(false);
  });
});

describe("what a resource of this update holds", () => {
  test("is not deleted for another one, which is said", async () => {
    const { session, calls, warnings, handlers } = start();
    session.memory.holders.keep("abc");
    await handlers.delete("abc", olds);
    expect(calls).toEqual([]);
    expect(warnings).toEqual(["thing abc was not deleted: another resource of this stack manages it now"]);
  });

  test("is deleted for its own entry of the state, which diff has seen, and for no other one", async () => {
    const { calls, handlers } = start();
    const entry = { ...olds, [kept.entry]: "one" };
    await handlers.diff("abc", entry, news);
    await handlers.delete("abc", { ...olds, [kept.entry]: "two" });
    await handlers.delete("abc", olds);
    expect(calls.map(([method]) => method)).toEqual(["diff"]);
    await handlers.delete("abc", entry);
    expect(calls.map(([method]) => method)).toEqual(["diff", "delete"]);
  });

  test("is not deleted where a resource that the engine leaves out declares one like it", async () => {
    const notes: Note[] = [["marked", "urn", "thing old"]];
    const log = { ...updateLog(undefined, true), read: () => notes, hash: (text: string) => text };
    const { session, warnings } = fakeSession({ updateLog: { ...log, unwritable: undefined } });
    const deleted: string[] = [];
    const handlers = handlersOf(session, { ...unreachable, delete: async (id) => void deleted.push(id) });
    await handlers.delete("abc", olds);
    expect([deleted, warnings]).toEqual([
      [],
      ["thing abc was not deleted: another resource of this stack manages it now"],
    ]);
    // Unless diff has put another one in its place.
    session.memory.rememberReplaced("abc");
    await handlers.delete("abc", olds);
    expect(deleted).toEqual(["abc"]);
  });

  test("is not deleted where nobody can be asked, and it says how to go on", async () => {
    const log = { ...updateLog(undefined, true), unwritable: "/a nor /b" };
    const { session } = fakeSession({ updateLog: log });
    const error = await failureOf(handlersOf(session, unreachable).delete("abc", olds));
    expect(error.message).toBe(
      "Refused to delete thing abc: whether another resource of the program has it cannot be told, since neither /a " +
        "nor /b can be written to. Set TMPDIR to a folder that can, and run this again.",
    );
  });

  test("is told from others by its id", async () => {
    const { session, calls, warnings, handlers } = start();
    session.memory.holders.keep("abcd");
    await handlers.delete("abc", olds);
    expect(calls).toEqual([["delete", "abc", olds]]);
    expect(warnings).toEqual([]);
  });

  test.each([
    [{ changes: true }, true],
    [{ changes: false }, true],
    [{ changes: true, replaces: [] }, true],
    [{ changes: true, replaces: ["owner"] }, false],
  ])("is what diff has shown without a replacement: %j", async (difference, isHeld) => {
    const { session } = start();
    const handlers = handlersOf(session, { ...unreachable, diff: async () => difference });
    await handlers.diff("abc", olds, news);
    expect(session.memory.holders.isKept("abc")).toBe(isHeld);
  });

  test("is not what a diff that failed has shown", async () => {
    const { session, handlers } = start({ thrown: new Error("No.") });
    await failureOf(handlers.diff("abc", olds, news));
    expect(session.memory.holders.isKept("abc")).toBe(false);
  });
});

describe("what is gone", () => {
  test("leaves the state by a blank id, where it was read before", async () => {
    expect(await start({ isGone: true }).handlers.read("abc", olds)).toEqual({ id: "", props: {} });
  });

  test.each([{}, { __provider: "stub" }, undefined])(
    "is an error of a .get, which would succeed in unwritable: %j",
    async (properties) => {
      const error = await failureOf(start({ isGone: true }).handlers.read("abc", properties));
      expect(error).toMatchObject({ message: 'There is no thing with the id "abc".', stack: "" });
    },
  );
});
