import nock from "nock";
import { describe, expect, test } from "vitest";
import { unknownValue } from "../../../provider/protocol/unknowns";
import { passwordRotationProvider } from "../../../provider/resources/passwordRotation/provider";
import type { Plain } from "../../../provider/values/plain";
import { api, withoutNetwork } from "../../api/interceptors";
import { failureOf, organizationId } from "../../api/setup";
import { createdCredential, rootCredential } from "../../fixtures/reference";
import { connectionReset, type FakeOptions, fakeSession, handlersOf, urn } from "../../lifecycle/fakes";

withoutNetwork();

const credentialId = createdCredential.Id;
const rotations = `/users/${credentialId}/credential-rotations`;
const one = `/users/${credentialId}`;
const now = Date.parse("2026-07-01T12:00:00Z");
const rotatedAt = "2026-07-01T12:00:00.123Z";
const id = `${credentialId}/${Date.parse(rotatedAt)}`;
const passwordSet = { message: "Password set." };

/** The reference's created credential as the list shows it, before a rotation and after one. */
const before = { ...createdCredential, PasswordCreatedAt: "2021-03-24T19:44:19.930Z" };
const after = { ...before, Password: "generated-password", PasswordCreatedAt: rotatedAt };
const list = (credential: object) => [rootCredential, credential];

const inputs: Plain = { credentialId, triggers: "2027-01", __provider: "stub" };
const outputs: Plain = {
  credentialId,
  triggers: "2027-01",
  rotateAfterDays: null,
  storeSecrets: true,
  password: "generated-password",
  host: "warm-soda-25793.sftptogo.com",
  userName: "my-user-name",
  rotatedAt,
  organizationId,
  __managed: "credentialId,triggers",
};

function start(options: FakeOptions = {}) {
  const fake = fakeSession({ now, ...options });
  return { ...fake, provider: handlersOf(fake.session, passwordRotationProvider(fake.session)) };
}

/** What check is given for a resource that is new. */
function declared(values: Plain): Plain {
  return { ...inputs, __resourceUrn: urn("PasswordRotation", "acme"), ...values };
}

describe("check", () => {
  test("passes on what is declared, and asks nothing", async () => {
    expect(await start().provider.check({}, declared({}))).toEqual({
      failures: [],
      inputs: { credentialId, triggers: "2027-01" },
    });
  });

  test.each([401, 403])(
    "of one that exists says in preview already that the key is refused with %i",
    async (status) => {
      api().get("/users").reply(status, { message: "Refused" });
      const { failures } = await start().provider.check(inputs, declared({}));
      expect(failures).toEqual([{ property: "", reason: expect.stringContaining("sftptogo:") }]);
    },
  );

  test("passes unknown values on", async () => {
    const values = { credentialId: unknownValue, triggers: [unknownValue], password: unknownValue };
    expect(await start().provider.check({}, declared(values))).toEqual({ failures: [], inputs: values });
  });
});

