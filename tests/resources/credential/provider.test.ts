import { describe, expect, test } from "vitest";
import { unknownValue } from "../../../provider/protocol/unknowns";
import type { Plain } from "../../../provider/values/plain";
import { api, withoutNetwork } from "../../api/interceptors";
import { failureOf, organizationId } from "../../api/setup";
import {
  createdCredential,
  patchedCredential,
  rootCredential,
  singleCredential,
} from "../../fixtures/reference";
import { connectionReset, urn } from "../../lifecycle/fakes";
import {
  allowAll,
  body,
  declared,
  id,
  inputs,
  listed,
  one,
  other,
  outputs,
  passwordCreatedAt,
  start,
  whole,
} from "./example";

withoutNetwork();

/** `aliases` comes before `import`: a resource that was renamed is not to be taken over. */
const taken =
  'A credential with the user name "my-user-name" already exists. If it belongs to a resource of this stack that ' +
  "was renamed or moved in the program, give the new one the option `aliases` with the old name. To take over an " +
  `object that this stack does not manage, add the option { import: "${id}" }. Otherwise give them different names.`;

describe("check", () => {
  test("passes on what is declared, without what only check has to know", async () => {
    api().get("/users").reply(200, [rootCredential, other]);
    const { inputs: checked, failures } = await start().provider.check({}, declared());
    expect(failures).toEqual([]);
    const { __provider: _, ...plain } = inputs;
    expect(checked).toEqual(plain);
  });

  test("fills in alias and user name, marked as no declaration", async () => {
    api().get("/users").reply(200, [rootCredential]);
    const { inputs: checked, failures } = await start().provider.check(
      {},
      { __resourceUrn: urn("Credential", "acme") },
    );
    expect(failures).toEqual([]);
    expect(checked).toEqual({
      alias: "acme",
      userName: expect.stringMatching(/^acme-[0-9a-f]{8}$/),
      __defaults: "alias,userName",
    });
  });

  test("keeps the names that were made, whatever the resource and its stack are called now", async () => {
    const olds = { alias: "acme", userName: "acme-01234567", __defaults: "alias,userName" };
    const { inputs: checked } = await start().provider.check(olds, {
      permission: "full",
      __resourceUrn: urn("Credential", "renamed").replace("dev", "prod"),
    });
    expect(checked).toEqual({ ...olds, permission: "full" });
  });

  test("keeps a user name that is taken out of the program, as no declaration", async () => {
    const olds = { alias: "Acme", userName: "acme-incoming" };
    const { inputs: checked } = await start().provider.check(olds, {
      alias: "Acme",
      __resourceUrn: urn("Credential", "acme"),
    });
    expect(checked).toEqual({ ...olds, __defaults: "userName" });
  });

  test("warns of a user name that is taken, with the import option to add", async () => {
    api().get("/users").reply(200, [rootCredential, other, listed]);
    const { provider, warnings } = start();
    expect((await provider.check({}, declared())).failures).toEqual([]);
    expect(warnings).toEqual([
      `credential "acme": \`pulumi up\` will refuse this, unless it replaces what is there: ${taken}`,
    ]);
  });

  test("lets a taken name pass where it is a resource's of this stack, in a replacement", async () => {
    const { provider } = start();
    const { __provider: _, ...olds } = inputs;
    expect((await provider.check(olds, declared())).failures).toEqual([]);
    expect((await provider.check({}, declared())).failures).toEqual([]);
  });

  test("asks nothing while something is unknown", async () => {
    const news = declared({ homeDirectory: unknownValue, inboundRules: [{ source: unknownValue }] });
    expect((await start().provider.check({}, news)).failures).toEqual([]);
  });

  test("asks nothing where the preflight is turned off", async () => {
    const { provider } = start({ config: { "sftptogo:preflight": "false" } });
    expect((await provider.check({}, declared())).failures).toEqual([]);
  });

  test.each([
    ["a new resource", {}, 401],
    ["a new resource", {}, 403],
    ["one that exists", inputs, 401],
    ["one that exists", inputs, 403],
  ])(
    "says in preview already that the key is refused, and which setting to check: %s, %s, %i",
    async (_, olds, status) => {
      api().get("/users").reply(status, { message: "Refused" });
      const { failures } = await start().provider.check(olds, declared());
      expect(failures).toEqual([{ property: "", reason: expect.stringContaining("sftptogo:") }]);
    },
  );

  test("asks for access once a process, and with what the first create asks for", async () => {
    const { provider } = start();
    api().get("/users").reply(200, [rootCredential, other]);
    const { __provider: _, ...olds } = inputs;
    for (const userName of ["my-user-name", "another-user-name"]) {
      const { failures } = await provider.check({ ...olds, userName }, { ...olds, userName });
      expect(failures).toEqual([]);
    }
    expect((await provider.check({}, declared({ userName: "a-new-user-name" }))).failures).toEqual([]);
  });

  test.each([500, 503])("of what exists only warns of a service that answers %i", async (status) => {
    api().get("/users").times(4).reply(status);
    const { provider, warnings } = start();
    expect((await provider.check(inputs, declared())).failures).toEqual([]);
    expect(warnings).toEqual([
      expect.stringMatching(
        `^Could not look for what exists already: Could not list credentials .HTTP ${status}`,
      ),
    ]);
  });

  test.each([
    ["new ones", {}, {}],
    ["one that exists and a new one", inputs, {}],
    ["a new one and one that exists", {}, inputs],
  ])("refuses two resources of one program with the same user name: %s", async (_, first, second) => {
    api().get("/users").optionally().reply(200, [rootCredential]);
    const { provider } = start();
    expect((await provider.check(first, declared({}, "acme"))).failures).toEqual([]);
    const { failures } = await provider.check(second, declared({ alias: "Other" }, "partner"));
    expect(failures).toEqual([
      {
        property: "",
        reason:
          '"acme" in this program declares the same credential, with the user name "my-user-name": ' +
          "give them different ones, or remove one",
      },
    ]);
  });

  test("does not refuse one resource that is checked twice, nor two with other user names", async () => {
    api().get("/users").reply(200, [rootCredential]);
    const { provider } = start();
    for (const news of [declared(), declared(), declared({ userName: "another-user-name" }, "partner")]) {
      expect((await provider.check({}, news)).failures).toEqual([]);
    }
  });

  test("only warns where the service does not answer: it may do so at up", async () => {
    api().get("/users").times(4).reply(503);
    const { provider, warnings } = start();
    expect((await provider.check({}, declared())).failures).toEqual([]);
    expect(warnings).toEqual([expect.stringContaining("Could not look for what exists already")]);
  });

  test.each([
    ["apiKey", "pulumi config set --secret sftptogo:apiKey"],
    ["organizationId", "pulumi config set sftptogo:organizationId <id>"],
  ])("without %s fails with the command that sets it", async (name, command) => {
    const { provider } = start({ config: { [`sftptogo:${name}`]: "" } });
    const { failures } = await provider.check({}, declared());
    expect(failures).toEqual([{ property: "", reason: expect.stringContaining(command) }]);
  });

  test("without settings fails so too where the user name is to be made from them", async () => {
    const { provider } = start({ config: { "sftptogo:organizationId": "", "sftptogo:apiKey": "" } });
    const { failures } = await provider.check({}, { __resourceUrn: urn("Credential", "acme") });
    expect(failures).toEqual([{ property: "", reason: expect.stringContaining("sftptogo:organizationId") }]);
  });

  test("names the property that is wrong, and asks nothing then", async () => {
    const { failures } = await start().provider.check(
      {},
      declared({ permission: "readwrite", password: "" }),
    );
    expect(failures).toEqual([
      { property: "", reason: "password must not be empty: leave it out instead" },
      { property: "", reason: 'permission is not a known value; did you mean "read-write"?' },
    ]);
  });

  test("names the resource in a warning", async () => {
    api().get("/users").reply(200, whole);
    const { provider, warnings } = start();
    const olds = { ...inputs, permission: "readwrite" };
    expect((await provider.check(olds, declared({ permission: "readwrite" }))).failures).toEqual([]);
    expect(warnings).toEqual([expect.stringMatching(/^credential "acme": permission is not a known value/)]);
  });
});

