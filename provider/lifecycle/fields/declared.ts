/** Which fields a program declares, and which of them differ from what the server holds. */
import { hiddenOf, kept, splitKeys } from "../../protocol/hidden";
import { hasUnknown } from "../../protocol/unknowns";
import { isEqual } from "../../values/plain";
import { matchesHash } from "../../values/secretHash";
import { type ArgumentKey, argumentKeys, type Field, type Fields } from "./vocabulary";

/** The value under a key of inputs or a state, hidden keys included. */
export function valueAt(values: object, key: string): unknown {
  return (values as Readonly<Record<string, unknown>>)[key];
}

/** The keys that a program declares: present, and not filled in by check. */
export function declaredKeys<F extends Fields>(fields: F, inputs: object): ArgumentKey<F>[] {
  const defaults = defaultKeys(inputs);
  return argumentKeys(fields).filter((key) => valueAt(inputs, key) !== undefined && !defaults.includes(key));
}

/** The keys that check filled in. */
export function defaultKeys(inputs: object): readonly string[] {
  return hiddenOf(inputs).defaults ?? [];
}

/** The keys with a value for the server: declared ones, and those that check filled in. */
export function givenKeys<F extends Fields>(fields: F, inputs: object): ArgumentKey<F>[] {
  return argumentKeys(fields).filter((key) => valueAt(inputs, key) !== undefined);
}

/** The keys that the program declared at the last create or update. */
export function managedKeys<F extends Fields>(fields: F, state: object): ArgumentKey<F>[] {
  const managed = splitKeys(valueAt(state, kept.managed));
  return argumentKeys(fields).filter((key) => managed.includes(key));
}

/** Whether a declared value is what the server holds. An unknown one never is. */
export function isSame(field: Field, declared: unknown, server: unknown): boolean {
  if (hasUnknown(declared)) return false;
  if (declared === null) {
    return server === null || server === undefined || field.same?.(null, server) === true;
  }
  return field.same ? field.same(declared, server) : isEqual(declared, server);
}

/** What a program declares, and what is there; named, so that the two are never swapped. */
interface Compared {
  readonly inputs: object;
  readonly state: object;
}

/** The declared keys whose value is neither the one in the state nor what the service has made into that one. */
export function differingKeys<F extends Fields>(fields: F, { inputs, state }: Compared): ArgumentKey<F>[] {
  return declaredKeys(fields, inputs).filter((key) => {
    const declared = valueAt(inputs, key);
    // What the service has spelled its own way says nothing of any other value, not even of the one it looks like.
    return spellingOf(state)[key] === undefined
      ? !isSame(fields[key] as Field, declared, valueAt(state, key))
      : !isSpelled(state, key, declared);
  });
}

/**
 * What the program declared where the service keeps it in another spelling, which the state holds: the hash of each
 * value, by its key.
 */
export function spellingOf(state: object): Readonly<Record<string, string>> {
  return { ...(valueAt(state, kept.spelling) as Readonly<Record<string, string>> | undefined) };
}

/** Whether the value in the state is the service's spelling of this one. */
export function isSpelled(state: object, key: string, declared: unknown): boolean {
  return !hasUnknown(declared) && matchesHash(JSON.stringify(declared), spellingOf(state)[key]);
}

/**
 * What an update has to change. A hashed field is compared with the hash of what was declared before, not with the
 * server's value: a rotation is not undone. Declared for the first time it counts as changed, even if it is the
 * server's by chance, so that its hash is kept from then on.
 */
export function changedKeys<F extends Fields>(fields: F, { inputs, state }: Compared): ArgumentKey<F>[] {
  const differing = differingKeys(fields, { inputs, state });
  return declaredKeys(fields, inputs).filter((key) => {
    if (!fields[key]?.hashed) return differing.includes(key);
    const value = valueAt(inputs, key);
    return hasUnknown(value) || !matchesHash(value, valueAt(state, kept.passwordHash));
  });
}