describe("diff", () => {
  const olds = { ...outputs, rotateAfterDays: 30, storeSecrets: true };

  test.each<[string, string, unknown, boolean, string[]]>([
    ["credentialId", "the same", credentialId, false, []],
    ["credentialId", "changed", rootCredential.Id, true, ["credentialId"]],
    ["credentialId", "unknown", unknownValue, true, ["credentialId"]],
    ["credentialId", "taken out", undefined, false, []],
    ["triggers", "the same", "2027-01", false, []],
    ["triggers", "changed", "2027-02", true, ["triggers"]],
    ["triggers", "changed to a list", ["2027-01"], true, ["triggers"]],
    ["triggers", "unknown", unknownValue, true, ["triggers"]],
    ["triggers", "unknown inside", { month: unknownValue }, true, ["triggers"]],
    ["triggers", "taken out", undefined, false, []],
    ["rotateAfterDays", "the same", 30, false, []],
    ["rotateAfterDays", "changed", 60, true, []],
    ["rotateAfterDays", "unknown", unknownValue, true, []],
    ["rotateAfterDays", "taken out", undefined, false, []],
    ["storeSecrets", "the same", true, false, []],
    ["storeSecrets", "changed", false, true, []],
    ["storeSecrets", "unknown", unknownValue, true, []],
    ["storeSecrets", "taken out", undefined, false, []],
    ["password", "declared for the first time", "chosen-password", true, ["password"]],
    ["password", "unknown", unknownValue, true, ["password"]],
    ["password", "taken out", undefined, false, []],
  ])("%s %s", async (key, _, value, changes, replaces) => {
    const news = { ...inputs, rotateAfterDays: 30, storeSecrets: true, [key]: value };
    expect(await start().provider.diff(id, olds, news)).toEqual({ changes, replaces });
  });

  test.each([
    ["a list", ["a", { b: [1, null] }], ["a", { b: [1, null] }], []],
    ["a list in another order", ["a", "b"], ["b", "a"], ["triggers"]],
    ["an object, its keys in another order", { a: 1, b: 2 }, { b: 2, a: 1 }, []],
  ])("triggers may be %s", async (_, old, triggers, replaces) => {
    const { provider } = start();
    expect(await provider.diff(id, { ...outputs, triggers: old }, { ...inputs, triggers })).toEqual({
      changes: replaces.length > 0,
      replaces,
    });
  });

  test("replaces what is older than it may be, with equal inputs", async () => {
    const news = { ...inputs, rotateAfterDays: 30 };
    const olds = { ...outputs, rotateAfterDays: 30, rotatedAt: "2026-06-01T11:59:59Z" };
    const { provider, warnings } = start();
    expect(await provider.diff(id, { ...olds, rotatedAt: "2026-06-01T12:00:01Z" }, news)).toEqual({
      changes: false,
      replaces: [],
    });
    expect(warnings.splice(0)).toEqual([
      "password rotation of my-user-name falls due on 2026-07-01 12:00 UTC (rotateAfterDays), within a day",
    ]);
    expect(await provider.diff(id, olds, news)).toEqual({ changes: true, replaces: ["rotateAfterDays"] });
    // Nothing else says why in a preview.
    expect(warnings).toEqual([
      "the password of my-user-name was rotated at 2026-06-01T11:59:59Z, more than 30 days ago (rotateAfterDays): " +
        "it is due again",
    ]);
  });

  test("replaces for a lowered age at once", async () => {
    const olds = { ...outputs, rotateAfterDays: 30, rotatedAt: "2026-06-20T12:00:00Z" };
    expect(await start().provider.diff(id, olds, { ...inputs, rotateAfterDays: 7 })).toEqual({
      changes: true,
      replaces: ["rotateAfterDays"],
    });
  });

  test("updates a rotation that is not finished, and does not replace it", async () => {
    const olds = { ...outputs, password: null, __unfinished: true };
    expect(await start().provider.diff(id, olds, inputs)).toEqual({ changes: true, replaces: [] });
  });
});

