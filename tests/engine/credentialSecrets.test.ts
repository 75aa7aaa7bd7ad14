/** A login's password as the program declares it, as others rotate it, as the state keeps it; and its end. */
import { afterEach, describe, expect, it } from "vitest";
import { openRealStage, type RealStage } from "../harness/stage/real.js";

let stage: RealStage;
afterEach(() => stage?.[Symbol.asyncDispose]());

const day = 86_400_000;

describe("a declared password", () => {
  it("is set at create, changed by the program, and a rotation of it is not undone", async () => {
    const program = (password: string, more = "") => `
      const acme = new sftptogo.Credential("acme", { password: "${password}", ${more} });
      export const password = acme.password;
    `;
    const passwords = ["First-Pa55word!", "Second-Pa55word!"] as const;
    stage = await openRealStage(program(passwords[0]));
    const { stack, writes } = stage;
    const printed = [await stack.preview(), await stack.up()];
    await stack.expectNoChanges();
    const login = stage.login();
    expect(login.Password === passwords[0]).toBe(true);

    await stage.write(program(passwords[1]));
    printed.push(await stack.preview(), await stack.up());
    await stack.expectNoChanges();
    expect(writes()).toMatchObject([
      { operation: "createCredential" },
      { operation: "updateCredential", body: { Password: "[secret]" } },
    ]);
    expect(login.Password === passwords[1]).toBe(true);

    // Somebody rotates: refresh takes the new one into the output, and nothing undoes it, not even an update.
    login.Password = "R0tated-elsewhere!";
    printed.push(await stack.refresh(), await stack.up(["--expect-no-changes"]));
    expect((await stack.outputs({ showSecrets: true })).password === login.Password).toBe(true);
    await stage.write(program(passwords[1], `alias: "Acme"`));
    printed.push(await stack.up());
    await stack.expectNoChanges();
    expect(writes()).toEqual([{ operation: "updateCredential", body: { Alias: "Acme" } }]);
    expect(login.Password === "R0tated-elsewhere!").toBe(true);

    const readable = [...printed.map(({ all }) => all), await stack.stateText()].join("\n");
    for (const secret of [...passwords, login.Password]) expect(readable.includes(secret)).toBe(false);
  });
});

describe("storeSecrets", () => {
  it("false keeps no password in the state, and may be changed without a write", async () => {
    const program = (args: string) => `
      const acme = new sftptogo.Credential("acme", { ${args} });
      export const { password, uri } = acme;
    `;
    stage = await openRealStage(program("storeSecrets: false"));
    const { stack, writes } = stage;
    await stack.up();
    await stack.preview(["--expect-no-changes"]);
    await stack.refresh(["--expect-no-changes"]);
    const none = await stack.outputs({ showSecrets: true });
    expect(none.password ?? null).toBeNull();
    expect(none.uri ?? null).toBeNull();
    const exported = await stack.expect(["stack", "export", "--show-secrets"]);
    expect(exported.stdout.includes(stage.login().Password)).toBe(false);
    writes();

    await stage.write(program("storeSecrets: true"));
    await stack.up();
    await stack.expectNoChanges();
    expect((await stack.outputs({ showSecrets: true })).password === stage.login().Password).toBe(true);
    await stage.write(program("storeSecrets: false"));
    await stack.up();
    await stack.expectNoChanges();
    expect((await stack.outputs({ showSecrets: true })).password ?? null).toBeNull();

    // Taken out, it stays as it was, whatever else is updated.
    await stage.write(program(`alias: "Acme"`));
    await stack.up();
    await stack.expectNoChanges();
    expect((await stack.outputs({ showSecrets: true })).password ?? null).toBeNull();
    expect(writes()).toEqual([{ operation: "updateCredential", body: { Alias: "Acme" } }]);
  });
});

describe("an expiration that has passed", () => {
  it("is no drift, and no later update makes the login active again", async () => {
    const until = Date.now() + 30 * day;
    const program = (args: string) =>
      `new sftptogo.Credential("acme", { expiration: ${until}, state: "active", ${args} });`;
    stage = await openRealStage(program(""));
    const { stack, writes } = stage;
    await stack.up();
    writes();
    await stage.passTime(31 * day);
    await stack.preview(["--expect-no-changes"]);
    await stack.refresh();
    expect(stage.login()).toMatchObject({ State: "inactive", Expiration: null });
    const empty = await stack.preview(["--expect-no-changes"]);
    expect(empty.all).not.toContain("warning");

    await stage.write(program(`alias: "Acme"`));
    await stack.up();
    await stack.expectNoChanges();
    expect(writes()).toEqual([{ operation: "updateCredential", body: { Alias: "Acme" } }]);
    expect(stage.login()).toMatchObject({ State: "inactive", Expiration: null });

    // A new time is a new wish.
    const renewed = until + 90 * day;
    await stage.write(`new sftptogo.Credential("acme", { expiration: ${renewed}, state: "active" });`);
    await stack.up();
    await stack.expectNoChanges();
    expect(writes()).toEqual([
      { operation: "updateCredential", body: { Expiration: renewed, State: "active" } },
    ]);
    expect(stage.login()).toMatchObject({ State: "active", Expiration: renewed });
  });
});