describe("diff", () => {
  const rules = [{ source: "203.0.113.0/24", protocol: "SFTP" }, { source: "2001:db8::1" }];
  const expiration = "2027-06-30T00:00:00Z";
  const all: Plain = {
    ...inputs,
    chrootDirectory: "/partners",
    expiration,
    state: "active",
    inboundRules: rules,
    storeSecrets: true,
  };
  const olds: Plain = { ...outputs, ...all, homeDirectory: "/acme" };
  const complete = rules.map((rule) => ({
    protocol: "*",
    ...rule,
    state: "enabled",
    action: "allow",
    description: "",
    id: "x",
  }));

  test.each<[string, string, unknown, boolean]>([
    ["alias", "the same", "Test Credential", false],
    ["alias", "changed", "Acme", true],
    ["alias", "empty", "", true],
    ["alias", "unknown", unknownValue, true],
    ["alias", "taken out", undefined, false],
    ["userName", "the same", "my-user-name", false],
    ["userName", "changed", "my-new-user-name", true],
    ["userName", "in other letters", "My-User-Name", true],
    ["userName", "unknown", unknownValue, true],
    ["userName", "taken out", undefined, false],
    ["homeDirectory", "the same", "/acme", false],
    ["homeDirectory", "changed", "/acme/in", true],
    ["homeDirectory", "without its slash", "acme", false],
    ["homeDirectory", "with slashes around", "/acme/", false],
    ["homeDirectory", "unknown", unknownValue, true],
    ["homeDirectory", "taken out", undefined, false],
    ["chrootDirectory", "the same", "/partners", false],
    ["chrootDirectory", "changed", "/", true],
    ["chrootDirectory", "without its slash", "partners/", false],
    ["chrootDirectory", "null", null, true],
    ["chrootDirectory", "unknown", unknownValue, true],
    ["chrootDirectory", "taken out", undefined, false],
    ["permission", "the same", "read-write", false],
    ["permission", "changed", "read-only", true],
    ["permission", "unknown", unknownValue, true],
    ["permission", "taken out", undefined, false],
    ["expiration", "the same", expiration, false],
    ["expiration", "changed", "2027-07-01", true],
    ["expiration", "in milliseconds", Date.parse(expiration), false],
    ["expiration", "in another zone", "2027-06-30T02:00:00+02:00", false],
    ["expiration", "as a date", "2027-06-30", false],
    ["expiration", "null", null, true],
    ["expiration", "unknown", unknownValue, true],
    ["expiration", "taken out", undefined, false],
    ["state", "the same", "active", false],
    ["state", "changed", "inactive", true],
    ["state", "unknown", unknownValue, true],
    ["state", "taken out", undefined, false],
    ["inboundRules", "the same", structuredClone(rules), false],
    ["inboundRules", "changed", [rules[0], { source: "2001:db8::2" }], true],
    ["inboundRules", "with one more", [...rules, { source: "10.0.0.0/8" }], true],
    ["inboundRules", "with one less", [rules[0]], true],
    ["inboundRules", "in another order", [...rules].reverse(), false],
    ["inboundRules", "in another spelling", [rules[0], { source: "2001:DB8:0::1/128" }], false],
    ["inboundRules", "with its defaults", [{ ...rules[0], state: "enabled" }, rules[1]], false],
    ["inboundRules", "with another state", [{ ...rules[0], state: "disabled" }, rules[1]], true],
    ["inboundRules", "with an unknown source", [rules[0], { source: unknownValue }], true],
    ["inboundRules", "with an unknown rule", [...rules, unknownValue], true],
    ["inboundRules", "empty", [], true],
    ["inboundRules", "unknown", unknownValue, true],
    ["inboundRules", "taken out", undefined, false],
    ["storeSecrets", "the same", true, false],
    ["storeSecrets", "changed", false, true],
    ["storeSecrets", "unknown", unknownValue, true],
    ["storeSecrets", "taken out", undefined, false],
  ])("%s %s", async (key, _, value, changes) => {
    const news = { ...all, homeDirectory: "/acme", [key]: value };
    expect(await start().provider.diff(id, { ...olds, inboundRules: complete }, news)).toEqual({ changes });
  });

  test.each([
    ["chrootDirectory", null, "/"],
    ["chrootDirectory", null, null],
    ["chrootDirectory", "", "/"],
    ["expiration", null, null],
    ["expiration", null, undefined],
    ["inboundRules", [], []],
    ["homeDirectory", "/", ""],
  ])("%s %j where the server has %j is no change", async (key, value, server) => {
    const news = { ...inputs, [key]: value };
    expect(await start().provider.diff(id, { ...outputs, [key]: server }, news)).toEqual({ changes: false });
  });

  test("never replaces", async () => {
    const news = { ...all, userName: "my-new-user-name", homeDirectory: "/", password: "new" };
    expect(await start().provider.diff(id, outputs, news)).toEqual({ changes: true });
  });

  test("names that are defaults are never drift", async () => {
    const news = { alias: "acme", userName: "acme-01234567", __defaults: "alias,userName" };
    expect(await start().provider.diff(id, outputs, news)).toEqual({ changes: false });
  });

  test("the stub's text is no change, nor is an import option of old", async () => {
    const news = { ...inputs, __provider: "another stub", __importId: id };
    expect(await start().provider.diff(id, outputs, news)).toEqual({ changes: false });
  });

  test("an unfinished create is a change", async () => {
    expect(await start().provider.diff(id, { ...outputs, __unfinished: true }, inputs)).toEqual({
      changes: true,
    });
  });
});

