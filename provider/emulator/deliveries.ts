/**
 * What the service sends to webhooks when files arrive, go, or are downloaded: signed, retried, and sometimes repeated.
 * The signature and the payloads are written from the vendor's documentation, without this package's `/webhooks`.
 */
import { createHmac, randomUUID } from "node:crypto";
import { type IncomingMessage, request } from "node:http";
import { setTimeout } from "node:timers/promises";
import type { StoredWebhook } from "./data";
import type { Service } from "./route";

/** Something that happened to a file or folder. */
export interface ReportedFile {
  /** Default `file.created`. */
  readonly topic?: "file.created" | "file.deleted" | "file.downloaded";
  /** The path, not encoded; a folder's ends with a slash. */
  readonly path: string;
  /** The size in bytes, default 0. What was deleted has none. */
  readonly size?: number;
  /** The user name of the credential that did it. Default: root's. */
  readonly userName?: string;
  /** The client's address, default `203.0.113.7`. The service sends it for downloads only. */
  readonly clientIp?: string;
  /** Default `SFTP`. The service sends it for downloads only. */
  readonly protocol?: "SFTP" | "FTPS" | "WEB_PORTAL";
}

/** How events are delivered. */
export interface DeliveryOptions {
  /**
   * The form of the payload: `2020-01-01` (default) encodes paths as a form does, a space as `+`;
   * `2026-07-01.atlas` sends them plain.
   */
  readonly apiVersion?: "2020-01-01" | "2026-07-01.atlas";
  /** `hex` (default) signs with `sha256=` and hex; `base64` with the bare base64 of one sample in the documentation. */
  readonly signature?: "hex" | "base64";
  /** How often a delivery that succeeded is made again, as a service may that delivers at least once. Default 0. */
  readonly repeats?: number;
  /** How often a delivery is attempted at most. The vendor does not document it; default 3. */
  readonly attempts?: number;
  /** The wait between two attempts, in milliseconds. The vendor does not document it; default 100. */
  readonly retryDelayMs?: number;
  /** How long an attempt waits for its answer, in milliseconds. The vendor does not document it; default 10,000. */
  readonly timeoutMs?: number;
}

/** A delivery to one webhook, when it has ended. A repeat is a delivery of its own. */
export interface WebhookDelivery {
  /** The webhook that it was for. */
  readonly webhookId: string;
  /** The same for every webhook, attempt and repeat. */
  readonly eventId: string;
  /** The status of each attempt's answer; 0 where there was none. Empty if the webhook's host is not loopback. */
  readonly statuses: readonly number[];
  /** Whether the last attempt was answered with a 2xx. */
  readonly succeeded: boolean;
}

/** The service pauses a webhook after this many deliveries in a row that failed to the end. */
const failuresUntilPaused = 5;

export class Deliveries {
  readonly #service: Service;
  readonly #closing = new AbortController();
  /** How many deliveries to a webhook have failed since the last that succeeded. */
  readonly #failures = new Map<string, number>();

  constructor(service: Service) {
    this.#service = service;
  }

  /** Tells every webhook that wants to know, and resolves when all deliveries have ended. */
  async report(file: ReportedFile, options: DeliveryOptions = {}): Promise<WebhookDelivery[]> {
    const event = eventOf(this.#service, file, options);
    const ended = [...this.#service.data.webhooks.values()]
      .filter(
        ({ State, Type, Topics }) =>
          State === "enabled" && Type === "webhook" && Topics.includes(event.Topic),
      )
      .map((webhook) => this.#deliverRepeatedly(webhook, event, options));
    return (await Promise.all(ended)).flat();
  }

  /** Gives up what is under way. */
  close(): void {
    this.#closing.abort();
  }

  async #deliverRepeatedly(
    webhook: StoredWebhook,
    event: ReturnType<typeof eventOf>,
    options: DeliveryOptions,
  ): Promise<WebhookDelivery[]> {
    const deliveries: WebhookDelivery[] = [];
    for (let left = options.repeats ?? 0; ; left -= 1) {
      const statuses = await this.#deliver(webhook, event, options);
      const succeeded = isSuccess(statuses.at(-1) ?? 0);
      deliveries.push({ webhookId: webhook.Id, eventId: event.Id, statuses, succeeded });
      if (statuses.length > 0) this.#count(webhook, succeeded);
      if (left <= 0 || !succeeded) return deliveries;
    }
  }

  /** One delivery: attempts until one is answered with what is not worth another. */
  async #deliver(
    webhook: StoredWebhook,
    event: ReturnType<typeof eventOf>,
    { attempts = 3, retryDelayMs = 100, timeoutMs = 10_000, signature = "hex" }: DeliveryOptions,
  ): Promise<number[]> {
    const target = loopbackTarget(webhook.Url);
    const statuses: number[] = [];
    const Delivery = { Id: randomUUID() };
    while (target !== undefined && statuses.length < attempts && !this.#closing.signal.aborted) {
      if (statuses.length > 0) await this.#pause(retryDelayMs);
      const attempt = { Webhook: { Id: webhook.Id }, Delivery, Attempt: { Id: randomUUID() } };
      const body = JSON.stringify({ ...event, Metadata: { ...event.Metadata, ...attempt } });
      const headers = {
        "content-type": "application/json",
        "content-length": String(Buffer.byteLength(body)),
        "x-hub-signature": sign(body, webhook.Secret, signature),
        ...(webhook.AuthorizationHeader && { authorization: webhook.AuthorizationHeader }),
      };
      const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), this.#closing.signal]);
      const status = await post(target, headers, body, signal);
      statuses.push(status);
      if (!isWorthRetrying(status)) break;
    }
    return statuses;
  }

