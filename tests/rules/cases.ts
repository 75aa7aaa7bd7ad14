/** For each rule that arguments can answer: arguments that break it, and the nearest ones that do not. */
import { generateKeyPairSync } from "node:crypto";
import sshpk from "sshpk";
import type { EmulatorData } from "../../provider/emulator/data";
import { bodyOf } from "../../provider/lifecycle/fields/translate";
import { fieldsOf } from "../../provider/resources/fields";
import type { AuditedKind } from "../../provider/rules/rule";

export const now = Date.parse("2026-06-01T00:00:00Z");
export const inDays = (days: number) => now + days * 86_400_000;

export interface Case {
  readonly kind: AuditedKind;
  readonly broken: object;
  readonly fine: readonly object[];
}

export function rsaKey(bits: number): string {
  const { publicKey } = generateKeyPairSync("rsa", { modulusLength: bits });
  return sshpk.parseKey(publicKey.export({ format: "pem", type: "spki" })).toString("ssh");
}
export function ed25519Key(): string {
  const { publicKey } = generateKeyPairSync("ed25519");
  return sshpk.parseKey(publicKey.export({ format: "pem", type: "spki" })).toString("ssh");
}

/** From Debian's vagrant 2.3.4. */
export const vagrantKey =
  "ssh-rsa AAAAB3NzaC1yc2EAAAABIwAAAQEA6NF8iallvQVp22WDkTkyrtvp9eWW6A8YVr+kz4TjGYe7gHzIw+niNltGEFHzD8+v1I2YJ6oXevct1YeS0o9HZyN1Q9qgCgzUFtdOKLv6IedplqoPkcmF0aYet2PkEDo3MlTBckFXPITAMzF8dJSIFo9D8HfdOV0IAdx4O7PtixWKn5y2hMNG0zQPyUecp4pzC6kivAIhyfHilFR61RGL+GPXQ2MWZWFYbAGjyiYJnAmCP3NOTd0jMZEnDkbUvxhMmBYSdETk1rRgm+R4LOzFUGaHqHDLKLX+FIPKcF96hrucXzcWyLbIbEgE98OHlnVYCzRdK8jlqm8tehUc9c9WhQ==";

const [rsa1024, rsa2048, rsa3072, ed25519] = [rsaKey(1024), rsaKey(2048), rsaKey(3072), ed25519Key()];
const rules = (...sources: string[]) =>
  sources.map((source) => ({ source, protocol: "*", state: "enabled", action: "allow" }));
const login = {
  alias: "acme",
  homeDirectory: "/acme",
  permission: "read-write",
  state: "active",
  inboundRules: rules("203.0.113.0/24"),
  expiration: inDays(100),
};
const link = { path: "/acme/", permission: "read-only", expiresAt: inDays(30), accessLimit: 5 };
const hook = {
  alias: "ops",
  url: "https://hooks.example.com/",
  type: "webhook",
  topics: ["file.created"],
  state: "enabled",
};

const open = { ...login, inboundRules: rules("0.0.0.0/0"), expiration: null };

export const cases: Readonly<Record<string, Case>> = {
  "rsa-key-short": {
    kind: "SshPublicKey",
    broken: { sshPublicKeyBody: rsa1024 },
    fine: [{ sshPublicKeyBody: rsa2048 }, { sshPublicKeyBody: ed25519 }],
  },
  "key-compromised": {
    kind: "SshPublicKey",
    broken: { sshPublicKeyBody: `${vagrantKey} some comment` },
    fine: [{ sshPublicKeyBody: rsa2048 }],
  },
  "rsa-key-below-3072": {
    kind: "SshPublicKey",
    broken: { sshPublicKeyBody: rsa2048 },
    fine: [{ sshPublicKeyBody: rsa3072 }, { sshPublicKeyBody: rsa1024 }, { sshPublicKeyBody: ed25519 }],
  },
  "login-open-to-the-world": {
    kind: "Credential",
    broken: open,
    fine: [
      { ...open, state: "inactive" },
      { ...open, permission: "read-only" },
      { ...open, permission: "none" },
      { ...open, inboundRules: rules("203.0.113.0/24", "10.0.0.0/8") },
      { ...open, expiration: inDays(300) },
      { ...open, inboundRules: rules("0.0.0.0/0").map((each) => ({ ...each, state: "disabled" })) },
    ],
  },
  "login-without-expiry": {
    kind: "Credential",
    broken: { ...login, expiration: null },
    fine: [login, { ...login, expiration: null, state: "inactive" }],
  },
  "login-home-is-root": {
    kind: "Credential",
    broken: { ...login, homeDirectory: "/" },
    fine: [login, { ...login, homeDirectory: "a" }],
  },
  "login-expires-soon": {
    kind: "Credential",
    broken: { ...login, expiration: inDays(13) },
    fine: [
      { ...login, expiration: inDays(15) },
      { ...login, expiration: inDays(-1) },
      { ...login, expiration: null },
    ],
  },
  "login-without-alias": { kind: "Credential", broken: { ...login, alias: " " }, fine: [login] },
  "login-rules-unused": {
    kind: "Credential",
    broken: { ...login, permission: "read-only", inboundRules: rules("::/0") },
    fine: [login, open, { ...login, inboundRules: rules("2001:db8::/32") }],
  },
  "login-rules-disabled": {
    kind: "Credential",
    broken: {
      ...login,
      inboundRules: [...rules("203.0.113.0/24"), { ...rules("203.0.112.0/24")[0], state: "disabled" }],
    },
    fine: [login],
  },
  "webhook-paused": { kind: "Webhook", broken: { ...hook, state: "paused" }, fine: [hook] },
  "webhook-without-tls": {
    kind: "Webhook",
    broken: { ...hook, url: "http://hooks.example.com/" },
    fine: [hook, { ...hook, type: "email", url: "ops@example.com" }],
  },
  "link-writable-endless": {
    kind: "ShareLink",
    broken: { ...link, permission: "write-only", expiresAt: null, accessLimit: 0 },
    fine: [
      { ...link, expiresAt: null, accessLimit: 0 },
      { ...link, permission: "read-write" },
      { ...link, permission: "read-write", expiresAt: null },
      { ...link, permission: "read-write", accessLimit: 0 },
    ],
  },
  "link-to-root": {
    kind: "ShareLink",
    broken: { ...link, path: "/" },
    fine: [link, { ...link, path: "/", expiresAt: inDays(-1) }],
  },
  "link-expires-soon": {
    kind: "ShareLink",
    broken: { ...link, expiresAt: inDays(1) },
    fine: [link, { ...link, expiresAt: inDays(-1) }, { ...link, expiresAt: null }],
  },
};

/** Adds an object with these arguments to an organization, and returns its id. */
export function add(data: EmulatorData, kind: AuditedKind, args: object): string {
  const fields = fieldsOf[kind];
  const body = bodyOf(fields, args, Object.keys(args));
  switch (kind) {
    case "Credential":
      return data.addCredential(body).Id;
    case "SshPublicKey": {
      const UserId = data.addCredential({ HomeDirectory: "/keys", Alias: "keys" }).Id;
      const key = { Comment: "", Fingerprint: "", Type: "rsa", SshPublicKeyBody: "", ...body };
      return data.addSshPublicKey({ ...key, UserId }).Id;
    }
    case "Webhook":
      return data.addWebhook({ Url: "", Topics: [], ...body }).Id;
    case "ShareLink":
      return data.addShareLink({ Path: "", Permission: "", ...body }).Id;
  }
}