describe("create", () => {
  test("posts once and returns all outputs, the generated password too", async () => {
    const { provider, session } = start();
    api()
      .get("/users")
      .reply(200, [rootCredential, other])
      .post("/users", body)
      .reply(201, createdCredential);
    expect(await provider.create(inputs)).toEqual({ id, outs: outputs });
    expect(session.memory.wasCreated(id)).toBe(true);
  });

  test("sends every argument under the API's name", async () => {
    const more = { chrootDirectory: "/partners", expiration: "2027-06-30T00:00:00Z", state: "inactive" };
    const Expiration = Date.parse(more.expiration);
    api()
      .get("/users")
      .reply(200, [rootCredential])
      .post("/users", { ...body, ChrootDirectory: "/partners", Expiration, State: "inactive" })
      .reply(201, { ...createdCredential, ChrootDirectory: "/partners", State: "inactive" });
    const { outs } = await start().provider.create({ ...inputs, ...more });
    // No answer has the expiration: the program's is kept.
    expect(outs).toMatchObject(more);
  });

  test("sends defaults, and does not manage them", async () => {
    api().get("/users").reply(200, [rootCredential]).post("/users", body).reply(201, createdCredential);
    const { outs } = await start().provider.create({ ...inputs, __defaults: "alias,userName" });
    expect(outs).toEqual({ ...outputs, __managed: "homeDirectory,permission" });
  });

  test("keeps the program's words for what is the same", async () => {
    api()
      .get("/users")
      .reply(200, [rootCredential])
      .post("/users", { ...body, HomeDirectory: "/test" })
      .reply(201, { ...createdCredential, HomeDirectory: "test" });
    const { outs } = await start().provider.create({ ...inputs, homeDirectory: "/test" });
    expect(outs).toMatchObject({ homeDirectory: "/test" });
  });

  test("keeps no secret where none shall be stored", async () => {
    api()
      .get("/users")
      .reply(200, [rootCredential])
      .post("/users", { ...body, Password: "my-secret-password" })
      .reply(201, createdCredential);
    const news = { ...inputs, password: "my-secret-password", storeSecrets: false };
    const { outs } = await start().provider.create(news);
    expect(outs).toMatchObject({ password: null, storeSecrets: false });
    expect(JSON.stringify(outs)).not.toContain("my-secret-password");
    expect(await start().provider.diff(id, outs as Plain, news)).toEqual({ changes: false });
  });

  test("records a base URL that is not the vendor's", async () => {
    const { provider } = start({ config: { "sftptogo:baseUrl": "https://api.sftptogo.com/" } });
    api().get("/users").reply(200, [rootCredential]).post("/users", body).reply(201, createdCredential);
    const { outs } = await provider.create(inputs);
    expect(outs).toEqual({ ...outputs, __baseUrl: "https://api.sftptogo.com/" });
  });

  test("is not done where the user name was taken before", async () => {
    api()
      .get("/users")
      .reply(200, [...whole, other]);
    const error = await failureOf(start().provider.create(inputs));
    expect(error.message).toBe(taken);
  });

  test("is not done where the user name was taken in other letters", async () => {
    api()
      .get("/users")
      .reply(200, [rootCredential, { ...listed, UserName: "My-User-Name" }]);
    const error = await failureOf(start().provider.create(inputs));
    expect(error.message).toBe(taken);
  });

  test("says that the name is taken elsewhere in the API's own words", async () => {
    api().get("/users").times(2).reply(200, [rootCredential]);
    api().post("/users").reply(422, { message: "User name is taken." });
    const error = await failureOf(start().provider.create(inputs));
    expect(error.message).toContain('The API says: "User name is taken."');
  });

  test("that is refused since another resource of the program has just taken the name says so", async () => {
    const { provider } = start();
    api().get("/users").reply(200, [rootCredential]).post("/users", body).reply(201, createdCredential);
    await provider.create(inputs);
    api().post("/users", body).reply(422, { message: "User name is taken." }).get("/users").reply(200, whole);
    const error = await failureOf(provider.create(inputs));
    expect(error.message).toContain("Another resource of this program has just created a credential");
  });

  test("passes on a plan's limit", async () => {
    api().get("/users").reply(200, [rootCredential]);
    api().post("/users").reply(402, { message: "Your plan allows 3 credentials." });
    const error = await failureOf(start().provider.create(inputs));
    expect(error).toMatchObject({ name: "PlanError" });
    expect(error.message).toContain('"Your plan allows 3 credentials."');
  });

  test("with a lost answer finds its credential and brings it to what is declared", async () => {
    const { provider, clock } = start();
    api().get("/users").reply(200, [rootCredential]).post("/users").replyWithError(connectionReset);
    api().get("/users").reply(200, [rootCredential]).get("/users").reply(200, whole);
    api().patch(one, { Alias: "Test Credential", State: "active" }).reply(200, patchedCredential);
    api().get("/users").reply(200, whole);
    expect(await provider.create(inputs)).toEqual({ id, outs: outputs });
    expect(clock.slept).toEqual([0, 1_000, 0]);
  });
});

