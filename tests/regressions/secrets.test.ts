/**
 * Secrets that were printed or kept in plain text (findings, part 2), each with siblings. What the real engine prints
 * and stores of them is in `tests/engine/findings.test.ts`. S6 is a matter of the documentation.
 */
import { generateKeyPairSync } from "node:crypto";
import { inspect } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, test } from "vitest";
import * as sftptogo from "../../provider/index.js";
import type { Kind } from "../../provider/protocol/kinds.js";
import { loadProduct } from "../harness/stage/product.js";
import type { Declared } from "../harness/stage/program.js";
import { mockEngine, resolved } from "../protocol/program.js";
import { ed25519 } from "../resources/shared/keys.js";
import { openScene, type Scene } from "./scene.js";

/** With characters that each encoding writes in its own way. */
const canary = `Canary"&<'/+ ü\\%7`;

/** A resource that would be right. */
const right: Readonly<Record<Kind, Declared["args"]>> = {
  Credential: { userName: "acme-incoming" },
  SshPublicKey: { credentialId: "4ddb2ea265b8eaf7685b4e125a1292", sshPublicKeyBody: ed25519 },
  Webhook: { url: "https://hooks.example.com/sftp", topics: ["file.created"] },
  ShareLink: { path: "/reports/", permission: "read-only" },
  PasswordRotation: { credentialId: "4ddb2ea265b8eaf7685b4e125a1292" },
  SshPublicKeySet: { credentialId: "4ddb2ea265b8eaf7685b4e125a1292", sshPublicKeyBodies: [ed25519] },
  CredentialRotation: { credentialIds: ["4ddb2ea265b8eaf7685b4e125a1292", "4ddb2ea265b8eaf7685b4e125a1293"] },
};

/** What the engine prints of a check: the value of a property that a failure names, and the reasons. */
async function printedByCheck(kind: Kind, args: Declared["args"]): Promise<string> {
  const warnings: string[] = [];
  const product = await loadProduct();
  const handlers = product.newProcess({
    config: {
      "sftptogo:apiKey": "the-key-of-the-tests",
      "sftptogo:organizationId": "72e9cf24-be8c-4f15-9aa2-813281fb98fe",
      "sftptogo:baseUrl": "http://127.0.0.1:9",
      "sftptogo:preflight": "false",
    },
    environment: {},
    warn: (text) => warnings.push(text),
  })(kind);
  const news: Readonly<Record<string, unknown>> = { ...right[kind], ...args, __provider: "the stub" };
  const { failures = [] } = await handlers.check({}, news);
  const lines = failures.map(({ property, reason }) =>
    property === ""
      ? reason
      : `property ${property} value {${inspect(news[property])}} has a problem: ${reason}`,
  );
  return [...lines, ...warnings].join("\n");
}

describe("S1 a value that check refuses, or warns of, is printed nowhere", () => {
  const time = `2026-13-45 ${canary}`;
  const rows: readonly [Kind, Declared["args"]][] = [
    ["Webhook", { url: `http://hooks.example.com/${canary}` }],
    ["Webhook", { url: canary, type: "email" }],
    ["Webhook", { topics: [canary] }],
    ["Webhook", { topics: [canary, canary] }],
    ["Webhook", { type: canary }],
    ["Webhook", { state: canary }],
    ["Webhook", { authorizationHeader: `Bearer\n${canary}` }],
    ["Webhook", { alias: [canary] }],
    ["ShareLink", { path: canary }],
    ["ShareLink", { path: `/${canary}`, permission: "read-write" }],
    ["ShareLink", { permission: canary }],
    ["ShareLink", { expiresAt: time }],
    ["ShareLink", { notes: [canary] }],
    ["ShareLink", { accessLimit: canary }],
    ["ShareLink", { password: { canary } }],
    ["ShareLink", { onConsumed: canary }],
    ["Credential", { userName: canary }],
    ["Credential", { userName: `${canary}@example.com` }],
    ["Credential", { homeDirectory: [canary] }],
    ["Credential", { permission: canary }],
    ["Credential", { permission: `read-wirte${canary.slice(0, 1)}` }],
    ["Credential", { expiration: time }],
    ["Credential", { password: [canary] }],
    ["Credential", { inboundRules: [{ source: canary }] }],
    ["Credential", { inboundRules: [{ source: "203.0.113.7", protocol: canary }] }],
    ["Credential", { inboundRules: [{ source: "203.0.113.7", description: [canary] }] }],
    ["Credential", { pasword: canary }],
    ["SshPublicKey", { sshPublicKeyBody: canary }],
    ["SshPublicKey", { sshPublicKeyBody: `ssh-rsa ${canary}` }],
    ["SshPublicKey", { credentialId: `../${canary}` }],
    ["SshPublicKeySet", { sshPublicKeyBodies: [canary] }],
    ["SshPublicKeySet", { sshPublicKeyBodies: canary }],
    ["SshPublicKeySet", { sshPublicKeyBodies: [{ canary }] }],
    ["SshPublicKeySet", { overlapDays: canary }],
    ["PasswordRotation", { rotateAfterDays: canary }],
    ["PasswordRotation", { password: [canary] }],
  ];
  test.each(rows.map(([kind, args]) => ({ kind, args, key: Object.keys(args)[0] })))(
    "$key of $kind: $args",
    async ({ kind, args }) => {
      const printed = await printedByCheck(kind, args);
      expect(printed).toMatch(/^[\w.[\]]+ /);
      expectWithout(printed, [canary]);
    },
  );
});

