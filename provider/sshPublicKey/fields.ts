/** The fields of an SSH public key: the one declaration of them, read by the program and by the provider. */
import type { SshPublicKey } from "../api/sshPublicKeys";
import { createdAt, text } from "../lifecycle/fields";
import { isSameKey, shownKey, validateKey } from "../lifecycle/sshKeys";
import { validateCredentialId } from "../lifecycle/validations";

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
