/** The fields of a password rotation: the one declaration of them, read by the program and by the provider. */

import type { Credential } from "../../api/credentials";
import { validateCredentialId, validatePassword } from "../../lifecycle/fields/formats";
import { anything, flag, type Inputs, number, type State, text } from "../../lifecycle/fields/vocabulary";
import { validateDays } from "../shared/ages";
import { storedPassword } from "../shared/storedSecrets";

export const passwordRotationFields = {
  credentialId: text({
    required: true,
    replaces: true,
    validate: validateCredentialId,
    read: ({ Id }: Credential) => Id,
  }),
  // Taken out, it stays as it was: the same trigger put back does not rotate.
  triggers: anything({ replaces: true, stays: true }),
  rotateAfterDays: number({ validate: validateDays }),
  password: text({
    api: "Password",
    secret: true,
    replaces: true,
    hashed: true,
    opensAccess: true,
    validate: validatePassword,
    read: ({ Password }: Credential, known, declared) => storedPassword(Password, known, declared),
  }),
  // Taken out, it stays as it was: no secret goes into the state because an argument is gone.
  storeSecrets: flag({ fallback: true, stays: true }),
  host: text({ output: true, api: "Host" }),
  userName: text({ output: true, api: "UserName" }),
  rotatedAt: text({ output: true }),
  organizationId: text({ output: true }),
};

export type PasswordRotationInputs = Inputs<typeof passwordRotationFields>;
export type PasswordRotationState = State<typeof passwordRotationFields>;

/** A rotation's id in the state: `credentialId/rotatedAt`, the time in Unix milliseconds. */
export function joinId(credentialId: string, rotatedAt: number): string {
  return `${credentialId}/${rotatedAt}`;
}

export function splitId(id: string): { credentialId: string; rotatedAt: number } {
  const [credentialId = "", milliseconds = "", ...rest] = id.split("/");
  if (credentialId === "" || !/^\d+$/.test(milliseconds) || rest.length > 0) {
    throw new Error(
      `"${id}" is not the id of a password rotation: it is credentialId/rotatedAt in milliseconds.`,
    );
  }
  return { credentialId, rotatedAt: Number(milliseconds) };
}
