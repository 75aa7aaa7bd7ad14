import { describe, expect, test } from "vitest";
import { unknownValue } from "../../../provider/protocol/unknowns";
import { shareLinkProvider } from "../../../provider/resources/shareLink/provider";
import type { Plain } from "../../../provider/values/plain";
import { withoutNetwork } from "../../api/interceptors";
import { failureOf } from "../../api/setup";
import { createdShareLink, listedShareLink, readShareLink, updatedShareLink } from "../../fixtures/reference";
import { apiOf, connectionReset, fakeSession, handlersOf, urn } from "../../lifecycle/fakes";

withoutNetwork();

const organizationId = createdShareLink.OrganizationId;
const api = () => apiOf(organizationId);
const id = createdShareLink.Id;
const one = `/portal-links/${id}`;
/** The example's own time: 45 minutes before it expires. */
const now = createdShareLink.CreatedAt;
const expired = createdShareLink.ExpiresAt + 1;

const inputs: Plain = {
  path: "/shared-folder/",
  permission: "read-write",
  expiresAt: 1739120350624,
  accessLimit: 100,
  password: "SecureP@ss123",
  notes: "Q1 marketing materials",
  __provider: "stub",
};
const body = {
  Path: "/shared-folder/",
  Permission: "read-write",
  ExpiresAt: 1739120350624,
  AccessLimit: 100,
  Password: "SecureP@ss123",
  Notes: "Q1 marketing materials",
};
const { __provider: _, ...arguments_ } = inputs;
const outputs: Plain = {
  ...arguments_,
  onConsumed: "keep",
  url: "https://portal.sftptogo.com/p/shares/BSsdas5CBscVy",
  state: "active",
  createdBy: createdShareLink.CreatedBy,
  createdAt: 1739117646540,
  organizationId,
  __managed: "path,permission,expiresAt,accessLimit,password,notes",
};
/** The created link as the list shows it: without its password, its creator in the other shape. */
const { Password: __, ...shown } = createdShareLink;
const listed = { ...shown, CreatedBy: listedShareLink.CreatedBy };
const other = { ...listed, Id: "AnotherLink", Path: "/other/" };

function start(at = now, recordedIn = organizationId) {
  const fake = fakeSession({ organizationId: recordedIn, now: at });
  return { ...fake, provider: handlersOf(fake.session, shareLinkProvider(fake.session)) };
}

/** What check is given for a resource that is new. */
function declared(values: Plain): Plain {
  return { ...inputs, __resourceUrn: urn("ShareLink", "campaign"), ...values };
}

describe("check", () => {
  test("passes on what is declared, and looks whether the link is there already", async () => {
    api().get("/portal-links").reply(200, [other]);
    expect(await start().provider.check({}, declared({}))).toEqual({
      failures: [],
      inputs: { ...arguments_ },
    });
  });

  test("warns of what is there already with all declared fields, with the import option to add", async () => {
    api().get("/portal-links").reply(200, [listed]);
    const { provider, warnings } = start();
    expect((await provider.check({}, declared({}))).failures).toEqual([]);
    expect(warnings).toEqual([
      expect.stringContaining('share link "campaign" expires on'),
      expect.stringContaining(`add the option { import: "${id}" }`),
    ]);
    expect(JSON.stringify(warnings)).not.toContain("SecureP@ss123");
    expect(JSON.stringify(warnings)).not.toContain("portal.sftptogo.com");
  });

  test.each([
    ["another resource of the program", "partners", 1],
    ["the same resource once more", "campaign", 0],
  ])("of the same fields as before, by %s", async (_, name, refused) => {
    api().get("/portal-links").reply(200, []);
    const { provider } = start();
    expect((await provider.check({}, declared({}))).failures).toEqual([]);
    const { failures } = await provider.check({}, declared({ __resourceUrn: urn("ShareLink", name) }));
    expect(failures).toHaveLength(refused);
    expect(JSON.stringify(failures)).not.toContain("SecureP@ss123");
    for (const { property, reason } of failures ?? []) {
      expect(property).toBe("");
      expect(reason).toMatch(/^"campaign" in this program declares the same share link/);
    }
  });

  test.each([401, 403])("of one that exists fails too where the key is refused with %i", async (status) => {
    api().get("/users").reply(status, { message: "Refused" });
    const { failures } = await start().provider.check(arguments_, declared({}));
    expect(failures).toEqual([{ property: "", reason: expect.stringContaining("sftptogo:") }]);
  });

  test("does not mind one that is used up", async () => {
    api()
      .get("/portal-links")
      .reply(200, [{ ...listed, State: "deactivated" }]);
    const { failures } = await start().provider.check({}, declared({}));
    expect(failures).toEqual([]);
  });
});

