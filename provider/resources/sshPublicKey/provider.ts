/**
 * What the engine calls for an SSH public key. Check, diff, create, read, update and delete are the common ones of
 * an object; what is special about a key is that it lives under its credential, that a list is all that shows it,
 * and that nothing of it can be changed: its update only heals what an earlier version left half-made.
 */
import type { SshPublicKey } from "../../api/sshPublicKeys";
import { valueAt } from "../../lifecycle/fields/declared";
import { objectProvider } from "../../lifecycle/objectProvider";
import type { KindProvider } from "../../lifecycle/process/guarded";
import type { Session } from "../../lifecycle/process/session";
import { findSshPublicKey, identityOfKey, sharesOfKeys } from "../shared/findSshPublicKey";
import { missingCredentials } from "../shared/missingCredentials";
import { splitId } from "../shared/sshKeys";
import { sshPublicKeyFields as fields, sshPublicKeyMarks } from "./fields";

export function sshPublicKeyProvider(session: Session): KindProvider<typeof fields> {
  return objectProvider<typeof fields, SshPublicKey>(session, {
    noun: "SSH public key",
    fields,
    marks: sshPublicKeyMarks,
    identityOf: ({ credentialId, sshPublicKeyBody }) => identityOfKey(credentialId, sshPublicKeyBody),
    missing: (inputs) => missingCredentials(session, "credentialId", [valueAt(inputs, "credentialId")]),
    successorFirst: true,
    sharesOf: (inputs) => sharesOfKeys(inputs, false),
    find: (id, state, client) => findSshPublicKey(session, id, state, client),
    async create({ credentialId }, { SshPublicKeyBody = "" }) {
      return {
        ...(await session.client.addSshPublicKey(credentialId, { SshPublicKeyBody })),
        UserId: credentialId,
      };
    },
    remove: (id) => session.client.removeSshPublicKey(splitId(id)),
  });
}
