/** examples/receiver as its first line says to run it, with deliveries from the emulator. `dist/` must be built. */
import { type ChildProcess, spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { type Emulator, type StoredWebhook, startEmulator } from "../../provider/emulator";

const example = join(__dirname, "../../examples/receiver/index.ts");
let emulator: Emulator;
let webhook: StoredWebhook;
let folder: string;
let file: string;

beforeEach(async () => {
  emulator = await startEmulator();
  webhook = emulator.data.addWebhook({
    Url: "https://127.0.0.1/",
    Topics: ["file.created", "file.deleted", "file.downloaded"],
  });
  folder = await mkdtemp(join(tmpdir(), "receiver-"));
  file = join(folder, "events.jsonl");
  return async () => {
    await emulator.close();
    await rm(folder, { recursive: true, force: true });
  };
});

/** Starts the example on a free port, to which the webhook's url then points. */
async function receiver(eventsFile = file, port = 0) {
  const env = { WEBHOOK_SECRET: webhook.Secret, PORT: String(port), EVENTS_FILE: eventsFile };
  const child: ChildProcess = spawn(process.execPath, [example], { env });
  onTestFinished(() => void child.kill());
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (printed += chunk));
  await expect.poll(() => printed, { timeout: 30_000 }).toMatch(/^Listening on port \d+\n/m);
  const url = `http://127.0.0.1:${/port (\d+)/.exec(printed)?.[1]}/`;
  webhook.Url = url.replace("http:", "https:");
  return {
    url,
    port: Number(new URL(url).port),
    printed: () => printed,
    async stop() {
      child.kill();
      await once(child, "exit");
    },
  };
}

async function events(from = file) {
  return (await readFile(from, "utf8").catch(() => ""))
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

/** A delivery that somebody makes up, with the right signature unless another one is given. */
async function send(
  url: string,
  body: string,
  signature = `sha256=${createHmac("sha256", webhook.Secret).update(body).digest("hex")}`,
): Promise<number> {
  return (await fetch(url, { method: "POST", body, headers: { "X-Hub-Signature": signature } })).status;
}

test("takes each event once, in both forms of payloads and signatures, however often it is delivered", async () => {
  await receiver();
  const path = "/partners/acme/a b+100%.csv";
  for (const apiVersion of ["2020-01-01", "2026-07-01.atlas"] as const) {
    for (const signature of ["hex", "base64"] as const) {
      const options = { apiVersion, signature, repeats: 2 };
      const deliveries = await emulator.reportFile({ path, size: 12, userName: "acme" }, options);
      expect(deliveries.map(({ statuses }) => statuses)).toEqual([[204], [204], [204]]);
    }
  }
  await emulator.reportFile({ topic: "file.deleted", path: "/old/" });
  await emulator.reportFile({ topic: "file.downloaded", path: "/b", clientIp: "198.51.100.2" });
  const created = {
    id: expect.any(String),
    topic: "file.created",
    path,
    isFolder: false,
    size: 12,
    actor: "acme",
  };
  const actor = emulator.data.root.UserName;
  expect(await events()).toEqual([
    ...Array(4).fill(created),
    { id: expect.any(String), topic: "file.deleted", path: "/old/", isFolder: true, actor },
    { ...created, topic: "file.downloaded", path: "/b", size: 0, actor, clientIp: "198.51.100.2" },
  ]);
  expect(new Set((await events()).map(({ id }) => id)).size).toBe(6);
});

test("takes repeats that arrive at the same time once", async () => {
  const { url } = await receiver();
  const body = JSON.stringify({ Id: "same", Topic: "file.created", Data: { Path: "/a", Size: 1 } });
  const statuses = await Promise.all(Array.from({ length: 10 }, () => send(url, body)));
  expect(new Set(statuses)).toEqual(new Set([204]));
  expect(await events()).toHaveLength(1);
});

test("misses nothing while it cannot do its work, since the service tries again", async () => {
  const later = join(folder, "later", "events.jsonl");
  await receiver(later);
  const reported = emulator.reportFile({ path: "/a" }, { attempts: 100, retryDelayMs: 50 });
  setTimeout(() => mkdir(join(folder, "later")), 200);
  const [delivery] = await reported;
  expect(delivery?.statuses).toContain(500);
  expect(delivery?.statuses.at(-1)).toBe(204);
  expect(await events(later)).toHaveLength(1);
});

test("misses nothing while it is down", async () => {
  const first = await receiver();
  await first.stop();
  const reported = emulator.reportFile({ path: "/a" }, { attempts: 600, retryDelayMs: 50 });
  await receiver(file, first.port);
  const [delivery] = await reported;
  expect(delivery?.statuses[0]).toBe(0);
  expect(delivery?.statuses.at(-1)).toBe(204);
  expect(await events()).toHaveLength(1);
});

test("lets no stranger in, and tells nobody the secret", async () => {
  const { url, printed } = await receiver();
  const body = JSON.stringify({ Id: "forged", Topic: "file.created", Data: { Path: "/a", Size: 1 } });
  expect(await send(url, body, "sha256=0")).toBe(401);
  expect((await fetch(url, { method: "POST", body })).status).toBe(401);
  expect((await fetch(url)).status).toBe(405);
  expect(await send(url, "x".repeat(300 * 1024))).toBe(413);
  expect(await events()).toEqual([]);
  expect(printed()).toContain("(wrong-signature)");
  expect(printed()).toContain("(unsigned)");
  expect(printed()).not.toContain(webhook.Secret);
  // It is still there.
  expect((await emulator.reportFile({ path: "/a" }))[0]?.succeeded).toBe(true);
});

test("does not let hostile names or new topics pause the webhook, nor do anything with them", async () => {
  const { url, printed } = await receiver();
  for (const path of ["/../../etc/passwd", "/a\0b", "/a/../b", "/./a", "..", "/a\\..\\b"]) {
    expect((await emulator.reportFile({ path }))[0]?.succeeded, path).toBe(true);
  }
  for (const body of ["{", '{"Id":"1","Topic":"file.infected"}', '{"Id":"2","Topic":"webhook.ping"}']) {
    expect(await send(url, body), body).toBe(204);
  }
  expect(webhook.State).toBe("enabled");
  expect(await events()).toEqual([]);
  expect(printed().match(/\(unsafe-path\)/g)).toHaveLength(6);
  expect(printed()).toContain('Nothing to do for topic "file.infected".');
  expect(printed()).toContain("The webhook works.");
});

test("does not start without a secret", async () => {
  const child = spawn(process.execPath, [example], { env: {}, stdio: "ignore" });
  expect((await once(child, "exit"))[0]).toBe(1);
});
