/**
 * Judges a life by the emulator's data, its ledger and the exported state against what the program declares, field
 * by field. Nothing that the package says of itself counts.
 */
import { inspect } from "node:util";
import type { Emulator, EmulatorData } from "../../../provider/emulator/index.js";
import type { Plain } from "../../../provider/values/plain.js";
import { keysOfSet } from "../stage/keysOfSet.ts";
import type { Declared, Program } from "../stage/program.ts";
import type { Recorded, Report } from "../stage/stage.ts";
import type { DialectName } from "./catalog/index.ts";
import { lacks } from "./expected.ts";
import { refusedPassword } from "./program.ts";

/** What must not happen, from bad to worse. */
export const outcomes = ["cannot", "fails", "crash", "endless diff", "harm"] as const;
export type Outcome = (typeof outcomes)[number];

export interface Found {
  readonly outcome: Outcome;
  readonly step: string;
  readonly detail: string;
}

/** A message that tells nobody what to do. */
const unclear =
  /\b(Type|Range|Reference|Syntax|Assertion)Error\b|Cannot read prop|is not (a function|iterable)|\[object |\bundefined\b|\bNaN\b|In the answer, |Invalid (type|key|date)|^ +at .+:\d+:\d+\)?$|string field contains/m;

/** Whatever a failure and its ways of being printed hold. */
function everythingOf(error: Error): string {
  return [error.message, error.stack ?? "", inspect(error, { depth: 10 })].join("\n");
}

/** What a terminal acts on instead of showing it. */
const invisible = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

export function isUnclear({ message }: Error): boolean {
  return message.trim() === "" || unclear.test(message) || invisible.test(message.replaceAll("\n", " "));
}

const deletes = ["deleteCredential", "removeSshPublicKey", "deleteWebhook", "deleteShareLink"];
const longestLine = 500;
const everybody = "0.0.0.0/0";

export class Judge {
  readonly found: Found[] = [];
  readonly #dialect: DialectName | undefined;
  readonly #now: () => number;
  readonly #emulator: Emulator;
  readonly #foreign: ReadonlyMap<string, string>;
  readonly #secrets = new Map<string, string>();
  /** Logins whose rules have to be on before they are open. */
  readonly #ruled = new Map<string, Plain>();
  readonly #printed: string[] = [];
  step = "";

