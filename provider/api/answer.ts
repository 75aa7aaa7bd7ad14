/**
 * What an HTTP answer means: the value that was asked for, or a failure in this package's own words. Nothing
 * of an answer's body passes into a failure but the API's message, without the secrets of the request.
 */

import * as v from "valibot";
import { oneLine } from "../values/text";
import { unknownValues } from "../values/unknown";
import { reveals } from "./decoded";
import {
  AccessError,
  ConnectionError,
  type FailedCall,
  InputError,
  NotFoundError,
  PlanError,
  type SftpToGoError,
  UnavailableError,
  UnexpectedAnswerError,
} from "./errors";
import { pathOf, readItems } from "./lists";
import { isTurnedAway, type Outcome, parseRetryAfter } from "./retry";

/** What is kept of an HTTP answer. */
export interface Answer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** Why an attempt failed: what its error will say, and what the retry decision needs. */
export interface Failure {
  readonly outcome: Outcome;
  readonly ErrorClass: new (call: FailedCall, nextStep: string) => SftpToGoError;
  readonly facts: Omit<FailedCall, "doing">;
  readonly nextStep: string;
}

export type Reading<T> = { readonly value: T } | { readonly failure: Failure };

/** The shape of a body that is needed. One of an array also says that the answer is a list. */
export type AnswerSchema<T> = v.GenericSchema<unknown, T>;

const baseUrlStep = "Check sftptogo:baseUrl, and any proxy on the way.";
/** Behind the name of a setting. */
const ofProvider = " (an explicit Provider has its own)";
const maximumWords = 300;
/** A shorter secret would be found by chance in words that do not hold it. */
const shortestSecret = 4;

/** What of an answer's body is needed. */
export type Expected<T> =
  /** One object. */
  | { readonly object: AnswerSchema<T> }
  /** All objects of a collection. */
  | { readonly list: v.GenericSchema<unknown, T extends readonly (infer E)[] ? E : never> }
  /** Whatever of an object there is: a write has done its work, and a read tells what came of it. */
  | { readonly anythingOf: AnswerSchema<T> }
  /** Nothing: only the status counts. */
  | undefined;

/** What no failure may repeat. */
export interface Secrets {
  /** Those that the request held. */
  readonly sent: readonly string[];
  /** Others that this process knows. */
  readonly known: ReadonlySet<string>;
}

/** Reads an answer. */
export function readAnswer<T>(
  answer: Answer,
  expected: Expected<T>,
  secrets: Secrets,
  nowMilliseconds: number,
): Reading<T> {
  const { status } = answer;
  const body = parseBody(answer);
  if (status >= 300 && status <= 399) return { failure: redirected(answer) };
  if (status < 200 || status > 299) {
    return { failure: failureOfStatus(answer, body, secrets, nowMilliseconds) };
  }
  if (body.kind === "html") return { failure: unreadable(status, "html") };
  if (expected === undefined) return { value: undefined as T };
  if ("anythingOf" in expected) {
    if (body.kind === "text") return { failure: unreadable(status, "broken JSON") };
    const parsed = v.safeParse(expected.anythingOf, body.kind === "json" ? body.json : undefined);
    return { value: (parsed.success ? parsed.output : {}) as T };
  }
  if ("list" in expected && isCut(answer, body)) {
    const nextStep = "The list in the answer is not complete: this package reads lists of one page only.";
    return { failure: unexpected(status, "cut list", nextStep) };
  }
  if (body.kind === "empty") {
    return { failure: unexpected(status, "empty", "The answer is empty where an object was due.") };
  }
  if (body.kind === "text") return { failure: unreadable(status, "broken JSON") };
  if ("list" in expected && Array.isArray(body.json)) {
    return { value: readItems(body.json, expected.list) as T };
  }
  const schema = "list" in expected ? v.array(expected.list) : expected.object;
  const result = v.safeParse(schema, body.json, { abortEarly: true });
  if (result.success) return { value: result.output as T };
  const nextStep = `In the answer, ${pathOf(result.issues[0])} is missing or not what the API's reference says.`;
  return { failure: unexpected(status, "unknown shape", nextStep) };
}

