/** Every kind's fields in one place, for what has to know them all. */

import { credentialFields } from "./credential/fields";
import { credentialRotationFields } from "./credentialRotation/fields";
import type { Kind } from "./engine/kinds";
import { type Fields, secretApiNames } from "./lifecycle/fields";
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

/** The names under which secrets travel in the API's JSON, of whatever object. */
export const secretNames: readonly string[] = [...new Set(Object.values(fieldsOf).flatMap(secretApiNames))];
