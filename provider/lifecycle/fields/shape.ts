/** Ties a class and its documented arguments to its kind's fields: the compiler names what was forgotten. */
import type * as pulumi from "@pulumi/pulumi";
import type { Marks } from "../../protocol/announcing";
import { kept } from "../../protocol/hidden";
import type { Kind } from "../../protocol/kinds";
import type { Shape } from "../../protocol/registration";
import { type ArgumentKey, type Fields, type Inputs, secretKeys } from "./vocabulary";

/**
 * Nothing, or an error of the compiler that names what `resource.ts` forgot: a field without its documented
 * argument or output, an argument without a field, or one of another type.
 */
type Documented<F extends Fields, Args, Class> = [Forgotten<F, Args, Class>] extends [never]
  ? unknown
  : { readonly forgottenOrOfAnotherType: Forgotten<F, Args, Class> };

type Forgotten<F extends Fields, Args, Class> =
  | Exclude<keyof F, keyof Class>
  | Exclude<ArgumentKey<F>, keyof Args>
  | Exclude<keyof Args, ArgumentKey<F>>
  | {
      [K in keyof Args & keyof Inputs<F>]: pulumi.Unwrap<Args[K]> extends Inputs<F>[K] ? never : K;
    }[keyof Args & keyof Inputs<F>];

/** What a class registers, from its kind's fields. */
export function shapeOf<F extends Fields, Args, Class>(
  kind: Kind,
  fields: F & Documented<F, Required<Args>, Class>,
  marks?: Marks,
): Shape {
  return {
    kind,
    names: Object.keys(fields),
    composed: Object.keys(fields).filter((key) => composedTypes.includes(fields[key]?.type ?? "")),
    secrets: secretsOf(fields),
    marks,
  };
}

/** The arguments and outputs that the state keeps as ciphertext, hidden ones included. */
export function secretsOf(fields: Fields): readonly string[] {
  return [...secretKeys(fields), ...hiddenSecrets(fields)];
}

const composedTypes: readonly string[] = ["list", "any", "string or number"];

/** What we keep of secrets: hashes of what the program declared. */
function hiddenSecrets(fields: Fields): string[] {
  const declared = Object.values(fields).filter(({ secret, output }) => secret && !output);
  return [
    ...(declared.some(({ hashed }) => hashed) ? [kept.passwordHash] : []),
    ...(declared.some(({ hashed, unseen }) => !hashed && !unseen) ? [kept.spelling] : []),
  ];
}
