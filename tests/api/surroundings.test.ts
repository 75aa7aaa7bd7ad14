/** Real sockets on loopback: what nock cannot show. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import * as http from "node:http";
import * as https from "node:https";
import * as net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tls from "node:tls";
import { gzipSync } from "node:zlib";
import * as v from "valibot";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { type Call, createTransport, type GivenSettings } from "../../provider/api/transport";
import { rootCredential } from "../fixtures/reference";
import { failureOf, fakeClock, settings } from "./setup";

const object = v.looseObject({ Id: v.string() });
const read: Call<{ Id: string }> = {
  doing: "read thing abc",
  method: "GET",
  path: ["things", "abc"],
  retry: "repeatable",
  expected: { object },
};
const create: Call<{ Id: string }> = { ...read, doing: "create a thing", method: "POST", retry: "once" };
const answer = JSON.stringify({ Id: "abc" });

const closing: (() => void)[] = [];
beforeEach(() => {
  for (const name of ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"]) {
    vi.stubEnv(name, undefined);
    vi.stubEnv(name.toLowerCase(), undefined);
  }
});
afterEach(() => {
  vi.unstubAllEnvs();
  for (const close of closing.splice(0)) close();
});

/** Starts a server on loopback until the test ends, and gives its port. */
async function listen(server: net.Server): Promise<number> {
  const sockets = new Set<net.Socket>();
  server.on("connection", (socket: net.Socket) => sockets.add(socket));
  closing.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as net.AddressInfo).port;
}

/** A plain server, and a transport that speaks to it. */
async function serve(handler: http.RequestListener, given: Partial<GivenSettings> = {}) {
  const server = http.createServer(handler);
  const port = await listen(server);
  const clock = fakeClock();
  const baseUrl = `http://127.0.0.1:${port}`;
  return { server, clock, port, transport: createTransport({ ...settings, baseUrl, ...given }, { clock }) };
}

describe("an answer", () => {
  test("that drips is cut off after the attempt's time, and the attempt repeated", async () => {
    let requests = 0;
    const { transport } = await serve(
      (_request, response) => {
        if (++requests > 1) {
          response.end(answer);
          return;
        }
        response.writeHead(200).write("{");
        const drip = setInterval(() => response.write(" "), 10);
        response.on("close", () => clearInterval(drip));
      },
      { requestTimeoutSeconds: 0.15 },
    );
    expect(await transport.send(read)).toEqual({ Id: "abc" });
    expect(requests).toBe(2);
  });

  test("that never comes is a time-out, and a create's fate unknown", async () => {
    const { transport } = await serve(() => {}, { requestTimeoutSeconds: 0.05 });
    const error = await failureOf(transport.send(create));
    expect(error).toMatchObject({ name: "ConnectionError", reason: "timeout", aftermath: "unknown" });
    expect(error.message).toContain("within 0.05 s");
  });

  test("may not take longer than the whole operation", async () => {
    const { transport } = await serve(() => {}, { operationTimeoutSeconds: 0.05 });
    expect(await failureOf(transport.send(create))).toMatchObject({ reason: "timeout" });
  });

  test.each<[string, http.OutgoingHttpHeaders, Buffer | string]>([
    ["by length", { "content-length": 100 }, '{"Id": "my-secret'],
    ["in chunks", {}, '{"Id": "my-secret'],
    ["compressed", { "content-encoding": "gzip", "content-length": 100 }, gzipSync(answer).subarray(0, 20)],
  ])("whose connection breaks (%s) is truncated, and asked for again", async (_how, headers, part) => {
    let requests = 0;
    const { transport } = await serve((_request, response) => {
      requests++;
      response.writeHead(200, headers).write(part, () => setTimeout(() => response.destroy(), 10));
    });
    const error = await failureOf(transport.send(read));
    expect(error).toMatchObject({ name: "ConnectionError", reason: "truncated", aftermath: "unknown" });
    expect(error.message).not.toContain("my-secret");
    expect(requests).toBe(4);
  });

  test("of compressed nonsense is unreadable", async () => {
    const { transport } = await serve((_request, response) => {
      response.writeHead(200, { "content-encoding": "gzip" }).end("no gzip");
    });
    expect(await failureOf(transport.send(read))).toMatchObject({ reason: "truncated" });
  });

  test.each([
    ["plain", {}, (bytes: Buffer) => bytes],
    ["compressed", { "content-encoding": "gzip" }, (bytes: Buffer) => gzipSync(bytes)],
  ])("of 50 MB (%s) is refused, and not asked for again", async (_how, headers, pack) => {
    let requests = 0;
    const body = pack(Buffer.alloc(50_000_000, " "));
    const { transport } = await serve((_request, response) => {
      requests++;
      response.writeHead(200, headers).end(body);
    });
    const error = await failureOf(transport.send(read));
    expect(error).toMatchObject({ name: "UnexpectedAnswerError", reason: "too large" });
    expect(requests).toBe(1);
  });

  test("of a hundred thousand brackets is refused", async () => {
    const { transport } = await serve((_request, response) => {
      response.end("[".repeat(100_000) + "]".repeat(100_000));
    });
    const list: Call<{ Id: string }[]> = { ...read, expected: { list: object } };
    // As a list it holds one thing that cannot be read, which costs that thing only.
    expect(await transport.send(list)).toEqual([]);
    expect(await failureOf(transport.send(read))).toMatchObject({ reason: "unknown shape" });
  });

  test("of a list of five thousand is read", async () => {
    const list = Array.from({ length: 5_000 }, (_, index) => ({ ...rootCredential, Id: `c${index}` }));
    const { transport } = await serve((_request, response) => response.end(JSON.stringify(list)));
    const all: Call<{ Id: string }[]> = { ...read, expected: { list: object } };
    expect(await transport.send(all)).toHaveLength(5_000);
  });

  test("that redirects sends no password to another host", async () => {
    let visits = 0;
    const other = await listen(http.createServer(() => visits++));
    const { transport } = await serve((_request, response) => {
      response.writeHead(307, { location: `http://127.0.0.1:${other}/steal` }).end();
    });
    const error = await failureOf(transport.send({ ...create, body: { Password: "my-secret-password" } }));
    expect(error).toMatchObject({ name: "UnexpectedAnswerError", reason: "redirect", aftermath: "unknown" });
    expect(visits).toBe(0);
  });
});

