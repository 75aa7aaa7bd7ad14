/**
 * What the engine calls for a password rotation. Written by hand under the guards, since the API has no such
 * object; only check is the common one. A rotation is something that happened: creating it rotates, a replacement
 * rotates again, and deleting it does nothing, so that no order of the two locks anybody out.
 */

import type { Credential } from "../../api/credentials";
import { check } from "../../lifecycle/check/check";
import { warnOfEnding } from "../../lifecycle/check/endings";
import { adopt, importIdOf } from "../../lifecycle/check/importing";
import { isShown } from "../../lifecycle/doubt/likeness";
import { goneAtUpdate, notApplied } from "../../lifecycle/doubt/writing";
import { changedKeys, managedKeys, valueAt } from "../../lifecycle/fields/declared";
import { hashOf, knownOf, readState, serverState, stateOf } from "../../lifecycle/fields/translate";
import type { KindProvider } from "../../lifecycle/process/guarded";
import type { ObjectId } from "../../lifecycle/process/memory";
import type { Session } from "../../lifecycle/process/session";
import { messageOf, PartialFailureError } from "../../protocol/failures";
import { hiddenOf, kept, nameOf } from "../../protocol/hidden";
import { hasUnknown, isUnknown } from "../../protocol/unknowns";
import { hashSecret, matchesHash } from "../../values/secretHash";
import { daysAfter, isDue } from "../shared/ages";
import { findCredential } from "../shared/findCredential";
import { missingCredentials } from "../shared/missingCredentials";
import { rotatePassword, rotationTime, sharesOfPasswords } from "../shared/rotate";
import { storesSecrets } from "../shared/storedSecrets";
import {
  passwordRotationFields as fields,
  joinId,
  type PasswordRotationInputs,
  type PasswordRotationState,
  splitId,
} from "./fields";

const noun = "password rotation";

/**
 * A rotation has a new id each time, and the `import` option names the first one for as long as it stands in the
 * program: whichever it was, it is of the rotations that the stack has of this credential. For check alone: what a delete
 * has to leave goes by the rotation's own id.
 */
const anyOfCredential: ObjectId = (id) => `rotations of ${id.split("/")[0]}`;

/** What check and diff tell each other about a credential's rotation goes by this. */
const subjectOf = (credentialId: unknown) => `password rotation of ${credentialId}`;

