/**
 * A delivery, verified and typed. What the payload looks like is known from the vendor's documentation only, so
 * just what an event cannot do without is required: its id, its topic and, for a file, its path.
 */
import { WebhookError } from "./refusal";
import { isSigned, isSignedInBase64 } from "./signature";

/**
 * The headers of a request, with names in any case: Node's `request.headers` or `request.rawHeaders`, a Fetch
 * `Headers`, a `Map`, pairs of name and value, or any object whose values are strings or arrays of strings.
 */
export type WebhookHeaders =
  | Iterable<readonly [string, string]>
  | readonly string[]
  | { readonly [name: string]: string | readonly string[] | undefined };

/** Who caused an event. */
export interface WebhookActor {
  /** E.g. `User` for a credential, or `IAM`. */
  readonly type: string;
  /** For a `User`, the credential's user name. */
  readonly id: string | undefined;
}

/** What every event has. What is documented as optional is `undefined` where it is missing or of another type. */
export interface WebhookEventBase {
  /**
   * The event's id. Deliveries are made at least once, so an event may arrive more than once: remember the ids of
   * those you have handled, and drop the repeats.
   */
  readonly id: string;
  /** When the event happened. */
  readonly createdAt: Date | undefined;
  /** Who caused it. */
  readonly actor: WebhookActor | undefined;
  /** The whole body, as parsed, for whatever is not typed here. Its paths are not decoded. */
  readonly payload: Readonly<Record<string, unknown>>;
}

/** The topics whose events have a path. */
export type FileTopic = "file.created" | "file.deleted" | "file.downloaded";

/** A file or folder was created, deleted or downloaded. */
export interface FileEvent extends WebhookEventBase {
  /** What happened to the file or folder. */
  readonly topic: FileTopic;
  /**
   * The path, decoded, e.g. `/partners/acme/a b.csv`; a folder's ends with a slash. It has no `.` or `..` segment,
   * with `/` or with `\`, and no NUL character.
   */
  readonly path: string;
  /** Whether it is a folder. */
  readonly isFolder: boolean;
  /** The size in bytes; `undefined` for what was deleted. */
  readonly size: number | undefined;
  /** The client's IP address. The service documents it for downloads only. */
  readonly clientIp: string | undefined;
  /** `SFTP`, `FTPS` or `WEB_PORTAL`. The service documents it for downloads only. */
  readonly protocol: string | undefined;
  /** The id of the client's session. The service documents it for downloads only. */
  readonly sessionId: string | undefined;
}

/** The service tries out whether the webhook works. */
export interface PingEvent extends WebhookEventBase {
  /** Always `webhook.ping`. */
  readonly topic: "webhook.ping";
}

/** An event of a topic that this version does not know. Answer it with success, so that it does not count as failed. */
export interface UnknownEvent extends WebhookEventBase {
  /** Always `unknown`; the name that was sent is in `unknownTopic`. */
  readonly topic: "unknown";
  /** The topic as it was sent, e.g. `file.infected`. */
  readonly unknownTopic: string;
}

/** An event; its `topic` tells which. */
export type WebhookEvent = FileEvent | PingEvent | UnknownEvent;

/**
 * Verifies a delivery and reads its event. Nothing is read from a body before its signature is verified: `sha256=`
 * and the hex HMAC-SHA256 of the raw body, or its bare base64 form.
 *
 * @example
 * ```ts
 * import { parseWebhook } from "pulumi-sftptogo/webhooks";
 *
 * const event = parseWebhook(rawBody, request.headers, secret);
 * if (event.topic === "file.created" && !event.isFolder) console.log(`${event.path}: ${event.size} bytes`);
 * ```
 *
 * @param rawBody The body as it was received, before any parsing.
 * @param headers The request's headers.
 * @param secret The webhook's `secret` output.
 * @throws {@link WebhookError} if the delivery is to be refused; its `status` is the answer's.
 * @throws `TypeError` if the body is not raw, and `Error` if the secret is empty: the receiver has to be mended.
 */
export function parseWebhook(
  rawBody: string | Uint8Array,
  headers: WebhookHeaders,
  secret: string,
): WebhookEvent {
  if (typeof rawBody !== "string" && !(rawBody instanceof Uint8Array)) {
    throw new TypeError(
      "The body must be the raw one, a string or bytes: read it before any JSON parser does.",
    );
  }
  const [signature, ...more] = signaturesIn(headers);
  const delivery = { secret, body: rawBody, signature };
  // First, so that an empty secret is noticed whatever arrives.
  const isVerified = isSigned(delivery) || isSignedInBase64(delivery);
  if (signature === undefined || more.length > 0) {
    throw new WebhookError("unsigned", "The delivery must have exactly one X-Hub-Signature header.");
  }
  if (!isVerified) {
    throw new WebhookError("wrong-signature", "The delivery is not signed with this webhook's secret.");
  }
  return eventOf(parse(rawBody));
}

