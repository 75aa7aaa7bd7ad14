/** The receivers that docs/guides/webhooks.md shows, with deliveries of the emulator. `dist/` must be built. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { expect, onTestFinished, test, vi } from "vitest";
import { startEmulator } from "../../provider/emulator";
import { guide, root } from "../docs/pages";

/** Writes the block that has this text to a file from which this package is found. */
function fileOf(mark: string, change = (text: string) => text): string {
  const block = guide("webhooks").blocks.find(({ text }) => text.includes(mark));
  if (block === undefined) throw new Error(`the guide has no block with ${mark}`);
  const parent = join(root, "tests/engine/.work");
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, "webhooks-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "receiver.mts");
  writeFileSync(file, change(block.text));
  return file;
}

async function organization(port: number) {
  const emulator = await startEmulator();
  onTestFinished(() => emulator.close());
  const webhook = emulator.data.addWebhook({ Url: `https://127.0.0.1:${port}/`, Topics: ["file.created"] });
  return { emulator, webhook };
}

test("the server takes what is signed, and says why it refuses the rest", async () => {
  const file = fileOf("createServer(", (text) =>
    text.replace(".listen(8080)", '.listen(0, function () { console.log("port", this.address().port); })'),
  );
  const { emulator, webhook } = await organization(0);
  const child = spawn(process.execPath, [file], { env: { WEBHOOK_SECRET: webhook.Secret } });
  onTestFinished(() => void child.kill());
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (printed += chunk));
  await expect.poll(() => printed, { timeout: 30_000 }).toMatch(/^port \d+\n/m);
  webhook.Url = `https://127.0.0.1:${/port (\d+)/.exec(printed)?.[1]}/`;

  const [taken] = await emulator.reportFile({ path: "/partners/acme/a b.csv", size: 12 });
  expect(taken?.statuses).toEqual([204]);
  expect(printed).toContain(" /partners/acme/a b.csv false 12\n");
  webhook.Secret = "another";
  const [refused] = await emulator.reportFile({ path: "/partners/acme/a b.csv", size: 12 });
  expect(refused?.statuses).toEqual([401]);
  await expect.poll(() => printed).toContain("Refused: wrong-signature\n");
});

test("the function takes a body as AWS Lambda hands it on, in base64 or not", async () => {
  const requests: { body: Buffer; headers: IncomingHttpHeaders }[] = [];
  const server = createServer(async (request, response) => {
    requests.push({ body: await buffer(request), headers: request.headers });
    response.writeHead(204).end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const { emulator, webhook } = await organization((server.address() as AddressInfo).port);
  await emulator.reportFile({ path: "/partners/acme/zürich.csv" });
  const [{ body, headers } = { body: Buffer.alloc(0), headers: {} }] = requests;

  const { handler } = await import(fileOf("export async function handler"));
  vi.stubEnv("WEBHOOK_SECRET", webhook.Secret);
  onTestFinished(() => void vi.unstubAllEnvs());
  vi.spyOn(console, "log").mockReturnValue();
  const refusals = vi.spyOn(console, "error").mockReturnValue();
  onTestFinished(() => void vi.restoreAllMocks());
  const asText = { body: body.toString(), isBase64Encoded: false, headers };
  expect(await handler(asText)).toEqual({ statusCode: 204 });
  expect(await handler({ body: body.toString("base64"), isBase64Encoded: true, headers })).toEqual({
    statusCode: 204,
  });
  expect(await handler({ ...asText, isBase64Encoded: true })).toEqual({ statusCode: 401 });
  expect(refusals).toHaveBeenCalledWith("Refused: wrong-signature");
});
