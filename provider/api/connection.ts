/** Why there was no answer, in words of this package: of an axios error only its code is looked at. */
import type { Failure } from "./answer";
import { ConnectionError, UnexpectedAnswerError } from "./errors";
import { ProxySettingError } from "./proxy";

/** Failures of the connection itself, before the first byte of the request. */
const neverSentCodes = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"];
const tlsCodes =
  /CERT|CRL|TLS|SSL|SIGNATURE|^EPROTO$|^HOSTNAME_MISMATCH$|^INVALID_(CA|PURPOSE)$|^PATH_LENGTH_/;

/** `host` is where the request went, e.g. `api.sftptogo.com`. */
export function failureOfConnection(error: unknown, host: string): Failure {
  const { code, response } = error as { code?: unknown; response?: unknown };
  const reason = typeof code === "string" && /^[A-Z][A-Z0-9_]*$/.test(code) ? code : "no answer";

  // A status had arrived, the body's end never did.
  if (response !== undefined) {
    return lost("truncated", `The connection to ${host} broke off in the middle of the answer. Try again.`);
  }
  if (neverSentCodes.includes(reason)) {
    return {
      outcome: { kind: "never sent" },
      ErrorClass: ConnectionError,
      facts: { aftermath: "never sent", reason },
      nextStep: `No connection to ${host} (${reason}): check the network, sftptogo:baseUrl and HTTPS_PROXY.`,
    };
  }
  if (error instanceof ProxySettingError) {
    return {
      outcome: { kind: "final" },
      ErrorClass: ConnectionError,
      facts: { aftermath: "never sent", reason: "proxy" },
      nextStep: error.message,
    };
  }
  if (tlsCodes.test(reason)) {
    return {
      ...lost(
        reason,
        `The TLS connection to ${host} cannot be trusted (${reason}): check sftptogo:baseUrl. ` +
          "Where a proxy inspects TLS, name its certificate in NODE_EXTRA_CA_CERTS.",
      ),
      outcome: { kind: "final" },
    };
  }
  // What axios calls an answer above `maxContentLength`. It would be as large the next time.
  if (reason === "ERR_BAD_RESPONSE") {
    return {
      outcome: { kind: "final" },
      ErrorClass: UnexpectedAnswerError,
      facts: { aftermath: "unknown", reason: "too large" },
      nextStep: `The answer of ${host} is too large to be the API's: check sftptogo:baseUrl.`,
    };
  }
  return lost(reason, `The connection to ${host} broke (${reason}). Try again.`);
}

/** The attempt took longer than `limit` milliseconds. */
export function failureOfTime(host: string, limit: number): Failure {
  const within = `within ${Number((limit / 1_000).toFixed(3))} s`;
  return lost(
    "timeout",
    `${host} did not answer completely ${within}: try again, or raise sftptogo:requestTimeoutSeconds.`,
  );
}

function lost(reason: string, nextStep: string): Failure {
  return {
    outcome: { kind: "no usable answer" },
    ErrorClass: ConnectionError,
    facts: { aftermath: "unknown", reason },
    nextStep,
  };
}