describe("diff", () => {
  const all = { ...outputs, onConsumed: "keep", __managed: `${outputs.__managed},onConsumed` };

  test.each<[string, string, unknown, boolean]>([
    ["path", "the same", "/shared-folder/", false],
    ["path", "changed", "/shared-folder/2026/", true],
    ["path", "unknown", unknownValue, true],
    ["path", "taken out", undefined, false],
    ["permission", "the same", "read-write", false],
    ["permission", "changed", "read-only", true],
    ["permission", "unknown", unknownValue, true],
    ["permission", "taken out", undefined, false],
    ["expiresAt", "the same", 1739120350624, false],
    ["expiresAt", "the same instant as text", "2025-02-09T16:59:10.624Z", false],
    ["expiresAt", "the same instant in another zone", "2025-02-09T18:59:10.624+02:00", false],
    ["expiresAt", "changed within the second, which a service may not keep", 1739120350999, false],
    ["expiresAt", "changed to the next second", 1739120351000, true],
    ["expiresAt", "changed to the second before", 1739120349999, true],
    ["expiresAt", "unknown", unknownValue, true],
    ["expiresAt", "null", null, true],
    ["expiresAt", "taken out", undefined, false],
    ["accessLimit", "the same", 100, false],
    ["accessLimit", "changed", 200, true],
    ["accessLimit", "unknown", unknownValue, true],
    ["accessLimit", "null", null, true],
    ["accessLimit", "taken out", undefined, false],
    ["password", "the same", "SecureP@ss123", false],
    ["password", "changed", "M0reSecure!", true],
    ["password", "unknown", unknownValue, true],
    ["password", "taken out", undefined, false],
    ["notes", "the same", "Q1 marketing materials", false],
    ["notes", "changed", "Q2", true],
    ["notes", "unknown", unknownValue, true],
    ["notes", "null", null, true],
    ["notes", "taken out", undefined, false],
    ["onConsumed", "the same", "keep", false],
    ["onConsumed", "changed", "recreate", true],
    ["onConsumed", "unknown", unknownValue, true],
    ["onConsumed", "taken out", undefined, false],
  ])("%s %s", async (key, _, value, changes) => {
    const news = { ...inputs, onConsumed: "keep", [key]: value };
    expect(await start().provider.diff(id, all, news)).toEqual({ changes });
  });

  test.each<[string, unknown, unknown]>([
    ["expiresAt", null, null],
    ["accessLimit", 0, null],
    ["accessLimit", 0, 0],
    ["accessLimit", null, 0],
    ["notes", null, null],
    ["notes", null, ""],
    ["notes", "", null],
  ])("%s is a blank in other words: %j on the server, %j in the program", async (key, server, value) => {
    const news = { ...inputs, [key]: value };
    expect(await start().provider.diff(id, { ...outputs, [key]: server }, news)).toEqual({ changes: false });
  });

  test("a declared time that has passed is no change, whatever the service made of it", async () => {
    const olds = { ...outputs, expiresAt: null };
    expect(await start(expired).provider.diff(id, olds, inputs)).toEqual({ changes: false });
  });

  test("an unfinished create is a change", async () => {
    const olds = { ...outputs, __unfinished: true };
    expect(await start().provider.diff(id, olds, inputs)).toEqual({ changes: true });
  });
});

