/** One rotation of a password, whatever becomes of the answer: reads prove it, since an answer proves nothing. */
import type { Credential } from "../../api/credentials";
import { SftpToGoError } from "../../api/errors";
import { isShown } from "../../lifecycle/doubt/likeness";
import { OwnershipError } from "../../lifecycle/doubt/ownership";
import { pauseBeforeAnother, readsAfter, wasTurnedAway } from "../../lifecycle/doubt/waits";
import type { Share } from "../../lifecycle/process/memory";
import type { Session } from "../../lifecycle/process/session";
import { messageOf } from "../../protocol/failures";
import { isUnknown } from "../../protocol/unknowns";
import { serviceTime } from "../../values/times";
import { findCredential } from "./findCredential";

/** A password that was rotated: the credential before, and what came of it. */
export type Rotated =
  | { readonly before: Credential; readonly after: Credential }
  /** Nobody can read the new password; `why` is a sentence. */
  | { readonly before: Credential; readonly after?: undefined; readonly why: string };

/**
 * A password is rotated by one resource: of a login by itself, or of two logins in turn. Beside another one, its outputs
 * would soon be a password that is no longer the login's.
 */
export function sharesOfPasswords(credentialIds: readonly unknown[]): readonly Share[] {
  const known = credentialIds.filter((id) => typeof id === "string" && !isUnknown(id));
  return known.map((id) => ({
    of: `the password of credential ${id}`,
    isAll: true,
    choice:
      "keep one of them, which rotates it by itself (PasswordRotation) or in turn with another login's " +
      "(CredentialRotation)",
  }));
}

/**
 * Reads, rotates once, and reads again: a changed password, or its time, is the proof. Throws where nothing was
 * rotated, or where nobody can tell.
 */
export async function rotatePassword(
  session: Session,
  credentialId: string,
  { needsPassword }: { readonly needsPassword: boolean },
): Promise<Rotated> {
  // Asked now: what somebody rotated since a shared list was taken would pass for our own.
  const before = await readOnceThere(session, credentialId);
  if (before === undefined)
    throw new Error(`There is no credential with the id "${credentialId}" to rotate.`);
  const startedAt = session.clock.now();
  const since = session.serviceTime();
  for (let attempt = 0; ; attempt++) {
    const failure = await attemptRotation(session, credentialId);
    const { after, lookFailure } = await lookForRotation(session, { before, since }, failure, startedAt);
    if (after === undefined && failure?.aftermath === "refused") throw failure;
    if (after !== undefined && !isShown(after.Password) && needsPassword) {
      return { before, why: "neither the list nor the read by id shows it." };
    }
    if (after !== undefined) return { before, after };
    if (failure === undefined) {
      const why = lookFailure === undefined ? "the API still shows the old one." : messageOf(lookFailure);
      return { before, why };
    }
    const nothingCameOfIt = wasTurnedAway(failure) && lookFailure === undefined;
    if (nothingCameOfIt && (await pauseBeforeAnother(session, failure, attempt, startedAt))) continue;
    throw new OwnershipError(
      `${failure.message} It is not known whether the password of credential ${credentialId} was rotated: ` +
        "no new one has appeared. The next `pulumi up` rotates it, a second time if it was.",
    );
  }
}

/** By list and by id, and not from a list that somebody asked for earlier. */
export function readNow(session: Session, credentialId: string): Promise<Credential | undefined> {
  return findCredential(session, credentialId, {}, { client: session.unsharedClient, withPassword: true });
}

/** A credential that this update has made may be late in lists and reads. */
export async function readOnceThere(session: Session, credentialId: string): Promise<Credential | undefined> {
  const reads = session.memory.wasCreated(credentialId)
    ? readsAfter(session, undefined, session.clock.now())
    : [0];
  for await (const _ of reads) {
    const found = await readNow(session, credentialId);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** When the credential's password was made, in Unix milliseconds; `undefined` where the answer does not say. */
export function passwordTime({ PasswordCreatedAt }: Credential): number | undefined {
  return serviceTime(PasswordCreatedAt);
}

/** The later of the service's time and ours, so that no odd time makes a rotation due at once. */
export function rotationTime(session: Session, credential: Credential): number {
  return Math.max(passwordTime(credential) ?? 0, session.time().latest);
}

/**
 * Whether a later read shows that the password was rotated. A list that is late may show the new time beside the old
 * password: that is not the rotated one yet.
 */
export function isRotated(before: Credential, after: Credential): boolean {
  if (isShown(before.Password) && isShown(after.Password)) return before.Password !== after.Password;
  const earlier = passwordTime(before);
  const later = passwordTime(after);
  return earlier !== undefined && later !== undefined && later > earlier;
}

/** One POST. What never left is thrown; what may have happened, whatever the answer says, is returned. */
async function attemptRotation(session: Session, credentialId: string): Promise<SftpToGoError | undefined> {
  try {
    await session.client.rotatePassword(credentialId);
    return undefined;
  } catch (error) {
    if (error instanceof SftpToGoError && error.aftermath !== "never sent") return error;
    throw error;
  }
}

async function lookForRotation(
  session: Session,
  { before, since }: { readonly before: Credential; readonly since: number | undefined },
  failure: SftpToGoError | undefined,
  startedAt: number,
): Promise<{ after?: Credential; lookFailure?: unknown }> {
  let lookFailure: unknown;
  let changed: Credential | undefined;
  for await (const _ of readsAfter(session, failure, startedAt)) {
    try {
      const after = await readNow(session, before.Id);
      lookFailure = undefined;
      if (after === undefined || !isRotated(before, after)) continue;
      changed = after;
      // Lists that were late before may show by now what an earlier rotation made, which was not read to its end.
      if ((passwordTime(after) ?? Infinity) >= (since ?? 0)) break;
    } catch (error) {
      lookFailure = error;
    }
  }
  // A service with odd times never shows a later one: then the last that came is taken.
  return { lookFailure, ...(changed && { after: changed }) };
}
