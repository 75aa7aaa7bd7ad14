/** The two logins of a rotation: which one is in use, and what the state says of them. */
import { samePasswordWithinMilliseconds } from "../../api/assumptions";
import type { Credential } from "../../api/credentials";
import { instant, serviceTime } from "../../values/times";
import { daysAfter } from "../shared/ages";
import { passwordTime } from "../shared/rotate";
import { storedPassword } from "../shared/storedSecrets";
import type { CredentialRotationState } from "./fields";
import { graceEndOf, isoOf, isoOrNull, promisedId } from "./plan";

/** Two credentials, and which one is in use. */
export interface Pair {
  /** `undefined`: it is gone. */
  readonly credentials: readonly (Credential | undefined)[];
  /** The place of the active one: 0 or 1. */
  readonly active: number;
  /** Whether the other one is open, and whether somebody was promised that it is: until its grace is over. */
  readonly previous: "promised" | "open" | "closed";
  readonly rotatedAt: number;
}

/**
 * The pair without a recorded state: the open login is the active one. If both are open, or neither is, the one that was
 * rotated last is.
 */
export function firstPair(
  credentials: Pair["credentials"],
  wasCreated: (id: string) => boolean,
  now: number,
): Pair {
  const [first, second] = credentials;
  const isAlike = isOpen(first) === isOpen(second);
  const areOpen = isAlike && isOpen(first);
  // Nobody has the password of one that this update has created, whatever state the service gave it.
  const [isFirstNew, isSecondNew] = credentials.map((each) => wasCreated(each?.Id ?? ""));
  const isSecondNewer = !isSecondNew && (isFirstNew || givenOutAt(second) > givenOutAt(first));
  const active = (isAlike ? isSecondNewer : isOpen(second)) ? 1 : 0;
  const isOtherNew = active === 0 ? isSecondNew : isFirstNew;
  return {
    credentials,
    active,
    previous: !areOpen ? "closed" : isOtherNew ? "open" : "promised",
    rotatedAt: now,
  };
}

/**
 * Whether nothing tells which of two open logins is in use: it is the one whose password was made last, but only if that
 * was by a rotation. A password that came with the credential may never have been given to anybody.
 */
export function isUndecided(credentials: Pair["credentials"], wasCreated: (id: string) => boolean): boolean {
  if (!credentials.every(isOpen) || credentials.some((each) => wasCreated(each?.Id ?? ""))) return false;
  const times = credentials.map((each) => each && passwordTime(each));
  const [one, other] = times;
  if (one === undefined || other === undefined || one === other) return true;
  return givenOutAt(credentials[one > other ? 0 : 1]) === 0;
}

/** The pair of a recorded state. A credential that was replaced keeps its place. */
export function pairOf(
  credentials: Pair["credentials"],
  ids: readonly string[],
  olds: CredentialRotationState,
  now: number,
): Pair {
  const { credentialIds, activeCredentialId, rotatedAt } = olds;
  const placeIn = (all: readonly string[]) => all.indexOf(activeCredentialId ?? "");
  const place = placeIn(ids);
  const active = Math.max(0, place === -1 ? placeIn(credentialIds ?? []) : place);
  const other = credentials[1 - active];
  return {
    credentials,
    active,
    // A second open login was opened by somebody, or by a rotation that failed halfway.
    previous: !isOpen(other) ? "closed" : other?.Id === promisedId(olds) ? "promised" : "open",
    rotatedAt: instant(rotatedAt) ?? now,
  };
}

/** The outputs of a pair. What was known of a credential that is gone stays. */
export function outputsOf(
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
  const secretOf = ({ Password }: Credential, before: string | null | undefined) =>
    storedPassword(Password, before, known);
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

/**
 * Which login was promised that it works until the grace is over. Somebody may close it and open it again meanwhile: the
 * promise stands until the next rotation.
 */
export function promiseOf(pair: Pair, olds: CredentialRotationState): string | undefined {
  if (pair.previous === "promised") return pair.credentials[1 - pair.active]?.Id;
  return pair.rotatedAt === instant(olds.rotatedAt) ? promisedId(olds) : undefined;
}

function passwordBefore(id: string, known: CredentialRotationState): string | null | undefined {
  return id === known.activeCredentialId
    ? known.password
    : id === known.previousCredentialId
      ? known.previousPassword
      : null;
}

export function isOpen(credential: Credential | undefined): boolean {
  return credential?.State === "active";
}

/** When the password was rotated; 0 for the password of its creation, and where the time is unknown. */
function givenOutAt(credential: Credential | undefined): number {
  const time = credential && passwordTime(credential);
  const made = serviceTime(credential?.CreatedAt) ?? 0;
  return time !== undefined && time > made + samePasswordWithinMilliseconds ? time : 0;
}
