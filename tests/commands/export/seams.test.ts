/** What an export does with odd files, patterns and folders, and with what a stack has already. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { type Emulator, startEmulator } from "../../../provider/emulator";
import { typeToken } from "../../../provider/protocol/kinds";
import { addKey } from "./organization";

const main = join(__dirname, "../../../dist/commands/main.js");

let emulator: Emulator;
let folder: string;
let credentialId: string;
beforeEach(async () => {
  emulator = await startEmulator();
  folder = mkdtempSync(join(tmpdir(), "export-"));
  onTestFinished(async () => {
    rmSync(folder, { recursive: true });
    await emulator.close();
  });
  credentialId = emulator.data.addCredential({ Alias: "Acme", UserName: "acme-incoming" }).Id;
});

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(command: string, ...args: string[]): Promise<Ended> {
  const env = {
    ...process.env,
    SFTPTOGO_API_KEY: emulator.apiKey,
    SFTPTOGO_ORGANIZATION_ID: emulator.organizationId,
    SFTPTOGO_BASE_URL: emulator.url,
  };
  return new Promise((resolve) => {
    const options = { cwd: folder, env, timeout: 20_000 };
    execFile(process.execPath, [main, command, ...args], options, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}
const written = () => readFileSync(join(folder, "out/index.ts"), "utf8");
const file = (name: string, content: string | Buffer) => {
  writeFileSync(join(folder, name), content);
  return name;
};

/** What `pulumi stack export` writes of some resources. */
function stackOf(
  ...resources: readonly { kind: Parameters<typeof typeToken>[0]; id: string; outputs?: object }[]
) {
  return JSON.stringify({
    deployment: {
      resources: resources.map(({ kind, id, outputs = {} }) => ({
        urn: `urn:pulumi:dev::shop::${typeToken(kind)}::keys`,
        type: typeToken(kind),
        id,
        outputs,
      })),
    },
  });
}

describe("B1 what an export protects", () => {
  test("is what can be changed in place: no key, which changes by replacement, and no rotation, which could not rotate", async () => {
    addKey(emulator, credentialId, "ops@acme.example");
    Object.assign(emulator.data.credentials.get(credentialId) ?? {}, {
      PasswordCreatedAt: "2026-01-01T00:00:00Z",
    });
    emulator.data.addWebhook({ Url: "https://hooks.example.com/t", Topics: ["file.created"] });
    await run("export", "--out", "out", "--only", "credentials,keys,webhooks,rotations");
    const options = [
      ...written().matchAll(/new sftptogo\.(\w+)\([\s\S]*?import:\s+"[^"]+"(, protect: true)?/g),
    ];
    expect(
      Object.fromEntries(options.map(([, kind, isProtected]) => [kind, isProtected !== undefined])),
    ).toEqual({
      Credential: true,
      SshPublicKey: false,
      Webhook: true,
      PasswordRotation: false,
    });
  });
});

describe("B3 a key that was added elsewhere beside a set of the stack", () => {
  test.each([
    ["is not managed", [], true],
    ["unless the set has it", ["of the set"], false],
    ["or is about to let it go", ["outgoing"], false],
  ])("%s", async (_, has, isFound) => {
    const key = addKey(emulator, credentialId, "ops@acme.example");
    const ids = {
      keyIds: has.includes("of the set") ? [key.Id] : [],
      outgoing: has.includes("outgoing") ? [{ keyId: key.Id }] : [],
    };
    const stack = file(
      "stack.json",
      stackOf(
        { kind: "Credential", id: credentialId },
        { kind: "SshPublicKeySet", id: credentialId, outputs: ids },
      ),
    );
    const audit = await run("audit", "--stack-export", stack, "--json");
    expect(audit.stdout.includes('"not-managed"') && audit.stdout.includes(key.Id)).toBe(isFound);
    const { stdout } = await run("export", "--out", "out", "--stack-export", stack);
    expect(
      stdout.includes('is not declared by the SshPublicKeySet "keys", which removes it: add its body there'),
    ).toBe(isFound);
  });
});

describe("B4 a file of ids", () => {
  const utf16 = (text: string) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, "utf16le")]);
  test.each<[string, (id: string) => string | Buffer]>([
    ["a byte-order mark", (id) => `\ufeff${id}\r\n`],
    ["a byte-order mark before JSON", (id) => `\ufeff${JSON.stringify({ id })}`],
    ["UTF-16, as PowerShell writes it", (id) => utf16(JSON.stringify({ resources: [{ id }] }))],
    ["ids 50,000 deep", (id) => `${'{"a":'.repeat(50_000)}${JSON.stringify({ id })}${"}".repeat(50_000)}`],
  ])("is read with %s", async (_, content) => {
    const ended = await run("export", "--out", "out", "--ids", file("ids", content(credentialId)));
    expect(ended.stderr).toBe("");
    expect(written()).toContain(credentialId);
  });

  test.each<[string, string, RegExp]>([
    [
      "is cut in the middle",
      '{"resources": [{"id": "a',
      /neither JSON nor a list of ids: it may have been cut/,
    ],
    ["is a web page", "<!doctype html><p>Sign in</p>", /or be a page of an error/],
    ["has sentences", "No such state\nTry again", /neither JSON nor a list of ids/],
    [
      "has ids that nothing has",
      "a\nb\n",
      /--ids: the file has 2 ids, of which none is among the credentials, keys/,
    ],
  ])("is refused where it %s", async (_, content, reason) => {
    const ended = await run("export", "--out", "out", "--ids", file("ids", content));
    expect([ended.code, ended.stdout]).toEqual([1, ""]);
    expect(ended.stderr).toMatch(reason);
  });

  test("and a pattern that nothing is called by is refused too", async () => {
    const { code, stderr } = await run("export", "--out", "out", "--match", "beta*");
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/--match "beta\*": nothing is called like that/),
    ]);
  });
});