describe("create with a generated password", () => {
  test("looks, posts once, looks again, and returns the new password", async () => {
    api()
      .get("/users")
      .reply(200, list(before))
      .post(rotations)
      .reply(200, passwordSet)
      .get("/users")
      .reply(200, list(after));
    expect(await start().provider.create(inputs)).toEqual({ id, outs: outputs });
  });

  test("sends no body, since an empty password would be one", async () => {
    let sent: string | undefined;
    api().get("/users").reply(200, list(before));
    api()
      .post(rotations)
      .reply(200, async (request: Request) => {
        sent = await request.text();
        return passwordSet;
      });
    api().get("/users").reply(200, list(after));
    await start().provider.create(inputs);
    expect(sent).toBe("");
  });

  test("keeps no password with storeSecrets false", async () => {
    api().get("/users").reply(200, list(before)).post(rotations).reply(200, passwordSet);
    api().get("/users").reply(200, list(after));
    const { outs } = await start().provider.create({ ...inputs, storeSecrets: false });
    expect(outs).toMatchObject({ password: null, storeSecrets: false, userName: "my-user-name" });
    expect(JSON.stringify(outs)).not.toContain("generated-password");
  });

  test("fails where there is no such credential, and posts nothing", async () => {
    api().get("/users").reply(200, [rootCredential]).get(`/users/${credentialId}`).reply(404);
    const error = await failureOf(start().provider.create(inputs));
    expect(error.message).toBe(`There is no credential with the id "${credentialId}" to rotate.`);
  });

  test("says so too where the base URL is another than the vendor's", async () => {
    const baseUrl = "https://gateway.example.com";
    const { provider } = start({ config: { "sftptogo:baseUrl": baseUrl } });
    nock(`${baseUrl}/organizations/${organizationId}`)
      .get("/users")
      .reply(200, [rootCredential])
      .get(`/users/${credentialId}`)
      .reply(404);
    const error = await failureOf(provider.create(inputs));
    expect(error.message).toBe(`There is no credential with the id "${credentialId}" to rotate.`);
  });

  test("fails for good on what the API refuses", async () => {
    api().get("/users").reply(200, list(before)).post(rotations).reply(403, { message: "Forbidden" });
    api().get("/users").reply(200, list(before));
    await expect(start().provider.create(inputs)).rejects.toMatchObject({ status: 403 });
  });

  test("is proven by a look, though the answer was a no: somebody on the way may have given it", async () => {
    api().get("/users").reply(200, list(before)).post(rotations).reply(403, { message: "Forbidden" });
    api().get("/users").reply(200, list(after));
    expect(await start().provider.create(inputs)).toEqual({ id, outs: outputs });
  });

  test("proves a lost answer by another password, and does not post again", async () => {
    const { provider, clock } = start();
    api().get("/users").reply(200, list(before)).post(rotations).replyWithError(connectionReset);
    const shown = { ...before, Password: "generated-password" };
    api().get("/users").reply(200, list(before)).get("/users").reply(200, list(shown));
    const { outs } = await provider.create(inputs);
    expect(outs).toMatchObject({ password: "generated-password" });
    expect(clock.slept).toEqual([0, 1_000]);
  });

  test("is not proven by a later time beside the old password: a late list shows that", async () => {
    const { provider, clock } = start();
    const late = { ...before, PasswordCreatedAt: rotatedAt };
    api().get("/users").reply(200, list(before)).post(rotations).replyWithError(connectionReset);
    api().get("/users").times(2).reply(200, list(late)).get("/users").reply(200, list(after));
    const { outs } = await provider.create(inputs);
    expect(outs).toMatchObject({ password: "generated-password" });
    expect(clock.slept).toEqual([0, 1_000, 2_000]);
  });

  test.each(["", "********"])(
    "is proven by a later time where no answer shows a password: %j",
    async (Password) => {
      const { provider } = start();
      const silent = { ...before, Password };
      const rotated = { ...silent, PasswordCreatedAt: rotatedAt };
      api().get("/users").reply(200, list(silent)).get(one).reply(200, silent);
      api().post(rotations).reply(200, passwordSet);
      api().get("/users").reply(200, list(rotated)).get(one).reply(200, rotated);
      const { outs } = await provider.create({ ...inputs, storeSecrets: false });
      expect(outs).toMatchObject({ password: null, rotatedAt });
    },
  );

  test.each(["", "********"])(
    "is unfinished where nobody shows the new password: %j in its place",
    async (Password) => {
      const silent = { ...after, Password };
      api().get("/users").reply(200, list(before)).post(rotations).reply(200, passwordSet);
      api().get("/users").reply(200, list(silent)).get(one).reply(200, silent);
      const error = await failureOf(start().provider.create(inputs));
      expect(error).toMatchObject({ properties: { password: null, __unfinished: true } });
      expect(error.message).toContain("neither the list nor the read by id shows it");
    },
  );

  test("takes the password from the read by id where the list does not show it", async () => {
    const { Password: _, ...listed } = after;
    api().get("/users").reply(200, list(before)).post(rotations).reply(200, passwordSet);
    api().get("/users").reply(200, list(listed)).get(one).reply(200, after);
    expect(await start().provider.create(inputs)).toEqual({ id, outs: outputs });
  });

  test.each([
    ["the service's, which is later", rotatedAt, rotatedAt],
    ["ours, where the service's is earlier", "2020-01-01T00:00:00Z", new Date(now).toISOString()],
    ["ours, where the service tells none", null, new Date(now).toISOString()],
    ["the service's, without a zone", "2026-07-01T12:00:00.123", rotatedAt],
    ["ours, where the service's is in seconds and cut", now / 1000, new Date(now).toISOString()],
  ])("has the time %s", async (_, PasswordCreatedAt, time) => {
    const rotated = { ...after, PasswordCreatedAt };
    api().get("/users").reply(200, list(before)).post(rotations).reply(200, passwordSet);
    api().get("/users").reply(200, list(rotated));
    const made = await start().provider.create(inputs);
    expect(made).toMatchObject({ id: `${credentialId}/${Date.parse(time)}`, outs: { rotatedAt: time } });
  });

  test("with a lost answer and no proof fails, and says what the next up does", async () => {
    const { provider, clock } = start();
    api().get("/users").reply(200, list(before)).post(rotations).replyWithError(connectionReset);
    api().get("/users").times(5).reply(200, list(before));
    const error = await failureOf(provider.create(inputs));
    expect(error).not.toHaveProperty("id");
    expect(error.message).toContain(
      `It is not known whether the password of credential ${credentialId} was rotated`,
    );
    expect(error.message).toContain("The next `pulumi up` rotates it, a second time if it was.");
    expect(clock.slept).toEqual([0, 1_000, 2_000, 4_000, 8_000]);
  });

  test("posts again after 429, once a read has shown that nothing came of it", async () => {
    const { provider, clock } = start();
    api().get("/users").reply(200, list(before));
    api().post(rotations).reply(429, "", { "Retry-After": "7" }).get("/users").reply(200, list(before));
    api().post(rotations).reply(200, passwordSet).get("/users").reply(200, list(after));
    const { outs } = await provider.create(inputs);
    expect(outs).toMatchObject({ password: "generated-password" });
    // The read waits as long as was asked for, and so does what is posted again.
    expect(clock.slept).toEqual([0, 7_000, 7_000, 0]);
  });

  test("posts again after 429 for as long as the operation's time allows", async () => {
    const { provider } = start({ config: { "sftptogo:maxRetries": "1" } });
    for (let count = 0; count < 6; count++) {
      api().get("/users").reply(200, list(before));
      api().post(rotations).reply(429, "", { "Retry-After": "2" });
    }
    api().get("/users").reply(200, list(before)).post(rotations).reply(200, passwordSet);
    api().get("/users").reply(200, list(after));
    expect(await provider.create(inputs)).toMatchObject({ outs: { password: "generated-password" } });
  });

  test.each([503, 504])(
    "does not post again after %i, which says nothing: all reads come first",
    async (status) => {
      const { provider, clock } = start();
      api().get("/users").reply(200, list(before)).post(rotations).reply(status);
      api().get("/users").times(5).reply(200, list(before));
      const error = await failureOf(provider.create(inputs));
      expect(error.message).toContain("It is not known whether the password");
      expect(clock.slept).toEqual([0, 1_000, 2_000, 4_000, 8_000]);
    },
  );

  test("does not post again after a 503 that was none: the look shows a new password", async () => {
    api().get("/users").reply(200, list(before)).post(rotations).reply(503);
    api().get("/users").reply(200, list(after));
    expect(await start().provider.create(inputs)).toEqual({ id, outs: outputs });
  });

  test("does not post again after a 503 where the looks fail", async () => {
    const { provider, clock } = start();
    api().get("/users").reply(200, list(before)).post(rotations).reply(503);
    api().get("/users").times(5).reply(401);
    const error = await failureOf(provider.create(inputs));
    expect(error.message).toContain("It is not known whether the password");
    expect(clock.slept).toEqual([0, 1_000, 2_000, 4_000, 8_000]);
  });

  test("does not post again after a 429 where the look fails", async () => {
    const { provider } = start();
    api().get("/users").reply(200, list(before)).post(rotations).reply(429).get("/users").reply(401);
    const error = await failureOf(provider.create(inputs));
    expect(error.message).toContain("It is not known whether the password");
  });

  test("does not take somebody else's rotation for its own: it looks anew, past the shared list", async () => {
    const { provider, session } = start();
    api().get("/users").reply(200, list(before));
    await session.client.listCredentials();
    api().get("/users").reply(200, list(after)).post(rotations).replyWithError(connectionReset);
    api().get("/users").times(5).reply(200, list(after));
    const error = await failureOf(provider.create(inputs));
    expect(error.message).toContain("It is not known whether the password");
  });

  test("rotates one credential once at a time: neither takes the other's password for its own", async () => {
    const { provider } = start();
    let now = before;
    let count = 0;
    api()
      .get("/users")
      .times(4)
      .reply(200, () => list(now));
    api()
      .post(rotations)
      .times(2)
      .reply(200, () => {
        count++;
        now = {
          ...after,
          Password: `generated-${count}`,
          PasswordCreatedAt: `2026-07-01T12:00:0${count}.000Z`,
        };
        return passwordSet;
      });
    const [one, two] = await Promise.all([provider.create(inputs), provider.create(inputs)]);
    expect([one.outs?.password, two.outs?.password]).toEqual(["generated-1", "generated-2"]);
    expect(one.id).not.toBe(two.id);
  });
});