  constructor(emulator: Emulator, dialect: DialectName | undefined, now: () => number) {
    this.#now = now;
    this.#emulator = emulator;
    this.#dialect = dialect;
    this.#foreign = new Map(
      [...objectsOf(emulator.data)].map(([id, object]) => [id, JSON.stringify(object)]),
    );
    this.#secrets.set("the key", emulator.apiKey);
    this.#secrets.set("a refused password", refusedPassword);
  }

  note(outcome: Outcome, detail: string): void {
    const { step } = this;
    if (this.found.some((other) => other.outcome === outcome && other.detail === detail)) return;
    this.found.push({ outcome, step, detail });
  }

  /** Has to be told of what the next command runs with. */
  declare(program: Program): void {
    this.#ruled.clear();
    for (const { kind, args } of program) {
      for (const name of ["password", "authorizationHeader"]) {
        if (typeof args[name] === "string") this.#secrets.set(`${name} ${args[name]}`, args[name]);
      }
      if (kind === "Credential" && args.inboundRules !== undefined) {
        this.#ruled.set(String(args.userName).toLowerCase(), args);
      }
    }
  }

  /** At the arrival of each request: no login is open that should have rules and has not. */
  watch(): void {
    // Some passwords live no longer than until the next request.
    this.#noteServerSecrets();
    for (const [id, { UserName, State, Settings }] of this.#emulator.data.credentials) {
      const args = this.#ruled.get(UserName.toLowerCase());
      if (args === undefined || State !== "active" || this.#foreign.has(id)) continue;
      const isOpen = Settings.Network.InboundRules.some(
        (rule) => rule.Source === everybody && rule.State === "enabled",
      );
      if (!isOpen) continue;
      if (lacks(this.#dialect, "closing")) this.note("cannot", "lacks closing");
      else this.note("harm", `${UserName} is open to everybody though it has rules`);
    }
  }

  /** What a command printed, and how it failed. */
  hear(report: Report, readableState: string): void {
    this.#noteServerSecrets();
    this.#printed.push(report.printed);
    for (const [name, error] of report.failures) {
      if (isUnclear(error)) this.note("crash", `${name}: ${firstLine(error.message)}`);
    }
    const texts = new Map([
      ["printed", report.printed],
      ["the state", readableState],
      ...[...report.failures].map(
        ([name, error]) => [`the failure of ${name}`, everythingOf(error)] as const,
      ),
    ]);
    for (const [where, text] of texts) {
      for (const [what, secret] of this.#secrets) {
        const form = formsOf(secret).find(([, encoded]) => text.includes(encoded));
        if (form !== undefined)
          this.note("harm", `a secret is in ${where}, ${form[0]} (${what.split(" ")[0]})`);
      }
    }
  }

  /** Each resource that did not fail is on the server as it is declared, and in the state as it is on the server. */
  judge(program: Program, state: ReadonlyMap<string, Recorded>, failures: ReadonlySet<string>): void {
    const { data } = this.#emulator;
    this.watch();
    for (const [id, was] of this.#foreign) {
      const is = objectsOf(data).get(id);
      if (JSON.stringify(is) !== was) this.note("harm", `somebody else's ${id} was changed`);
    }
    for (const declared of program) {
      const { name, kind, args } = declared;
      const recorded = state.get(name);
      if (failures.has(name)) continue;
      const id = recorded === undefined ? "" : objectIdOf(recorded);
      const object =
        kind === "SshPublicKeySet"
          ? keysIn(data, id, recorded?.outputs, args, this.#now())
          : objectsOf(data).get(id);
      if (recorded === undefined || object === undefined) {
        this.note(
          "harm",
          `${name} is said to be made and is not ${recorded ? "on the server" : "in the state"}`,
        );
        continue;
      }
      if (this.#foreign.has(id)) this.note("harm", `${name} took over somebody else's object`);
      if (recorded.kind !== kind) this.note("harm", `${name} is of another kind`);
      for (const detail of this.#differences(declared, object))
        this.note("harm", `${name}: ${detail}, and no failure`);
      this.#judgeOutputs(declared, recorded, data, id);
    }
  }

  /** Objects that this stack made and that no state knows, and two of one. */
  judgeLoose(state: ReadonlyMap<string, Recorded>): void {
    const known = new Set(
      [...state.values()].flatMap((each) =>
        each.kind === "SshPublicKeySet" ? keysOfSet(this.#emulator.data, each) : [objectIdOf(each)],
      ),
    );
    for (const [id, object] of objectsOf(this.#emulator.data)) {
      if (known.has(id) || this.#foreign.has(id)) continue;
      // A create that was neither answered nor found, and was refused with the id to import: the user knows of it.
      if (this.#printed.some((text) => text.includes(`import: "${id}"`))) continue;
      const { UserName, Url, Path, Fingerprint } = object;
      this.note("harm", `an orphan or a double: ${UserName ?? Path ?? Url ?? Fingerprint}`);
    }
  }

  judgeDeletes(allowed: ReadonlySet<string>): void {
    for (const { operation, acted, objectId } of this.#emulator.ledger) {
      if (!acted || !deletes.includes(operation) || allowed.has(objectId ?? "")) continue;
      this.note("harm", `${operation} of a live object`);
    }
  }

  #differences({ kind, args }: Declared, object: Plain): string[] {
    const wrong: string[] = [];
    for (const [name, declared] of Object.entries(args)) {
      const compare = comparisons[kind]?.[name];
      if (compare !== undefined && !compare(declared, object)) wrong.push(`${name} is not as declared`);
    }
    if (kind === "Credential" && args.state === undefined && object.State !== "active") {
      wrong.push("it is not active");
    }
    return wrong;
  }

  #judgeOutputs({ name, kind, args }: Declared, { outputs }: Recorded, data: EmulatorData, id: string): void {
    const credential = data.credentials.get(id);
    const link = data.shareLinks.get(id);
    const secrets: Plain =
      kind === "Webhook"
        ? { secret: data.webhooks.get(id)?.Secret }
        : kind === "ShareLink"
          ? { url: link?.Url, ...(link?.Password && { password: link.Password }) }
          : kind === "SshPublicKey" || kind === "SshPublicKeySet"
            ? {}
            : { password: credential?.Password };
    for (const [key, is] of Object.entries(secrets)) {
      const recorded = outputs[key];
      if (recorded === is) continue;
      // A rotation beside a credential: its own output is the one that counts, until a refresh.
      if (name === "plain" && key === "password" && this.#isRealPassword(recorded)) continue;
      if ((recorded ?? null) === null && lacks(this.#dialect, `${kind}.${key}`)) {
        this.note("cannot", `lacks ${kind}.${key}`);
        if (!this.#hasTold(key))
          this.note("fails", `${name}: ${key} is missing in the state, without a word`);
        continue;
      }
      this.note(
        "harm",
        `${name}: ${key} in the state is ${recorded == null ? "missing" : "not the server's"}`,
      );
    }
    const { uri } = outputs;
    if (typeof uri === "string" && credential !== undefined && name !== "plain") {
      const right = `:${encodeURIComponent(credential.Password)}@${credential.Host}`;
      const isRight =
        uri.endsWith(right) &&
        uri.toLowerCase().includes(`//${String(args.userName ?? credential.UserName).toLowerCase()}:`);
      if (!isRight) this.note("harm", `${name}: uri in the state does not sign in`);
    }
    if (/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(textOf(outputs))) {
      this.note("harm", `${name}: half a character in the state, which the engine cannot carry`);
    }
  }

  /** Whether any message was about this output. */
  #hasTold(key: string): boolean {
    return this.#printed.some((text) => text.includes(key));
  }

  /** One that a login of this stack had once. */
  #isRealPassword(value: unknown): boolean {
    return [...this.#secrets.values()].some((secret) => secret === value) || (value ?? null) === null;
  }

  #noteServerSecrets(): void {
    const { credentials, webhooks, shareLinks } = this.#emulator.data;
    for (const { Id, Password } of credentials.values())
      this.#secrets.set(`password-of ${Id} ${Password}`, Password);
    for (const { Id, Secret } of webhooks.values()) this.#secrets.set(`webhook-secret ${Id}`, Secret);
    for (const { Id, Url } of shareLinks.values()) this.#secrets.set(`link-url ${Id}`, Url);
  }
}

type Comparison = (declared: unknown, object: Plain) => boolean;

/** Texts may come back trimmed, cut, in another case; what opens access may not. */
const comparisons: Readonly<Record<string, Readonly<Record<string, Comparison>>>> = {
  Credential: {
    userName: (declared, { UserName }) => String(declared).toLowerCase() === String(UserName).toLowerCase(),
    alias: (declared, { Alias }) => isSpelled(declared, Alias),
    password: (declared, { Password }) => declared === Password,
    homeDirectory: (declared, { HomeDirectory }) => bare(declared) === bare(HomeDirectory),
    chrootDirectory: (declared, { ChrootDirectory }) => bare(declared) === bare(ChrootDirectory),
    permission: (declared, { Permission }) => declared === Permission,
    expiration: (declared, { Expiration }) => declared === Expiration,
    state: (declared, { State }) => declared === State,
    inboundRules: (declared, { Settings }) => isSameRules(declared, Settings),
  },
  SshPublicKey: {
    sshPublicKeyBody: (declared, { SshPublicKeyBody }) => blobOf(declared) === blobOf(SshPublicKeyBody),
  },
  SshPublicKeySet: {
    sshPublicKeyBodies: (declared, { bodies }) => isSameKeys(declared, bodies),
  },
  Webhook: {
    alias: (declared, { Alias }) => isSpelled(declared, Alias),
    url: (declared, { Url }) => sameUrl(declared) === sameUrl(Url),
    type: (declared, { Type }) => declared === Type,
    topics: (declared, { Topics }) => hasTopics(declared, Topics),
    authorizationHeader: (declared, is) => (declared || null) === (is.AuthorizationHeader || null),
    state: (declared, { State }) => declared === State,
  },
  ShareLink: {
    path: (declared, { Path }) => bare(declared) === bare(Path),
    permission: (declared, { Permission }) => declared === Permission,
    expiresAt: (declared, { ExpiresAt }) => Math.abs(Number(declared ?? 0) - Number(ExpiresAt ?? 0)) < 1000,
    accessLimit: (declared, { AccessLimit }) => (declared ?? 0) === AccessLimit,
    password: (declared, { Password }) => declared === Password,
    notes: (declared, { Notes }) => isSpelled(declared, Notes),
  },
};

function isSpelled(declared: unknown, is: unknown): boolean {
  const [whole, part] = [declared, is].map((text) => String(text ?? "").trim());
  if (whole === undefined || part === undefined) return false;
  // Half of an emoji at the end is a cut, too. Less than four characters would be no spelling of anything.
  return part === whole || (part.length >= 4 && whole.startsWith(part));
}

function bare(path: unknown): string {
  return String(path ?? "").replace(/^\/+|\/+$/g, "");
}

function blobOf(body: unknown): string {
  return String(body).trim().split(/ +/).slice(0, 2).join(" ");
}

/** The keys of a credential, without those whose overlap has not ended. */
function keysIn(
  data: EmulatorData,
  id: string,
  outputs: Plain | undefined,
  { overlapDays = 0 }: Plain,
  now: number,
): Plain | undefined {
  if (!data.credentials.has(id)) return undefined;
  const outgoing = [outputs?.outgoing ?? []].flat().map(Object);
  const leaving = outgoing.filter(({ since }) => now < Date.parse(since) + Number(overlapDays) * 86_400_000);
  const held = data.sshPublicKeysOf(id).filter((key) => !leaving.some(({ keyId }) => keyId === key.Id));
  return { bodies: held.map(({ SshPublicKeyBody }) => SshPublicKeyBody) };
}

function isSameKeys(declared: unknown, bodies: unknown): boolean {
  const blobs = (all: unknown) => [all].flat().map(blobOf).sort().join();
  return blobs(declared) === blobs(bodies);
}

function sameUrl(url: unknown): string {
  return new URL(String(url)).href.replace(/\/+$/, "");
}

function hasTopics(declared: unknown, is: unknown): boolean {
  if (!Array.isArray(declared) || !Array.isArray(is)) return false;
  return (
    declared.every((topic) => is.includes(topic)) &&
    is.every((topic) => declared.includes(topic) || topic === "webhook.ping")
  );
}

/** Enabled rules are those that let anybody in; the order, ids and descriptions are the service's. */
function isSameRules(declared: unknown, settings: unknown): boolean {
  const key = (source: unknown, protocol: unknown) => `${source} ${String(protocol ?? "*").toUpperCase()}`;
  const wanted = (declared as Plain[]).map(({ source, protocol }) => key(source, protocol));
  const { InboundRules } = (settings as { Network: { InboundRules: Plain[] } }).Network;
  const enabled = InboundRules.filter(({ State }) => State === "enabled");
  return (
    JSON.stringify(wanted.sort()) === JSON.stringify(enabled.map((r) => key(r.Source, r.Protocol)).sort())
  );
}

/** A secret as it may be printed, by itself or inside of something that was encoded as a whole. */
function formsOf(secret: string): [string, string][] {
  const bytes = Buffer.from(secret);
  const url = encodeURIComponent(secret);
  const json = JSON.stringify(secret).slice(1, -1);
  const hex = bytes.toString("hex");
  const html = secret.replace(/[&<>"]/g, (character) => `&${entities[character]};`);
  const htmlWhole = html.replaceAll("/", "&#x2F;").replaceAll("'", "&#39;");
  const base64 = [0, 1, 2].map((before) => base64After(before, bytes));
  const forms: [string, readonly string[]][] = [
    ["as it is", [secret]],
    ["in JSON", [json]],
    ["in JSON twice", [JSON.stringify(json).slice(1, -1)]],
    ["in a URL", [url]],
    ["in a URL twice", [encodeURIComponent(url)]],
    ["in HTML", [html, htmlWhole]],
    ["in base64", base64.flatMap((text) => [text, text.replaceAll("+", "-").replaceAll("/", "_")])],
    ["in hexadecimal digits", [hex, hex.toUpperCase()]],
  ];
  return forms.flatMap(([how, texts]) => texts.map((text): [string, string] => [how, text]));
}

const entities: Readonly<Record<string, string>> = { "&": "amp", "<": "lt", ">": "gt", '"': "quot" };

/** The digits of base64 that are the secret's alone where so many bytes, of three, stand before it. */
function base64After(before: number, bytes: Buffer): string {
  const whole = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
  return whole.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map(textOf).join("\n");
  return typeof value === "object" && value !== null ? Object.values(value).map(textOf).join("\n") : "";
}

export function objectsOf(data: EmulatorData): Map<string, Plain> {
  const { credentials, sshPublicKeys, webhooks, shareLinks } = data;
  const all = [...credentials, ...sshPublicKeys, ...webhooks, ...shareLinks];
  return new Map(all.map(([id, object]) => [id, { ...object }]));
}

/** The API's id: a key's in the state is `credentialId/keyId`, a rotation's `credentialId/time`. */
export function objectIdOf({ id, kind }: Recorded): string {
  if (kind !== "SshPublicKey" && kind !== "PasswordRotation") return id;
  const at = id.lastIndexOf("/");
  return kind === "SshPublicKey" ? id.slice(at + 1) : id.slice(0, at);
}

export function firstLine(message: string): string {
  // Without ids, so that a message that comes again is noted once.
  const line = (message.split("\n")[0] ?? "").replace(/\b(?=\w*\d)[\w-]{13,}/g, "(id)");
  return line.slice(0, longestLine);
}
