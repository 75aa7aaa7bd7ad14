/**
 * What the engine calls for a set of SSH public keys. Written by hand under the guards, since the API has no such
 * object: a set is all the keys of one credential. Whatever interrupts a change, the next one goes by what the
 * credential has: it adds what is missing, and only then removes what is not declared.
 */

import { SftpToGoError } from "../../api/errors";
import { hasNameless, unreadableItems } from "../../api/lists";
import type { SshPublicKey } from "../../api/sshPublicKeys";
import { check } from "../../lifecycle/check/check";
import { dayAndTime, inDays } from "../../lifecycle/check/endings";
import { adopt, importIdOf } from "../../lifecycle/check/importing";
import { deleteIfPresent } from "../../lifecycle/doubt/gone";
import { assertFree, type Claim, createOnce } from "../../lifecycle/doubt/ownership";
import { goneAtUpdate, notApplied } from "../../lifecycle/doubt/writing";
import { changedKeys, valueAt } from "../../lifecycle/fields/declared";
import { knownOf, readState, serverState, stateOf } from "../../lifecycle/fields/translate";
import type { KindProvider } from "../../lifecycle/process/guarded";
import type { Session } from "../../lifecycle/process/session";
import { messageOf, PartialFailureError } from "../../protocol/failures";
import { kept, nameOf } from "../../protocol/hidden";
import { hasUnknown } from "../../protocol/unknowns";
import { millisecondsPerDay } from "../../values/times";
import { isDue } from "../shared/ages";
import {
  findSshPublicKey,
  identityOfKey,
  keysOfCredential,
  ofCredential,
  sharesOfKeys,
} from "../shared/findSshPublicKey";
import { missingCredentials } from "../shared/missingCredentials";
import { fingerprintOf, isSameKey, joinId, keyMark, shownKey } from "../shared/sshKeys";
import {
  sshPublicKeySetFields as fields,
  fingerprintOfKey,
  type KeysOfCredential,
  leavesAt,
  sshPublicKeySetMarks as marks,
  type SshPublicKeySetInputs,
  type SshPublicKeySetState,
} from "./fields";
import type { OutgoingSshPublicKey } from "./outgoing";

const noun = "SSH public key set";

/** A set's id is its credential's, which the credential itself has too. */
const { objectId } = marks;

/** What check and diff tell each other about a credential's set goes by this. */
const subjectOf = (credentialId: unknown) => `key set of ${credentialId}`;

