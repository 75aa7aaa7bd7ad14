/**
 * How a call travels: axios underneath, one attempt after another as the retry policy says, and at the end
 * either the answer's value or an error of this package. No error of axios leaves this file: it would show
 * the key and the body to whoever prints it.
 */
import { readFileSync } from "node:fs";
import * as http from "node:http";
import * as https from "node:https";
import { Socket } from "node:net";
import { join } from "node:path";
import axios from "axios";
import { limitTo } from "../values/limit";
import { oneLine } from "../values/text";
import { type Answer, type Expected, type Failure, type Reading, readAnswer } from "./answer";
import { failureOfConnection, failureOfTime } from "./connection";
import { type Aftermath, InputError, type SftpToGoError } from "./errors";
import { proxyFor } from "./proxy";
import { delayBeforeNext, isTurnedAway, type RetryKind } from "./retry";
import { serviceClock } from "./serviceClock";
import {
  type ClientSettings,
  clientDefaults,
  isSafeId,
  validateApiKey,
  validateBaseUrl,
  validateOrganizationId,
} from "./settings";

/** Time and randomness, so that tests need neither. An attempt's own time-out is always real time. */
export interface Clock {
  /** Unix milliseconds. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
  /** From 0 to below 1. */
  random(): number;
  /** Milliseconds by a clock that nobody sets. Default: `now`. */
  elapsed?(): number;
}

export const systemClock: Clock = {
  now: Date.now,
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  random: Math.random,
  elapsed: () => performance.now(),
};

/** The key and the organization; everything else has a default. */
export type GivenSettings = Pick<ClientSettings, "apiKey" | "organizationId"> & Partial<ClientSettings>;

export interface Call<T> {
  /** What the call does, as an error's message says it after "Could not": `read credential 4ddb2ea2`. */
  readonly doing: string;
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** The segments after the organization. */
  readonly path: readonly string[];
  readonly body?: object;
  readonly retry: RetryKind;
  /** What the answer must be. Left out where only the status counts. */
  readonly expected?: Expected<T>;
}

export interface Transport {
  /** Throws an error of `errors.ts`, and no other. */
  send<T = void>(call: Call<T>): Promise<T>;
  /** The `Date` of the last answer, in Unix milliseconds. */
  lastHeard(): number | undefined;
  /** The service's time, in Unix milliseconds: see `serviceClock`. */
  serviceNow(): number | undefined;
}

/** Far above any list, far below what hurts: bytes of an answer, after decompression. */
const maximumAnswerBytes = 32 * 1024 * 1024;
/**
 * How long a connection may be idle and still take what must not be sent twice, in milliseconds: too short for a
 * server to give it up (the strictest in wide use wait for five seconds), long enough for creates that follow each
 * other to share one, which saves each of them a TLS handshake.
 */
const justUsedMilliseconds = 1_000;
/** How long a call that was turned away keeps all others waiting, in milliseconds. */
const longestQuietMilliseconds = 60_000;
/** The longest delay of Node's timers, in milliseconds. */
const maximumTimer = 2 ** 31 - 1;

export interface TransportOptions {
  /** Default: the system's. */
  readonly clock?: Clock;
  /** The names of fields in requests' bodies whose values no error may repeat. */
  readonly secretNames?: readonly string[];
  /** Further secrets that no error may repeat, as far as they are known by then. */
  readonly knownSecrets?: ReadonlySet<string>;
}

