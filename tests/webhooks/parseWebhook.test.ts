import { execFileSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join, relative } from "node:path";
import { buffer } from "node:stream/consumers";
import { describe, expect, onTestFinished, test } from "vitest";
import { parseWebhook, WebhookError, type WebhookHeaders } from "../../provider/webhooks";

const secret = "a webhook's secret";

/** As the vendor's documentation describes payloads: `2020-01-01`, paths encoded as in a form. */
const created = {
  Id: "6f1d3a52-0a42-4c3e-9a0e-7f8f7c1a9b11",
  Topic: "file.created",
  CreatedAt: 1_782_900_000_000,
  UpdatedAt: 1_782_900_000_000,
  Actor: { Type: "User", Id: "acme-incoming" },
  Resource: "file",
  PreviousData: {},
  Data: { Path: "/partners/acme/r%C3%A9sum%C3%A9+%2B+2.csv", Size: 1234 },
  Metadata: {
    ApiVersion: "2020-01-01",
    Organization: { Id: "120ffd28-f115-7ce2-abc4-1e168c57c88a" },
    Webhook: { Id: "6b1c6f0c-52c1-47a6-9344-57a4579ced68" },
    Delivery: { Id: "d" },
    Attempt: { Id: "a" },
    Event: { Id: "6f1d3a52-0a42-4c3e-9a0e-7f8f7c1a9b11" },
  },
};

function sign(body: string | Uint8Array, key = secret): string {
  return `sha256=${createHmac("sha256", key).update(body).digest("hex")}`;
}

function read(payload: unknown, body = typeof payload === "string" ? payload : JSON.stringify(payload)) {
  return parseWebhook(body, { "x-hub-signature": sign(body) }, secret);
}

/** A file's event with this path, in the encoded form unless a version says otherwise. */
function withPath(Path: unknown, ApiVersion?: unknown) {
  return { ...created, Data: { Path, Size: 1 }, Metadata: { ...created.Metadata, ApiVersion } };
}

