/** The fields of a credential rotation: the one declaration of them, read by the program and by the provider. */
import { words } from "../../api/assumptions";
import { validateCredentialId } from "../../lifecycle/fields/formats";
import {
  anything,
  type FieldContext,
  type Finding,
  flag,
  type Inputs,
  listOf,
  number,
  type State,
  text,
  time,
} from "../../lifecycle/fields/vocabulary";
import { isUnknown, type Unresolved } from "../../protocol/unknowns";
import { validateDays, validateDaysOrNone } from "../shared/ages";

/** How long the previous login goes on where a program does not say. */
export const defaultGraceDays = 7;

export const credentialRotationFields = {
  credentialIds: listOf<string>()({ required: true, validate: validatePair }),
  // Taken out, it stays as it was: the same trigger put back does not rotate.
  triggers: anything({ stays: true }),
  rotateAfterDays: number({ validate: validateAge }),
  graceDays: number({ fallback: defaultGraceDays, validate: validateDaysOrNone }),
  announceDays: number({ validate: validateDaysOrNone }),
  state: text({ words: words.credentialState }),
  // Only so that nothing opens a login which the service has closed on its day.
  expiration: time({ clears: null }),
  // Taken out, it stays as it was: no secret goes into the state because an argument is gone.
  storeSecrets: flag({ fallback: true, stays: true }),
  userNames: listOf<string>()({ output: true }),
  activeCredentialId: text({ output: true }),
  userName: text({ output: true }),
  password: text({ output: true, secret: true }),
  host: text({ output: true }),
  previousCredentialId: text({ output: true }),
  previousUserName: text({ output: true }),
  previousPassword: text({ output: true, secret: true }),
  previousHost: text({ output: true }),
  previousValidUntil: text({ output: true }),
  rotatedAt: text({ output: true }),
  nextRotationAt: text({ output: true }),
  organizationId: text({ output: true }),
};

export type CredentialRotationInputs = Inputs<typeof credentialRotationFields>;
export type CredentialRotationState = State<typeof credentialRotationFields>;

function validatePair(ids: readonly Unresolved<string>[]): readonly Finding[] {
  const [first, second] = ids;
  if (ids.length !== 2) return [{ reason: "must be the ids of two credentials" }];
  if (first === second && !isUnknown(first)) return [{ reason: "must be two different credentials" }];
  return ids.flatMap((id, index) => {
    const found = isUnknown(id) ? [] : validateCredentialId(String(id));
    return found.map((finding) => ({ ...finding, path: `[${index}]` }));
  });
}

/** A password that is to be changed within its forerunner's grace could never be. */
function validateAge(days: number, { inputs }: FieldContext): readonly Finding[] {
  const findings = validateDays(days);
  const grace = inputs.graceDays ?? defaultGraceDays;
  if (findings.length > 0 || typeof grace !== "number" || days > grace) return findings;
  const said = inputs.graceDays === undefined ? `${grace}, its default` : grace;
  return [
    { reason: `must be more than graceDays (${said}): nothing rotates while the previous login works` },
  ];
}

/** A rotation's id in the state: the ids of both credentials at its create, with a slash between them. */
export function joinIds(ids: readonly string[]): string {
  return ids.join("/");
}

export function splitIds(id: string): readonly [string, string] {
  const [first = "", second = "", ...rest] = id.split("/");
  if (first === "" || second === "" || rest.length > 0) {
    throw new Error(`"${id}" is not the id of a credential rotation: it is credentialId/credentialId.`);
  }
  return [first, second];
}