describe("a create whose answer was lost", () => {
  test.each([
    ["with another permission", { Permission: "full" }],
    ["with another folder", { HomeDirectory: "elsewhere" }],
    ["made long before", { CreatedAt: 1 }],
  ])("is not taken for one %s: it is somebody else's", async (_, theirs) => {
    api()
      .get("/users")
      .reply(200, [rootCredential], { Date: new Date(listed.CreatedAt).toUTCString() });
    api().post("/users").replyWithError(connectionReset);
    const found = [rootCredential, { ...listed, ...theirs }];
    api().get("/users").times(5).reply(200, found);
    // The service refuses a second one, so posting again cannot double it.
    api().post("/users").reply(422, { message: "User name is taken." });
    api().get("/users").times(2).reply(200, found);
    const error = await failureOf(start().provider.create(inputs));
    expect(error.message).toBe(taken);
  });

  test.each([
    ["without its slashes", { HomeDirectory: "" }],
    ["with slashes", { HomeDirectory: "//" }],
  ])("is found by what it sent, spelled %s", async (_, spelled) => {
    const sent = { ...inputs, homeDirectory: "/" };
    api().get("/users").reply(200, [rootCredential]).post("/users").replyWithError(connectionReset);
    const mine = { ...listed, ...spelled };
    api().get("/users").reply(200, [rootCredential, mine]);
    api().patch(one).reply(200, {}).get("/users").reply(200, [rootCredential, mine]);
    expect(await start().provider.create(sent)).toMatchObject({ id });
  });

  test("is found, and no diff from then on, where the service spells the alias its own way", async () => {
    const mine = { ...listed, Alias: "test credential" };
    api().get("/users").reply(200, [rootCredential]).post("/users").replyWithError(connectionReset);
    api().get("/users").reply(200, [rootCredential, mine]);
    api().patch(one).reply(200, {}).get("/users").reply(200, [rootCredential, mine]);
    const { provider } = start();
    const { outs } = await provider.create(inputs);
    expect(outs).toMatchObject({ alias: "test credential", state: "active" });
    expect(await provider.diff(id, outs as Plain, inputs)).toEqual({ changes: false });
  });

  test.each([503, 504])("by %i says nothing: all reads come first", async (status) => {
    const { provider, clock } = start();
    api().get("/users").reply(200, [rootCredential]).post("/users").reply(status);
    api().get("/users").times(4).reply(200, [rootCredential]).get("/users").reply(200, whole);
    api().patch(one).reply(200, {}).get("/users").reply(200, whole);
    expect(await provider.create(inputs)).toMatchObject({ id });
    expect(clock.slept).toEqual([0, 1_000, 2_000, 4_000, 8_000, 0]);
  });

  test("by 429 is posted again after one read", async () => {
    api().get("/users").reply(200, [rootCredential]);
    api().post("/users").reply(429).get("/users").reply(200, [rootCredential]);
    api().post("/users", body).reply(201, createdCredential);
    expect(await start().provider.create(inputs)).toEqual({ id, outs: outputs });
  });

  test("is read for first when the engine creates once more in the same process", async () => {
    const { provider } = start();
    api().get("/users").reply(200, [rootCredential]).post("/users").replyWithError(connectionReset);
    api().get("/users").times(5).reply(401);
    const error = await failureOf(provider.create(inputs));
    expect(error.message).toContain("It is not known whether it was created");
    expect(error).not.toHaveProperty("id");
    api().get("/users").reply(200, whole);
    api().patch(one).reply(200, {}).get("/users").reply(200, whole);
    expect(await provider.create(inputs)).toEqual({ id, outs: outputs });
  });
});

