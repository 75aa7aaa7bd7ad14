/** From inputs to a request's body, and from an object of the API to what the state holds. */
import { kept } from "../engine/hidden";
import { hashSecret, matchesHash } from "../values/secretHash";
import { declaredKeys, isSame, joinKeys, managedKeys, valueAt } from "./declared";
import {
  type ArgumentKey,
  argumentKeys,
  type BodyOf,
  type Field,
  type Fields,
  type Inputs,
  keysOf,
  type Listed,
  type State,
} from "./fields";

/** The body that sets `keys` to what `inputs` declare. */
export function bodyOf<F extends Fields>(fields: F, inputs: Inputs<F>, keys: readonly string[]): BodyOf<F> {
  const body: Record<string, unknown> = {};
  for (const key of argumentKeys(fields)) {
    const field: Field = fields[key] as Field;
    const value = valueAt(inputs, key);
    if (field.api === undefined || value === undefined || !keys.includes(key)) continue;
    body[field.api] = value === null ? field.clears : field.write ? field.write(value) : value;
  }
  return body as BodyOf<F>;
}

/**
 * What an object of the API comes to. What its answer leaves out stays as `known` has it where the field says
 * so; what is ours alone is as `known` has it.
 */
export function serverState<F extends Fields>(fields: F, object: Listed, known: object): State<F> {
  const state = keysOf(fields).map((key) => {
    const field: Field = fields[key] as Field;
    const before = valueAt(known, key);
    if (field.read) return [key, field.read(object, before, { ...known })];
    return [key, field.api === undefined ? before : copyOf(field, valueAt(object, field.api), before)];
  });
  return Object.fromEntries(state);
}

function copyOf(field: Field, value: unknown, known: unknown): unknown {
  // An answer shows a blank in place of a secret that it holds back. Where it can be cleared, it is the value.
  if (field.secret) return value || (field.clears === undefined ? (known ?? null) : null);
  return value ?? null;
}

/** Whether the API knows nothing of a field. */
function isOurs({ api, read }: Field): boolean {
  return api === undefined && read === undefined;
}

/**
 * What the program says of fields that no answer shows, and of those that are ours alone. What is taken out
 * again stays as it was where a field says so.
 */
export function knownOf<F extends Fields>(fields: F, inputs: object, olds: object): State<F> {
  const known: Record<string, unknown> = { ...olds };
  for (const key of argumentKeys(fields)) {
    const field: Field = fields[key] as Field;
    const declared = valueAt(inputs, key);
    if (field.unseen) known[key] = declared ?? known[key];
    if (isOurs(field)) known[key] = declared ?? (field.stays ? known[key] : undefined);
  }
  return known as State<F>;
}

/**
 * Full outputs: what the server holds, in the program's own spelling where it means the same, so that
 * `/incoming` does not turn into `incoming` in the state.
 */
export function stateOf<F extends Fields>(fields: F, inputs: object, server: State<F>): State<F> {
  const declared = declaredKeys(fields, inputs);
  const state: Record<string, unknown> = { ...server };
  // An output that is left out is unknown to others in every preview; `null` is known.
  for (const key of argumentKeys(fields)) state[key] ??= (fields[key] as Field).fallback ?? null;
  for (const key of declared) {
    const value = valueAt(inputs, key);
    if (value !== null && isSame(fields[key] as Field, value, valueAt(server, key))) state[key] = value;
  }
  state[kept.managed] = joinKeys(declared);
  return state as State<F>;
}

/**
 * The hash to keep beside a declared password: the old one where it still fits, so that nothing changes in the
 * state.
 */
export function hashOf(fields: Fields, inputs: object, olds: object): string | undefined {
  const key = argumentKeys(fields).find((each) => fields[each]?.hashed);
  const declared = key === undefined ? undefined : valueAt(inputs, key);
  if (typeof declared !== "string") return undefined;
  const hash = valueAt(olds, kept.passwordHash);
  return typeof hash === "string" && matchesHash(declared, hash) ? hash : hashSecret(declared);
}

/**
 * What a read makes of an object: the server's values in the spelling of the old outputs, and new inputs if
 * something that the program declares has drifted, so that the next preview shows the way back.
 */
export function readState<F extends Fields>(
  fields: F,
  olds: State<F>,
  server: State<F>,
  notDrift: readonly string[],
): { state: State<F>; inputs?: Record<string, unknown> } {
  const managed = managedKeys(fields, olds);
  const spelling = Object.fromEntries(managed.map((key) => [key, valueAt(olds, key) ?? null]));
  const state = stateOf(fields, spelling, server);
  const hasDrifted = (key: ArgumentKey<F>) =>
    !notDrift.includes(key) &&
    !fields[key]?.hashed &&
    !isSame(fields[key] as Field, spelling[key], valueAt(server, key));
  if (!managed.some(hasDrifted)) return { state };
  const inputs: Record<string, unknown> = {};
  for (const key of managed) inputs[key] = hasDrifted(key) ? (valueAt(server, key) ?? null) : spelling[key];
  const filledIn = argumentKeys(fields).filter((key) => fields[key]?.byDefault && !managed.includes(key));
  for (const key of filledIn) inputs[key] = valueAt(state, key);
  if (filledIn.length > 0) inputs[kept.defaults] = joinKeys(filledIn);
  return { state, inputs };
}
