/**
 * What the engine calls for a credential rotation of two credentials. Written by hand under the guards, since the
 * API has no such object. One of the two is active: the login to use. A rotation gives the other one a new password,
 * opens it, and makes it the active one; the previous one works until its grace is over, and is closed then. So a
 * rotation never touches a login that is in use, and after any interruption the next `up` can rotate again.
 *
 * `plan.ts` says what an update would do, `announcing.ts` says it to people, `pair.ts` is the two logins; here it is done.
 * Nothing else sets the state of the two, and nothing here opens a login that somebody else has closed.
 */
import type { Credential } from "../../api/credentials";
import { check } from "../../lifecycle/check/check";
import { readsAfter } from "../../lifecycle/doubt/waits";
import { goneAtUpdate, notApplied, unlessGone } from "../../lifecycle/doubt/writing";
import { valueAt } from "../../lifecycle/fields/declared";
import { knownOf, readState, stateOf } from "../../lifecycle/fields/translate";
import { isUnfinished } from "../../lifecycle/object/state";
import type { KindProvider } from "../../lifecycle/process/guarded";
import type { Session } from "../../lifecycle/process/session";
import { type CheckFailure, messageOf, PartialFailureError } from "../../protocol/failures";
import { kept, nameOf } from "../../protocol/hidden";
import { findCredential } from "../shared/findCredential";
import { missingCredentials } from "../shared/missingCredentials";
import { readNow, readOnceThere, rotatePassword, rotationTime, sharesOfPasswords } from "../shared/rotate";
import { storesSecrets } from "../shared/storedSecrets";
import { announce } from "./announcing";
import {
  type CredentialRotationInputs,
  type CredentialRotationState,
  credentialRotationFields as fields,
  joinIds,
  splitIds,
} from "./fields";
import { firstPair, isOpen, isUndecided, outputsOf, type Pair, pairOf, promiseOf } from "./pair";
import { graceEndOf, isGraceOver, planOf, settledKeys } from "./plan";

const noun = "credential rotation";

/** What check and diff tell each other about a rotation goes by this. */
const subjectOf = (credentialIds: unknown) => `rotation between ${JSON.stringify(credentialIds)}`;

