/**
 * What the engine calls for a credential rotation of two credentials. Written by hand under the guards, since the
 * API has no such object. One of the two is active: the login to use. A rotation gives the other one a new password,
 * opens it, and makes it the active one; the one before goes on until its grace is over, and is closed then. So a
 * rotation touches no login that anybody uses, and whatever interrupts it, the next `up` may rotate once more.
 *
 * Nothing else sets the state of the two, and nothing here opens a login that somebody else has closed.
 */
import { samePasswordWithinMilliseconds } from "../../api/assumptions";
import type { Credential } from "../../api/credentials";
import { check } from "../../lifecycle/check/check";
import { dayAndTime, warnOfEnding } from "../../lifecycle/check/endings";
import { isShown } from "../../lifecycle/doubt/likeness";
import { readsAfter } from "../../lifecycle/doubt/waits";
import { goneAtUpdate, notApplied, unlessGone } from "../../lifecycle/doubt/writing";
import { changedKeys, valueAt } from "../../lifecycle/fields/declared";
import { knownOf, readState, stateOf } from "../../lifecycle/fields/translate";
import type { UnresolvedInputs } from "../../lifecycle/fields/vocabulary";
import type { KindProvider } from "../../lifecycle/process/guarded";
import type { Session } from "../../lifecycle/process/session";
import { messageOf, SavedFailure } from "../../protocol/failures";
import { nameOf } from "../../protocol/hidden";
import { hasUnknown } from "../../protocol/unknowns";
import { instant, isPast, millisecondsPerDay, serviceTime } from "../../values/times";
import { daysAfter } from "../shared/ages";
import { findCredential } from "../shared/findCredential";
import {
  passwordTime,
  readNow,
  readOnceThere,
  rotatePassword,
  rotationTime,
  sharesOfPasswords,
} from "../shared/rotate";
import {
  type CredentialRotationInputs,
  type CredentialRotationState,
  defaultGraceDays,
  credentialRotationFields as fields,
  joinIds,
  splitIds,
} from "./fields";

const noun = "credential rotation";

/** Two credentials, and which one is in use. */
interface Pair {
  /** `undefined`: it is gone. */
  readonly credentials: readonly (Credential | undefined)[];
  /** The place of the active one: 0 or 1. */
  readonly active: number;
  /** Whether the other one is open, and whether somebody was promised that it is: until its grace is over. */
  readonly previous: "promised" | "open" | "closed";
  readonly rotatedAt: number;
}

/** What check and diff tell each other about a rotation goes by this. */
const subjectOf = (credentialIds: unknown) => `rotation between ${JSON.stringify(credentialIds)}`;

