/**
 * What functions return: types derived from the resource classes, values from their fields, so that a field is
 * documented and declared once.
 */
import type * as pulumi from "@pulumi/pulumi";
import type { Fields, Listed, State } from "../lifecycle/fields/vocabulary";
import { serviceTime } from "../values/times";

/** The value of an output. */
type Value<O> = O extends pulumi.Output<infer T> ? T : never;

/** The names of a class's own outputs: not `id` and `urn`, which all resources have, and no methods. */
type OutputsOf<R> = Exclude<
  { [K in keyof R]: R[K] extends pulumi.OutputInstance<unknown> ? K : never }[keyof R],
  "id" | "urn"
>;

/** Some of a class's outputs, as values. Written so that each keeps its documentation. */
type ValuesOf<R, K extends keyof R> = { readonly [P in K]: Value<R[P]> };

/**
 * A resource as a function returns it: the outputs of its class as values, without those `Absent`, which no
 * function can know; the `Optional` ones are there only if the API shows them, and if they are not secret or
 * secrets are asked for.
 */
export type ResultOf<
  R extends pulumi.CustomResource,
  Absent extends keyof R,
  Optional extends keyof R,
> = ValuesOf<R, Exclude<OutputsOf<R>, Absent | Optional>> & Partial<ValuesOf<R, Optional>>;

/** What every object has, and no resource's state, since it changes by itself or is the resource's own. */
interface Common {
  readonly id: string;
  readonly organizationId?: string;
  readonly updatedAt?: number;
}

/** An object of the API, with what most of them have. */
interface Answered extends Listed {
  readonly OrganizationId?: string | null | undefined;
  readonly UpdatedAt?: number | string | null | undefined;
}

/** An object of the API by its fields, without those in `absent`. What the API leaves out is left out. */
export function resultOf<F extends Fields, T extends Answered>(
  fields: F,
  object: T,
  absent: readonly string[],
  known: object = {},
): State<F> & Common {
  const { serverState } =
    require("../lifecycle/fields/translate") as typeof import("../lifecycle/fields/translate");
  const shown = Object.entries(serverState(fields, object, known)).filter(
    ([key, value]) =>
      value !== undefined && !absent.includes(key) && !(value === null && isHeldBack(fields[key])),
  );
  const updatedAt = serviceTime(object.UpdatedAt);
  return {
    ...Object.fromEntries(shown),
    id: object.Id,
    ...(object.OrganizationId && { organizationId: object.OrganizationId }),
    ...(updatedAt !== undefined && { updatedAt }),
  } as State<F> & Common;
}

/** A secret that the API does not show, and not one that is simply not set. */
function isHeldBack(field: Fields[string] | undefined): boolean {
  return field?.secret === true && !("clears" in field);
}
