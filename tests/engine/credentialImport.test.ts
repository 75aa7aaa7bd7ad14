/** Logins that were there before: read, taken over, refused. */
import { afterEach, describe, expect, it } from "vitest";
import { openRealStage, type RealStage } from "../harness/stage/real.js";

let stage: RealStage;
afterEach(() => stage?.[Symbol.asyncDispose]());

const acme = {
  UserName: "acme-incoming",
  Alias: "Acme",
  HomeDirectory: "acme",
  Permission: "read-only",
} as const;
const declared = `userName: "acme-incoming", homeDirectory: "/acme", permission: "read-only"`;

function program(args: string, options: string): string {
  return `new sftptogo.Credential("acme", { ${args} }, { ${options} });`;
}

describe("the import option", () => {
  it("takes over what matches without a write, and may be taken out later", async () => {
    stage = await openRealStage("");
    const { stack, emulator, writes } = stage;
    const login = emulator.data.addCredential(acme);
    await stage.write(program(declared, `import: "${login.Id}"`));
    expect((await stack.preview()).stdout).toContain("+ pulumi-nodejs:dynamic/sftptogo:Credential: (create)");
    await stack.up();
    await stack.preview(["--expect-no-changes"]);
    await stack.refresh(["--expect-no-changes"]);
    expect((await stage.inState("acme")).id).toBe(login.Id);

    await stage.write(program(declared, ""));
    await stack.preview(["--expect-no-changes"]);
    await stack.up();
    await stack.expectNoChanges();
    expect(writes()).toEqual([]);
    expect(login).toMatchObject(acme);

    // From now on it is as any other.
    await stage.write(program(declared.replace("read-only", "read-write"), ""));
    await stack.up();
    expect(writes()).toEqual([{ operation: "updateCredential", body: { Permission: "read-write" } }]);
    await stack.destroy();
    expect([...emulator.data.credentials.values()]).toEqual([emulator.data.root]);
  });

  it("refuses in preview what differs, with the service's values, and writes nothing", async () => {
    stage = await openRealStage("");
    const { stack, emulator, writes } = stage;
    const login = emulator.data.addCredential(acme);
    const args = declared.replace("read-only", "full");
    await stage.write(program(`${args}, password: "Not-The-0ne!"`, `import: "${login.Id}"`));
    for (const command of [stack.preview, stack.up]) {
      const { all } = await command.call(stack, [], { fails: true });
      expect(all).toContain('permission is "read-only" there');
      expect(all).toContain("password differs (secret)");
      expect(all).toContain("Declare what the service has, import, and change it afterwards");
      expect(all).not.toContain("userName is");
      expect(all).not.toContain("Not-The-0ne!");
      expect(all.includes(login.Password)).toBe(false);
    }
    expect(writes()).toEqual([]);
    expect((await stack.exportState()).resources?.some(({ id }) => id === login.Id)).toBe(false);

    await stage.write(program("", `import: "4ddb2ea265b8eaf7680d20f0b26cf1"`));
    expect((await stack.preview([], { fails: true })).all).toContain(
      'import: there is no credential with the id "4ddb2ea265b8eaf7680d20f0b26cf1"',
    );
  });

  it("takes over root, whose permission then cannot change, and which destroy leaves with a warning", async () => {
    stage = await openRealStage("");
    const { stack, emulator, writes } = stage;
    const { root } = emulator.data;
    const rootWith = (args: string) =>
      `new sftptogo.Credential("root", { ${args} }, { import: "${root.Id}" });`;
    await stage.write(rootWith(`alias: "Root", permission: "full"`));
    await stack.up();
    await stack.expectNoChanges();
    expect(writes()).toEqual([]);

    await stage.write(rootWith(`alias: "Root", permission: "read-only"`));
    expect((await stack.preview([], { fails: true })).all).toContain(
      "cannot be changed for the root credential",
    );
    await stage.write(rootWith(`alias: "Main", permission: "full"`));
    await stack.up();
    expect(writes()).toEqual([{ operation: "updateCredential", body: { Alias: "Main" } }]);

    const destroyed = await stack.destroy();
    expect(destroyed.all).toMatch(
      /warning: credential \w+ is the organization's root credential, .* left as it is/,
    );
    expect(writes()).toEqual([]);
    expect([...emulator.data.credentials.values()]).toEqual([root]);
    expect((await stack.exportState()).resources ?? []).toEqual([]);
  });
});

