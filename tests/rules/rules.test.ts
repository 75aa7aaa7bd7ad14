/** Every rule by what breaks it, on the emulator's data; those that arguments answer, in all three places. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { audit, rules } from "../../provider/commands/audit/audit";
import { clientFromEnvironment } from "../../provider/commands/client";
import { readInventory } from "../../provider/commands/inventory/inventory";
import { Managed } from "../../provider/commands/inventory/managed";
import { readStackExports } from "../../provider/commands/inventory/stackExport";
import { startEmulator } from "../../provider/emulator";
import type { EmulatorData } from "../../provider/emulator/data";
import { argumentKeys } from "../../provider/lifecycle/fields/vocabulary";
import { createSession } from "../../provider/lifecycle/process/session";
import { policies } from "../../provider/policies";
import { kept } from "../../provider/protocol/hidden";
import { typeToken } from "../../provider/protocol/kinds";
import { unknownValue } from "../../provider/protocol/unknowns";
import { fieldsOf } from "../../provider/resources/fields";
import { fingerprintOf } from "../../provider/resources/shared/sshKeys";
import { allArgumentRules, sentenceOf } from "../../provider/rules/argumentRules";
import { severityOfWarnings, warningOfRules } from "../../provider/rules/preview";
import { severities } from "../../provider/rules/rule";
import { type DialectName, speaking } from "../harness/dialects/catalog/index";
import { add, cases, ed25519Key, inDays, now, rsaKey, vagrantKey } from "./cases";

// A credential's expiration is in no answer of the reference; this dialect is one of the services that show it.
const showsExpiration: readonly DialectName[] = ["expiration-in-milliseconds"];

async function emulator(dialects: readonly DialectName[] = showsExpiration) {
  const started = await startEmulator(speaking({ now: () => now, dialects }));
  onTestFinished(() => started.close());
  const { client } = clientFromEnvironment({
    SFTPTOGO_API_KEY: started.apiKey,
    SFTPTOGO_ORGANIZATION_ID: started.organizationId,
    SFTPTOGO_BASE_URL: started.url,
  });
  const look = async () => audit(await readInventory(client), { now });
  return { ...started, client, data: started.data, look };
}
const found = ({ findings }: ReturnType<typeof audit>, rule: string) =>
  // Of a key, what follows its credential's id.
  findings.filter((each) => each.rule.id === rule).map(({ object }) => object.id.split("/").at(-1));

describe.each(allArgumentRules.map((rule) => [rule.id, rule] as const))("%s", (id, rule) => {
  const { kind, broken, fine } = cases[id] ?? { kind: rule.kind, broken: {}, fine: [] };

  test("is found by the audit, and nothing beside it", async () => {
    const { data, look } = await emulator();
    const bad = add(data, kind, broken);
    for (const each of fine) add(data, kind, each);
    const ids = found(await look(), id);
    expect(ids.filter((each) => each !== data.root.Id)).toEqual([bad]);
  });

  test("is reported by its policy in the same words, and by no policy of another kind", async () => {
    const report = (args: object, of = kind) => reportsOf(`sftptogo-${id}`, typeToken(of), args);
    withClock(() => {
      expect(report(broken)).toEqual([sentenceOf(rule, broken)]);
      for (const each of fine) expect(report(each)).toEqual([]);
    });
    expect(report(broken, kind === "Webhook" ? "Credential" : "Webhook")).toEqual([]);
  });

  test("is warned of in preview in the same words, if it is grave and everything is known", async () => {
    const isGrave = rule.severity === severityOfWarnings;
    const sentence = `thing "acme": ${sentenceOf(rule, broken)}`;
    const warned = async (args: object) => (await warningsOf(kind, args)).filter((each) => each === sentence);
    expect(await warned(broken)).toEqual(isGrave ? [sentence] : []);
    for (const each of fine) expect(await warned(each)).toEqual([]);
    for (const key of rule.needs) expect(await warned({ ...broken, [key]: unknownValue })).toEqual([]);
  });

  test("names arguments that there are", () => {
    expect(argumentKeys(fieldsOf[kind])).toEqual(expect.arrayContaining([...rule.needs]));
  });
});

describe("a set of keys is asked key by key", () => {
  const short = cases["rsa-key-short"]?.broken as { sshPublicKeyBody: string };
  const set = (...sshPublicKeyBodies: unknown[]) => ({ sshPublicKeyBodies });
  const said = `${fingerprintOf(short.sshPublicKeyBody)}: RSA key of fewer than 2048 bits (rsa-key-short)`;

  test("by the policy", () => {
    const report = (args: object) => reportsOf("sftptogo-rsa-key-short", typeToken("SshPublicKeySet"), args);
    expect(report(set(ed25519Key(), short.sshPublicKeyBody))).toEqual([expect.stringContaining(said)]);
    expect(report(set(ed25519Key()))).toEqual([]);
    expect(report({ sshPublicKeyBody: short.sshPublicKeyBody })).toEqual([]);
    expect(reportsOf("sftptogo-login-without-alias", typeToken("SshPublicKeySet"), set())).toEqual([]);
  });

  test("by a preview, of the keys that are new and known", async () => {
    const args = set(unknownValue, vagrantKey, short.sshPublicKeyBody);
    expect(await warningsOf("SshPublicKeySet", args)).toEqual([
      expect.stringMatching(/^thing "acme": SHA256:.*: RSA key of fewer than 2048 bits/),
      expect.stringMatching(/^thing "acme": SHA256:.*: SSH key whose private half is public/),
    ]);
    expect(await warningsOf("SshPublicKeySet", args, set(short.sshPublicKeyBody))).toEqual([
      expect.stringContaining("SSH key whose private half is public"),
    ]);
  });
});

test("every rule that arguments answer has a case, and a policy", () => {
  const ids = allArgumentRules.map(({ id }) => id).sort();
  expect(Object.keys(cases).sort()).toEqual(ids);
  expect(
    policies()
      .map(({ name }) => name.replace("sftptogo-", ""))
      .sort(),
  ).toEqual(ids);
  expect(policies({ severity: "high" }).every(({ severity }) => severity === "high")).toBe(true);
});

test("every rule has an id of its own, a severity, and says what, why and how to mend it", () => {
  expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
  for (const { id, severity, what, why, remediation } of rules) {
    expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)+$/);
    expect(severities).toContain(severity);
    expect(what).toMatch(/^\S.*[^.]$/);
    expect([why, remediation].every((text) => /^[A-Z].*\.$/.test(text))).toBe(true);
  }
});

test("a login in reserve, which is made inactive, is not warned of; the one in use is", async () => {
  const login = { permission: "read-write", userName: "acme-incoming" };
  const warned = async (isReserve: boolean) =>
    (await warningsOf("Credential", { ...login, [kept.reserve]: isReserve })).join();
  expect(await warned(false)).toContain("login-open-to-the-world");
  expect(await warned(true)).not.toContain("login-open-to-the-world");
});

test("a login that was in reserve is warned of once it is declared by itself, with the same arguments", async () => {
  const login = { permission: "read-write", userName: "acme-incoming" };
  const warnedOf = async (olds: object, news: object) => (await warningsOf("Credential", news, olds)).join();
  expect(await warnedOf({ ...login, [kept.reserve]: true }, login)).toContain("login-open-to-the-world");
  expect(await warnedOf(login, login)).not.toContain("login-open-to-the-world");
});

function reportsOf(name: string, type: string, props: object): string[] {
  const policy = policies().find((each) => each.name === name);
  const reports: string[] = [];
  const validate = policy?.validateResource;
  if (typeof validate !== "function") throw new Error(`there is no policy ${name}`);
  const unused = () => {
    throw new Error("not asked for");
  };
  validate(
    {
      type,
      props,
      urn: "",
      name: "acme",
      opts: {
        protect: false,
        ignoreChanges: [],
        aliases: [],
        additionalSecretOutputs: [],
        customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
      },
      stackTags: new Map(),
      isType: unused,
      asType: unused,
      getConfig: unused,
      notApplicable: unused,
    },
    (message) => reports.push(message),
  );
  return reports;
}

/** What a policy has for a clock. */
function withClock(check: () => void): void {
  const real = Date.now;
  Date.now = () => now;
  try {
    check();
  } finally {
    Date.now = real;
  }
}