export function credentialRotationProvider(session: Session): KindProvider<typeof fields> {
  /** What a forced replacement has deleted, by the ids of its credentials: the create after it goes on from there. */
  const replaced = new Map<string, CredentialRotationState>();
  const latest = () => session.time().latest;
  const first = (credentials: Pair["credentials"]) => {
    const wasCreated = (id: string) => session.memory.wasCreated(id);
    if (isUndecided(credentials, wasCreated)) {
      const names = credentials.map((each) => each?.UserName).join(" and ");
      throw new Error(
        `${names} are both active, and nothing tells which one is in use: make the other one inactive in the ` +
          "dashboard, and run `pulumi up` again.",
      );
    }
    return firstPair(credentials, wasCreated, latest());
  };

  return {
    noun,
    marks: undefined,

    async check(olds, news) {
      const existing = async (id: string) => {
        const credentials = await findBoth(splitIds(id), {});
        if (credentials.every((each) => each === undefined)) return undefined;
        return outputsOf(first(credentials), {}, {});
      };
      const ids = valueAt(news, "credentialIds");
      session.memory.rememberName(subjectOf(ids), nameOf(news));
      const sharesOf = () => sharesOfPasswords(Array.isArray(ids) ? ids : []);
      const missing = () => missingCredentials(session, "credentialIds", Array.isArray(ids) ? ids : []);
      const { inputs, failures } = await check(
        session,
        { noun, fields, existing, sharesOf, missing },
        olds,
        news,
      );
      return { inputs, failures: [...failures, ...declaredStates(ids)] };
    },

    async diff(_id, olds, news) {
      const plan = planOf(olds, news, session.time());
      if (plan.refusal !== undefined) throw new Error(plan.refusal);
      const name = session.memory.nameOf(subjectOf(news.credentialIds)) ?? `of ${olds.userName}`;
      announce(session, `${noun} ${name}`, olds, news, plan);
      return {
        changes:
          isUnfinished(olds) || plan.changed.length > 0 || plan.rotates || plan.closes || plan.reschedules,
      };
    },

    /** Rotates nothing, unless it replaces one by force: that goes on as an update would. */
    async create(inputs) {
      const ids = inputs.credentialIds;
      const id = joinIds(ids);
      const olds = replaced.get(id);
      if (olds === undefined) {
        const outs = await inTurn(ids, async () => {
          return settle(first(await readBoth(ids)), inputs, {}, { endsGrace: false });
        });
        return { id, outs };
      }
      try {
        return { id, outs: await bringTo(id, olds, inputs) };
      } catch (error) {
        // Its forerunner has left the state already: what was promised there must not be forgotten.
        throw error instanceof PartialFailureError
          ? error
          : new PartialFailureError(id, inputs, olds, messageOf(error));
      }
    },

    async read(id, olds) {
      const ids = olds.credentialIds ?? splitIds(id);
      const credentials = await findBoth(ids, olds);
      if (credentials.every((each) => each === undefined)) return undefined;
      const pair =
        olds.activeCredentialId === undefined ? first(credentials) : pairOf(credentials, ids, olds, latest());
      const { state, inputs } = readState(
        fields,
        olds,
        outputsOf(pair, olds, olds),
        settledKeys(olds, { state: credentials[pair.active]?.State }, latest()),
      );
      const props = {
        ...state,
        ...session.origin(),
        [kept.promised]: promiseOf(pair, olds),
        [kept.unfinished]: olds[kept.unfinished],
      };
      return { id, props, ...(inputs && { inputs }) };
    },

    update: async (id, olds, news) => ({ outs: await bringTo(id, olds, news) }),

    /** A password cannot be un-rotated, and closing a login would lock people out. */
    async delete(_id, olds) {
      if (olds.credentialIds) replaced.set(joinIds(olds.credentialIds), olds);
    },
  };

  async function bringTo(
    id: string,
    olds: CredentialRotationState,
    news: CredentialRotationInputs,
  ): Promise<CredentialRotationState> {
    const plan = planOf(olds, news, session.time());
    if (plan.refusal !== undefined) throw new Error(plan.refusal);
    const ids = news.credentialIds;
    return inTurn(ids, async () => {
      let pair = pairOf(await readBoth(ids), ids, olds, latest());
      if (plan.rotates) pair = await rotate(id, pair, olds, news);
      try {
        // Whoever takes the new login from the outputs has it after this update: however short the grace, not before.
        return await settle(pair, news, olds, { endsGrace: !plan.rotates });
      } catch (error) {
        if (!plan.rotates) throw error;
        // The new password is the login's: without it in the state nobody could use it.
        throw new PartialFailureError(id, news, fullState(pair, news, olds), messageOf(error));
      }
    });
  }

  /** A credential that declares its state and a rotation that opens and closes it would undo each other's work. */
  function declaredStates(ids: unknown): CheckFailure[] {
    const declaring = Array.isArray(ids) ? ids.filter((id) => session.memory.isStateDeclared(id)) : [];
    return declaring.map((id) => ({
      property: "",
      reason:
        `credentialIds: the Credential with the id ${id} declares its state, which the rotation changes: take \`state\` ` +
        "out there, and declare it here, for both",
    }));
  }

  // ---- Reading ----------------------------------------------------------------------------------------------------

  function inTurn<T>(ids: readonly string[], work: () => Promise<T>): Promise<T> {
    const [first = "", second = ""] = [...ids].sort();
    return session.inTurn(`rotation ${first}`, () => session.inTurn(`rotation ${second}`, work));
  }

  function findBoth(ids: readonly string[], state: CredentialRotationState) {
    const withPassword = storesSecrets(state);
    return Promise.all(ids.map((id) => findCredential(session, id, state, { withPassword })));
  }

  /** As they are now, for what is decided by it. */
  async function readBoth(ids: readonly string[]): Promise<Credential[]> {
    return Promise.all(
      ids.map(async (id) => {
        const credential = await readOnceThere(session, id);
        if (credential === undefined) throw goneAtUpdate("credential", id);
        if (credential.IsDefault) {
          throw new Error(
            `credential ${id} is the organization's root credential, which a rotation would make inactive: ` +
              "give the ids of two other credentials",
          );
        }
        return credential;
      }),
    );
  }

  // ---- Writing ----------------------------------------------------------------------------------------------------

  /** A new password for the login that is not in use, which then takes the other one's place, open or closed. */
  async function rotate(
    id: string,
    pair: Pair,
    olds: CredentialRotationState,
    inputs: CredentialRotationInputs,
  ): Promise<Pair> {
    const idle = pair.credentials[1 - pair.active] as Credential;
    const needsPassword = storesSecrets(inputs);
    const rotated = await rotatePassword(session, idle.Id, { needsPassword });
    if (rotated.after === undefined) {
      throw new Error(
        `The password of ${idle.UserName} was rotated, but the new one could not be read: ${rotated.why} ` +
          "The active login is still the other one. Run `pulumi up` again: it rotates once more. To go on without " +
          "passwords, set storeSecrets: false.",
      );
    }
    const before = pair.credentials[pair.active] as Credential;
    const isExpired = settledKeys(inputs, { state: before.State }, latest()).length > 0;
    const isWanted = inputs.state === undefined || isExpired ? isOpen(before) : inputs.state === "active";
    let next = rotated.after;
    try {
      if (isWanted) next = await setState(next, "active");
    } catch (error) {
      // With the trigger before: the next update rotates once more, or ends what was begun if that was put back.
      throw new PartialFailureError(
        id,
        inputs,
        { ...olds, [kept.unfinished]: true },
        `${idle.UserName} has a new password, which is in no output, and may be open by now: ${messageOf(error)} ` +
          "The active login is still the other one. Run `pulumi up` again: it rotates once more, or closes " +
          `${idle.UserName} if you have put the trigger back.`,
      );
    }
    if (!isWanted && !isOpen(next)) {
      session.warn(
        `${idle.UserName} has a new password and is ${next.State}, like the login before it: declare ` +
          `${isExpired ? "a later expiration and " : ""}state: "active" to open it`,
      );
    }
    if ((before.SshPublicKeysCount ?? 0) > (next.SshPublicKeysCount ?? 0)) {
      session.warn(
        `${before.UserName} has SSH public keys that ${next.UserName} lacks, and whoever logs in with one cannot change ` +
          "over: give both the same keys before the grace is over (sshPublicKeyBodies)",
      );
    }
    const credentials = pair.credentials.map((each, place) => (place === pair.active ? each : next));
    return {
      credentials,
      active: 1 - pair.active,
      previous: isOpen(before) ? "promised" : "closed",
      rotatedAt: rotationTime(session, next),
    };
  }

  /** Opens and closes what the program declares and what the days have brought, and gives the state. */
  async function settle(
    pair: Pair,
    inputs: CredentialRotationInputs,
    olds: CredentialRotationState,
    { endsGrace }: { readonly endsGrace: boolean },
  ): Promise<CredentialRotationState> {
    let { credentials, previous: before } = pair;
    const put = (place: number, credential: Credential) => {
      credentials = credentials.map((each, index) => (index === place ? credential : each));
    };
    const active = credentials[pair.active] as Credential;
    const isAnother = olds.activeCredentialId != null && !olds.credentialIds?.includes(active.Id);
    // One that was made anew is as open as the one before.
    const wanted = inputs.state ?? (isAnother ? olds.state : undefined) ?? active.State;
    const isExpired = settledKeys(inputs, { state: active.State }, latest()).length > 0;
    if (wanted !== active.State && !isExpired) put(pair.active, await setState(active, wanted));
    const graceEnd = graceEndOf(pair.rotatedAt, inputs);
    const isOver =
      before === "open" || (endsGrace && isGraceOver(pair.rotatedAt, graceEnd, session.time().sure));
    const previous = credentials[1 - pair.active] as Credential;
    if (before !== "closed" && (isOver || inputs.state === "inactive")) {
      put(1 - pair.active, await setState(previous, "inactive"));
      before = "closed";
    }
    return fullState({ ...pair, credentials, previous: before }, inputs, olds);
  }

  /** The same state twice is the same, so the client may repeat it. What a read does not show is not done. */
  async function setState(credential: Credential, State: string): Promise<Credential> {
    if (credential.State === State) return credential;
    const startedAt = session.clock.now();
    const { Id, Password, URI } = credential;
    await unlessGone("credential", Id, session.client.updateCredential(Id, { State }));
    for await (const _ of readsAfter(session, undefined, startedAt)) {
      const found = await readNow(session, Id);
      // The password is the one that was proven: this list may still show the one before.
      if (found?.State === State) return { ...found, Password, URI };
    }
    throw notApplied("credential", Id, ["state"]);
  }

  // ---- State ------------------------------------------------------------------------------------------------------

  function fullState(
    pair: Pair,
    inputs: CredentialRotationInputs,
    olds: CredentialRotationState,
  ): CredentialRotationState {
    const known = knownOf(fields, inputs, olds);
    return {
      ...stateOf(fields, inputs, outputsOf(pair, inputs, known)),
      ...session.origin(),
      [kept.promised]: promiseOf(pair, olds),
      [kept.unfinished]: undefined,
    };
  }
}
