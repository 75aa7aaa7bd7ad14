/**
 * A password rotation's check, diff, create, read, update and delete, on plain values.
 *
 * The API has no such object. A rotation is something that happened: creating it rotates, a replacement
 * rotates again, and deleting it does nothing, so that no order of the two locks anybody out.
 */
import { SftpToGoError } from "../api/errors";
import type { Credential } from "../api/wire";
import { messageOf, SavedFailure } from "../engine/failures";
import type { KindProvider } from "../engine/handlers";
import { kept } from "../engine/hidden";
import { check } from "../lifecycle/check";
import { findCredential } from "../lifecycle/findCredential";
import { isTurnedAway, looksAfter, OwnershipError, pauseBeforeAnother } from "../lifecycle/ownership";
import { differingKeys, outputsOf, readResult } from "../lifecycle/properties";
import type { Session } from "../lifecycle/session";
import { adopt, goneAtUpdate, importIdOf, notApplied, readOfGone } from "../lifecycle/turns";
import { hasUnknown, type Plain } from "../values/plain";
import { hashSecret, matchesHash } from "../values/secretHash";
import {
  isDue,
  isRotated,
  joinId,
  type PasswordRotationInputs,
  passwordTime,
  passwordRotationProperties as properties,
  splitId,
  toServerOutputs,
} from "./mapping";

const noun = "password rotation";