export function sshPublicKeySetProvider(session: Session): KindProvider<typeof fields> {
  /** What this process has added, by credential: later lists may be late. */
  const added = new Map<string, SshPublicKey[]>();

  return {
    noun,
    objectId,
    // Its keys are asked for one by one.
    marks: { ...marks, of: () => [] },

    async check(olds, news) {
      const existing = async (id: string) => {
        const found = await find(id, {});
        return found && serverState(fields, found, {});
      };
      session.memory.rememberName(subjectOf(valueAt(news, "credentialId")), nameOf(news));
      const missing = (inputs: object) =>
        missingCredentials(session, "credentialId", [valueAt(inputs, "credentialId")]);
      return check(
        session,
        { noun, fields, existing, creation: claimOf, sharesOf: isAllOfKeys, missing, objectId },
        olds,
        news,
      );
    },

    async diff(id, olds, news) {
      const changed = changedKeys(fields, { inputs: news, state: olds });
      const replaces = changed.filter((key) => valueAt(fields[key], "replaces"));
      if (replaces.length > 0) return { changes: true, replaces };
      holdKnown(id, olds, news);
      sayWhatLeaves(id, olds, news);
      const due = outgoingOf(olds).filter((key) => hasLeft(key, news.overlapDays));
      const isUnfinished = olds[kept.unfinished] !== undefined;
      return { changes: isUnfinished || changed.length + due.length > 0, replaces };
    },

    async create(inputs) {
      const importId = importIdOf(session, inputs, objectId);
      const { credentialId } = inputs;
      if (importId !== undefined) {
        const { keys } = await adopt(session, noun, importId, find, objectId);
        holdDeclared(importId, keys, inputs.sshPublicKeyBodies);
        return { id: importId, outs: settled(importId, keys, [], inputs) };
      }
      return session.inTurn(objectId(credentialId), async () => {
        const keys = await presentNow(credentialId, {});
        assertFree(session, claimOf(inputs), keys);
        return { id: credentialId, outs: await bringTo(credentialId, keys, {}, inputs) };
      });
    },

    async read(id, olds) {
      const keys = await ofCredential(session, id, olds, () => present(id, olds));
      if (keys === undefined) return undefined;
      const outgoing = outgoingOf(olds).filter(({ keyId }) => keys.some(({ Id }) => Id === keyId));
      const others = keys.filter(({ Id }) => !outgoing.some(({ keyId }) => keyId === Id));
      const shown: KeysOfCredential = { Id: id, keys: others };
      const server = serverState(fields, shown, olds);
      const { state, inputs } = readState(fields, olds, { ...server, outgoing }, []);
      const props = {
        ...state,
        // Those that the program declared: what was added elsewhere gets no overlap.
        ...(olds.fingerprints && declaredAmong(others, olds)),
        ...session.origin(),
        [kept.begun]: olds[kept.begun],
        [kept.unfinished]: olds[kept.unfinished],
      };
      return { id, props, ...(inputs && { inputs }) };
    },

    async update(id, olds, news) {
      return session.inTurn(objectId(id), async () => {
        const keys = await ofCredential(session, id, olds, () => presentNow(id, olds));
        if (keys === undefined) throw goneAtUpdate(noun, id);
        return { outs: await bringTo(id, keys, olds, news) };
      });
    },

    /** Removes what the program has declared. Keys that were added elsewhere are somebody else's. */
    async delete(id, olds) {
      const keys = await ofCredential(session, id, olds, () => present(id, olds));
      for (const key of keys ?? []) {
        if (isOurs(key, olds)) await remove(id, key, olds);
        else {
          session.warn(
            `${noun} of credential ${id}: the key ${fingerprintOfKey(key)} was added elsewhere and stays on the ` +
              "credential. If nobody needs it, remove it in the dashboard",
          );
        }
      }
      session.memory.rememberDeleted(objectId(id));
    },
  };

  async function find(id: string, state: object): Promise<KeysOfCredential | undefined> {
    const keys = await ofCredential(session, id, state, () => session.client.listSshPublicKeys(id));
    return keys && { Id: id, keys };
  }

  /** The keys as a list shows them, and those that the state has and the list lacks, unless they are gone. */
  async function present(
    credentialId: string,
    state: SshPublicKeySetState,
    list: () => Promise<readonly SshPublicKey[]> = () => session.client.listSshPublicKeys(credentialId),
  ): Promise<readonly SshPublicKey[]> {
    const listed = await list();
    if (hasNameless(listed) || unreadableItems(listed).size > 0) {
      session.warn(
        `${noun} of credential ${credentialId}: it has keys that cannot be read, and they stay as they are`,
      );
    }
    const keys = [...listed];
    const known = [...(state.keyIds ?? []), ...outgoingOf(state).map(({ keyId }) => keyId)];
    for (const keyId of known.filter((each) => !keys.some(({ Id }) => Id === each))) {
      const found = await findSshPublicKey(session, joinId(credentialId, keyId), state);
      if (found !== undefined) keys.push(found);
    }
    return keys;
  }

  /** The keys before a change. The list that check has asked for serves, unless this process has added keys since. */
  async function presentNow(
    credentialId: string,
    state: SshPublicKeySetState,
  ): Promise<readonly SshPublicKey[]> {
    const { collection, list } = keysOfCredential(credentialId);
    const own = added.get(credentialId);
    const keys = await present(credentialId, state, () =>
      own ? list(session.unsharedClient) : session.firstList(collection, list),
    );
    const late = own?.filter(({ Id }) => !keys.some((key) => key.Id === Id)) ?? [];
    return [...keys, ...late].filter(({ Id }) => !session.memory.wasDeleted(joinId(credentialId, Id)));
  }

  function claimOf({ credentialId, sshPublicKeyBodies }: SshPublicKeySetInputs): Claim<SshPublicKey> {
    return {
      ...keysOfCredential(credentialId),
      noun,
      identity: objectId(credentialId),
      identityInWords: `credential ${credentialId}`,
      unique: false,
      isSame: (key) => !isDeclared(key, sshPublicKeyBodies),
      refusal: (there) =>
        `Credential ${credentialId} has SSH public keys that the program does not declare ` +
        `(${there.map(fingerprintOfKey).join(", ")}), and the set would remove them. If they belong to a resource of ` +
        "this stack that was renamed or moved in the program, give the new one the option `aliases` with the old " +
        "name. Otherwise declare just the keys that the credential has, take them over with the option " +
        `{ import: ${JSON.stringify(credentialId)} }, and change them afterwards; or remove them in the dashboard.`,
    };
  }

  /** Adds what is missing, and only then removes what is to go. */
  async function bringTo(
    credentialId: string,
    keys: readonly SshPublicKey[],
    olds: SshPublicKeySetState,
    inputs: SshPublicKeySetInputs,
  ): Promise<SshPublicKeySetState> {
    const { sshPublicKeyBodies: bodies, overlapDays } = inputs;
    const declared: SshPublicKey[] = [];
    let hasWritten = false;
    holdDeclared(credentialId, keys, bodies);
    try {
      for (const body of bodies) {
        const present = keys.find((key) => isSameKey(body, shownKey(key)));
        declared.push(present ?? (await add(credentialId, body)));
        hasWritten ||= present === undefined;
      }
      const outgoing: OutgoingSshPublicKey[] = [];
      for (const key of keys.filter((each) => !isDeclared(each, bodies))) {
        const leaving = outgoingKey(key, olds, inputs);
        if (leaving !== undefined && !hasLeft(leaving, overlapDays)) {
          outgoing.push(leaving);
          continue;
        }
        hasWritten = true;
        if (!(await remove(credentialId, key, olds))) outgoing.push(leaving ?? leavesNow(key, overlapDays));
      }
      return settled(credentialId, declared, outgoing, inputs);
    } catch (error) {
      const isNo = error instanceof SftpToGoError && error.aftermath !== "unknown";
      if (isNo && !hasWritten) throw error;
      throw unfinished(credentialId, olds, inputs, error);
    }
  }

  /** Whether an old key's overlap is over. Without one it is, whatever the clocks say. */
  function hasLeft(key: Pick<OutgoingSshPublicKey, "since">, overlapDays: unknown): boolean {
    const days = typeof overlapDays === "number" ? overlapDays : 0;
    return days === 0 || isDue(leavesAt(key, days), session.time().sure);
  }

  async function add(credentialId: string, body: string): Promise<SshPublicKey> {
    const SshPublicKeyBody = body.trim();
    const { item } = await createOnce(session, {
      ...identityOfKey(credentialId, SshPublicKeyBody),
      noun: "SSH public key",
      isFoundAgain: true,
      body: { SshPublicKeyBody },
      post: () => session.client.addSshPublicKey(credentialId, { SshPublicKeyBody }),
    });
    added.set(credentialId, [...(added.get(credentialId) ?? []), item]);
    // Before the old keys go, the service has to show the new one.
    if (!isSameKey(body, shownKey(item))) throw notApplied(noun, credentialId, ["sshPublicKeyBodies"]);
    return item;
  }

  /** `false`: it has to wait for the next `up`. */
  async function remove(
    credentialId: string,
    key: SshPublicKey,
    state: SshPublicKeySetState,
  ): Promise<boolean> {
    const id = joinId(credentialId, key.Id);
    const which = `${noun} of credential ${credentialId}: the key ${fingerprintOfKey(key)}`;
    const { holders } = session.memory;
    const subject = { ids: [id], marks: [keyMark(credentialId, fingerprintOfKey(key))] };
    const isPending = await isPendingFor(session);
    if (holders.isKept(id) || holders.isDeclared(subject)) {
      session.warn(`${which} was not removed: a resource of this update declares it`);
      return true;
    }
    if (isPending) {
      session.warn(
        `${which} was not removed yet: a key that this program declares is not known so far, and may be this one. ` +
          "The next `pulumi up` removes it, unless it is",
      );
      return false;
    }
    if (state.fingerprints && !isOurs(key, state)) {
      session.warn(`${which} was added elsewhere and is removed, since the program does not declare it`);
    }
    await deleteIfPresent(
      session,
      id,
      () => session.client.removeSshPublicKey({ credentialId, keyId: key.Id }),
      () => findSshPublicKey(session, id, state, session.unsharedClient),
    );
    return true;
  }

  /** As one whose overlap is over. */
  function leavesNow(key: SshPublicKey, overlapDays = 0): OutgoingSshPublicKey {
    const now = session.time().latest;
    const since = new Date(now - overlapDays * millisecondsPerDay).toISOString();
    return { fingerprint: fingerprintOfKey(key), keyId: key.Id, since, until: new Date(now).toISOString() };
  }

  /** Of a key that is no longer declared: since when its successors have been there. `undefined`: it has none. */
  function outgoingKey(
    key: SshPublicKey,
    olds: SshPublicKeySetState,
    { sshPublicKeyBodies, overlapDays }: SshPublicKeySetInputs,
  ): OutgoingSshPublicKey | undefined {
    const before = outgoingOf(olds).find(({ keyId }) => keyId === key.Id);
    const successors = newIn(sshPublicKeyBodies, olds);
    if (before === undefined && (successors.length === 0 || !isOurs(key, olds))) return undefined;
    const since = before?.since ?? new Date(session.time().latest).toISOString();
    const until = new Date(leavesAt({ since }, overlapDays)).toISOString();
    return { fingerprint: fingerprintOfKey(key), keyId: key.Id, since, until };
  }

  function settled(
    credentialId: string,
    keys: readonly SshPublicKey[],
    outgoing: readonly OutgoingSshPublicKey[],
    inputs: SshPublicKeySetInputs,
  ): SshPublicKeySetState {
    const object: KeysOfCredential = { Id: credentialId, keys };
    // In the program's order, and by what it says of a key, which an answer does not have to show whole.
    const declared = inputs.sshPublicKeyBodies.flatMap((body) => {
      const key = keys.find((each) => isSameKey(body, shownKey(each)));
      return key ? [{ key, fingerprint: fingerprintOf(body) ?? fingerprintOfKey(key) }] : [];
    });
    return {
      ...stateOf(fields, inputs, { ...serverState(fields, object, knownOf(fields, inputs, {})), outgoing }),
      fingerprints: declared.map(({ fingerprint }) => fingerprint),
      keyIds: declared.map(({ key }) => key.Id),
      ...session.origin(),
    };
  }

  /** What was begun is saved: the next `up` goes on, also with another program, and a destroy removes it. */
  function unfinished(
    credentialId: string,
    olds: SshPublicKeySetState,
    inputs: SshPublicKeySetInputs,
    error: unknown,
  ): PartialFailureError {
    const empty = { credentialId, sshPublicKeyBodies: [], fingerprints: [], keyIds: [], outgoing: [] };
    const begun = [
      ...(olds[kept.begun] ?? []),
      ...inputs.sshPublicKeyBodies.map((body) => fingerprintOf(body) ?? ""),
    ];
    const outputs = {
      ...(olds.fingerprints ? olds : { ...stateOf(fields, inputs, empty), ...session.origin() }),
      [kept.begun]: [...new Set(begun)],
      [kept.unfinished]: true,
    };
    return new PartialFailureError(
      credentialId,
      inputs,
      outputs,
      `The SSH public keys of credential ${credentialId} are not yet what the program declares: ${messageOf(error)} ` +
        "Run `pulumi up` again to finish it.",
    );
  }

  /** What is there and declared is not deleted by another resource of this update, whatever becomes of the rest. */
  function holdDeclared(
    credentialId: string,
    keys: readonly SshPublicKey[],
    bodies: readonly string[],
  ): void {
    for (const key of keys)
      if (isDeclared(key, bodies)) session.memory.holders.keep(joinId(credentialId, key.Id));
  }

  function holdKnown(
    credentialId: string,
    { fingerprints = [], keyIds = [] }: SshPublicKeySetState,
    news: object,
  ): void {
    const bodies = valueAt(news, "sshPublicKeyBodies");
    // What a preview does not know yet may be another key by the time of the update, which would then find it held.
    if (!Array.isArray(bodies) || hasUnknown(bodies)) return;
    const declared = bodies.map((body) => fingerprintOf(String(body)));
    (keyIds ?? []).forEach((keyId, index) => {
      if (declared.includes(fingerprints?.[index])) session.memory.holders.keep(joinId(credentialId, keyId));
    });
  }

  /** Says in previews what no difference of the inputs shows: until when old keys stay, and which ones go now. */
  function sayWhatLeaves(id: string, olds: SshPublicKeySetState, news: object): void {
    const set = `${noun} ${session.memory.nameOf(subjectOf(id)) ?? `of credential ${id}`}`;
    const bodies = valueAt(news, "sshPublicKeyBodies");
    const overlapDays = valueAt(news, "overlapDays");
    if (!Array.isArray(bodies) || hasUnknown(bodies) || hasUnknown(overlapDays)) return;
    const days = typeof overlapDays === "number" ? overlapDays : 0;
    const declared = bodies.map((body) => fingerprintOf(String(body)));
    for (const key of outgoingOf(olds).filter(({ fingerprint }) => !declared.includes(fingerprint))) {
      const end = dayAndTime(leavesAt(key, days));
      if (hasLeft(key, days)) {
        session.warn(`${set}: the overlap of the old key ${key.fingerprint} ended on ${end}: it is removed`);
      } else {
        session.note(
          `${set}: the old key ${key.fingerprint} stays until ${end} (overlapDays). The first \`pulumi up\` after ` +
            "that removes it",
        );
      }
    }
    const old = (olds.fingerprints ?? []).filter((print) => !declared.includes(print));
    if (old.length > 0 && bodies.length === 0) {
      session.warn(`${set}: sshPublicKeyBodies is empty now: every key of the credential is removed`);
    } else if (old.length > 0 && days > 0) {
      const which = `${set}: the old ${old.length === 1 ? "key" : "keys"} ${old.join(", ")}`;
      const end = dayAndTime(session.time().latest + days * millisecondsPerDay);
      session.note(
        newIn(bodies, olds).length > 0
          ? `${which} will stay for ${inDays(days)} (overlapDays), until ${end} if the update runs now`
          : `${which} will be removed at once: no new key comes in its place, so there is no overlap`,
      );
    }
  }
}

