/** Forced replacements, which skip diff, and renames in the program: what becomes of the login behind. */
import { afterEach, describe, expect, it } from "vitest";
import { openRealStage, type RealStage } from "../harness/stage/real.js";

let stage: RealStage;
afterEach(() => stage?.[Symbol.asyncDispose]());

function operations(): string[] {
  return stage.writes().map(({ operation }) => operation);
}

/** A login that the stack made, and one whose import option is still in the program. */
const names = ["acme", "partner"];

const urns = () => Promise.all(names.map(async (name) => (await stage.inState(name)).urn));

/** The ways of a replacement; each runs the `up` that replaces both. */
const ways: Readonly<Record<string, (program: (option: string) => string) => Promise<unknown>>> = {
  async "state taint"() {
    await stage.stack.expect(["state", "taint", ...(await urns()), "--yes"]);
    return stage.stack.up();
  },
  async "--target-replace"() {
    return stage.stack.up((await urns()).flatMap((urn) => ["--target-replace", urn]));
  },
  async "a changed replacementTrigger"(program) {
    await stage.write(program(`replacementTrigger: "second"`));
    return stage.stack.up();
  },
};

describe.each(Object.keys(ways))("a replacement by %s", (way) => {
  it("leaves one login of each name, imported or not, in the state, with nothing left to do", async () => {
    stage = await openRealStage("");
    const { stack, emulator } = stage;
    const imported = emulator.data.addCredential({ UserName: "partner-incoming" });
    const program = (option: string) => `
      new sftptogo.Credential("acme", { inboundRules: [{ source: "203.0.113.7" }] }, { ${option} });
      new sftptogo.Credential("partner", { userName: "partner-incoming" }, { import: "${imported.Id}", ${option} });
    `;
    await stage.write(program(`replacementTrigger: "first"`));
    await stack.up();
    const logins = () => [...emulator.data.credentials.values()].filter(({ IsDefault }) => !IsDefault);
    const before = logins().map(({ Id }) => Id);
    const userNames = logins().map(({ UserName }) => UserName);
    // Nothing is written to the one that is imported.
    expect(operations()).toEqual(["createCredential", "updateInboundRules", "updateCredential"]);

    await ways[way]?.(program);
    // Of each the old one goes first: otherwise the service would refuse a create. Which of the two comes first is chance.
    expect(operations().sort()).toEqual([
      "createCredential",
      "createCredential",
      "deleteCredential",
      "deleteCredential",
      "updateCredential",
      "updateInboundRules",
    ]);
    expect(
      logins()
        .map(({ UserName }) => UserName)
        .sort(),
    ).toEqual(userNames.sort());
    for (const { Id, State } of logins()) {
      expect(before).not.toContain(Id);
      expect(State).toBe("active");
    }
    const ids = await Promise.all(names.map(async (name) => (await stage.inState(name)).id));
    expect(ids.sort()).toEqual(
      logins()
        .map(({ Id }) => Id)
        .sort(),
    );
    await stack.expectNoChanges();
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
