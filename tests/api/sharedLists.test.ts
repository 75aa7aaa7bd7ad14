import { describe, expect, test } from "vitest";
import type { Client } from "../../provider/api/client";
import { shareLists } from "../../provider/api/sharedLists";
import type { Webhook } from "../../provider/api/webhooks";
import { listedWebhook } from "../fixtures/reference";
import { failureOf } from "./setup";

/** A client that answers when it is let go; `calls` has the names of what was called. */
function slowClient() {
  const calls: string[] = [];
  const open: ((result: unknown) => void)[] = [];
  const client = new Proxy({} as Client, {
    get:
      (_, method: string) =>
      (...args: unknown[]) => {
        const told = args.flatMap((arg) => (typeof arg === "string" ? arg : Object.values(arg ?? {})));
        calls.push([method, ...told.filter((each) => typeof each === "string")].join(" "));
        return new Promise((resolve, reject) =>
          open.push((result) => (result instanceof Error ? reject(result) : resolve(result))),
        );
      },
  });
  let now = Date.parse("2026-07-01T12:00:00Z");
  const oldest = () => {
    const end = open.shift();
    if (end === undefined) throw new Error("no call is open");
    return end;
  };
  const sleepers: { until: number; wake: () => void }[] = [];
  const sleep = (milliseconds: number) =>
    new Promise<void>((wake) => sleepers.push({ until: now + milliseconds, wake }));
  return {
    calls,
    shared: shareLists(client, { now: () => now, sleep }),
    /** Ends the oldest open call: with an error or a value. */
    answer: (result: unknown) => oldest()(result),
    /** Takes the oldest open call out of turn. */
    hold: oldest,
    pass: (milliseconds: number) => {
      now += milliseconds;
      for (const { until, wake } of sleepers) if (until <= now) wake();
    },
  };
}

