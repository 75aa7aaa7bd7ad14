/** The command as a user runs it, against an emulator. That its program takes over is tests/engine/export.test.ts. */
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Emulator, startEmulator } from "../../../provider/emulator";
import { type DialectName, speaking } from "../../harness/dialects/catalog/index";
import { addKey, fill, hostileNames } from "./organization";

const root = join(__dirname, "../../..");

async function organization(dialects: readonly DialectName[] = []) {
  const emulator = await startEmulator(speaking({ dialects }));
  onTestFinished(() => emulator.close());
  const folder = mkdtempSync(join(tmpdir(), "export-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const out = join(folder, "partners");
  const run = async (...args: string[]) => ({
    ...(await command(root, "dist/commands/main.js", emulator, ["export", "--out", out, ...args])),
    files: filesIn(out),
  });
  return { emulator, data: emulator.data, folder, out, run };
}

function command(cwd: string, file: string, emulator: Emulator, args: string[]) {
  const env = {
    ...process.env,
    SFTPTOGO_API_KEY: emulator.apiKey,
    SFTPTOGO_ORGANIZATION_ID: emulator.organizationId,
    SFTPTOGO_BASE_URL: emulator.url,
  };
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, [file, ...args], { cwd, env }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

function filesIn(folder: string): Record<string, string> {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) =>
      each.isFile(),
    );
    return Object.fromEntries(
      entries.map(({ parentPath, name }) => {
        const path = join(parentPath, name);
        return [path.slice(folder.length + 1), readFileSync(path, "utf8")];
      }),
    );
  } catch {
    return {};
  }
}

describe("the program", () => {
  test("declares what a person would: names, references, secrets from the configuration, and no default", async () => {
    const { data, run } = await organization();
    const { Id } = data.addCredential({
      Alias: "Acme Incoming",
      UserName: "acme-incoming",
      HomeDirectory: "/partners/acme",
      Permission: "read-write",
    });
    const key = addKey({ data }, Id, "ops@acme.example");
    const webhook = data.addWebhook({
      Alias: "arrivals",
      Url: "https://hooks.example.com/t",
      Topics: ["file.created"],
    });
    const link = data.addShareLink({ Path: "/reports/", Permission: "read-only", AccessLimit: 3 });
    const { code, files, stdout, stderr } = await run();
    expect([code, stderr]).toEqual([0, ""]);
    expect(files["index.ts"]).toBe(`import * as pulumi from "@pulumi/pulumi";
import * as sftptogo from "pulumi-sftptogo";

const config = new pulumi.Config();

const acmeIncoming = new sftptogo.Credential(
  "acme-incoming",
  {
    alias: "Acme Incoming",
    userName: "acme-incoming",
    homeDirectory: "/partners/acme",
    permission: "read-write",
  },
  { import: "${Id}", protect: true },
);

new sftptogo.SshPublicKey(
  "acme-incoming-ops-acme-example",
  {
    credentialId: acmeIncoming.id,
    sshPublicKeyBody:
      "${key.SshPublicKeyBody}",
  },
  {
    import:
      "${Id}/${key.Id}",
  },
);

// The API does not show whether this webhook has filters. If it has, they stay;
// a replacement of it would lose them.
new sftptogo.Webhook(
  "arrivals",
  {
    url: config.requireSecret("webhook-arrivals-url"),
    topics: ["file.created"],
  },
  { import: "${webhook.Id}", protect: true },
);

// The API does not show whether this link has a password. If it has, it stays; a
// replacement of it would lose the password.
new sftptogo.ShareLink(
  "reports",
  {
    path: "/reports/",
    permission: "read-only",
    accessLimit: 3,
  },
  { import: "${link.Id}", protect: true },
);
`);
    expect(Object.keys(files).sort()).toEqual([
      ".gitignore",
      "Pulumi.yaml",
      "README.md",
      "index.ts",
      "package.json",
      "tsconfig.json",
    ]);
    expect(stdout).toContain("pulumi config set --secret webhook-arrivals-url\n");
    expect(files["README.md"]).toContain("pulumi config set --secret webhook-arrivals-url\n");
  });

  test("has a file for each credential from 51 objects on, and is formatted, whatever people call things", async () => {
    const { emulator, folder, out, run } = await organization();
    fill(emulator, hostileNames.length * 6);
    const { files } = await run();
    expect(files["index.ts"]).toMatch(/^(import "\.\/[\w/-]+";\n)+$/);
    const folders = Object.keys(files).filter((name) => name.startsWith("credentials/"));
    expect(folders).toHaveLength(hostileNames.length * 2);
    writeFileSync(join(folder, "biome.json"), '{ "formatter": { "indentStyle": "space" } }');
    const formatted = await command(folder, join(root, "node_modules/.bin/biome"), emulator, ["format", out]);
    expect(formatted.code, formatted.stderr).toBe(0);
  });

  test("is the same at every run and in every order of the lists, and in no text is a secret", async () => {
    const { emulator, data, folder, run } = await organization();
    fill(emulator, 72);
    const first = await run();
    for (const map of [data.credentials, data.sshPublicKeys, data.webhooks, data.shareLinks]) {
      const reversed = [...map].toReversed() as [string, never][];
      map.clear();
      for (const [id, object] of reversed) map.set(id, object);
    }
    const out = join(folder, "partners2");
    await command(root, "dist/commands/main.js", emulator, ["export", "--out", out]);
    const second = filesIn(out);
    for (const name of Object.keys(first.files)) {
      if (name.endsWith(".ts")) expect(second[name]).toBe(first.files[name]);
    }
    const all = JSON.stringify([first, second]);
    for (const secret of ["canary-", "hooks.example.com", emulator.apiKey, data.root.Password]) {
      expect(all).not.toContain(secret);
    }
    expect(emulator.ledger.filter(({ method }) => method !== "GET")).toEqual([]);
  });
});

