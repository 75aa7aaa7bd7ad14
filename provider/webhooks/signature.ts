/** The signature of a delivery: an HMAC-SHA256 of the raw body under the webhook's secret. */
import { createHmac, timingSafeEqual } from "node:crypto";

/** A delivery as it was received, and the webhook's secret. */
export interface Delivery {
  /** The webhook's `secret` output. */
  readonly secret: string;
  /** The raw body, before any parsing: with one byte changed, the signature is another one. */
  readonly body: string | Uint8Array;
  /** The header `X-Hub-Signature`, e.g. `sha256=8ba4c475…`. A missing or repeated header is not a signature. */
  readonly signature: string | readonly string[] | undefined;
}

/**
 * Whether a delivery was signed with the webhook's secret: `sha256=` and the hex HMAC-SHA256 of the raw body.
 * Takes the same time for every wrong signature, and never throws because of what a stranger sends.
 *
 * @example
 * ```ts
 * import { isSigned } from "pulumi-sftptogo/webhooks";
 *
 * if (!isSigned({ secret, body: rawBody, signature: request.headers["x-hub-signature"] })) {
 *   response.writeHead(401).end();
 * }
 * ```
 *
 * @throws if the secret is empty, since anybody could sign with an empty one.
 */
export function isSigned(delivery: Delivery): boolean {
  return matches(delivery, "sha256=", "hex");
}

/** Whether the signature is the bare base64 form, which one sample request of the vendor's documentation shows. */
export function isSignedInBase64(delivery: Delivery): boolean {
  return matches(delivery, "", "base64");
}

function matches({ secret, body, signature }: Delivery, scheme: string, encoding: "hex" | "base64"): boolean {
  if (typeof secret !== "string" || secret === "") throw new Error("The webhook's secret is empty.");
  if (typeof signature !== "string") return false;
  const expected = Buffer.from(`${scheme}${createHmac("sha256", secret).update(body).digest(encoding)}`);
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
