/** SSH public keys, for every kind that manages them: what is refused, what makes two of them the same, and their ids. */
import { createHash, createPublicKey, type JsonWebKey, type KeyObject } from "node:crypto";
import type { SshPublicKey } from "../../api/sshPublicKeys";
import type { Finding } from "../../lifecycle/fields/vocabulary";

/** The types the service takes (vendor's documentation). */
const keyTypes = [
  "ssh-ed25519",
  "ssh-rsa",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
] as const;

const wanted = `give one line in OpenSSH's format, e.g. "ssh-ed25519 AAAAC3… name@host"`;

export function validateKey(body: string): readonly Finding[] {
  const text = body.trim();
  if (/-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----|PuTTY-User-Key-File/.test(text)) {
    return [
      {
        reason:
          "is a private key: give the public one (the file that ends in .pub), and replace this key, " +
          "since it stands in the program",
      },
    ];
  }
  if (/^---- BEGIN SSH2 PUBLIC KEY ----/.test(text)) {
    return [{ reason: "is in SSH2 format (RFC 4716): convert it with `ssh-keygen -i -f <file>`" }];
  }
  if (/^-----BEGIN/.test(text)) {
    return [{ reason: "is in PEM format: convert it with `ssh-keygen -i -m PKCS8 -f <file>`" }];
  }
  if (/[\r\n]/.test(text)) return [{ reason: `has several lines: ${wanted}` }];
  const [type = "", blob = "", ...rest] = text.split(/\s+/);
  if (!isKeyType(type)) {
    return [blob, ...rest].some(isKeyType)
      ? [{ reason: `has options before the key: ${wanted}` }]
      : [{ reason: `has no known type: ${wanted}; the types are ${keyTypes.join(", ")}` }];
  }
  const bytes = Buffer.from(blob, "base64");
  if (bytes.length === 0 || bytes.toString("base64").replace(/=+$/, "") !== blob.replace(/=+$/, "")) {
    return [{ reason: `is cut short or damaged: ${wanted}` }];
  }
  const inside = partsOf(bytes)[0]?.toString("latin1");
  if (inside !== type) {
    const really = inside !== undefined && isKeyType(inside) ? `it is ${inside}` : "it is not";
    return [{ reason: `says ${type}, but ${really} inside: copy the whole line again` }];
  }
  return keyIn(bytes) === undefined ? [{ reason: `is cut short or damaged: ${wanted}` }] : [];
}

function isKeyType(text: string): boolean {
  return (keyTypes as readonly string[]).includes(text);
}

/**
 * The key in a blob; `undefined` where it is not whole, or not a key, such as a point that is not on its curve.
 * What the parts of each type are is in RFC 4253 (RSA), 5656 (ECDSA) and 8709 (Ed25519).
 */
function keyIn(blob: Buffer): KeyObject | undefined {
  const parts = partsOf(blob);
  const length = parts.reduce((sum, part) => sum + 4 + part.length, 0);
  const jwk = length === blob.length ? jwkOf(parts) : undefined;
  try {
    return jwk && createPublicKey({ key: jwk, format: "jwk" });
  } catch {
    return undefined;
  }
}

function jwkOf([type, first, second, ...others]: readonly Buffer[]): JsonWebKey | undefined {
  if (first === undefined || others.length > 0) return undefined;
  const text = (bytes: Buffer) => bytes.toString("base64url");
  const name = String(type);
  if (name === "ssh-ed25519" && second === undefined) return { kty: "OKP", crv: "Ed25519", x: text(first) };
  if (second === undefined) return undefined;
  if (name === "ssh-rsa") {
    const [exponent, modulus] = [integerOf(first), integerOf(second)];
    // OpenSSL takes any two numbers. With an exponent of 1, anybody could sign for the key.
    const areFit = 1n < exponent && exponent < modulus && exponent % 2n === 1n && modulus % 2n === 1n;
    return areFit ? { kty: "RSA", e: text(first), n: text(second) } : undefined;
  }
  const curve = name === `ecdsa-sha2-${first}` ? curves[`${first}`] : undefined;
  // A point that is not compressed: 4, then both coordinates.
  if (curve === undefined || second[0] !== 4 || second.length !== 1 + 2 * curve.bytes) return undefined;
  const [x, y] = [second.subarray(1, 1 + curve.bytes), second.subarray(1 + curve.bytes)];
  return { kty: "EC", crv: curve.crv, x: text(x), y: text(y) };
}