describe("a rotation that could not be read", () => {
  async function unread(given: Plain = inputs) {
    api().get("/users").reply(200, list(before)).post(rotations).reply(200, passwordSet);
    api().get("/users").times(5).reply(401);
    return (await failureOf(start().provider.create(given))) as Error & { id: string; properties: Plain };
  }

  test("is saved with its id and its trigger, without the old password", async () => {
    const error = await unread();
    expect(error.id).toMatch(new RegExp(`^${credentialId}/\\d+$`));
    expect(error.properties).toMatchObject({
      credentialId,
      triggers: "2027-01",
      password: null,
      organizationId,
      __unfinished: true,
      __provider: "stub",
    });
    expect(error.message).toContain("it reads the password and does not rotate");
    expect(error.message).not.toContain("my-secret-password");
  });

  test("is saved too where the API still shows the old password", async () => {
    api().get("/users").reply(200, list(before)).post(rotations).reply(200, passwordSet);
    api().get("/users").times(5).reply(200, list(before));
    const error = await failureOf(start().provider.create(inputs));
    expect(error).toMatchObject({ properties: { triggers: "2027-01", password: null, __unfinished: true } });
    expect(error.message).toContain("the API still shows the old one");
  });

  test("with storeSecrets false keeps no hash of the old password either", async () => {
    const unstored = { ...inputs, storeSecrets: false };
    const { id, properties } = await unread(unstored);
    expect(properties).toMatchObject({ password: null, __unfinished: true });
    expect(properties).not.toHaveProperty("__passwordHash");
    const { provider } = start();
    expect(await provider.diff(id, properties, unstored)).toEqual({ changes: true, replaces: [] });
    api().get("/users").reply(200, list(after));
    const { outs } = await provider.update(id, properties, unstored);
    expect(await provider.diff(id, outs as Plain, unstored)).toEqual({ changes: false, replaces: [] });
  });

  test("is read by the next up, which does not rotate", async () => {
    const { id, properties } = await unread();
    const { provider } = start();
    expect(await provider.diff(id, properties, inputs)).toEqual({ changes: true, replaces: [] });
    api().get("/users").reply(200, list(after));
    const { outs } = await provider.update(id, properties, inputs);
    expect(outs).toMatchObject({ password: "generated-password", triggers: "2027-01" });
    expect(await provider.diff(id, outs as Plain, inputs)).toEqual({ changes: false, replaces: [] });
  });

  test("is not taken for read while the old password is shown: the next up says so, and how to go on", async () => {
    const { id, properties } = await unread();
    const late = { ...after, Password: before.Password };
    api().get("/users").reply(200, list(late));
    const error = await failureOf(start().provider.update(id, properties, inputs));
    expect(error.message).toContain("still cannot be read: the API shows the old one");
    expect(error.message).toContain("storeSecrets: false");
    api().get("/users").reply(200, list(late));
    const { outs } = await start().provider.update(id, properties, { ...inputs, storeSecrets: false });
    expect(outs).toMatchObject({ password: null });
  });

  test("is not taken for read while none is shown", async () => {
    const { id, properties } = await unread();
    const silent = { ...after, Password: "" };
    api().get("/users").reply(200, list(silent)).get(one).reply(200, silent);
    const error = await failureOf(start().provider.update(id, properties, inputs));
    expect(error.message).toContain("still cannot be read: the API shows none");
  });

  test("is not read by a refresh that still shows the old password", async () => {
    const { id, properties } = await unread();
    const { provider } = start();
    api()
      .get("/users")
      .reply(200, list({ ...after, Password: before.Password }));
    const { props } = await provider.read(id, properties);
    expect(props).toMatchObject({ password: null, __unfinished: true });
    expect(await provider.diff(id, props as Plain, inputs)).toEqual({ changes: true, replaces: [] });
    // Nor is it by the one after that, which shows none.
    const silent = { ...after, Password: "********" };
    api().get("/users").reply(200, list(silent)).get(one).reply(200, silent);
    const again = await start().provider.read(id, props as Plain);
    expect(again).toEqual({ id, props });
  });

  test("is read by a refresh, after which nothing is left to do", async () => {
    const { id, properties } = await unread();
    const { provider } = start();
    api().get("/users").reply(200, list(after));
    const { props } = await provider.read(id, properties);
    expect(props).toMatchObject({ password: "generated-password" });
    expect(props).not.toHaveProperty("__passwordHash");
    expect(await provider.diff(id, props as Plain, inputs)).toEqual({ changes: false, replaces: [] });
  });
});