/** Throws an `InputError` where the settings are unfit. */
export function createTransport(
  given: GivenSettings,
  { clock = systemClock, secretNames = [], knownSecrets = new Set() }: TransportOptions = {},
): Transport {
  const settings: ClientSettings = { ...clientDefaults, ...given };
  refuseUnfit(settings);
  const base = new URL(settings.baseUrl);
  const operationTimeoutMilliseconds = settings.operationTimeoutSeconds * 1_000;
  const inPlace = limitTo(settings.maxConcurrency);
  const debug = isDebugging(process.env.DEBUG);
  const client = axios.create({
    adapter: "http",
    baseURL: `${base.origin}${base.pathname}`,
    allowAbsoluteUrls: false,
    maxRedirects: 0,
    maxContentLength: maximumAnswerBytes,
    // Statuses, JSON and time-outs are judged here: axios takes HTML for a text and idle time for a time-out.
    responseType: "text",
    transformRequest: (body) => body,
    transformResponse: (body) => body,
    validateStatus: () => true,
    // Read by us, since axios reads the variables in ways of its own; it tunnels with CONNECT, under these agents
    // too. Plain http is this machine's own, where a proxy would only read the key.
    proxy: false,
    headers: {
      Authorization: `Bearer ${settings.apiKey}`,
      "Content-Type": "application/json",
      Accept: "application/json",
      "User-Agent": userAgent(),
    },
  });
  const keptConnections = agents();
  // An idle connection may be closed by the server at the moment it is used again, and then nobody knows
  // whether the request arrived. What must not be sent twice goes over one that has just served, or a new one.
  const justUsedConnections = agents(justUsedMilliseconds);

  let lastHeard: number | undefined;
  const time = serviceClock(clock.elapsed ?? clock.now);
  let quietUntil = 0;

  async function send<T>(call: Call<T>): Promise<T> {
    if (!call.path.every(isSafeId)) {
      const refused = { doing: oneLine(call.doing, 200), aftermath: "never sent" } as const;
      throw new InputError(refused, "The id would change the request's path: check it.");
    }
    const segments = ["organizations", settings.organizationId, ...call.path];
    const path = `/${segments.map(encodeURIComponent).join("/")}`;
    const secrets = { sent: [settings.apiKey, ...secretsOf(call.body, secretNames)], known: knownSecrets };
    let aftermath: Aftermath = "never sent";
    let spentMilliseconds = 0;

    for (let attempt = 1; ; attempt++) {
      const { reading, took } = await inPlace(async () => {
        const begun = clock.now();
        // Turned away once, all calls wait: each would only be turned away, too.
        while (
          quietUntil > clock.now() &&
          spentMilliseconds + clock.now() - begun < operationTimeoutMilliseconds
        ) {
          await clock.sleep(Math.min(quietUntil - clock.now(), operationTimeoutMilliseconds));
        }
        // What was waited counts: an attempt does not outlive the operation.
        const left = operationTimeoutMilliseconds - spentMilliseconds - (clock.now() - begun);
        const limit = Math.max(1, Math.min(settings.requestTimeoutSeconds * 1_000, left, maximumTimer));
        const received = await exchange(call, path, limit);
        const took = clock.now() - begun;
        const reading: Reading<T> =
          "failure" in received ? received : readAnswer(received, call.expected, secrets, clock.now());
        if (!("failure" in received)) {
          time.hear(received.status, received.headers, "failure" in reading ? undefined : reading.value);
        }
        if (debug) {
          const result = "failure" in received ? received.failure.facts.reason : received.status;
          process.stderr.write(`sftptogo ${call.method} ${path} ${result} ${took} ms attempt ${attempt}\n`);
        }
        return { reading, took };
      });
      if (!("failure" in reading)) return reading.value;

      const { outcome, facts } = reading.failure;
      // What an earlier attempt may have done is not undone by a later one's refusal.
      aftermath = aftermath === "unknown" ? "unknown" : facts.aftermath;
      spentMilliseconds += took;
      const delay = delayBeforeNext(
        {
          retry: call.retry,
          attempt,
          maxRetries: settings.maxRetries,
          outcome,
          spentMilliseconds,
          operationTimeoutMilliseconds,
        },
        clock.random,
      );
      if (isTurnedAway(facts.status)) {
        const pause = delay === "stop" ? (facts.retryAfterSeconds ?? 1) * 1_000 : delay;
        quietUntil = Math.max(quietUntil, clock.now() + Math.min(pause, longestQuietMilliseconds));
      }
      if (delay === "stop") throw errorOf(call, reading.failure, aftermath, attempt);
      await clock.sleep(delay);
      spentMilliseconds += delay;
    }
  }

  /** One request and its whole answer, within `limit` milliseconds: a body that drips counts as well. */
  async function exchange(
    call: Call<unknown>,
    path: string,
    limit: number,
  ): Promise<Answer | { failure: Failure }> {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), limit);
    try {
      const { status, headers, data } = await client.request<string>({
        method: call.method,
        url: path,
        ...(call.body === undefined ? {} : { data: JSON.stringify(call.body) }),
        signal: controller.signal,
        proxy: base.protocol === "http:" ? false : proxyFor(base, process.env),
        ...(call.retry === "once" ? justUsedConnections : keptConnections),
      });
      const date = Date.parse(String(headers.date));
      if (!Number.isNaN(date)) lastHeard = date;
      return { status, headers, text: data };
    } catch (error) {
      const { host } = base;
      return {
        failure: controller.signal.aborted ? failureOfTime(host, limit) : failureOfConnection(error, host),
      };
    } finally {
      clearTimeout(timer);
    }
  }

  return { send, lastHeard: () => lastHeard, serviceNow: time.now };
}

