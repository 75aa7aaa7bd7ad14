/**
 * Canaries in every secret place, through a whole life with all its failures: none may be readable in what the
 * backend keeps, history and backups too, or in anything that was printed.
 */
import { randomBytes } from "node:crypto";
import { type Emulator, startEmulator } from "pulumi-sftptogo/emulator";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { CommandResult } from "#process";
import { createStack, type TestStack } from "#stack";

const json = JSON.stringify;

let emulator: Emulator;
let stack: TestStack;
let printed: string[];
/** Every secret that was in use so far, with words for where it was. */
let secrets: Map<string, string>;

beforeEach(async () => {
  emulator = await startEmulator();
  printed = [];
  secrets = new Map([[emulator.apiKey, "the API key"]]);
  stack = await createStack({
    program: "",
    config: {
      "sftptogo:baseUrl": emulator.url,
      "sftptogo:organizationId": emulator.organizationId,
      "sftptogo:apiKey": { secret: emulator.apiKey },
      "sftptogo:maxRetries": "0",
    },
    env: { DEBUG: "sftptogo*" },
  });
});
afterEach(async () => {
  await stack?.dispose();
  await emulator.close();
});

/** A secret with characters that JSON, a URL and a shell write differently. */
function canary(where: string): string {
  const secret = `Ca-${randomBytes(6).toString("hex")}/"\\ü&+ 1!`;
  secrets.set(secret, where);
  return secret;
}

/** An authorization header: ASCII, as HTTP has it. */
function canaryHeader(where: string): string {
  const secret = `Bearer ${randomBytes(12).toString("hex")}`;
  secrets.set(secret, where);
  return secret;
}

/** A webhook's address, whose path is a token, as chat services have it. */
function canaryUrl(where: string): string {
  const secret = `https://hooks.example.com/${randomBytes(12).toString("hex")}`;
  secrets.set(secret, where);
  return secret;
}

/** Runs a command and notes what it printed, and what is secret at the server afterwards. */
async function run(command: () => Promise<CommandResult>): Promise<CommandResult> {
  const result = await command();
  printed.push(result.all);
  for (const credential of emulator.data.credentials.values()) {
    secrets.set(credential.Password, `a password of ${credential.UserName}`);
    const [user, password] = [credential.UserName, credential.Password].map(encodeURIComponent);
    secrets.set(`sftp://${user}:${password}@`, `the address of ${credential.UserName}`);
  }
  for (const { Secret, Alias } of emulator.data.webhooks.values()) secrets.set(Secret, `secret of ${Alias}`);
  for (const { Url, Path } of emulator.data.shareLinks.values()) secrets.set(Url, `address of ${Path}`);
  return result;
}

/** A secret as it may stand somewhere: plain, in JSON (once or twice), in a URL, in base64. */
function formsOf(secret: string): string[] {
  const inJson = json(secret).slice(1, -1);
  const base64 = Buffer.from(secret).toString("base64").replace(/=+$/, "").slice(0, -1);
  return [secret, inJson, json(inJson).slice(1, -1), encodeURIComponent(secret), base64];
}

/** Where secrets can be read; never the secrets themselves. */
function leaksIn(text: string): string[] {
  return [...secrets]
    .filter(([secret]) => formsOf(secret).some((form) => text.includes(form)))
    .map(([, at]) => at);
}

async function expectNoLeak(atLeast: number): Promise<void> {
  expect(leaksIn(printed.join("\n"))).toEqual([]);
  expect(leaksIn(await stack.stateText())).toEqual([]);
  expect(secrets.size).toBeGreaterThanOrEqual(atLeast);
  // The debug text was on, and says what it may say.
  expect(printed.join("\n")).toMatch(/sftptogo GET \/organizations\/\S+\/users 200 \d+ ms attempt 1/);
}

interface Given {
  readonly password?: string;
  readonly url: string;
  readonly header: string;
  readonly linkPassword: string;
  readonly rotation: string;
  readonly rotationPassword?: string;
}

