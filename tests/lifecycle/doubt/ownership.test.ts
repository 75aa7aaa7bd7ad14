import { describe, expect, test } from "vitest";
import {
  AccessError,
  ConnectionError,
  InputError,
  PlanError,
  UnavailableError,
  UnexpectedAnswerError,
} from "../../../provider/api/errors";
import { type Creation, createOnce } from "../../../provider/lifecycle/doubt/ownership";
import { waitsBeforeReads } from "../../../provider/lifecycle/doubt/waits";
import { failureOf } from "../../api/setup";
import { type FakeOptions, fakeSession } from "../fakes";

interface Item {
  readonly Id: string;
  readonly name: string;
}

const call = { doing: "create a thing" } as const;
const lost = () => new ConnectionError({ ...call, aftermath: "unknown", reason: "ECONNRESET" }, "It broke.");
const unsent = () =>
  new ConnectionError({ ...call, aftermath: "never sent", reason: "ECONNREFUSED" }, "No way.");
const broken = () => new UnavailableError({ ...call, aftermath: "unknown", status: 500 }, "Try again later.");
const html = () => new UnexpectedAnswerError({ ...call, aftermath: "unknown", status: 200 }, "It is HTML.");
const conflict = () => new InputError({ ...call, aftermath: "refused", status: 409 }, "Correct it.");
const forbidden = () => new AccessError({ ...call, aftermath: "refused", status: 403 }, "Check the key.");
const plan = () => new PlanError({ ...call, aftermath: "refused", status: 402 }, "See the plan.");
const turnedAway = (status: number, retryAfterSeconds?: number) =>
  new UnavailableError(
    { ...call, aftermath: "unknown", status, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) },
    "Busy.",
  );

/** What the service does with a post. */
type Reaction =
  | "answers"
  | {
      readonly fails: Error;
      readonly acts?: boolean /** Looks before it shows. */;
      readonly shownAfter?: number;
    };

/**
 * A service of things, in memory: each post meets the next reaction, and every one after the last answers.
 * `looks` counts the lists, `posts` the posts.
 */
function service(
  reactions: readonly Reaction[] = [],
  there: readonly Item[] = [],
  options: FakeOptions = {},
) {
  const { session, clock } = fakeSession(options);
  const items: { item: Item; hiddenFor: number }[] = there.map((item) => ({ item, hiddenFor: 0 }));
  const counts = { looks: 0, posts: 0 };
  const failingLooks: Error[] = [];
  const log: string[] = [];

  function creation(name: string, more: Partial<Creation<Item>> = {}): Creation<Item> {
    return {
      noun: "thing",
      collection: "things",
      identity: `thing ${name}`,
      identityInWords: `the name "${name}"`,
      async list() {
        counts.looks++;
        const failure = failingLooks.shift();
        if (failure) throw failure;
        return items.filter((each) => each.hiddenFor-- <= 0).map((each) => each.item);
      },
      idOf: (item) => item.Id,
      isSame: (item) => item.name === name,
      body: { name },
      async post() {
        const reaction = reactions[counts.posts] ?? "answers";
        counts.posts++;
        log.push(`${name} begins`);
        await new Promise((resolve) => setImmediate(resolve));
        log.push(`${name} ends`);
        const item = { Id: `new-${counts.posts}`, name };
        const acts = reaction === "answers" || reaction.acts === true;
        if (acts) items.push({ item, hiddenFor: reaction === "answers" ? 0 : (reaction.shownAfter ?? 0) });
        if (reaction !== "answers") throw reaction.fails;
        return item;
      },
      unique: false,
      ...more,
    };
  }

  return {
    session,
    clock,
    counts,
    log,
    failingLooks,
    creation,
    create: (name = "n", more?: Partial<Creation<Item>>) => createOnce(session, creation(name, more)),
    add: (item: Item) => items.push({ item, hiddenFor: 0 }),
    ids: () => items.map(({ item }) => item.Id),
  };
}

describe("a create that is answered", () => {
  test("is one look and one post", async () => {
    const { create, counts, session } = service();
    expect(await create()).toEqual({ item: { Id: "new-1", name: "n" }, found: false });
    expect(counts).toEqual({ looks: 1, posts: 1 });
    expect(session.memory.wasCreated("new-1")).toBe(true);
  });

  test("shares its look with all others of the process", async () => {
    const { create, counts } = service();
    await Promise.all(["a", "b", "c"].map((name) => create(name)));
    await create("d");
    expect(counts).toEqual({ looks: 1, posts: 4 });
  });

  test("is not done without its look", async () => {
    const { create, counts, failingLooks } = service();
    failingLooks.push(forbidden());
    await expect(create()).rejects.toMatchObject({ status: 403 });
    expect(counts.posts).toBe(0);
  });
});

