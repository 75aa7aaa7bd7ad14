/** Inputs to the request's body, the API's answer to outputs, and what makes values of a share link the same. */
import { activeShareLinkState, blanks, words } from "../api/assumptions";
import type { ShareLink, ShareLinkBody } from "../api/wire";
import { type Finding, type Properties, word } from "../lifecycle/properties";
import { validatePassword } from "../lifecycle/validations";
import { isUnknown, type Plain } from "../values/plain";
import { instant, isSameInstant, validateFutureTime } from "../values/times";

/** A share link's arguments, resolved. `null` clears where the API has a blank. */
export interface ShareLinkInputs {
  readonly path: string;
  readonly permission: string;
  readonly expiresAt?: string | number | null;
  readonly accessLimit?: number | null;
  readonly password?: string;
  readonly notes?: string | null;
  readonly onConsumed?: "keep" | "recreate";
}

export function shareLinkProperties(now: () => number): Properties {
  return {
    path: { type: "text", required: true, validate: validatePath },
    permission: {
      type: "text",
      required: true,
      validate: (value: string) => word(value, words.shareLinkPermission),
    },
    expiresAt: {
      type: "text or number",
      clearable: true,
      same: isSameInstant,
      validate: (value: string | number) => validateFutureTime(value, now()),
    },
    accessLimit: { type: "number", clearable: true, same: isSameLimit, validate: validateLimit },
    password: { type: "text", secret: true, validate: validatePassword },
    notes: {
      type: "text",
      clearable: true,
      same: (declared, server) => (declared || null) === (server || null),
    },
    onConsumed: { type: "text", validate: validateOnConsumed },
  };
}

function validatePath(path: string, inputs: Plain): readonly Finding[] {
  if (!path.startsWith("/")) return [{ reason: `must begin with a slash, e.g. "/${path}"` }];
  const permission = inputs.permission;
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

/** Our own word, so an unknown one is an error, not a warning. */
function validateOnConsumed(value: string): readonly Finding[] {
  return value === "keep" || value === "recreate" ? [] : [{ reason: 'must be "keep" or "recreate"' }];
}

function isSameLimit(declared: unknown, server: unknown): boolean {
  return (declared ?? blanks.shareLink.AccessLimit) === (server ?? blanks.shareLink.AccessLimit);
}

/** The body that sets `keys` to what `inputs` declare. */
export function toBody(inputs: ShareLinkInputs, keys: readonly string[]): ShareLinkBody {
  const has = (key: keyof ShareLinkInputs) => keys.includes(key) && inputs[key] !== undefined;
  const body: ShareLinkBody = {};
  if (has("path")) body.Path = inputs.path;
  if (has("permission")) body.Permission = inputs.permission;
  if (has("expiresAt")) body.ExpiresAt = instant(inputs.expiresAt) ?? blanks.shareLink.ExpiresAt;
  if (has("accessLimit")) body.AccessLimit = inputs.accessLimit ?? blanks.shareLink.AccessLimit;
  if (has("password")) body.Password = inputs.password as string;
  if (has("notes")) body.Notes = inputs.notes ?? blanks.shareLink.Notes;
  return body;
}

/**
 * The server's side of a share link's outputs. Its password is only in the answer to the create that set it:
 * what is known stays.
 */
export function toServerOutputs(link: ShareLink, known: Plain): Plain {
  return {
    path: link.Path,
    permission: link.Permission,
    expiresAt: link.ExpiresAt ?? null,
    accessLimit: link.AccessLimit ?? null,
    password: link.Password || (known.password ?? null),
    notes: link.Notes ?? null,
    onConsumed: known.onConsumed,
    url: link.Url,
    state: link.State,
    // Two shapes of the same fact, one in the create's answer and one in the list: the first one stays.
    createdBy: known.createdBy ?? link.CreatedBy ?? null,
    createdAt: link.CreatedAt,
  };
}

/** The state that we record for a link which the service has removed after its last access or its time. */
export const removedState = "removed";

/** Used up or expired: the service has deactivated or removed it, or is about to. */
export function isConsumed(outputs: Plain, now: number): boolean {
  return outputs.state !== activeShareLinkState || isExpired(outputs, now);
}

/** Whether the service can have removed the link by itself: it had a limit, or its time has come. */
export function mayBeConsumed(outputs: Plain, now: number): boolean {
  const limit = outputs.accessLimit;
  return isConsumed(outputs, now) || (typeof limit === "number" && limit > 0);
}

function isExpired(outputs: Plain, now: number): boolean {
  const expiresAt = instant(outputs.expiresAt);
  return expiresAt !== undefined && expiresAt <= now;
}