type Body =
  | { readonly kind: "json"; readonly json: unknown }
  | { readonly kind: "html" }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "empty" };

function parseBody({ headers, text }: Answer): Body {
  const trimmed = text.trim();
  if (trimmed === "") return { kind: "empty" };
  try {
    return {
      kind: "json",
      json: mayBeUnfit.test(trimmed) ? JSON.parse(trimmed, fitForEngine) : JSON.parse(trimmed),
    };
  } catch {
    // The parser's own message quotes the body.
    const html = trimmed.startsWith("<") || /\bhtml\b/i.test(header(headers, "content-type") ?? "");
    return html ? { kind: "html" } : { kind: "text", text: trimmed };
  }
}

/** Looked for first: to visit each value takes time, and a stack that deep nesting exhausts. */
const mayBeUnfit = new RegExp(`\\\\ud[89a-f]|${unknownValues.join("|")}`, "i");

/**
 * What the engine cannot carry is made fit before anything compares it: half of a character, as of an emoji that a
 * service has cut in two, is made whole, and a name in the dashboard that means "unknown" to the engine is put in
 * parentheses.
 */
function fitForEngine(_key: string, value: unknown): unknown {
  if (typeof value !== "string") return value;
  return unknownValues.includes(value) ? `(${value})` : value.toWellFormed();
}

/** A list is complete only as 200, as an array, and with no hint that there is more of it. */
function isCut({ status, headers }: Answer, body: Body): boolean {
  if (body.kind === "empty" || body.kind === "text") return false;
  if (status !== 200 || body.kind !== "json" || !Array.isArray(body.json)) return true;
  const { length } = body.json;
  return Object.entries(headers).some(([name, value]) => hintsAtMore(name, String(value), length));
}

