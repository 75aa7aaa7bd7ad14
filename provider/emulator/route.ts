/** What a route is, and how it refuses: the small vocabulary in which the API's behaviour is written. */
import * as v from "valibot";
import type { EmulatorData } from "./data";

/** The names of what the API can do, as ledger and faults use them. */
export const operationNames = [
  "listCredentials",
  "createCredential",
  "getCredential",
  "updateCredential",
  "updateInboundRules",
  "deleteCredential",
  "rotatePassword",
  "setPassword",
  "listSshPublicKeys",
  "addSshPublicKey",
  "removeSshPublicKey",
  "listWebhooks",
  "createWebhook",
  "updateWebhook",
  "deleteWebhook",
  "listShareLinks",
  "createShareLink",
  "getShareLink",
  "updateShareLink",
  "deleteShareLink",
] as const;
/** The name of one of the twenty operations. */
export type OperationName = (typeof operationNames)[number];

/** What the behaviour of the API depends on. */
export interface Service {
  readonly data: EmulatorData;
  readonly now: () => number;
  readonly lateMs: number;
  readonly atAccessLimit: "remove" | "deactivate";
}

export interface Call {
  /** The ids in the path; `keyId` only for an SSH public key. Empty where the path has none. */
  readonly id: string;
  readonly keyId: string;
  /** The parsed body; `{}` where none was sent. */
  readonly body: unknown;
}

interface Answer {
  readonly status: 200 | 201;
  readonly body: unknown;
}

export interface Route {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Below `/organizations/<id>`, with `:id` and `:keyId`. */
  readonly path: string;
  /** Where one route serves two operations, the body tells which. */
  readonly operation: OperationName | ((body: unknown) => OperationName);
  handle(call: Call): Answer;
}

export function ok(body: unknown): Answer {
  return { status: 200, body };
}

export function created(body: unknown): Answer {
  return { status: 201, body };
}

/** A refusal. The reference documents no error bodies; `{id?, message}` is what the service likely sends. */
export class RefusalError extends Error {
  constructor(
    readonly status: 400 | 401 | 403 | 404 | 409 | 413,
    message: string,
    readonly id?: string,
  ) {
    super(message);
  }
}

export function badRequest(message: string): RefusalError {
  return new RefusalError(400, message, "bad_request");
}

export function notFound(what: string): RefusalError {
  return new RefusalError(404, `${what} not found`, "not_found");
}

export function conflict(message: string): RefusalError {
  return new RefusalError(409, message, "conflict");
}

/**
 * Reads a body. Fields that the schema does not name are ignored. The messages are the schema's own, since
 * valibot's repeat the value, which may be a password.
 */
export function parse<const S extends v.GenericSchema>(schema: S, body: unknown): v.InferOutput<S> {
  // To valibot a list is an object too.
  if (Array.isArray(body)) throw badRequest("Request body must be an object");
  const result = v.safeParse(schema, body, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw badRequest(`${v.getDotPath(issue) ?? "Request body"} ${issue.message}`);
}

/** An object with these fields; what is required and missing is named as such. */
export function fields<const E extends v.ObjectEntries>(entries: E) {
  return v.object(entries, (issue) => (issue.received === "undefined" ? "is required" : "must be an object"));
}

export const text = v.string("must be a string");

export function oneOf<const W extends readonly string[]>(...words: W) {
  return v.picklist(words, `must be one of: ${words.join(", ")}`);
}

/** Unix milliseconds. */
export const time = v.pipe(v.number("must be a Unix time in milliseconds"), v.integer("must be an integer"));

/** Copies the declared fields of an update; what is `undefined` was not sent. */
export function assign<T extends object>(target: T, changes: { [K in keyof T]?: T[K] | undefined }): void {
  Object.assign(
    target,
    Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)),
  );
}