describe("S2 addresses of webhooks are secrets", () => {
  const addresses = [
    { what: "Slack's", url: "https://hooks.slack.com/services/T000/B000/Canary", type: "slack" },
    { what: "Teams'", url: "https://x.webhook.office.com/webhookb2/Canary", type: "ms-teams" },
    { what: "with a password", url: "https://user:Canary@hooks.example.com/", type: "webhook" },
    { what: "with a token", url: "https://hooks.example.com/?token=Canary", type: "webhook" },
  ];
  let registered: Awaited<ReturnType<typeof mockEngine>>;
  beforeEach(async () => {
    registered = await mockEngine();
  });

  test.each(addresses)(
    "$what: input and output are secret, whatever the program says",
    async ({ url, type }) => {
      const webhook = new sftptogo.Webhook("hook", { url, type, topics: ["file.created"] });
      await resolved(webhook.urn);
      expect(await pulumi.isSecret(webhook.url)).toBe(true);
      expect(registered[0]?.type).toMatch(/:Webhook$/);
    },
  );

  test.each(addresses)("$what: a failed request and a difference do not print it", async ({ url, type }) => {
    const scene = await openScene();
    const { body } = await scene.asSomebody("POST", "/webhooks", {
      Url: url,
      Topics: ["file.created"],
      Type: type,
    });
    const hook = (args: Declared["args"], importId?: string): Declared => ({
      name: "hook",
      kind: "Webhook",
      args: { topics: ["file.created"], type, ...args },
      import: importId,
    });
    const { printed } = await scene.preview([hook({ url: `${url}-other` }, String(body.Id))]);
    expect(printed).toMatch(/url differs/);
    scene.meddle = async (asked, serve) =>
      asked.method === "GET" ? serve() : { status: 400, headers: {}, body: `no: ${asked.body} ${url}` };
    const failed = await scene.up([hook({ url, alias: "another" })]);
    expect(failed.failures.size).toBe(1);
    expect(printed + failed.printed).not.toContain("Canary");
  });
});

describe("S3 a private key in the place of a public one", () => {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const lines = pem.trim().split("\n");
  const bare = lines.slice(1, -1);
  const rows = [
    { what: "in PEM", body: pem },
    { what: "as PKCS #1", body: privateKey.export({ type: "pkcs1", format: "pem" }).toString() },
    { what: "without its armour", body: bare.join("\n") },
    { what: "without its armour, on one line", body: bare.join("") },
    { what: "in base64", body: Buffer.from(pem).toString("base64") },
    { what: "in base64, after a type", body: `ssh-rsa ${Buffer.from(pem).toString("base64")}` },
    { what: "without its armour, after a type", body: `ssh-rsa ${bare.join("")} ops@acme.example` },
    { what: "on one line with blanks", body: lines.join(" ") },
    { what: "of PuTTY", body: `PuTTY-User-Key-File-3: ssh-rsa\nPrivate-Lines: 14\n${bare.join("\n")}` },
  ];
  test.each(rows)("$what: refused, and none of it printed", async ({ body }) => {
    const printed = await printedByCheck("SshPublicKey", { sshPublicKeyBody: body });
    expect(printed).toMatch(/^sshPublicKeyBody/);
    const pieces = [...bare, ...(Buffer.from(pem).toString("base64").match(/.{32}/g) ?? [])];
    expect(pieces.filter((piece) => printed.includes(piece.slice(0, 24)))).toEqual([]);
  });
});

