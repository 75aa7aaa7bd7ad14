/** The fields of a password rotation: the one declaration of them, read by the program and by the provider. */
import type { Credential } from "../api/credentials";
import { anything, type Finding, flag, type Inputs, number, type State, text } from "../lifecycle/fields";
import { isShown } from "../lifecycle/likeness";
import { validateCredentialId, validatePassword } from "../lifecycle/validations";
import { millisecondsPerDay, serviceTime } from "../values/times";

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
    read: ({ Password }: Credential, known, { storeSecrets }) =>
      storeSecrets === false ? null : isShown(Password) ? Password : (known ?? null),
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

function validateDays(days: number): readonly Finding[] {
  return days > 0 && Number.isFinite(days) ? [] : [{ reason: "must be a number of days above 0" }];
}

/** When the rotation is as old as the program wants, in Unix milliseconds; a fraction of a day counts. */
export function dueAt(rotateAfterDays: unknown, rotatedAt: unknown): number | undefined {
  if (typeof rotateAfterDays !== "number" || typeof rotatedAt !== "string") return undefined;
  return Date.parse(rotatedAt) + rotateAfterDays * millisecondsPerDay;
}

/** Whether the rotation is older than the program wants. */
export function isDue(rotateAfterDays: unknown, rotatedAt: unknown, now: number): boolean {
  const at = dueAt(rotateAfterDays, rotatedAt);
  return at !== undefined && now > at;
}

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

/** When the credential's password was made, in Unix milliseconds; `undefined` where the answer does not say. */
export function passwordTime({ PasswordCreatedAt }: Credential): number | undefined {
  return serviceTime(PasswordCreatedAt);
}

/**
 * Whether a later read shows that the password was rotated. A list that is late may show the new time beside the old
 * password: that is not the rotated one yet.
 */
export function isRotated(before: Credential, after: Credential): boolean {
  if (isShown(before.Password) && isShown(after.Password)) return before.Password !== after.Password;
  const earlier = passwordTime(before);
  const later = passwordTime(after);
  return earlier !== undefined && later !== undefined && later > earlier;
}