describe("a link that is used up or expired", () => {
  const { expiresAt: ___, ...timeless } = inputs;
  const usedUp = { ...outputs, expiresAt: null, state: "deactivated" };
  const replacement = { changes: true, replaces: ["onConsumed"], deleteBeforeReplace: true };

  test.each([
    ["deactivated", usedUp],
    ["removed", { ...usedUp, state: "removed" }],
    ["expired, though nobody declared when", { ...usedUp, state: "active", expiresAt: now - 1 }],
  ])("and is %s stays as it is by default", async (_, olds) => {
    const { provider } = start();
    expect(await provider.diff(id, olds, timeless)).toEqual({ changes: false });
    expect(
      await provider.diff(id, { ...olds, onConsumed: "keep" }, { ...timeless, onConsumed: "keep" }),
    ).toEqual({
      changes: false,
    });
  });

  test.each([
    ["deactivated", usedUp],
    ["removed", { ...usedUp, state: "removed" }],
    ["expired, though nobody declared when", { ...usedUp, state: "active", expiresAt: now - 1 }],
  ])("and is %s is replaced with onConsumed recreate", async (_, olds) => {
    const news = { ...timeless, onConsumed: "recreate" };
    expect(await start().provider.diff(id, { ...olds, onConsumed: "recreate" }, news)).toEqual(replacement);
  });

  test("is not replaced by one whose declared time has passed", async () => {
    const olds = { ...outputs, onConsumed: "recreate" };
    const news = { ...inputs, onConsumed: "recreate" };
    expect(await start(expired).provider.diff(id, olds, news)).toEqual({ changes: false });
  });

  test("is replaced once the program gives a time to come", async () => {
    const olds = { ...outputs, onConsumed: "recreate" };
    const news = { ...inputs, expiresAt: expired + 1, onConsumed: "recreate" };
    expect(await start(expired).provider.diff(id, olds, news)).toEqual(replacement);
  });

  test("and was removed stays in the state by default, as removed", async () => {
    api().get("/portal-links").reply(200, [other]).get(one).reply(404);
    expect(await start().provider.read(id, outputs)).toEqual({ id, props: { ...outputs, state: "removed" } });
  });

  test("and was removed drops from the state with onConsumed recreate, so that the next up makes a new one", async () => {
    api().get("/portal-links").reply(200, [other]).get(one).reply(404);
    const olds = { ...outputs, onConsumed: "recreate" };
    expect(await start().provider.read(id, olds)).toEqual({ id: "", props: {} });
  });

  test.each([
    ["at its limit", 100],
    ["and nobody tells how often it was used", undefined],
  ])("and was deactivated %s shows its new state and no drift", async (_, AccessCount) => {
    api()
      .get("/portal-links")
      .reply(200, [{ ...listed, State: "deactivated", AccessCount }]);
    expect(await start().provider.read(id, outputs)).toEqual({
      id,
      props: { ...outputs, state: "deactivated" },
    });
  });

  test.each([
    ["before its limit", { AccessCount: 99 }, {}],
    ["and has no limit", { AccessLimit: 0, AccessCount: 7 }, { accessLimit: 0 }],
  ])(
    "is not one that somebody has disabled %s: it is shown as inactive and not made again",
    async (_, changed, known) => {
      const olds = { ...outputs, ...known, onConsumed: "recreate" };
      const news = { ...inputs, ...known, onConsumed: "recreate" };
      api()
        .get("/portal-links")
        .reply(200, [{ ...listed, ...changed, State: "deactivated" }]);
      const { props } = await start().provider.read(id, olds);
      expect(props).toEqual({ ...olds, state: "deactivated", __disabled: true });
      expect(await start().provider.diff(id, props as Plain, news)).toEqual({ changes: false });

      // Enabled again it is as it was.
      api()
        .get("/portal-links")
        .reply(200, [{ ...listed, ...changed }]);
      expect(await start().provider.read(id, props as Plain)).toEqual({ id, props: olds });
    },
  );

  test("and whose time the service cleared shows no drift", async () => {
    api()
      .get("/portal-links")
      .reply(200, [{ ...listed, State: "expired", ExpiresAt: null }]);
    const read = await start(expired).provider.read(id, outputs);
    expect(read.inputs).toBeUndefined();
    expect(read.props).toMatchObject({ state: "expired" });
  });

  test("and was removed takes a change of onConsumed alone, without a write", async () => {
    api().get("/portal-links").reply(200, []).get(one).reply(404);
    const olds = { ...outputs, state: "removed", onConsumed: "recreate" };
    const { outs } = await start().provider.update(id, olds, { ...inputs, onConsumed: "keep" });
    expect(outs).toMatchObject({ state: "removed", onConsumed: "keep", organizationId });
  });

  test("and was removed takes no other change: the message says how to have a new one", async () => {
    const olds = { ...outputs, state: "removed" };
    const error = await failureOf(start().provider.update(id, olds, { ...inputs, notes: "Q2" }));
    expect(error.message).toContain(`The share link ${id} was used up or has expired`);
    expect(error.message).toContain('set onConsumed: "recreate"');
  });
});

