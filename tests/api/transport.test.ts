import nock from "nock";
import * as v from "valibot";
import { afterEach, describe, expect, test, vi } from "vitest";
import { version } from "../../package.json";
import { ConnectionError, InputError, UnexpectedAnswerError } from "../../provider/api/errors";
import { type Call, createTransport, type GivenSettings } from "../../provider/api/transport";
import { secretNames } from "../../provider/resources/fields";
import { api, withoutNetwork } from "./interceptors";
import { apiKey, failureOf, fakeClock, organizationId, settings } from "./setup";

withoutNetwork();
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const object = v.looseObject({ Id: v.string() });
const read: Call<{ Id: string }> = {
  doing: "read thing abc",
  method: "GET",
  path: ["things", "abc"],
  retry: "repeatable",
  expected: { object },
};
const list: Call<{ Id: string }[]> = {
  ...read,
  doing: "list things",
  path: ["things"],
  expected: { list: object },
};
const create: Call<{ Id: string }> = {
  ...list,
  method: "POST",
  body: {},
  retry: "once",
  expected: { object },
};

function setUp(given: Partial<GivenSettings> = {}) {
  const clock = fakeClock();
  return { clock, transport: createTransport({ ...settings, ...given }, { clock, secretNames }) };
}

function brokenConnection(code: string): Error {
  return Object.assign(new Error("socket"), { code });
}

describe("settings that are unfit", () => {
  test.each([
    [{ apiKey: "hunter22\r\nX-Evil: 1" }, "sftptogo:apiKey must not contain a line break."],
    [{ apiKey: "" }, "sftptogo:apiKey must not be empty."],
    [{ organizationId: ".." }, "sftptogo:organizationId must be the plain id"],
    [{ baseUrl: "http://api.sftptogo.com" }, "sftptogo:baseUrl must begin with https://"],
  ])("are refused at once (%#)", (given, reason) => {
    expect(() => setUp(given)).toThrow(InputError);
    expect(() => setUp(given)).toThrow(reason);
    expect(() => setUp(given)).not.toThrow("hunter22");
  });
});

describe("the service's time", () => {
  test("is the Date of the last answer, and not known before one", async () => {
    const { transport } = setUp();
    expect(transport.lastHeard()).toBeUndefined();
    api().get("/things/abc").reply(404, {}, { date: "Wed, 01 Jul 2026 11:59:00 GMT" });
    await failureOf(transport.send(read));
    expect(transport.lastHeard()).toBe(Date.UTC(2026, 6, 1, 11, 59));
    api().get("/things/abc").reply(200, { Id: "abc" }, { date: "Wed, 01 Jul 2026 12:01:00 GMT" });
    await transport.send(read);
    expect(transport.lastHeard()).toBe(Date.UTC(2026, 6, 1, 12, 1));
  });

  test.each([undefined, "", "soon"])("stays as it was after an answer with the Date %j", async (date) => {
    const { transport } = setUp();
    api().get("/things/abc").reply(200, { Id: "abc" }, { date: "Wed, 01 Jul 2026 12:01:00 GMT" });
    api()
      .get("/things/abc")
      .reply(200, { Id: "abc" }, date === undefined ? {} : { date });
    await transport.send(read);
    await transport.send(read);
    expect(transport.lastHeard()).toBe(Date.UTC(2026, 6, 1, 12, 1));
  });
});