function program({ password, url, header, linkPassword, rotation, rotationPassword }: Given): string {
  return `
    import * as sftptogo from "pulumi-sftptogo";
    const acme = new sftptogo.Credential("acme", {
      userName: "acme-incoming",
      password: ${json(password)},
      inboundRules: [{ source: "203.0.113.0/24" }],
    });
    const generated = new sftptogo.Credential("generated", { userName: "acme-generated" });
    new sftptogo.SshPublicKey("key", {
      credentialId: acme.id,
      sshPublicKeyBody: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDfT8S0pLMNwnMcV7MSgOwDEqGbCGCEfz2jTs1JPpPfv",
    });
    const hook = new sftptogo.Webhook("hook", {
      url: ${json(url)}, topics: ["file.created"], authorizationHeader: ${json(header)},
    });
    const link = new sftptogo.ShareLink("link", {
      path: "/reports/", permission: "read-only", password: ${json(linkPassword)},
    });
    const rotation = new sftptogo.PasswordRotation("rotation", {
      credentialId: generated.id, triggers: ${json(rotation)}, password: ${json(rotationPassword)},
    });
    export const secrets = [acme.uri, generated.password, hook.secret, link.url, rotation.password, rotation.uri];
  `;
}

function given(rotation: string): Given {
  return {
    password: canary(`the password given at ${rotation}`),
    url: canaryUrl(`the address given at ${rotation}`),
    header: canaryHeader(`the header given at ${rotation}`),
    linkPassword: canary(`the link's password given at ${rotation}`),
    rotation,
  };
}

/** An answer that holds what the request held, in several writings. */
function echo(secret: string | undefined): object {
  return {
    message: `${secret} is refused for ${emulator.apiKey}`,
    errors: [{ field: "Password", message: `${json(secret)} is too weak` }, encodeURIComponent(secret ?? "")],
  };
}

it("no secret can be read after a life in which all goes well, drift and import included", async () => {
  const first = given("first");
  await stack.writeProgram(program(first));
  await run(() => stack.preview());
  await run(() => stack.up());
  await run(() => stack.refresh());
  await run(() => stack.expect(["stack", "output"]));
  // What is looked for is there to be found.
  const shown = await stack.expect(["stack", "output", "--show-secrets", "--json"]);
  expect(leaksIn(shown.all).length).toBeGreaterThanOrEqual(5);

  const second = { ...given("second"), rotationPassword: canary("the password of the rotation") };
  await stack.writeProgram(program(second));
  await run(() => stack.preview());
  await run(() => stack.up());

  // Behind Pulumi's back.
  for (const [, credential] of emulator.data.credentials) credential.Password = canary("a drifted password");
  for (const [, webhook] of emulator.data.webhooks) {
    webhook.AuthorizationHeader = canaryHeader("a drifted header");
    webhook.Url = canaryUrl("a drifted address");
    webhook.Secret = canary("a secret that was rotated in the dashboard");
  }
  await run(() => stack.refresh(["--diff"]));
  await run(() => stack.preview());
  await run(() => stack.up());

  // The same objects by `get` and by `import`, the latter mismatching first.
  const { resources = [] } = await stack.exportState();
  const idOf = (name: string) => resources.find(({ urn }) => urn.endsWith(`::${name}`))?.id;
  const reading = (header: string, password: string) => `
    import * as sftptogo from "pulumi-sftptogo";
    const login = sftptogo.Credential.get("login", "${idOf("generated")}");
    const hook = sftptogo.Webhook.get("hook", "${idOf("hook")}");
    const link = sftptogo.ShareLink.get("link", "${idOf("link")}");
    const imported = new sftptogo.Webhook("imported", {
      url: "https://hooks.example.com/other", topics: ["file.deleted"], authorizationHeader: ${json(header)},
    }, { import: "${other.Id}" });
    const again = new sftptogo.Credential("again", {
      password: ${json(password)},
    }, { import: "${login.Id}" });
    export const found = sftptogo.getCredentialOutput({ userName: "acme-other-login" });
    export const secrets = [login.uri, hook.authorizationHeader, link.url, imported.secret];
  `;
  const otherHeader = canaryHeader("the header of what is imported");
  const other = emulator.data.addWebhook({
    Url: "https://hooks.example.com/other",
    Topics: ["file.deleted"],
    AuthorizationHeader: otherHeader,
    Secret: canary("the secret of what is imported"),
  });
  const login = emulator.data.addCredential({
    UserName: "acme-other-login",
    Password: canary("the password of what is imported"),
  });
  const mismatch = ["a header that does not match", "a password that does not match"] as const;
  await stack.writeProgram(reading(canaryHeader(mismatch[0]), login.Password));
  await run(() => stack.preview([], { fails: true }));
  await stack.writeProgram(reading(otherHeader, canary(mismatch[1])));
  await run(() => stack.preview([], { fails: true }));
  await stack.writeProgram(reading(otherHeader, login.Password));
  await run(() => stack.preview());
  await run(() => stack.up());
  await run(() => stack.refresh());
  await run(() => stack.destroy());
  await expectNoLeak(25);
});