describe("what was there before", () => {
  test("is refused with the exact import option, and nothing is posted", async () => {
    const { create, counts } = service([], [{ Id: "old", name: "n" }]);
    const error = await failureOf(create());
    expect(error.name).toBe("OwnershipError");
    expect(error.message).toBe(
      'A thing with the name "n" already exists. If it belongs to a resource of this stack that was renamed or moved ' +
        "in the program, give the new one the option `aliases` with the old name. To take over an object that this " +
        'stack does not manage, add the option { import: "old" }. Otherwise give them different names.',
    );
    expect(counts.posts).toBe(0);
  });

  test("several times is refused with each option", async () => {
    const { create } = service(
      [],
      [
        { Id: "a", name: "n" },
        { Id: "b", name: "n" },
      ],
    );
    const error = await failureOf(create());
    expect(error.message).toContain('A thing with the name "n" already exists, 2 times. ');
    expect(error.message).toContain('add the option { import: "a" } or { import: "b" }. ');
  });

  test("and is managed by a resource of the stack is refused without an option", async () => {
    const { create, session } = service([], [{ Id: "old", name: "n" }]);
    session.memory.rememberIdentity("thing n");
    session.memory.rememberManaged("old");
    const error = await failureOf(create());
    expect(error.message).toBe(
      'A thing with the name "n" already exists, and another resource of this stack manages it: give them different ' +
        "names, or remove one.",
    );
  });

  test("and was made by a replacement that failed is offered for import: no resource has it", async () => {
    const { create, session } = service([], [{ Id: "made-and-lost", name: "n" }]);
    session.memory.rememberIdentity("thing n");
    session.memory.rememberManaged("replaced");
    const error = await failureOf(create());
    expect(error.message).toContain('the option { import: "made-and-lost" }');
  });

  test("and was deleted by this process since is no hindrance", async () => {
    const { create, session } = service([], [{ Id: "old", name: "n" }]);
    session.memory.rememberDeleted("old");
    expect((await create()).item.Id).toBe("new-1");
  });

  test("is never taken for our own after a lost answer, though it has become like it", async () => {
    const old = { Id: "old", name: "other" };
    const { create, session, creation, counts } = service([{ fails: lost() }], [old]);
    await session.firstList("things", creation("n").list);
    const renamed = { ...creation("n"), list: async () => [{ ...old, name: "n" }] };
    await expect(create("n", renamed)).rejects.toMatchObject({ name: "OwnershipError" });
    expect(counts.posts).toBe(1);
  });
});

