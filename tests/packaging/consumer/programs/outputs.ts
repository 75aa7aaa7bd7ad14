/** Outputs of this package's resources and functions go into other packages' inputs, and into its own. */
import * as pulumi from "@pulumi/pulumi";
import * as sftptogo from "pulumi-sftptogo";
import { Command, OlderSecretVersion, SecretVersion } from "./others";

const acme = new sftptogo.Credential("acme", {
  permission: "read-write",
  inboundRules: [{ source: "203.0.113.0/24", protocol: "SFTP" }],
});
const key = new sftptogo.SshPublicKey("acme", {
  credentialId: acme.id,
  sshPublicKeyBody: "ssh-ed25519 AAAA",
});
const webhook = new sftptogo.Webhook("arrivals", { url: "https://a.example", topics: ["file.created"] });
const link = new sftptogo.ShareLink("report", { path: "/report.pdf", permission: "read-only" });
const rotation = new sftptogo.PasswordRotation("acme", { credentialId: acme.id, triggers: "2027-01" });

// Every string that is not a clearable argument goes into a string input.
const strings = {
  ...{ alias: acme.alias, userName: acme.userName, password: acme.password, uri: acme.uri, host: acme.host },
  ...{ permission: acme.permission, state: acme.state, organization: acme.organizationId },
  ...{ home: acme.homeDirectory, passwordCreatedAt: acme.passwordCreatedAt },
  ...{ body: key.sshPublicKeyBody, comment: key.comment, fingerprint: key.fingerprint, type: key.type },
  ...{ keyId: key.keyId, credential: key.credentialId },
  ...{ hookAlias: webhook.alias, hookUrl: webhook.url, hookType: webhook.type, secret: webhook.secret },
  ...{ hookState: webhook.state },
  ...{ path: link.path, url: link.url, linkPassword: link.password, linkState: link.state },
  ...{ onConsumed: link.onConsumed, linkPermission: link.permission },
  ...{ newPassword: rotation.password, newUri: rotation.uri, rotatedAt: rotation.rotatedAt },
  ...{ login: rotation.userName, rotated: rotation.credentialId, sftpHost: rotation.host },
};
new Command("all-strings", { create: "env", environment: strings });
new Command("one-string", { environment: { PW: rotation.uri } });
for (const [name, secretString] of Object.entries(strings)) {
  new SecretVersion(name, { secretId: "sftp", secretString });
  new OlderSecretVersion(name, { secretId: "sftp", secretString });
}
new SecretVersion("rotation", { secretId: "sftp", secretString: rotation.password });
new SecretVersion("link", { secretId: "sftp", secretString: link.url });

// Every argument is an output of the same name that fits.
const credentialArgs: Required<sftptogo.CredentialArgs> = acme;
const keyArgs: Required<sftptogo.SshPublicKeyArgs> = key;
const webhookArgs: Required<sftptogo.WebhookArgs> = webhook;
const linkArgs: Required<sftptogo.ShareLinkArgs> = link;
const rotationArgs: Required<sftptogo.PasswordRotationArgs> = rotation;

new sftptogo.Credential("copy", {
  alias: acme.alias,
  userName: acme.userName,
  password: acme.password,
  homeDirectory: acme.homeDirectory,
  chrootDirectory: acme.chrootDirectory,
  permission: acme.permission,
  expiration: acme.expiration,
  state: acme.state,
  inboundRules: acme.inboundRules,
  storeSecrets: acme.storeSecrets,
});
new sftptogo.Credential("rules", {
  inboundRules: acme.inboundRules.apply((rules) => [...rules, { source: "198.51.100.7", state: "enabled" }]),
});
new sftptogo.SshPublicKey("copy", { credentialId: key.credentialId, sshPublicKeyBody: key.sshPublicKeyBody });
new sftptogo.Webhook("copy", {
  alias: webhook.alias,
  url: webhook.url,
  type: webhook.type,
  topics: webhook.topics,
  authorizationHeader: webhook.authorizationHeader,
  state: webhook.state,
});
new sftptogo.ShareLink("copy", {
  path: link.path,
  permission: link.permission,
  expiresAt: link.expiresAt,
  accessLimit: link.accessLimit,
  password: link.password,
  notes: link.notes,
  onConsumed: link.onConsumed,
});
new sftptogo.PasswordRotation("copy", {
  credentialId: rotation.credentialId,
  triggers: rotation.triggers,
  rotateAfterDays: rotation.rotateAfterDays,
  password: rotation.password,
  storeSecrets: rotation.storeSecrets,
});
const set = new sftptogo.SshPublicKeySet("set", {
  credentialId: acme.id,
  sshPublicKeyBodies: ["ssh-ed25519 AAAA", key.sshPublicKeyBody, pulumi.output("ssh-ed25519 AAAA")],
  overlapDays: undefined,
});
new sftptogo.SshPublicKeySet("copy", {
  credentialId: set.credentialId,
  sshPublicKeyBodies: set.sshPublicKeyBodies,
  overlapDays: set.overlapDays,
});
export const goesNext: pulumi.Output<string[]> = set.outgoing.apply((keys) => keys.map(({ until }) => until));
export const prints: pulumi.Output<string[]> = set.fingerprints;