function refusalOf(run: () => unknown): WebhookError {
  try {
    run();
  } catch (error) {
    if (WebhookError.isInstance(error)) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("the vendor's test vectors", () => {
  test("a signed body that is not JSON is verified, and refused for what it is", () => {
    const signature = "sha256=8ba4c47558de1872150c3ec82211c34bf0cbd6d60fc4f9875b97853af06de917";
    const body = "Hello! This is a test payload.";
    const refusal = refusalOf(() =>
      parseWebhook(body, { "X-Hub-Signature": signature }, "Very Secret Secret"),
    );
    expect(refusal).toMatchObject({ reason: "malformed", status: 400, eventId: undefined });
  });

  test("a signed object without an id is verified, and refused for what it lacks", () => {
    const signature = "sha256=3cbbff88ab4a82398a21ab3e2934ee47e53c3a5ba0609866587a80feddb7f755";
    const headers = { "X-Hub-Signature": signature };
    const parse = (body: string) => () => parseWebhook(body, headers, "your-signing-secret");
    expect(refusalOf(parse('{"hello":"world"}'))).toMatchObject({
      reason: "malformed",
      message: "The event has no Id.",
    });
    expect(refusalOf(parse('{"hello":"World"}')).reason).toBe("wrong-signature");
  });
});

describe("signatures", () => {
  const body = JSON.stringify(created);
  const base64 = createHmac("sha256", secret).update(body).digest("base64");

  test.each([
    ["hex", sign(body)],
    ["bare base64", base64],
  ])("in %s are taken", (_, signature) => {
    expect(parseWebhook(body, { "x-hub-signature": signature }, secret).id).toBe(created.Id);
  });

  test.each([
    ["an empty one", ""],
    ["bare hex", sign(body).slice(7)],
    ["base64 with a scheme", `sha256=${base64}`],
    ["base64 without its padding", base64.replace(/=+$/, "")],
    ["base64 with a wrong letter", `${base64[0] === "A" ? "B" : "A"}${base64.slice(1)}`],
    ["one with a wrong digit", sign(body).replace(/.$/, (last) => (last === "0" ? "1" : "0"))],
    ["another secret's", sign(body, "another")],
    ["the right one twice, joined", `${sign(body)}, ${sign(body)}`],
    ["the right one in letters of several bytes", "é".repeat(71)],
  ])("such as %s are refused", (_, signature) => {
    const refusal = refusalOf(() => parseWebhook(body, { "x-hub-signature": signature }, secret));
    expect(refusal).toMatchObject({ reason: "wrong-signature", status: 401, eventId: undefined });
  });

  test.each<[string, WebhookHeaders]>([
    ["no header", {}],
    ["no such header", { "x-signature": sign(body) }],
    ["an undefined header", { "x-hub-signature": undefined }],
    ["an empty list", { "x-hub-signature": [] }],
    ["two headers in a list", { "x-hub-signature": [sign(body), sign(body)] }],
    ["two headers in two cases", { "x-hub-signature": sign(body), "X-Hub-Signature": "sha256=0" }],
    [
      "two pairs",
      [
        ["x-hub-signature", sign(body)],
        ["x-hub-signature", sign(body)],
      ],
    ],
    ["a name without its value", ["x-hub-signature"]],
    ["a value that is the name", ["x-other", "x-hub-signature"]],
  ])("with %s are refused", (_, headers) => {
    expect(refusalOf(() => parseWebhook(body, headers, secret))).toMatchObject({
      reason: "unsigned",
      status: 401,
    });
  });

  test("are of the bytes: one changed, or read as text that they are not, and they are wrong", () => {
    const bytes = Buffer.from(body);
    expect(parseWebhook(bytes, { "x-hub-signature": sign(body) }, secret).id).toBe(created.Id);
    expect(parseWebhook(new Uint8Array(bytes), { "x-hub-signature": sign(body) }, secret).id).toBe(
      created.Id,
    );
    expect(refusalOf(() => parseWebhook(`${body} `, { "x-hub-signature": sign(body) }, secret)).reason).toBe(
      "wrong-signature",
    );
  });

  test("are checked before the body is read", () => {
    expect(refusalOf(() => parseWebhook("{", { "x-hub-signature": sign("}") }, secret)).reason).toBe(
      "wrong-signature",
    );
  });

  test.each<[string, WebhookHeaders]>([
    ["an object in any case", { "X-HUB-signature": sign(body), host: "hooks.example.com" }],
    ["an object with a list of one", { "X-Hub-Signature": [sign(body)], cookie: ["a", "b"] }],
    ["Fetch's Headers", new Headers({ "X-Hub-Signature": sign(body), accept: "*/*" })],
    ["a Map", new Map([["X-Hub-Signature", sign(body)]])],
    [
      "pairs",
      [
        ["accept", "*/*"],
        ["X-Hub-Signature", sign(body)],
      ],
    ],
    ["Node's rawHeaders", ["Accept", "X-Hub-Signature", "X-Hub-Signature", sign(body)]],
  ])("are found in %s", (_, headers) => {
    expect(parseWebhook(body, headers, secret).id).toBe(created.Id);
  });

  test("are found in what Node's server gives", async () => {
    const ids: string[] = [];
    const server = createServer(async (request, response) => {
      const raw = await buffer(request);
      for (const headers of [request.headers, request.rawHeaders, request.headersDistinct]) {
        ids.push(parseWebhook(raw, headers, secret).id);
      }
      response.end();
    });
    onTestFinished(() => void server.close());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await fetch(url, { method: "POST", body, headers: { "X-Hub-Signature": sign(body) } });
    expect(ids).toEqual([created.Id, created.Id, created.Id]);
  });
});

describe("events", () => {
  test("file.created, as the documentation's payload of 2020-01-01 has it", () => {
    expect(read(created)).toEqual({
      id: created.Id,
      topic: "file.created",
      createdAt: new Date(created.CreatedAt),
      actor: { type: "User", id: "acme-incoming" },
      path: "/partners/acme/résumé + 2.csv",
      isFolder: false,
      size: 1234,
      clientIp: undefined,
      protocol: undefined,
      sessionId: undefined,
      payload: created,
    });
  });

  test("file.deleted has no size", () => {
    const event = read({ ...created, Topic: "file.deleted", Data: { Path: "/a/b/", Size: null } });
    expect(event).toMatchObject({ topic: "file.deleted", path: "/a/b/", isFolder: true, size: undefined });
  });

  test.each(["SFTP", "FTPS", "WEB_PORTAL"])("file.downloaded by %s names the client", (Protocol) => {
    const Metadata = { Protocol, ClientIp: "203.0.113.7", SessionId: "s-1" };
    const event = read({ ...created, Topic: "file.downloaded", Data: { Path: "/a", Size: 0, Metadata } });
    expect(event).toMatchObject({
      topic: "file.downloaded",
      size: 0,
      clientIp: "203.0.113.7",
      protocol: Protocol,
      sessionId: "s-1",
    });
  });

  test("webhook.ping needs no actor and no path", () => {
    const { Actor, ...ping } = {
      ...created,
      Topic: "webhook.ping",
      Data: { Id: "6b1c6f0c", State: "enabled" },
    };
    const event = read(ping);
    expect(event).toEqual({
      id: created.Id,
      topic: "webhook.ping",
      createdAt: new Date(created.CreatedAt),
      actor: undefined,
      payload: ping,
    });
  });

  test.each(["file.infected", "unknown", "constructor", "__proto__", "FILE.CREATED"])(
    "of the topic %s are unknown, whatever they hold",
    (Topic) => {
      const event = read({ ...created, Topic, Data: { Path: "/../%" } });
      expect(event).toMatchObject({ topic: "unknown", unknownTopic: Topic, id: created.Id });
      expect(event).not.toHaveProperty("path");
    },
  );

  test("are told apart by their topic, to the compiler too", () => {
    const event = read(created);
    const told =
      event.topic === "unknown" ? event.unknownTopic : event.topic === "webhook.ping" ? "" : event.path;
    expect(told).toBe("/partners/acme/résumé + 2.csv");
  });

  test("repeated in another delivery have the same id", () => {
    const again = { ...created.Metadata, Delivery: { Id: "d2" }, Attempt: { Id: "a2" } };
    expect(read({ ...created, Metadata: again }).id).toBe(read(created).id);
    expect(read({ ...created, Id: undefined }).id).toBe(created.Metadata.Event.Id);
  });

  test.each([
    ["in ISO 8601", "2026-07-01T10:00:00Z", new Date("2026-07-01T10:00:00Z")],
    ["that is none", "yesterday", undefined],
    ["beyond what a date can hold", 1e300, undefined],
    ["of another type", { seconds: 1 }, undefined],
    ["that is missing", undefined, undefined],
  ])("with a time %s", (_, CreatedAt, expected) => {
    expect(read({ ...created, CreatedAt }).createdAt).toEqual(expected);
  });

  test.each([-1, 1.5, 2 ** 60])("have no size where it is %d, which no file has", (Size) => {
    expect(read({ ...created, Data: { Path: "/a", Size } })).toMatchObject({ size: undefined });
  });

  test("show what is optional and of another type as undefined", () => {
    const event = read({
      ...created,
      Actor: ["User"],
      Data: { Path: "/a", Size: "12", Metadata: { ClientIp: 7, Protocol: null, SessionId: {} } },
    });
    expect(event).toMatchObject({
      path: "/a",
      actor: undefined,
      size: undefined,
      clientIp: undefined,
      protocol: undefined,
      sessionId: undefined,
    });
    expect(read({ ...created, Actor: { Type: "IAM", Id: 5 } }).actor).toEqual({ type: "IAM", id: undefined });
  });
});

describe("paths", () => {
  test.each([
    ["/a+b.csv", "/a b.csv"],
    ["/a%20b.csv", "/a b.csv"],
    ["/a%2Bb.csv", "/a+b.csv"],
    ["/100%25.csv", "/100%.csv"],
    ["/%252e%252e/a", "/%2e%2e/a"],
    ["%2Fa%2Fb%2F", "/a/b/"],
    ["/%F0%9F%93%84.txt", "/📄.txt"],
    ["/a/...", "/a/..."],
    ["/..a/b..", "/..a/b.."],
  ])("of 2020-01-01 are decoded once: %s", (sent, path) => {
    for (const version of ["2020-01-01", "2026-06-30.atlas", undefined, null]) {
      expect(read(withPath(sent, version))).toMatchObject({ path, isFolder: path.endsWith("/") });
    }
  });

  test.each(["/a+b%20c.csv", "/100%.csv", "/%00", "/%2e%2e/a", "/dir/"])(
    "are plain from 2026-07-01 on: %s",
    (path) => {
      for (const version of ["2026-07-01.atlas", "2026-07-01", "2027-01-15.next"]) {
        expect(read(withPath(path, version))).toMatchObject({ path, isFolder: path.endsWith("/") });
      }
    },
  );

  test.each([
    "/a%00.csv",
    "/../etc/passwd",
    "/a/%2e%2e/b",
    "/a/.%2E",
    "..",
    "/./a",
    "/a%2F..%2Fb",
    "/a%5C..%5Cb",
  ])("that leave their folder are refused: %s", (sent) => {
    const refusal = refusalOf(() => read(withPath(sent)));
    expect(refusal).toMatchObject({ reason: "unsafe-path", status: 400, eventId: created.Id });
    const plain = () => read(withPath(decodeURIComponent(sent), "2026-07-01.atlas"));
    expect(refusalOf(plain).reason).toBe("unsafe-path");
  });

  test.each(["/100%", "/%zz", "/%E9t%E9", "/%C0%AE%C0%AE/", "/%ED%A0%80"])(
    "that are not encoded UTF-8 are refused: %s",
    (sent) => {
      const refusal = refusalOf(() => read(withPath(sent)));
      expect(refusal).toMatchObject({ reason: "malformed", eventId: created.Id });
      expect(refusal.message).toBe("The event's path is not percent-encoded UTF-8.");
    },
  );

  test.each(["atlas", "", 20260701, {}, ["2026-07-01"]])("of a version %j are not guessed at", (version) => {
    expect(refusalOf(() => read(withPath("/a", version)))).toMatchObject({
      reason: "malformed",
      message: "The event's Metadata.ApiVersion does not begin with a date.",
    });
  });
});

describe("a signed body is refused", () => {
  test.each(["", " ", "{", "null", "true", "7", '"text"', "[]", `[${JSON.stringify(created)}]`, "a=b&c=d"])(
    "if it is not a JSON object: %s",
    (body) => {
      expect(refusalOf(() => read(body))).toMatchObject({
        reason: "malformed",
        status: 400,
        message: "The body is not a JSON object.",
      });
    },
  );

  test("if it is not UTF-8", () => {
    const bytes = Buffer.from(JSON.stringify(created).replace("acme", "\u00ff"), "latin1");
    const refusal = refusalOf(() => parseWebhook(bytes, { "x-hub-signature": sign(bytes) }, secret));
    expect(refusal.message).toBe("The body is not a JSON object.");
  });

  test.each([undefined, null, "", 7, {}, ["x"]])("if an essential part is %j", (value) => {
    const noId = { ...created, Id: value, Metadata: { Event: { Id: value } } };
    expect(refusalOf(() => read(noId)).message).toBe("The event has no Id.");
    expect(refusalOf(() => read({ ...created, Topic: value })).message).toBe("The event has no Topic.");
    expect(refusalOf(() => read(withPath(value))).message).toBe("The event has no Data.Path.");
    expect(refusalOf(() => read({ ...created, Data: value })).message).toBe("The event has no Data.Path.");
  });

  test("without a word of what it or the secret held", () => {
    for (const payload of [
      '{"Id": "hush-hush',
      withPath("/hush-hush/.."),
      withPath("/hush-hush%"),
      { Id: "hush" },
    ]) {
      const refusal = refusalOf(() => read(payload));
      expect(`${refusal.stack}${refusal.message}`).not.toContain("hush");
      expect(refusal.cause).toBeUndefined();
      expect(String(refusal)).not.toContain(secret);
    }
  });
});

test("its refusals are recognised whichever copy of the package threw them", () => {
  const other = Object.assign(new Error("x"), { name: "WebhookError" });
  expect(WebhookError.isInstance(other)).toBe(true);
  for (const none of [new Error("x"), { name: "WebhookError" }, undefined, null]) {
    expect(WebhookError.isInstance(none)).toBe(false);
  }
});

describe("a receiver that cannot work is told so, and not with a refusal", () => {
  test.each(["", undefined, null])("a secret that is %j", (empty) => {
    const parse = (headers: WebhookHeaders) => () => parseWebhook("{}", headers, empty as string);
    const signed = `sha256=${createHmac("sha256", "").update("{}").digest("hex")}`;
    for (const headers of [{ "x-hub-signature": signed }, {}]) {
      expect(parse(headers)).toThrow("The webhook's secret is empty.");
    }
  });

  test.each([created, undefined, null, 7, [1]])("a body that was parsed already", (parsed) => {
    const parse = () => Reflect.apply(parseWebhook, undefined, [parsed, {}, secret]);
    expect(parse).toThrow(TypeError);
    expect(parse).toThrow("read it before any JSON parser does");
  });
});

test("loads nothing but itself and node:crypto", () => {
  const folder = join(__dirname, "../../dist/webhooks");
  const program = `const { Module } = require("node:module");
    const asked = [];
    const load = Module._load;
    Module._load = function (name, ...rest) { asked.push(name); return load.call(this, name, ...rest); };
    require(${JSON.stringify(folder)});
    console.log(JSON.stringify({ asked, files: Object.keys(require.cache) }));`;
  const { asked, files } = JSON.parse(execFileSync(process.execPath, ["-e", program], { encoding: "utf8" }));
  const own = asked.filter((name: string) => name.startsWith("."));
  const others = asked.filter((name: string) => !name.startsWith(".") && name !== folder);
  expect(new Set(others)).toEqual(new Set(["node:crypto"]));
  expect(own.length).toBeGreaterThan(0);
  expect(files.filter((file: string) => relative(folder, file).startsWith(".."))).toEqual([]);
});
