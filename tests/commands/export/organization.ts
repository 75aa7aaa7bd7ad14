/** An organization as people make one in a dashboard, with the names that they give. */
import { generateKeyPairSync } from "node:crypto";
import type { EmulatorData } from "../../../provider/emulator/data";

/** Of an emulator, whichever copy of the class it has: the source's or the package's. */
interface Organization {
  readonly data: Pick<EmulatorData, "addCredential" | "addSshPublicKey" | "addWebhook" | "addShareLink">;
}

/** Names that break programs, files and terminals. */
export const hostileNames: readonly string[] = [
  "Quote \" and ' and ` and \\",
  ["$", "{process.env.SFTPTOGO_API_KEY}"].join(""),
  "*/ // <script>",
  "two\nlines\r\tand a tab",
  "\u202eright to left\u2066",
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

/** A fresh ed25519 public key in OpenSSH's format. */
function keyBody(comment: string): string {
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

export function addKey({ data }: Organization, UserId: string, comment: string) {
  const SshPublicKeyBody = keyBody(comment);
  return data.addSshPublicKey({
    UserId,
    SshPublicKeyBody,
    Comment: comment,
    Fingerprint: "",
    Type: "ed25519",
  });
}

/** Adds so many objects of all kinds, for each of six: two credentials, two keys, a webhook and a link. */
export function fill(organization: Organization, count: number): void {
  const { data } = organization;
  let login = "";
  for (let index = 0; index < count; index++) {
    const round = Math.floor(index / 6);
    const name = hostileNames[round % hostileNames.length] ?? "";
    // A real one is in one line, without what nobody sees.
    const comment = name.replace(/[\p{C}\s]+/gu, "-").slice(0, 60);
    switch (index % 6) {
      case 0:
      case 1:
        login = data.addCredential(credentialOf(index, name)).Id;
        break;
      case 2:
      case 3:
        addKey(organization, login, index % 2 ? comment : `ops-${index}@example.com`);
        break;
      case 4:
        data.addWebhook({
          Alias: round % 4 === 0 ? null : name,
          Url: `https://hooks.example.com/token-${index}`,
          Topics: round % 2 ? ["file.created"] : ["file.created", "file.deleted", "file.downloaded"],
          ...(round % 3 === 0 && { AuthorizationHeader: `Bearer canary-${index}` }),
          ...(round % 5 === 0 && { State: "paused" }),
        });
        break;
      default:
        data.addShareLink({
          Path: round % 2 ? `/reports/${index}.pdf` : `/${index}/${name.replace(/\p{Cc}/gu, "")}/`,
          Permission: "read-only",
          Notes: round % 3 ? null : name,
          Password: round % 4 ? null : `canary-${index}`,
          ...(round % 2 && { AccessLimit: index, ExpiresAt: Date.now() + 90_000_000 }),
        });
    }
  }
}

function credentialOf(index: number, name: string) {
  const source = { Source: "203.0.113.0/24", Protocol: "SFTP", State: "enabled", Action: "allow" };
  const rules = [
    { ...source, Id: `rule-${index}`, Description: name },
    {
      ...source,
      Id: `more-${index}`,
      Source: "2001:db8::/32",
      Protocol: "*",
      State: "disabled",
      Description: null,
    },
  ];
  return {
    Alias: index % 5 === 1 ? null : name,
    UserName: `partner-login-${index}`,
    Password: `canary-${index}`,
    HomeDirectory: index % 4 ? `/partners/${index}` : "/",
    Permission: index % 3 ? "read-write" : "read-only",
    ...(index % 4 === 1 && { State: "inactive" }),
    ...(index % 4 === 0 && { Expiration: Date.now() + 90_000_000 }),
    ...(index % 7 === 0 && { ChrootDirectory: "/inbox" }),
    ...(index % 2 && { Settings: { Network: { InboundRules: rules } } }),
  };
}