async function warningsOf(kind: keyof typeof fieldsOf, args: object, olds: object = {}): Promise<string[]> {
  const warnings: string[] = [];
  const session = createSession({
    warn: (text) => warnings.push(text),
    clock: { now: () => now, sleep: async () => {}, random: () => 0 },
  });
  const nothing = () => Promise.reject(new Error("not asked for"));
  const provider = warningOfRules(session, kind, {
    noun: "thing",
    marks: undefined,
    check: async (_, inputs) => ({ inputs, failures: [] }),
    diff: nothing,
    create: nothing,
    read: nothing,
    update: nothing,
    delete: nothing,
  });
  await provider.check(olds, { ...args, __resourceUrn: "urn:pulumi:dev::shop::type::acme" });
  return warnings;
}

function addKeyTo(data: EmulatorData, UserId: string): void {
  data.addSshPublicKey({ UserId, SshPublicKeyBody: ed25519Key(), Comment: "", Fingerprint: "", Type: "" });
}

describe("what only the service knows", () => {
  test.each<[string, (data: EmulatorData) => string[]]>([
    [
      "key-on-several-logins",
      (data) => {
        const body = ed25519Key();
        const on = (UserId: string, SshPublicKeyBody: string) =>
          data.addSshPublicKey({ UserId, SshPublicKeyBody, Comment: "", Fingerprint: "", Type: "ed25519" })
            .Id;
        const [a, b] = [data.addCredential().Id, data.addCredential().Id];
        on(a, ed25519Key());
        return [on(a, `${body} laptop`), on(b, `${body} old laptop`)];
      },
    ],
    [
      "root-password-old",
      (data) => {
        data.root.PasswordCreatedAt = new Date(inDays(-91)).toISOString();
        data.addCredential({ PasswordCreatedAt: new Date(inDays(-91)).toISOString() });
        return [data.root.Id];
      },
    ],
    [
      "password-old",
      (data) => {
        data.root.PasswordCreatedAt = new Date(inDays(-91)).toISOString();
        data.addCredential({ PasswordCreatedAt: new Date(inDays(-89)).toISOString() });
        return [data.addCredential({ PasswordCreatedAt: new Date(inDays(-91)).toISOString() }).Id];
      },
    ],
    [
      "login-homes-nested",
      (data) => {
        for (const home of ["/acme", "/acme", "/acme-2", "/beta/in", "/"])
          data.addCredential({ HomeDirectory: home });
        return ["/acme/in", "acme/in/deep/"].map((HomeDirectory) => data.addCredential({ HomeDirectory }).Id);
      },
    ],
    ["login-unfinished", (data) => [data.addCredential({ Alias: "acme (unfinished)" }).Id]],
    [
      "link-endless-old",
      (data) => {
        const old = { Path: "/a/", Permission: "read-only", CreatedAt: inDays(-91) };
        data.addShareLink({ ...old, ExpiresAt: inDays(40) });
        data.addShareLink({ ...old, AccessLimit: 3 });
        data.addShareLink({ ...old, CreatedAt: inDays(-89) });
        data.addShareLink({ ...old, State: "inactive" });
        return [data.addShareLink(old).Id];
      },
    ],
    [
      "webhooks-equal",
      (data) => {
        const hook = { Url: "https://hooks.example.com/a", Topics: ["file.created", "file.deleted"] };
        data.addWebhook({ ...hook, Topics: ["file.created"] });
        data.addWebhook({ ...hook, Type: "slack" });
        return [
          data.addWebhook(hook).Id,
          data.addWebhook({
            Url: "https://HOOKS.example.com/a/",
            Topics: ["file.deleted", "file.created"],
            Alias: "b",
          }).Id,
        ];
      },
    ],
    [
      "login-without-key",
      (data) => {
        const UserId = data.addCredential().Id;
        addKeyTo(data, UserId);
        return [data.root.Id, data.addCredential({ Alias: "z" }).Id];
      },
    ],
    [
      "login-password-beside-keys",
      (data) => {
        const UserId = data.addCredential().Id;
        addKeyTo(data, UserId);
        return [UserId];
      },
    ],
  ])("%s", async (rule, make) => {
    const { data, look } = await emulator();
    const ids = make(data);
    expect(found(await look(), rule).sort()).toEqual([...ids].sort());
  });

  test("not-managed: what no given stack has, keys by their credential", async () => {
    const { data, client } = await emulator();
    const login = data.addCredential({ Alias: "acme" });
    const key = { UserId: login.Id, SshPublicKeyBody: ed25519Key(), Comment: "", Fingerprint: "", Type: "" };
    const [ours, theirs] = [
      data.addSshPublicKey(key),
      data.addSshPublicKey({ ...key, SshPublicKeyBody: ed25519Key() }),
    ];
    const inventory = await readInventory(client);
    const managed = [
      { kind: "Credential", name: "acme", id: login.Id },
      { kind: "SshPublicKey", name: "acme", id: `${login.Id}/${ours.Id}` },
    ] as const;
    expect(found(audit(inventory, { now, managed: new Managed(managed) }), "not-managed").sort()).toEqual(
      [data.root.Id, theirs.Id].sort(),
    );
    expect(found(audit(inventory, { now }), "not-managed")).toEqual([]);
  });

  test("not-managed: a set manages every key of its credential", async () => {
    const { data, client } = await emulator();
    const [login, other] = [data.addCredential({ Alias: "acme" }), data.addCredential({ Alias: "other" })];
    const keyOf = (UserId: string) =>
      data.addSshPublicKey({
        UserId,
        SshPublicKeyBody: ed25519Key(),
        Comment: "",
        Fingerprint: "",
        Type: "",
      });
    const theirs = [keyOf(login.Id), keyOf(other.Id)][1];
    const managed = [
      { kind: "Credential", name: "acme", id: login.Id },
      { kind: "Credential", name: "other", id: other.Id },
      { kind: "SshPublicKeySet", name: "acme", id: login.Id, sourcePosition: "index.ts#4,1" },
    ] as const;
    const found_ = audit(await readInventory(client), { now, managed: new Managed(managed) });
    expect(found(found_, "not-managed").sort()).toEqual([data.root.Id, theirs?.Id].sort());
  });

  test("an expiration that no answer shows is what a given stack declares", async () => {
    const { data, client } = await emulator([]);
    const { Id } = data.addCredential({ Expiration: inDays(200) });
    const inventory = await readInventory(client);
    const without = audit(inventory, { now });
    expect(found(without, "login-without-expiry")).toContain(Id);
    expect(without.unknown.find(({ what }) => what === "when a login expires")?.objects).toHaveLength(2);
    const managed = [
      { kind: "Credential", name: "acme", id: Id, expiration: "2026-12-18T00:00:00Z" },
    ] as const;
    expect(
      found(audit(inventory, { now, managed: new Managed(managed) }), "login-without-expiry"),
    ).not.toContain(Id);
  });

  test("an expiration that is declared as a secret cannot be read, and is no finding", async () => {
    const { data, client } = await emulator([]);
    const { Id } = data.addCredential({ Expiration: inDays(200) });
    const folder = mkdtempSync(join(tmpdir(), "rules-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const type = typeToken("Credential");
    const expiration = {
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
      ciphertext: "v1:",
    };
    const resources = [{ urn: `urn:pulumi:dev::a::${type}::acme`, type, id: Id, outputs: { expiration } }];
    const file = join(folder, "stack.json");
    writeFileSync(file, JSON.stringify({ deployment: { resources } }));
    const managed = await readStackExports([file]);
    const audited = audit(await readInventory(client), { now, managed });
    expect(found(audited, "login-without-expiry")).not.toContain(Id);
    const untold = audited.unknown.flatMap(({ objects }) => objects.map(({ id }) => id));
    expect(untold).toContain(Id);
  });
});

describe("B2 a rotating credential", () => {
  const body = ed25519Key();
  const pair = (data: EmulatorData, names: readonly string[], more: object = {}) =>
    names.map((UserName, index) => {
      const PasswordCreatedAt = new Date(inDays(index === 0 ? -120 : -90)).toISOString();
      const State = index === 0 ? "inactive" : "active";
      const { Id } = data.addCredential({
        UserName,
        HomeDirectory: "/acme",
        State,
        PasswordCreatedAt,
        ...more,
      });
      data.addSshPublicKey({ UserId: Id, SshPublicKeyBody: body, Comment: "", Fingerprint: "", Type: "" });
      return Id;
    });

  test.each([
    ["told by its names", ["acme-incoming", "acme-incoming-b"], false],
    ["told by the stack's rotation", ["acme-incoming", "acme-second"], true],
  ])("is one holder of its keys, and its reserve has no old password: %s", async (_, names, isInStack) => {
    const { data, client } = await emulator([]);
    const ids = pair(data, names);
    const managed = new Managed(
      isInStack ? [{ kind: "CredentialRotation", name: "acme", id: ids.join("/") }] : [],
    );
    const result = audit(await readInventory(client), { now, managed });
    expect([found(result, "key-on-several-logins"), found(result, "password-old")]).toEqual([[], []]);
  });

  test("is not two logins that only look alike", async () => {
    const { data, client } = await emulator([]);
    pair(data, ["acme-incoming", "acme-other"]);
    const result = audit(await readInventory(client), { now });
    expect(found(result, "key-on-several-logins")).toHaveLength(2);
    expect(found(result, "password-old")).toHaveLength(1);
  });

  test("rotated every 90 days is not old before the next nightly run", async () => {
    const { data, client } = await emulator([]);
    data.addCredential({ PasswordCreatedAt: new Date(inDays(-90.9)).toISOString() });
    const old = data.addCredential({ PasswordCreatedAt: new Date(inDays(-91.1)).toISOString() });
    expect(found(audit(await readInventory(client), { now }), "password-old")).toEqual([old.Id]);
  });
});

describe("what cannot be told is said to be unknown", () => {
  test("last logins and links' passwords always; the rest by object", async () => {
    const { data, look } = await emulator();
    data.addShareLink({ Path: "/a/", Permission: "read-only" });
    const hook = data.addWebhook({ Url: "https://a.example", Topics: [], State: "resting" });
    const UserId = data.addCredential({ Alias: "acme", PasswordCreatedAt: "once upon a time" }).Id;
    const key = data.addSshPublicKey({
      UserId,
      SshPublicKeyBody: "ssh-rsa AAAAB3Nz...",
      Comment: "",
      Fingerprint: "SHA256:RcoHnamHrApC",
      Type: "rsa",
    });
    const { unknown } = await look();
    const about = (text: string) =>
      unknown.filter(({ what }) => what.includes(text)).map(({ objects }) => objects.map(({ id }) => id));
    expect(about("when a login was last used")).toEqual([[]]);
    expect(about("whether a share link has a password")).toEqual([[]]);
    expect(about("webhook-paused")).toEqual([[hook.Id]]);
    expect(about("password-old (")).toEqual([[UserId]]);
    for (const rule of ["rsa-key-short", "key-compromised"])
      expect(about(rule)).toEqual([[`${UserId}/${key.Id}`]]);
  });

  test("what protects a login is judged by what it comes to, and not by how it is written", async () => {
    const { data, look } = await emulator();
    const world = { Permission: "full", State: "active" };
    const login = (sources: readonly string[], Action = "allow") => {
      const rule = { Id: "r", Protocol: "SFTP", State: "enabled", Action, Description: "" };
      const InboundRules = sources.map((Source) => ({ ...rule, Source }));
      return data.addCredential({ ...world, Settings: { Network: { InboundRules } } }).Id;
    };
    const halves = login(["0.0.0.0/1", "128.0.0.0/1"]);
    const mapped = login(["::ffff:0:0/96"]);
    const parts = login(Array.from({ length: 256 }, (_, first) => `${first}.0.0.0/8`));
    const fine = [login(["203.0.113.0/24"]), login(["fc00::/7"])];
    const unclear = [login(["0.0.0.0/0.0.0.0"]), login(["0.0.0.0/0"], "deny")];
    const audited = await look();
    const open = found(audited, "login-open-to-the-world");
    expect(open).toEqual(expect.arrayContaining([halves, mapped, parts]));
    for (const id of [...fine, ...unclear]) expect(open).not.toContain(id);
    const untold = audited.unknown.find(({ what }) => what.startsWith("login-open-to-the-world"));
    expect(untold?.objects.map(({ id }) => id).sort()).toEqual(unclear.sort());
    // The service closes an expired login by itself: one that is still active says that it does not.
    const rule = allArgumentRules.find(({ id }) => id === "login-open-to-the-world");
    const expired = { permission: "full", state: "active", expiration: inDays(-30) };
    expect(rule?.judge(expired, now)).toBeUndefined();
  });

  test("a compromised key is known by its fingerprint alone, where the body is shortened", async () => {
    const { data, look } = await emulator();
    const Fingerprint = "SHA256:1M4RzhMyWuFS/86uPY/ce2prh/dVTHW7iD2RhpquOZA";
    const { Id } = data.addSshPublicKey({
      UserId: data.root.Id,
      SshPublicKeyBody: `${vagrantKey.slice(0, 60)}...`,
      Comment: "",
      Fingerprint,
      Type: "rsa",
    });
    expect(found(await look(), "key-compromised")).toEqual([Id]);
  });

  test("words that are not known count as access", async () => {
    const { data, look } = await emulator();
    const login = data.addCredential({ Permission: "omnipotent", State: "resting" });
    const link = data.addShareLink({ Path: "/a/", Permission: "append", State: "live" });
    const result = await look();
    expect(found(result, "login-open-to-the-world")).toContain(login.Id);
    expect(found(result, "link-writable-endless")).toEqual([link.Id]);
  });
});

describe("an answer from anywhere", () => {
  test("one object that cannot be read is a finding, and stops nothing", async () => {
    const { data, look } = await emulator();
    const bad = data.addWebhook({ Url: "https://a.example", Topics: [] });
    Object.assign(bad, { Url: null });
    const paused = data.addWebhook({ Url: "https://b.example", Topics: [], State: "paused" });
    const result = await look();
    expect(found(result, "object-unreadable")).toEqual([bad.Id]);
    expect(found(result, "webhook-paused")).toEqual([paused.Id]);
  });

  test("names are made fit for a terminal", async () => {
    const { data, look } = await emulator();
    data.addCredential({ Alias: "\u001b[31mred\u001b[0m\r\nsecond\u202eline" });
    const names = (await look()).findings.map(({ object }) => object.name).join("");
    expect(names).not.toMatch(/[\p{Cc}\u202e]/u);
  });

  test("no rule throws, whatever the arguments are", () => {
    const keys = [...new Set(allArgumentRules.flatMap(({ needs }) => needs)), "type", "__root"];
    const odd = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom(undefined, Number.NaN, 1e300, -1, "constructor", "__proto__", vagrantKey, rsaKey(1024)),
      fc.array(
        fc.record({ source: fc.oneof(fc.ipV4(), fc.string(), fc.jsonValue()), state: fc.jsonValue() }),
      ),
    );
    const args = fc.dictionary(fc.constantFrom(...keys), odd);
    fc.assert(
      fc.property(args, (each) => {
        for (const rule of allArgumentRules) {
          expect([true, false, undefined]).toContain(rule.judge(each, now));
          expect(typeof sentenceOf(rule, each)).toBe("string");
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