it("no secret can be read after failures of every sort", async () => {
  const values = given("first");
  // Refused, in words that hold what was sent.
  const refusals = [
    ["createCredential", values.password, `Credential("acme", { password: ${json(values.password)} })`],
    [
      "createWebhook",
      values.header,
      `Webhook("hook", {
        url: "https://hooks.example.com/sftp", topics: ["file.created"],
        authorizationHeader: ${json(values.header)},
      })`,
    ],
    [
      "createShareLink",
      values.linkPassword,
      `ShareLink("link", {
        path: "/reports/", permission: "read-only", password: ${json(values.linkPassword)},
      })`,
    ],
  ] as const;
  for (const [operation, secret, resource] of refusals) {
    emulator.addFault({ name: "status", status: 400, operation, body: echo(secret) });
    await stack.writeProgram(`import * as sftptogo from "pulumi-sftptogo"; new sftptogo.${resource};`);
    const { all } = await run(() => stack.up([], { fails: true }));
    expect(all).toMatch(/\(HTTP 400\)\. The API says: ".*not shown.*"/);
  }
  await stack.writeProgram(program(values));

  // The credential exists, and its rules cannot be set: a resource half-made is in the state.
  emulator.addFault({
    name: "status",
    status: 500,
    operation: ["updateCredential", "updateInboundRules"],
    body: echo(undefined),
  });
  await run(() => stack.up([], { fails: true }));
  await run(() => stack.refresh());
  // Answers that were lost after the server acted, and a web page for one.
  emulator.addFault({ name: "reset", when: "after", operation: "createWebhook" });
  emulator.addFault({ name: "html", when: "after", operation: "createShareLink" });
  emulator.addFault({ name: "truncated", when: "after", operation: "rotatePassword" });
  await run(() => stack.run(["up", "--yes", "--skip-preview"]));
  await run(() => stack.up());

  let changed: Given = values;
  for (const [operation, place] of [
    ["updateCredential", "password"],
    ["updateWebhook", "header"],
    ["updateShareLink", "linkPassword"],
    ["setPassword", "rotationPassword"],
  ] as const) {
    changed = { ...given(operation), rotationPassword: canary(`the rotation's password at ${operation}`) };
    await stack.writeProgram(program(changed));
    emulator.addFault({ name: "status", status: 400, operation, body: echo(changed[place]) });
    const { all } = await run(() => stack.up([], { fails: true }));
    expect(all).toMatch(/\(HTTP 400\)\. The API says: ".*not shown.*"/);
  }
  for (const name of ["wrong-shape", "wrong-json", "html"] as const) {
    await stack.writeProgram(program({ ...changed, ...given(name) }));
    emulator.clearFaults();
    emulator.addFault({ name, method: "PATCH", when: "after" });
    emulator.addFault({ name, operation: "listCredentials" });
    await run(() => stack.run(["up", "--yes", "--skip-preview"]));
  }
  emulator.clearFaults();
  emulator.addFault({ name: "status", status: 401, body: { message: `${emulator.apiKey} is not a key` } });
  await run(() => stack.refresh([], { fails: true }));
  emulator.addFault({
    name: "redirect",
    location: `https://x:${emulator.apiKey}@elsewhere.invalid/${values.password}`,
  });
  await run(() => stack.refresh([], { fails: true }));
  await run(() => stack.up());
  emulator.addFault({ name: "status", status: 500, method: "DELETE", body: echo(emulator.apiKey) });
  await run(() => stack.destroy([], { fails: true }));
  await run(() => stack.destroy());

  // Bad input that is secret, or holds a secret: a check failure shows no value.
  await stack.writeProgram(`
    import * as sftptogo from "pulumi-sftptogo";
    new (sftptogo as any).Webhook("hook", {
      url: "http://user:${emulator.apiKey}@hooks.example.com/", topics: ["file.created"],
      authorizationHeader: ${json(`${values.header}\n${values.header}`)},
    });
  `);
  const refused = await run(() => stack.preview([], { fails: true }));
  expect(refused.all).toContain("authorizationHeader must be one line");
  expect([...emulator.data.credentials.values()]).toEqual([emulator.data.root]);
  await expectNoLeak(15);
});
