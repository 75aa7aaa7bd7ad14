/**
 * What a kind's `fields.ts` is written in: one declaration of each argument and output, from which follow what
 * the class registers, check, diff, the request's body, the outputs, and which words of a request are secret.
 *
 * The program's process loads it too: nothing here may need a library.
 */
import type { KeptState } from "../../protocol/hidden";
import { hasUnknown, type Unknown, type Unresolved, type UnresolvedObject } from "../../protocol/unknowns";
import { serviceTime } from "../../values/times";

/** What a validation says of a value. */
export interface Finding {
  /** What would be right, to follow the property's name: `must be …`. Never the value, which may be a secret. */
  readonly reason: string;
  /** Where inside the value, e.g. `[1].source`. */
  readonly path?: string;
  /** A warning lets the value through. Default: an error. */
  readonly severity?: "error" | "warning";
  /** Holds only for a value that is new: nobody is warned of an expiration that has long passed. */
  readonly onlyNew?: true;
}

/** What a validation may look at besides the value. */
export interface FieldContext {
  /** All inputs, of which any may be unknown. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Unix milliseconds. */
  readonly now: number;
}

/** What a default is made from. */
export interface Naming {
  /** The resource's name in the program. */
  readonly name: string;
  readonly urn: string;
  readonly organizationId: string;
}

/** Every object of the API. */
export interface Listed {
  readonly Id: string;
}

type ValueType = "string" | "number" | "boolean" | "list" | "string or number" | "any";

/** What is said of a field besides its type. `T` is its value in a program. */
interface Rules<T> {
  /** Its name in the API. Without one the API does not know it: it is ours alone. */
  readonly api?: string;
  /** Only an output: no program sets it. */
  readonly output?: true;
  readonly required?: true;
  readonly secret?: true;
  /** A change, or a value that is not known yet, replaces the resource. */
  readonly replaces?: true;
  /** Its value decides who has access: after a write the service has to show what was declared. */
  readonly opensAccess?: true;
  /** Objects of the kind are told apart by it: one that was imported without it is nobody's double. */
  readonly identifies?: true;
  /** A time after which nobody gets in: a preview warns when it comes near. */
  readonly endsAccess?: true;
  /** A service that does not show it at all has not applied it. */
  readonly mustBeShown?: true;
  /** Sent in a request of its own, before the others. */
  readonly alone?: true;
  /** `null` in a program clears it; this is what the API takes for a blank. */
  readonly clears?: unknown;
  /** The values that the API is known to have. */
  readonly words?: readonly string[];
  /** Compared with a salted hash of what was declared, so that what the server holds is never drift. */
  readonly hashed?: true;
  /** Answers leave it out, all but the one to the create: what the program declares counts. */
  readonly unseen?: true;
  /** Lists leave it blank, and only answers to writes have it: an import cannot show it. */
  readonly shownByWrites?: true;
  /** Ours alone, and taken out of the program it stays as it was. */
  readonly stays?: true;
  /** Ours alone: what holds while no program has declared it. */
  readonly fallback?: T;
  /** What the service gives an object whose create leaves it out: an export does not write it. */
  readonly usual?: T;
  /** The shortest way to declare the server's value, for an export. Default: as it is. */
  brief?(server: T): T;
  /** What check fills in at create where the program leaves it out. Kept from then on. */
  byDefault?(naming: Naming): T;
  /** What makes a declared value and the server's the same. Default: structural equality. */
  same?(declared: T | null, server: T | null | undefined): boolean;
  /**
   * How the refusal of an import says what is different, to follow the property's name. It may not hold a value of the
   * program that can be secret. Default: what the server has.
   */
  difference?(declared: T, server: T): string;
  /** Of a field that opens access: whether the server's value gives the access that was declared. Default: `same`. */
  grants?(declared: T | null, server: T | null | undefined): boolean;
  /** Called with a value of the right type that is not `null` and not unknown as a whole. */
  validate?(value: Exclude<Unresolved<T>, Unknown>, checking: FieldContext): readonly Finding[];
  /** The value for the request. Default: as it is. */
  write?(value: T): unknown;
  /**
   * The value in an object of the API. Default: a copy; of a secret, what is known where the answer does not
   * show it. `known` is the field's value in the state, `state` all of them.
   */
  read?(
    object: Listed,
    known: T | null | undefined,
    state: Readonly<Record<string, unknown>>,
  ): T | null | undefined;
}

