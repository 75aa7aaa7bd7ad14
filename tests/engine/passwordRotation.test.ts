/** A password's rotations on the real engine: what brings one about, what does not, and what each leaves. */
import { afterEach, describe, expect, it } from "vitest";
import { openRealStage, type RealStage } from "../harness/stage/real.js";

let stage: RealStage;
afterEach(() => stage?.[Symbol.asyncDispose]());

const day = 86_400_000;

function program(args: string, options = ""): string {
  return `
    const acme = new sftptogo.Credential("acme");
    const rotation = new sftptogo.PasswordRotation("rotation", { credentialId: acme.id, ${args} }, { ${options} });
    export const { password, uri, rotatedAt, userName } = rotation;
  `;
}

function operations(): string[] {
  return stage.writes().map(({ operation }) => operation);
}

/** The stack hands out the password that the login has now. */
async function expectWorkingPassword(): Promise<string> {
  const { password } = await stage.stack.outputs({ showSecrets: true });
  expect(password === stage.login().Password).toBe(true);
  return String(password);
}

describe("a password rotation", () => {
  it("rotates once at create and once for each changed trigger, and prints no password", async () => {
    stage = await openRealStage(program(`triggers: "first"`));
    const { stack } = stage;
    const printed = [await stack.preview(), await stack.up()];
    expect(operations()).toEqual(["createCredential", "rotatePassword"]);
    const first = await expectWorkingPassword();
    await stack.preview(["--expect-no-changes"]);
    await stack.expectNoChanges();
    const [owner, rotatedAt] = (await stage.inState("rotation")).id?.split("/") ?? [];
    expect(owner).toBe(stage.login().Id);
    // The later of the service's time and ours.
    expect(Number(rotatedAt)).toBeGreaterThanOrEqual(Date.parse(stage.login().PasswordCreatedAt));
    expect(new Date(Number(rotatedAt)).toISOString()).toBe((await stack.outputs()).rotatedAt);
    // Into the login's own output the new password comes by a refresh; a second one finds nothing.
    printed.push(await stack.refresh());
    await stack.refresh(["--expect-no-changes"]);

    await stage.write(program(`triggers: ["second", { more: 1 }]`));
    const preview = await stack.preview();
    expect(preview.stdout).toMatch(/\+-pulumi-nodejs:dynamic\/sftptogo:PasswordRotation: \(replace\)/);
    const ending = /credential \S+ gets a new password, and its present one stops working/;
    expect(preview.all).toMatch(ending);
    for (const { all } of printed) expect(all).not.toMatch(ending);
    expect(operations()).toEqual([]);
    const replaced = await stack.up();
    // The new one before the old one goes, so that a failure in between leaves a password that is known.
    expect(replaced.stdout).toMatch(/created replacement(.|\n)*deleted original/);
    expect(operations()).toEqual(["rotatePassword"]);
    await stack.expectNoChanges();
    const second = await expectWorkingPassword();
    expect(second === first).toBe(false);

    const readable = [...[...printed, preview, replaced].map(({ all }) => all), await stack.stateText()];
    for (const secret of [first, second]) expect(readable.join("\n").includes(secret)).toBe(false);

    const another = 'new sftptogo.PasswordRotation("another", { credentialId: acme.id });';
    await stage.write(`${program(`triggers: ["second", { more: 1 }]`)}${another}`);
    expect((await stack.preview([], { fails: true })).all).toMatch(
      /"(rotation|another)" in this program manages the password of credential \S+ too: keep one of them/,
    );
    expect(operations()).toEqual([]);
  });

  it("sets a declared password, again when the program changes it, and then leaves it to others", async () => {
    const passwords = ["First-Pa55word!", "Second-Pa55word!"] as const;
    stage = await openRealStage(program(`password: "${passwords[0]}"`));
    const { stack } = stage;
    await stack.up();
    expect(operations()).toEqual(["createCredential", "setPassword"]);
    expect((await expectWorkingPassword()) === passwords[0]).toBe(true);

    await stage.write(program(`password: "${passwords[1]}"`));
    const { all } = await stack.up();
    await stack.expectNoChanges();
    expect(operations()).toEqual(["setPassword"]);
    expect((await expectWorkingPassword()) === passwords[1]).toBe(true);
    for (const secret of passwords) expect(all.includes(secret)).toBe(false);

    stage.login().Password = "R0tated-elsewhere!";
    await stack.refresh();
    await stack.up(["--expect-no-changes"]);
    expect(operations()).toEqual([]);
    await expectWorkingPassword();
  });

  it("is due at an age, seen in preview, and rotates once for it", async () => {
    stage = await openRealStage(program("rotateAfterDays: 30"));
    const { stack } = stage;
    await stack.up();
    const first = await expectWorkingPassword();
    operations();
    await stage.passTime(29 * day);
    await stack.expectNoChanges();
    await stage.passTime(2 * day);
    const previewed = await stack.preview();
    expect(previewed.stdout).toContain("+-1 to replace");
    expect(previewed.all).toMatch(/warning: the password of \S+ was rotated at \S+, more than 30 days ago/);
    await stack.up();
    await stack.expectNoChanges();
    expect(operations()).toEqual(["rotatePassword"]);
    expect((await expectWorkingPassword()) === first).toBe(false);
  });

  it("rotates nothing for a higher age, which updates in place, and at once for one that is over", async () => {
    stage = await openRealStage(program("rotateAfterDays: 30"));
    const { stack } = stage;
    await stack.up();
    operations();
    await stage.write(program("rotateAfterDays: 90"));
    expect((await stack.up()).stdout).toContain("~ 1 updated");
    expect(operations()).toEqual([]);
    await stage.passTime(2 * day);
    await stage.write(program("rotateAfterDays: 1"));
    await stack.up();
    expect(operations()).toEqual(["rotatePassword"]);
    await expectWorkingPassword();
  });

  it("rotates the other login when its credentialId changes, and nothing when it is taken out", async () => {
    const both = (rest: string) => `
      const acme = new sftptogo.Credential("acme", { userName: "acme-incoming" });
      const other = new sftptogo.Credential("other", { userName: "other-incoming" });
      ${rest}`;
    const rotation = (of: string) =>
      both(`
      const rotation = new sftptogo.PasswordRotation("rotation", { credentialId: ${of}.id });
      export const { password, userName } = rotation;`);
    stage = await openRealStage(rotation("acme"));
    const { stack, emulator } = stage;
    await stack.up();
    operations();
    await stage.write(rotation("other"));
    expect((await stack.preview()).stdout).toContain("+-1 to replace");
    await stack.up();
    await stack.expectNoChanges();
    expect(operations()).toEqual(["rotatePassword"]);
    const outputs = await stack.outputs({ showSecrets: true });
    expect(outputs.userName).toBe("other-incoming");
    const other = emulator.data.findCredential("other-incoming");
    expect(outputs.password === other?.Password).toBe(true);

    await stage.write(both(""));
    expect((await stack.up()).stdout).toContain("- 1 deleted");
    expect(operations()).toEqual([]);
    expect(outputs.password === other?.Password).toBe(true);
  });
});
