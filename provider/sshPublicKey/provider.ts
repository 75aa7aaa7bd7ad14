/** An SSH public key's check, diff, create, read, update and delete, on plain values. */
import { NotFoundError } from "../api/errors";
import type { SshPublicKey } from "../api/wire";
import type { KindProvider } from "../engine/handlers";
import { check } from "../lifecycle/check";
import { findCredential } from "../lifecycle/findCredential";
import { deleteUnlessGone, find } from "../lifecycle/gone";
import { type Creation, createOnce } from "../lifecycle/ownership";
import { differingKeys, outputsOf, readResult } from "../lifecycle/properties";
import type { Session } from "../lifecycle/session";
import { adopt, goneAtUpdate, importIdOf, isJustAdopted, readOfGone } from "../lifecycle/turns";
import type { Plain } from "../values/plain";
import {
  joinId,
  keyIdentity,
  sshPublicKeyProperties as properties,
  type SshPublicKeyInputs,
  splitId,
  toServerOutputs,
} from "./mapping";

const noun = "SSH public key";

export function sshPublicKeyProvider(session: Session): KindProvider {
  return {
    async check(olds, news) {
      return check(
        session,
        {
          noun,
          properties,
          async existing(id) {
            const { credentialId } = splitId(id);
            const key = await lookUp(id, {});
            return key && toServerOutputs(key, credentialId);
          },
          creation,
        },
        olds,
        news,
      );
    },

    async diff(id, olds, news) {
      session.memory.managed.add(id);
      // The API has no way to change a key: whatever differs replaces it.
      const keys = differingKeys(properties, news, olds);
      return { changes: keys.length > 0, replaces: keys, deleteBeforeReplace: true };
    },

    async create(inputs) {
      const importId = importIdOf(session, inputs);
      if (importId !== undefined) {
        return { id: importId, outs: fullOutputs(await adopt(session, noun, importId, lookUp), inputs) };
      }
      const { item } = await createOnce(session, creation(inputs));
      return { id: joinId(inputs.credentialId as string, item.Id), outs: fullOutputs(item, inputs) };
    },

    async read(id, olds) {
      session.assertOrganization(olds, `read ${noun} ${id}`);
      const key = await lookUp(id, olds);
      if (key === undefined) return readOfGone(noun, id, olds);
      const server = toServerOutputs(key, splitId(id).credentialId);
      const { outputs, inputs } = readResult(properties, { olds, server });
      return { id, props: { ...outputs, ...session.origin() }, ...(inputs && { inputs }) };
    },

    /** Nothing of a key can be changed; the engine calls this to heal what an earlier version half-created. */
    async update(id, olds, news) {
      session.assertOrganization(olds, `update ${noun} ${id}`);
      const key = await lookUp(id, olds);
      if (key === undefined) throw goneAtUpdate(noun, id);
      return { outs: fullOutputs(key, news) };
    },

    async delete(id, olds) {
      session.assertOrganization(olds, `delete ${noun} ${id}`);
      if (isJustAdopted(session, noun, id)) return;
      const { credentialId, keyId } = splitId(id);
      await deleteUnlessGone(
        session,
        id,
        () => session.client.removeSshPublicKey(credentialId, keyId),
        () => lookUp(id, olds),
      );
    },
  };

  /** The key in its credential's list: the API has no read by id. Without its credential it is gone too. */
  async function lookUp(id: string, outputs: Plain): Promise<SshPublicKey | undefined> {
    const { credentialId, keyId } = splitId(id);
    try {
      return await find(session, {
        what: `SSH public key ${id}`,
        id: keyId,
        list: () => session.client.listSshPublicKeys(credentialId),
        // There is no read by id to ask, but the credential counts its keys.
        async isWhole(keys) {
          const credential = await findCredential(session, credentialId, outputs);
          return (credential?.SshPublicKeysCount ?? 0) <= keys.length;
        },
        outputs,
      });
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
      const credential = await findCredential(session, credentialId, outputs);
      if (credential !== undefined) throw error;
      return undefined;
    }
  }

  function creation(inputs: Plain): Creation<SshPublicKey> {
    const { credentialId, sshPublicKeyBody } = inputs as unknown as SshPublicKeyInputs;
    const identity = keyIdentity(sshPublicKeyBody);
    return {
      noun,
      collection: `ssh-public-keys/${credentialId}`,
      identity: `ssh-public-key ${credentialId} ${identity}`,
      identityInWords: `this body, of credential ${credentialId},`,
      list: () => session.unsharedClient.listSshPublicKeys(credentialId),
      // As the state has it, so that a key deleted or adopted by this process is known by it.
      idOf: (key) => joinId(credentialId, key.Id),
      isOurs: (key) => keyIdentity(key.SshPublicKeyBody) === identity,
      post: () => session.client.addSshPublicKey(credentialId, sshPublicKeyBody.trim()),
      // Whether the service refuses the same key twice is not documented.
      unique: false,
    };
  }

  function fullOutputs(key: SshPublicKey, inputs: Plain): Plain {
    return {
      ...outputsOf(properties, inputs, toServerOutputs(key, inputs.credentialId as string)),
      ...session.origin(),
    };
  }
}