describe("a create whose answer was lost", () => {
  test.each([
    ["by a broken connection", lost],
    ["in a 500", broken],
    ["in HTML", html],
  ])("%s is found by a look, and not posted again", async (_, failure) => {
    const { create, counts, session } = service([{ fails: failure(), acts: true }]);
    expect(await create()).toEqual({ item: { Id: "new-1", name: "n" }, found: true });
    expect(counts.posts).toBe(1);
    expect(session.memory.wasCreated("new-1")).toBe(true);
  });

  test.each([0, 1, 2, 3, 4])("is found after %i looks that did not show it", async (shownAfter) => {
    const { create, counts, clock } = service([{ fails: lost(), acts: true, shownAfter }]);
    expect(await create()).toMatchObject({ found: true });
    expect(counts).toEqual({ looks: 1 + shownAfter + 1, posts: 1 });
    expect(clock.slept).toEqual(waitsBeforeReads.slice(0, shownAfter + 1));
  });

  test("is found though some looks fail", async () => {
    const { create, session, creation, failingLooks, counts } = service([{ fails: lost(), acts: true }]);
    await session.firstList("things", creation("n").list);
    failingLooks.push(broken(), forbidden());
    expect(await create()).toMatchObject({ found: true });
    expect(counts).toEqual({ looks: 4, posts: 1 });
  });

  test("fails where no look shows it, and says what to do; it is not posted again", async () => {
    const { create, counts, clock } = service([{ fails: lost() }]);
    const error = await failureOf(create());
    expect(error.name).toBe("OwnershipError");
    expect(error.message).toBe(
      "Could not create a thing. It broke. It is not known whether it was created: it is not in the list. Run " +
        '`pulumi up` again. If a thing with the name "n" has appeared by then, that update says which import option ' +
        "to add.",
    );
    expect(counts).toEqual({ looks: 1 + waitsBeforeReads.length, posts: 1 });
    expect(clock.slept).toEqual(waitsBeforeReads);
  });

  test("fails where no look succeeds, and says both and what to do", async () => {
    const { create, session, creation, failingLooks, counts } = service([{ fails: lost(), acts: true }]);
    await session.firstList("things", creation("n").list);
    failingLooks.push(...waitsBeforeReads.map(forbidden));
    const error = await failureOf(create());
    expect(error.name).toBe("OwnershipError");
    expect(error.message).toContain(
      "It broke. It is not known whether it was created: Could not create a thing",
    );
    expect(error.message).toContain("Run `pulumi up` again. If a thing with");
    expect(counts.posts).toBe(1);
  });

  test("is no reason to take what no create makes", async () => {
    const { create, session } = service([{ fails: lost(), acts: true }]);
    const error = await failureOf(create("n", { isNeverMade: () => true }));
    expect(error.message).toContain("It is not known whether it was created");
    expect(session.memory.wasCreated("new-1")).toBe(false);
  });

  test("is not looked for beyond the time for the operation", async () => {
    const config = { "sftptogo:operationTimeoutSeconds": "3" };
    const { create, clock } = service([{ fails: lost() }], [], { config });
    await failureOf(create());
    expect(clock.slept).toEqual([0, 1_000]);
  });

  test("fails where several fit, and prints their ids", async () => {
    const { create, add, session, creation, counts } = service([{ fails: lost(), acts: true }]);
    await session.firstList("things", creation("n").list);
    add({ Id: "somebody's", name: "n" });
    const error = await failureOf(create());
    expect(error.name).toBe("OwnershipError");
    expect(error.message).toContain("several new ones could be it (ids somebody's, new-1)");
    expect(error.message).toContain("the option `import`");
    expect(counts.posts).toBe(1);
    for (const id of ["somebody's", "new-1"]) expect(session.memory.wasCreated(id)).toBe(false);
  });

  test("is not taken from another create of this process", async () => {
    const { create, ids } = service(["answers", { fails: lost() }]);
    expect((await create()).item.Id).toBe("new-1");
    await expect(create()).rejects.toMatchObject({ name: "OwnershipError" });
    expect(ids()).toEqual(["new-1"]);
  });

  test("is told from another create of this process that is equal", async () => {
    const { create } = service(["answers", { fails: lost(), acts: true }]);
    const created = await Promise.all([create(), create()]);
    expect(created.map(({ item, found }) => [item.Id, found])).toEqual([
      ["new-1", false],
      ["new-2", true],
    ]);
  });

  test("is not taken from what this process has deleted", async () => {
    const { create, add, session } = service([{ fails: lost() }]);
    await session.firstList("things", async () => []);
    add({ Id: "ghost", name: "n" });
    session.memory.rememberDeleted("ghost");
    await expect(create()).rejects.toMatchObject({ name: "OwnershipError" });
  });
});

describe("a create that the service turned away", () => {
  test("with 429 is posted again once a look shows that nothing came of it", async () => {
    const { create, counts, clock } = service([{ fails: turnedAway(429) }]);
    expect(await create()).toEqual({ item: { Id: "new-2", name: "n" }, found: false });
    expect(counts).toEqual({ looks: 2, posts: 2 });
    expect(clock.slept).toEqual([0, 500]);
  });

  test("with 503, which may be a gateway's, is looked for by all reads and not posted again", async () => {
    const { create, counts, clock } = service([{ fails: turnedAway(503) }]);
    await expect(create()).rejects.toMatchObject({ name: "OwnershipError" });
    expect(counts).toEqual({ looks: 1 + waitsBeforeReads.length, posts: 1 });
    expect(clock.slept).toEqual(waitsBeforeReads);
  });

  test("with 503 is posted again after all reads where the service refuses a second one", async () => {
    const { create, counts } = service([{ fails: turnedAway(503) }]);
    expect(await create("n", { unique: true })).toMatchObject({ found: false });
    expect(counts).toEqual({ looks: 1 + waitsBeforeReads.length, posts: 2 });
  });

  test("waits as long as it was asked to", async () => {
    const { create, clock } = service([{ fails: turnedAway(429, 30) }]);
    await create();
    expect(clock.slept).toEqual([0, 30_000]);
  });

  test("is not posted again where the service asks for more than a minute", async () => {
    const { create, counts } = service([{ fails: turnedAway(429, 61) }]);
    await expect(create()).rejects.toMatchObject({ name: "OwnershipError" });
    expect(counts.posts).toBe(1);
  });

  test.each([429, 503])("with %i is not posted again where the look shows it after all", async (status) => {
    const { create, counts } = service([{ fails: turnedAway(status), acts: true }]);
    expect(await create()).toMatchObject({ found: true });
    expect(counts.posts).toBe(1);
  });

  test("is not posted again where the look fails", async () => {
    const { create, session, creation, failingLooks, counts } = service([{ fails: turnedAway(429) }]);
    await session.firstList("things", creation("n").list);
    failingLooks.push(broken());
    await expect(create()).rejects.toMatchObject({ name: "OwnershipError" });
    expect(counts.posts).toBe(1);
  });

  test("is posted again for as long as the operation may take, however often that is", async () => {
    const config = { "sftptogo:operationTimeoutSeconds": "60", "sftptogo:maxRetries": "1" };
    const always = Array.from({ length: 99 }, () => ({ fails: turnedAway(429) }));
    const { create, counts, clock } = service(always, [], { config });
    await expect(create()).rejects.toMatchObject({ name: "OwnershipError" });
    // Half a second, doubled up to eight: the next wait would pass the end.
    const waits = [500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000, 8_000, 8_000, 8_000];
    expect(clock.slept.filter((wait) => wait > 0)).toEqual(waits);
    expect(counts.posts).toBe(1 + waits.length);
  });
});