describe("create with a declared password", () => {
  const explicit = { ...inputs, password: "chosen-password" };
  const chosen = { ...after, Password: "chosen-password" };

  test("sets it, reads it back, and keeps a salted hash of it", async () => {
    api().post(rotations, { Password: "chosen-password" }).reply(200, passwordSet);
    api().get("/users").reply(200, list(chosen));
    const { id: made, outs } = await start().provider.create(explicit);
    expect(made).toBe(id);
    expect(outs).toEqual({
      ...outputs,
      password: "chosen-password",
      __managed: "credentialId,triggers,password",
      __passwordHash: expect.stringMatching(/^[\w-]{12}:[\w-]{22}$/),
    });
  });

  test("is the same the second time: repeated after a lost answer, and no change afterwards", async () => {
    const { provider } = start();
    api().post(rotations, { Password: "chosen-password" }).replyWithError(connectionReset);
    api().post(rotations, { Password: "chosen-password" }).reply(200, passwordSet);
    api().get("/users").reply(200, list(chosen));
    const { outs } = await provider.create(explicit);
    expect(await provider.diff(id, outs as Plain, explicit)).toEqual({ changes: false, replaces: [] });
    expect(await provider.diff(id, outs as Plain, { ...explicit, password: "another-one" })).toEqual({
      changes: true,
      replaces: ["password"],
    });
  });

  test("with storeSecrets false keeps no password, and still tells a change from none", async () => {
    const { provider } = start();
    const hidden = { ...explicit, storeSecrets: false };
    api().post(rotations).reply(200, passwordSet).get("/users").reply(200, list(chosen));
    const { outs } = await provider.create(hidden);
    expect(JSON.stringify(outs)).not.toContain("chosen-password");
    expect(await provider.diff(id, outs as Plain, hidden)).toEqual({ changes: false, replaces: [] });
  });

  test("says that it was refused, without words that repeat the password", async () => {
    api().post(rotations).reply(422, { message: "chosen-password does not meet the policy" });
    const error = await failureOf(start().provider.create(explicit));
    expect(error).not.toHaveProperty("id");
    expect(error.message).toContain("(HTTP 422)");
    expect(error.message).not.toContain("chosen-password");
  });

  test("that a read does not show is not taken for done, and nothing is saved", async () => {
    api().post(rotations).reply(200, passwordSet).get("/users").reply(200, list(after));
    const error = await failureOf(start().provider.create(explicit));
    expect(error).not.toHaveProperty("id");
    expect(error.message).toContain(
      `The service answered that password of credential ${credentialId} was set, but does not show what the ` +
        "program declares",
    );
    expect(error.message).not.toMatch(/chosen-password|generated-password/);
  });

  test.each(["", "********"])(
    "that is set, and of which answers show %j only, is what was declared",
    async (Password) => {
      const silent = { ...after, Password };
      api().post(rotations).reply(200, passwordSet);
      api().get("/users").reply(200, list(silent)).get(one).reply(200, silent);
      expect(await start().provider.create(explicit)).toMatchObject({
        outs: { password: "chosen-password" },
      });
    },
  );

  test("that cannot be read back is saved, and the next up finishes it without setting it again", async () => {
    const { provider } = start();
    api().post(rotations).reply(200, passwordSet).get("/users").reply(403);
    const error = (await failureOf(provider.create(explicit))) as Error & { id: string; properties: Plain };
    expect(error.properties).toMatchObject({
      credentialId,
      triggers: "2027-01",
      password: null,
      organizationId,
      __unfinished: true,
      __provider: "stub",
    });
    expect(error.message).not.toContain("chosen-password");
    expect(await provider.diff(error.id, error.properties, explicit)).toEqual({
      changes: true,
      replaces: [],
    });
    api().get("/users").reply(200, list(chosen));
    const { outs } = await provider.update(error.id, error.properties, explicit);
    expect(await provider.diff(error.id, outs as Plain, explicit)).toEqual({ changes: false, replaces: [] });
    expect(outs).toMatchObject({ password: "chosen-password" });
  });
});

