/** A login's life on the real engine, as it is printed: made, drifted and repaired, destroyed. */
import { afterEach, describe, expect, it } from "vitest";
import { openRealStage, type RealStage } from "../harness/stage/real.js";

let stage: RealStage;
afterEach(() => stage?.[Symbol.asyncDispose]());

describe("a credential's life", () => {
  it("begins with one request, then preview and refresh are empty, and ends with only root left", async () => {
    stage = await openRealStage(`
      const acme = new sftptogo.Credential("acme");
      export const { userName, alias, host, password, uri, isDefault } = acme;
    `);
    const { stack, emulator, writes } = stage;
    const preview = await stack.preview();
    expect(preview.stdout).toContain("+ pulumi-nodejs:dynamic/sftptogo:Credential: (create)");
    expect(writes()).toEqual([]);

    await stack.up();
    await stack.preview(["--expect-no-changes"]);
    await stack.refresh(["--expect-no-changes"]);
    const login = stage.login();
    expect(login.UserName).toMatch(/^acme-[0-9a-f]{8}$/);
    expect(writes()).toEqual([
      { operation: "createCredential", body: { Alias: "acme", UserName: login.UserName } },
    ]);
    expect((await stage.inState("acme")).id).toBe(login.Id);
    const outputs = await stack.outputs({ showSecrets: true });
    expect(outputs).toMatchObject({ userName: login.UserName, alias: "acme", isDefault: false });
    expect(outputs.password === login.Password).toBe(true);
    expect(await stack.outputs()).toMatchObject({ password: "[secret]", uri: "[secret]" });
    expect((await stack.stateText()).includes(login.Password)).toBe(false);

    const destroyed = await stack.destroy();
    expect(destroyed.all).not.toContain("warning");
    expect(writes().map(({ operation }) => operation)).toEqual(["deleteCredential"]);
    expect([...emulator.data.credentials.values()]).toEqual([emulator.data.root]);
    expect((await stack.exportState()).resources ?? []).toEqual([]);
  });

  it("sees the drift of each declared field in a refresh, and repairs it by the next up", async () => {
    const rule = { source: "203.0.113.0/24", protocol: "SFTP", description: "data centre" };
    stage = await openRealStage(`new sftptogo.Credential("acme", {
      alias: "Acme",
      userName: "acme-incoming",
      homeDirectory: "/acme",
      chrootDirectory: "/partners",
      permission: "read-only",
      state: "active",
      inboundRules: [${JSON.stringify(rule)}],
    });`);
    const { stack, writes } = stage;
    await stack.up();
    const login = stage.login();
    const before = structuredClone(login);
    writes();

    const drifts: readonly [shown: string, drift: Partial<typeof login>][] = [
      ["alias", { Alias: "Somebody else" }],
      ["userName", { UserName: "acme-renamed" }],
      ["homeDirectory", { HomeDirectory: "elsewhere" }],
      ["chrootDirectory", { ChrootDirectory: "/" }],
      ["permission", { Permission: "full" }],
      ["state", { State: "inactive" }],
      ["inboundRules", { Settings: { Network: { InboundRules: [] } } }],
    ];
    for (const [, drift] of drifts) Object.assign(login, drift);
    const refreshed = await stack.refresh(["--diff"]);
    for (const [shown] of drifts) expect(refreshed.stdout).toMatch(new RegExp(`[~+-] ${shown}\\b`));
    const preview = await stack.preview();
    for (const [shown] of drifts) expect(preview.stdout).toMatch(new RegExp(`[~+-] ${shown}\\b`));
    expect(writes()).toEqual([]);

    await stack.up();
    await stack.expectNoChanges();
    expect(writes()).toMatchObject([{ operation: "updateInboundRules" }, { operation: "updateCredential" }]);
    const { UpdatedAt, ...same } = before;
    expect(login).toMatchObject(same);

    // And one alone, without a refresh of its own.
    login.Permission = "full";
    expect((await stack.up(["--refresh"])).stdout).toContain("~ 1 updated");
    expect(writes()).toEqual([{ operation: "updateCredential", body: { Permission: "read-only" } }]);
  });
});
