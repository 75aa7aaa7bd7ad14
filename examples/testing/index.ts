/**
 * A program with tests of its own: mocks.test.ts looks at what it declares, emulator.test.ts runs it on the real engine.
 *
 * To run it: `npm test`. It needs `pulumi` on the PATH, and no account.
 */
import * as sftptogo from "pulumi-sftptogo";

/** The program under test: a partner's login. */
export const acme = new sftptogo.Credential("acme", {
  homeDirectory: "/partners/acme",
  permission: "read-write",
  inboundRules: [{ source: "203.0.113.0/24", protocol: "SFTP" }],
});
export const host = acme.host;
