/**
 * The points at which a dialect changes what the service does, and short ways to say so. A dialect is a row of a
 * table: one sentence, and a function that gives its hooks for one emulator.
 */
import type { OperationName, Service } from "../route";

/** An object of the API's JSON, or a body that was sent. */
export type Json = Readonly<Record<string, unknown>>;

export type ObjectKind = "credential" | "sshPublicKey" | "webhook" | "shareLink";

/** Which answer shows an object. */
export type Place = "list" | "read" | "create" | "update" | "delete";

/** What an operation is about. */
export interface View {
  readonly kind: ObjectKind;
  readonly place: Place;
}

/** One request, as the hooks see it. */
export interface Asked {
  readonly operation: OperationName | "unknown";
  /** Left out for rotations and unknown routes. */
  readonly view: View | undefined;
  readonly method: string;
  /** With its query, as sent. */
  readonly path: string;
  /** The id of the object that is meant, a key's where a key is; empty for lists and creates. */
  readonly id: string;
  /** The body as sent; empty where there was none. */
  readonly text: string;
  /** The header. */
  readonly authorization: string;
}

/** An answer on its way out. Without `body` it is empty; `null` is the JSON word. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Where a dialect takes part; it leaves out what it does not change. */
export interface Hooks {
  /** A body, before the service reads it: what is stored. */
  takes?(body: Json, view: View): Json;
  /** An object as an answer shows it. */
  shows?(object: Json, view: View): Json;
  /** Around the whole request: statuses, headers, order, lateness. A refusal is an answer like any other. */
  serves?(asked: Asked, next: () => Reply): Reply;
}

export interface Dialect {
  /** One sentence on what the service does, for the documentation's table. */
  readonly description: string;
  /** The id of a new object, from the random one that it would have had. */
  readonly mints?: (id: string) => string;
  readonly hooks?: (service: Service) => Hooks;
}

export function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export const viewOf: Readonly<Record<OperationName, View | undefined>> = {
  listCredentials: { kind: "credential", place: "list" },
  createCredential: { kind: "credential", place: "create" },
  getCredential: { kind: "credential", place: "read" },
  updateCredential: { kind: "credential", place: "update" },
  updateInboundRules: { kind: "credential", place: "update" },
  deleteCredential: { kind: "credential", place: "delete" },
  rotatePassword: undefined,
  setPassword: undefined,
  listSshPublicKeys: { kind: "sshPublicKey", place: "list" },
  addSshPublicKey: { kind: "sshPublicKey", place: "create" },
  removeSshPublicKey: { kind: "sshPublicKey", place: "delete" },
  listWebhooks: { kind: "webhook", place: "list" },
  createWebhook: { kind: "webhook", place: "create" },
  updateWebhook: { kind: "webhook", place: "update" },
  deleteWebhook: { kind: "webhook", place: "delete" },
  listShareLinks: { kind: "shareLink", place: "list" },
  createShareLink: { kind: "shareLink", place: "create" },
  getShareLink: { kind: "shareLink", place: "read" },
  updateShareLink: { kind: "shareLink", place: "update" },
  deleteShareLink: { kind: "shareLink", place: "delete" },
};

export const every = {
  kind: ["credential", "sshPublicKey", "webhook", "shareLink"],
  place: ["list", "read", "create", "update", "delete"],
} as const;

/** How each of some fields changes; a field that is not there stays away. */
export type Changes = Readonly<Record<string, (value: unknown) => unknown>>;

export function change(object: Json, changes: Changes): Json {
  const changed = Object.entries(changes).flatMap(([name, to]) =>
    object[name] === undefined ? [] : [[name, to(object[name])] as const],
  );
  return { ...object, ...Object.fromEntries(changed) };
}

export function without(object: Json, ...names: readonly string[]): Json {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}

/** Changes texts and leaves other values alone. */
export function ofText(to: (text: string) => unknown): (value: unknown) => unknown {
  return (value) => (typeof value === "string" ? to(value) : value);
}

/** Stores something else than what was sent. */
export function storing(kinds: readonly ObjectKind[], changes: Changes): () => Hooks {
  return () => ({ takes: (body, { kind }) => (kinds.includes(kind) ? change(body, changes) : body) });
}

/** Shows something else than what is stored, in some answers. */
export function showing(
  kinds: readonly ObjectKind[],
  places: readonly Place[],
  to: (object: Json) => Json,
): () => Hooks {
  return () => ({
    shows: (object, { kind, place }) =>
      kinds.includes(kind) && places.includes(place) ? to(object) : object,
  });
}

/** Answers something else where an operation of this place went well. */
export function answering(place: Place, to: (reply: Reply) => Reply): () => Hooks {
  return () => ({
    serves(asked, next) {
      const reply = next();
      return asked.view?.place === place && reply.status < 300 ? to(reply) : reply;
    },
  });
}
