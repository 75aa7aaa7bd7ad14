import { describe, expect, test } from "vitest";
import type { Client } from "../../provider/api/client";
import { shareLists } from "../../provider/api/sharedLists";
import type { Webhook } from "../../provider/api/wire";
import { listedWebhook } from "../fixtures/reference";
import { failureOf } from "./setup";

/** A client that answers when it is let go; `calls` has the names of what was called. */
function slowClient() {
  const calls: string[] = [];
  const open: { resolve: (value: unknown) => void; reject: (error: Error) => void }[] = [];
  const client = new Proxy({} as Client, {
    get:
      (_, method: string) =>
      (...args: unknown[]) => {
        calls.push([method, ...args.filter((arg) => typeof arg === "string")].join(" "));
        return new Promise((resolve, reject) => open.push({ resolve, reject }));
      },
  });
  let now = Date.parse("2026-07-01T12:00:00Z");
  return {
    calls,
    shared: shareLists(client, () => now),
    answer: (value: unknown) => open.shift()?.resolve(value),
    fail: (error: Error) => open.shift()?.reject(error),
    pass: (milliseconds: number) => {
      now += milliseconds;
    },
  };
}

const first: Webhook[] = [listedWebhook];
const second: Webhook[] = [];

const lists = [
  ["listCredentials", (client: Client) => client.listCredentials()],
  ["listSshPublicKeys c1", (client: Client) => client.listSshPublicKeys("c1")],
  ["listWebhooks", (client: Client) => client.listWebhooks()],
  ["listShareLinks", (client: Client) => client.listShareLinks()],
] as const;

const writes = [
  ["createCredential", (client: Client) => client.createCredential({})],
  ["updateCredential c1", (client: Client) => client.updateCredential("c1", {})],
  ["updateInboundRules c1", (client: Client) => client.updateInboundRules("c1", [])],
  ["deleteCredential c1", (client: Client) => client.deleteCredential("c1")],
  ["rotatePassword c1", (client: Client) => client.rotatePassword("c1")],
  ["setPassword c1 p", (client: Client) => client.setPassword("c1", "p")],
  ["addSshPublicKey c1 k", (client: Client) => client.addSshPublicKey("c1", "k")],
  ["removeSshPublicKey c1 k1", (client: Client) => client.removeSshPublicKey("c1", "k1")],
  ["createWebhook", (client: Client) => client.createWebhook({})],
  ["updateWebhook w1", (client: Client) => client.updateWebhook("w1", {})],
  ["deleteWebhook w1", (client: Client) => client.deleteWebhook("w1")],
  ["createShareLink", (client: Client) => client.createShareLink({})],
  ["updateShareLink s1", (client: Client) => client.updateShareLink("s1", {})],
  ["deleteShareLink s1", (client: Client) => client.deleteShareLink("s1")],
] as const;

describe.each(lists)("%s", (name, list) => {
  test("is one request for all who ask at once, and for all who ask later", async () => {
    const { shared, calls, answer } = slowClient();
    const asked = [list(shared), list(shared), list(shared)];
    answer(first);
    expect(await Promise.all([...asked, list(shared)])).toEqual([first, first, first, first]);
    expect(calls).toEqual([name]);
  });

  test("serves for 30 seconds and no longer", async () => {
    const { shared, calls, answer, pass } = slowClient();
    const asked = list(shared);
    answer(first);
    await asked;
    pass(30_000);
    await list(shared);
    expect(calls).toHaveLength(1);
    pass(1);
    const later = list(shared);
    answer(second);
    expect(await later).toBe(second);
    expect(calls).toHaveLength(2);
  });

  test("that failed is asked for again, after all who waited have failed", async () => {
    const { shared, calls, answer, fail } = slowClient();
    const asked = [list(shared), list(shared)];
    fail(new Error("down"));
    for (const each of asked) expect((await failureOf(each)).message).toBe("down");
    const again = list(shared);
    answer(first);
    expect(await again).toBe(first);
    expect(calls).toHaveLength(2);
  });
});

test("lists of different credentials' keys are different lists", async () => {
  const { shared, calls } = slowClient();
  void shared.listSshPublicKeys("c1");
  void shared.listSshPublicKeys("c2");
  expect(calls).toEqual(["listSshPublicKeys c1", "listSshPublicKeys c2"]);
});

describe.each(writes)("%s", (name, write) => {
  test("passes through, and ends what every list has to say", async () => {
    const { shared, calls, answer } = slowClient();
    const before = lists.map(([, list]) => list(shared));
    for (const _ of lists) answer(first);
    await Promise.all(before);
    const writing = write(shared);
    answer("written");
    expect(await writing).toBe("written");
    const after = lists.map(([, list]) => list(shared));
    for (const _ of lists) answer(second);
    expect(await Promise.all(after)).toEqual(lists.map(() => second));
    expect(calls).toEqual([...lists.map(([list]) => list), name, ...lists.map(([list]) => list)]);
  });
});

describe("a write", () => {
  test("ends a list that was on its way when it began", async () => {
    const { shared, calls, answer } = slowClient();
    const before = shared.listWebhooks();
    const writing = shared.deleteWebhook("w1");
    const during = shared.listWebhooks();
    answer(first);
    answer(undefined);
    answer(first);
    expect(await before).toBe(first);
    await Promise.all([writing, during]);
    const after = shared.listWebhooks();
    answer(second);
    expect(await after).toBe(second);
    expect(calls).toEqual(["listWebhooks", "deleteWebhook w1", "listWebhooks", "listWebhooks"]);
  });

  test("that failed ends them as well: it may have been done", async () => {
    const { shared, answer, fail } = slowClient();
    const before = shared.listWebhooks();
    answer(first);
    await before;
    const writing = shared.createWebhook({});
    fail(new Error("connection reset"));
    await failureOf(writing);
    const after = shared.listWebhooks();
    answer(second);
    expect(await after).toBe(second);
  });

  test("does not let a list that fails late take away one that was asked for since", async () => {
    const { shared, calls, answer, fail } = slowClient();
    const writing = shared.deleteWebhook("w1");
    const early = failureOf(shared.listWebhooks());
    answer(undefined);
    await writing;
    const later = shared.listWebhooks();
    fail(new Error("late"));
    await early;
    answer(first);
    await later;
    await shared.listWebhooks();
    expect(calls).toEqual(["deleteWebhook w1", "listWebhooks", "listWebhooks"]);
  });
});

test("a read by id always asks", async () => {
  const { shared, calls } = slowClient();
  void shared.getCredential("c1");
  void shared.getCredential("c1");
  void shared.getShareLink("s1");
  void shared.getShareLink("s1");
  expect(calls).toEqual(["getCredential c1", "getCredential c1", "getShareLink s1", "getShareLink s1"]);
});
