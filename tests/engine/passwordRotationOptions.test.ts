/** Rotations under the engine's own options and commands: forced, protected, ignored, imported, read. */
import { afterEach, describe, expect, it } from "vitest";
import { openRealStage, type RealStage } from "../harness/stage/real.js";

let stage: RealStage;
afterEach(() => stage?.[Symbol.asyncDispose]());

function program(args: string, options = ""): string {
  return `
    const acme = new sftptogo.Credential("acme");
    const rotation = new sftptogo.PasswordRotation("rotation", { credentialId: acme.id, ${args} }, { ${options} });
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
  it("rotates once for each forced replacement", async () => {
    stage = await openRealStage(program("", `replacementTrigger: "first"`));
    const { stack } = stage;
    await stack.up();
    const { urn } = await stage.inState("rotation");
    operations();

    await stack.expect(["state", "taint", urn, "--yes"]);
    await stack.up();
    expect(operations()).toEqual(["rotatePassword"]);
    await expectWorkingPassword();
    await stack.up(["--target-replace", urn]);
    expect(operations()).toEqual(["rotatePassword"]);
    await expectWorkingPassword();
    await stage.write(program("", `replacementTrigger: "second"`));
    await stack.up();
    expect(operations()).toEqual(["rotatePassword"]);
    await expectWorkingPassword();

    // In the other order, too, the last password that is handed out works.
    await stage.write(program(`triggers: 1`, `replacementTrigger: "second", deleteBeforeReplace: true`));
    expect((await stack.up()).stdout).toMatch(/deleted original(.|\n)*created replacement/);
    await stack.expectNoChanges();
    expect(operations()).toEqual(["rotatePassword"]);
    await expectWorkingPassword();
  });

  it("is kept from rotating by protect and by ignoreChanges", async () => {
    stage = await openRealStage(program(`triggers: "first"`, "protect: true"));
    const { stack } = stage;
    await stack.up();
    operations();
    await stage.write(program(`triggers: "second"`, "protect: true"));
    expect((await stack.up([], { fails: true })).all).toMatch(
      /unable to replace resource ".+::rotation"\s+as it is currently marked for protection/,
    );
    await stage.write(program(`triggers: "second"`, `ignoreChanges: ["triggers"]`));
    await stack.up();
    await stack.preview(["--expect-no-changes"]);
    expect(operations()).toEqual([]);
    await expectWorkingPassword();
  });

  it("goes on from an earlier rotation by the import option, without rotating", async () => {
    stage = await openRealStage("");
    const { stack, emulator } = stage;
    const { Id, Password, PasswordCreatedAt } = emulator.data.addCredential({ UserName: "acme-incoming" });
    const id = `${Id}/${Date.parse(PasswordCreatedAt)}`;
    const imported = (args: string, options: string) => `
      const rotation = new sftptogo.PasswordRotation("rotation", { credentialId: "${Id}", ${args} }, { ${options} });
      export const { password } = rotation;`;
    await stage.write(imported("rotateAfterDays: 30", `import: "${id}"`));
    await stack.up();
    await stack.expectNoChanges();
    expect(operations()).toEqual([]);
    expect(await stage.inState("rotation")).toMatchObject({ id, outputs: { rotatedAt: PasswordCreatedAt } });
    await expectWorkingPassword();
    await stage.write(imported("rotateAfterDays: 30", ""));
    await stack.preview(["--expect-no-changes"]);
    expect(stage.login().Password === Password).toBe(true);

    await stage.write(imported(`rotateAfterDays: 30, triggers: "now"`, ""));
    await stack.up();
    await stack.expectNoChanges();
    expect(operations()).toEqual(["rotatePassword"]);
    await expectWorkingPassword();
    // Nor does the option, where it stands in the program again, keep a later trigger from rotating.
    await stage.write(imported(`rotateAfterDays: 30, triggers: "again"`, `import: "${id}"`));
    await stack.up();
    expect(operations()).toEqual(["rotatePassword"]);
    await expectWorkingPassword();
    await stack.destroy();
    expect(operations()).toEqual([]);
    expect(emulator.data.credentials.has(Id)).toBe(true);
  });

  it("is refused, with nothing rotated, where there is no such login or the import is of another", async () => {
    const missing = "4ddb2ea265b8eaf7680d20f0b26cf1";
    stage = await openRealStage(`new sftptogo.PasswordRotation("rotation", { credentialId: "${missing}" });`);
    const { stack, emulator } = stage;
    expect((await stack.up([], { fails: true })).all).toContain(
      `There is no credential with the id "${missing}" to rotate.`,
    );
    const one = emulator.data.addCredential();
    await stage.write(`new sftptogo.PasswordRotation("rotation", {
      credentialId: "${emulator.data.root.Id}",
    }, { import: "${one.Id}/${one.CreatedAt}" });`);
    expect((await stack.preview([], { fails: true })).all).toContain(
      `credentialId is "${one.Id}" there. Declare what the service has`,
    );
    expect(operations()).toEqual([]);
  });
});
