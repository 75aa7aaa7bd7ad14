/** Each remedy of the audit, applied to its finding: the package accepts it, and the finding is gone. On the small engine. */
import { describe, expect, onTestFinished, test } from "vitest";
import { audit, rules } from "../../../provider/commands/audit/audit";
import { clientFromEnvironment } from "../../../provider/commands/client";
import { readInventory } from "../../../provider/commands/inventory/inventory";
import { Managed } from "../../../provider/commands/inventory/managed";
import type { Plain } from "../../../provider/values/plain";
import { loadProduct } from "../../harness/stage/product.js";
import { type Declared, idOf, type Program } from "../../harness/stage/program.js";
import { openSmallStage, type SmallStage } from "../../harness/stage/small.js";
import { ed25519Key, rsaKey, vagrantKey } from "../../rules/cases";

const days = 86_400_000;
const startsAt = Date.parse("2026-06-01T00:00:00Z");
const inDays = (count: number) => startsAt + count * days;

interface Remedy {
  readonly found: Program;
  /** What the remediation says, in the program. */
  readonly mended: Program;
  /** Before the finding is looked for. */
  readonly before?: (stage: SmallStage) => unknown;
}

function login(args: Plain = {}, name = "acme"): Declared {
  return {
    name,
    kind: "Credential",
    args: {
      userName: `${name}-incoming`,
      alias: name,
      homeDirectory: `/${name}`,
      permission: "read-write",
      ...args,
    },
  };
}
function key(sshPublicKeyBody: string, owner = "acme"): Declared {
  return {
    name: `${owner}-key`,
    kind: "SshPublicKey",
    args: { credentialId: idOf(owner), sshPublicKeyBody },
  };
}
function hook(args: Plain = {}, name = "hook"): Declared {
  return {
    name,
    kind: "Webhook",
    args: { alias: name, url: "https://hooks.example.com/acme", topics: ["file.created"], ...args },
  };
}
function link(args: Plain): Declared {
  return { name: "link", kind: "ShareLink", args: { path: "/acme/", permission: "read-only", ...args } };
}
const rotation = (owner: string): Declared => ({
  name: `${owner}-password`,
  kind: "PasswordRotation",
  args: { credentialId: idOf(owner), rotateAfterDays: 90 },
});
const from = (...sources: string[]) => ({ inboundRules: sources.map((source) => ({ source })) });
const later = (stage: SmallStage) => stage.clock.sleep(91 * days);
const [rsa1024, rsa2048, ours, theirs] = [rsaKey(1024), rsaKey(2048), ed25519Key(), ed25519Key()];
const root = (stage: SmallStage): Declared => ({
  name: "root",
  kind: "Credential",
  args: {},
  import: stage.emulator.data.root.Id,
});

const remedies: Readonly<Record<string, Remedy | ((stage: SmallStage) => Remedy)>> = {
  "login-open-to-the-world: rules": { found: [login()], mended: [login(from("203.0.113.0/24"))] },
  "login-open-to-the-world: an expiration": {
    found: [login()],
    mended: [login({ expiration: inDays(300) })],
  },
  "login-open-to-the-world: a permission": { found: [login()], mended: [login({ permission: "read-only" })] },
  "login-open-to-the-world: the root login": (stage) => ({
    found: [root(stage)],
    mended: [{ ...root(stage), args: from("203.0.113.0/24") }],
  }),
  "login-without-key: the root login": (stage) => ({
    found: [root(stage)],
    mended: [root(stage), key(ours, "root")],
  }),
  "rsa-key-short": { found: [login(), key(rsa1024)], mended: [login(), key(ours)] },
  "key-compromised": { found: [login(), key(vagrantKey)], mended: [login()] },
  "webhook-paused: enabled": { found: [hook({ state: "paused" })], mended: [hook({ state: "enabled" })] },
  "webhook-paused: removed": { found: [hook({ state: "paused" })], mended: [] },
  "webhook-without-tls": (stage) => ({
    found: [hook()],
    // Made elsewhere: the package refuses such an address itself.
    before: () =>
      void Object.assign(stage.emulator.data.findWebhook("hook") ?? {}, { Url: "http://hooks.example.com" }),
    mended: [hook({ url: "https://hooks.example.com/again" })],
  }),
  "link-writable-endless: expiresAt": {
    found: [link({ permission: "read-write" })],
    mended: [link({ permission: "read-write", expiresAt: inDays(30) })],
  },
  "link-writable-endless: accessLimit": {
    found: [link({ permission: "read-write" })],
    mended: [link({ permission: "read-write", accessLimit: 3 })],
  },
  "link-writable-endless: read-only": { found: [link({ permission: "read-write" })], mended: [link({})] },
  "link-to-root": { found: [link({ path: "/" })], mended: [link({ path: "/acme/" })] },
  "key-on-several-logins": {
    found: [login(), key(ours), login({}, "best"), key(ours, "best")],
    mended: [login(), key(ours), login({}, "best"), key(theirs, "best")],
  },
  "root-password-old: of the root login": (stage) => ({
    found: [root(stage)],
    before: later,
    mended: [root(stage), rotation("root")],
  }),
  "login-without-expiry": { found: [login()], mended: [login({ expiration: inDays(300) })] },
  "login-home-is-root": { found: [login({ homeDirectory: "/" })], mended: [login()] },
  "login-expires-soon": {
    found: [login({ expiration: inDays(5) })],
    mended: [login({ expiration: inDays(300) })],
  },
  "rsa-key-below-3072": { found: [login(), key(rsa2048)], mended: [login(), key(rsaKey(3072))] },
  "link-expires-soon": { found: [link({ expiresAt: inDays(2) })], mended: [link({ expiresAt: inDays(60) })] },
  "password-old": { found: [login()], before: later, mended: [login(), rotation("acme")] },
  "login-homes-nested": {
    found: [login(), login({ homeDirectory: "/acme/inner" }, "inner")],
    mended: [login(), login({ homeDirectory: "/inner" }, "inner")],
  },
  "login-unfinished: up again": {
    found: [login(from("203.0.113.0/24"))],
    before: (stage) => half(stage),
    mended: [login(from("203.0.113.0/24"))],
  },
  "login-unfinished: deleted": {
    found: [login(from("203.0.113.0/24"))],
    before: (stage) => half(stage),
    mended: [],
  },
  "link-endless-old: removed": { found: [link({})], before: later, mended: [] },
  "link-endless-old: accessLimit": { found: [link({})], before: later, mended: [link({ accessLimit: 3 })] },
  "webhooks-equal": { found: [hook(), hook({}, "again")], mended: [hook()] },
  "login-without-alias": { found: [login({ alias: " " })], mended: [login()] },
  "login-rules-unused": {
    found: [login({ permission: "read-only", ...from("0.0.0.0/0") })],
    mended: [login({ permission: "read-only", ...from("203.0.113.0/24") })],
  },
  "login-rules-disabled: removed": {
    found: [
      login({
        inboundRules: [{ source: "203.0.113.0/24" }, { source: "198.51.100.0/24", state: "disabled" }],
      }),
    ],
    mended: [login(from("203.0.113.0/24"))],
  },
  "login-rules-disabled: enabled": {
    found: [
      login({
        inboundRules: [{ source: "203.0.113.0/24" }, { source: "198.51.100.0/24", state: "disabled" }],
      }),
    ],
    mended: [login(from("203.0.113.0/24", "198.51.100.0/24"))],
  },
  "login-without-key": { found: [login()], mended: [login(), key(ours)] },
  "not-managed: taken over": (stage) => ({
    found: [],
    before: () =>
      void stage.emulator.data.addWebhook({
        Alias: "hook",
        Url: "https://hooks.example.com/acme",
        Topics: ["file.created"],
      }),
    mended: [{ ...hook(), import: idOfHook }],
  }),
};
/** Known only once somebody has made it. */
const idOfHook = "the webhook's";