describe("a connection", () => {
  test("is kept for calls that may be repeated, and not used for one that may not", async () => {
    const { server, transport } = await serve((_request, response) => response.end(answer));
    let connections = 0;
    server.on("connection", () => connections++);
    await transport.send(read);
    await transport.send(read);
    expect(connections).toBe(1);
    await transport.send(create);
    expect(connections).toBe(2);
    await transport.send(read);
    expect(connections).toBe(2);
  });

  test("serves calls that may not be repeated while they follow each other, and not after a second's pause", async () => {
    const { server, transport } = await serve((_request, response) => response.end(answer));
    let connections = 0;
    server.on("connection", () => connections++);
    for (let count = 0; count < 3; count++) await transport.send(create);
    expect(connections).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    await transport.send(create);
    expect(connections).toBe(2);
  });

  test("that serves such a call waits for its answer, however long", async () => {
    let answers = 0;
    const { server, transport } = await serve((_request, response) => {
      setTimeout(() => response.end(answer), answers++ === 0 ? 0 : 1_500);
    });
    let connections = 0;
    server.on("connection", () => connections++);
    await transport.send(create);
    expect(await transport.send(create)).toEqual({ Id: "abc" });
    expect(connections).toBe(1);
  });

  test("that nobody takes was never used", async () => {
    const { server, transport } = await serve(() => {});
    await new Promise((resolve) => server.close(resolve));
    expect(await failureOf(transport.send(create))).toMatchObject({
      reason: "ECONNREFUSED",
      aftermath: "never sent",
    });
  });

  test("to this machine passes no proxy", async () => {
    const { transport } = await serve((_request, response) => response.end(answer));
    vi.stubEnv("HTTP_PROXY", "http://127.0.0.1:1");
    vi.stubEnv("HTTPS_PROXY", "http://127.0.0.1:1");
    expect(await transport.send(read)).toEqual({ Id: "abc" });
  });
});