describe("a create that the service itself would refuse twice", () => {
  const unique = { unique: true };

  test("is posted again where no look shows it", async () => {
    const { create, counts } = service([{ fails: lost() }]);
    expect(await create("n", unique)).toEqual({ item: { Id: "new-2", name: "n" }, found: false });
    expect(counts.posts).toBe(2);
  });

  test("is ours where the second post is refused as taken, since the first one did it", async () => {
    const late = waitsBeforeReads.length;
    const { create, counts, ids } = service([
      { fails: lost(), acts: true, shownAfter: late },
      { fails: conflict() },
    ]);
    expect(await create("n", unique)).toEqual({ item: { Id: "new-1", name: "n" }, found: true });
    expect(counts.posts).toBe(2);
    expect(ids()).toEqual(["new-1"]);
  });

  test("gives up after the configured retries", async () => {
    const { create, counts, session } = service(Array.from({ length: 9 }, () => ({ fails: broken() })));
    await expect(create("n", unique)).rejects.toMatchObject({ name: "OwnershipError" });
    expect(counts.posts).toBe(1 + session.settings.maxRetries);
  });

  test("gives up when the time for the operation is up: the looks count", async () => {
    const config = { "sftptogo:operationTimeoutSeconds": "3.4" };
    const { create, counts } = service([{ fails: lost() }], [], { config });
    await expect(create("n", unique)).rejects.toMatchObject({ name: "OwnershipError" });
    expect(counts.posts).toBe(1);
  });

  test("is explained with the import option where somebody took the name since the first look", async () => {
    const { create, add, session, creation } = service([{ fails: conflict() }]);
    await session.firstList("things", creation("n").list);
    add({ Id: "somebody's", name: "n" });
    const error = await failureOf(create("n", unique));
    expect(error.message).toContain('add the option { import: "somebody\'s" }');
  });

  test("is explained where another resource of the program has just created it", async () => {
    const { create } = service(["answers", { fails: conflict() }]);
    await create("n", unique);
    const error = await failureOf(create("n", unique));
    expect(error.message).toBe(
      'Another resource of this program has just created a thing with the name "n": give them different names.',
    );
  });

  test("passes a refusal on that no taken name explains", async () => {
    const refusal = conflict();
    expect(await failureOf(service([{ fails: refusal }]).create("n", unique))).toBe(refusal);
  });

  test("passes a refusal on where the look that would explain it fails", async () => {
    const refusal = conflict();
    const { create, session, creation, failingLooks } = service([{ fails: refusal }]);
    await session.firstList("things", creation("n").list);
    failingLooks.push(broken());
    expect(await failureOf(create("n", unique))).toBe(refusal);
  });
});

describe("a create that certainly failed", () => {
  test.each([
    ["was never sent", unsent()],
    ["was refused", conflict()],
    ["was forbidden", forbidden()],
    ["is not in the plan", plan()],
  ])("since it %s is thrown as it is, without a look", async (_, failure) => {
    const { create, counts } = service([{ fails: failure }]);
    expect(await failureOf(create())).toBe(failure);
    expect(counts).toEqual({ looks: 1, posts: 1 });
  });

  test("by a mistake of our own is thrown as it is", async () => {
    const mistake = new TypeError("undefined is not a function");
    const { create, counts } = service([{ fails: mistake }]);
    expect(await failureOf(create())).toBe(mistake);
    expect(counts).toEqual({ looks: 1, posts: 1 });
  });
});

describe("creates at the same time", () => {
  test("of equal identity come one after another", async () => {
    const { create, log } = service();
    await Promise.all([create("n"), create("n")]);
    expect(log).toEqual(["n begins", "n ends", "n begins", "n ends"]);
  });

  test("of different identity run in parallel", async () => {
    const { create, log } = service();
    await Promise.all([create("a"), create("b")]);
    expect(log).toEqual(["a begins", "b begins", "a ends", "b ends"]);
  });
});