describe("create with inbound rules", () => {
  const rules = [{ source: "203.0.113.0/24", protocol: "SFTP", id: "mine" }];
  const wireRules = [
    {
      Id: "mine",
      Source: "203.0.113.0/24",
      Protocol: "SFTP",
      State: "enabled",
      Action: "allow",
      Description: "",
    },
  ];
  const Settings = { Network: { InboundRules: wireRules } };
  const closed = { ...createdCredential, Alias: "Test Credential (unfinished)", State: "inactive" };
  const program = { ...inputs, inboundRules: rules };
  const closedBody = { ...body, Alias: "Test Credential (unfinished)", State: "inactive" };

  /** The rules go alone, and a read shows `held`. */
  function setRules(held: object | null, reads = 1): void {
    api()
      .patch(one, ({ Settings, ...others }) => Settings && Object.keys(others).length === 0)
      .reply(200, {});
    api()
      .get("/users")
      .times(reads)
      .reply(200, [rootCredential, { ...closed, PasswordCreatedAt: passwordCreatedAt, Settings: held }]);
  }

  test.each([
    ["active, as by default", undefined, "active"],
    ["active, as declared", "active", "active"],
    ["inactive, as declared", "inactive", "inactive"],
  ])(
    "posts it inactive, sets its rules and reads them back, and then its state: %s",
    async (_, state, State) => {
      api().get("/users").reply(200, [rootCredential]).post("/users", closedBody).reply(201, closed);
      setRules(Settings);
      api().patch(one, { Alias: "Test Credential", State }).reply(200, patchedCredential);
      const finished = { ...listed, Settings, State };
      api().get("/users").reply(200, [rootCredential, finished]);
      const { outs } = await start().provider.create({ ...program, state });
      expect(outs).toEqual({
        ...outputs,
        state: State,
        inboundRules: rules,
        __managed: `alias,userName,homeDirectory,permission,${state ? "state," : ""}inboundRules`,
      });
    },
  );

  test("takes the reference's rules, and an empty list too, as rules", async () => {
    api().get("/users").reply(200, [rootCredential]).post("/users", closedBody).reply(201, closed);
    const Settings = { Network: { InboundRules: [] } };
    setRules(Settings);
    api().patch(one, { Alias: "Test Credential", State: "active" }).reply(200, patchedCredential);
    api()
      .get("/users")
      .reply(200, [rootCredential, { ...listed, Settings }]);
    const { outs } = await start().provider.create({ ...inputs, inboundRules: [] });
    expect(outs).toMatchObject({ inboundRules: [], state: "active" });
  });

  test.each([
    ["the old ones", createdCredential.Settings],
    ["none", { Network: { InboundRules: [] } }],
    ["nothing of rules", null],
    [
      "one more",
      { Network: { InboundRules: [...wireRules, ...createdCredential.Settings.Network.InboundRules] } },
    ],
    ["another source", { Network: { InboundRules: [{ ...wireRules[0], Source: "0.0.0.0/0" }] } }],
  ])("never makes it active where a read shows %s", async (_, shown) => {
    api().get("/users").reply(200, [rootCredential]).post("/users", closedBody).reply(201, closed);
    setRules(shown, 5);
    if (shown === null) api().get(one).times(5).reply(200, singleCredential);
    const error = await failureOf(start().provider.create(program));
    expect(error).toMatchObject({ id, properties: { state: "inactive", __unfinished: true } });
    expect(error.message).toContain(
      `The service answered that inboundRules of credential ${id} was set, but does not show what the program declares`,
    );
  });

  test("makes it active where the service spells the same access in another way, and remembers that", async () => {
    api().get("/users").reply(200, [rootCredential]).post("/users", closedBody).reply(201, closed);
    const Spelled = { Network: { InboundRules: [{ ...wireRules[0], Id: "theirs", Protocol: "sftp" }] } };
    setRules(Spelled);
    api().patch(one, { Alias: "Test Credential", State: "active" }).reply(200, patchedCredential);
    const finished = { ...listed, Settings: Spelled };
    api().get("/users").reply(200, [rootCredential, finished]);
    const { provider, warnings } = start();
    const { outs } = await provider.create(program);
    expect(outs).toMatchObject({ state: "active", __spelling: { inboundRules: expect.any(String) } });
    expect(warnings).toEqual([
      `credential ${id}: the service keeps inboundRules in a spelling of its own. The two count as the same until ` +
        "either changes",
    ]);
    expect(await provider.diff(id, outs as Plain, program)).toEqual({ changes: false });
  });

  test("is finished too where the service spells other fields its own way", async () => {
    const spelled = { HomeDirectory: "acme/in", ChrootDirectory: "acme" };
    const given = { ...program, homeDirectory: "/acme/./in", chrootDirectory: "/acme//" };
    const made = { ...closed, ...spelled };
    api().get("/users").reply(200, [rootCredential]).post("/users").reply(201, made);
    api().patch(one, { Settings }).reply(200, {});
    api()
      .get("/users")
      .reply(200, [rootCredential, { ...made, Settings }]);
    api()
      .patch(
        one,
        ({ Alias, State, Settings }) => Alias === "Test Credential" && State === "active" && !Settings,
      )
      .reply(200, {});
    const finished = { ...listed, ...spelled, Settings };
    api().get("/users").reply(200, [rootCredential, finished]);
    const { provider, warnings } = start();
    const { outs } = await provider.create(given);
    expect(outs).toMatchObject({ state: "active", homeDirectory: "acme/in" });
    expect(warnings).toEqual([
      `credential ${id}: the service keeps homeDirectory in a spelling of its own. The two count as the same until ` +
        "either changes",
    ]);
    expect(await provider.diff(id, outs as Plain, given)).toEqual({ changes: false });
  });

  test("is finished, and not made again, by a create that the engine repeats in one process", async () => {
    const { provider } = start();
    api().get("/users").reply(200, [rootCredential]).post("/users", closedBody).reply(201, closed);
    api().patch(one, { Settings }).reply(403, { message: "Forbidden" });
    expect(await failureOf(provider.create(program))).toMatchObject({ id });
    const waiting = { ...closed, PasswordCreatedAt: passwordCreatedAt };
    api().get("/users").reply(200, [rootCredential, waiting]);
    setRules(Settings);
    api().patch(one, { Alias: "Test Credential", State: "active" }).reply(200, patchedCredential);
    api()
      .get("/users")
      .reply(200, [rootCredential, { ...listed, Settings }]);
    const { id: finished, outs } = await provider.create(program);
    expect(finished).toBe(id);
    expect(outs).toMatchObject({ state: "active", inboundRules: rules });
  });

  test("that fails in between leaves it inactive and keeps its id; the next update finishes it", async () => {
    api().get("/users").reply(200, [rootCredential]).post("/users", closedBody).reply(201, closed);
    api().patch(one).reply(403, { message: "Forbidden" });
    const error = await failureOf(start().provider.create(program));
    expect(error).toMatchObject({
      id,
      reasons: [
        expect.stringMatching(
          new RegExp(`^Credential ${id} was created, but is inactive and not finished: `),
        ),
      ],
      properties: {
        organizationId,
        state: "inactive",
        password: "my-secret-password",
        __unfinished: true,
        __provider: "stub",
      },
    });
    expect(error.message).toContain("Run `pulumi up` again to finish it.");
    const { properties } = error as unknown as { properties: Plain };

    // A refresh in between leaves it owed.
    api()
      .get("/users")
      .reply(200, [rootCredential, { ...closed, PasswordCreatedAt: passwordCreatedAt }]);
    const read = await start().provider.read(id, properties);
    expect(read.props).toMatchObject({ __unfinished: true, state: "inactive" });
    expect(await start().provider.diff(id, read.props as Plain, program)).toEqual({ changes: true });

    setRules(Settings);
    api().patch(one, { Alias: "Test Credential", State: "active" }).reply(200, patchedCredential);
    api()
      .get("/users")
      .reply(200, [rootCredential, { ...listed, Settings }]);
    const { outs } = await start().provider.update(id, read.props as Plain, program);
    expect(outs).toEqual({
      ...outputs,
      inboundRules: rules,
      __managed: "alias,userName,homeDirectory,permission,inboundRules",
    });
  });
});