/** Until what waits for an answer has gone on. */
const turn = () => new Promise(setImmediate);

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
  ["deleteCredential c1", (client: Client) => client.deleteCredential("c1")],
  ["rotatePassword c1", (client: Client) => client.rotatePassword("c1")],
  ["setPassword c1 p", (client: Client) => client.setPassword("c1", { Password: "p" })],
  ["addSshPublicKey c1 k", (client: Client) => client.addSshPublicKey("c1", { SshPublicKeyBody: "k" })],
  [
    "removeSshPublicKey c1 k1",
    (client: Client) => client.removeSshPublicKey({ credentialId: "c1", keyId: "k1" }),
  ],
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
    const { shared, calls, answer } = slowClient();
    const asked = [list(shared), list(shared)];
    answer(new Error("down"));
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
  test("ends a list that was there before it, and one that began meanwhile", async () => {
    const { shared, calls, answer, pass } = slowClient();
    const before = shared.listWebhooks();
    answer(first);
    await before;
    const writing = shared.deleteWebhook("w1");
    const during = shared.listWebhooks();
    await turn();
    pass(1_000);
    await turn();
    answer(undefined);
    await writing;
    const after = shared.listWebhooks();
    await turn();
    // One list at a time: the second waits for the first.
    expect(calls).toEqual(["listWebhooks", "deleteWebhook w1", "listWebhooks"]);
    answer(first);
    expect(await during).toBe(first);
    await turn();
    answer(second);
    expect(await after).toBe(second);
    expect(calls).toEqual(["listWebhooks", "deleteWebhook w1", "listWebhooks", "listWebhooks"]);
  });

  test("ends a list that was on its way when it began, which is waited for, for a second at most", async () => {
    const { shared, calls, answer, hold, pass } = slowClient();
    const before = shared.listWebhooks();
    const endBefore = hold();
    const writing = shared.deleteWebhook("w1");
    answer(undefined);
    await writing;
    const after = shared.listWebhooks();
    pass(999);
    await turn();
    expect(calls).toEqual(["listWebhooks", "deleteWebhook w1"]);
    pass(1);
    await turn();
    answer(second);
    expect(await after).toBe(second);
    // The older one's end takes nothing from the later one.
    endBefore(first);
    expect(await before).toBe(first);
    expect(await shared.listWebhooks()).toBe(second);
    expect(calls).toEqual(["listWebhooks", "deleteWebhook w1", "listWebhooks"]);
  });

  test("ends a list that fails late, and which takes nothing from the later one either", async () => {
    const { shared, calls, answer, hold, pass } = slowClient();
    const before = failureOf(shared.listWebhooks());
    const endBefore = hold();
    const writing = shared.deleteWebhook("w1");
    answer(undefined);
    await writing;
    const after = shared.listWebhooks();
    pass(1_000);
    await turn();
    answer(second);
    expect(await after).toBe(second);
    endBefore(new Error("down"));
    expect((await before).message).toBe("down");
    expect(await shared.listWebhooks()).toBe(second);
    expect(calls).toEqual(["listWebhooks", "deleteWebhook w1", "listWebhooks"]);
  });

  test("is waited for by whoever asks meanwhile, for a second at most, and all of them share the next list", async () => {
    const { shared, calls, answer, pass } = slowClient();
    const updateAndList = async (id: string) => {
      await shared.updateWebhook(id, {});
      return shared.listWebhooks();
    };
    const updated = ["w1", "w2", "w3"].map(updateAndList);
    const late = shared.deleteWebhook("w4");
    for (const _ of updated) answer("written");
    await turn();
    pass(999);
    await turn();
    expect(calls).not.toContain("listWebhooks");
    pass(1);
    await turn();
    expect(calls.filter((call) => call === "listWebhooks")).toHaveLength(1);
    answer(undefined);
    await late;
    answer(first);
    expect(await Promise.all(updated)).toEqual([first, first, first]);
  });

  test("that follows another at once is waited for as well", async () => {
    const { shared, calls, answer } = slowClient();
    const chain = async () => {
      await shared.createWebhook({});
      // As between a create and its update, where some promises lie.
      for (let count = 0; count < 20; count++) await null;
      await shared.updateWebhook("w1", {});
      return shared.listWebhooks();
    };
    const written = shared.deleteWebhook("w2");
    const chained = chain();
    answer(undefined);
    await written;
    const asked = shared.listWebhooks();
    answer("created");
    await turn();
    await turn();
    expect(calls).toEqual(["deleteWebhook w2", "createWebhook", "updateWebhook w1"]);
    answer("updated");
    await turn();
    await turn();
    answer(first);
    expect(await Promise.all([asked, chained])).toEqual([first, first]);
    expect(calls).toEqual(["deleteWebhook w2", "createWebhook", "updateWebhook w1", "listWebhooks"]);
  });

  test("that failed ends the lists as well: it may have been done", async () => {
    const { shared, answer } = slowClient();
    const before = shared.listWebhooks();
    answer(first);
    await before;
    const writing = shared.createWebhook({});
    answer(new Error("connection reset"));
    await failureOf(writing);
    const after = shared.listWebhooks();
    answer(second);
    expect(await after).toBe(second);
  });
});

test("knows whether a write is on its way, also when it fails", async () => {
  const { shared, answer } = slowClient();
  expect(shared.isWriting()).toBe(false);
  const writing = shared.createWebhook({});
  expect(shared.isWriting()).toBe(true);
  answer(new Error("connection reset"));
  await failureOf(writing);
  expect(shared.isWriting()).toBe(false);
});

test("a read by id always asks", async () => {
  const { shared, calls } = slowClient();
  void shared.getCredential("c1");
  void shared.getCredential("c1");
  void shared.getShareLink("s1");
  void shared.getShareLink("s1");
  expect(calls).toEqual(["getCredential c1", "getCredential c1", "getShareLink s1", "getShareLink s1"]);
});