/** Without a program that could mend it. */
const others: Readonly<Record<string, string>> = {
  "object-unreadable": "a person looks at it in the dashboard",
  "login-password-beside-keys":
    "the baseline mutes it, since the API removes no password: tests/commands/audit/command.test.ts",
};

/** A create that was killed before its rules were on, as the service has it. */
function half({ emulator: { data } }: SmallStage): void {
  const acme = data.findCredential("acme-incoming");
  Object.assign(acme ?? {}, { State: "inactive", Alias: "acme (unfinished)" });
}

test("every rule has a remedy that is tried, or a sentence that says why there is none", () => {
  const tried = new Set(Object.keys(remedies).map((title) => title.split(":")[0]));
  expect([...tried, ...Object.keys(others)].sort()).toEqual(rules.map(({ id }) => id).sort());
});

describe.each(Object.keys(remedies))("%s", (title) => {
  test("is found, mended by an up, and not found any more", async () => {
    const stage = await openSmallStage({
      product: await loadProduct(),
      startsAt,
      emulator: { dialects: ["expiration-in-milliseconds"] },
    });
    onTestFinished(() => stage[Symbol.asyncDispose]());
    const rule = title.split(":")[0];
    const { client } = clientFromEnvironment({
      SFTPTOGO_API_KEY: stage.emulator.apiKey,
      SFTPTOGO_ORGANIZATION_ID: stage.emulator.organizationId,
      SFTPTOGO_BASE_URL: stage.emulator.url,
    });
    const isFound = async () => {
      const resources = [...(await stage.state())].map(([name, { kind, id }]) => ({ kind, name, id }));
      const { findings } = audit(await readInventory(client), {
        now: stage.now(),
        managed: new Managed(resources),
      });
      // The root login of a new organization has findings of its own.
      const ofRoot = title.includes("root login");
      const { root } = stage.emulator.data;
      return findings.some(
        (finding) => finding.rule.id === rule && (finding.object.id === root.Id) === ofRoot,
      );
    };
    const succeed = async (program: Program) => {
      const [hooks] = [stage.emulator.data.webhooks.keys()].map((keys) => [...keys]);
      const { failures } = await stage.up(
        program.map((each) => (each.import === idOfHook ? { ...each, import: hooks?.[0] } : each)),
      );
      expect([...failures].map(([name, { message }]) => `${name}: ${message}`)).toEqual([]);
    };

    const remedy = remedies[title] ?? { found: [], mended: [] };
    const { found, mended, before } = typeof remedy === "function" ? remedy(stage) : remedy;
    await succeed(found);
    await before?.(stage);
    expect(await isFound()).toBe(true);
    if (rule === "login-unfinished") await stage.refresh();
    await succeed(mended);
    expect(await isFound()).toBe(false);
  });
});
