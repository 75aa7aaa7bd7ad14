/** The fields of a set of SSH public keys: the one declaration of them, read by the program and by the provider. */

import type { SshPublicKey } from "../../api/sshPublicKeys";
import { validateCredentialId } from "../../lifecycle/fields/formats";
import {
  type Finding,
  type Inputs,
  listOf,
  number,
  type State,
  text,
} from "../../lifecycle/fields/vocabulary";
import type { Marks } from "../../protocol/announcing";
import { isUnknown } from "../../protocol/unknowns";
import { millisecondsPerDay } from "../../values/times";
import { validateDaysOrNone } from "../shared/ages";
import { fingerprintOf, isSameKey, keyIdentity, marksOfKeys, shownKey, validateKey } from "../shared/sshKeys";
import type { OutgoingSshPublicKey } from "./outgoing";

/** A credential's keys but those on their way out, as one object. */
export interface KeysOfCredential {
  readonly Id: string;
  readonly keys: readonly SshPublicKey[];
}

export const sshPublicKeySetFields = {
  credentialId: text({
    required: true,
    replaces: true,
    validate: validateCredentialId,
    read: ({ Id }: KeysOfCredential) => Id,
  }),
  sshPublicKeyBodies: listOf<string>()({
    required: true,
    same: isSameSet,
    difference,
    validate: validateBodies,
    read: ({ keys }: KeysOfCredential, known) => bodiesOf(keys, known ?? []),
  }),
  overlapDays: number({ validate: validateDaysOrNone }),
  fingerprints: listOf<string>()({
    output: true,
    read: ({ keys }: KeysOfCredential) => keys.map(fingerprintOfKey),
  }),
  keyIds: listOf<string>()({ output: true, read: ({ keys }: KeysOfCredential) => keys.map(({ Id }) => Id) }),
  outgoing: listOf<OutgoingSshPublicKey>()({ output: true }),
  organizationId: text({ output: true }),
};

/** What the keys of a set are told by in a program. A set's own id is its credential's, which that has too. */
export const sshPublicKeySetMarks = {
  keys: ["credentialId", "sshPublicKeyBodies"],
  of: ({ credentialId, sshPublicKeyBodies }) =>
    Array.isArray(sshPublicKeyBodies) ? marksOfKeys(credentialId, sshPublicKeyBodies) : [],
  objectId: (credentialId: string) => `ssh-public-key-set ${credentialId}`,
} satisfies Marks;

export type SshPublicKeySetInputs = Inputs<typeof sshPublicKeySetFields>;
export type SshPublicKeySetState = State<typeof sshPublicKeySetFields>;

function validateBodies(bodies: readonly unknown[]): readonly Finding[] {
  const seen = new Map<string, number>();
  return bodies.flatMap((body, index): readonly Finding[] => {
    const path = `[${index}]`;
    if (isUnknown(body)) return [];
    if (typeof body !== "string") return [{ path, reason: "must be a string" }];
    const findings = validateKey(body).map((finding) => ({ ...finding, path }));
    const first = seen.get(keyIdentity(body));
    seen.set(keyIdentity(body), first ?? index);
    if (findings.length > 0 || first === undefined) return findings;
    return [{ path, reason: `is the same key as [${first}]: list it once` }];
  });
}

/** Order and comments make no difference. */
function isSameSet(
  declared: readonly string[] | null,
  server: readonly string[] | null | undefined,
): boolean {
  if (!declared || !server) return false;
  return missingFrom(server, declared).length === 0 && besides(declared, server).length === 0;
}

function missingFrom(server: readonly string[], declared: readonly string[]): string[] {
  return declared.filter((body) => !server.some((shown) => isSameKey(body, shown)));
}

function besides(declared: readonly string[], server: readonly string[]): string[] {
  return server.filter((shown) => !declared.some((body) => isSameKey(body, shown)));
}

/** By fingerprints, which are no secret, while what stands in a program may be a private key. */
function difference(declared: readonly string[], server: readonly string[]): string {
  const missing = missingFrom(server, declared).map(
    (body) => `[${declared.indexOf(body)}] (${fingerprintOf(body) ?? "not a public key"})`,
  );
  const others = besides(declared, server).map((shown) => fingerprintOf(shown) ?? shown);
  return [
    ...(missing.length > 0 ? [`has ${missing.join(", ")}, which the credential lacks`] : []),
    ...(others.length > 0 ? [`lacks ${others.join(", ")}, which the credential has`] : []),
  ].join(", and ");
}

/** In the program's words and order, and then what the program does not know of. */
function bodiesOf(keys: readonly SshPublicKey[], known: readonly string[]): string[] {
  const isThere = (body: string) => keys.some((key) => isSameKey(body, shownKey(key)));
  const others = keys.map(shownKey).filter((shown) => !known.some((body) => isSameKey(body, shown)));
  return [...known.filter(isThere), ...others];
}

/** The SHA-256 fingerprint, or where an answer does not tell it, what it shows. */
export function fingerprintOfKey(key: SshPublicKey): string {
  return fingerprintOf(shownKey(key)) ?? shownKey(key);
}

/** When a key that is on its way out may go, in Unix milliseconds. */
export function leavesAt({ since }: Pick<OutgoingSshPublicKey, "since">, overlapDays: unknown): number {
  return Date.parse(since) + (typeof overlapDays === "number" ? overlapDays : 0) * millisecondsPerDay;
}
