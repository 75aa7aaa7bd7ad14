/**
 * A partner's password, new each month, and each new one in a secret store. The rotation depends on nothing that the
 * store does, so a store that fails costs no password: the next `pulumi up` hands the same one on.
 *
 * To run it: `pulumi stack init dev`, key and organization id as in the README, `pulumi up`.
 */
import * as pulumi from "@pulumi/pulumi";
import * as sftptogo from "pulumi-sftptogo";
import { Handover } from "./handover";

const config = new pulumi.Config();

const acme = new sftptogo.Credential("acme", { homeDirectory: "/partners/acme", permission: "read-write" });

// It depends on nothing that the store does: a store that is down never makes a second rotation.
const rotation = new sftptogo.PasswordRotation("acme-password", {
  credentialId: acme.id,
  rotateAfterDays: 30,
  triggers: config.get("rotation") ?? "first",
});

// If it fails, the password is in the state, and the next `pulumi up` hands over the same one.
new Handover("acme-password", {
  command: ["vault", "kv", "put", "-mount=secret", "partners/acme", "-"],
  input: pulumi.jsonStringify({
    host: rotation.host,
    userName: rotation.userName,
    password: rotation.password,
  }),
});

// For a person: a file that somebody has put there, once, within a week of each rotation.
const welcome = new sftptogo.ShareLink(
  "acme-welcome",
  {
    path: "/partners/acme/welcome.pdf",
    permission: "read-only",
    accessLimit: 1,
    expiresAt: rotation.rotatedAt.apply((at) => Date.parse(at) + 7 * 24 * 60 * 60 * 1000),
  },
  { replacementTrigger: rotation.rotatedAt },
);

// A secret output: `pulumi stack output --show-secrets welcomeUrl` prints it.
export const welcomeUrl = welcome.url;
