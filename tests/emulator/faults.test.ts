import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import { type Fault, type FaultName, faultNames } from "../../provider/emulator";
import { start } from "./caller";

const create = { UserName: "my-user-name" };

/** One request that meets the fault, and what the client and the server each have of it. */
async function meet(fault: Fault, method = "POST", path = "/users", body: unknown = create) {
  const { emulator, call } = await start();
  emulator.addFault(fault);
  const outcome = await call(method, path, method === "GET" ? undefined : body).then(
    (reply) => ({ reply, code: undefined }),
    (error: { cause?: { code?: string; message?: string } }) => ({
      reply: undefined,
      code: error.cause?.code ?? error.cause?.message ?? String(error),
    }),
  );
  return { emulator, call, ...outcome, entry: emulator.ledger[0] };
}

describe("before and after", () => {
  // The ones that give an answer, or break the connection, at once.
  const quick = faultNames.filter((name) => !["slow", "drip", "cut-list", "silent-cut-list"].includes(name));

  test.each(quick)("%s before the server acts changes nothing", async (name) => {
    const { emulator, entry } = await meet({ name });
    expect(emulator.data.findCredential("my-user-name")).toBeUndefined();
    expect(entry).toMatchObject({ operation: "createCredential", fault: name, acted: false });
    expect(entry).not.toHaveProperty("objectId");
  });

  test.each(quick)("%s after the server acted leaves the change", async (name) => {
    const { emulator, entry } = await meet({ name, when: "after" });
    const made = emulator.data.findCredential("my-user-name");
    expect(made).toBeDefined();
    expect(entry).toMatchObject({ fault: name, acted: true, objectId: made?.Id });
  });

  test("an after that meets a refusal is not counted as acted", async () => {
    const { entry } = await meet({ name: "status", when: "after" }, "POST", "/users", { UserName: "short" });
    expect(entry).toMatchObject({ status: 500, acted: false });
  });
});

