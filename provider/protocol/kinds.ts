/**
 * The kinds of resource and their type tokens. Both are in every state file ever written: add to them, never
 * rename or remove.
 */
export const kinds = [
  "Credential",
  "SshPublicKey",
  "Webhook",
  "ShareLink",
  "PasswordRotation",
  "CredentialRotation",
  "SshPublicKeySet",
] as const;

export type Kind = (typeof kinds)[number];

/** The engine's type of a kind, e.g. `pulumi-nodejs:dynamic/sftptogo:Credential`. */
export function typeToken<K extends Kind>(kind: K): `pulumi-nodejs:dynamic/sftptogo:${K}` {
  return `pulumi-nodejs:dynamic/sftptogo:${kind}`;
}