test("1,000 credentials with 2,000 keys take less than 60 s beside a service with 20 ms latency", async () => {
  const { emulator, data, run } = await organization();
  for (let index = 0; index < 1_000; index++) {
    const { Id } = data.addCredential({ Alias: `Partner ${index}`, UserName: `partner-login-${index}` });
    for (const comment of ["first", "second"]) addKey(emulator, Id, comment);
  }
  emulator.setLatency(20);
  const begin = performance.now();
  const { stdout, files } = await run();
  const seconds = (performance.now() - begin) / 1000;
  console.info(`export: 3,000 objects in ${seconds.toFixed(1)} s`);
  expect(seconds).toBeLessThan(60);
  expect(stdout).toContain("3000 resources take over what exists.");
  expect(Object.keys(files).filter((name) => name.startsWith("credentials/"))).toHaveLength(1_000);
  // Each list once, at ten requests at a time.
  expect(emulator.ledger).toHaveLength(1_000 + 1 + 3);
});

describe("what is chosen", () => {
  test("--only keys ties them to credentials that it looks up by name", async () => {
    const { data, run } = await organization();
    const { Id } = data.addCredential({ Alias: "Acme", UserName: "acme-incoming" });
    addKey({ data }, Id, "ops");
    const { files } = await run("--only", "keys");
    expect(files["index.ts"]).toContain(`const acme = sftptogo.getCredentialOutput(
  { userName: "acme-incoming" },
  { includeSecrets: false },
);
`);
    expect(files["index.ts"]).toContain("credentialId: acme.id,");
    expect(files["index.ts"]).not.toContain("sftptogo.Credential(");
  });

  test("--only rotations writes what is no object of the API", async () => {
    const { data, run } = await organization();
    const { Id, PasswordCreatedAt } = data.addCredential({ Alias: "Acme", UserName: "acme-incoming" });
    const { files } = await run("--only", "credentials,rotations");
    expect(files["index.ts"]).toContain(`new sftptogo.PasswordRotation(
  "acme-password",
  {
    credentialId: acme.id,
  },`);
    expect(files["index.ts"]).toContain(`"${Id}/${Date.parse(PasswordCreatedAt)}"`);
  });

  test("--match goes by alias, user name or name; keys go with their credential", async () => {
    const { data, run } = await organization();
    const acme = data.addCredential({ Alias: "ACME-Corp", UserName: "partner-login-1" });
    const globex = data.addCredential({ Alias: "Globex", UserName: "partner-login-2" });
    for (const { Id } of [acme, globex]) addKey({ data }, Id, "ops");
    data.addShareLink({ Path: "/other/", Permission: "read-only" });
    const { files } = await run("--match", "acme-*");
    expect(files["index.ts"]?.match(/new sftptogo\.\w+/g)).toEqual([
      "new sftptogo.Credential",
      "new sftptogo.SshPublicKey",
    ]);
    expect(files["index.ts"]).not.toContain("Globex");
  });

  test("--ids takes what another tool's state has an id of, or a list, and nothing that it only mentions", async () => {
    const { data, folder, run } = await organization();
    const acme = data.addCredential({ Alias: "Acme", UserName: "partner-login-1" });
    const globex = data.addCredential({ Alias: "Globex", UserName: "partner-login-2" });
    const [key, other] = [acme, globex].map(({ Id }) => addKey({ data }, Id, "ops"));
    const link = data.addShareLink({ Path: "/reports/", Permission: "read-only" });
    const file = join(folder, "ids");
    const written = async (text: string) => {
      writeFileSync(file, text);
      const { files } = await run("--ids", file);
      rmSync(join(folder, "partners"), { recursive: true, force: true });
      return files["index.ts"]?.match(/(?<=import:\s+")[^"]+/g);
    };
    const attributes = {
      id: key?.Id,
      path: `/users/${acme.Id}/ssh-public-keys`,
      api_data: { UserId: acme.Id },
    };
    const terraform = {
      resources: [{ instances: [{ attributes }, { attributes: { object_id: link.Id } }] }],
    };
    expect(await written(JSON.stringify(terraform))).toEqual([`${acme.Id}/${key?.Id}`, link.Id]);
    const pulumi = { deployment: { resources: [{ id: globex.Id, outputs: { note: acme.Id } }] } };
    expect(await written(JSON.stringify(pulumi))).toEqual([globex.Id]);
    expect(await written(`${globex.Id}/${other?.Id}\n\n  ${acme.Id}\r\n`)).toEqual([
      acme.Id,
      `${globex.Id}/${other?.Id}`,
    ]);

    writeFileSync(file, JSON.stringify({ secret: "CANARY" }));
    const { code, stderr } = await run("--ids", file);
    expect([code, stderr]).toEqual([
      1,
      `pulumi-sftptogo: ${file} names no id. Give another tool's state, or a file with one id per line.\n`,
    ]);
  });

  test("--include-root takes the root credential and its keys, too", async () => {
    const { data, run } = await organization();
    addKey({ data }, data.root.Id, "ops");
    const without = await run();
    expect(without.files).toEqual({});
    expect(without.stdout).toContain("Nothing to add.");
    expect(without.stdout).toContain("belongs to a credential that is left out");
    const { files } = await run("--include-root");
    expect(files["index.ts"]).toContain(`{ import: "${data.root.Id}", protect: true }`);
    expect(files["index.ts"]).toContain("credentialId: root.id,");
  });

  test("--stack-export writes a part of the stack's program: no project, and how to add it", async () => {
    const { data, folder, out, run } = await organization();
    data.addCredential({ Alias: "Acme", UserName: "partner-login-1" });
    data.addWebhook({ Alias: "arrivals", Url: "https://hooks.example.com/t", Topics: ["file.created"] });
    writeFileSync(join(folder, "stack.json"), JSON.stringify({ deployment: {} }));
    const { stdout, files } = await run("--stack-export", join(folder, "stack.json"));
    expect(Object.keys(files).sort()).toEqual(["README.md", "index.ts"]);
    const steps = `into the folder of the stack's program, if it is not there yet,
and add this line to the program's index.ts:

    import "./partners";

Then, in the program's folder:

    pulumi config set --secret webhook-arrivals-url
    pulumi preview
    pulumi up
`;
    expect(stdout).toContain(`2 resources take over what the stack lacks. To adopt it, move ${out} ${steps}`);
    expect(files["README.md"]).toContain(`To adopt it, move this folder ${steps}`);
  });

  test("--stack-export leaves out what a stack manages, and its names", async () => {
    const { data, folder, run } = await organization();
    const first = data.addCredential({ Alias: "First", UserName: "partner-login-1" });
    const second = data.addCredential({ Alias: "Acme", UserName: "partner-login-2" });
    addKey({ data }, first.Id, "ops");
    const type = "pulumi-nodejs:dynamic/sftptogo:Credential";
    const resources = [{ urn: `urn:pulumi:dev::partners::${type}::acme`, type, id: first.Id }];
    writeFileSync(join(folder, "stack.json"), JSON.stringify({ deployment: { resources } }));
    const { files } = await run("--stack-export", join(folder, "stack.json"));
    expect(files["index.ts"]).not.toContain(`import: "${first.Id}"`);
    expect(files["index.ts"]).toContain(`{ import: "${second.Id}", protect: true }`);
    expect(files["index.ts"]).toContain('new sftptogo.Credential(\n  "partner-login-2"');
    expect(files["index.ts"]).toContain('{ userName: "partner-login-1" }');
  });

  test("--stack-export leaves out the keys that a set in the stack manages, and writes others one by one", async () => {
    const { data, folder, run } = await organization();
    const first = data.addCredential({ Alias: "First", UserName: "partner-login-1" });
    const second = data.addCredential({ Alias: "Second", UserName: "partner-login-2" });
    addKey({ data }, first.Id, "of-the-set");
    addKey({ data }, second.Id, "single");
    const resources = ["Credential", "SshPublicKeySet"].map((kind) => {
      const type = `pulumi-nodejs:dynamic/sftptogo:${kind}`;
      return { urn: `urn:pulumi:dev::partners::${type}::first`, type, id: first.Id };
    });
    writeFileSync(join(folder, "stack.json"), JSON.stringify({ deployment: { resources } }));
    const { files } = await run("--stack-export", join(folder, "stack.json"));
    expect(files["index.ts"]).not.toContain("of-the-set");
    expect(files["index.ts"]).toContain("new sftptogo.SshPublicKey(");
    expect(files["index.ts"]).not.toContain("SshPublicKeySet");
  });

  test.each([
    ["Acme / the partner's", "acmeThePartnerS"],
    ["class", "class_"],
    ["日本", "first"],
    ["../../up", "up"],
  ])("--stack-export makes a variable of a login that the stack calls %s", async (name, variable) => {
    const { data, folder, run } = await organization();
    const { Id } = data.addCredential({ Alias: "First", UserName: "partner-login-1" });
    addKey({ data }, Id, "ops");
    writeFileSync(join(folder, "stack.json"), stackOf(["Credential", name, Id]));
    const { files } = await run("--stack-export", join(folder, "stack.json"));
    expect(files["index.ts"]).toContain(`const ${variable} = sftptogo.getCredentialOutput(`);
    expect(files["index.ts"]).toContain(`credentialId: ${variable}.id,`);
  });

  test("--stack-export tells logins apart that the stack calls the same, below different parents", async () => {
    const { data, folder, run } = await organization();
    const ids = ["one", "two"].map((UserName) => data.addCredential({ Alias: "", UserName }).Id);
    for (const id of ids) addKey({ data }, id, "ops");
    const managed = ids.map((id): Managed => ["Credential", "acme", id]);
    writeFileSync(join(folder, "stack.json"), stackOf(...managed));
    const { files } = await run("--stack-export", join(folder, "stack.json"));
    expect(files["index.ts"]).toContain('const one = sftptogo.getCredentialOutput(\n  { userName: "one" }');
    expect(files["index.ts"]).toContain('const two = sftptogo.getCredentialOutput(\n  { userName: "two" }');
  });

  test("--stack-export writes no rotation of a login that the stack rotates by itself or in turn", async () => {
    const { data, folder, run } = await organization();
    const [alone = "", first = "", second = "", other = ""] = ["alone", "first", "second", "other"].map(
      (UserName) => data.addCredential({ Alias: "", UserName }).Id,
    );
    writeFileSync(
      join(folder, "stack.json"),
      stackOf(
        ["PasswordRotation", "alone", `${alone}/1700000000000`],
        ["CredentialRotation", "in-turn", `${first}/${second}`],
      ),
    );
    const { files } = await run("--stack-export", join(folder, "stack.json"), "--only", "rotations");
    expect(files["index.ts"]?.match(/new sftptogo\.PasswordRotation/g)).toHaveLength(1);
    expect(files["index.ts"]).toContain(`"${other}/`);
  });
});

