/**
 * The seam for judges: a service may differ from its reference's examples, and a variation says how, by hooks around a
 * request. The package ships none; `tests/harness/dialects/catalog/` has the named ones.
 */
import type { OperationName, Service } from "./route";

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

/** Where a variation takes part; it leaves out what it does not change. */
export interface Hooks {
  /** A body, before the service reads it: what is stored. */
  takes?(body: Json, view: View): Json;
  /** An object as an answer shows it. */
  shows?(object: Json, view: View): Json;
  /** Around the whole request: statuses, headers, order, lateness. A refusal is an answer like any other. */
  serves?(asked: Asked, next: () => Reply): Reply;
}

/** One way in which the service differs from its reference's examples. */
export interface Variation {
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

/** The variations of one emulator, as one; the first is the first to change anything. */
export class Variations {
  readonly #chosen: readonly Variation[];
  #hooks: readonly Hooks[] = [];

  constructor(chosen: readonly Variation[]) {
    this.#chosen = chosen;
  }

  /** Hooks may look into what the service holds, so they are made when it is there. */
  prepareFor(service: Service): void {
    this.#hooks = this.#chosen.flatMap(({ hooks }) => hooks?.(service) ?? []);
  }

  /** The id of a new object, from a random one. */
  mint(id: string): string {
    return this.#chosen.reduce((minted, { mints }) => mints?.(minted) ?? minted, id);
  }

  /** Serves a request: what the service itself makes of a body, varied. */
  serve(asked: Asked, body: unknown, handle: (body: unknown) => Reply): Reply {
    const { view } = asked;
    let next = (): Reply => {
      const reply = handle(this.#take(body, view));
      return view === undefined || reply.status >= 300
        ? reply
        : { ...reply, body: this.#show(reply.body, view) };
    };
    for (const { serves } of this.#hooks) {
      const inner = next;
      if (serves !== undefined) next = () => serves(asked, inner);
    }
    return next();
  }

  #take(body: unknown, view: View | undefined): unknown {
    if (!isJson(body) || view === undefined) return body;
    return this.#hooks.reduce((taken: Json, { takes }) => takes?.(taken, view) ?? taken, body);
  }

  #show(body: unknown, view: View): unknown {
    if (Array.isArray(body)) return body.map((object) => this.#show(object, view));
    if (!isJson(body)) return body;
    return this.#hooks.reduce((shown: Json, { shows }) => shows?.(shown, view) ?? shown, body);
  }
}