describe("a request", () => {
  test("says who asks, and for JSON", async () => {
    nock("https://api.sftptogo.com", {
      reqheaders: {
        accept: "application/json",
        authorization: `Bearer ${apiKey}`,
        "content-type": "application/json",
        "user-agent": `pulumi-sftptogo/${version} (node/${process.version})`,
      },
    })
      .get(`/organizations/${organizationId}/things/abc`)
      .reply(200, { Id: "abc" });
    expect(await setUp().transport.send(read)).toEqual({ Id: "abc" });
  });

  test.each(["https://gateway.test/sftp/v1", "https://gateway.test/sftp/v1//"])(
    "goes below the path of %s",
    async (baseUrl) => {
      nock("https://gateway.test")
        .get(`/sftp/v1/organizations/${organizationId}/things/abc`)
        .reply(200, { Id: "a" });
      await setUp({ baseUrl }).transport.send(read);
    },
  );

  test.each(["a b", "a?b", "a#b", "%2e%2e", "ä"])("is sent with the id %j encoded", async (id) => {
    nock("https://api.sftptogo.com")
      .get(`/organizations/${organizationId}/things/${encodeURIComponent(id)}`)
      .reply(200, { Id: id });
    expect(await setUp().transport.send({ ...read, path: ["things", id] })).toEqual({ Id: id });
  });

  test.each(["", ".", "..", "a/b", "../..", "a\\b", "a\n", "http://evil.test"])(
    "is not sent for the id %j",
    async (id) => {
      const error = await failureOf(setUp().transport.send({ ...read, path: ["things", id] }));
      expect(error).toBeInstanceOf(InputError);
      expect(error).toMatchObject({ aftermath: "never sent" });
    },
  );

  test("is not sent more often than allowed at the same time", async () => {
    let running = 0;
    let most = 0;
    api()
      .get("/things/abc")
      .times(20)
      .reply(200, async () => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setTimeout(resolve, 100));
        running--;
        return { Id: "abc" };
      });
    // All together take longer than one may, so this also shows that waiting for a turn does not count; and
    // one takes so much less than it may that a busy machine does not matter.
    const { transport } = setUp({ maxConcurrency: 2, requestTimeoutSeconds: 0.9 });
    await Promise.all(Array.from({ length: 20 }, () => transport.send(read)));
    expect(most).toBe(2);
  });
});

describe("a call that may be repeated", () => {
  test.each(["ECONNRESET", "ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "ETIMEDOUT", "EPIPE"])(
    "is repeated after %s",
    async (code) => {
      api().get("/things/abc").replyWithError(brokenConnection(code));
      api().get("/things/abc").reply(200, { Id: "abc" });
      const { transport, clock } = setUp();
      expect(await transport.send(read)).toEqual({ Id: "abc" });
      expect(clock.slept).toEqual([500]);
    },
  );

  test.each([
    ["HTML", "<html></html>"],
    ["broken JSON", '{"Id": "ab'],
  ])("is repeated after %s, and fails as an unexpected answer in the end", async (reason, body) => {
    api().get("/things/abc").times(4).reply(200, body);
    const { transport, clock } = setUp();
    const error = await failureOf(transport.send(read));
    expect(error).toBeInstanceOf(UnexpectedAnswerError);
    expect(error).toMatchObject({
      reason: expect.stringMatching(new RegExp(reason, "i")),
      aftermath: "unknown",
    });
    expect(error.message).toContain("It was tried 4 times.");
    expect(clock.slept).toEqual([500, 1_000, 2_000]);
  });

  test("is not repeated after an answer of an unknown shape", async () => {
    api().get("/things/abc").reply(200, { Id: 5 });
    expect(await failureOf(setUp().transport.send(read))).toMatchObject({ reason: "unknown shape" });
  });

  test.each([
    "DEPTH_ZERO_SELF_SIGNED_CERT",
    "CERT_HAS_EXPIRED",
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    "ERR_TLS_CERT_ALTNAME_INVALID",
    "EPROTO",
  ])("is not repeated after the TLS error %s", async (code) => {
    api().get("/things/abc").replyWithError(brokenConnection(code));
    const error = await failureOf(setUp().transport.send(read));
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error.message).toContain(code);
  });

  test("waits as long as the service asks", async () => {
    api().get("/things/abc").reply(429, {}, { "retry-after": "7" });
    api().get("/things/abc").reply(503, {}, { "retry-after": "Wed, 01 Jul 2026 12:00:27 GMT" });
    api().get("/things/abc").reply(200, { Id: "abc" });
    const { transport, clock } = setUp();
    await transport.send(read);
    expect(clock.slept).toEqual([7_000, 20_000]);
  });

  test("does not wait longer than a minute, and says how long it would be", async () => {
    api().get("/things/abc").reply(429, {}, { "retry-after": "61" });
    expect(await failureOf(setUp().transport.send(read))).toMatchObject({ retryAfterSeconds: 61 });
  });

  test("ends with the operation's time", async () => {
    api().get("/things/abc").times(2).reply(503, {}, { "retry-after": "50" });
    const { transport, clock } = setUp({ operationTimeoutSeconds: 99 });
    expect(await failureOf(transport.send(read))).toMatchObject({ status: 503 });
    expect(clock.slept).toEqual([50_000]);
  });

  test("stays in doubt about what an earlier attempt did", async () => {
    const { transport } = setUp();
    const remove = { ...read, doing: "delete thing abc", method: "DELETE" } as const;
    api().delete("/things/abc").replyWithError(brokenConnection("ECONNRESET"));
    api().delete("/things/abc").reply(404);
    expect(await failureOf(transport.send(remove))).toMatchObject({ status: 404, aftermath: "unknown" });
  });
});