/** A field: its type, and what is said of it. */
export interface Field<T = unknown> extends Rules<T> {
  readonly type: ValueType;
  /** Only for the compiler: no field has it. */
  readonly of?: { readonly value: T };
}

/** All fields of a kind, by their names in a program. */
export type Fields = Readonly<Record<string, Field>>;

function fieldOf<T>(type: ValueType) {
  return <const R extends Rules<T>>(rules: R): R & Pick<Field<T>, "type" | "of"> => ({ type, ...rules });
}

export const text = fieldOf<string>("string");
export const number = fieldOf<number>("number");
export const flag = fieldOf<boolean>("boolean");
/** ISO 8601 with a zone, or Unix milliseconds. */
export const time = fieldOf<string | number>("string or number");
export const anything = fieldOf<unknown>("any");
export const listOf = <E>() => fieldOf<readonly E[]>("list");
/** An object whose shape is the API's matter. */
export const object = fieldOf<Readonly<Record<string, unknown>>>("any");

/** When the service says that it made the object, in Unix milliseconds. */
export const createdAt = number({
  output: true,
  api: "CreatedAt",
  read: ({ CreatedAt }: Listed & { readonly CreatedAt?: unknown }, known) => serviceTime(CreatedAt) ?? known,
});

type ValueOf<D> = D extends { readonly of?: { readonly value: infer T } } ? T : never;
type Key<F extends Fields> = keyof F & string;
type OutputKey<F extends Fields> = {
  [K in Key<F>]: F[K] extends { readonly output: true } ? K : never;
}[Key<F>];
/** The names of a kind's arguments. */
export type ArgumentKey<F extends Fields> = Exclude<Key<F>, OutputKey<F>>;
type RequiredKey<F extends Fields> = {
  [K in ArgumentKey<F>]: F[K] extends { readonly required: true } ? K : never;
}[ArgumentKey<F>];
type Clearable<D> = D extends { readonly clears: unknown } ? null : never;

/** A kind's arguments, checked and known. */
export type Inputs<F extends Fields> = { readonly [K in RequiredKey<F>]: ValueOf<F[K]> } & {
  readonly [K in Exclude<ArgumentKey<F>, RequiredKey<F>>]?: ValueOf<F[K]> | Clearable<F[K]> | undefined;
};

/** A kind's arguments as check and diff are given them: any may be missing in check, and any unknown. */
export type UnresolvedInputs<F extends Fields> = UnresolvedObject<Inputs<F>>;

/** Inputs that check has validated, as a kind's own; `undefined` while any of their values is unknown. */
export function knownInputs<F extends Fields>(fields: F, inputs: object): Inputs<F> | undefined;
export function knownInputs(_: Fields, inputs: object): object | undefined {
  return hasUnknown(inputs) ? undefined : inputs;
}

/** What the state holds of a resource; states of earlier versions may lack some. */
export type State<F extends Fields> = {
  readonly [K in Key<F>]?: ValueOf<F[K]> | null | undefined;
} & KeptState;

type WrittenAs<D> = D extends { write(value: never): infer W }
  ? W
  : ValueOf<D> | (D extends { readonly clears: infer B } ? B : never);

/** A request's body. */
export type BodyOf<F extends Fields> = {
  readonly [K in ArgumentKey<F> as F[K] extends { readonly api: infer A extends string } ? A : never]?:
    | WrittenAs<F[K]>
    | undefined;
};

export function argumentKeys<F extends Fields>(fields: F): ArgumentKey<F>[] {
  return keysOf(fields).filter((key) => fields[key]?.output !== true) as ArgumentKey<F>[];
}

export function keysOf<F extends Fields>(fields: F): Key<F>[] {
  return Object.keys(fields);
}

export function secretKeys(fields: Fields): string[] {
  return keysOf(fields).filter((key) => fields[key]?.secret);
}

/** The names under which secrets of a kind travel in requests and answers. */
export function secretApiNames(fields: Fields): string[] {
  return Object.values(fields).flatMap(({ secret, api }) => (secret && api !== undefined ? [api] : []));
}
