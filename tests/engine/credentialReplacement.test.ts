/** Forced replacements, which skip diff, and renames in the program: what becomes of the login behind. */
import { afterEach, describe, expect, it } from "vitest";
import { openRealStage, type RealStage } from "../stage/real.js";

let stage: RealStage;
afterEach(() => stage?.[Symbol.asyncDispose]());

/** The ways of a replacement; each runs the `up` that replaces. */
const ways: Readonly<Record<string, (program: (option: string) => string) => Promise<unknown>>> = {
  async "state taint"() {
    await stage.stack.expect(["state", "taint", (await stage.inState("acme")).urn, "--yes"]);
    return stage.stack.up();
  },
  async "--target-replace"() {
    return stage.stack.up(["--target-replace", (await stage.inState("acme")).urn]);
  },
  async "a changed replacementTrigger"(program) {
    await stage.write(program(`replacementTrigger: "second"`));
    return stage.stack.up();
  },
};

async function expectOneNewLogin(oldId: string): Promise<void> {
  const operations = stage.writes().map(({ operation }) => operation);
  expect(operations).toEqual(["deleteCredential", "createCredential"]);
  const login = stage.login();
  expect(login.Id).not.toBe(oldId);
  expect(await stage.inState("acme")).toMatchObject({ id: login.Id });
  await stage.stack.expectNoChanges();
}

describe.each(Object.keys(ways))("a replacement by %s", (way) => {
  it("leaves one login of the same name, in the state, with nothing left to do", async () => {
    const program = (option: string) => `new sftptogo.Credential("acme", {
      inboundRules: [{ source: "203.0.113.7" }],
    }, { ${option} });`;
    stage = await openRealStage(program(`replacementTrigger: "first"`));
    await stage.stack.up();
    const { Id, UserName } = stage.login();
    stage.writes();

    await ways[way]?.(program);
    expect(stage.writes().map(({ operation }) => operation)).toEqual([
      "deleteCredential",
      "createCredential",
      "updateInboundRules",
      "updateCredential",
    ]);
    const login = stage.login();
    expect(login).toMatchObject({ UserName, State: "active" });
    expect(login.Id).not.toBe(Id);
    expect((await stage.inState("acme")).id).toBe(login.Id);
    await stage.stack.expectNoChanges();
  });

  it("does the same to a login whose import option is still in the program", async () => {
    stage = await openRealStage("");
    const { Id, UserName } = stage.emulator.data.addCredential({ UserName: "acme-incoming" });
    const program = (option: string) => `new sftptogo.Credential("acme", {
      userName: "acme-incoming",
    }, { import: "${Id}", ${option} });`;
    await stage.write(program(`replacementTrigger: "first"`));
    await stage.stack.up();
    expect(stage.writes()).toEqual([]);

    await ways[way]?.(program);
    await expectOneNewLogin(Id);
    expect(stage.login().UserName).toBe(UserName);
  });
});

describe("a tainted login with an import option", () => {
  it("is made again by the names that only the server knows", async () => {
    stage = await openRealStage("");
    const { Id } = stage.emulator.data.addCredential({ UserName: "acme-incoming", Alias: "Acme" });
    await stage.write(`new sftptogo.Credential("partner", {}, { import: "${Id}" });`);
    await stage.stack.up();
    await stage.stack.expect(["state", "taint", (await stage.inState("partner")).urn, "--yes"]);
    await stage.stack.up();
    await stage.stack.expectNoChanges();
    expect(stage.writes().map(({ operation }) => operation)).toEqual([
      "deleteCredential",
      "createCredential",
    ]);
    expect(stage.login()).toMatchObject({ UserName: "acme-incoming", Alias: "Acme" });
    expect((await stage.inState("partner")).id).toBe(stage.login().Id);
  });
});

describe("a rename in the program", () => {
  it("by the option aliases keeps the login and its generated name", async () => {
    stage = await openRealStage(`new sftptogo.Credential("acme");`);
    await stage.stack.up();
    const login = structuredClone(stage.login());
    stage.writes();

    await stage.write(`new sftptogo.Credential("partner", {}, { aliases: [{ name: "acme" }] });`);
    await stage.stack.up();
    expect(await stage.inState("partner")).toMatchObject({ id: login.Id });
    await stage.stack.expectNoChanges();
    expect(stage.writes()).toEqual([]);
    expect(stage.login()).toEqual(login);
  });
});
