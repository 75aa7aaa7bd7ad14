/**
 * The file for `pulumi import --file`, which newer engines take into the state without asking a provider. It holds no
 * secret: the first refresh reads them.
 */
import { clientDefaults } from "../../api/settings";
import { serverState, stateOf } from "../../lifecycle/fields/translate";
import { type Fields, type Listed, secretKeys } from "../../lifecycle/fields/vocabulary";
import { kept } from "../../protocol/hidden";
import { type Kind, typeToken } from "../../protocol/kinds";
import { stub } from "../../protocol/stub";

/** A resource of the program. */
export interface Imported {
  readonly kind: Kind;
  readonly name: string;
  readonly id: string;
  readonly object: Listed;
  /** What the program declares, all of it known: its secrets are not. */
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** Whose objects they are, and where. */
interface Origin {
  readonly organizationId: string;
  readonly baseUrl: string;
}

/** One resource of the file. */
export function importOf(
  fields: Fields,
  { kind, name, id, object, inputs }: Imported,
  { organizationId, baseUrl }: Origin,
) {
  const state = stateOf(fields, inputs, serverState(fields, object, {}));
  const provider = { [kept.provider]: stub(kind) };
  return {
    type: typeToken(kind),
    name,
    id,
    inputs: { ...inputs, ...provider },
    outputs: {
      ...state,
      ...Object.fromEntries(secretKeys(fields).map((key) => [key, null])),
      organizationId,
      ...(baseUrl !== clientDefaults.baseUrl && { [kept.baseUrl]: baseUrl }),
      ...provider,
      [kept.fromFile]: true,
    },
  };
}
