/** What ends soon is said by the engine's own warnings, in preview and in up, once a resource. */
import { afterEach, expect, it } from "vitest";
import { openRealStage, type RealStage } from "../harness/stage/real.js";

let stage: RealStage;
afterEach(() => stage?.[Symbol.asyncDispose]());

const millisecondsPerDay = 86_400_000;

function inDays(days: number): string {
  return new Date(Date.now() + days * millisecondsPerDay).toISOString();
}

it("warns of logins, links and rotations, as far ahead as the stack or an explicit provider says", async () => {
  stage = await openRealStage("", { config: { "sftptogo:warnBeforeDays": "20" } });
  const { stack, emulator } = stage;
  const expiration = inDays(18);
  const later = inDays(25);
  const link = (path: string, time: string) =>
    JSON.stringify({ path, permission: "read-only", expiresAt: time });
  await stage.write(`
    const farther = new sftptogo.Provider("farther", {
      apiKey: ${JSON.stringify(emulator.apiKey)},
      organizationId: ${JSON.stringify(emulator.organizationId)},
      baseUrl: ${JSON.stringify(emulator.url)},
      warnBeforeDays: 30,
    });
    const login = new sftptogo.Credential("login", { permission: "read-only", expiration: ${JSON.stringify(expiration)} });
    new sftptogo.PasswordRotation("rotation", { credentialId: login.id, rotateAfterDays: 19 });
    new sftptogo.ShareLink("link", ${link("/a/", expiration)});
    new sftptogo.ShareLink("later", ${link("/b/", later)});
    new sftptogo.ShareLink("farther", ${link("/c/", later)}, { provider: farther });
  `);
  const said = (time: string) => `${time.slice(0, 16).replace("T", " ")} UTC`;
  const expiring = [
    `credential "login" expires on ${said(expiration)} (expiration), within 18 days`,
    `share link "farther" expires on ${said(later)} (expiresAt), within 25 days`,
    `share link "link" expires on ${said(expiration)} (expiresAt), within 18 days`,
  ];
  expect(endingsIn((await stack.preview()).all)).toEqual(expiring);
  expect(endingsIn((await stack.up()).all)).toEqual(expiring);
  // The rotation is known to fall due once it has been made.
  const { all } = await stack.preview(["--expect-no-changes"]);
  expect(endingsIn(all)).toEqual([
    expiring[0],
    expect.stringMatching(
      /^password rotation "rotation" falls due on .* UTC \(rotateAfterDays\), within 19 days$/,
    ),
    expiring[1],
    expiring[2],
  ]);
});

/** The warnings, each as often as it was given: without `--diff` the engine shows them in a row, and in a summary. */
function endingsIn(printed: string): string[] {
  const summary = printed.slice(printed.indexOf("Diagnostics:") + 1);
  const found = summary.matchAll(/warning: (.* (?:expires|falls due) on .*)/g);
  return [...found].map(([, text = ""]) => text.trim()).sort();
}
