/** The emulator's HTTP side: one loopback port, kept-alive connections, Node's requests turned into fetch's. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { App } from "./app";

/** Larger bodies get a 413. */
const maximumBodyBytes = 1024 * 1024;

const address = "127.0.0.1";

interface ListeningServer {
  readonly url: string;
  /** Stops listening and drops every connection, answered or not. */
  close(): Promise<void>;
}

/** Listens on this port of the loopback address, or on any free one for 0. */
export async function listen(app: App, port: number, now: () => number): Promise<ListeningServer> {
  const server = createServer((incoming, raw) => {
    // By the emulator's clock, like the times in its answers.
    raw.setHeader("date", new Date(now()).toUTCString());
    serve(app, incoming, raw).catch((error: unknown) => {
      // Not a behaviour of the API but a defect of the emulator, or a client that hung up while sending.
      if (!raw.headersSent && !raw.destroyed) raw.writeHead(500, { "content-type": "application/json" });
      raw.end(JSON.stringify({ message: `emulator: ${error instanceof Error ? error.message : error}` }));
    });
  });
  // Node's five seconds would let a client reuse a connection in the very moment in which it is closed.
  server.keepAliveTimeout = 120_000;

  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const taken = `port ${port} of ${address} is taken; choose another with \`--port <number>\`, or \`--port 0\` for any free one`;
      reject(error.code === "EADDRINUSE" ? new Error(taken) : error);
    });
    server.listen(port, address, resolve);
  });

  let closing: Promise<void> | undefined;
  return {
    url: `http://${address}:${(server.address() as AddressInfo).port}`,
    close() {
      closing ??= new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      return closing;
    },
  };
}

async function serve(app: App, incoming: IncomingMessage, raw: ServerResponse): Promise<void> {
  const { method = "GET", url: path = "/" } = incoming;
  const { authorization } = incoming.headers;
  const response = await app({ method, path, authorization, body: await readBody(incoming), raw });
  // A fault may have answered, or cut, the raw connection already.
  if (raw.headersSent || raw.destroyed) return;
  const content = Buffer.from(await response.arrayBuffer());
  raw.writeHead(response.status, {
    ...Object.fromEntries(response.headers),
    "content-length": content.length,
  });
  raw.end(content);
}

/** The whole body as text, or `undefined` if it is too large; then it is read to its end and dropped. */
async function readBody(incoming: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= maximumBodyBytes) chunks.push(chunk);
  }
  return bytes > maximumBodyBytes ? undefined : Buffer.concat(chunks).toString("utf8");
}
