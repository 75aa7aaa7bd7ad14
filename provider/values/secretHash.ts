/**
 * How a changed password is told from a rotated one without keeping a second copy: a salted hash of what the
 * program declared, kept as a secret output.
 */
import { createHmac, randomBytes } from "node:crypto";

const saltBytes = 9;

/** `salt:hash`, with a fresh salt. */
export function hashSecret(secret: string): string {
  const salt = randomBytes(saltBytes).toString("base64url");
  return `${salt}:${digest(salt, secret)}`;
}

export function matchesHash(secret: unknown, hash: unknown): boolean {
  if (typeof secret !== "string" || typeof hash !== "string") return false;
  const [salt = "", digested] = hash.split(":");
  return digest(salt, secret) === digested;
}

function digest(salt: string, secret: string): string {
  return createHmac("sha256", salt).update(secret).digest("base64url").slice(0, 22);
}
