/**
 * Takes the deliveries of a webhook: `WEBHOOK_SECRET=… PORT=8080 node index.ts`, with the webhook's `secret` output.
 * The service asks for https with a valid certificate: run it where a proxy or a platform brings one.
 */
import { appendFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { parseWebhook, WebhookError, type WebhookEvent } from "pulumi-sftptogo/webhooks";

const secret = process.env.WEBHOOK_SECRET;
if (!secret) throw new Error("WEBHOOK_SECRET is not set.");

const log = process.env.EVENTS_FILE ?? "events.jsonl";
/** A stranger may send anything; the service's bodies are far smaller. */
const maximumBytes = 256 * 1024;
/** The events of which repeats are known. In memory, so a restart forgets them: keep them where the results go. */
const rememberedEvents = 10_000;

/** What this service is for: here, a line in a file for everything that happened to a file. */
async function handle(event: WebhookEvent): Promise<void> {
  switch (event.topic) {
    case "file.created":
    case "file.deleted":
    case "file.downloaded": {
      const { id, topic, path, isFolder, size, actor, clientIp } = event;
      // As JSON, so that a name with a line break cannot forge a line.
      const line = JSON.stringify({ id, topic, path, isFolder, size, actor: actor?.id, clientIp });
      return appendFile(log, `${line}\n`);
    }
    case "webhook.ping":
      return console.log("The webhook works.");
    case "unknown":
      return console.log(`Nothing to do for topic ${JSON.stringify(event.unknownTopic)}.`);
  }
}

/** By the event's id. A repeat waits for the first delivery, and what failed may be delivered again. */
const handled = new Map<string, Promise<void>>();

function handleOnce(event: WebhookEvent): Promise<void> {
  const earlier = handled.get(event.id);
  if (earlier !== undefined) return earlier;
  const now = handle(event);
  handled.set(event.id, now);
  now.catch(() => handled.delete(event.id));
  const [oldest] = handled.keys();
  if (handled.size > rememberedEvents && oldest !== undefined) handled.delete(oldest);
  return now;
}

/** The raw body, as it was signed, or `undefined` if it is too large; then it is read to its end and dropped. */
async function rawBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= maximumBytes) chunks.push(chunk);
  }
  return bytes > maximumBytes ? undefined : Buffer.concat(chunks);
}

/** The status to answer with. The service tries again after a 5xx. */
async function receive(request: IncomingMessage, key: string): Promise<number> {
  if (request.method !== "POST") return 405;
  const body = await rawBody(request);
  if (body === undefined) return 413;
  try {
    await handleOnce(parseWebhook(body, request.headers, key));
    return 204;
  } catch (error) {
    if (!WebhookError.isInstance(error)) throw error;
    console.error(`Refused event ${error.eventId ?? "unknown"} (${error.reason}): ${error.message}`);
    // A signed delivery that cannot be used does not get better. Refused, five of them would pause the webhook.
    return error.status === 401 ? 401 : 204;
  }
}

const server = createServer((request, response) => {
  receive(request, secret).then(
    (status) => response.writeHead(status).end(),
    (error: unknown) => {
      console.error(error);
      response.writeHead(500).end();
    },
  );
});
server.listen(Number(process.env.PORT ?? 8080), () => {
  console.log(`Listening on port ${(server.address() as AddressInfo).port}`);
});