export function passwordRotationProvider(session: Session): KindProvider<typeof fields> {
  return {
    noun,
    marks: undefined,

    // Of triggers, age and `storeSecrets` the server says nothing, so an import does not compare them.
    async check(olds, news) {
      const existing = async (id: string) => {
        const credential = await find(id, {});
        return credential && serverState(fields, credential, {});
      };
      session.memory.rememberName(subjectOf(valueAt(news, "credentialId")), nameOf(news));
      const sharesOf = () => sharesOfPasswords([valueAt(news, "credentialId")]);
      const missing = () => missingCredentials(session, "credentialId", [valueAt(news, "credentialId")]);
      const checked = await check(
        session,
        { noun, fields, existing, sharesOf, missing, objectId: anyOfCredential },
        olds,
        news,
      );
      if (checked.failures.length === 0) announce(olds, checked.inputs, news);
      return checked;
    },

    async diff(id, olds, news) {
      session.memory.rememberManaged(anyOfCredential(id));
      const changed = changedKeys(fields, { inputs: news, state: olds });
      const replaces: string[] = changed.filter((key) => valueAt(fields[key], "replaces"));
      if (isDue(daysAfter(olds.rotatedAt, news.rotateAfterDays), session.time().sure)) {
        replaces.push("rotateAfterDays");
        // The engine shows a replacement by the inputs that differ, and none does.
        session.warn(
          `the password of ${olds.userName ?? `credential ${olds.credentialId}`} was rotated at ` +
            `${olds.rotatedAt}, more than ${news.rotateAfterDays} days ago (rotateAfterDays): it is due again`,
        );
      }
      if (replaces.length > 0 && replaces.every((key) => hasUnknown(valueAt(news, key)))) {
        const unlessSame = replaces.includes("triggers")
          ? "if its triggers come out changed, "
          : "if its password comes out changed, ";
        session.memory.rememberCondition(subjectOf(news.credentialId), unlessSame);
      }
      const at = daysAfter(olds.rotatedAt, news.rotateAfterDays);
      if (at !== undefined && replaces.length === 0) {
        const name =
          session.memory.nameOf(subjectOf(news.credentialId)) ?? `of ${olds.userName ?? olds.credentialId}`;
        warnOfEnding(session, { resource: `${noun} ${name}`, does: "falls due", key: "rotateAfterDays", at });
      }
      const isUnfinished = olds[kept.unfinished] !== undefined;
      return { changes: isUnfinished || changed.length + replaces.length > 0, replaces };
    },

    async create(inputs) {
      const importId = importIdOf(session, inputs);
      if (importId !== undefined) {
        const credential = await adopt(session, noun, importId, find);
        return { id: importId, outs: fullState(credential, inputs, splitId(importId).rotatedAt) };
      }
      const { credentialId, password } = inputs;
      // One after another: two rotations of one credential would take each other's password for their own.
      return session.inTurn(`rotation ${credentialId}`, () =>
        password === undefined ? rotate(credentialId, inputs) : set(credentialId, password, inputs),
      );
    },

    async read(id, olds) {
      const credential = await find(id, olds);
      if (credential === undefined) return undefined;
      const rotatedAt = olds.rotatedAt ?? new Date(splitId(id).rotatedAt).toISOString();
      // Without inputs, so without a drift: whatever rotated the password later was wanted.
      const { state } = readState(fields, olds, { ...serverState(fields, credential, olds), rotatedAt }, []);
      const isUnread = isStillUnread(credential, olds);
      const props = {
        ...state,
        ...(isUnread && { password: null }),
        ...session.origin(),
        // Of a rotation that is read at last, the hash is the old password's, which nobody declared.
        [kept.passwordHash]: isUnread || !isGenerated(olds) ? olds[kept.passwordHash] : undefined,
        [kept.unfinished]: isUnread || undefined,
      };
      return { id, props };
    },

    /** Changes nothing on the server: a rotation that was not read to its end is read, and our own fields kept. */
    async update(id, olds, news) {
      const credential = await find(id, olds);
      if (credential === undefined) throw goneAtUpdate(noun, id);
      if (olds[kept.unfinished] !== undefined && news.password === undefined)
        expectNew(credential, olds, news);
      return { outs: fullState(credential, news, splitId(id).rotatedAt, olds) };
    },

    /** A password cannot be un-rotated, and taking one away would lock people out. */
    async delete() {},
  };

  /** Says whose password a create or a replacement changes: whoever uses it is cut off, which no diff shows. */
  function announce(olds: object, inputs: object, news: object): void {
    const isNew = Object.keys(olds).length === 0 && hiddenOf(inputs).importId === undefined;
    const credentialId = valueAt(inputs, "credentialId");
    // Nobody uses a login that this update has made.
    if (!isNew || isUnknown(credentialId) || session.memory.wasCreated(String(credentialId))) return;
    const unlessSame = session.memory.conditionOf(subjectOf(credentialId));
    const resource = `${noun} ${nameOf(news)}`;
    session.warn(
      valueAt(inputs, "password") === undefined
        ? `${resource}: ${unlessSame}credential ${credentialId} gets a new password, and its present one stops working`
        : `${resource}: ${unlessSame}credential ${credentialId} gets the password that the program declares, and any ` +
            "other one stops working",
    );
  }

  function find(id: string, state: PasswordRotationState): Promise<Credential | undefined> {
    const withPassword = storesSecrets(state);
    return findCredential(session, splitId(id).credentialId, state, { withPassword });
  }

  async function rotate(credentialId: string, inputs: PasswordRotationInputs) {
    const needsPassword = storesSecrets(inputs);
    const rotated = await rotatePassword(session, credentialId, { needsPassword });
    if (rotated.after === undefined) throw unread(rotated.before, inputs, rotated.why);
    const rotatedAt = rotationTime(session, rotated.after);
    return { id: joinId(credentialId, rotatedAt), outs: fullState(rotated.after, inputs, rotatedAt) };
  }

  /** Rotated, but the new password could not be read: the state keeps the trigger, and the next `up` reads. */
  function unread(before: Credential, inputs: PasswordRotationInputs, why: string): PartialFailureError {
    const now = session.time().latest;
    const outputs = {
      ...fullState(before, inputs, now),
      password: null,
      // What is read later must not be this one. Without secrets in the state nothing is read later.
      [kept.passwordHash]: before.Password && storesSecrets(inputs) ? hashSecret(before.Password) : undefined,
      [kept.unfinished]: true,
    };
    return new PartialFailureError(
      joinId(before.Id, now),
      inputs,
      outputs,
      `The password of credential ${before.Id} was rotated, but the new one could not be read: ${why} ` +
        "Run `pulumi up` again: it reads the password and does not rotate.",
    );
  }

  /** Whether the API generated the password, and no program declared it. */
  function isGenerated(olds: PasswordRotationState): boolean {
    return !managedKeys(fields, olds).includes("password");
  }

  /** A refresh may come too early as well: what it sees can be the old password, or none. */
  function isStillUnread({ Password }: Credential, olds: PasswordRotationState): boolean {
    if (olds[kept.unfinished] === undefined || !isGenerated(olds) || !storesSecrets(olds)) return false;
    return !isShown(Password) || matchesHash(Password, olds[kept.passwordHash]);
  }

  /** A rotation that was not read to its end has to be, unless the program does without the password. */
  function expectNew(
    { Id, Password }: Credential,
    olds: PasswordRotationState,
    { storeSecrets }: PasswordRotationInputs,
  ): void {
    const isOld = matchesHash(Password, olds[kept.passwordHash]);
    if (storeSecrets === false || (isShown(Password) && !isOld)) return;
    throw new Error(
      `The new password of credential ${Id} still cannot be read: the API shows ${isOld ? "the old one" : "none"}. ` +
        "Run `pulumi up` again later. To go on without it, set storeSecrets: false; to rotate once more, change " +
        "a trigger.",
    );
  }

  /** The same password twice is the same, so the client may repeat it. */
  async function set(credentialId: string, password: string, inputs: PasswordRotationInputs) {
    await session.client.setPassword(credentialId, { Password: password });
    const now = session.time().latest;
    let credential: Credential | undefined;
    try {
      credential = await findCredential(session, credentialId, {}, { withPassword: true });
      if (credential === undefined) throw new Error(`Credential ${credentialId} is gone.`);
    } catch (error) {
      const state = {
        ...stateOf(fields, inputs, { ...knownOf(fields, inputs, {}), credentialId, password: null }),
        rotatedAt: new Date(now).toISOString(),
        ...session.origin(),
        [kept.passwordHash]: hashOf(fields, inputs, {}),
        [kept.unfinished]: true,
      };
      throw new PartialFailureError(
        joinId(credentialId, now),
        inputs,
        state,
        `The password of credential ${credentialId} was set, but the credential could not be read: ` +
          `${messageOf(error)} Run \`pulumi up\` again to finish it.`,
      );
    }
    if (isShown(credential.Password) && credential.Password !== password) {
      throw notApplied("credential", credentialId, ["password"]);
    }
    const rotatedAt = rotationTime(session, credential);
    const set = isShown(credential.Password) ? credential : { ...credential, Password: password };
    return { id: joinId(credentialId, rotatedAt), outs: fullState(set, inputs, rotatedAt) };
  }

  function fullState(
    credential: Credential,
    inputs: PasswordRotationInputs,
    rotatedAt: number,
    olds: PasswordRotationState = {},
  ): PasswordRotationState {
    const known = { ...knownOf(fields, inputs, olds), password: null };
    return {
      ...stateOf(fields, inputs, serverState(fields, credential, known)),
      rotatedAt: new Date(rotatedAt).toISOString(),
      ...session.origin(),
      [kept.passwordHash]: hashOf(fields, inputs, {}),
    };
  }
}