// What functions find goes into arguments too.
const found = sftptogo.getCredentialOutput({ userName: acme.userName });
new sftptogo.Credential("found", {
  alias: found.alias,
  userName: found.userName,
  password: found.password,
  homeDirectory: found.homeDirectory,
  chrootDirectory: found.chrootDirectory,
  permission: found.permission,
  expiration: found.expiration,
  state: found.state,
  inboundRules: found.inboundRules,
});
const hook = sftptogo.getWebhookOutput({ id: webhook.id });
new sftptogo.Webhook("found", {
  alias: hook.alias,
  url: hook.apply(({ url }) => url ?? ""),
  type: hook.type,
  topics: hook.topics,
  authorizationHeader: hook.authorizationHeader,
  state: hook.state,
});
const shared = sftptogo.getShareLinkOutput({ id: link.id });
new sftptogo.ShareLink("found", {
  path: shared.path,
  permission: shared.permission,
  expiresAt: shared.expiresAt,
  accessLimit: shared.accessLimit,
  notes: shared.notes,
});
const keys = sftptogo.getSshPublicKeysOutput({ credentialId: acme.id });
new sftptogo.SshPublicKey("found", {
  credentialId: acme.id,
  sshPublicKeyBody: keys.apply(([first]) => first?.sshPublicKeyBody ?? ""),
});

new sftptogo.SshPublicKeySet("found", {
  credentialId: acme.id,
  sshPublicKeyBodies: keys.apply((all) => all.map(({ sshPublicKeyBody }) => sshPublicKeyBody)),
});

// A stack reference gives outputs of any type, configuration strings that may be missing.
const network = new pulumi.StackReference("acme/network/prod");
const config = new pulumi.Config();
new sftptogo.Credential("referenced", {
  alias: network.getOutput("alias"),
  userName: network.requireOutput("userName"),
  password: config.getSecret("password"),
  homeDirectory: config.get("homeDirectory"),
  permission: config.require("permission"),
  expiration: config.getNumber("expiration"),
  inboundRules: network.requireOutput("rules"),
  storeSecrets: config.getBoolean("storeSecrets"),
});
new sftptogo.Credential("undefined", {
  alias: undefined,
  userName: undefined,
  password: undefined,
  homeDirectory: undefined,
  chrootDirectory: undefined,
  permission: undefined,
  expiration: undefined,
  state: undefined,
  inboundRules: undefined,
  storeSecrets: undefined,
});
new sftptogo.Credential("maybe", {
  permission: pulumi.output(config.get("permission")),
  chrootDirectory: pulumi.output(config.get("chroot")),
  inboundRules: [{ source: "203.0.113.0/24", protocol: config.get("protocol"), description: undefined }],
});
new sftptogo.Webhook("many", {
  url: config.requireSecret("hookUrl"),
  topics: config.requireObject<string[]>("topics"),
  authorizationHeader: null,
});
new sftptogo.PasswordRotation("every", { credentialId: acme.id, rotateAfterDays: config.getNumber("days") });

export const copies = [credentialArgs, keyArgs, webhookArgs, linkArgs, rotationArgs];

// What is null in the normal case says so, and goes where null is taken, or after it was told apart.
const pair = new sftptogo.RotatingCredential("pair", { userName: "acme-pair-login", rotateAfterDays: 90 });
const until: pulumi.Output<string | null> = pair.previousValidUntil;
const next: pulumi.Output<string | null> = pair.nextRotationAt;
export const oldLogin = pulumi
  .all([pair.previous.userName, until, next])
  .apply(([userName, end, due]) => (userName === null ? `next ${due}` : `${userName} until ${end}`));
new Command("active", { environment: { PW: pair.active.password, URI: pair.active.uri } });
new Command("previous", { environment: { PW: pair.previous.password.apply((each) => each ?? "") } });
// @ts-expect-error The previous login's password may be null.
new SecretVersion("wrong", { secretId: "sftp", secretString: pair.previous.password });
