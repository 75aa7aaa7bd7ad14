/**
 * The program whose life is run in each dialect: every kind, every argument, and values that a service may well
 * spell in another way: letters in two cases, blanks around, emoji, nulls, milliseconds.
 */
import type { EmulatorData } from "../../../provider/emulator/index.js";
import type { Plain } from "../../../provider/values/plain.js";
import { type Declared, idOf, type Program } from "../stage/program.ts";

const day = 86_400_000;

/** In each secret that the program declares; some of its characters change in every encoding. */
const canary = `Canary "<7>" & /+%`;
/** Without a letter, which the emulator's policy for passwords refuses. */
export const refusedPassword = `"<7&8>" /+% '1'=2`;

const key = (blob: string, comment: string) =>
  `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${blob}T8S0pLMNwnMcV7MSgOwDEqGbCGCEfz2jTs1JPpPfv ${comment}`;

/** The arguments of each resource; a round of changes lies on top. */
export type Changes = Readonly<Record<string, Plain>>;

interface Row {
  readonly name: string;
  readonly kind: Declared["kind"];
  readonly args: Plain;
}

function rows(now: number): Row[] {
  return [
    {
      name: "acme",
      kind: "Credential",
      args: {
        userName: "Acme-Incoming",
        alias: " Acme & Sons, all that comes in 🚀 ",
        password: `${canary} 1`,
        homeDirectory: "/acme/in",
        chrootDirectory: "/partners/in",
        permission: "read-write",
        expiration: now + 30 * day,
        state: "active",
        inboundRules: [
          {
            id: "office",
            source: "203.0.113.0/24",
            protocol: "SFTP",
            description: " the office of Acme & Sons ",
          },
          { source: "2001:db8:42::/48" },
          { source: "198.51.100.7", protocol: "FTPS", description: "" },
        ],
      },
    },
    { name: "plain", kind: "Credential", args: { userName: "plain-incoming" } },
    { name: "closed", kind: "Credential", args: { userName: "closed-incoming", state: "inactive" } },
    {
      name: "guarded",
      kind: "Credential",
      args: { userName: "guarded-incoming", inboundRules: [{ source: "203.0.113.9" }] },
    },
    {
      name: "plain-key",
      kind: "SshPublicKey",
      args: { credentialId: idOf("plain"), sshPublicKeyBody: key("Df", "transfer@acme.example") },
    },
    {
      name: "closed-key",
      kind: "SshPublicKey",
      args: { credentialId: idOf("closed"), sshPublicKeyBody: key("Ef", "").trim() },
    },
    { name: "keeper", kind: "Credential", args: { userName: "keeper-incoming" } },
    {
      name: "keeper-keys",
      kind: "SshPublicKeySet",
      args: {
        credentialId: idOf("keeper"),
        sshPublicKeyBodies: [key("Hf", "first@acme.example"), key("If", "second@acme.example")],
      },
    },
    {
      name: "arrivals",
      kind: "Webhook",
      args: {
        alias: " Arrivals of all of the partners 🚀 ",
        url: "https://Hooks.Example.com/sftp",
        type: "webhook",
        topics: ["file.created", "file.deleted"],
        authorizationHeader: `Bearer ${canary}`,
        state: "enabled",
      },
    },
    { name: "bare", kind: "Webhook", args: { url: "https://bare.example.com", topics: ["file.downloaded"] } },
    {
      name: "report",
      kind: "ShareLink",
      args: {
        path: "/reports/q1/",
        permission: "read-only",
        expiresAt: now + 20 * day,
        accessLimit: 5,
        password: `${canary} 2`,
        notes: " For the auditors of Acme & Sons 🚀 ",
      },
    },
    {
      name: "open",
      kind: "ShareLink",
      args: { path: "/open/", permission: "read-write", accessLimit: 0, expiresAt: null, notes: null },
    },
    {
      name: "rotation",
      kind: "PasswordRotation",
      args: { credentialId: idOf("plain"), triggers: 1, rotateAfterDays: 30 },
    },
  ];
}

/** What a create whose answer is lost is tried with: one of each kind. */
const late: readonly Row[] = [
  {
    name: "late",
    kind: "Credential",
    args: {
      userName: "Late-Incoming",
      alias: " Late & Sons, all that comes in 🚀 ",
      homeDirectory: "/late/in",
      inboundRules: [{ source: "203.0.113.0/24", protocol: "SFTP" }],
    },
  },
  {
    name: "late-key",
    kind: "SshPublicKey",
    args: { credentialId: idOf("plain"), sshPublicKeyBody: key("Ff", "late@acme.example") },
  },
  {
    name: "late-hook",
    kind: "Webhook",
    args: {
      alias: " Late of all of the partners 🚀 ",
      url: "https://Late.Example.com",
      topics: ["file.created"],
    },
  },
  {
    name: "late-link",
    kind: "ShareLink",
    args: {
      path: "/late/",
      permission: "read-only",
      notes: " Late of all of the partners 🚀 ",
      accessLimit: 0,
    },
  },
];

