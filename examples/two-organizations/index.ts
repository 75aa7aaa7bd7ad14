/**
 * One partner with a login in each of two organizations, from one program and in one stack.
 *
 * To run it: `pulumi stack init dev`, key and organization id of the first as in the README; then
 * `pulumi config set europeOrganizationId <id>`, `pulumi config set --secret europeApiKey`, which asks for the key, and
 * `pulumi up`.
 */
import * as pulumi from "@pulumi/pulumi";
import * as sftptogo from "pulumi-sftptogo";

const config = new pulumi.Config();

// The first organization is the stack's own: `sftptogo:apiKey` and `sftptogo:organizationId`. The second is an
// explicit provider, which uses its own arguments only.
const europe = new sftptogo.Provider("europe", {
  apiKey: config.requireSecret("europeApiKey"),
  organizationId: config.require("europeOrganizationId"),
  baseUrl: config.get("europeBaseUrl") ?? "https://api.sftptogo.com",
});

const login = { homeDirectory: "/partners/acme", permission: "read-write" };
const here = new sftptogo.Credential("acme", login);
const there = new sftptogo.Credential("acme-europe", login, { provider: europe });

// What hangs on the second login takes the provider, too.
const sshPublicKeyBody =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDfT8S0pLMNwnMcV7MSgOwDEqGbCGCEfz2jTs1JPpPfv transfer@acme.example";
new sftptogo.SshPublicKey("acme", { credentialId: here.id, sshPublicKeyBody });
new sftptogo.SshPublicKey("acme-europe", { credentialId: there.id, sshPublicKeyBody }, { provider: europe });

export const address = here.uri;
export const europeanAddress = there.uri;
