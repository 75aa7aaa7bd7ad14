import { describe, expect, test, vi } from "vitest";
import { AccessError, InputError, NotFoundError, UnavailableError } from "../../../provider/api/errors";
import { type CheckRules, check } from "../../../provider/lifecycle/check/check";
import { flag, number, text } from "../../../provider/lifecycle/fields/vocabulary";
import { createSession } from "../../../provider/lifecycle/process/session";
import { unknownValue } from "../../../provider/protocol/unknowns";
import { credentialProvider } from "../../../provider/resources/credential/provider";
import type { Plain } from "../../../provider/values/plain";
import { fakeSession, noSuch, offlineSession, urn } from "../fakes";

interface Item {
  readonly Id: string;
  readonly name: string;
}

const fields = {
  name: text({
    byDefault: ({ name }) => `${name}-default`,
    validate: (name) => (name.includes("!") ? [{ reason: "must be calm" }] : []),
  }),
  size: number({ clears: 0 }),
  token: text({ secret: true, clears: "" }),
  password: text({ secret: true }),
  isDefault: flag({ output: true }),
  createdAt: number({ output: true }),
};
type ThingChecks = CheckRules<typeof fields, Item>;

const program: Plain = { __provider: "stub", __resourceUrn: urn("Thing", "acme") };
const server = { name: "n", size: 1, token: "t", password: null, createdAt: 5 };

/** A kind that creates things by name; `items` are there. */
function things(items: readonly Item[] = [], more: Partial<ThingChecks> = {}): ThingChecks {
  return {
    noun: "thing",
    fields,
    existing: async (id) => (id === "t1" ? server : undefined),
    creation: (inputs) => ({
      noun: "thing",
      collection: "things",
      identity: `thing ${inputs.name}`,
      identityInWords: `the name ${JSON.stringify(inputs.name)}`,
      list: async () => [...items],
      idOf: (item) => item.Id,
      isSame: (item) => item.name === inputs.name,
      body: inputs,
      post: () => Promise.reject(new Error("check posts nothing")),
      unique: true,
    }),
    ...more,
  };
}

/** Things that are listed in a certain way. */
function listing(list: () => Promise<Item[]>): ThingChecks {
  const { creation, ...checks } = things();
  if (creation === undefined) throw new Error("Things can be created.");
  return { ...checks, creation: (inputs) => ({ ...creation(inputs), list }) };
}

describe("settings", () => {
  test("that are missing fail with the commands that set them, and nothing is asked", async () => {
    const session = createSession({ environment: {}, warn: () => {} });
    const list = vi.fn();
    const { failures } = await check(session, listing(list), {}, { ...program, name: "n" });
    expect(failures).toEqual([{ property: "", reason: expect.stringContaining("the API key is missing") }]);
    expect(failures[0]?.reason).toContain("the organization id is missing");
    expect(list).not.toHaveBeenCalled();
  });

  test("that are missing fail too where a default name would need them", async () => {
    const session = createSession({ environment: {}, warn: () => {} });
    const news = { __provider: "stub", __resourceUrn: urn("Credential", "acme") };
    const { failures } = (await credentialProvider(session).check({}, news)) as { failures: unknown[] };
    expect(failures).toEqual([{ property: "", reason: expect.stringContaining("the API key is missing") }]);
  });

  test("that the environment contradicts fail", async () => {
    const session = createSession({
      config: { "sftptogo:apiKey": "k", "sftptogo:organizationId": "a" },
      environment: { SFTPTOGO_ORGANIZATION_ID: "b" },
      warn: () => {},
    });
    const { failures } = await check(session, things(), {}, { ...program, name: "n" });
    expect(failures).toEqual([
      { property: "", reason: expect.stringContaining("SFTPTOGO_ORGANIZATION_ID contradicts the stack's") },
    ]);
  });
});