  #count(webhook: StoredWebhook, succeeded: boolean): void {
    const failures = succeeded ? 0 : (this.#failures.get(webhook.Id) ?? 0) + 1;
    this.#failures.set(webhook.Id, failures);
    if (failures < failuresUntilPaused) return;
    this.#failures.delete(webhook.Id);
    webhook.State = "paused";
    webhook.UpdatedAt = this.#service.now();
  }

  /** Ends early when the emulator closes. */
  async #pause(milliseconds: number): Promise<void> {
    await setTimeout(milliseconds, undefined, { signal: this.#closing.signal }).catch(() => undefined);
  }
}

/** An event as it is sent, less what belongs to one delivery. */
function eventOf({ data, now }: Service, file: ReportedFile, { apiVersion = "2020-01-01" }: DeliveryOptions) {
  const { topic = "file.created", path, size = 0, userName = data.root.UserName } = file;
  const { protocol = "SFTP", clientIp = "203.0.113.7" } = file;
  const [Id, time] = [randomUUID(), now()];
  return {
    Id,
    Topic: topic,
    CreatedAt: time,
    UpdatedAt: time,
    Actor: { Type: "User", Id: userName },
    Resource: "file",
    PreviousData: {},
    Data: {
      Path: apiVersion === "2020-01-01" ? formEncoded(path) : path,
      Size: topic === "file.deleted" ? null : size,
      ...(topic === "file.downloaded" && {
        Metadata: { Protocol: protocol, ClientIp: clientIp, SessionId: randomUUID() },
      }),
    },
    Metadata: { ApiVersion: apiVersion, Organization: { Id: data.organizationId }, Event: { Id } },
  };
}

/**
 * Where a webhook's deliveries go, if that is this computer. The API takes https only; TLS ends in front of the
 * receiver, as it does where a proxy has the certificate, so that it is asked over plain HTTP on the same port.
 */
function loopbackTarget(url: string): URL | undefined {
  if (!URL.canParse(url)) return undefined;
  const target = new URL(url);
  // Not looked up, since a name may be made to mean another computer.
  if (target.hostname === "localhost") target.hostname = "127.0.0.1";
  if (!/^(127(\.\d+){3}|\[::1\])$/.test(target.hostname)) return undefined;
  target.port ||= target.protocol === "https:" ? "443" : "80";
  return new URL(target.href.replace(/^https:/, "http:"));
}

/** The status of the answer, or 0 if there is none. Redirects are not followed. */
function post(
  target: URL,
  headers: Readonly<Record<string, string>>,
  body: string,
  signal: AbortSignal,
): Promise<number> {
  return new Promise((resolve) => {
    function answered(response: IncomingMessage): void {
      response.resume().once("close", () => resolve(response.complete ? (response.statusCode ?? 0) : 0));
    }
    // Without an agent, since Node's own may ask a proxy.
    request(target, { method: "POST", agent: false, headers, signal }, answered)
      .once("error", () => resolve(0))
      .end(body);
  });
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

function isWorthRetrying(status: number): boolean {
  return status === 0 || status === 408 || status === 429 || status >= 500;
}

function sign(body: string, secret: string, form: "hex" | "base64"): string {
  const hmac = createHmac("sha256", secret).update(body);
  return form === "hex" ? `sha256=${hmac.digest("hex")}` : hmac.digest("base64");
}

/** As a form's field is sent, with its slashes left alone. */
function formEncoded(path: string): string {
  return new URLSearchParams([["", path]]).toString().slice(1).replaceAll("%2F", "/");
}
