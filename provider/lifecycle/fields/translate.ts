/** From inputs to a request's body, and from an object of the API to what the state holds. */
import { hiddenInputs, joinKeys, kept } from "../../protocol/hidden";
import { isEqual } from "../../values/plain";
import { hashSecret, matchesHash } from "../../values/secretHash";
import { isShown } from "../doubt/likeness";
import { declaredKeys, isSame, isSpelled, managedKeys, spellingOf, valueAt } from "./declared";
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
} from "./vocabulary";

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
  // In place of a secret that it holds back, an answer has a blank or a mask.
  if (field.secret) return isShown(value) ? value : (known ?? null);
  return value ?? null;
}

/** Whether the API knows nothing of a field. */
export function isOurs({ api, read }: Field): boolean {
  return api === undefined && read === undefined;
}

/**
 * What is known of an object before its answer is read: of fields that no answer shows, of secrets that were just
 * sent, and of those that are ours alone, what the program says. What is taken out again stays as it was where a
 * field says so.
 */
export function knownOf<F extends Fields>(
  fields: F,
  inputs: object,
  olds: object,
  sent: readonly string[] = [],
): State<F> {
  const known: Record<string, unknown> = { ...olds };
  for (const key of argumentKeys(fields)) {
    const field: Field = fields[key] as Field;
    const declared = valueAt(inputs, key);
    // A `null` is declared too: it has cleared the field.
    if (field.unseen && declared !== undefined) known[key] = declared;
    if ((field.secret || field.mustBeShown) && sent.includes(key)) known[key] = declared;
    if (isOurs(field)) known[key] = declared ?? (field.stays ? known[key] : undefined);
  }
  return known as State<F>;
}

/**
 * Full outputs: what the server holds, in the program's own spelling where it means the same, so that
 * `/incoming` does not turn into `incoming` in the state.
 */
export function stateOf<F extends Fields>(
  fields: F,
  inputs: object,
  server: State<F>,
  /** Keys that the service has just put into its own spelling. */
  spelled: readonly string[] = [],
  olds: object = {},
): State<F> {
  const declared = declaredKeys(fields, inputs);
  const state: Record<string, unknown> = { ...server };
  // An output that is left out is unknown to others in every preview; `null` is known.
  for (const key of argumentKeys(fields)) state[key] ??= (fields[key] as Field).fallback ?? null;
  for (const key of declared) {
    const value = valueAt(inputs, key);
    if (value !== null && isSame(fields[key] as Field, value, valueAt(server, key))) state[key] = value;
  }
  state[kept.managed] = joinKeys(declared);
  const spelling = spellings(inputs, state, { declared, spelled, olds });
  state[kept.spelling] = Object.keys(spelling).length > 0 ? spelling : undefined;
  return state as State<F>;
}

/** The hashes to keep: new ones, and those of before while neither side has changed. */
function spellings(
  inputs: object,
  state: object,
  { declared, spelled, olds }: { declared: readonly string[]; spelled: readonly string[]; olds: object },
): Record<string, string> {
  const before = spellingOf(olds);
  return Object.fromEntries(
    declared.flatMap((key) => {
      const value = valueAt(inputs, key);
      if (spelled.includes(key)) return [[key, hashSecret(JSON.stringify(value))]];
      const goesOn = isSpelled(olds, key, value) && isEqual(valueAt(state, key), valueAt(olds, key));
      const hash = before[key];
      return goesOn && hash !== undefined ? [[key, hash]] : [];
    }),
  );
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
  const state: Record<string, unknown> = { ...stateOf(fields, spelling, server) };
  const hasDrifted = (key: ArgumentKey<F>) =>
    !notDrift.includes(key) &&
    !fields[key]?.hashed &&
    !isSame(fields[key] as Field, spelling[key], valueAt(server, key));
  // What the service has spelled its own way stays so while it is the same.
  const unchanged = Object.entries(spellingOf(olds)).filter(([key]) =>
    isEqual(valueAt(server, key), valueAt(olds, key)),
  );
  state[kept.spelling] = unchanged.length > 0 ? Object.fromEntries(unchanged) : undefined;
  if (!managed.some(hasDrifted)) return { state: state as State<F> };
  const inputs: Record<string, unknown> = {};
  for (const key of managed) inputs[key] = hasDrifted(key) ? (valueAt(server, key) ?? null) : spelling[key];
  const filledIn = argumentKeys(fields).filter((key) => fields[key]?.byDefault && !managed.includes(key));
  for (const key of filledIn) inputs[key] = valueAt(state, key);
  if (filledIn.length > 0) Object.assign(inputs, hiddenInputs({ defaults: filledIn }));
  return { state: state as State<F>, inputs };
}