function refuseUnfit(settings: ClientSettings): void {
  const problems = {
    apiKey: validateApiKey(settings.apiKey),
    organizationId: validateOrganizationId(settings.organizationId),
    baseUrl: validateBaseUrl(settings.baseUrl),
  };
  for (const [name, problem] of Object.entries(problems)) {
    if (problem === undefined) continue;
    throw new InputError({ doing: "use the API", aftermath: "never sent" }, `sftptogo:${name} ${problem}.`);
  }
}

/** Agents that keep connections, for so many milliseconds without a request where a limit is given. */
function agents(idleMilliseconds?: number) {
  const kept = {
    httpAgent: new http.Agent({ keepAlive: true }),
    httpsAgent: new https.Agent({ keepAlive: true }),
  };
  if (idleMilliseconds === undefined) return kept;
  for (const agent of Object.values(kept)) {
    const keep = agent.keepSocketAlive.bind(agent);
    // Not the agents' own `timeout`: a proxy's agent would take it for the time to connect.
    agent.keepSocketAlive = (socket) => {
      const isKept = keep(socket);
      if (socket instanceof Socket) socket.setTimeout(idleMilliseconds);
      return isKept;
    };
  }
  return kept;
}

function userAgent(): string {
  // As far up from dist/api as from provider/api.
  const { version } = JSON.parse(readFileSync(join(__dirname, "../../package.json"), "utf8"));
  return `pulumi-sftptogo/${version} (node/${process.version})`;
}

/** The secrets in a request's body, which an error's words could echo. */
function secretsOf(body: object | undefined, names: readonly string[]): string[] {
  const held = Object.entries(body ?? {}).flatMap(([name, value]) =>
    names.includes(name) && typeof value === "string" ? [value] : [],
  );
  // `Bearer 123456789` may also be echoed without its scheme.
  return held.flatMap((value) => [value, ...(/\s(\S{4,})\s*$/.exec(value)?.slice(1) ?? [])]);
}

function errorOf(
  { doing, method, retry }: Call<unknown>,
  failure: Failure,
  aftermath: Aftermath,
  attempts: number,
): SftpToGoError {
  const tried = attempts === 1 ? "" : ` It was tried ${attempts} times.`;
  // What must not be sent twice is looked for by the caller, who then knows better.
  const doubt = aftermath === "unknown" && method !== "GET" && retry === "repeatable";
  const done = doubt ? " It may have been done all the same." : "";
  return new failure.ErrorClass({ ...failure.facts, doing, aftermath }, `${failure.nextStep}${tried}${done}`);
}

/** Whether `DEBUG` asks for this package's lines, in the manner of npm's `debug`. */
function isDebugging(patterns = ""): boolean {
  return patterns.split(/[\s,]+/).some((pattern) => /^(\*|sftptogo(\*|:.*)?)$/.test(pattern));
}
