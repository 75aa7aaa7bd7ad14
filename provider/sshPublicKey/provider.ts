/**
 * What the engine calls for an SSH public key. Check, diff, create, read, update and delete are the common ones of
 * an object; what is special about a key is that it lives under its credential, that a list is all that shows it,
 * and that nothing of it can be changed: its update only heals what an earlier version left half-made.
 */
import { NotFoundError } from "../api/errors";
import type { SshPublicKey } from "../api/sshPublicKeys";
import { findCredential } from "../lifecycle/findCredential";
import { find } from "../lifecycle/gone";
import type { KindProvider } from "../lifecycle/guarded";
import { objectProvider } from "../lifecycle/objectProvider";
import type { Session } from "../lifecycle/session";
import { sshPublicKeyFields as fields, joinId, splitId } from "./fields";
import { isSameKey, keyIdentity, shownKey } from "./keys";

const noun = "SSH public key";

export function sshPublicKeyProvider(session: Session): KindProvider<typeof fields> {
  const {
    check,
    diff,
    create,
    read,
    update,
    delete: remove,
  } = objectProvider<typeof fields, SshPublicKey>(session, {
    noun,
    fields,
    identityOf({ credentialId, sshPublicKeyBody }) {
      const identity = keyIdentity(sshPublicKeyBody);
      return {
        collection: `ssh-public-keys/${credentialId}`,
        identity: `ssh-public-key ${credentialId} ${identity}`,
        identityInWords: `this body, of credential ${credentialId},`,
        list: (client) => client.listSshPublicKeys(credentialId),
        // As the state has it, so that a key deleted or adopted by this process is known by it.
        idOf: ({ Id }) => joinId(credentialId, Id),
        isSame: (key) => isSameKey(sshPublicKeyBody, shownKey(key)),
        // Whether the service refuses the same key twice is not documented.
        unique: false,
      };
    },
    find: findKey,
    async create({ credentialId }, { SshPublicKeyBody = "" }) {
      return {
        ...(await session.client.addSshPublicKey(credentialId, { SshPublicKeyBody })),
        UserId: credentialId,
      };
    },
    remove: (id) => session.client.removeSshPublicKey(splitId(id)),
  });
  return { noun, check, diff, create, read, update, delete: remove };

  /** The key in its credential's list. Without its credential it is gone too. */
  async function findKey(
    id: string,
    state: object,
    client = session.client,
  ): Promise<SshPublicKey | undefined> {
    const { credentialId, keyId } = splitId(id);
    const credential = () => findCredential(session, credentialId, state);
    try {
      const key = await find(session, {
        what: `${noun} ${id}`,
        id: keyId,
        list: () => client.listSshPublicKeys(credentialId),
        listNow: () => session.unsharedClient.listSshPublicKeys(credentialId),
        // There is no read by id to ask, but the credential counts its keys.
        countElsewhere: async () => (await credential())?.SshPublicKeysCount ?? 0,
        state,
      });
      return key && { ...key, UserId: credentialId };
    } catch (error) {
      if (!(error instanceof NotFoundError) || (await credential()) !== undefined) throw error;
      return undefined;
    }
  }
}
