/**
 * What an HTTP answer means: the value that was asked for, or a failure in this package's own words. Nothing
 * of an answer's body passes into a failure but the API's message, without the secrets of the request.
 */
import * as v from "valibot";
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
import { type Outcome, parseRetryAfter } from "./retry";

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

/** Reads an answer; without a schema its body does not count. `secrets` are those that the request held. */
export function readAnswer<T>(
  answer: Answer,
  schema: AnswerSchema<T> | undefined,
  secrets: readonly string[],
  nowMilliseconds: number,
): Reading<T> {
  const { status } = answer;
  const body = parseBody(answer);
  if (status >= 300 && status <= 399) return { failure: redirected(answer) };
  if (status < 200 || status > 299) {
    return { failure: failureOfStatus(answer, body, secrets, nowMilliseconds) };
  }
  if (body.kind === "html") return { failure: unreadable(status, "html") };
  if (schema === undefined) return { value: undefined as T };
  if (schema.type === "array" && isCut(answer, body)) {
    const nextStep = "The list in the answer is not complete: this package reads lists of one page only.";
    return { failure: unexpected(status, "cut list", nextStep) };
  }
  if (body.kind === "empty") {
    return { failure: unexpected(status, "empty", "The answer is empty where an object was due.") };
  }
  if (body.kind === "text") return { failure: unreadable(status, "broken JSON") };
  const result = v.safeParse(schema, body.json, { abortEarly: true });
  if (result.success) return { value: result.output };
  // Only the field's path: an issue's own message holds the value.
  const field = pathOf(result.issues[0]) || "the answer itself";
  const nextStep = `In the answer, ${field} is missing or not what the API's reference says.`;
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
    return { kind: "json", json: JSON.parse(trimmed) };
  } catch {
    // The parser's own message quotes the body.
    const html = trimmed.startsWith("<") || /\bhtml\b/i.test(header(headers, "content-type") ?? "");
    return html ? { kind: "html" } : { kind: "text", text: trimmed };
  }
}

/** A list is complete only as 200, as an array, and with no word of a next page. */
function isCut({ status, headers }: Answer, body: Body): boolean {
  if (body.kind === "empty" || body.kind === "text") return false;
  const isWhole = body.kind === "json" && Array.isArray(body.json);
  return (
    status !== 200 || !isWhole || /\brel\s*=\s*["']?[^"';,]*\bnext\b/i.test(header(headers, "link") ?? "")
  );
}

function pathOf(issue: v.BaseIssue<unknown>): string {
  return (issue.path ?? [])
    .map(({ key }) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`))
    .join("")
    .replace(/^\./, "");
}

/** The one place that sorts statuses by what the reader can do about them. */
function failureOfStatus(
  answer: Answer,
  body: Body,
  secrets: readonly string[],
  nowMilliseconds: number,
): Failure {
  const { status, headers } = answer;
  const apiMessage = apiWords(body, secrets);
  const retryAfterSeconds = parseRetryAfter(header(headers, "retry-after"), nowMilliseconds);
  const isUnavailable = status === 408 || status === 429 || (status >= 500 && status <= 599);
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
  if (status === 402 || (status === 403 && /\b(plan|upgrade|limit|quota)/i.test(apiMessage ?? ""))) {
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
  if (status === 404 && body.kind === "html") {
    return failure(UnexpectedAnswerError, `A web page answered instead of the API. ${baseUrlStep}`);
  }
  if (status === 404) {
    return failure(
      NotFoundError,
      `Check the organization's id, sftptogo:organizationId${ofProvider}, and every id in this message.`,
    );
  }
  // With HTTPS the request itself never reached more than the proxy, which refused to connect.
  if (status === 407) return failure(ConnectionError, "The proxy wants a login: see HTTPS_PROXY.");
  if (isRefused) return failure(InputError, "Correct what the API refused, then try again.");
  return failure(UnexpectedAnswerError, `This is no status that the API is known for. ${baseUrlStep}`);
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
function apiWords(body: Body, secrets: readonly string[]): string | undefined {
  const held = secrets.filter((secret) => secret !== "");
  if (held.some((secret) => secret.length < shortestSecret)) return undefined;
  const found = body.kind === "text" ? [body.text] : body.kind === "json" ? wordsIn(body.json) : [];
  let words = [...new Set(found)].join("; ");
  for (const form of held.flatMap(formsOf).sort((a, b) => b.length - a.length)) {
    words = words.replaceAll(form, "[secret]");
  }
  return oneLine(words, maximumWords) || undefined;
}

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

/** A secret as an answer may echo it: plain, in JSON, in a URL or a form. */
function formsOf(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const form = new URLSearchParams([["", secret]]).toString().slice(1);
  const url = encodeURIComponent(Buffer.from(secret).toString());
  const encoded = [form, form.replaceAll("+", "%20"), url];
  const lowerCase = encoded.map((text) => text.replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase()));
  return [secret, json, json.replaceAll("/", "\\/"), ...encoded, ...lowerCase];
}

/** Text of unknown origin made fit for a terminal: one line, no control characters, bounded. */
export function oneLine(text: string, maximum: number): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, " ").trim();
  return line.length > maximum ? `${line.slice(0, maximum - 1)}…` : line;
}