describe("create", () => {
  test("sends what is declared and returns all outputs, the password too", async () => {
    api()
      .get("/portal-links")
      .reply(200, [other])
      .post("/portal-links", { ...body, Type: "share" })
      .reply(201, createdShareLink);
    expect(await start().provider.create(inputs)).toEqual({ id, outs: outputs });
  });

  test("keeps the program's words for the time", async () => {
    const expiresAt = "2025-02-09T18:59:10.624+02:00";
    api()
      .get("/portal-links")
      .reply(200, [])
      .post("/portal-links", { ...body, Type: "share" })
      .reply(201, createdShareLink);
    const { outs } = await start().provider.create({ ...inputs, expiresAt });
    expect(outs).toEqual({ ...outputs, expiresAt });
  });

  test("keeps the password where the answer does not hold it", async () => {
    api().get("/portal-links").reply(200, []).post("/portal-links").reply(201, shown);
    expect(await start().provider.create(inputs)).toEqual({ id, outs: outputs });
  });

  test("is not done where one was there before", async () => {
    api().get("/portal-links").reply(200, [listed]);
    const error = await failureOf(start().provider.create(inputs));
    expect(error.message).toBe(
      "A share link with all these fields (add or change `notes` to tell them apart) already exists. If it belongs " +
        "to a resource of this stack that was renamed or moved in the program, give the new one the option " +
        "`aliases` with the old name. To take over an object that this stack does not manage, add the option " +
        `{ import: "${id}" }. Otherwise give them different names.`,
    );
  });

  test("passes on the words of a plan's limit", async () => {
    api().get("/portal-links").reply(200, []);
    api().post("/portal-links").reply(402, { message: "Share links are not included in your plan." });
    const error = await failureOf(start().provider.create(inputs));
    expect(error.message).toContain('The API says: "Share links are not included in your plan."');
  });

  test("with a lost answer finds its link, and sets the password once more, since no list shows it", async () => {
    api().get("/portal-links").reply(200, [other]).post("/portal-links").replyWithError(connectionReset);
    api().get("/portal-links").reply(200, [other, listed]);
    api()
      .patch(one, { Password: "SecureP@ss123" })
      .reply(200, shown)
      .get("/portal-links")
      .reply(200, [listed]);
    const { outs } = await start().provider.create(inputs);
    expect(outs).toEqual({ ...outputs, createdBy: listedShareLink.CreatedBy });
  });

  test("with a lost answer and no password needs nothing more", async () => {
    const { password: _, ...open } = inputs;
    api().get("/portal-links").reply(200, []).post("/portal-links").replyWithError(connectionReset);
    api().get("/portal-links").reply(200, [listed]);
    const { outs } = await start().provider.create(open);
    expect(outs).toMatchObject({ password: null, path: "/shared-folder/" });
    expect(outs).not.toHaveProperty("__unfinished");
  });

  test("with a lost answer that no look explains is not posted again", async () => {
    api().get("/portal-links").reply(200, []).post("/portal-links").replyWithError(connectionReset);
    api().get("/portal-links").times(5).reply(200, []);
    const error = await failureOf(start().provider.create(inputs));
    expect(error.message).toContain("It is not known whether it was created: it is not in the list.");
    expect(error.message).not.toContain("SecureP@ss123");
  });

  test.each([
    ["another permission", { Permission: "read-only" }],
    ["another limit", { AccessLimit: 5 }],
    ["another path", { Path: "/other/" }],
  ])("with a lost answer does not take one with %s for its own", async (_, theirs) => {
    api().get("/portal-links").reply(200, []).post("/portal-links").replyWithError(connectionReset);
    api()
      .get("/portal-links")
      .times(5)
      .reply(200, [{ ...listed, ...theirs }]);
    const error = await failureOf(start().provider.create(inputs));
    expect(error.message).toContain("It is not known whether it was created");
  });

  test.each([503, 504])(
    "answered by %i is not posted again, since a second one would be another link",
    async (status) => {
      api().get("/portal-links").reply(200, []).post("/portal-links").reply(status);
      api().get("/portal-links").times(5).reply(200, []);
      const error = await failureOf(start().provider.create(inputs));
      expect(error.message).toContain("It is not known whether it was created");
    },
  );

  test("answered by 429 is posted again after one read", async () => {
    api().get("/portal-links").reply(200, []).post("/portal-links").reply(429);
    api().get("/portal-links").reply(200, []).post("/portal-links").reply(201, createdShareLink);
    expect(await start().provider.create(inputs)).toEqual({ id, outs: outputs });
  });

  test("with a lost answer is read for, and not posted, by a create that the engine repeats in one process", async () => {
    const { provider } = start();
    api().get("/portal-links").reply(200, []).post("/portal-links").replyWithError(connectionReset);
    api().get("/portal-links").times(5).reply(200, []);
    await failureOf(provider.create(inputs));
    api().get("/portal-links").times(5).reply(200, []);
    const error = await failureOf(provider.create(inputs));
    expect(error.message).toContain("It is not known whether it was created");
  });

  test("with a lost answer and a failed password keeps the id, and says so without the password", async () => {
    api().get("/portal-links").reply(200, []).post("/portal-links").replyWithError(connectionReset);
    api().get("/portal-links").reply(200, [listed]);
    api().patch(one).reply(422, { message: "SecureP@ss123 breaks the policy" });
    const error = await failureOf(start().provider.create(inputs));
    expect(error).toMatchObject({
      id,
      properties: { path: "/shared-folder/", password: null, __unfinished: true, __provider: "stub" },
      reasons: [expect.stringContaining(`Share link ${id} was created, but its password is not certain`)],
    });
    expect(error.message).not.toContain("SecureP@ss123");
  });
});

