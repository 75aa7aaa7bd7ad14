/** Every kind's fields in one place, for what has to know them all. */

import { type Fields, secretApiNames, secretKeys } from "../lifecycle/fields/vocabulary";
import type { Kind } from "../protocol/kinds";
import { credentialFields } from "./credential/fields";
import { credentialRotationFields } from "./credentialRotation/fields";
import { passwordRotationFields } from "./passwordRotation/fields";
import { shareLinkFields } from "./shareLink/fields";
import { sshPublicKeyFields } from "./sshPublicKey/fields";
import { sshPublicKeySetFields } from "./sshPublicKeySet/fields";
import { webhookFields } from "./webhook/fields";

export const fieldsOf: Readonly<Record<Kind, Fields>> = {
  Credential: credentialFields,
  SshPublicKey: sshPublicKeyFields,
  Webhook: webhookFields,
  ShareLink: shareLinkFields,
  PasswordRotation: passwordRotationFields,
  CredentialRotation: credentialRotationFields,
  SshPublicKeySet: sshPublicKeySetFields,
};

/** The names under which secrets travel in the API's JSON, of whatever object, and those of states that differ. */
export const secretNames: readonly string[] = namesOfSecrets();

function namesOfSecrets(): string[] {
  const all = Object.values(fieldsOf);
  const names = new Set(all.flatMap(secretApiNames));
  const known = new Set([...names].map((name) => name.toLowerCase()));
  return [...names, ...all.flatMap(secretKeys).filter((key) => !known.has(key.toLowerCase()))];
}
