import type { dynamic } from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { SavedFailure } from "../../provider/engine/failures";
import { forProcess, type Handlers, type KindProvider } from "../../provider/engine/handlers";
import type { Plain } from "../../provider/values/plain";
import { failureOf } from "../api/setup";

const untidy: Plain = { alias: "Acme", missing: undefined, list: [{ missing: undefined }] };
const tidy: Plain = { alias: "Acme", list: [{}] };

/** A kind whose every method notes its arguments and answers with `undefined` in it, or throws. */
function kind(thrown?: unknown) {
  const calls: unknown[][] = [];
  const answer =
    (name: string, value: unknown) =>
    async (...args: unknown[]) => {
      calls.push([name, ...args]);
      if (thrown !== undefined) throw thrown;
      return value as never;
    };
  const provider: KindProvider = {
    check: answer("check", { inputs: untidy, failures: [] }),
    diff: answer("diff", { changes: true, replaces: undefined }),
    create: answer("create", { id: "abc", outs: untidy }),
    read: answer("read", { id: "abc", props: untidy, inputs: undefined }),
    update: answer("update", { outs: untidy }),
    delete: answer("delete", undefined),
  };
  return { calls, handlers: forProcess(provider, async () => {}) };
}

const olds: Plain = { alias: "old" };
const news: Plain = { alias: "new" };
type Named = "check" | "diff" | "create" | "read" | "update" | "delete";
const call: Record<Named, (handlers: Handlers) => Promise<unknown>> = {
  check: (handlers) => handlers.check(olds, news),
  diff: (handlers) => handlers.diff("abc", olds, news),
  create: (handlers) => handlers.create(news),
  read: (handlers) => handlers.read("abc", olds),
  update: (handlers) => handlers.update("abc", olds, news),
  delete: (handlers) => handlers.delete("abc", olds),
};
const names = Object.keys(call) as Named[];

describe("handlers", () => {
  test.each<[Named, unknown, unknown[]]>([
    ["check", { inputs: tidy, failures: [] }, [olds, news]],
    ["diff", { changes: true }, ["abc", olds, news]],
    ["create", { id: "abc", outs: tidy }, [news]],
    ["read", { id: "abc", props: tidy }, ["abc", olds]],
    ["update", { outs: tidy }, ["abc", olds, news]],
    ["delete", undefined, ["abc", olds]],
  ])("%s passes its arguments on and answers without undefined", async (name, answer, args) => {
    const { calls, handlers } = kind();
    expect(await call[name](handlers)).toStrictEqual(answer);
    expect(calls).toEqual([[name, ...args]]);
  });

  test.each(names)("%s fails with the message, and no stack trace", async (name) => {
    const error = await failureOf(call[name](kind(new TypeError("Something is wrong.")).handlers));
    expect(error).toMatchObject({ message: "Something is wrong.", stack: "" });
  });

  test.each(names)("%s passes a failure that saves the resource on as it is", async (name) => {
    const failure = new SavedFailure("abc", { __provider: "stub" }, tidy, "Not finished.");
    const error = await failureOf(call[name](kind(failure).handlers));
    expect(error).toBe(failure);
    expect((error as SavedFailure).properties).toEqual({ ...tidy, __provider: "stub" });
  });

  test("read is given properties, also where the engine has none", async () => {
    const { calls, handlers } = kind();
    await handlers.read("abc");
    expect(calls).toEqual([["read", "abc", {}]]);
  });

  test("configure is the process's own", async () => {
    const given: unknown[] = [];
    const provider = {} as KindProvider;
    const { configure } = forProcess(provider, async (request) => void given.push(request));
    const request = { config: { get: () => undefined } } as unknown as dynamic.ConfigureRequest;
    await configure(request);
    expect(given).toEqual([request]);
  });
});
