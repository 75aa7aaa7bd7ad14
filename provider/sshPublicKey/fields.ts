/** The fields of an SSH public key: the one declaration of them, read by the program and by the provider. */
import type { SshPublicKey } from "../api/sshPublicKeys";
import { createdAt, text } from "../lifecycle/fields";
import { validateCredentialId } from "../lifecycle/validations";
import { isSameKey, shownKey, validateKey } from "./keys";

export const sshPublicKeyFields = {
  credentialId: text({
    required: true,
    replaces: true,
    validate: validateCredentialId,
    read: ({ UserId }: SshPublicKey) => UserId,
  }),
  sshPublicKeyBody: text({
    api: "SshPublicKeyBody",
    required: true,
    replaces: true,
    same: isSameKey,
    validate: validateKey,
    write: (body): string => body.trim(),
    read: shownKey,
  }),
  keyId: text({ output: true, api: "Id" }),
  comment: text({ output: true, api: "Comment" }),
  fingerprint: text({ output: true, api: "Fingerprint" }),
  type: text({ output: true, api: "Type" }),
  organizationId: text({ output: true }),
  createdAt,
};

/** A key's id in the state: `credentialId/keyId`, since the API addresses a key through its credential. */
export function joinId(credentialId: string, keyId: string): string {
  return `${credentialId}/${keyId}`;
}

export function splitId(id: string): { credentialId: string; keyId: string } {
  const [credentialId = "", keyId = "", ...rest] = id.split("/");
  if (credentialId === "" || keyId === "" || rest.length > 0) {
    throw new Error(`"${id}" is not the id of an SSH public key: it is credentialId/keyId.`);
  }
  return { credentialId, keyId };
}