export function passwordRotationProvider(session: Session): KindProvider {
  return {
    async check(olds, news) {
      return check(
        session,
        {
          noun,
          properties,
          // Of triggers, age and `storeSecrets` the server has no word, so they are not compared.
          async existing(id) {
            const credential = await lookUp(id, {});
            return credential && toServerOutputs(credential, {});
          },
        },
        olds,
        news,
      );
    },

    async diff(id, olds, news) {
      session.memory.managed.add(id);
      const changed = changedKeys(olds, news);
      const replaces = changed.filter((key) => properties[key]?.replaces);
      if (isDue(news, olds.rotatedAt, session.clock.now())) {
        replaces.push("rotateAfterDays");
        // The engine shows a replacement by the inputs that differ, and none does.
        session.warn(
          `the password of ${olds.userName ?? `credential ${olds.credentialId}`} was rotated at ` +
            `${olds.rotatedAt}, more than ${news.rotateAfterDays} days ago (rotateAfterDays): it is due again`,
        );
      }
      return {
        changes: olds[kept.unfinished] !== undefined || changed.length + replaces.length > 0,
        replaces,
      };
    },

    async create(inputs) {
      const importId = importIdOf(session, inputs);
      if (importId !== undefined) {
        const credential = await adopt(session, noun, importId, lookUp);
        return { id: importId, outs: fullOutputs(credential, inputs, splitId(importId).rotatedAt) };
      }
      const { credentialId, password } = inputs as unknown as PasswordRotationInputs;
      // One after another: two rotations of one credential would take each other's password for their own.
      return session.inTurn(`rotation ${credentialId}`, () =>
        password === undefined ? rotate(credentialId, inputs) : set(credentialId, password, inputs),
      );
    },

    async read(id, olds) {
      session.assertOrganization(olds, `read ${noun} ${id}`);
      const credential = await lookUp(id, olds);
      if (credential === undefined) return readOfGone(noun, id, olds);
      const server = {
        ...olds,
        ...toServerOutputs(credential, olds),
        rotatedAt: olds.rotatedAt ?? new Date(splitId(id).rotatedAt).toISOString(),
      };
      // Without inputs, so without a drift: whatever rotated the password later was wanted.
      const { outputs } = readResult(properties, { olds, server });
      return { id, props: { ...outputs, ...session.origin(), [kept.unfinished]: undefined } };
    },

    /** Changes nothing on the server: a rotation that was not read to its end is read, and our own words kept. */
    async update(id, olds, news) {
      session.assertOrganization(olds, `update ${noun} ${id}`);
      const credential = await lookUp(id, olds);
      if (credential === undefined) throw goneAtUpdate(noun, id);
      return { outs: fullOutputs(credential, news, splitId(id).rotatedAt, olds) };
    },

    async delete(id, olds) {
      // Refused like the others', so that a wrong organization drops nothing from the state.
      session.assertOrganization(olds, `delete ${noun} ${id}`);
      // A password cannot be un-rotated, and taking one away would lock people out.
    },
  };

  function lookUp(id: string, outputs: Plain): Promise<Credential | undefined> {
    return findCredential(session, splitId(id).credentialId, outputs);
  }

  /** Looks, rotates once, and looks again: a changed password, or its time, is the proof. */
  async function rotate(credentialId: string, inputs: Plain) {
    // Asked now: what somebody rotated since a shared list was taken would pass for our own.
    const before = await findCredential(session, credentialId, {}, session.unsharedClient);
    if (before === undefined)
      throw new Error(`There is no credential with the id "${credentialId}" to rotate.`);
    const startedAt = session.clock.now();
    for (let attempt = 0; ; attempt++) {
      const failure = await attemptRotation(credentialId);
      const { after, lookFailure } = await lookForRotation(before, failure, startedAt);
      if (after === undefined && failure?.aftermath === "refused") throw failure;
      if (after !== undefined) {
        const rotatedAt = passwordTime(after) ?? session.clock.now();
        return { id: joinId(credentialId, rotatedAt), outs: fullOutputs(after, inputs, rotatedAt) };
      }
      if (failure === undefined) throw unread(before, inputs, lookFailure);
      const nothingCameOfIt = isTurnedAway(failure) && lookFailure === undefined;
      if (nothingCameOfIt && (await pauseBeforeAnother(session, failure, attempt, startedAt))) continue;
      throw new OwnershipError(
        `${failure.message} Whether the password of credential ${credentialId} was rotated is not known: ` +
          "later looks showed no new one. The next `pulumi up` rotates it, once more if it was.",
      );
    }
  }

  /** One POST. What never left is thrown; what may have happened, whatever the answer says, is returned. */
  async function attemptRotation(credentialId: string): Promise<SftpToGoError | undefined> {
    try {
      await session.client.rotatePassword(credentialId);
      return undefined;
    } catch (error) {
      if (error instanceof SftpToGoError && error.aftermath !== "never sent") return error;
      throw error;
    }
  }

  async function lookForRotation(
    before: Credential,
    failure: SftpToGoError | undefined,
    startedAt: number,
  ): Promise<{ after?: Credential; lookFailure?: unknown }> {
    let lookFailure: unknown;
    for await (const _ of looksAfter(session, failure, startedAt)) {
      try {
        const credentials = await session.unsharedClient.listCredentials();
        const after = credentials.find((credential) => credential.Id === before.Id);
        if (after !== undefined && isRotated(before, after)) return { after };
        lookFailure = undefined;
      } catch (error) {
        lookFailure = error;
      }
    }
    return { lookFailure };
  }

  /** Rotated, but the new password could not be read: the state keeps the trigger, and the next `up` reads. */
  function unread(before: Credential, inputs: Plain, failure: unknown): SavedFailure {
    const now = session.clock.now();
    const outputs = { ...fullOutputs(before, inputs, now), password: null, [kept.unfinished]: true };
    const why = failure === undefined ? "the API still shows the old one." : messageOf(failure);
    return new SavedFailure(
      joinId(before.Id, now),
      inputs,
      outputs,
      `The password of credential ${before.Id} was rotated, but the new one could not be read: ${why} ` +
        "Run `pulumi up` again: it reads the password and does not rotate.",
    );
  }

  /** The same password twice is the same, so the client may repeat it. */
  async function set(credentialId: string, password: string, inputs: Plain) {
    await session.client.setPassword(credentialId, password);
    const now = session.clock.now();
    let credential: Credential | undefined;
    try {
      credential = await findCredential(session, credentialId, {});
      if (credential === undefined) throw new Error(`Credential ${credentialId} is gone.`);
    } catch (error) {
      const outputs = outputsOf(properties, inputs, {
        credentialId,
        triggers: inputs.triggers,
        password: null,
        rotatedAt: new Date(now).toISOString(),
        ...session.origin(),
        [kept.passwordHash]: hashSecret(password),
        [kept.unfinished]: true,
      });
      throw new SavedFailure(
        joinId(credentialId, now),
        inputs,
        outputs,
        `The password of credential ${credentialId} was set, but the credential could not be read: ` +
          `${messageOf(error)} Run \`pulumi up\` again to finish it.`,
      );
    }
    if (credential.Password && credential.Password !== password) {
      throw notApplied("credential", credentialId, "password");
    }
    const rotatedAt = passwordTime(credential) ?? now;
    return { id: joinId(credentialId, rotatedAt), outs: fullOutputs(credential, inputs, rotatedAt) };
  }

  function fullOutputs(credential: Credential, inputs: Plain, rotatedAt: number, olds: Plain = {}): Plain {
    // Taken out, two stay as they were: the same trigger put back does not rotate, and no secret goes into the
    // state because an argument is gone.
    const { triggers = olds.triggers, storeSecrets = olds.storeSecrets, rotateAfterDays, password } = inputs;
    const server = toServerOutputs(credential, { storeSecrets });
    return {
      ...outputsOf(properties, inputs, { ...server, triggers, rotateAfterDays, storeSecrets }),
      rotatedAt: new Date(rotatedAt).toISOString(),
      ...session.origin(),
      [kept.passwordHash]: typeof password === "string" ? hashSecret(password) : undefined,
    };
  }

  function changedKeys(olds: Plain, news: Plain): string[] {
    const keys = differingKeys(properties, news, olds).filter((key) => key !== "password");
    const { password } = news;
    const changed =
      hasUnknown(password) || (password !== undefined && !matchesHash(password, olds[kept.passwordHash]));
    return changed ? [...keys, "password"] : keys;
  }
}
