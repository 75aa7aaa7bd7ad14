/** Calls the emulator as curl would, with nothing of this package's client in between. */
import { generateKeyPairSync } from "node:crypto";
import { parseKey } from "sshpk";
import { onTestFinished } from "vitest";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../provider/emulator";

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any;
}

export type Call = (method: string, path: string, body?: unknown) => Promise<Reply>;

/** An emulator that ends with the test, and calls below its organization with its key. */
export async function start(options?: EmulatorOptions): Promise<{ emulator: Emulator; call: Call }> {
  const emulator = await startEmulator(options);
  onTestFinished(() => emulator.close());
  return { emulator, call: (...args) => call(emulator, ...args) };
}

export async function call(emulator: Emulator, method: string, path: string, body?: unknown): Promise<Reply> {
  const response = await fetch(`${emulator.url}/organizations/${emulator.organizationId}${path}`, {
    method,
    redirect: "manual",
    headers: { authorization: `Bearer ${emulator.apiKey}` },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A fresh public key on one line, and what sshpk says its fingerprint is. */
export function sshKey(kind: "rsa" | "ed25519" | "P-256" | "P-384" | "P-521" = "ed25519", comment = "a@b") {
  const pair =
    kind === "rsa"
      ? generateKeyPairSync("rsa", { modulusLength: 2048 })
      : kind === "ed25519"
        ? generateKeyPairSync("ed25519")
        : generateKeyPairSync("ec", { namedCurve: kind });
  const key = parseKey(pair.publicKey.export({ type: "spki", format: "pem" }), "pem");
  const [type, blob] = key.toString("ssh").split(" ");
  return {
    line: [type, blob, comment].filter(Boolean).join(" "),
    fingerprint: key.fingerprint("sha256").toString(),
  };
}