/** Each round changes one thing of each kind; a later one lies on top of the earlier ones. */
export function rounds(now: number): readonly Changes[] {
  return [
    {
      acme: { alias: " Acme Ltd., all that now comes in 🚢 " },
      arrivals: { alias: " Arrivals of the partners, new 🚢 " },
      report: { notes: " For the partners of Acme Ltd. 🚢 " },
    },
    {
      acme: { homeDirectory: "/acme/out", chrootDirectory: "/partners/out" },
      arrivals: { url: "https://Hooks.Example.com" },
      report: { path: "/reports/q2/" },
    },
    {
      acme: { permission: "read-only" },
      arrivals: { topics: ["file.created"] },
      report: { accessLimit: 7, permission: "read-write" },
    },
    {
      acme: {
        inboundRules: [
          { id: "office", source: "203.0.113.0/25", protocol: "FTPS", description: " new one " },
        ],
      },
    },
    { acme: { expiration: now + 40 * day }, report: { expiresAt: now + 41 * day } },
    { acme: { state: "inactive" }, arrivals: { state: "paused" } },
    { acme: { state: "active" }, arrivals: { state: "enabled" } },
    {
      acme: { password: `${canary} 3` },
      arrivals: { authorizationHeader: `Basic ${canary}` },
      report: { password: `${canary} 4` },
    },
    { acme: { userName: "Acme-Outgoing" } },
    {
      acme: { chrootDirectory: null },
      arrivals: { authorizationHeader: null },
      report: { expiresAt: null, accessLimit: null, notes: null },
    },
    { "plain-key": { sshPublicKeyBody: key("Gf", "new@acme.example") } },
    // The order and the comments make no difference.
    { "keeper-keys": { sshPublicKeyBodies: [key("If", "other"), key("Jf", "third@acme.example")] } },
    { "keeper-keys": { sshPublicKeyBodies: [key("Kf", "last@acme.example")], overlapDays: 7 } },
  ];
}

/** The last one: what it leaves behind would be in the way of the others. */
export const lastRound: Changes = { acme: { expiration: null } };

export interface Wish {
  readonly now: number;
  readonly changes?: Changes;
  /** Adds what a create is lost of. */
  readonly withLate?: boolean;
  /** Adds as many plain credentials. */
  readonly more?: number;
}

export function programOf({ now, changes = {}, withLate = false, more = 0 }: Wish): Program {
  const many = Array.from({ length: more }, (_, n): Row => {
    return { name: `more-${n}`, kind: "Credential", args: { userName: `partner-number-${n}` } };
  });
  return [...rows(now), ...many, ...(withLate ? late : [])].map((row) => ({
    ...row,
    args: { ...row.args, ...changes[row.name] },
  }));
}

/** What somebody adds to the set in the dashboard. */
export const addedKey = key("Lf", "somebody@acme.example");

/** What is refused: a taken login with a chosen password, and passwords that break the policy. */
export function withRefused(program: Program): Program {
  const changed = program.map((declared) =>
    ["acme", "report"].includes(declared.name)
      ? { ...declared, args: { ...declared.args, password: refusedPassword } }
      : declared,
  );
  return [
    ...changed,
    {
      name: "refused-login",
      kind: "Credential",
      args: { userName: "refused-incoming", password: refusedPassword, alias: "CanaryAlias" },
    },
    {
      name: "refused-link",
      kind: "ShareLink",
      args: { path: "/refused/", permission: "read-only", password: refusedPassword },
    },
  ];
}

/** Other people's objects; `many` of each where lists have pages. */
export function addForeign(data: EmulatorData, many: number): void {
  for (let n = 0; n < Math.max(1, many); n += 1) {
    const { Id: UserId } = data.addCredential({ UserName: `somebody-else-${n}`, Alias: "acme" });
    data.addWebhook({ Url: `https://hooks.example.com/${n}`, Topics: ["file.deleted"], Alias: "other" });
    data.addShareLink({ Path: "/reports/q1/", Permission: "read-only", Notes: `somebody else's ${n}` });
    const SshPublicKeyBody = key("Df", "somebody@else.example");
    if (n > 0) continue;
    data.addSshPublicKey({
      UserId,
      SshPublicKeyBody,
      Comment: "",
      Fingerprint: "SHA256:none",
      Type: "ed25519",
    });
  }
}