describe("a user name that is taken", () => {
  it("warns in preview and is refused at up with the option that makes the next up whole", async () => {
    stage = await openRealStage(program(declared, ""));
    const { stack, emulator, writes } = stage;
    const login = emulator.data.addCredential(acme);
    const refusal = `add the option { import: "${login.Id}" }`;
    const preview = (await stack.preview()).all;
    expect(preview).toMatch(/warning: credential "acme": `pulumi up` will refuse this, unless it replaces/);
    expect(preview).toContain(refusal);
    const { all } = await stack.up([], { fails: true });
    expect(all).toContain(refusal);
    expect(writes()).toEqual([]);

    const [, option = ""] = /the option \{ (.+?) \}/.exec(all) ?? [];
    await stage.write(program(declared, option));
    await stack.up();
    await stack.expectNoChanges();
    expect((await stage.inState("acme")).id).toBe(login.Id);
    expect(writes()).toEqual([]);
  });
});

describe(".get", () => {
  it("of a missing id is an error, in preview already", async () => {
    const id = "4ddb2ea265b8eaf7680d20f0b26cf1";
    stage = await openRealStage(`sftptogo.Credential.get("acme", "${id}");`);
    const message = `There is no credential with the id "${id}".`;
    expect((await stage.stack.preview([], { fails: true })).all).toContain(message);
    const { all } = await stage.stack.up([], { fails: true });
    expect(all).toContain(message);
    // No stack trace on anybody's terminal.
    expect(all).not.toMatch(/^\s+at /m);
    expect(stage.writes()).toEqual([]);
  });
});

describe("the root credential", () => {
  const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHUuxXk6AkDKkOqBWyIKjtUSxpTZKvJcJKyGsnr6P3fE of-the-owner";
  const managed = (args: string) => `
    const root = new sftptogo.Credential("root", { ${args} }, { import: "ROOT" });
    new sftptogo.SshPublicKey("key", { credentialId: root.id, sshPublicKeyBody: "${key}" });
    new sftptogo.PasswordRotation("password", { credentialId: root.id });
  `;

  it("is taken over and managed with its keys, rules and password, and left by destroy, which says so", async () => {
    stage = await openRealStage("");
    const { stack, emulator } = stage;
    const { root } = emulator.data;
    const before = { id: root.Id, password: root.Password };
    const write = (args: string) => stage.write(managed(args).replace("ROOT", root.Id));
    await write(`alias: ${JSON.stringify(root.Alias)}`);
    await stack.up();
    expect(root.Password).not.toBe(before.password);
    expect([...emulator.data.sshPublicKeys.values()]).toMatchObject([{ UserId: root.Id }]);

    await write('alias: "Owner", inboundRules: [{ source: "203.0.113.0/24" }]');
    await stack.up();
    expect(root).toMatchObject({
      Alias: "Owner",
      State: "active",
      Settings: { Network: { InboundRules: [{ Source: "203.0.113.0/24" }] } },
    });
    await stack.expectNoChanges();

    await write('alias: "Owner", permission: "read-only"');
    const refused = await stack.preview([], { fails: true });
    expect(refused.all).toContain("permission cannot be changed for the root credential");

    await write('alias: "Owner"');
    const { all } = await stack.destroy();
    expect(all).toContain(
      "is the organization's root credential, which cannot be deleted: it was left as it is",
    );
    expect([...emulator.data.credentials.values()]).toEqual([root]);
    expect(root.Id).toBe(before.id);
    expect(emulator.data.sshPublicKeys.size).toBe(0);
  });
});
