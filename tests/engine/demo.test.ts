/** `npm run demo -- --keep`, as somebody types it who follows all that it says. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { start } from "#process";

const demo = join(import.meta.dirname, "demo.ts");

it("shows every step, can be looked at while it is kept, and leaves nothing", async () => {
  const running = start("node", [demo, "--keep"], {
    cwd: import.meta.dirname,
    env: process.env,
    timeoutSeconds: 280,
  });
  await running.printed("removes the folder.");
  const folder = /^ {3}cd '(.+)'$/m.exec(running.output())?.[1] ?? "no folder";
  const look = `. ./environment.sh
    pulumi stack output --show-secrets password
    curl -sS -H "Authorization: Bearer $SFTPTOGO_API_KEY" \\
      "$SFTPTOGO_BASE_URL/organizations/$SFTPTOGO_ORGANIZATION_ID/users"`;
  const looked = await start("sh", ["-c", look], { cwd: folder, env: { PATH: process.env.PATH } }).result;
  const [password, ...users] = looked.stdout.split("\n");
  const logins: { Password: string; IsDefault: boolean }[] = JSON.parse(users.join("\n"));
  expect(logins.find((login) => !login.IsDefault)?.Password === password).toBe(true);

  running.child.kill("SIGINT");
  const result = await running.result;
  expect(result.all).toMatch(
    /\nAll 9 steps held, in \d+ s: preview, up, empty preview, .*only root left\.\n$/,
  );
  expect(result.code).toBe(0);
  expect(result.stderr).toBe("");
  expect(result.all.includes(password ?? "")).toBe(false);
  expect(existsSync(folder)).toBe(false);
});

it("ends early and removes everything when it is interrupted", async () => {
  const running = start("node", [demo], {
    cwd: import.meta.dirname,
    env: process.env,
    timeoutSeconds: 280,
  });
  await running.printed("1. Preview");
  running.child.kill("SIGINT");
  const result = await running.result;
  expect(result.all).toContain("Interrupted: stack and emulator are removed.");
  expect(result.all).not.toContain("2. Up");
  expect(result.code).toBe(130);
});