type Managed = readonly [kind: string, name: string, id: string];

/** What `pulumi stack export` writes, as far as it is read. */
function stackOf(...managed: readonly Managed[]): string {
  const resources = managed.map(([kind, name, id]) => {
    const type = `pulumi-nodejs:dynamic/sftptogo:${kind}`;
    return { urn: `urn:pulumi:dev::partners::${type}::${name}`, type, id };
  });
  return JSON.stringify({ deployment: { resources } });
}

describe("what is left out is listed with its reason", () => {
  test("used-up links, twins, half-made credentials, and keys that are not shown whole", async () => {
    const { data, run } = await organization();
    data.addShareLink({ Path: "/past/", Permission: "read-only", ExpiresAt: Date.now() - 1000 });
    data.addShareLink({
      Path: "/used/",
      Permission: "read-only",
      AccessLimit: 1,
      AccessCount: 1,
      State: "inactive",
    });
    for (let twin = 0; twin < 2; twin++) {
      data.addWebhook({ Alias: "twin", Url: "https://hooks.example.com/t", Topics: ["file.created"] });
    }
    const { Id } = data.addCredential({ Alias: "acme (unfinished)", UserName: "partner-login-1" });
    const whole = data.addCredential({ Alias: "acme", UserName: "partner-login-2" });
    addKey({ data }, whole.Id, "cut").SshPublicKeyBody = "ssh-ed25519 AAAAC3Nza...";
    const { stdout, files } = await run();
    for (const line of [
      'ShareLink "/past/"',
      'ShareLink "/used/"',
      'Webhook "twin"',
      `Credential "acme (unfinished)" (${Id}) was left half-made`,
      'SshPublicKey "cut"',
      'Credential "Root"',
    ]) {
      expect(stdout).toContain(`- ${line}`);
      expect(files["README.md"]).toContain(`- ${line}`);
    }
    expect(stdout.match(/is used up or has expired/g)).toHaveLength(2);
    expect(stdout).toContain("is the same as");
    expect(files["index.ts"]?.match(/new sftptogo\.\w+/g)).toEqual([
      "new sftptogo.Credential",
      "new sftptogo.Webhook",
    ]);
  });

  test("links of another type, and what the API does not show", async () => {
    const words = await organization(["further-words"]);
    words.data.addShareLink({ Path: "/upload/", Permission: "read-only" });
    expect((await words.run()).stdout).toContain("is a link of another type than share.");
    const nulls = await organization(["nulls-in-other-objects"]);
    nulls.data.addWebhook({ Url: "https://hooks.example.com/t", Topics: ["file.created"] });
    expect((await nulls.run()).stdout).toContain("cannot be declared: the API does not show its topics.");
  });
});

describe("is refused", () => {
  test("where a file is there already: nothing is written then", async () => {
    const { data, out, run } = await organization();
    data.addCredential({ UserName: "partner-login-1" });
    await run();
    writeFileSync(join(out, "index.ts"), "mine");
    rmSync(join(out, "Pulumi.yaml"));
    const { code, stderr, files } = await run();
    expect(code).toBe(1);
    expect(stderr).toContain("exists already, and no file is overwritten: give another --out.");
    expect(files["index.ts"]).toBe("mine");
    expect(files["Pulumi.yaml"]).toBeUndefined();
  });

  test("where a list looks cut", async () => {
    const { emulator, run } = await organization(["pages-link-next"]);
    fill(emulator, 600);
    const { code, stderr, files } = await run();
    expect([code, files]).toEqual([1, {}]);
    expect(stderr).toContain("The list in the answer is not complete");
  });

  test.each([["--only", "passwords"]])("%s %s", async (...args) => {
    const { code, stderr } = await (await organization()).run(...args);
    expect(code).toBe(1);
    expect(stderr).toContain("It must be some of credentials, keys, webhooks, links, rotations.");
  });
});