describe("inputs", () => {
  test("are what is declared: nothing hidden, nothing undefined, null as it is", async () => {
    const news = { ...program, name: "n", size: null, token: undefined, __secret: "x" };
    const { inputs, failures } = await check(offlineSession().session, things(), {}, news);
    expect(failures).toEqual([]);
    expect(inputs).toEqual({ name: "n", size: null });
  });

  test("of a new resource get a default from its name, marked as no declaration", async () => {
    const { inputs } = await check(offlineSession().session, things(), {}, program);
    expect(inputs).toEqual({ name: "acme-default", __defaults: "name" });
  });

  test("keep what was made by default, whatever the resource is called now", async () => {
    const olds = { name: "acme-default", __defaults: "name" };
    const news = { ...program, __resourceUrn: urn("Thing", "renamed") };
    expect((await check(offlineSession().session, things(), olds, news)).inputs).toEqual(olds);
  });

  test("keep a declared name that is taken out, and manage it no longer", async () => {
    const { inputs } = await check(offlineSession().session, things(), { name: "n" }, program);
    expect(inputs).toEqual({ name: "n", __defaults: "name" });
  });

  test("get no default where the old ones have none: an import that did not declare it", async () => {
    const { inputs } = await check(offlineSession().session, things(), { size: 1 }, { ...program, size: 1 });
    expect(inputs).toEqual({ size: 1 });
  });

  test("keep the mark of the root credential", async () => {
    const { inputs } = await check(offlineSession().session, things(), { name: "n", __root: true }, program);
    expect(inputs).toHaveProperty("__root", true);
  });
});

describe("validations", () => {
  test("fail for a new value, and warn of one that the old inputs hold, by the resource's name", async () => {
    const { session, warnings } = offlineSession();
    const news = { ...program, name: "n!" };
    expect((await check(session, things(), {}, news)).failures).toEqual([
      { property: "", reason: "name must be calm" },
    ]);
    expect(warnings).toEqual([]);
    expect((await check(session, things(), { name: "n!" }, news)).failures).toEqual([]);
    expect(warnings).toEqual(['thing "acme": name must be calm']);
  });
});

describe("what nobody can change of a root object", () => {
  const news = { ...program, name: "n", size: 2 };
  const refused = [{ property: "", reason: "size cannot be changed for the root thing" }];
  const checks = things([], { fixedOfRoot: ["size"] });
  const failuresOf = async (olds: Plain, values: Plain) =>
    (await check(offlineSession().session, checks, olds, values)).failures;

  test("is refused where a change of it is declared", async () => {
    expect(await failuresOf({ name: "n", size: 1, __root: true }, news)).toEqual(refused);
  });

  test("may stay as it is, be taken out, be unknown, or be declared where it was not", async () => {
    expect(await failuresOf({ name: "n", size: 2, __root: true }, news)).toEqual([]);
    expect(await failuresOf({ name: "n", size: 1, __root: true }, { ...news, size: undefined })).toEqual([]);
    expect(await failuresOf({ name: "n", size: 1, __root: true }, { ...news, size: unknownValue })).toEqual(
      [],
    );
    expect(await failuresOf({ name: "n", __root: true }, news)).toEqual([]);
  });

  test("may be changed of any other object, and what is not fixed of root itself", async () => {
    expect(await failuresOf({ name: "n", size: 1 }, news)).toEqual([]);
    expect(await failuresOf({ name: "o", size: 2, __root: true }, news)).toEqual([]);
  });
});

