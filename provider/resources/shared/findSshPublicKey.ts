/** SSH public keys as the API has them, for every kind that manages them: found, told apart, and whose they are. */
import type { Client } from "../../api/client";
import { NotFoundError } from "../../api/errors";
import type { SshPublicKey } from "../../api/sshPublicKeys";
import { find } from "../../lifecycle/doubt/gone";
import type { Identity } from "../../lifecycle/doubt/ownership";
import { valueAt } from "../../lifecycle/fields/declared";
import type { Share } from "../../lifecycle/process/memory";
import type { Session } from "../../lifecycle/process/session";
import { isUnknown } from "../../protocol/unknowns";
import { findCredential } from "./findCredential";
import { isSameKey, joinId, keyIdentity, shownKey, splitId } from "./sshKeys";

/** A key of a credential, with what its own JSON does not have to show. */
export type KeyOfCredential = SshPublicKey & { readonly UserId: string };

/** What tells a key of a credential from others. */
export function identityOfKey(credentialId: string, sshPublicKeyBody: string): Identity<SshPublicKey> {
  const identity = keyIdentity(sshPublicKeyBody);
  return {
    ...keysOfCredential(credentialId),
    identity: `ssh-public-key ${credentialId} ${identity}`,
    identityInWords: `this body, of credential ${credentialId},`,
    isSame: (key) => isSameKey(sshPublicKeyBody, shownKey(key)),
    // Whether the service refuses the same key twice is not documented.
    unique: false,
  };
}

/** The list of a credential's keys. */
export function keysOfCredential(
  credentialId: string,
): Pick<Identity<SshPublicKey>, "collection" | "list" | "idOf"> {
  return {
    collection: `ssh-public-keys/${credentialId}`,
    list: (client) => client.listSshPublicKeys(credentialId),
    // As the state has it, so that a key deleted or adopted by this process is known by it.
    idOf: ({ Id }) => joinId(credentialId, Id),
  };
}

/** A credential's keys are managed one by one, or all of them by a set. */
export function sharesOfKeys(inputs: object, isAll: boolean): readonly Share[] {
  const credentialId = valueAt(inputs, "credentialId");
  if (typeof credentialId !== "string" || isUnknown(credentialId)) return [];
  return [
    {
      of: `SSH public keys of credential ${credentialId}`,
      isAll,
      choice: "declare all of them in one SshPublicKeySet, or each one as an SshPublicKey",
    },
  ];
}

/** The key in its credential's list, by its id in a state. Without its credential it is gone too. */
export async function findSshPublicKey(
  session: Session,
  id: string,
  state: object,
  client: Client = session.client,
): Promise<KeyOfCredential | undefined> {
  const { credentialId, keyId } = splitId(id);
  const key = await ofCredential(session, credentialId, state, () =>
    find(session, {
      what: `SSH public key ${id}`,
      id: keyId,
      list: () => client.listSshPublicKeys(credentialId),
      listNow: () => session.unsharedClient.listSshPublicKeys(credentialId),
      // There is no read by id to ask, but the credential counts its keys.
      countElsewhere: async () =>
        (await findCredential(session, credentialId, state))?.SshPublicKeysCount ?? 0,
      state,
    }),
  );
  return key && { ...key, UserId: credentialId };
}

/** What `read` reads of a credential's keys; `undefined` where the credential is gone. */
export async function ofCredential<T>(
  session: Session,
  credentialId: string,
  state: object,
  read: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    if ((await findCredential(session, credentialId, state)) !== undefined) throw error;
    return undefined;
  }
}