describe("429", () => {
  const other = { ...read, doing: "read thing other", path: ["things", "other"] };

  test("is waited for beyond maxRetries, for as long as the operation may take", async () => {
    api().get("/things/abc").times(6).reply(429);
    api().get("/things/abc").reply(200, { Id: "abc" });
    const { transport, clock } = setUp({ maxRetries: 1 });
    expect(await transport.send(read)).toEqual({ Id: "abc" });
    expect(clock.slept).toEqual([500, 1_000, 2_000, 4_000, 8_000, 8_000]);
  });

  test("ends with the operation's time", async () => {
    api().get("/things/abc").times(4).reply(429);
    const { transport, clock } = setUp({ operationTimeoutSeconds: 7 });
    expect(await failureOf(transport.send(read))).toMatchObject({ status: 429 });
    expect(clock.slept).toEqual([500, 1_000, 2_000]);
  });

  test("keeps the next call waiting as long as the service asked, though that one may be sent only once", async () => {
    api().get("/things/abc").reply(429, {}, { "retry-after": "61" });
    api().post("/things").reply(201, { Id: "new" });
    const { transport, clock } = setUp();
    await failureOf(transport.send(read));
    const before = clock.now();
    expect(await transport.send(create)).toEqual({ Id: "new" });
    // Never more than a minute: what comes then asks for itself.
    expect(clock.now() - before).toBe(60_000);
  });

  test("of a call that is not sent again keeps the others waiting for a second", async () => {
    api().post("/things").reply(429).get("/things/other").reply(200, { Id: "other" });
    const { transport, clock } = setUp();
    expect(await failureOf(transport.send(create))).toMatchObject({ status: 429 });
    expect(clock.slept).toEqual([]);
    await transport.send(other);
    expect(clock.slept).toEqual([1_000]);
  });

  test("keeps calls waiting that have not begun, and no call is sent before the time is over", async () => {
    const { transport, clock } = setUp({ maxConcurrency: 1 });
    const sentAt: Record<string, number> = {};
    const start = clock.now();
    const at = (name: string) => () => {
      sentAt[name] = clock.now() - start;
      return { Id: name };
    };
    api().get("/things/abc").reply(429, {}, { "retry-after": "20" });
    api().get("/things/abc").reply(200, at("abc"));
    api().get("/things/other").reply(200, at("other"));
    await Promise.all([transport.send(read), transport.send(other)]);
    expect(sentAt.abc).toBeGreaterThanOrEqual(20_000);
    expect(sentAt.other).toBeGreaterThanOrEqual(20_000);
  });

  test("counts as the operation's time: an attempt after it is given only what is left", async () => {
    api().get("/things/abc").reply(429, {}, { "retry-after": "9" });
    api().get("/things/other").delay(8_000).reply(200, { Id: "other" });
    const { transport } = setUp({ operationTimeoutSeconds: 10, maxRetries: 0, requestTimeoutSeconds: 7 });
    await failureOf(transport.send({ ...read, retry: "once" }));
    const began = performance.now();
    expect(await failureOf(transport.send({ ...other, retry: "once" }))).toBeInstanceOf(ConnectionError);
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  test("503 keeps nobody else waiting", async () => {
    api().post("/things").reply(503, {}, { "retry-after": "20" });
    api().get("/things/other").reply(200, { Id: "other" });
    const { transport, clock } = setUp();
    await failureOf(transport.send(create));
    await transport.send(other);
    expect(clock.slept).toEqual([]);
  });

  test("keeps a call waiting no longer than its operation may take: then it is sent, and the service decides", async () => {
    api().get("/things/abc").reply(429, {}, { "retry-after": "30" });
    api().get("/things/other").reply(200, { Id: "other" });
    const { transport, clock } = setUp({ operationTimeoutSeconds: 10 });
    await failureOf(transport.send(read));
    const before = clock.now();
    await transport.send(other);
    expect(clock.now() - before).toBe(10_000);
  });
});

describe("a call that is sent once", () => {
  test.each(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"])("is sent again after %s", async (code) => {
    api().post("/things").replyWithError(brokenConnection(code));
    api().post("/things").reply(201, { Id: "abc" });
    expect(await setUp().transport.send(create)).toEqual({ Id: "abc" });
  });

  test("provably never left if that goes on", async () => {
    api().post("/things").times(4).replyWithError(brokenConnection("ECONNREFUSED"));
    expect(await failureOf(setUp().transport.send(create))).toMatchObject({
      name: "ConnectionError",
      reason: "ECONNREFUSED",
      aftermath: "never sent",
    });
  });

  test.each(["ECONNRESET", "EPIPE", "ETIMEDOUT"])("is not sent again after %s", async (code) => {
    api().post("/things").replyWithError(brokenConnection(code));
    expect(await failureOf(setUp().transport.send(create))).toMatchObject({ aftermath: "unknown" });
  });

  test.each([408, 429, 500, 502, 503, 504])("is not sent again after %i", async (status) => {
    api().post("/things").reply(status, {}, { "retry-after": "1" });
    expect(await failureOf(setUp().transport.send(create))).toMatchObject({
      status,
      aftermath: "unknown",
      retryAfterSeconds: 1,
    });
  });

  test.each(["<html>", '{"Id"', ""])("is in doubt after the answer %j", async (body) => {
    api().post("/things").reply(201, body);
    const error = await failureOf(setUp().transport.send(create));
    expect(error).toBeInstanceOf(UnexpectedAnswerError);
    expect(error).toMatchObject({ aftermath: "unknown" });
  });
});

describe("a list", () => {
  test("may be empty", async () => {
    api().get("/things").reply(200, []);
    expect(await setUp().transport.send(list)).toEqual([]);
  });

  test.each<[string, number, object, Record<string, string>]>([
    ["an object", 200, { Items: [] }, {}],
    ["another status", 206, [], {}],
    ["a next page", 200, [], { link: '<https://x.test?page=2>; rel="next", <https://x.test>; rel="last"' }],
    ["a next page, unquoted", 200, [], { link: "<https://x.test?page=2>; rel=next" }],
  ])("is cut if there is %s", async (_sign, status, body, headers) => {
    api().get("/things").reply(status, body, headers);
    const error = await failureOf(setUp().transport.send(list));
    expect(error).toBeInstanceOf(UnexpectedAnswerError);
    expect(error).toMatchObject({ reason: "cut list" });
  });

  test("is whole if there is only a previous page", async () => {
    api().get("/things").reply(200, [], { link: '<https://x.test>; rel="prev"' });
    expect(await setUp().transport.send(list)).toEqual([]);
  });

  test("is not there if the answer is empty", async () => {
    api().get("/things").reply(204);
    expect(await failureOf(setUp().transport.send(list))).toMatchObject({ reason: "empty" });
  });
});

describe("a redirect", () => {
  test.each([301, 302, 303, 307, 308])("%i is not followed, and only its host is shown", async (status) => {
    api()
      .get("/things/abc")
      .reply(status, "", { location: "https://user:pw@login.test/path?token=hunter22" });
    const error = await failureOf(setUp().transport.send(read));
    expect(error).toBeInstanceOf(UnexpectedAnswerError);
    expect(error.message).toContain("a redirect to login.test,");
    expect(error.message).not.toMatch(/hunter22|pw|path/);
  });
});

describe("DEBUG", () => {
  const lines = async (pattern: string) => {
    vi.stubEnv("DEBUG", pattern);
    const write = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    api().post("/things").replyWithError(brokenConnection("ECONNREFUSED"));
    api().post("/things").reply(201, { Id: "abc", Password: "my-secret-password" });
    await setUp().transport.send({ ...create, body: { Password: "my-secret-password" } });
    return write.mock.calls.map(([text]) => text);
  };

  test.each(["sftptogo", "*", "axios, sftptogo*", "other sftptogo:client"])(
    "%s writes one line an attempt",
    async (pattern) => {
      expect(await lines(pattern)).toEqual([
        `sftptogo POST /organizations/${organizationId}/things ECONNREFUSED 0 ms attempt 1\n`,
        `sftptogo POST /organizations/${organizationId}/things 201 0 ms attempt 2\n`,
      ]);
    },
  );

  test.each(["", "axios", "sftptogone", "-sftptogo"])("%j writes nothing", async (pattern) => {
    expect(await lines(pattern)).toEqual([]);
  });
});

test("half of a character in an answer is made whole", async () => {
  const cut = '{"Id":"abc","Alias":"\\ud83d","Notes":["\\uDE00 x","\\ud83d\\ude00"]}';
  api().get("/things/abc").reply(200, cut);
  expect(await setUp().transport.send(read)).toEqual({
    Id: "abc",
    Alias: "\ufffd",
    Notes: ["\ufffd x", "😀"],
  });
});