describe("each fault", () => {
  test("status gives the status, Retry-After, headers and body that it is told", async () => {
    const { reply, entry } = await meet({
      name: "status",
      status: 429,
      retryAfter: 2,
      headers: { "x-request-id": "r1" },
      body: { message: "Slow down" },
    });
    expect(reply).toMatchObject({ status: 429, body: { message: "Slow down" } });
    expect(reply?.headers.get("retry-after")).toBe("2");
    expect(reply?.headers.get("x-request-id")).toBe("r1");
    expect(entry?.status).toBe(429);
  });

  test("status takes a date for Retry-After, and has a body of its own", async () => {
    const retryAfter = "Wed, 21 Oct 2026 07:28:00 GMT";
    const { reply } = await meet({ name: "status", status: 503, retryAfter });
    expect(reply?.headers.get("retry-after")).toBe(retryAfter);
    expect(reply?.body).toEqual({ message: "Service Unavailable" });
  });

  test("reset resets the connection", async () => {
    const { code, entry } = await meet({ name: "reset" });
    expect(code).toBe("ECONNRESET");
    expect(entry?.status).toBe(0);
  });

  test("close closes the connection without an answer", async () => {
    const { code, entry } = await meet({ name: "close" });
    expect(code).toBe("UND_ERR_SOCKET");
    expect(entry?.status).toBe(0);
  });

  test("close is an orderly end of the connection, and reset is not", async () => {
    expect(await rawEnd("close")).toEqual({ bytes: 0, code: undefined });
    expect(await rawEnd("reset")).toEqual({ bytes: 0, code: "ECONNRESET" });
  });

  test("slow gives the right answer late", async () => {
    const begin = performance.now();
    const { reply, emulator } = await meet({ name: "slow", delayMs: 120 });
    expect(performance.now() - begin).toBeGreaterThanOrEqual(115);
    expect(reply?.status).toBe(201);
    expect(emulator.data.credentials.size).toBe(2);
  });

  test("slow before: who hung up was never served", async () => {
    const { emulator } = await hangUp({ name: "slow", delayMs: 300 });
    await new Promise((resolve) => setTimeout(resolve, 350));
    expect(emulator.data.credentials.size).toBe(1);
    expect(emulator.ledger[0]).toMatchObject({ status: 0, acted: false });
  });

  test("slow after: who hung up was served all the same", async () => {
    const { emulator } = await hangUp({ name: "slow", when: "after" });
    expect(emulator.data.credentials.size).toBe(2);
    expect(emulator.ledger[0]).toMatchObject({ status: 0, acted: true });
  });

  test("slow ends with the emulator", async () => {
    const { emulator, call } = await start();
    emulator.addFault({ name: "slow" });
    const pending = call("GET", "/users");
    pending.catch(() => {});
    await until(() => emulator.ledger.length === 1);
    await emulator.close();
    await expect(pending).rejects.toThrow();
  });

  test("drip gives headers at once, then a byte at a time for ever", async () => {
    const { emulator } = await start();
    emulator.addFault({ name: "drip", delayMs: 5 });
    const response = await fetch(`${emulator.url}/organizations/${emulator.organizationId}/users`, {
      headers: { authorization: `Bearer ${emulator.apiKey}` },
    });
    expect(response.status).toBe(200);
    const reader = response.body?.getReader();
    for (let n = 0; n < 5; n += 1) expect((await reader?.read())?.value).toEqual(new Uint8Array([32]));
    await reader?.cancel();
  });

  test("truncated promises the whole body and sends half", async () => {
    const { emulator } = await start();
    emulator.addFault({ name: "truncated" });
    const response = await fetch(`${emulator.url}/organizations/${emulator.organizationId}/users`, {
      headers: { authorization: `Bearer ${emulator.apiKey}` },
    });
    expect(response.status).toBe(200);
    const promised = Number(response.headers.get("content-length"));
    expect(promised).toBeGreaterThan(500);
    let received = 0;
    await expect(
      (async () => {
        for await (const chunk of response.body ?? []) received += chunk.length;
      })(),
    ).rejects.toThrow();
    expect(received).toBe(Math.floor(promised / 2));
  });

  test("html gives a page with 200, or with the status it is told", async () => {
    const { reply } = await meet({ name: "html" });
    expect(reply).toMatchObject({ status: 200, text: expect.stringMatching(/^<!DOCTYPE html>/) });
    expect(reply?.headers.get("content-type")).toBe("text/html");
    expect((await meet({ name: "html", status: 502 })).reply?.status).toBe(502);
  });

  test("wrong-json does not parse", async () => {
    const { reply } = await meet({ name: "wrong-json" });
    expect(reply).toMatchObject({ status: 200, body: undefined, text: expect.stringMatching(/^\{/) });
    expect(reply?.headers.get("content-type")).toBe("application/json");
  });

  test("empty keeps the right status and has no body", async () => {
    expect((await meet({ name: "empty", when: "after" })).reply).toMatchObject({ status: 201, text: "" });
    expect((await meet({ name: "empty" })).reply).toMatchObject({ status: 200, text: "" });
  });

  test("wrong-shape is JSON without any known field", async () => {
    expect((await meet({ name: "wrong-shape" })).reply?.body).toEqual({ Unexpected: "shape" });
    expect((await meet({ name: "wrong-shape" }, "GET")).reply?.body).toEqual([{ Unexpected: "shape" }]);
  });

  test("cut-list lacks the last half, and says that there is more", async () => {
    const { emulator, call } = await start();
    for (const Alias of ["a", "b", "c"]) emulator.data.addCredential({ Alias });
    emulator.addFault({ name: "cut-list" });
    const reply = await call("GET", "/users");
    expect(reply.body.map((each: { Alias: string }) => each.Alias)).toEqual(["Root", "a"]);
    expect(reply.headers.get("link")).toMatch(/\/users\?page=2>; rel="next"$/);
  });

  test("silent-cut-list lacks some entries, never root, with no sign", async () => {
    const { emulator, call } = await start();
    for (const Alias of ["a", "b", "c"]) emulator.data.addCredential({ Alias });
    emulator.addFault({ name: "silent-cut-list" });
    const reply = await call("GET", "/users");
    expect(reply.body.map((each: { Alias: string }) => each.Alias)).toEqual(["Root", "b"]);
    expect(reply.headers.get("link")).toBeNull();
    emulator.data.addWebhook({ Url: "https://example.com", Topics: ["file.created"] });
    emulator.addFault({ name: "silent-cut-list" });
    expect((await call("GET", "/webhooks")).body).toEqual([]);
  });

  test("a cut list waits for a list", async () => {
    const { emulator, call } = await start();
    emulator.addFault({ name: "cut-list" });
    expect((await call("GET", `/users/${emulator.data.root.Id}`)).status).toBe(200);
    expect((await call("GET", "/users")).body).toEqual([]);
  });

  test("redirect points elsewhere", async () => {
    const elsewhere = "http://127.0.0.1:9/organizations/x/users";
    const { reply } = await meet({ name: "redirect", location: elsewhere });
    expect(reply?.status).toBe(307);
    expect(reply?.headers.get("location")).toBe(elsewhere);
    expect((await meet({ name: "redirect" })).reply?.headers.get("location")).toBe(
      "https://elsewhere.invalid/",
    );
  });

  test("huge is over 50 MB", async () => {
    const { reply } = await meet({ name: "huge" }, "GET");
    expect(reply?.text.length).toBeGreaterThan(50_000_000);
  });

  test("wrong-type is plain text with 200", async () => {
    const { reply } = await meet({ name: "wrong-type" });
    expect(reply).toMatchObject({ status: 200, text: "OK" });
    expect(reply?.headers.get("content-type")).toBe("text/plain");
  });
});

describe("which requests", () => {
  const fails = { name: "status", status: 503 } as const;

  test("one by default, then times, then all", async () => {
    const { emulator, call } = await start();
    const statuses = async () => {
      const all = [];
      for (let n = 0; n < 3; n += 1) all.push((await call("GET", "/users")).status);
      return all;
    };
    emulator.addFault(fails);
    expect(await statuses()).toEqual([503, 200, 200]);
    emulator.addFault({ ...fails, times: 2 });
    expect(await statuses()).toEqual([503, 503, 200]);
    emulator.addFault({ ...fails, skip: 1 });
    expect(await statuses()).toEqual([200, 503, 200]);
    emulator.addFault({ ...fails, times: Number.POSITIVE_INFINITY });
    expect(await statuses()).toEqual([503, 503, 503]);
    emulator.clearFaults();
    expect(await statuses()).toEqual([200, 200, 200]);
  });

  test.each<[string, Partial<Fault>, number, number]>([
    ["an operation", { operation: "listWebhooks" }, 200, 503],
    ["several operations", { operation: ["listWebhooks", "listShareLinks"] }, 200, 503],
    ["a text in the path", { match: "/webhooks" }, 200, 503],
    ["an expression for the path", { match: /\/users$/g }, 503, 200],
    ["a method", { method: "PATCH" }, 200, 200],
  ])("only those of %s", async (_, which, users, webhooks) => {
    const { emulator, call } = await start();
    emulator.addFault({ ...fails, ...which, times: 2 });
    expect((await call("GET", "/users")).status).toBe(users);
    expect((await call("GET", "/webhooks")).status).toBe(webhooks);
  });

  test("the first fault that fits is met, and the next one waits", async () => {
    const { emulator, call } = await start();
    emulator.addFault({ name: "status", status: 500 });
    emulator.addFault({ name: "status", status: 502 });
    expect((await call("GET", "/users")).status).toBe(500);
    expect((await call("GET", "/users")).status).toBe(502);
  });

  test("an unknown name is refused at once", async () => {
    const { emulator } = await start();
    expect(() => emulator.addFault({ name: "typo" as FaultName })).toThrow(
      /unknown fault "typo"; known are status/,
    );
  });
});

/** The bytes and the error of a raw connection that meets the fault. */
async function rawEnd(name: FaultName): Promise<{ bytes: number; code: string | undefined }> {
  const { emulator } = await start();
  emulator.addFault({ name });
  return new Promise((resolve) => {
    let bytes = 0;
    let code: string | undefined;
    connect(Number(new URL(emulator.url).port), "127.0.0.1")
      .on("data", (chunk) => {
        bytes += chunk.length;
      })
      .on("error", (error: NodeJS.ErrnoException) => {
        code = error.code;
      })
      .on("close", () => resolve({ bytes, code }))
      .write("GET /x HTTP/1.1\r\nHost: x\r\n\r\n");
  });
}

/** A create whose client gives up as soon as the request has arrived. */
async function hangUp(fault: Fault) {
  const { emulator } = await start();
  emulator.addFault(fault);
  const client = new AbortController();
  const request = fetch(`${emulator.url}/organizations/${emulator.organizationId}/users`, {
    method: "POST",
    headers: { authorization: `Bearer ${emulator.apiKey}` },
    body: JSON.stringify(create),
    signal: client.signal,
  });
  await until(() => emulator.ledger.length === 1);
  client.abort();
  await expect(request).rejects.toThrow();
  return { emulator };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
