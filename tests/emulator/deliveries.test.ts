/** A receiver on a loopback port, which judges by itself: `/webhooks` of this package is not asked. */
import { createHmac } from "node:crypto";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import type { Emulator } from "../../provider/emulator";
import { start } from "./caller";

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into payloads of every shape
  readonly event: any;
}

/** A server that answers with these statuses, then with 204. 0 breaks the connection, `undefined` never answers. */
async function receiver(...statuses: (number | undefined)[]) {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    received.push({ headers: request.headers, body, event: JSON.parse(body.toString()) });
    const status = statuses.length > 0 ? statuses.shift() : 204;
    if (status === 0) response.destroy();
    else if (status !== undefined) response.writeHead(status, { location: "/elsewhere" }).end("read");
  });
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { received, url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/hook?a=b` };
}

function webhook(emulator: Emulator, url: string, fields = {}) {
  return emulator.data.addWebhook({ Url: url, Topics: ["file.created", "file.downloaded"], ...fields });
}

const quick = { retryDelayMs: 1 };

test("a file that arrives is delivered, signed, to a webhook made over the API", async () => {
  const { emulator, call } = await start({ now: () => 1_782_900_000_000 });
  const { received, url } = await receiver();
  const body = { Url: url, Topics: ["file.created"], AuthorizationHeader: "Bearer 123456789" };
  const made = (await call("POST", "/webhooks", body)).body;
  const path = "/partners/acme/a b+ü.csv";
  const deliveries = await emulator.reportFile({ path, size: 12, userName: "acme" });

  const [{ headers, body: raw, event } = expect.fail("nothing came"), ...more] = received;
  expect(more).toEqual([]);
  expect(headers["x-hub-signature"]).toBe(
    `sha256=${createHmac("sha256", made.Secret).update(raw).digest("hex")}`,
  );
  expect(headers).toMatchObject({ "content-type": "application/json", authorization: "Bearer 123456789" });
  const id = expect.stringMatching(/^[0-9a-f-]{36}$/);
  expect(event).toEqual({
    Id: id,
    Topic: "file.created",
    CreatedAt: 1_782_900_000_000,
    UpdatedAt: 1_782_900_000_000,
    Actor: { Type: "User", Id: "acme" },
    Resource: "file",
    PreviousData: {},
    Data: { Path: "/partners/acme/a+b%2B%C3%BC.csv", Size: 12 },
    Metadata: {
      ApiVersion: "2020-01-01",
      Organization: { Id: emulator.organizationId },
      Webhook: { Id: made.Id },
      Delivery: { Id: id },
      Attempt: { Id: id },
      Event: { Id: event.Id },
    },
  });
  expect(deliveries).toEqual([{ webhookId: made.Id, eventId: event.Id, statuses: [204], succeeded: true }]);
});

test("a download names the client, a deletion has no size, and a folder ends with a slash", async () => {
  const { emulator } = await start();
  const { received, url } = await receiver();
  webhook(emulator, url, { Topics: ["file.deleted", "file.downloaded"] });
  await emulator.reportFile({ topic: "file.downloaded", path: "/a", clientIp: "::1", protocol: "FTPS" });
  await emulator.reportFile({ topic: "file.deleted", path: "/b/", size: 7 });
  expect(received.map(({ event }) => event.Data)).toEqual([
    { Path: "/a", Size: 0, Metadata: { Protocol: "FTPS", ClientIp: "::1", SessionId: expect.any(String) } },
    { Path: "/b/", Size: null },
  ]);
  expect(received[0]?.event.Actor.Id).toBe(emulator.data.root.UserName);
  expect(received[0]?.headers).not.toHaveProperty("authorization");
});

test("the other forms: plain paths, and a signature in base64", async () => {
  const { emulator } = await start();
  const { received, url } = await receiver();
  const { Secret } = webhook(emulator, url);
  await emulator.reportFile({ path: "/a b+%.csv" }, { apiVersion: "2026-07-01.atlas", signature: "base64" });
  const [{ headers, body, event } = expect.fail("nothing came")] = received;
  expect(event).toMatchObject({ Data: { Path: "/a b+%.csv" }, Metadata: { ApiVersion: "2026-07-01.atlas" } });
  expect(headers["x-hub-signature"]).toBe(createHmac("sha256", Secret).update(body).digest("base64"));
});

test.each([
  ["a server error", 500],
  ["a gateway's", 503],
  ["too many requests", 429],
  ["a time-out", 408],
  ["a broken connection", 0],
])("an attempt that meets %s is made again, as the same delivery", async (_, status) => {
  const { emulator } = await start();
  const { received, url } = await receiver(status, status);
  webhook(emulator, url);
  const [delivery] = await emulator.reportFile({ path: "/a" }, quick);
  expect(delivery).toMatchObject({ statuses: [status, status, 204], succeeded: true });
  const ids = (name: string) => new Set(received.map(({ event }) => event.Metadata[name].Id)).size;
  expect([ids("Event"), ids("Delivery"), ids("Attempt")]).toEqual([1, 1, 3]);
  expect(new Set(received.map(({ event }) => event.Id)).size).toBe(1);
});

test("one that is never answered is made again too", async () => {
  const { emulator } = await start();
  const { url } = await receiver(undefined);
  webhook(emulator, url);
  const [delivery] = await emulator.reportFile({ path: "/a" }, { ...quick, timeoutMs: 200 });
  expect(delivery?.statuses).toEqual([0, 204]);
});

test.each([400, 401, 404, 410, 302])("one that is answered with %d is not", async (status) => {
  const { emulator } = await start();
  const { received, url } = await receiver(status);
  webhook(emulator, url);
  const [delivery] = await emulator.reportFile({ path: "/a" }, quick);
  expect(delivery).toMatchObject({ statuses: [status], succeeded: false });
  expect(received).toHaveLength(1);
});

test("attempts end, and five deliveries in a row that failed pause the webhook", async () => {
  const { emulator } = await start();
  const failures = (count: number) => Array<number>(count).fill(500);
  const { received, url } = await receiver(...failures(8), 204, ...failures(10));
  const hook = webhook(emulator, url);
  const report = () => emulator.reportFile({ path: "/a" }, { ...quick, attempts: 2 });
  for (let failed = 1; failed <= 4; failed += 1) await report();
  expect((await report())[0]).toMatchObject({ statuses: [204] });
  for (let failed = 1; failed <= 4; failed += 1) await report();
  expect(hook.State).toBe("enabled");
  expect((await report())[0]).toMatchObject({ statuses: [500, 500], succeeded: false });
  expect(hook.State).toBe("paused");
  const before = received.length;
  expect(await report()).toEqual([]);
  expect(received).toHaveLength(before);
});

test("a delivery is repeated, as a service may that delivers at least once", async () => {
  const { emulator } = await start();
  const { received, url } = await receiver();
  webhook(emulator, url);
  const deliveries = await emulator.reportFile({ path: "/a" }, { repeats: 2 });
  expect(deliveries.map(({ statuses }) => statuses)).toEqual([[204], [204], [204]]);
  expect(new Set(received.map(({ event }) => event.Id)).size).toBe(1);
  expect(new Set(received.map(({ event }) => event.Metadata.Delivery.Id)).size).toBe(3);
});

test("every enabled webhook with the topic is told, and no other", async () => {
  const { emulator } = await start();
  const { received, url } = await receiver();
  const first = webhook(emulator, url);
  const second = webhook(emulator, url);
  webhook(emulator, url, { State: "paused" });
  webhook(emulator, url, { Topics: ["file.deleted"] });
  for (const Type of ["slack", "ms-teams", "email"]) webhook(emulator, url, { Type });
  await emulator.reportFile({ path: "/a" });
  expect(received.map(({ event }) => event.Metadata.Webhook.Id).sort()).toEqual([first.Id, second.Id].sort());
  expect(new Set(received.map(({ event }) => event.Id)).size).toBe(1);
});

test.each([
  "https://hooks.example.com/",
  "https://127.0.0.1.example.com/",
  "https://127.0.0.1@example.com/",
  "https://localhost.example.com/",
  "https://192.0.2.1/",
  "https://0.0.0.0/",
  "https://[::ffff:192.0.2.1]/",
  "https://[::2]/",
  "ops@example.com",
])("nothing leaves this computer for %s", async (url) => {
  const { emulator } = await start();
  const hook = webhook(emulator, url);
  for (let count = 1; count <= 6; count += 1) {
    expect(await emulator.reportFile({ path: "/a" })).toMatchObject([{ statuses: [], succeeded: false }]);
  }
  expect(hook.State).toBe("enabled");
});

test("localhost is this computer, and a plain url is fine", async () => {
  const { emulator } = await start();
  const { received, url } = await receiver();
  webhook(emulator, url.replace("127.0.0.1", "localhost"));
  webhook(emulator, url.replace("https:", "http:"));
  await emulator.reportFile({ path: "/a" });
  expect(received).toHaveLength(2);
});

test("closing the emulator gives up what is under way", async () => {
  const { emulator } = await start();
  const { received, url } = await receiver(undefined);
  const waiting = await receiver(500);
  webhook(emulator, url);
  webhook(emulator, waiting.url);
  const reported = emulator.reportFile({ path: "/a" }, { retryDelayMs: 3_600_000, timeoutMs: 3_600_000 });
  await expect.poll(() => received.length + waiting.received.length).toBe(2);
  await emulator.close();
  expect((await reported).map(({ succeeded }) => succeeded)).toEqual([false, false]);
});
