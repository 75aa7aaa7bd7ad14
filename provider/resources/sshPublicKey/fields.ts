/** The fields of an SSH public key: the one declaration of them, read by the program and by the provider. */

import type { SshPublicKey } from "../../api/sshPublicKeys";
import { validateCredentialId } from "../../lifecycle/fields/formats";
import { createdAt, text } from "../../lifecycle/fields/vocabulary";
import type { Marks } from "../../protocol/announcing";
import { isSameKey, marksOfKeys, shownKey, validateKey } from "../shared/sshKeys";

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

/** What a key is told by in a program. */
export const sshPublicKeyMarks: Marks = {
  keys: ["credentialId", "sshPublicKeyBody"],
  of: ({ credentialId, sshPublicKeyBody }) => marksOfKeys(credentialId, [sshPublicKeyBody]),
};