function signaturesIn(headers: WebhookHeaders): string[] {
  return pairsOf(headers)
    .filter(([name]) => name.toLowerCase() === "x-hub-signature")
    .flatMap(([, value]) => value ?? []);
}

function pairsOf(headers: WebhookHeaders): (readonly [string, string | readonly string[] | undefined])[] {
  if (!isIterable(headers)) return Object.entries(headers);
  const pairs: (readonly [string, string])[] = [];
  let name: string | undefined;
  for (const each of headers) {
    if (typeof each !== "string") pairs.push(each);
    // `rawHeaders` is flat: name, value, name, value.
    else if (name === undefined) name = each;
    else {
      pairs.push([name, each]);
      name = undefined;
    }
  }
  return pairs;
}

function isIterable(
  headers: WebhookHeaders,
): headers is Iterable<readonly [string, string]> | readonly string[] {
  return Symbol.iterator in headers;
}

function parse(rawBody: string | Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const text =
      typeof rawBody === "string" ? rawBody : new TextDecoder("utf-8", { fatal: true }).decode(rawBody);
    const parsed: unknown = JSON.parse(text);
    if (isObject(parsed)) return parsed;
  } catch {
    // A parser's message repeats a part of the body.
  }
  throw new WebhookError("malformed", "The body is not a JSON object.");
}

function eventOf(payload: Readonly<Record<string, unknown>>): WebhookEvent {
  const { Id, Topic, CreatedAt, Actor, Data, Metadata } = payload;
  // The documentation names both, and says to drop repeats by the event's id.
  const id = textOf(Id) ?? textOf(objectOf(objectOf(Metadata).Event).Id);
  if (id === undefined) throw new WebhookError("malformed", "The event has no Id.");
  const topic = textOf(Topic);
  if (topic === undefined) throw new WebhookError("malformed", "The event has no Topic.", id);

  const type = textOf(objectOf(Actor).Type);
  const base = {
    id,
    createdAt: timeOf(CreatedAt),
    actor: type === undefined ? undefined : { type, id: textOf(objectOf(Actor).Id) },
    payload,
  };
  switch (topic) {
    case "file.created":
    case "file.deleted":
    case "file.downloaded": {
      const { Path, Size, Metadata: client } = objectOf(Data);
      const path = pathOf(Path, objectOf(Metadata).ApiVersion, id);
      return {
        ...base,
        topic,
        path,
        isFolder: path.endsWith("/"),
        size: typeof Size === "number" && Number.isSafeInteger(Size) && Size >= 0 ? Size : undefined,
        clientIp: textOf(objectOf(client).ClientIp),
        protocol: textOf(objectOf(client).Protocol),
        sessionId: textOf(objectOf(client).SessionId),
      };
    }
    case "webhook.ping":
      return { ...base, topic };
    default:
      return { ...base, topic: "unknown", unknownTopic: topic };
  }
}

/** The first version of payloads whose paths are plain; in earlier ones, they are encoded as in a form. */
const firstPlainVersion = "2026-07-01";

function pathOf(sent: unknown, apiVersion: unknown, id: string): string {
  const text = textOf(sent);
  if (text === undefined) throw new WebhookError("malformed", "The event has no Data.Path.", id);
  const path = isPlain(apiVersion, id) ? text : formDecoded(text, id);
  if (path.includes("\0") || path.split(/[/\\]/).some((segment) => segment === "." || segment === "..")) {
    throw new WebhookError("unsafe-path", "The event's path has a . or .. segment or a NUL character.", id);
  }
  return path;
}

function isPlain(apiVersion: unknown, id: string): boolean {
  if (apiVersion === undefined || apiVersion === null) return false;
  const date = typeof apiVersion === "string" ? /^\d{4}-\d{2}-\d{2}/.exec(apiVersion)?.[0] : undefined;
  // A guess would name another file: `a+b` is `a b` in one form and itself in the other.
  if (date === undefined) {
    throw new WebhookError("malformed", "The event's Metadata.ApiVersion does not begin with a date.", id);
  }
  return date >= firstPlainVersion;
}

function formDecoded(text: string, id: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw new WebhookError("malformed", "The event's path is not percent-encoded UTF-8.", id);
  }
}

/** Unix milliseconds, as elsewhere in the API, or ISO 8601. */
function timeOf(value: unknown): Date | undefined {
  if (typeof value !== "number" && typeof value !== "string") return undefined;
  const time = new Date(value);
  return Number.isNaN(time.getTime()) ? undefined : time;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The object, or one without any field. */
function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {};
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
