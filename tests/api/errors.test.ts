import { inspect } from "node:util";
import type nock from "nock";
import { describe, expect, test } from "vitest";
import { createClient } from "../../provider/api/client";
import * as errors from "../../provider/api/errors";
import { secretNames } from "../../provider/resources/fields";
import { api, withoutNetwork } from "./interceptors";
import { apiKey, failureOf, fakeClock, settings } from "./setup";

withoutNetwork();
// 429 is waited for as long as there is time, whatever maxRetries says: 0.5, 1 and 2 seconds, then 4 are too many.
const attemptsWith429 = 4;
const client = createClient(
  { ...settings, maxRetries: 0, operationTimeoutSeconds: 5 },
  { clock: fakeClock(), secretNames },
);
const path = "/users/abc";
const html = "<!DOCTYPE html><title>Bad gateway for my-secret-password</title>";

async function refusal(status: number, body?: string | object, headers = {}): Promise<Error> {
  api()
    .patch(path)
    .times(status === 429 && !("retry-after" in headers) ? attemptsWith429 : 1)
    .reply(status, body, headers);
  return failureOf(client.updateCredential("abc", { Password: "my-secret-password" }));
}

describe("a status becomes the error that says what to do", () => {
  test.each([
    [400, errors.InputError, "refused", "Correct"],
    [401, errors.AccessError, "refused", "sftptogo:apiKey, or SFTPTOGO_API_KEY"],
    [402, errors.PlanError, "refused", "plan"],
    [403, errors.AccessError, "refused", "sftptogo:organizationId"],
    [404, errors.NotFoundError, "refused", "id"],
    [407, errors.ConnectionError, "refused", "HTTPS_PROXY"],
    [408, errors.UnavailableError, "unknown", "later"],
    [409, errors.InputError, "refused", "Correct"],
    [422, errors.InputError, "refused", "Correct"],
    [429, errors.UnavailableError, "unknown", "later"],
    [500, errors.UnavailableError, "unknown", "later"],
    [503, errors.UnavailableError, "unknown", "later"],
    [599, errors.UnavailableError, "unknown", "later"],
    [304, errors.UnexpectedAnswerError, "unknown", "redirect"],
  ])("%i", async (status, ErrorClass, aftermath, nextStep) => {
    const error = await refusal(status);
    expect(error.constructor).toBe(ErrorClass);
    expect(error).toBeInstanceOf(errors.SftpToGoError);
    expect(error).toMatchObject({ status, aftermath });
    expect(error.message).toContain(`Could not update credential abc (HTTP ${status}).`);
    expect(error.message).toContain(nextStep);
  });

  test.each(["Upgrade to Pro", "Not in your plan", "Webhook limit reached", "quota exceeded"])(
    "a 403 that says %j is about the plan",
    async (message) => {
      expect(await refusal(403, { message })).toBeInstanceOf(errors.PlanError);
    },
  );

  test.each(["No explanation", "Access limited to administrators", "Explanations are not planned"])(
    "a 403 with another explanation is not: %s",
    async (message) => {
      expect(await refusal(403, { message })).toBeInstanceOf(errors.AccessError);
    },
  );

  test("a web page with 404 is nobody's proof that something is gone", async () => {
    const error = await refusal(404, html);
    expect(error).not.toBeInstanceOf(errors.NotFoundError);
    expect(error).toMatchObject({ name: "UnexpectedAnswerError", status: 404, reason: "html" });
  });

  test("what the service asks to wait is reported", async () => {
    const error = await refusal(429, {}, { "retry-after": "3600" });
    expect(error).toMatchObject({ retryAfterSeconds: 3600 });
    expect(error.message).toContain("asks to wait 3600 s");
  });
});

describe("the API's words", () => {
  test.each([
    [{ message: "Taken" }, "Taken"],
    [{ id: 5, message: "Unauthorized" }, "Unauthorized"],
    [{ error: "Taken" }, "Taken"],
    [{ error: { message: "Taken" } }, "Taken"],
    [{ errors: ["Too short", "Taken"] }, "Too short; Taken"],
    [{ errors: [{ field: "UserName", message: "Taken" }, { message: "Bad" }] }, "UserName: Taken; Bad"],
    [{ message: "Invalid", errors: ["Taken", "Invalid"] }, "Invalid; Taken"],
    ["Plain text", "Plain text"],
    ['"A JSON text"', "A JSON text"],
    ["Two\r\nlines\u0000\u001b[31m and \u202ered", "Two lines [31m and red"],
    [html, undefined],
    ["", undefined],
    [{}, undefined],
    ["null", undefined],
    [{ message: 7, error: null, errors: "no" }, undefined],
    [`{"message":${"[".repeat(100_000)}${"]".repeat(100_000)}}`, undefined],
  ])("are found (%#)", async (body, words) => {
    expect(await refusal(400, body)).toMatchObject({ apiMessage: words });
  });

  test("are at most 300 characters", async () => {
    const error = (await refusal(400, "x".repeat(1_000_000))) as errors.SftpToGoError;
    expect(error.apiMessage).toHaveLength(300);
    expect(error.message.length).toBeLessThan(500);
  });
});

