/**
 * Whether a failed attempt is made again, and when: calculations only. Time and randomness are passed in.
 */

/**
 * `repeatable`: twice does no more than once (GET, DELETE, PATCH of absolute values, setting a password).
 * `once`: twice makes two (a create, a generated password).
 */
export type RetryKind = "repeatable" | "once";

/** What became of an attempt, as far as the next one depends on it. */
export type Outcome =
  /** It provably never reached the server: connection refused, host name unknown. */
  | { readonly kind: "never sent" }
  /** The connection broke, the time was up, or the answer was cut or unreadable. */
  | { readonly kind: "no usable answer" }
  | { readonly kind: "status"; readonly status: number; readonly retryAfterSeconds?: number }
  /** It would end the same again: TLS, a redirect, an answer too large or not of the known shape. */
  | { readonly kind: "final" };

/** By 429 the service says that it did not try. A 503 may come from a gateway, which says nothing of the service. */
const turnedAwayStatus = 429;

const retryPolicy = {
  statuses: [408, turnedAwayStatus, 500, 502, 503, 504],
  /** The longest delay before the first repeat; it doubles with each one, up to the cap. */
  baseMilliseconds: 500,
  capMilliseconds: 8_000,
  /** Who asks for more is not waited for: the error says how long it would be. */
  maximumRetryAfterSeconds: 60,
} as const;

export interface FailedAttempt {
  readonly retry: RetryKind;
  /** Attempts made so far, so 1 after the first. */
  readonly attempt: number;
  readonly maxRetries: number;
  readonly outcome: Outcome;
  /** What attempts and delays have taken so far. */
  readonly spentMilliseconds: number;
  readonly operationTimeoutMilliseconds: number;
}

/** Milliseconds until the next attempt, or `stop`. `random` gives a number from 0 to below 1. */
export function delayBeforeNext(failed: FailedAttempt, random: () => number): number | "stop" {
  const { outcome, attempt } = failed;
  if (!mayRepeat(failed.retry, outcome)) return "stop";
  // Turned away, the service wants to be asked later: for as long as there is time, however often that is.
  const isAway = outcome.kind === "status" && isTurnedAway(outcome.status);
  if (!isAway && attempt > failed.maxRetries) return "stop";

  const asked = outcome.kind === "status" ? (outcome.retryAfterSeconds ?? 0) : 0;
  if (asked > retryPolicy.maximumRetryAfterSeconds) return "stop";

  // Full jitter: clients that failed together do not come back together.
  const longest = Math.min(retryPolicy.capMilliseconds, retryPolicy.baseMilliseconds * 2 ** (attempt - 1));
  const delay = Math.max(random() * longest, asked * 1_000);
  const late = failed.spentMilliseconds + delay >= failed.operationTimeoutMilliseconds;
  return late ? "stop" : delay;
}

export function isTurnedAway(status: number | undefined): boolean {
  return status === turnedAwayStatus;
}

function mayRepeat(retry: RetryKind, outcome: Outcome): boolean {
  switch (outcome.kind) {
    case "never sent":
      return true;
    case "no usable answer":
      return retry === "repeatable";
    case "status":
      return retry === "repeatable" && retryPolicy.statuses.some((status) => status === outcome.status);
    case "final":
      return false;
  }
}

/** The seconds of a `Retry-After` header, which is a count or an HTTP date; what is past counts as 0. */
export function parseRetryAfter(header: string | undefined, nowMilliseconds: number): number | undefined {
  const text = header?.trim() ?? "";
  if (/^\d+$/.test(text)) return Math.min(Number(text), Number.MAX_SAFE_INTEGER);
  // Date.parse also takes "-1" and "5.5" for dates; an HTTP date begins with a weekday and ends in GMT.
  const date = /^[A-Z][a-z]+, .* GMT$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - nowMilliseconds) / 1_000));
}