describe("the import option", () => {
  test("goes on from an earlier rotation without rotating", async () => {
    const { provider } = start();
    api().get("/users").reply(200, list(after));
    const checked = await provider.check({}, declared({ __importId: id }));
    expect(checked.failures).toEqual([]);
    expect(await provider.create({ ...checked.inputs, __provider: "stub" })).toEqual({ id, outs: outputs });
  });

  test("is refused where the declared password is another one, without showing either", async () => {
    api().get("/users").reply(200, list(after));
    const { failures } = await start().provider.check({}, declared({ __importId: id, password: "chosen" }));
    expect(failures).toEqual([
      { property: "", reason: expect.stringContaining("password differs (secret)") },
    ]);
    expect(JSON.stringify(failures)).not.toMatch(/generated-password|chosen/);
  });

  test("is refused where the id is another credential's", async () => {
    api().get("/users").reply(200, list(after));
    const news = declared({ __importId: `${rootCredential.Id}/1603696766908` });
    const { failures } = await start().provider.check({}, news);
    expect(failures).toEqual([{ property: "", reason: expect.stringContaining("credentialId is") }]);
  });

  test("is refused where the id is not one", async () => {
    const { failures } = await start().provider.check({}, declared({ __importId: credentialId }));
    expect(failures).toEqual([
      { property: "", reason: expect.stringContaining("is not the id of a password rotation") },
    ]);
  });
});