describe("read", () => {
  test("returns what the server holds, and no inputs when nothing has drifted", async () => {
    api().get("/users").reply(200, whole);
    expect(await start().provider.read(id, outputs)).toEqual({ id, props: outputs });
  });

  const all: Plain = {
    ...outputs,
    password: "my-secret-password",
    expiration: "2027-06-30T00:00:00Z",
    __managed:
      "alias,userName,password,homeDirectory,chrootDirectory,permission,expiration,state,inboundRules",
    __passwordHash: "salt:hash",
  };
  const declaredThen: Plain = Object.fromEntries(
    String(all.__managed)
      .split(",")
      .map((key) => [key, all[key]]),
  );

  test.each<[string, Plain, Plain]>([
    ["alias", { Alias: "Renamed" }, { alias: "Renamed" }],
    ["alias, removed", { Alias: null }, { alias: null }],
    ["userName", { UserName: "renamed-user" }, { userName: "renamed-user" }],
    ["homeDirectory", { HomeDirectory: "elsewhere" }, { homeDirectory: "elsewhere" }],
    ["chrootDirectory", { ChrootDirectory: "/else" }, { chrootDirectory: "/else" }],
    ["permission", { Permission: "full" }, { permission: "full" }],
    ["expiration", { Expiration: 1814400000000 }, { expiration: 1814400000000 }],
    ["expiration, cleared", { Expiration: null }, { expiration: null }],
    ["state", { State: "inactive" }, { state: "inactive" }],
    ["inboundRules", { Settings: { Network: { InboundRules: [] } } }, { inboundRules: [] }],
  ])("shows a drift of %s, which a declaration then repairs", async (_, changed, shown) => {
    const { provider } = start();
    api()
      .get("/users")
      .reply(200, [rootCredential, { ...listed, ...changed }]);
    const read = await provider.read(id, all);
    expect(read.props).toEqual({ ...all, ...shown });
    expect(read.inputs).toEqual({ ...declaredThen, ...shown });
    // The hash is no real one: the password itself is not compared here.
    const { password: __, ...program } = { ...declaredThen, __provider: "stub" } as Plain;
    expect(await provider.diff(id, read.props as Plain, program)).toEqual({ changes: true });
  });

  test("shows no drift of what is not declared", async () => {
    api()
      .get("/users")
      .reply(200, [rootCredential, { ...listed, Alias: "Renamed", State: "inactive" }]);
    const olds = { ...outputs, __managed: "permission" };
    expect(await start().provider.read(id, olds)).toEqual({
      id,
      props: { ...olds, alias: "Renamed", state: "inactive" },
    });
  });

  test("gives the made names back beside a drift, marked as no declaration", async () => {
    api()
      .get("/users")
      .reply(200, [rootCredential, { ...listed, Permission: "full" }]);
    const olds = { ...outputs, __managed: "permission" };
    const { inputs: drifted } = await start().provider.read(id, olds);
    expect(drifted).toEqual({
      permission: "full",
      alias: "Test Credential",
      userName: "my-user-name",
      __defaults: "alias,userName",
    });
  });

  test("keeps the program's words, as the PATCH's example answers them", async () => {
    const olds = { ...outputs, homeDirectory: "/test" };
    api()
      .get("/users")
      .reply(200, [rootCredential, { ...listed, HomeDirectory: patchedCredential.HomeDirectory }]);
    expect(await start().provider.read(id, olds)).toEqual({ id, props: olds });
  });

  test("believes the read by id where a list lacks it, and keeps what that read lacks", async () => {
    const single = { ...singleCredential, UserName: "my-user-name" };
    api().get("/users").reply(200, [rootCredential]).get(one).reply(200, single);
    expect(await start().provider.read(id, outputs)).toEqual({ id, props: outputs });
  });

  test("waits for a late list where the program declares rules, which the read by id does not show", async () => {
    const olds = { ...outputs, inboundRules: [{ source: "203.0.113.0/24" }], __managed: "inboundRules" };
    const { provider, clock, warnings } = start();
    api().get("/users").times(2).reply(200, [rootCredential]).get(one).reply(200, singleCredential);
    api().get("/users").reply(200, whole);
    expect(await provider.read(id, olds)).toMatchObject({ inputs: { inboundRules: [allowAll] } });
    expect(clock.slept).toEqual([2_000, 4_000]);
    expect(warnings).toEqual([]);
  });

  test("warns where nothing shows the rules that the program declares", async () => {
    const olds = { ...outputs, inboundRules: [{ source: "203.0.113.0/24" }], __managed: "inboundRules" };
    const { provider, warnings } = start();
    api().get("/users").times(3).reply(200, [rootCredential]).get(one).reply(200, singleCredential);
    const { props } = await provider.read(id, olds);
    expect(props).toMatchObject({ inboundRules: olds.inboundRules });
    expect(warnings).toEqual([
      `credential ${id}: the service does not show inboundRules now, so a change made elsewhere would not be seen`,
    ]);
  });

  test("of many credentials takes one list", async () => {
    const { provider } = start();
    api()
      .get("/users")
      .reply(200, [...whole, other]);
    const reads = [id, other.Id, id].map((each) => provider.read(each, outputs));
    expect((await Promise.all(reads)).map(({ id: found }) => found)).toEqual([id, other.Id, id]);
  });

  test("returns a blank id when it was removed outside Pulumi: not found, and not in a whole list", async () => {
    api().get("/users").reply(200, [rootCredential, other]).get(one).reply(404, { message: "Not found" });
    expect(await start().provider.read(id, outputs)).toEqual({ id: "", props: {} });
  });

  test.each([
    ["is empty", []],
    ["lacks root", [other]],
    [
      "is another organization's",
      [{ ...rootCredential, OrganizationId: "120ffd28-f115-7ce2-abc4-1e168c57c88a" }],
    ],
  ])("fails when it is not found and the list %s", async (_, list) => {
    api().get("/users").reply(200, list).get(one).reply(404);
    await expect(start().provider.read(id, outputs)).rejects.toMatchObject({ name: "UncertainError" });
  });

  test("fails when it is not found at another base URL than the recorded one", async () => {
    api().get("/users").reply(200, [rootCredential]).get(one).reply(404);
    const error = await failureOf(
      start().provider.read(id, { ...outputs, __baseUrl: "http://127.0.0.1:4000" }),
    );
    expect(error).toMatchObject({ name: "UncertainError" });
    expect(error.message).toContain("Set sftptogo:baseUrl back");
  });

  test.each([401, 403, 500, 503])("fails when the list answers %i", async (status) => {
    const times = status >= 500 ? 4 : 1;
    api().get("/users").times(times).reply(status);
    await expect(start().provider.read(id, outputs)).rejects.toMatchObject({ status });
  });

  test.each([401, 403, 500])("fails when the list lacks it and the read by id answers %i", async (status) => {
    const times = status >= 500 ? 4 : 1;
    api().get("/users").reply(200, [rootCredential]).get(one).times(times).reply(status);
    await expect(start().provider.read(id, outputs)).rejects.toMatchObject({ status });
  });

  test("fails on a page of HTML instead of a list", async () => {
    api().get("/users").times(4).reply(200, "<html>Maintenance</html>", { "content-type": "text/html" });
    await expect(start().provider.read(id, outputs)).rejects.toMatchObject({ name: "UnexpectedAnswerError" });
  });

  test("keeps no secret where none shall be stored, and the hash of a declared one", async () => {
    api().get("/users").reply(200, whole);
    const olds = {
      ...outputs,
      password: null,
      storeSecrets: false,
      __passwordHash: "salt:hash",
      __managed: "password,storeSecrets",
    };
    expect(await start().provider.read(id, olds)).toEqual({ id, props: olds });
  });

  test("of a .get fills in all outputs", async () => {
    api().get("/users").reply(200, whole);
    const { props } = await start().provider.read(id, { __provider: "stub" });
    expect(props).toEqual({ ...outputs, __managed: "" });
  });

  test("of a .get with an id that is none sends nothing but the list", async () => {
    api().get("/users").reply(200, [rootCredential]);
    await expect(start().provider.read("..", { __provider: "stub" })).rejects.toMatchObject({
      name: "InputError",
    });
  });
});