describe("a pattern", () => {
  test.each([
    ["acme", true],
    ["ACM?", true],
    ["*", true],
    ["*m*e", true],
    ["a*c*e*", true],
    ["?cm", false],
    ["acme?", false],
    ["*x*", false],
  ])("%s means what a shell means by it", async (glob, isFound) => {
    const { code } = await run("export", "--out", "out", "--only", "credentials", "--match", glob);
    expect(code).toBe(isFound ? 0 : 1);
  });

  test("of many stars against a long name ends at once", async () => {
    emulator.data.addCredential({ Alias: `${"a".repeat(3_000)}b`, UserName: "long-incoming" });
    const { code } = await run("export", "--out", "out", "--match", `${"*a".repeat(60)}*c`);
    expect(code).toBe(1);
  });
});

describe("a folder", () => {
  test("that cannot be made is refused in a sentence, and ends", async () => {
    const { code, stderr } = await run("export", "--out", "/proc/nothing/here");
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/\/proc\/nothing cannot be written \(\w+\): give another --out/),
    ]);
  });

  test.each([
    ["it's here", "cd 'it'\\''s here'"],
    ["-here", "cd ./-here"],
    ["over there", "cd 'over there'"],
  ])("called %s is printed for a shell", async (out, cd) => {
    expect((await run("export", `--out=${out}`)).stdout).toContain(`${cd}\n`);
  });
});

test.skipIf(process.platform !== "linux").each(["export --out out", "audit", "doctor"])(
  "%s > /dev/full says so, without a stack trace",
  async (command) => {
    const env = {
      ...process.env,
      SFTPTOGO_API_KEY: emulator.apiKey,
      SFTPTOGO_ORGANIZATION_ID: emulator.organizationId,
    };
    const ended = await new Promise<Ended>((resolve) => {
      const script = `"${process.execPath}" "${main}" ${command} > /dev/full`;
      const options = { cwd: folder, env: { ...env, SFTPTOGO_BASE_URL: emulator.url } };
      execFile("sh", ["-c", script], options, (error, stdout, stderr) =>
        resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
      );
    });
    expect(ended).toMatchObject({ code: 2, stderr: "The output cannot be written (ENOSPC).\n" });
  },
);