describe("read", () => {
  test("returns the password that works, and calls no later rotation a drift", async () => {
    const later = { ...after, Password: "rotated-by-hand", PasswordCreatedAt: "2026-07-02T00:00:00Z" };
    api().get("/users").reply(200, list(later));
    expect(await start().provider.read(id, outputs)).toEqual({
      id,
      props: { ...outputs, password: "rotated-by-hand" },
    });
  });

  test("calls it no drift either where a password is declared: a rotation is not undone", async () => {
    const olds = { ...outputs, __managed: "credentialId,triggers,password", __passwordHash: "salt:hash" };
    api()
      .get("/users")
      .reply(200, list({ ...after, Password: "rotated-by-hand" }));
    expect(await start().provider.read(id, olds)).toEqual({
      id,
      props: { ...olds, password: "rotated-by-hand" },
    });
  });

  test("keeps the password that an answer does not show", async () => {
    const { Password: _, ...silent } = after;
    api().get("/users").reply(200, list(silent)).get(one).reply(200, silent);
    expect(await start().provider.read(id, outputs)).toEqual({ id, props: outputs });
  });

  test.each(["", "********"])("keeps it where %j is in its place", async (Password) => {
    const silent = { ...after, Password };
    api().get("/users").reply(200, list(silent)).get(one).reply(200, silent);
    expect(await start().provider.read(id, outputs)).toEqual({ id, props: outputs });
  });

  test("asks for the password by id where the list does not show it", async () => {
    const { Password: _, ...listed } = after;
    api()
      .get("/users")
      .reply(200, list(listed))
      .get(one)
      .reply(200, { ...after, Password: "rotated-by-hand" });
    expect(await start().provider.read(id, outputs)).toEqual({
      id,
      props: { ...outputs, password: "rotated-by-hand" },
    });
  });

  test("of a .get has the time that its id names", async () => {
    api().get("/users").reply(200, list(after));
    const { props } = await start().provider.read(id, { __provider: "stub" });
    expect(props).toMatchObject({ rotatedAt, password: "generated-password", __managed: "" });
  });

  test("returns a blank id when the credential is gone from the list and by id", async () => {
    api().get("/users").reply(200, [rootCredential]).get(`/users/${credentialId}`).reply(404);
    expect(await start().provider.read(id, outputs)).toEqual({ id: "", props: {} });
  });

  test("fails where the list lacks even root", async () => {
    api().get("/users").reply(200, []).get(`/users/${credentialId}`).reply(404);
    await expect(start().provider.read(id, outputs)).rejects.toMatchObject({ name: "UncertainError" });
  });
});

