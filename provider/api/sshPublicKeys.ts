/** SSH public keys: `/users/<credential id>/ssh-public-keys`. */
import * as v from "valibot";
import { blankable, type Calls, id, optionalTime } from "./calls";

/** An SSH public key of a credential. `UserId` is the credential's id. */
const sshPublicKeySchema = v.looseObject({
  Id: id,
  SshPublicKeyBody: v.string(),
  Comment: blankable,
  Fingerprint: blankable,
  Type: blankable,
  UserId: blankable,
  CreatedAt: optionalTime,
  UpdatedAt: optionalTime,
});
export type SshPublicKey = v.InferOutput<typeof sshPublicKeySchema>;

/** A key with the id of its credential, which a list of keys does not have to show. */
export type UserSshPublicKey = SshPublicKey & { readonly UserId: string };

/** The body of a create. */
export interface SshPublicKeyBody {
  readonly SshPublicKeyBody: string;
}

/** The API addresses a key through its credential. */
export interface KeyAddress {
  readonly credentialId: string;
  readonly keyId: string;
}

export interface SshPublicKeyCalls {
  /** GET `/users/<id>/ssh-public-keys`. Throws `NotFoundError` without the credential. Repeated. */
  listSshPublicKeys(credentialId: string): Promise<SshPublicKey[]>;
  /** POST `/users/<id>/ssh-public-keys`. Throws `NotFoundError`, `InputError`. Sent once. */
  addSshPublicKey(credentialId: string, body: SshPublicKeyBody): Promise<SshPublicKey>;
  /** DELETE `/users/<id>/ssh-public-keys/<key id>`. Throws `NotFoundError`. Repeated. */
  removeSshPublicKey(key: KeyAddress): Promise<void>;
}

export function sshPublicKeyCalls({ list, create, remove }: Calls): SshPublicKeyCalls {
  return {
    listSshPublicKeys: (credentialId) =>
      list(
        `list the SSH public keys of credential ${credentialId}`,
        ["users", credentialId, "ssh-public-keys"],
        sshPublicKeySchema,
      ),
    addSshPublicKey: (credentialId, body) =>
      create(
        `add an SSH public key to credential ${credentialId}`,
        ["users", credentialId, "ssh-public-keys"],
        body,
        sshPublicKeySchema,
      ),
    removeSshPublicKey: ({ credentialId, keyId }) =>
      remove(`remove SSH public key ${keyId} of credential ${credentialId}`, [
        "users",
        credentialId,
        "ssh-public-keys",
        keyId,
      ]),
  };
}