function isAllOfKeys(inputs: object) {
  return sharesOfKeys(inputs, true);
}

/** The keys that the program declares and did not declare before: successors of those that it declares no longer. */
function newIn(bodies: readonly unknown[], { fingerprints }: SshPublicKeySetState): unknown[] {
  return bodies.filter((body) => !fingerprints?.includes(fingerprintOf(String(body)) ?? ""));
}

/** Those of the declared keys that are still there, with the ids that they have now. */
function declaredAmong(keys: readonly SshPublicKey[], { fingerprints, keyIds }: SshPublicKeySetState) {
  const pairs = (fingerprints ?? []).flatMap((fingerprint, index) => {
    const key =
      keys.find(({ Id }) => Id === keyIds?.[index]) ??
      keys.find((each) => fingerprintOfKey(each) === fingerprint);
    return key ? [{ fingerprint, keyId: key.Id }] : [];
  });
  return {
    fingerprints: pairs.map(({ fingerprint }) => fingerprint),
    keyIds: pairs.map(({ keyId }) => keyId),
  };
}

function outgoingOf(state: SshPublicKeySetState): readonly OutgoingSshPublicKey[] {
  return state.outgoing ?? [];
}

function isDeclared(key: SshPublicKey, bodies: readonly string[]): boolean {
  return bodies.some((body) => isSameKey(body, shownKey(key)));
}

/** Whether a set has declared the key, or begun to add it, and still answers for it. */
function isOurs(key: SshPublicKey, state: SshPublicKeySetState): boolean {
  const { keyIds, fingerprints } = state;
  const ids = [...(keyIds ?? []), ...outgoingOf(state).map(({ keyId }) => keyId)];
  const prints = [...(fingerprints ?? []), ...(state[kept.begun] ?? [])];
  return ids.includes(key.Id) || prints.includes(fingerprintOfKey(key));
}

/**
 * Whether the program has keys whose credential or body it does not know yet. Mostly that takes a moment; a key that waits
 * for this set itself is waited for no longer than that.
 */
async function isPendingFor({ clock, memory }: Session): Promise<boolean> {
  const end = clock.now() + longestPending;
  while (memory.holders.isPending(["SshPublicKey", "SshPublicKeySet"])) {
    if (clock.now() >= end) return true;
    await clock.sleep(50);
  }
  return false;
}

/** In milliseconds. */
const longestPending = 2_000;