describe("update", () => {
  test.each<[string, Plain, Plain, Plain]>([
    ["alias", { alias: "Acme" }, { Alias: "Acme" }, { Alias: "Acme" }],
    ["userName", { userName: "my-new-name" }, { UserName: "my-new-name" }, { UserName: "my-new-name" }],
    ["homeDirectory", { homeDirectory: "/test" }, { HomeDirectory: "/test" }, { HomeDirectory: "test" }],
    [
      "chrootDirectory",
      { chrootDirectory: "/acme" },
      { ChrootDirectory: "/acme" },
      { ChrootDirectory: "acme" },
    ],
    ["permission", { permission: "full" }, { Permission: "full" }, { Permission: "full" }],
    [
      "expiration",
      { expiration: "2027-06-30" },
      { Expiration: Date.parse("2027-06-30") },
      { Expiration: Date.parse("2027-06-30") },
    ],
    ["state", { state: "inactive" }, { State: "inactive" }, { State: "inactive" }],
    [
      "inboundRules",
      { inboundRules: [] },
      { Settings: { Network: { InboundRules: [] } } },
      { Settings: { Network: { InboundRules: [] } } },
    ],
  ])("sends %s alone, reads back, and then nothing differs", async (_, changed, sent, held) => {
    const { provider } = start();
    // The answer is the reference's, with the old values: it is not believed.
    api().patch(one, JSON.stringify(sent)).reply(200, patchedCredential);
    api()
      .get("/users")
      .reply(200, [rootCredential, { ...listed, ...held }]);
    const news = { ...inputs, ...changed };
    const { outs } = await provider.update(id, outputs, news);
    expect(outs).toEqual({ ...outputs, ...changed, __managed: expect.any(String) });
    expect(await provider.diff(id, outs as Plain, news)).toEqual({ changes: false });
  });

  test("keeps a declared expiration that no answer shows", async () => {
    api().patch(one).reply(200, patchedCredential).get("/users").reply(200, whole);
    const news = { ...inputs, expiration: "2027-06-30" };
    const { outs } = await start().provider.update(id, outputs, news);
    expect(outs).toMatchObject({ expiration: "2027-06-30" });
    expect(await start().provider.diff(id, outs as Plain, news)).toEqual({ changes: false });
  });

  test("clears with null and with an empty list, by the API's blanks", async () => {
    const olds = { ...outputs, chrootDirectory: "/partners", expiration: "2027-06-30" };
    const Settings = { Network: { InboundRules: [] } };
    // The rules go first, and alone.
    api().patch(one, { Settings }).reply(200, patchedCredential);
    api()
      .get("/users")
      .reply(200, [rootCredential, { ...listed, Settings, ChrootDirectory: "/partners" }]);
    api().patch(one, { ChrootDirectory: "/", Expiration: null }).reply(200, patchedCredential);
    api()
      .get("/users")
      .reply(200, [rootCredential, { ...listed, Settings }]);
    const news = { ...inputs, chrootDirectory: null, expiration: null, inboundRules: [] };
    const { outs } = await start().provider.update(id, olds, news);
    expect(outs).toMatchObject({ chrootDirectory: "/", expiration: null, inboundRules: [] });
  });

  test("of what somebody deletes after the PATCH says that it is gone", async () => {
    const olds = { ...outputs, state: "inactive" };
    api().patch(one).reply(200, { Id: id });
    api().get("/users").times(5).reply(200, [rootCredential]).get(one).times(5).reply(404);
    const error = await failureOf(start().provider.update(id, olds, { ...inputs, state: "active" }));
    expect(error.message).toBe(
      `The credential ${id} is gone. Run \`pulumi refresh\`; the next \`pulumi up\` makes a new one.`,
    );
  });

  test("changes its rules first, and nothing else where they are not applied", async () => {
    const rules = [{ source: "203.0.113.0/24" }];
    api()
      .patch(one, (sent) => Object.keys(sent).join() === "Settings")
      .reply(200, {});
    api().get("/users").times(5).reply(200, whole);
    const news = { ...inputs, inboundRules: rules, permission: "full" };
    const error = await failureOf(start().provider.update(id, outputs, news));
    expect(error.message).toContain(
      `The service answered that inboundRules of credential ${id} was set, but`,
    );
  });

  test.each<[string, Plain, Plain]>([
    ["permission", { permission: "read-only" }, { Permission: "full" }],
    ["permission", { permission: "read-only" }, { Permission: "Read-Only" }],
    ["state", { state: "inactive" }, { State: "active" }],
    ["state", { state: "inactive" }, { State: "disabled" }],
    ["expiration", { expiration: "2027-06-30" }, { Expiration: Date.parse("2027-07-30") }],
    ["expiration", { expiration: "2027-06-30" }, { Expiration: Date.parse("2027-06-30") + 1_000 }],
    ["alias", { alias: "Acme" }, {}],
    ["homeDirectory", { homeDirectory: "/acme" }, {}],
    ["userName", { userName: "my-new-name" }, {}],
  ])("of %s that a read does not show fails: %j, where it shows %j", async (key, changed, held) => {
    api().patch(one).reply(200, {});
    api()
      .get("/users")
      .times(5)
      .reply(200, [rootCredential, { ...listed, ...held }]);
    const error = await failureOf(start().provider.update(id, outputs, { ...inputs, ...changed }));
    expect(error.message).toContain(
      `The service answered that ${key} of credential ${id} was set, but does not show what the program declares`,
    );
    expect(error.message).toContain("Run `pulumi up` again");
  });

  test.each([
    ["permission", { permission: "read-only" }, { Permission: "read-only" }],
    ["alias", { alias: "Acme" }, { Alias: "Acme" }],
  ])("of %s is read for again where the service is late", async (_, changed, held) => {
    const { provider, clock } = start();
    api().patch(one).reply(200, {}).get("/users").times(2).reply(200, whole);
    api()
      .get("/users")
      .reply(200, [rootCredential, { ...listed, ...held }]);
    const { outs } = await provider.update(id, outputs, { ...inputs, ...changed });
    expect(outs).toEqual({ ...outputs, ...changed });
    expect(clock.slept).toEqual([0, 1_000, 2_000]);
  });

  test.each<[string, Plain, Plain]>([
    ["alias", { alias: "Acme  Ltd" }, { Alias: "Acme Ltd" }],
    ["homeDirectory", { homeDirectory: "/acme/./in" }, { HomeDirectory: "acme/in" }],
    ["userName", { userName: "My-New-Name" }, { UserName: "my-new-name" }],
  ])(
    "of %s that the service spells its own way warns once, and makes no diff until either changes",
    async (key, changed, held) => {
      const { provider, warnings } = start();
      const news = { ...inputs, ...changed };
      const list = [rootCredential, { ...listed, ...held }];
      api().patch(one).reply(200, {}).get("/users").reply(200, list);
      const { outs } = await provider.update(id, outputs, news);
      expect(warnings).toEqual([
        `credential ${id}: the service keeps ${key} in a spelling of its own. The two count as the same until ` +
          "either changes",
      ]);
      expect(outs).toMatchObject({
        [key]: Object.values(held)[0],
        __spelling: { [key]: expect.any(String) },
      });
      expect(JSON.stringify((outs as Plain).__spelling)).not.toContain(String(Object.values(changed)[0]));
      expect(await provider.diff(id, outs as Plain, news)).toEqual({ changes: false });

      api().get("/users").reply(200, list);
      const read = await start().provider.read(id, outs as Plain);
      expect(read).toEqual({ id, props: outs });
      expect(await provider.diff(id, outs as Plain, { ...news, [key]: "something-else" })).toEqual({
        changes: true,
      });
      const [name = ""] = Object.keys(held);
      api()
        .get("/users")
        .reply(200, [rootCredential, { ...listed, [name]: "changed-elsewhere" }]);
      const { inputs: drifted, props } = await start().provider.read(id, outs as Plain);
      expect(drifted).toMatchObject({ [key]: "changed-elsewhere" });
      expect(await provider.diff(id, props as Plain, news)).toEqual({ changes: true });
      expect(warnings).toHaveLength(1);
    },
  );

  test.each([null, ""])(
    "keeps a declared expiration that the service blanks (%j), until it shows one",
    async (Expiration) => {
      const { provider, warnings } = start();
      const news = { ...inputs, expiration: "2027-06-30" };
      api().patch(one).reply(200, {});
      api()
        .get("/users")
        .reply(200, [rootCredential, { ...listed, Expiration }]);
      const { outs } = await provider.update(id, outputs, news);
      expect(outs).toMatchObject({ __spelling: { expiration: expect.any(String) } });
      expect(warnings).toEqual([]);
      expect(await provider.diff(id, outs as Plain, news)).toEqual({ changes: false });
      expect(await provider.diff(id, outs as Plain, { ...news, expiration: "2027-07-01" })).toEqual({
        changes: true,
      });
      api()
        .get("/users")
        .reply(200, [rootCredential, { ...listed, Expiration }]);
      expect(await start().provider.read(id, outs as Plain)).toEqual({ id, props: outs });
    },
  );

  test.each([{}, { ...patchedCredential, Id: id }, { Permission: "none" }])(
    "takes an answer to a PATCH for its status only: %j",
    async (answer) => {
      api().patch(one).reply(200, answer);
      api()
        .get("/users")
        .reply(200, [rootCredential, { ...listed, Permission: "full" }]);
      const { outs } = await start().provider.update(id, outputs, { ...inputs, permission: "full" });
      expect(outs).toEqual({ ...outputs, permission: "full" });
    },
  );

  test("sends nothing for what is taken out, and manages it no longer", async () => {
    api().get("/users").reply(200, whole);
    const { permission: _, homeDirectory: __, ...news } = inputs;
    expect(await start().provider.update(id, outputs, news)).toEqual({
      outs: { ...outputs, __managed: "alias,userName" },
    });
  });

  test("takes the secrets out of the state, and in again", async () => {
    const { provider } = start();
    api().get("/users").reply(200, whole);
    const without = await provider.update(id, outputs, { ...inputs, storeSecrets: false });
    expect(without.outs).toMatchObject({ password: null, storeSecrets: false });
    const again = await provider.update(id, without.outs as Plain, { ...inputs, storeSecrets: true });
    expect(again.outs).toMatchObject({ password: "my-secret-password", storeSecrets: true });
  });

  test("heals outputs of which a failed create kept only the id", async () => {
    api().patch(one).reply(200, patchedCredential).get("/users").reply(200, whole);
    const { outs } = await start().provider.update(id, { organizationId, __unfinished: true }, inputs);
    expect(outs).toEqual(outputs);
  });

  test.each([
    ["to what is to be changed", () => api().patch(one).reply(404, { message: "Not found" })],
    [
      "in the look afterwards",
      () => api().patch(one).reply(200, {}).get("/users").reply(200, [rootCredential]).get(one).reply(404),
    ],
  ])("that meets a 404 %s says that it is gone, and to refresh", async (_, meet) => {
    meet();
    const error = await failureOf(start().provider.update(id, outputs, { ...inputs, alias: "Acme" }));
    expect(error.message).toBe(
      `The credential ${id} is gone. Run \`pulumi refresh\`; the next \`pulumi up\` makes a new one.`,
    );
  });

  test.each([
    [401, "sftptogo:apiKey"],
    [403, "sftptogo:organizationId"],
  ])("that is answered by %i names the setting to check", async (status, setting) => {
    api().patch(one).reply(status);
    const error = await failureOf(start().provider.update(id, outputs, { ...inputs, alias: "Acme" }));
    expect(error).toMatchObject({ name: "AccessError", status });
    expect(error.message).toContain(setting);
  });
});

describe("delete", () => {
  test("fails when it is not found and yet listed", async () => {
    api().delete(one).reply(404).get("/users").reply(200, whole);
    await expect(start().provider.delete(id, outputs)).rejects.toMatchObject({ name: "NotFoundError" });
  });

  test("fails when it is not found and the list looks cut", async () => {
    api().delete(one).reply(404).get("/users").reply(200, []).get(one).reply(404);
    await expect(start().provider.delete(id, outputs)).rejects.toMatchObject({ name: "UncertainError" });
  });

  test("fails when the key is refused, and it is there", async () => {
    api().delete(one).reply(403).get("/users").optionally().reply(200, whole);
    await expect(start().provider.delete(id, outputs)).rejects.toMatchObject({ status: 403 });
  });
});