describe("the import option", () => {
  test("adopts the link without a write; a declared password is taken for its own", async () => {
    const { provider } = start();
    api().get("/portal-links").reply(200, [other, listed]);
    const checked = await provider.check({}, declared({ __importId: id }));
    expect(checked.failures).toEqual([]);
    expect(await provider.create({ ...checked.inputs, __provider: "stub" })).toEqual({
      id,
      outs: { ...outputs, createdBy: listedShareLink.CreatedBy },
    });
  });

  test("does not compare onConsumed, of which the server has no word", async () => {
    api().get("/portal-links").reply(200, [listed]);
    const news = declared({ __importId: id, onConsumed: "recreate" });
    const { failures } = await start().provider.check({}, news);
    expect(failures).toEqual([]);
  });

  test("is refused in preview with each difference", async () => {
    api().get("/portal-links").reply(200, [listed]);
    const news = declared({ __importId: id, accessLimit: 5, notes: null });
    const { failures } = await start().provider.check({}, news);
    expect(failures).toEqual([
      {
        property: "",
        reason: expect.stringContaining(
          'accessLimit is 100 there; notes is "Q1 marketing materials" there. Declare what the service has',
        ),
      },
    ]);
  });
});

describe("read", () => {
  test("keeps the password, and shows no drift for the other shape of the creator", async () => {
    api().get("/portal-links").reply(200, [other, listed]);
    expect(await start().provider.read(id, outputs)).toEqual({ id, props: outputs });
  });

  test("takes the read by id where the list does not have it", async () => {
    api().get("/portal-links").reply(200, [other]).get(one).reply(200, shown);
    expect(await start().provider.read(id, outputs)).toEqual({ id, props: outputs });
  });

  test.each<[string, Plain, Plain]>([
    ["path", { Path: "/" }, { path: "/" }],
    ["permission", { Permission: "read-only" }, { permission: "read-only" }],
    ["expiresAt", { ExpiresAt: null }, { expiresAt: null }],
    ["accessLimit", { AccessLimit: 0 }, { accessLimit: 0 }],
    ["notes", { Notes: null }, { notes: null }],
  ])("shows a drift of %s, which a declaration then repairs", async (_, changed, drifted) => {
    const { provider } = start();
    api()
      .get("/portal-links")
      .reply(200, [{ ...listed, ...changed }]);
    const read = await provider.read(id, outputs);
    expect(read.props).toEqual({ ...outputs, ...drifted });
    expect(read.inputs).toEqual({ ...arguments_, ...drifted });
    expect(await provider.diff(id, read.props as Plain, inputs)).toEqual({ changes: true });
  });

  test("shows no drift of what is not declared", async () => {
    const olds = { ...outputs, __managed: "path,permission" };
    api()
      .get("/portal-links")
      .reply(200, [{ ...listed, Notes: "somebody's" }]);
    expect(await start().provider.read(id, olds)).toEqual({ id, props: { ...olds, notes: "somebody's" } });
  });

  test("returns a blank id when a link that could not be used up was removed outside Pulumi", async () => {
    api().get("/portal-links").reply(200, [other]).get(one).reply(404);
    const olds = { ...outputs, accessLimit: 0, expiresAt: null };
    expect(await start().provider.read(id, olds)).toEqual({ id: "", props: {} });
  });

  test.each([401, 403])("fails when the read by id is refused with %i", async (status) => {
    api().get("/portal-links").reply(200, []).get(one).reply(status);
    await expect(start().provider.read(id, outputs)).rejects.toMatchObject({ status });
  });
});