describe("https", () => {
  let key: string;
  let cert: string;
  beforeAll(() => {
    const folder = mkdtempSync(join(tmpdir(), "sftptogo-"));
    const [keyFile, certFile] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    const newCertificate = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"];
    const names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
    execFileSync("openssl", [...newCertificate, ...names, "-keyout", keyFile, "-out", certFile], {
      stdio: "ignore",
    });
    key = readFileSync(keyFile, "utf8");
    cert = readFileSync(certFile, "utf8");
    rmSync(folder, { recursive: true });
  });

  /** The server's requests, with what reached it; a transport that speaks to it. */
  async function serveTls(host = "localhost") {
    const requests: string[] = [];
    const server = https.createServer({ key, cert }, (request, response) => {
      requests.push(request.headers.authorization ?? "");
      response.end(answer);
    });
    let connections = 0;
    server.on("connection", () => connections++);
    const port = await listen(server);
    const baseUrl = `https://${host}:${port}`;
    const transport = createTransport({ ...settings, baseUrl }, { clock: fakeClock() });
    return { requests, transport, port, connections: () => connections };
  }

  function trust(): void {
    const before = tls.getCACertificates();
    tls.setDefaultCACertificates([...before, cert]);
    closing.push(() => tls.setDefaultCACertificates(before));
  }

  /** A proxy that knows CONNECT only, and where it was asked to connect to. */
  async function proxy({ refuse, after = 0 }: { refuse?: number; after?: number } = {}) {
    const asked: string[] = [];
    const seen: Buffer[] = [];
    const server = http.createServer((_request, response) => response.writeHead(500).end("not CONNECT"));
    server.on("connect", (request, client: net.Socket) => {
      asked.push(`${request.url} ${request.headers["proxy-authorization"] ?? ""}`.trim());
      client.on("error", () => {});
      if (refuse !== undefined) {
        client.end(`HTTP/1.1 ${refuse} Refused\r\n\r\n`);
        return;
      }
      const [, port] = String(request.url).split(":");
      const origin = net.connect(Number(port), "127.0.0.1", () => {
        setTimeout(() => client.write("HTTP/1.1 200 Connection established\r\n\r\n"), after);
        client.on("data", (bytes) => seen.push(bytes));
        client.pipe(origin).pipe(client);
      });
      origin.on("error", () => client.destroy());
    });
    const port = await listen(server);
    return { port, asked, seen: () => Buffer.concat(seen).toString("latin1") };
  }

  test("with a certificate nobody vouches for is refused once, and sees no request", async () => {
    const { requests, transport, connections } = await serveTls();
    const error = await failureOf(transport.send(read));
    expect(error).toMatchObject({ name: "ConnectionError", reason: "DEPTH_ZERO_SELF_SIGNED_CERT" });
    expect(error.message).toContain("NODE_EXTRA_CA_CERTS");
    expect(connections()).toBe(1);
    expect(requests).toEqual([]);
  });

  test("with a certificate for another name is refused", async () => {
    trust();
    const { requests, transport } = await serveTls("127.0.0.1");
    expect(await failureOf(transport.send(read))).toMatchObject({ reason: "ERR_TLS_CERT_ALTNAME_INVALID" });
    expect(requests).toEqual([]);
  });

  test("to a server that speaks no TLS is refused", async () => {
    const port = await listen(http.createServer());
    const transport = createTransport(
      { ...settings, baseUrl: `https://localhost:${port}` },
      { clock: fakeClock() },
    );
    const error = await failureOf(transport.send(read));
    expect(error).toMatchObject({ name: "ConnectionError" });
    expect(error.message).toContain("cannot be trusted");
  });

  test.each([
    ["a repeatable call", read],
    ["a create", create],
  ])("goes through the tunnel of HTTPS_PROXY (%s), which sees nothing of it", async (_what, call) => {
    trust();
    const { transport, port, requests } = await serveTls();
    const { port: proxyPort, asked, seen } = await proxy();
    vi.stubEnv("HTTPS_PROXY", `http://user:pass@127.0.0.1:${proxyPort}`);
    expect(await transport.send(call)).toEqual({ Id: "abc" });
    expect(asked).toEqual([`localhost:${port} Basic ${Buffer.from("user:pass").toString("base64")}`]);
    expect(requests).toEqual([`Bearer ${settings.apiKey}`]);
    expect(seen()).not.toContain(settings.apiKey);
  });

  test("waits for a proxy's tunnel longer than a connection may be idle before a create", async () => {
    trust();
    const { transport } = await serveTls();
    const { port } = await proxy({ after: 1_500 });
    vi.stubEnv("HTTPS_PROXY", `http://127.0.0.1:${port}`);
    expect(await transport.send(create)).toEqual({ Id: "abc" });
  });

  test("checks the certificate behind a proxy too", async () => {
    const { transport, requests } = await serveTls();
    const { port } = await proxy();
    vi.stubEnv("HTTPS_PROXY", `http://127.0.0.1:${port}`);
    expect(await failureOf(transport.send(read))).toMatchObject({ reason: "DEPTH_ZERO_SELF_SIGNED_CERT" });
    expect(requests).toEqual([]);
  });

  test("goes around the proxy for the hosts of NO_PROXY", async () => {
    trust();
    const { transport } = await serveTls();
    vi.stubEnv("HTTPS_PROXY", "http://127.0.0.1:1");
    vi.stubEnv("NO_PROXY", "example.com,localhost");
    expect(await transport.send(read)).toEqual({ Id: "abc" });
  });

  test("says that the proxy wants a login", async () => {
    const { transport } = await serveTls();
    const { port } = await proxy({ refuse: 407 });
    vi.stubEnv("HTTPS_PROXY", `http://127.0.0.1:${port}`);
    const error = await failureOf(transport.send(create));
    expect(error).toMatchObject({ name: "ConnectionError", status: 407, aftermath: "refused" });
  });

  test("says that the proxy's address is none, without its password", async () => {
    const { transport } = await serveTls();
    vi.stubEnv("HTTPS_PROXY", "http://user:hunter22@[nowhere");
    const error = await failureOf(transport.send(create));
    expect(error).toMatchObject({ name: "ConnectionError", aftermath: "never sent" });
    expect(error.message).toContain("HTTPS_PROXY");
    expect(error.message).not.toContain("hunter22");
  });

  test("never left if the proxy is not there", async () => {
    const { transport } = await serveTls();
    vi.stubEnv("HTTPS_PROXY", "http://127.0.0.1:1");
    expect(await failureOf(transport.send(create))).toMatchObject({
      reason: "ECONNREFUSED",
      aftermath: "never sent",
    });
  });
});
