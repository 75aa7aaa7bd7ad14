/**
 * Two ways to a new password. Acme's changes when somebody says so: `pulumi config set rotation 2027-01`, then
 * `pulumi up`. Globex's changes by its age, with the first `pulumi up` after 30 days: run one each night, as
 * examples/ci does. A preview shows both as a replacement, and sends nothing.
 *
 * To run it: `pulumi stack init dev`, key and organization id as in the README, `pulumi up`. The addresses hold the
 * passwords: `pulumi stack output --show-secrets`.
 */
import * as pulumi from "@pulumi/pulumi";
import * as sftptogo from "pulumi-sftptogo";

const config = new pulumi.Config();

const acme = new sftptogo.Credential("acme", { homeDirectory: "/partners/acme", permission: "read-write" });
const acmePassword = new sftptogo.PasswordRotation("acme", {
  credentialId: acme.id,
  // Any value: each new one is a new password. What the service generated at first is replaced, too.
  triggers: config.get("rotation") ?? "first",
});

const globex = new sftptogo.Credential("globex", {
  homeDirectory: "/partners/globex",
  permission: "read-only",
});
const globexPassword = new sftptogo.PasswordRotation("globex", {
  credentialId: globex.id,
  rotateAfterDays: 30,
});

// Of the rotation, not of the credential, which only learns of a new password at the next refresh.
export const acmeAddress = acmePassword.uri;
export const globexAddress = globexPassword.uri;
