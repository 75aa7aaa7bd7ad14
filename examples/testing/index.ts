import * as sftptogo from "pulumi-sftptogo";

/** The program under test: a partner's login. */
export const acme = new sftptogo.Credential("acme", {
  homeDirectory: "/partners/acme",
  permission: "read-write",
  inboundRules: [{ source: "203.0.113.0/24", protocol: "SFTP" }],
});
export const host = acme.host;
