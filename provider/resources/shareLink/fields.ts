/** The fields of a share link: the one declaration of them, read by the program and by the provider. */

import { activeShareLinkState, blanks, words } from "../../api/assumptions";
import type { ShareLink } from "../../api/shareLinks";
import { validateFutureTime, validatePassword } from "../../lifecycle/fields/formats";
import {
  createdAt,
  type FieldContext,
  type Finding,
  type Inputs,
  number,
  object,
  type State,
  text,
  time,
} from "../../lifecycle/fields/vocabulary";
import type { Marks } from "../../protocol/announcing";
import { kept } from "../../protocol/hidden";
import { isUnknown } from "../../protocol/unknowns";
import { instant, isoTime, isPast, isSameInstant, serviceTime } from "../../values/times";

export const shareLinkFields = {
  path: text({ api: "Path", required: true, validate: validatePath }),
  permission: text({
    api: "Permission",
    required: true,
    opensAccess: true,
    words: words.shareLinkPermission,
  }),
  expiresAt: time({
    api: "ExpiresAt",
    clears: blanks.shareLink.ExpiresAt,
    opensAccess: true,
    endsAccess: true,
    same: isSameInstant,
    validate: validateFutureTime,
    write: (time): number | null => instant(time) ?? blanks.shareLink.ExpiresAt,
    // 0 and an empty string are blanks, too.
    read: ({ ExpiresAt }: ShareLink) => serviceTime(ExpiresAt) ?? (ExpiresAt || null),
    brief: isoTime,
  }),
  accessLimit: number({
    api: "AccessLimit",
    clears: blanks.shareLink.AccessLimit,
    opensAccess: true,
    same: (declared, server) =>
      (declared ?? blanks.shareLink.AccessLimit) === (server ?? blanks.shareLink.AccessLimit),
    validate: validateLimit,
  }),
  password: text({
    api: "Password",
    secret: true,
    unseen: true,
    opensAccess: true,
    validate: validatePassword,
  }),
  notes: text({
    api: "Notes",
    clears: blanks.shareLink.Notes,
    same: (declared, server) => (declared || null) === (server || null),
  }),
  onConsumed: text({ fallback: "keep", validate: validateOnConsumed }),
  url: text({ output: true, secret: true, api: "Url" }),
  state: text({ output: true, api: "State" }),
  createdBy: object({
    output: true,
    api: "CreatedBy",
    // Two shapes of the same fact, one in the create's answer and one in the list: the first one stays.
    read: ({ CreatedBy }: ShareLink, known) => known ?? CreatedBy ?? null,
  }),
  organizationId: text({ output: true }),
  createdAt,
};

/** What a share link is told by in a program. */
export const shareLinkMarks: Marks = {
  keys: ["path", "permission"],
  of: ({ path, permission }) =>
    typeof path === "string" ? [`share link ${path.replace(/^\/+|\/+$/g, "")} ${permission}`] : [],
};

export type ShareLinkInputs = Inputs<typeof shareLinkFields>;
export type ShareLinkState = State<typeof shareLinkFields>;

function validatePath(path: string, { inputs }: FieldContext): readonly Finding[] {
  if (!path.startsWith("/")) return [{ reason: 'must begin with a slash, e.g. "/reports/"' }];
  const { permission } = inputs;
  if (!path.endsWith("/") && !isUnknown(permission) && permission !== "read-only") {
    return [
      {
        severity: "warning",
        reason: "is a file, and a link to a file can only be read-only; a folder ends with a slash",
      },
    ];
  }
  return [];
}

function validateLimit(limit: number): readonly Finding[] {
  return Number.isSafeInteger(limit) && limit >= 0
    ? []
    : [{ reason: "must be a whole number of accesses, 0 (no limit) or more" }];
}

/** Our own values, so an unknown one is an error, not a warning. */
function validateOnConsumed(value: string): readonly Finding[] {
  return value === "keep" || value === "recreate" ? [] : [{ reason: 'must be "keep" or "recreate"' }];
}

/** The state that we record for a link which the service has removed after its last access or its time. */
export const removedState = "removed";

/** Used up or expired: the service has deactivated or removed it, or is about to. */
export function isConsumed(link: ShareLinkState, now: number): boolean {
  return isExpired(link, now) || (!isActive(link) && hasLimit(link) && link[kept.disabled] !== true);
}

/** Whether the service can have removed the link by itself: it had a limit, or its time has come. */
export function mayBeConsumed(link: ShareLinkState, now: number): boolean {
  return isExpired(link, now) || hasLimit(link) || link.state === removedState;
}

/** Whether it opens for somebody who has the address. */
export function isUsable(link: ShareLinkState, now: number): boolean {
  return isActive(link) && !isExpired(link, now);
}

/** Whether somebody has disabled it: it is not active, though neither its limit nor its time is reached. */
export function isDisabled({ AccessCount }: ShareLink, link: ShareLinkState, now: number): boolean {
  const { accessLimit } = link;
  if (isActive(link) || isExpired(link, now)) return false;
  const isLeft =
    typeof AccessCount === "number" && typeof accessLimit === "number" && AccessCount < accessLimit;
  return !hasLimit(link) || isLeft;
}

function isActive({ state }: ShareLinkState): boolean {
  return state === activeShareLinkState;
}

function hasLimit({ accessLimit }: ShareLinkState): boolean {
  return typeof accessLimit === "number" && accessLimit > 0;
}

function isExpired({ expiresAt }: ShareLinkState, now: number): boolean {
  return isPast(expiresAt, now);
}