export function credentialRotationProvider(session: Session): KindProvider<typeof fields> {
  /** What a forced replacement has deleted, by the ids of its credentials: the create after it goes on from there. */
  const replaced = new Map<string, CredentialRotationState>();

  return {
    noun,

    async check(olds, news) {
      const existing = async (id: string) => {
        const credentials = await findBoth(splitIds(id), {});
        if (credentials.every((each) => each === undefined)) return undefined;
        return serverState(firstPair(credentials), {}, {});
      };
      const ids = valueAt(news, "credentialIds");
      session.memory.rememberName(subjectOf(ids), nameOf(news));
      const sharesOf = () => sharesOfPasswords(Array.isArray(ids) ? ids : []);
      return check(session, { noun, fields, existing, sharesOf }, olds, news);
    },

    async diff(_id, olds, news) {
      const plan = planOf(olds, news);
      if (plan.refusal !== undefined) throw new Error(plan.refusal);
      announce(olds, news, plan);
      return { changes: plan.changed.length > 0 || plan.rotates || plan.closes || plan.reschedules };
    },

    /** Rotates nothing, unless it replaces one by force: that goes on as an update would. */
    async create(inputs) {
      const ids = inputs.credentialIds;
      const id = joinIds(ids);
      const olds = replaced.get(id);
      if (olds === undefined) {
        const outs = await inTurn(ids, async () => {
          return settle(firstPair(await readBoth(ids)), inputs, {}, { endsGrace: false });
        });
        return { id, outs };
      }
      try {
        return { id, outs: await bringTo(id, olds, inputs) };
      } catch (error) {
        // Its forerunner has left the state already: what was promised there must not be forgotten.
        throw error instanceof SavedFailure ? error : new SavedFailure(id, inputs, olds, messageOf(error));
      }
    },

    async read(id, olds) {
      const ids = olds.credentialIds ?? splitIds(id);
      const credentials = await findBoth(ids, olds);
      if (credentials.every((each) => each === undefined)) return undefined;
      const pair =
        olds.activeCredentialId === undefined ? firstPair(credentials) : pairOf(credentials, ids, olds);
      const { state, inputs } = readState(
        fields,
        olds,
        serverState(pair, olds, olds),
        settledKeys(olds, { state: credentials[pair.active]?.State }),
      );
      return { id, props: { ...state, ...session.origin() }, ...(inputs && { inputs }) };
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
    const plan = planOf(olds, news);
    if (plan.refusal !== undefined) throw new Error(plan.refusal);
    const ids = news.credentialIds;
    return inTurn(ids, async () => {
      let pair = pairOf(await readBoth(ids), ids, olds);
      if (plan.rotates) pair = await rotate(pair, news);
      try {
        // Whoever takes the new login from the outputs has it after this update: however short the grace, not before.
        return await settle(pair, news, olds, { endsGrace: !plan.rotates });
      } catch (error) {
        if (!plan.rotates) throw error;
        // The new password is the login's: without it in the state nobody could use it.
        throw new SavedFailure(id, news, fullState(pair, news, olds), messageOf(error));
      }
    });
  }

  // ---- What is to be done -----------------------------------------------------------------------------------------

  /** What an update would do now: asked by diff, and by the update itself. */
  function planOf(olds: CredentialRotationState, news: UnresolvedInputs<typeof fields>) {
    const now = session.clock.now();
    const settled: string[] = settledKeys(news, { state: olds.state });
    const changed = changedKeys(fields, { inputs: news, state: olds }).filter(
      (key) => !settled.includes(key),
    );
    const rotatedAt = instant(olds.rotatedAt) ?? now;
    const promised = promisedId(olds) === undefined ? rotatedAt : graceEndOf(rotatedAt, news);
    const graceEnd = olds.previousCredentialId == null ? undefined : promised;
    const dueAt = daysAfter(olds.rotatedAt, news.rotateAfterDays);
    const isInGrace = graceEnd !== undefined && now < graceEnd;
    const isDue = dueAt !== undefined && now > dueAt;
    const isTriggered = changed.includes("triggers");
    return {
      changed,
      graceEnd,
      dueAt,
      isDue,
      // What is due by its age waits for the end of the grace; a trigger was somebody's wish, which is answered.
      rotates: (isTriggered || isDue) && !isInGrace,
      closes: graceEnd !== undefined && !isInGrace,
      // Days that are taken out of the program differ from nothing there, and the outputs still promise them.
      reschedules:
        isoOrNull(graceEnd) !== (olds.previousValidUntil ?? null) ||
        isoOrNull(dueAt) !== (olds.nextRotationAt ?? null),
      refusal:
        isInGrace && isTriggered && !hasUnknown(news.triggers)
          ? `the password was rotated at ${olds.rotatedAt}, and the previous login ${olds.previousUserName} works ` +
            `until ${dayAndTime(graceEnd)} (graceDays): a rotation now would end it. Put the trigger back, and change ` +
            "it once that time has passed. To end the previous login before, set graceDays: 0, run `pulumi up`, and " +
            "then change both."
          : undefined,
    };
  }

  type Plan = ReturnType<typeof planOf>;

  /** When the previous login ends, in Unix milliseconds: with its grace, or before, when both expire. */
  function graceEndOf(
    rotatedAt: number,
    { graceDays, expiration }: { readonly graceDays?: unknown; readonly expiration?: unknown },
  ): number {
    const days = typeof graceDays === "number" ? graceDays : defaultGraceDays;
    const expiresAt = Math.max(rotatedAt, instant(expiration) ?? Number.POSITIVE_INFINITY);
    return Math.min(rotatedAt + days * millisecondsPerDay, expiresAt);
  }

  /** The engine shows an update by the inputs that differ, and of what the days bring none does. */
  function announce(
    olds: CredentialRotationState,
    news: UnresolvedInputs<typeof fields>,
    { changed, rotates, closes, isDue, dueAt, graceEnd }: Plan,
  ): void {
    const name = session.memory.nameOf(subjectOf(news.credentialIds)) ?? `of ${olds.userName}`;
    const resource = `${noun} ${name}`;
    const next = (olds.userNames ?? []).find((userName) => userName !== olds.userName);
    const announceDays = typeof news.announceDays === "number" ? news.announceDays : undefined;
    const isExtended = changed.includes("expiration") && news.expiration !== null;
    if (isExtended && news.state === undefined && olds.state === "inactive") {
      session.warn(
        `${resource}: ${olds.userName} is inactive, and a new expiration does not change that: declare ` +
          'state: "active" to open it again',
      );
    }
    if (rotates) {
      const why = isDue
        ? ` It was rotated at ${olds.rotatedAt}, more than ${news.rotateAfterDays} days ago.`
        : "";
      const unlessSame = hasUnknown(news.triggers) && !isDue ? "if its triggers come out changed, " : "";
      const now = session.clock.now();
      const end = graceEndOf(now, news);
      const goesOn =
        end > now ? `goes on until ${dayAndTime(end)}` : "stays open until you run `pulumi up` once more";
      const isOverlap = olds.state === "active" && news.state !== "inactive";
      const overlap = isOverlap ? `; ${olds.userName} ${goesOn} (graceDays)` : "";
      session.warn(
        `${resource}: ${unlessSame}${next} gets a new password and becomes the active login${overlap}.${why}`,
      );
    } else if (dueAt !== undefined && !isDue) {
      warnOfEnding(session, {
        resource,
        does: `makes ${next} the active login`,
        key: "rotateAfterDays",
        at: dueAt,
        days: announceDays,
        besides: `${olds.userName} goes on until ${dayAndTime(graceEndOf(dueAt, news))}`,
      });
    }
    if (closes && !rotates) {
      session.warn(
        `${resource}: the previous login ${olds.previousUserName} becomes inactive; its grace is over`,
      );
    } else if (graceEnd !== undefined && news.state !== "inactive") {
      const does = `makes the previous login ${olds.previousUserName} inactive`;
      warnOfEnding(session, { resource, does, key: "graceDays", at: graceEnd, days: announceDays });
    }
  }

  /** A login that the service has closed on its day is not opened again. */
  function settledKeys(
    { expiration }: { readonly expiration?: unknown },
    { state }: { readonly state?: unknown },
  ): "state"[] {
    return state === "inactive" && isPast(expiration, session.clock.now()) ? ["state"] : [];
  }

  // ---- Reading ----------------------------------------------------------------------------------------------------

  function inTurn<T>(ids: readonly string[], work: () => Promise<T>): Promise<T> {
    const [first = "", second = ""] = [...ids].sort();
    return session.inTurn(`rotation ${first}`, () => session.inTurn(`rotation ${second}`, work));
  }

  function findBoth(ids: readonly string[], state: CredentialRotationState) {
    const withPassword = state.storeSecrets !== false;
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

  /** Of a pair that nothing is known of: the open login is in use; of two alike, what was rotated later was given out last. */
  function firstPair(credentials: Pair["credentials"]): Pair {
    const [first, second] = credentials;
    const isAlike = isOpen(first) === isOpen(second);
    const areOpen = isAlike && isOpen(first);
    // One that this update has made is in nobody's hands yet, whatever the service made of its state.
    const [isFirstNew, isSecondNew] = credentials.map((each) => session.memory.wasCreated(each?.Id ?? ""));
    const isSecondNewer = !isSecondNew && (isFirstNew || givenOutAt(second) > givenOutAt(first));
    const active = (isAlike ? isSecondNewer : isOpen(second)) ? 1 : 0;
    const isOtherNew = active === 0 ? isSecondNew : isFirstNew;
    return {
      credentials,
      active,
      previous: !areOpen ? "closed" : isOtherNew ? "open" : "promised",
      rotatedAt: session.clock.now(),
    };
  }

  /** The pair of a state. A credential that was made anew takes the place of the one before. */
  function pairOf(
    credentials: Pair["credentials"],
    ids: readonly string[],
    olds: CredentialRotationState,
  ): Pair {
    const { credentialIds, activeCredentialId, rotatedAt } = olds;
    const placeIn = (all: readonly string[]) => all.indexOf(activeCredentialId ?? "");
    const place = placeIn(ids);
    const active = Math.max(0, place === -1 ? placeIn(credentialIds ?? []) : place);
    const other = credentials[1 - active];
    return {
      credentials,
      active,
      // One that is open besides was opened by somebody, or by a rotation that did not come to its end.
      previous: !isOpen(other) ? "closed" : other?.Id === promisedId(olds) ? "promised" : "open",
      rotatedAt: instant(rotatedAt) ?? session.clock.now(),
    };
  }

  // ---- Writing ----------------------------------------------------------------------------------------------------

  /** A new password for the login that is not in use, which then takes the other one's place, open or closed. */
  async function rotate(pair: Pair, inputs: CredentialRotationInputs): Promise<Pair> {
    const idle = pair.credentials[1 - pair.active] as Credential;
    const needsPassword = inputs.storeSecrets !== false;
    const rotated = await rotatePassword(session, idle.Id, { needsPassword });
    if (rotated.after === undefined) {
      throw new Error(
        `The password of ${idle.UserName} was rotated, but the new one could not be read: ${rotated.why} ` +
          "The active login is still the other one. Run `pulumi up` again: it rotates once more. To go on without " +
          "passwords, set storeSecrets: false.",
      );
    }
    const before = pair.credentials[pair.active] as Credential;
    const isExpired = settledKeys(inputs, { state: before.State }).length > 0;
    const isWanted = inputs.state === undefined || isExpired ? isOpen(before) : inputs.state === "active";
    const next = isWanted ? await setState(rotated.after, "active") : rotated.after;
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
    const isExpired = settledKeys(inputs, { state: active.State }).length > 0;
    if (wanted !== active.State && !isExpired) put(pair.active, await setState(active, wanted));
    const isOver =
      before === "open" || (endsGrace && session.clock.now() >= graceEndOf(pair.rotatedAt, inputs));
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
    return { ...stateOf(fields, inputs, serverState(pair, inputs, known)), ...session.origin() };
  }

  /** What the two credentials come to. Of one that is gone, what was known stays. */
  function serverState(
    { credentials, active, previous: openness, rotatedAt }: Pair,
    inputs: {
      readonly graceDays?: unknown;
      readonly rotateAfterDays?: unknown;
      readonly expiration?: unknown;
    },
    known: CredentialRotationState,
  ): CredentialRotationState {
    const current = credentials[active];
    const previous = openness === "closed" ? undefined : credentials[1 - active];
    const until = openness === "promised" ? graceEndOf(rotatedAt, inputs) : rotatedAt;
    const isStored = known.storeSecrets !== false;
    const secretOf = ({ Password }: Credential, before: string | null | undefined) =>
      isStored ? (isShown(Password) ? Password : (before ?? null)) : null;
    return {
      ...known,
      credentialIds: credentials.map((each, place) => each?.Id ?? known.credentialIds?.[place] ?? ""),
      userNames: credentials.map((each, place) => each?.UserName ?? known.userNames?.[place] ?? ""),
      ...(current && {
        activeCredentialId: current.Id,
        userName: current.UserName,
        password: secretOf(current, current.Id === known.activeCredentialId ? known.password : null),
        host: current.Host,
        state: current.State,
      }),
      previousCredentialId: previous?.Id ?? null,
      previousUserName: previous?.UserName ?? null,
      previousPassword: previous ? secretOf(previous, passwordBefore(previous.Id, known)) : null,
      previousHost: previous?.Host ?? null,
      previousValidUntil: previous ? isoOf(until) : null,
      rotatedAt: isoOf(rotatedAt),
      nextRotationAt: isoOrNull(daysAfter(rotatedAt, inputs.rotateAfterDays)),
    };
  }

  function passwordBefore(id: string, known: CredentialRotationState): string | null | undefined {
    return id === known.activeCredentialId
      ? known.password
      : id === known.previousCredentialId
        ? known.previousPassword
        : null;
  }
}

/** The previous login, if its grace is a promise that the outputs gave: an end that lies after the rotation. */
function promisedId({ previousCredentialId, previousValidUntil, rotatedAt }: CredentialRotationState) {
  const isLater = (instant(previousValidUntil) ?? 0) > (instant(rotatedAt) ?? 0);
  return isLater ? (previousCredentialId ?? undefined) : undefined;
}

function isOpen(credential: Credential | undefined): boolean {
  return credential?.State === "active";
}

/** When the password was rotated; 0 for one that the credential was made with, or of which nobody knows. */
function givenOutAt(credential: Credential | undefined): number {
  const time = credential && passwordTime(credential);
  const made = serviceTime(credential?.CreatedAt) ?? 0;
  return time !== undefined && time > made + samePasswordWithinMilliseconds ? time : 0;
}

function isoOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

function isoOrNull(milliseconds: number | undefined): string | null {
  return milliseconds === undefined ? null : isoOf(milliseconds);
}