describe("the look at what is there", () => {
  const taken = [{ Id: "t7", name: "n" }];
  const news = { ...program, name: "n" };

  test("warns of a taken name with the import option to add: only the create can refuse it", async () => {
    const { session, warnings } = fakeSession();
    expect((await check(session, things(taken), {}, news)).failures).toEqual([]);
    expect(warnings).toEqual([
      expect.stringContaining(
        "`pulumi up` will refuse this, unless it replaces what is there: " +
          'A thing with the name "n" already exists. ',
      ),
    ]);
    expect(warnings).toEqual([
      expect.stringContaining('add the option { import: "t7" }. Otherwise give them different names.'),
    ]);
  });

  test("warns of a name that is taken and not of one that a resource of the stack has", async () => {
    const { session, warnings } = fakeSession();
    await session.firstList("users", async () => []);
    await check(session, things(taken), { name: "n" }, news);
    session.memory.rememberIdentity("thing m");
    expect(warnings).toEqual([]);
    await check(session, things([{ Id: "t8", name: "o" }]), {}, { ...program, name: "o" });
    expect(warnings).toEqual([expect.stringContaining('{ import: "t8" }')]);
  });

  test("is not for a replacement: what is there is its own old object", async () => {
    const { session } = fakeSession();
    await check(session, things(taken), { name: "n" }, { ...news, name: "n" });
    expect((await check(session, things(taken), {}, news)).failures).toEqual([]);
  });

  test("is not for what is in the stack already, nor while a value is unknown, nor when switched off", async () => {
    const failing = things(taken);
    expect((await check(fakeSession().session, failing, { name: "n" }, news)).failures).toEqual([]);
    const unknown = { ...news, size: unknownValue };
    expect((await check(fakeSession().session, failing, {}, unknown)).failures).toEqual([]);
    expect((await check(offlineSession().session, failing, {}, news)).failures).toEqual([]);
  });

  test("is taken once for all resources of a collection", async () => {
    const { session } = fakeSession();
    const list = vi.fn(async () => []);
    await Promise.all([1, 2, 3].map((n) => check(session, listing(list), {}, { ...program, name: `n${n}` })));
    expect(list).toHaveBeenCalledTimes(1);
  });

  const call = { doing: "list things", aftermath: "refused" } as const;

  test.each([
    ["a refused key", new AccessError({ ...call, status: 401 }, "Check the API key: sftptogo:apiKey.")],
    ["a wrong organization", new NotFoundError({ ...call, status: 404 }, "Check the organization.")],
  ])("fails the preview for %s, with the setting to check", async (_, error) => {
    const { failures } = await check(
      fakeSession().session,
      listing(() => Promise.reject(error)),
      {},
      news,
    );
    expect(failures).toEqual([{ property: "", reason: error.message }]);
  });

  test.each([
    [
      "does not answer",
      new UnavailableError({ ...call, aftermath: "unknown", status: 503 }, "Try again later."),
    ],
    ["answers oddly", new InputError({ ...call, status: 400 }, "Correct it.")],
  ])("only warns where the service %s: up looks again", async (_, error) => {
    const { session, warnings } = fakeSession();
    const { failures } = await check(
      session,
      listing(() => Promise.reject(error)),
      {},
      news,
    );
    expect(failures).toEqual([]);
    expect(warnings).toEqual([`Could not look for what exists already: ${error.message}`]);
  });
});