/** The ways in which services in wide use say that a list is one page of several. */
function hintsAtMore(name: string, value: string, length: number): boolean {
  switch (name) {
    case "link":
      return /\brel\s*=\s*["']?[^"';,]*\bnext\b/i.test(value);
    case "content-range":
      return Number(/\/(\d+)$/.exec(value.trim())?.[1] ?? 0) > length;
    case "x-next-page":
    case "x-next-cursor":
    case "x-continuation-token":
      return value.trim() !== "";
    case "x-has-more":
      return value.trim().toLowerCase() === "true";
    default:
      return (
        /^(x-)?(total|pagination)(-total)?(-count|-items|-records)?$/.test(name) && Number(value) > length
      );
  }
}

/** The one place that sorts statuses by what the reader can do about them. */
function failureOfStatus(answer: Answer, body: Body, secrets: Secrets, nowMilliseconds: number): Failure {
  const { status, headers } = answer;
  const apiMessage = apiWords(body, secrets);
  const retryAfterSeconds = parseRetryAfter(header(headers, "retry-after"), nowMilliseconds);
  const isUnavailable = status === 408 || isTurnedAway(status) || (status >= 500 && status <= 599);
  const isRefused = status >= 400 && status <= 499 && !isUnavailable;
  const facts: Failure["facts"] = {
    status,
    aftermath: isRefused ? "refused" : "unknown",
    ...(apiMessage === undefined ? {} : { apiMessage }),
    ...(body.kind === "html" ? { reason: "html" } : {}),
    ...(isUnavailable && retryAfterSeconds !== undefined ? { retryAfterSeconds } : {}),
  };
  const outcome: Outcome = {
    kind: "status",
    status,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  };
  const failure = (ErrorClass: Failure["ErrorClass"], nextStep: string): Failure => ({
    outcome,
    ErrorClass,
    facts,
    nextStep,
  });

  if (isUnavailable) {
    return failure(
      UnavailableError,
      retryAfterSeconds === undefined
        ? "The service is not available, or busy: try again later."
        : `The service asks to wait ${retryAfterSeconds} s: try again after that.`,
    );
  }
  if (status === 402 || (status === 403 && /\b(plans?|upgrade|limits?|quotas?)\b/i.test(apiMessage ?? ""))) {
    return failure(
      PlanError,
      "The organization's plan does not include this: see its plan in the dashboard.",
    );
  }
  if (status === 401) {
    return failure(AccessError, `Check the API key: sftptogo:apiKey, or SFTPTOGO_API_KEY${ofProvider}.`);
  }
  if (status === 403) {
    return failure(
      AccessError,
      "Check what the API key may do, what the plan includes, and that sftptogo:organizationId is the key's" +
        `${ofProvider}.`,
    );
  }
  // A page that is not the API's says nothing about the API's objects: nobody may take it for "gone".
  const isGone = status === 404 || status === 410;
  if (isGone && body.kind === "html") {
    return failure(UnexpectedAnswerError, `A web page answered instead of the API. ${baseUrlStep}`);
  }
  if (isGone) {
    return failure(
      NotFoundError,
      `Check the organization's id, sftptogo:organizationId${ofProvider}, and any other id in this message.`,
    );
  }
  // With HTTPS the request itself never reached more than the proxy, which refused to connect.
  if (status === 407) return failure(ConnectionError, "The proxy wants a login: see HTTPS_PROXY.");
  if (isRefused) return failure(InputError, "Correct what the API refused, then try again.");
  return failure(UnexpectedAnswerError, `The API is not known to answer with this status. ${baseUrlStep}`);
}

/**
 * A redirect is not followed: the request holds the key and maybe a password. Of the target only the host is
 * shown, since the rest may hold a token.
 */
function redirected({ status, headers }: Answer): Failure {
  const location = header(headers, "location") ?? "";
  const host = URL.canParse(location) ? ` to ${new URL(location).host}` : "";
  return unexpected(
    status,
    "redirect",
    `The answer is a redirect${host}, which is not followed. ${baseUrlStep}`,
  );
}

function unexpected(status: number, reason: string, nextStep: string): Failure {
  const facts = { status, reason, aftermath: "unknown" } as const;
  return { outcome: { kind: "final" }, ErrorClass: UnexpectedAnswerError, facts, nextStep };
}

/** Something between here and the API may have answered in its place, for a moment: worth another attempt. */
function unreadable(status: number, reason: "html" | "broken JSON"): Failure {
  const nextStep = `The answer is ${reason} instead of the API's JSON. ${baseUrlStep}`;
  return { ...unexpected(status, reason, nextStep), outcome: { kind: "no usable answer" } };
}

function header(headers: Answer["headers"], name: string): string | undefined {
  const value = headers[name];
  return typeof value === "string" ? value : undefined;
}

/**
 * The API's own words on what went wrong. Its error bodies are not documented: `{message}`, `{error}` (a text
 * or `{message}`), `{errors: […]}` (texts or `{message, field}`) and plain text are understood.
 */
function apiWords(body: Body, { sent, known }: Secrets): string | undefined {
  const found = body.kind === "text" ? [body.text] : body.kind === "json" ? wordsIn(body.json) : [];
  const words = [...new Set(found)].join("; ");
  if (oneLine(words, maximumWords) === "") return undefined;
  const held = sent.filter((secret) => secret !== "");
  const isTooShort = held.some((secret) => secret.length < shortestSecret);
  // A secret may begin where the shown words end.
  const nearby = oneLine(words, 4 * maximumWords);
  const secrets = [...held, ...[...known].filter((secret) => secret.length >= shortestSecret)];
  return isTooShort || reveals(nearby, secrets) ? withheld : oneLine(words, maximumWords);
}

/** In the place of words that hold a secret, in whatever encoding. */
const withheld = "[not shown: it may repeat a secret]";

function wordsIn(json: unknown): string[] {
  if (typeof json === "string") return [json];
  if (typeof json !== "object" || json === null) return [];
  const { message, error, errors, field } = json as Record<string, unknown>;
  const place = typeof field === "string" ? `${field}: ` : "";
  return [
    ...(typeof message === "string" ? [place + message] : []),
    ...(typeof error === "string" ? [error] : wordsOfPart(error)),
    ...(Array.isArray(errors) ? errors.flatMap(wordsOfPart) : []),
  ];
}

/** One level down and no further, however deep a body is nested. */
function wordsOfPart(part: unknown): string[] {
  if (typeof part === "string") return [part];
  if (typeof part !== "object" || part === null) return [];
  const { message, field } = part as Record<string, unknown>;
  return typeof message === "string" ? wordsIn({ message, field }) : [];
}
