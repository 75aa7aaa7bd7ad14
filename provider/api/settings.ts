/**
 * What the client needs to know, its defaults, and what makes a value unfit. Loaded without axios, so that a
 * configuration can be checked before the client is.
 */

export interface ClientSettings {
  /** Secret. Sent as `Authorization: Bearer …` and shown nowhere. */
  readonly apiKey: string;
  readonly organizationId: string;
  /** `/organizations/<id>/…` is added to it. https, or http on this machine; it may have a path. */
  readonly baseUrl: string;
  /** How often a call that may be repeated is sent again after its first attempt. */
  readonly maxRetries: number;
  /** For one attempt, from its connection to the last byte of its answer, in seconds; may be a fraction. */
  readonly requestTimeoutSeconds: number;
  /** For all attempts of one call and the delays between them, in seconds. */
  readonly operationTimeoutSeconds: number;
  /** Requests on their way at the same time. Waiting for a free place counts in neither time-out. */
  readonly maxConcurrency: number;
}

/** The vendor's API. */
export const defaultBaseUrl = "https://api.sftptogo.com";

export const clientDefaults = {
  baseUrl: defaultBaseUrl,
  maxRetries: 3,
  requestTimeoutSeconds: 30,
  operationTimeoutSeconds: 120,
  maxConcurrency: 10,
} as const;

/** Why a base URL is unfit, in words that follow its name; `undefined` if it is fit. Never shows the URL. */
export function validateBaseUrl(text: string): string | undefined {
  if (/\s/.test(text) || !URL.canParse(text)) return "must be a URL like https://api.sftptogo.com";
  const url = new URL(text);
  // The key travels in a header: in plain text it may not leave this machine.
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url.hostname))) {
    return "must begin with https:// (http:// only for localhost, 127.0.0.0/8 and [::1])";
  }
  if (url.username !== "" || url.password !== "") return "must not contain a user name or password";
  if (/[?#]/.test(text)) return "must not have a query or fragment";
  return undefined;
}

/** Why an API key is unfit, in words that follow its name; never shows the key. */
export function validateApiKey(key: string): string | undefined {
  if (key === "") return "must not be empty";
  // Sent in a header, from which axios would silently drop such characters.
  if (/[\r\n]/.test(key)) return "must not contain a line break";
  if (!/^[\x21-\x7e]+$/.test(key)) return "must contain only ASCII characters, and no spaces";
  return undefined;
}

/** Why an organization id is unfit, in words that follow its name. */
export function validateOrganizationId(id: string): string | undefined {
  return /^[A-Za-z0-9_-][A-Za-z0-9._~-]*$/.test(id)
    ? undefined
    : "must be the plain id from the address bar of the dashboard";
}

/**
 * Whether an id, once encoded, can stand in a URL's path as one segment. `..` survives `encodeURIComponent`: DELETE
 * `/users/..` would reach the organization itself. Some servers take an encoded slash for a real one.
 */
export function isSafeId(id: string): boolean {
  return !/^\.{0,2}$|[/\\\p{Cc}]/u.test(id) && id.isWellFormed();
}

/** `hostname` is that of a `URL`, which writes addresses in one way only. */
function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
