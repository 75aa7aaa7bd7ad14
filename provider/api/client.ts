/**
 * The SFTP To Go API, one method an endpoint; each object's are in a file of its own, with its JSON.
 *
 * The schemas name what this package relies on. Fields and values that they do not know are let through, so
 * that an addition to the API breaks nobody. The emulator and the client share these types and nothing else.
 *
 * @see https://sftptogo.com/docs/rest-api/
 */
import { callsOver } from "./calls";
import { type CredentialCalls, credentialCalls } from "./credentials";
import { type ShareLinkCalls, shareLinkCalls } from "./shareLinks";
import { type SshPublicKeyCalls, sshPublicKeyCalls } from "./sshPublicKeys";
import { createTransport, type GivenSettings, type TransportOptions } from "./transport";
import { type WebhookCalls, webhookCalls } from "./webhooks";

/**
 * Paths follow `<baseUrl>/organizations/<organizationId>`.
 *
 * Every method throws errors of `errors.ts` only. Each may throw `AccessError` (the key), `PlanError`,
 * `UnavailableError` (408, 429, 5xx), `ConnectionError` (no answer), `UnexpectedAnswerError` (no answer of
 * the API), and `InputError` before it sends anything if an id is not a plain one. What else is said at each.
 *
 * "Repeated" means: sent again when an answer is lost, late, cut or unreadable, or is 408, 429, 500, 502,
 * 503 or 504. "Sent once" means: sent again only if it provably never left, e.g. a refused connection.
 */
export interface Client extends CredentialCalls, SshPublicKeyCalls, WebhookCalls, ShareLinkCalls {
  /** The `Date` of the service's last answer, in Unix milliseconds. It has whole seconds. */
  lastHeard(): number | undefined;
  /** The service's time, carried on from its answers, in Unix milliseconds; `undefined` where they do not tell. */
  serviceNow(): number | undefined;
}

/** Throws `InputError` where the settings are unfit. */
export function createClient(settings: GivenSettings, options?: TransportOptions): Client {
  const transport = createTransport(settings, options);
  const calls = callsOver(transport);
  return {
    lastHeard: transport.lastHeard,
    serviceNow: transport.serviceNow,
    ...credentialCalls(calls),
    ...sshPublicKeyCalls(calls),
    ...webhookCalls(calls),
    ...shareLinkCalls(calls),
  };
}