/** A number of RFC 4251; 0 for one that is negative or has no bytes. */
function integerOf(bytes: Buffer): bigint {
  return bytes.length > 0 && bytes.readInt8() >= 0 ? BigInt(`0x${bytes.toString("hex")}`) : 0n;
}

const curves: Readonly<Record<string, { readonly crv: string; readonly bytes: number }>> = {
  nistp256: { crv: "P-256", bytes: 32 },
  nistp384: { crv: "P-384", bytes: 48 },
  nistp521: { crv: "P-521", bytes: 66 },
};

/** A blob's parts, each after its length in four bytes; the last one is left out if the blob is cut there. */
function partsOf(blob: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0; at + 4 <= blob.length; ) {
    const end = at + 4 + blob.readUInt32BE(at);
    if (end > blob.length) break;
    parts.push(blob.subarray(at + 4, end));
    at = end;
  }
  return parts;
}

/** Type and blob; the comment after them identifies nothing. */
export function keyIdentity(body: unknown): string {
  return String(body).trim().split(/\s+/).slice(0, 2).join(" ").replace(/=+$/, "");
}

/**
 * What an answer shows of a key: its body, or where that is shortened, as in the reference's own examples, its
 * fingerprint.
 */
export function shownKey({ SshPublicKeyBody, Fingerprint }: SshPublicKey): string {
  return isWholeBody(SshPublicKeyBody) ? SshPublicKeyBody : (Fingerprint ?? SshPublicKeyBody);
}

/** Whether an answer shows all of a key, and not the first characters. */
export function isWholeBody(body: string): boolean {
  return body !== "" && validateKey(body).length === 0;
}

/** Whether a declared key is the one that an answer shows, by its body or by its fingerprint. */
export function isSameKey(declared: string | null, server: string | null | undefined): boolean {
  if (typeof declared !== "string" || typeof server !== "string") return false;
  const shown = server.trim().replace(/(?:\.{3}|…)$/, "");
  if (keyIdentity(declared) === keyIdentity(shown)) return true;
  return fingerprintsOf(declared).some((print) => shown.length >= shortestPrint && print.startsWith(shown));
}

/** Fewer characters of a fingerprint, with `SHA256:` before them, say too little. */
const shortestPrint = 19;

/** As `ssh-keygen -l` prints them. */
function fingerprintsOf(body: string): string[] {
  const blob = Buffer.from(body.trim().split(/\s+/)[1] ?? "", "base64");
  const hash = (name: string, encoding: "base64" | "hex") => createHash(name).update(blob).digest(encoding);
  const md5 = hash("md5", "hex").replace(/(..)(?!$)/g, "$1:");
  return [`SHA256:${hash("sha256", "base64").replace(/=+$/, "")}`, `MD5:${md5}`, md5];
}

/** The SHA-256 fingerprint of a body, or of what is one already; `undefined` where the text is neither as a whole. */
export function fingerprintOf(text: string): string | undefined {
  if (/^SHA256:[A-Za-z0-9+/]{43}$/.test(text.trim())) return text.trim();
  return isWholeBody(text) ? fingerprintsOf(text)[0] : undefined;
}

/** The size of an RSA key; `false` for another type, `undefined` where the body cannot be read. */
export function rsaBitsOf(body: string): number | false | undefined {
  if (!isWholeBody(body)) return undefined;
  const key = keyIn(Buffer.from(body.trim().split(/\s+/)[1] ?? "", "base64"));
  return key?.asymmetricKeyType === "rsa" && key.asymmetricKeyDetails?.modulusLength;
}

/** What a key of a credential is told by in a program. */
export function keyMark(credentialId: string, fingerprint: string): string {
  return `key ${credentialId} ${fingerprint}`;
}

export function marksOfKeys(credentialId: unknown, bodies: readonly unknown[]): string[] {
  return bodies.map((body) => keyMark(String(credentialId), fingerprintOf(String(body)) ?? String(body)));
}

/** A key's id in the state: `credentialId/keyId`, since the API addresses a key through its credential. */
export function joinId(credentialId: string, keyId: string): string {
  return `${credentialId}/${keyId}`;
}

export function splitId(id: string): { credentialId: string; keyId: string } {
  const [credentialId = "", keyId = "", ...rest] = id.split("/");
  if (credentialId === "" || keyId === "" || rest.length > 0) {
    throw new Error(`"${id}" is not the id of an SSH public key: it is credentialId/keyId.`);
  }
  return { credentialId, keyId };
}
