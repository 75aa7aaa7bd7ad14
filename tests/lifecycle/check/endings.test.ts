import { describe, expect, test } from "vitest";
import { credentialProvider } from "../../../provider/resources/credential/provider";
import { passwordRotationProvider } from "../../../provider/resources/passwordRotation/provider";
import { shareLinkProvider } from "../../../provider/resources/shareLink/provider";
import { handlersOf, offlineSession, urn } from "../fakes";

const now = Date.parse("2026-11-20T12:00:00Z");
const credentialId = "4ddb2ea265b8eaf7685b4e125a1292";

function start(warnBeforeDays?: string) {
  const config = warnBeforeDays === undefined ? {} : { "sftptogo:warnBeforeDays": warnBeforeDays };
  return offlineSession({ now, config });
}

describe("a preview warns of a time that comes near", () => {
  test.each([
    ["2026-12-04T12:00:00Z", "2026-12-04 12:00 UTC (expiration), within 14 days"],
    ["2026-11-21", "2026-11-21 00:00 UTC (expiration), within a day"],
    [now + 86_400_001, "2026-11-21 12:00 UTC (expiration), within 2 days"],
  ])("of a credential that expires: %s", async (expiration, when) => {
    const { session, warnings } = start();
    const args = { userName: "acme-incoming", expiration, __resourceUrn: urn("Credential", "acme") };
    const { failures } = await handlersOf(session, credentialProvider(session)).check({}, args);
    expect(failures).toEqual([]);
    expect(warnings).toEqual([`credential "acme" expires on ${when}`]);
  });

  test("of a share link that expires, also of one that exists and does not change", async () => {
    const { session, warnings } = start();
    const args = { path: "/a/", permission: "read-only", expiresAt: "2026-11-25" };
    const news = { ...args, __resourceUrn: urn("ShareLink", "report") };
    await handlersOf(session, shareLinkProvider(session)).check(args, news);
    expect(warnings).toEqual([
      'share link "report" expires on 2026-11-25 00:00 UTC (expiresAt), within 5 days',
    ]);
  });

  test("of a rotation that falls due", async () => {
    const { session, warnings } = start();
    const handlers = handlersOf(session, passwordRotationProvider(session));
    const args = { credentialId, rotateAfterDays: 30 };
    const news = { ...args, __resourceUrn: urn("PasswordRotation", "acme-password") };
    const { inputs } = await handlers.check(args, news);
    const olds = {
      ...args,
      rotatedAt: "2026-10-25T12:00:00.000Z",
      __managed: "credentialId,rotateAfterDays",
    };
    await handlers.diff(`${credentialId}/1`, olds, inputs ?? {});
    expect(warnings).toEqual([
      'password rotation "acme-password" falls due on 2026-11-24 12:00 UTC (rotateAfterDays), within 4 days',
    ]);
  });

  test.each<[string, string | undefined, string | null]>([
    ["later than that", undefined, "2026-12-05"],
    ["later than the setting says", "3", "2026-11-24"],
    ["in the past", undefined, "2026-11-19"],
    ["on any day, where the setting is 0", "0", "2026-11-21"],
    ["that no Date can tell", undefined, "whenever"],
    ["that is cleared", undefined, null],
  ])("and not of one %s", async (_, warnBeforeDays, expiration) => {
    const { session, warnings } = start(warnBeforeDays);
    const olds = { userName: "acme-incoming", expiration };
    const news = { ...olds, __resourceUrn: urn("Credential", "acme") };
    await handlersOf(session, credentialProvider(session)).check(olds, news);
    expect(warnings.filter((text) => text.includes("expires on"))).toEqual([]);
  });
});
