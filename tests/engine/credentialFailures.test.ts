/** A login that is made in two steps, and what becomes of it when the second one fails. */
import { afterEach, describe, expect, it } from "vitest";
import { openRealStage, type RealStage } from "../harness/stage/real.js";

let stage: RealStage;
afterEach(() => stage?.[Symbol.asyncDispose]());

const program = `new sftptogo.Credential("acme", {
  alias: "Acme",
  inboundRules: [{ source: "203.0.113.0/24", protocol: "SFTP" }],
});`;

/** The create fails between its two steps: the rules are refused for a reason that no retry helps. */
async function createHalf(): Promise<void> {
  stage = await openRealStage(program);
  stage.emulator.addFault({ name: "status", status: 402, operation: "updateInboundRules" });
  const { all } = await stage.stack.up([], { fails: true });
  expect(all).toMatch(/Credential \w+ was created, but is inactive and not finished: .*402/);
  expect(all).toContain("Run `pulumi up` again to finish it.");
  expect(stage.writes().map(({ operation }) => operation)).toEqual([
    "createCredential",
    "updateInboundRules",
  ]);
  expect(stage.login().State).toBe("inactive");
  expect((await stage.inState("acme")).id).toBe(stage.login().Id);
  expect((await stage.stack.stateText()).includes(stage.login().Password)).toBe(false);
}

describe("a credential with rules", () => {
  it("is created inactive, and made active only when a read shows its rules", async () => {
    stage = await openRealStage(program);
    const { stack, writes } = stage;
    await stack.up();
    await stack.expectNoChanges();
    expect(writes()).toMatchObject([
      { operation: "createCredential", body: { State: "inactive" } },
      {
        operation: "updateInboundRules",
        body: { Settings: { Network: { InboundRules: [{ Source: "203.0.113.0/24" }] } } },
      },
      { operation: "updateCredential", body: { State: "active" } },
    ]);
    expect(stage.login()).toMatchObject({
      Alias: "Acme",
      State: "active",
      Settings: { Network: { InboundRules: [{ Source: "203.0.113.0/24", Protocol: "SFTP" }] } },
    });
  });

  it("that was half made can be refreshed, and is finished after it", async () => {
    await createHalf();
    const { stack, writes } = stage;
    await stack.refresh();
    expect(writes()).toEqual([]);
    expect(stage.login().State).toBe("inactive");
    await stack.up();
    await stack.expectNoChanges();
    expect(writes().map(({ operation }) => operation)).toEqual(["updateInboundRules", "updateCredential"]);
    expect(stage.login()).toMatchObject({
      Alias: "Acme",
      State: "active",
      Settings: { Network: { InboundRules: [{ Source: "203.0.113.0/24" }] } },
    });
  });
});

describe("a first preview", () => {
  it("leaves unknown values alone: a scalar, a list, an object, and a field of one", async () => {
    stage = await openRealStage(
      `
      const first = new sftptogo.Credential("first", { userName: "first-partner" });
      const later = <T>(value: T) => first.id.apply(() => value);
      new sftptogo.Credential("scalar", {
        userName: "scalar-partner",
        alias: pulumi.interpolate\`beside \${first.userName}\`,
        permission: later("read-only"),
        password: later("Another-Pa55word!"),
        expiration: later(Date.now() + 86_400_000),
      });
      new sftptogo.Credential("list", { inboundRules: later([{ source: "203.0.113.7" }]) });
      new sftptogo.Credential("object", { inboundRules: [later({ source: "203.0.113.8" }), { source: "::1" }] });
      new sftptogo.Credential("field", { inboundRules: [{ source: later("203.0.113.9") }, { source: "::1" }] });
      new sftptogo.Credential("name", { userName: later("named-later") });
    `.replace("Date.now() + 86_400_000", String(Date.now() + 86_400_000)),
    );
    const { stack, emulator, writes } = stage;
    const preview = await stack.preview();
    expect(preview.stdout).toContain("+ 7 to create");
    expect(preview.all).not.toMatch(/warning|error/);
    expect(writes()).toEqual([]);

    await stack.up();
    await stack.expectNoChanges();
    const logins = [...emulator.data.credentials.values()];
    const sources = (name: string) =>
      logins
        .find(({ Alias }) => Alias === name)
        ?.Settings.Network.InboundRules.map(({ Source }) => Source)
        .sort();
    expect(emulator.data.findCredential("scalar-partner")).toMatchObject({
      Alias: "beside first-partner",
      Permission: "read-only",
    });
    expect(sources("list")).toEqual(["203.0.113.7"]);
    expect(sources("object")).toEqual(["203.0.113.8", "::1"]);
    expect(sources("field")).toEqual(["203.0.113.9", "::1"]);
    expect(emulator.data.findCredential("named-later")).toMatchObject({ Alias: "name" });
  });
});