describe("the import option", () => {
  const importing = { ...program, name: "n", __importId: "t1" };

  test("goes on to create where all that is declared is there, and fills in no default", async () => {
    const { session } = offlineSession();
    const { inputs, failures } = await check(
      session,
      things(),
      {},
      { ...program, size: 1, __importId: "t1" },
    );
    expect(failures).toEqual([]);
    expect(inputs).toEqual({ size: 1, __importId: "t1" });
  });

  test("says that what the engine calls a create is none, where nothing is to be written", async () => {
    const { session, notes } = offlineSession();
    await check(session, things(), {}, { ...importing, name: "m" });
    const half = async () => ({ ...server, __unfinished: true as const });
    await check(session, things([], { existing: half }), {}, importing);
    expect(notes).toEqual([]);
    await check(session, things(), {}, importing);
    expect(notes).toEqual([
      'thing "acme": t1 is taken over as it is. The engine calls this a create; nothing is created or changed',
    ]);
  });

  test("lists what differs by what the service has, without secrets or anything of the program's", async () => {
    const news = { ...importing, name: "m", size: null, token: "CANARY" };
    const { failures } = await check(offlineSession().session, things(), {}, news);
    expect(failures).toEqual([
      {
        property: "",
        reason:
          'import: thing t1 is not what the program declares: name is "n" there; ' +
          "size is 1 there; token differs (secret). " +
          "Declare what the service has, import, and change it afterwards",
      },
    ]);
  });

  test("does not compare what is unknown, nor a secret that the API does not show", async () => {
    const news = { ...importing, size: unknownValue, password: "chosen" };
    expect((await check(offlineSession().session, things(), {}, news)).failures).toEqual([]);
  });

  test.each([null, ""])(
    "does not compare a secret that the API shows as %j: it may only be hidden",
    async (token) => {
      const existing = async () => ({ ...server, token });
      const news = { ...importing, token: "t" };
      expect((await check(offlineSession().session, things([], { existing }), {}, news)).failures).toEqual(
        [],
      );
      const shown = async () => ({ ...server, token: "u" });
      const { failures } = await check(offlineSession().session, things([], { existing: shown }), {}, news);
      expect(failures[0]?.reason).toContain("token differs (secret)");
    },
  );

  test("fails where there is no such object", async () => {
    const { failures } = await check(
      offlineSession().session,
      things(),
      {},
      { ...importing, __importId: "t9" },
    );
    expect(failures).toEqual([noSuch("thing", "t9")]);
  });

  test("fails where the object cannot be read", async () => {
    const existing = () => Promise.reject(new Error("Could not list things."));
    const { failures } = await check(offlineSession().session, things([], { existing }), {}, importing);
    expect(failures).toEqual([{ property: "", reason: "import: Could not list things." }]);
  });

  test("warns only of a format that the service took", async () => {
    const { session, warnings } = offlineSession();
    const existing = async () => ({ ...server, name: "n!" });
    const news = { ...importing, name: "n!" };
    expect((await check(session, things([], { existing }), {}, news)).failures).toEqual([]);
    expect(warnings).toEqual(['thing "acme": name must be calm']);
  });

  test("marks root", async () => {
    const existing = async () => ({ ...server, isDefault: true });
    const { inputs } = await check(offlineSession().session, things([], { existing }), {}, importing);
    expect(inputs).toHaveProperty("__root", true);
  });

  test("does not look for a taken name: the object itself has it", async () => {
    const { failures } = await check(fakeSession().session, things([{ Id: "t1", name: "n" }]), {}, importing);
    expect(failures).toEqual([]);
  });

  test.each<[string, (session: ReturnType<typeof offlineSession>["session"]) => unknown]>([
    ["for an id that diff has seen", (session) => session.memory.rememberManaged("t1")],
    ["for an id that this process has deleted", (session) => session.memory.rememberDeleted("t1")],
  ])("is dead %s, also when a replacement checks with empty olds", async (_, before) => {
    const { session } = offlineSession();
    await before(session);
    const existing = vi.fn();
    const { inputs } = await check(session, things([], { existing }), {}, importing);
    expect(inputs).not.toHaveProperty("__importId");
    expect(existing).not.toHaveBeenCalled();
  });

  test("is dead in the stack, and lives again where the object of a failed replacement is to be adopted", async () => {
    const { session } = offlineSession();
    const existing = async () => server;
    const inStack = await check(session, things([], { existing }), { name: "n" }, importing);
    expect(inStack.inputs).not.toHaveProperty("__importId");
    // Diff names the object that was replaced.
    session.memory.rememberManaged("replaced");
    const replacing = await check(session, things([], { existing }), {}, importing);
    expect(replacing.inputs).toHaveProperty("__importId", "t1");
  });

  test.each(["", unknownValue])("is none where it is %j", async (__importId) => {
    const { inputs } = await check(offlineSession().session, things(), {}, { ...importing, __importId });
    expect(inputs).not.toHaveProperty("__importId");
  });
});
