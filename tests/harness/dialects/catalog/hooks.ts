/**
 * A dialect is a row of a table: one sentence, and its hooks for one emulator. Here are short ways to write the usual
 * ones.
 */
import type {
  Hooks,
  Json,
  ObjectKind,
  Place,
  Reply,
  Variation,
} from "../../../../provider/emulator/variations.js";

export interface Dialect extends Variation {
  /** One sentence on what the service does, for the report's table. */
  readonly description: string;
}

export function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

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
