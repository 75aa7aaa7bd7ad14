/** A rotation's arguments, its outputs, and what makes it due. */
import type { Credential } from "../api/wire";
import type { Finding, Properties } from "../lifecycle/properties";
import { validateCredentialId, validatePassword } from "../lifecycle/validations";
import type { Plain } from "../values/plain";

/** A rotation's arguments, resolved. */
export interface PasswordRotationInputs {
  readonly credentialId: string;
  readonly triggers?: unknown;
  readonly rotateAfterDays?: number;
  readonly password?: string;
  readonly storeSecrets?: boolean;
}

export const passwordRotationProperties: Properties = {
  credentialId: { type: "text", required: true, replaces: true, validate: validateCredentialId },
  triggers: { type: "any", replaces: true },
  rotateAfterDays: { type: "number", validate: validateDays },
  password: { type: "text", secret: true, replaces: true, validate: validatePassword },
  storeSecrets: { type: "boolean" },
};

const millisecondsPerDay = 86_400_000;

function validateDays(days: number): readonly Finding[] {
  return days > 0 && Number.isFinite(days) ? [] : [{ reason: "must be a number of days above 0" }];
}

/** Whether the rotation is older than the program wants; a fraction of a day counts. */
export function isDue(inputs: Plain, rotatedAt: unknown, now: number): boolean {
  const days = inputs.rotateAfterDays;
  if (typeof days !== "number" || typeof rotatedAt !== "string") return false;
  return now - Date.parse(rotatedAt) > days * millisecondsPerDay;
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
export function passwordTime(credential: Credential): number | undefined {
  if (credential.PasswordCreatedAt === undefined || credential.PasswordCreatedAt === null) return undefined;
  const milliseconds = new Date(credential.PasswordCreatedAt).getTime();
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}

/** Whether a later look shows another password than an earlier one did. */
export function isRotated(before: Credential, after: Credential): boolean {
  const earlier = passwordTime(before);
  const later = passwordTime(after);
  if (earlier !== undefined && later !== undefined && later > earlier) return true;
  return Boolean(before.Password && after.Password && before.Password !== after.Password);
}

/** The server's side of a rotation's outputs. */
export function toServerOutputs(credential: Credential, known: Plain): Plain {
  return {
    credentialId: credential.Id,
    password: known.storeSecrets === false ? null : (credential.Password ?? known.password ?? null),
    host: credential.Host,
    userName: credential.UserName,
  };
}