describe("update", () => {
  // The example of an update is of the other link, the one of the list.
  const olds: Plain = {
    path: "/path/to/file",
    permission: "read-only",
    expiresAt: null,
    accessLimit: 0,
    password: null,
    notes: null,
    url: outputs.url,
    state: "active",
    createdBy: listedShareLink.CreatedBy,
    createdAt: 1739117646540,
    organizationId,
    onConsumed: "keep",
    __managed: "path,permission",
  };
  const news: Plain = { path: "/path/to/file", permission: "read-only" };

  test("sends only what changed, reads back, and returns full outputs", async () => {
    const changes = { permission: "read-write", notes: "Updated Q1 marketing materials", accessLimit: 200 };
    api()
      .patch(one, { Permission: "read-write", Notes: changes.notes, AccessLimit: 200 })
      .reply(200, updatedShareLink)
      .get("/portal-links")
      .reply(200, [updatedShareLink]);
    expect(await start().provider.update(id, olds, { ...news, ...changes })).toEqual({
      outs: { ...olds, ...changes, __managed: "path,permission,accessLimit,notes" },
    });
  });

  test.each<[string, Plain]>([
    ["permission", { permission: "read-write" }],
    ["accessLimit", { accessLimit: 5 }],
    ["expiresAt", { expiresAt: expired }],
    ["notes", { notes: "Updated Q1 marketing materials" }],
  ])("trusts the read, not the answer: a change of %s that it does not show fails", async (key, changed) => {
    api().patch(one).reply(200, updatedShareLink).get("/portal-links").times(5).reply(200, [readShareLink]);
    const error = await failureOf(start().provider.update(id, olds, { ...news, ...changed }));
    expect(error.message).toContain(
      `The service answered that ${key} of share link ${id} was set, but does not show what the program declares`,
    );
  });

  test.each<[string, Plain, Plain]>([
    ["notes", { notes: "Q1  materials" }, { Notes: "Q1 materials" }],
    ["path", { path: "/path//to/file" }, { Path: "/path/to/new" }],
  ])(
    "takes what the service makes of %s for its spelling, warns once and shows no diff",
    async (key, changed, held) => {
      const { provider, warnings } = start();
      const list = [{ ...readShareLink, ...held }];
      api().patch(one).reply(200, {}).get("/portal-links").reply(200, list);
      const { outs } = await provider.update(id, olds, { ...news, ...changed });
      expect(warnings).toEqual([
        `share link ${id}: the service keeps ${key} in a spelling of its own. The two count as the same until ` +
          "either changes",
      ]);
      expect(await provider.diff(id, outs as Plain, { ...news, ...changed })).toEqual({ changes: false });
      api().get("/portal-links").reply(200, list);
      expect(await start().provider.read(id, outs as Plain)).toEqual({ id, props: outs });
    },
  );

  test("sends and keeps a changed password", async () => {
    api().patch(one, { Password: "M0reSecure!" }).reply(200, shown).get("/portal-links").reply(200, [listed]);
    const { outs } = await start().provider.update(id, outputs, { ...inputs, password: "M0reSecure!" });
    expect(outs).toEqual({ ...outputs, password: "M0reSecure!" });
  });

  test("of a password counts by the status of its answer, which may be empty", async () => {
    api().patch(one, { Password: "M0reSecure!" }).reply(200, {}).get("/portal-links").reply(200, [listed]);
    const { outs } = await start().provider.update(id, outputs, { ...inputs, password: "M0reSecure!" });
    expect(outs).toEqual({ ...outputs, password: "M0reSecure!" });
  });

  test("of a password that is answered with another link is not taken for done", async () => {
    api().patch(one, { Password: "M0reSecure!" }).reply(200, other);
    const error = await failureOf(
      start().provider.update(id, outputs, { ...inputs, password: "M0reSecure!" }),
    );
    expect(error.message).toContain(`The service answered that password of share link ${id} was set, but`);
    expect(error.message).not.toContain("M0reSecure!");
  });

  test("clears with null what has a blank", async () => {
    const cleared = { ...listed, ExpiresAt: null, AccessLimit: 0, Notes: null };
    api().patch(one, { ExpiresAt: null, AccessLimit: 0, Notes: null }).reply(200, cleared);
    api().get("/portal-links").reply(200, [cleared]);
    const blank = { expiresAt: null, accessLimit: null, notes: null };
    const { provider } = start();
    const { outs } = await provider.update(id, outputs, { ...inputs, ...blank });
    expect(outs).toMatchObject({ expiresAt: null, notes: null });
    expect(await provider.diff(id, outs as Plain, { ...inputs, ...blank })).toEqual({ changes: false });
  });

  test("sends nothing for what is taken out: the password stays, and access is not widened", async () => {
    api().get("/portal-links").reply(200, [listed]);
    const { password: _, accessLimit: __, ...fewer } = inputs;
    const { outs } = await start().provider.update(id, outputs, fewer);
    expect(outs).toEqual({ ...outputs, __managed: "path,permission,expiresAt,notes" });
  });

  test("never sends a time that has passed", async () => {
    api()
      .patch(one, { Notes: "Q2" })
      .reply(200, shown)
      .get("/portal-links")
      .reply(200, [{ ...listed, Notes: "Q2" }]);
    await start(expired).provider.update(id, { ...outputs, expiresAt: null }, { ...inputs, notes: "Q2" });
  });
});

describe("delete", () => {
  test("fails when it is not found and yet there", async () => {
    api().delete(one).reply(404).get("/portal-links").reply(200, [other]).get(one).reply(200, shown);
    await expect(start().provider.delete(id, outputs)).rejects.toMatchObject({ name: "NotFoundError" });
  });
});
