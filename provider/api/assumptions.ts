/**
 * Where the API's reference is silent: every guess this package makes, in one place, each with its reason.
 * Nothing here was tried on a live account. If one proves wrong, this is the line to change.
 */

import { serviceTime } from "../values/times";

/**
 * A credential's `Expiration` on the wire, from and to Unix milliseconds. The reference says "unix time" and
 * shows no value; every other time of the API (`CreatedAt`, a share link's `ExpiresAt`) is in milliseconds, so
 * this one is taken to be. Answers are understood in other forms too. Were it sent in seconds, the first would divide.
 */
export const expirationOnWire = (milliseconds: number): number => milliseconds;
export const expirationFromWire = (wire: number | string | null): number | string | null =>
  serviceTime(wire) ?? (wire || null);

/** The words of the reference, and the further ones of the vendor's documentation. Unknown words only warn. */
export const words = {
  /** `read-write-no-delete` is in the dashboard for credentials, and in the API for share links. */
  credentialPermission: ["none", "read-only", "read-write", "write-only", "full", "read-write-no-delete"],
  credentialState: ["active", "inactive"],
  ruleProtocol: ["*", "SFTP", "FTPS"],
  ruleState: ["enabled", "disabled"],
  ruleAction: ["allow"],
  webhookType: ["webhook", "slack", "ms-teams", "email"],
  /** `webhook.ping` is in the vendor's documentation, not in the reference. */
  webhookTopic: ["file.created", "file.deleted", "file.downloaded", "webhook.ping"],
  webhookState: ["enabled", "paused"],
  shareLinkPermission: ["read-only", "read-write", "write-only", "read-write-no-delete"],
} as const;

/**
 * What a new object has where its create leaves a field out. The reference shows these in the answer to each example;
 * of a permission and a home directory it says nothing that could be relied on.
 */
export const serviceDefaults = {
  credential: { State: "active", inboundRules: [{ source: "0.0.0.0/0", protocol: "SFTP" }] },
  webhook: { State: "enabled" },
} as const;

/** What the API takes a left-out field of an inbound rule to be; the reference shows these in each example. */
export const ruleDefaults = { Protocol: "*", State: "enabled", Action: "allow" } as const;

/**
 * What a clear of each field looks like on the wire. The reference documents `null` for a share link's
 * `ExpiresAt` ("Set to null for no expiration") and 0 for `AccessLimit` ("Set to 0 for unlimited access"),
 * `/` as the default of `ChrootDirectory`, "left blank" for `Expiration`, and shows `null` in `Notes`.
 * Nothing is said of a webhook's `AuthorizationHeader`: the blank of a string is an empty one.
 */
export const blanks = {
  credential: { Expiration: null, ChrootDirectory: "/" },
  webhook: { AuthorizationHeader: "" },
  shareLink: { ExpiresAt: null, AccessLimit: 0, Notes: null },
} as const;

/**
 * A credential's password is as old as the credential. The answer to a create has no `PasswordCreatedAt`
 * and the list has one, some milliseconds off: within this distance the two are the same moment.
 */
export const samePasswordWithinMilliseconds = 60_000;

/** A password in a `sftp://` address: percent-encoded, as RFC 3986 asks; the reference shows only plain ones. */
export const encodeUriPart = encodeURIComponent;

/**
 * The state of a share link that works. The reference shows no other word: at the access limit it says
 * "removed", the documentation "deactivated". Whatever is not this word is taken for used up or expired.
 */
export const activeShareLinkState = "active";
