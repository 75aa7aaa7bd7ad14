/** An organization as people make one in a dashboard, with the names that they give. */
import { generateKeyPairSync } from "node:crypto";
import type { Emulator } from "../../provider/emulator";

/** Names that break programs, files and terminals. */
export const hostileNames = [
  "Quote \" and ' and ` and \\",
  "${process.env.SFTPTOGO_API_KEY}",
  "*/ // <script>",
  "two\nlines\r\tand a tab",
  "\u202Eright to left\u2066",
  "日本の取引先",
  "Café Zürich GmbH",
  "🚚 Transport 👩‍👩‍👧",
  "class",
  "config",
  "con",
  "2024 archive",
  "a".repeat(300),
  "Acme",
  "ACME",
  "acme!",
  "acme-1",
  "acme1",
  "__proto__",
  "constructor",
  "   ",
  "\0null\u0085",
];

/** An ed25519 public key in OpenSSH's format, the same for the same number. */
export function keyBody(comment: string): string {
  const { publicKey } = generateKeyPairSync("ed25519");
  const raw = publicKey.export({ format: "der", type: "spki" }).subarray(-32);
  const field = (bytes: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  const blob = Buffer.concat([field(Buffer.from("ssh-ed25519")), field(raw)]).toString("base64");
  return `ssh-ed25519 ${blob} ${comment}`.trim();
}

export function addKey({ data }: Pick<Emulator, "data">, UserId: string, comment: string) {
  return data.addSshPublicKey({
    UserId,
    SshPublicKeyBody: keyBody(comment),
    Comment: comment,
    Fingerprint: "",
    Type: "ed25519",
  });
}