describe("a secret of the request that the API echoes", () => {
  const withheld = "[not shown: it may repeat a secret]";
  const secret = 'pä/ss "wörd"\\+&\n';
  const form = new URLSearchParams({ p: secret }).toString().slice(2);
  test.each([
    ["plainly", secret],
    ["escaped for JSON", JSON.stringify(secret)],
    ["escaped for JSON, slashes too", JSON.stringify(secret).replaceAll("/", "\\/")],
    ["escaped for a URL", encodeURIComponent(secret)],
    ["escaped for a URL in lower case", encodeURIComponent(secret).replace(/%../g, (x) => x.toLowerCase())],
    ["escaped for a form", form],
  ])("%s is not repeated", async (_how, echo) => {
    api()
      .post("/users/abc/credential-rotations")
      .reply(400, { message: `Bad: ${echo}.` });
    const error = await failureOf(client.setPassword("abc", { Password: secret }));
    expect((error as errors.SftpToGoError).apiMessage).toBe(withheld);
  });

  test("may be the API key or an authorization header, whole or in part", async () => {
    const message = `${apiKey} may not send Basic YWxhZGRpbg== or YWxhZGRpbg==`;
    api().post("/webhooks").reply(400, { message });
    const error = await failureOf(client.createWebhook({ AuthorizationHeader: "Basic YWxhZGRpbg==" }));
    expect(error).toMatchObject({ apiMessage: withheld });
  });

  test.each(secretNames)(
    "may be the field %s of whatever body, since its kind declares it as secret",
    async (name) => {
      const value = `https://CANARY.example/${name}`;
      api()
        .post("/webhooks")
        .reply(400, { message: `Cannot take ${value}.` });
      const error = await failureOf(client.createWebhook({ [name]: value }));
      expect(error).toMatchObject({ apiMessage: withheld });
    },
  );

  test("is no other field, whose value may be what is wrong", async () => {
    api().post("/webhooks").reply(400, { message: "Cannot take Arrivals." });
    const error = await failureOf(client.createWebhook({ Alias: "Arrivals" }));
    expect(error).toMatchObject({ apiMessage: "Cannot take Arrivals." });
  });

  test("takes all words along if it is too short to be told from them", async () => {
    api().post("/users/abc/credential-rotations").reply(400, { message: "abc is too short" });
    expect(await failureOf(client.setPassword("abc", { Password: "abc" }))).toMatchObject({
      apiMessage: withheld,
    });
  });
});

describe("no error shows a secret, however it is printed", () => {
  const failures: Record<string, (request: nock.Interceptor) => unknown> = {
    "a refusal": (request) => request.reply(400, { message: "my-secret-password is weak" }),
    "a lost connection": (request) =>
      request.replyWithError(Object.assign(new Error("x"), { code: "EPIPE" })),
    "an error that quotes": (request) => request.replyWithError(`${apiKey} my-secret-password`),
    "broken JSON": (request) => request.reply(200, '{"Password": "my-secret-password'),
    "a web page": (request) => request.reply(200, html),
    "a redirect": (request) => request.reply(307, "", { location: "https://x.test/my-secret-password" }),
    "a 500": (request) => request.reply(500, "my-secret-password"),
  };

  const update = () => client.updateCredential("abc", { Password: "my-secret-password" });
  // An update has done its work whatever it answers, so an unknown shape is a read's.
  const read = () => {
    api()
      .get(path)
      .reply(200, { UserName: ["my-secret-password"] });
    return client.getCredential("abc");
  };
  const calls: [string, () => Promise<unknown>][] = Object.entries(failures).map(([name, fail]) => [
    name,
    () => {
      fail(api().patch(path));
      return update();
    },
  ]);

  test.each([...calls, ["an unknown shape", read] as const])("%s", async (_name, call) => {
    const error = await failureOf(call());
    expect(error).toBeInstanceOf(errors.SftpToGoError);
    const known = ["aftermath", "apiMessage", "name", "reason", "retryAfterSeconds", "status"];
    expect(Object.keys(error).sort()).toEqual(known);
    expect(error.cause).toBeUndefined();
    const printed = [inspect(error, { depth: 10, showHidden: true }), JSON.stringify(error), error.stack];
    for (const text of [...printed, String(error)]) {
      expect(text).not.toContain("my-secret-password");
      expect(text).not.toContain(apiKey);
      expect(text).not.toMatch(/axios/i);
    }
  });
});