describe("update", () => {
  test("of the age alone writes nothing, and keeps the time of the rotation", async () => {
    api().get("/users").reply(200, list(after));
    expect(await start().provider.update(id, outputs, { ...inputs, rotateAfterDays: 60 })).toEqual({
      outs: { ...outputs, rotateAfterDays: 60, __managed: "credentialId,triggers,rotateAfterDays" },
    });
  });

  test("with the trigger taken out keeps it: the same one put back does not rotate", async () => {
    api().get("/users").reply(200, list(after));
    const { provider } = start();
    const { triggers: _, ...withoutTrigger } = inputs;
    const { outs } = await provider.update(id, outputs, { ...withoutTrigger, rotateAfterDays: 60 });
    expect(outs).toMatchObject({ triggers: "2027-01", __managed: "credentialId,rotateAfterDays" });
    expect(await provider.diff(id, outs as Plain, { ...inputs, rotateAfterDays: 60 })).toEqual({
      changes: false,
      replaces: [],
    });
  });

  test("to storeSecrets false takes the password out", async () => {
    api().get("/users").reply(200, list(after));
    const { outs } = await start().provider.update(id, outputs, { ...inputs, storeSecrets: false });
    expect(outs?.password).toBeNull();
  });

  test("with storeSecrets taken out puts no secret into the state", async () => {
    api().get("/users").reply(200, list(after));
    const olds = { ...outputs, password: null, storeSecrets: false };
    const { outs } = await start().provider.update(id, olds, { ...inputs, rotateAfterDays: 60 });
    expect(outs).toMatchObject({ password: null });
  });
});

test("delete asks nothing of the server: no order of a replacement locks anybody out", async () => {
  await start().provider.delete(id, outputs);
});
