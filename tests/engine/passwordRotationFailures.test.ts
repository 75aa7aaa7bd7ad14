/** Rotations whose answers are lost, whose password is not known yet, or whose login goes away. */
import { afterEach, describe, expect, it } from "vitest";
import { openRealStage, type RealStage } from "../harness/stage/real.js";

let stage: RealStage;
afterEach(() => stage?.[Symbol.asyncDispose]());

function program(args: string): string {
  return `
    const acme = new sftptogo.Credential("acme");
    const rotation = new sftptogo.PasswordRotation("rotation", { credentialId: acme.id, ${args} });
    export const { password, uri } = rotation;
  `;
}

function operations(): string[] {
  return stage.writes().map(({ operation }) => operation);
}

async function expectWorkingPassword(): Promise<void> {
  const { password } = await stage.stack.outputs({ showSecrets: true });
  expect(password === stage.login().Password).toBe(true);
}

describe("a password rotation", () => {
  it("to a declared password that cannot be read is saved, and can be refreshed and destroyed", async () => {
    // Otherwise the check of the key would end the update before anything is set.
    const config = { "sftptogo:preflight": "false" };
    stage = await openRealStage(`new sftptogo.Credential("acme");`, { config });
    const { stack, emulator } = stage;
    await stack.up();
    operations();
    emulator.addFault({ name: "status", status: 403, method: "GET", times: Infinity });
    await stage.write(program(`password: "Another-Pa55word!"`));
    const { all } = await stack.up([], { fails: true });
    expect(all).toMatch(/The password of credential \w+ was set, but the credential could not be read/);
    expect(operations()).toEqual(["setPassword"]);
    emulator.clearFaults();

    await stack.refresh();
    await stack.up();
    await stack.expectNoChanges();
    expect(operations()).toEqual([]);
    await expectWorkingPassword();
    await stack.destroy();
    expect([...emulator.data.credentials.values()]).toEqual([emulator.data.root]);
    const readable = [all, await stack.stateText()].join("\n");
    expect(readable.includes("Another-Pa55word!")).toBe(false);
  });

  it("with triggers and a password that are not known yet shows as a replacement, and rotates once", async () => {
    const later = (text: string) => `
      const acme = new sftptogo.Credential("acme");
      const other = new sftptogo.Credential("other", { alias: "${text}" });
      const rotation = new sftptogo.PasswordRotation("rotation", {
        credentialId: acme.id,
        triggers: { of: [other.createdAt.apply(() => "${text}")] },
        rotateAfterDays: other.createdAt.apply(() => 30),
      });
      const set = new sftptogo.PasswordRotation("set", {
        credentialId: other.id,
        password: other.createdAt.apply(() => "${text}-Pa55word!"),
      });
      export const { password } = rotation;
    `;
    stage = await openRealStage(later("first"));
    const { stack, emulator } = stage;
    expect((await stack.preview()).stdout).toContain("+ 5 to create");
    await stack.up();
    await stack.expectNoChanges();
    operations();
    // An update makes every output unknown in a preview.
    await stage.write(later("second"));
    expect((await stack.preview()).stdout).toContain("+-2 to replace");
    expect(operations()).toEqual([]);
    await stack.up();
    await stack.expectNoChanges();
    expect(operations().sort()).toEqual(["rotatePassword", "setPassword", "updateCredential"]);
    const logins = [...emulator.data.credentials.values()];
    const { password } = await stack.outputs({ showSecrets: true });
    expect(logins.some(({ Alias, Password }) => Alias === "acme" && Password === password)).toBe(true);
    expect(logins.some(({ Alias, Password }) => Alias === "second" && Password === "second-Pa55word!")).toBe(
      true,
    );
  });
});
