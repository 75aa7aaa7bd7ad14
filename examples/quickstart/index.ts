/**
 * All that one partner needs: a login with its key and networks, a webhook, a share link, and a new password each month.
 *
 * To run it: `pulumi stack init dev`, key and organization id as in the README, `pulumi up`. From a clone, `npm ci &&
 * npm run build` first, in the repository's root, whose Pulumi.yaml points here.
 */
import * as pulumi from "@pulumi/pulumi";
import * as sftptogo from "pulumi-sftptogo";

const config = new pulumi.Config();

// A partner who delivers invoices: one login, one folder, only from the partner's network.
const acme = new sftptogo.Credential("acme", {
  alias: "Acme Ltd., invoices",
  homeDirectory: "/partners/acme",
  permission: "read-write",
  inboundRules: [
    { source: "203.0.113.0/24", protocol: "SFTP", description: "Acme's data centre" },
    { source: "2001:db8:42::/48", protocol: "SFTP", description: "Acme's office" },
  ],
});

// The partner's own key, for machines that log in without a password.
new sftptogo.SshPublicKey("acme-key", {
  credentialId: acme.id,
  sshPublicKeyBody:
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDfT8S0pLMNwnMcV7MSgOwDEqGbCGCEfz2jTs1JPpPfv transfer@acme.example",
});

// A notice for each file that arrives.
const arrivals = new sftptogo.Webhook("arrivals", {
  url: config.get("webhookUrl") ?? "https://hooks.example.com/sftp",
  topics: ["file.created"],
});

// The price list, for people without a login.
const priceList = new sftptogo.ShareLink("price-list", {
  path: "/public/price-list.pdf",
  permission: "read-only",
  notes: "Linked from the partners' page",
});

// A new password each month: `pulumi up` in a scheduled job is all it takes.
const rotation = new sftptogo.PasswordRotation("acme-password", {
  credentialId: acme.id,
  rotateAfterDays: 30,
  triggers: config.get("rotation") ?? "first",
});

export const host = acme.host;
export const userName = acme.userName;
// Secret outputs: `pulumi stack output --show-secrets` prints them.
export const password = rotation.password;
export const address = rotation.uri;
export const webhookSecret = arrivals.secret;
export const priceListAddress = priceList.url;