describe("S4 a refusal that repeats what was sent, in any encoding", () => {
  const dialects = [
    "echo-plain",
    "echo-base64",
    "echo-hex",
    "echo-html",
    "echo-json-in-json",
    "echo-url-twice",
  ] as const;
  const secret = `Se"cret&<'/+ ü\\%7-of-this-test`;
  const header = "Bearer Se&cret'/+<%7-of-this-test";
  const address = "https://hooks.slack.com/services/T0/B0/Se&cret'+%7";

  /** A name or an alias that is refused, beside each secret that there is. */
  async function refused(dialect: (typeof dialects)[number]): Promise<{ scene: Scene; printed: string }> {
    const scene = await openScene({ dialects: [dialect] });
    await scene.asSomebody("POST", "/users", { UserName: "acme-incoming" });
    scene.meddle = async (asked, serve) => {
      // Whatever the emulator does not refuse by itself, it is made to: a topic that there is not.
      const broken = { ...asked, body: asked.body };
      return broken.method === "POST" && asked.path !== "/users" ? refusedByEmulator(scene, asked) : serve();
    };
    const report = await scene.up([
      { name: "acme", kind: "Credential", args: { userName: "acme-incoming", password: secret } },
      {
        name: "hook",
        kind: "Webhook",
        args: { ...right.Webhook, url: address, authorizationHeader: header },
      },
      { name: "link", kind: "ShareLink", args: { ...right.ShareLink, password: secret } },
    ]);
    expect(report.failures.size).toBe(3);
    const errors = [...report.failures.values()].map((error) => inspect(error, { depth: 9 }));
    return { scene, printed: [report.printed, ...errors].join("\n") };
  }

  /** The same body with a field that the emulator refuses. */
  async function refusedByEmulator(scene: Scene, asked: { method: string; path: string; body: string }) {
    const body = { ...JSON.parse(asked.body), Topics: [], Permission: "no such one", Path: "" };
    const reply = await scene.asSomebody(asked.method, asked.path, body);
    return { status: reply.status, headers: Object.fromEntries(reply.headers), body: reply.text };
  }

  test.each(dialects)("%s: password, header, url and key", async (dialect) => {
    const { scene, printed } = await refused(dialect);
    expectWithout(printed, [secret, header, address, scene.emulator.apiKey]);
  });

  test.each(dialects)("%s: what the state knows and this request did not send", async (dialect) => {
    const scene = await openScene({ dialects: [dialect] });
    const program = (alias: string): Declared[] => [
      { name: "hook", kind: "Webhook", args: { ...right.Webhook, alias, url: address } },
    ];
    await scene.done(program("first"));
    const [{ Secret = "" } = {}] = scene.emulator.data.webhooks.values();
    scene.meddle = async (asked, serve) => {
      if (asked.method !== "PATCH") return serve();
      const echo = { message: `not allowed: ${form(dialect, Secret)} ${form(dialect, address)}` };
      return { status: 400, headers: { "content-type": "application/json" }, body: JSON.stringify(echo) };
    };
    const { printed, failures } = await scene.up(program("second"));
    expect(failures.size).toBe(1);
    expectWithout(printed, [Secret, address]);
  });
});

function form(dialect: string, text: string): string {
  const forms: Readonly<Record<string, (text: string) => string>> = {
    "echo-base64": (text) => Buffer.from(text).toString("base64"),
    "echo-hex": (text) => Buffer.from(text).toString("hex"),
    "echo-html": inHtml,
    "echo-json-in-json": (text) => JSON.stringify(JSON.stringify(text)),
    "echo-url-twice": (text) => encodeURIComponent(encodeURIComponent(text)),
  };
  return forms[dialect]?.(text) ?? text;
}

function inHtml(text: string): string {
  return text.replace(/[&<>"'/]/g, (character) => `&#x${character.charCodeAt(0).toString(16)};`);
}

/** Decodes a text in every usual way, again and again, and looks for the secrets. */
function expectWithout(printed: string, secrets: readonly string[]): void {
  const readable = new Set([printed]);
  for (let depth = 0; depth < 3; depth++) {
    for (const text of [...readable]) for (const each of decoded(text)) readable.add(each);
  }
  // A good part of a secret is as bad as all of it.
  const part = (secret: string) => (secret.length > 24 ? secret.slice(-20, -2) : secret);
  const leaked = secrets.filter((secret) => [...readable].some((text) => text.includes(part(secret))));
  expect(leaked).toEqual([]);
}

function decoded(text: string): string[] {
  const unescaped = text.replace(/\\(["\\/])/g, "$1");
  const html = text
    .replace(/&#x([0-9a-f]+);/gi, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)))
    .replace(/&#(\d+);/g, (_, digits: string) => String.fromCodePoint(Number(digits)))
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&");
  const url = text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (codes) =>
    Buffer.from(codes.replaceAll("%", ""), "hex").toString(),
  );
  const inner = [
    ...(text.match(/[A-Za-z0-9+/_-]{12,}={0,2}/g) ?? []).flatMap((word) =>
      [0, 1, 2, 3].map((offset) => Buffer.from(word.slice(offset), "base64").toString()),
    ),
    ...(text.match(/(?:[0-9a-f]{2}){6,}/gi) ?? []).map((word) => Buffer.from(word, "hex").toString()),
  ];
  return [unescaped, html, url, inner.join("\n")].filter((each) => each !== text && each !== "");
}
