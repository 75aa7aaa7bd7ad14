/**
 * Where this package broke and should have bent, and where it never came to rest (findings, part 3), each with
 * siblings. What a program declares is right: the service only answers in another way.
 */
import { describe, expect, test } from "vitest";
import type { DialectName } from "../harness/dialects/catalog/index";
import type { Declared, Program } from "../harness/stage/program.js";
import { changesOf } from "../harness/stage/stage.js";
import { rsa } from "../resources/shared/keys.js";
import { hook, idIn, key, link, login } from "./resources.js";
import { day, expectSettled, held, openScene, type Scene, withJson } from "./scene.js";

const everything: Program = [login(), key(), hook(), link()];
const changed: Program = [
  login({ permission: "read-only", alias: "Acme" }),
  key({ sshPublicKeyBody: rsa }),
  hook({ topics: ["file.deleted"] }),
  link({ notes: "for the auditors" }),
];

/** The whole life of all kinds. */
async function expectLife(scene: Scene): Promise<void> {
  await scene.done(everything);
  await expectSettled(scene, everything);
  await scene.done(changed);
  await expectSettled(scene, changed);
  expect(held(scene.emulator)).toMatchObject({
    credentials: [{ Permission: "read-only", Alias: "Acme" }],
    sshPublicKeys: [{ Type: "rsa" }],
    webhooks: [{ Topics: ["file.deleted"] }],
    shareLinks: [{ Notes: "for the auditors" }],
  });
  const destroyed = await scene.destroy();
  expect([...destroyed.failures]).toEqual([]);
  expect(Object.values(held(scene.emulator)).flat()).toEqual([]);
}

describe("answers without the object", () => {
  test.each([
    "patch-204",
    "patch-empty",
    "patch-null",
    "patch-message",
    "patch-old-object",
    "delete-204",
    "delete-empty",
    "create-200",
    "create-202",
  ] as const)("%s: the whole life goes on", async (dialect) => {
    await expectLife(await openScene({ dialects: [dialect] }));
  });
});

describe("one foreign object with a null, or without the field", () => {
  const others = [
    { list: "/users", fields: ["UpdatedAt", "OrganizationId", "SshPublicKeysCount", "HomeDirectory"] },
    { list: "/webhooks", fields: ["UpdatedAt", "OrganizationId", "Topics", "State", "Type"] },
    { list: "/portal-links", fields: ["UpdatedAt", "OrganizationId", "AccessCount", "State"] },
  ];
  test.each(
    others.flatMap(({ list, fields }) =>
      fields.flatMap((field) => [
        { list, field, how: "null", spoilt: { [field]: null } },
        { list, field, how: "missing", spoilt: { [field]: undefined } },
      ]),
    ),
  )("$field is $how in $list: our own are not touched by it", async ({ list, spoilt }) => {
    const scene = await openScene();
    await scene.asSomebody("POST", "/users", { UserName: "other-incoming" });
    await scene.asSomebody("POST", "/webhooks", {
      Url: "https://other.example.com",
      Topics: ["file.created"],
    });
    await scene.asSomebody("POST", "/portal-links", { Path: "/o/", Permission: "read-only", Type: "share" });
    const isOther = ({ UserName, Url, Path }: Record<string, unknown>) =>
      UserName === "other-incoming" || Url === "https://other.example.com" || Path === "/o/";
    scene.meddle = async (asked, serve) => {
      const answer = await serve();
      if (asked.method !== "GET" || asked.path !== list) return answer;
      return withJson(answer, (all: Record<string, unknown>[]) =>
        all.map((object) => (isOther(object) ? { ...object, ...spoilt } : object)),
      );
    };
    await scene.done(everything);
    await scene.done(changed);
    await expectSettled(scene, changed);
    // Ours that somebody has deleted is gone all the same.
    const { data } = scene.emulator;
    for (const { Id, Alias } of held(scene.emulator).webhooks) if (Alias === "hook") data.webhooks.delete(Id);
    const { failures, steps } = await scene.refresh();
    expect([...failures]).toEqual([]);
    expect(steps).toContainEqual({ op: "delete", name: "hook" });
    const destroyed = await scene.destroy();
    expect([...destroyed.failures]).toEqual([]);
    expect(Object.values(held(scene.emulator)).flat()).toHaveLength(3);
  });

  test.each(["nulls-in-other-objects", "fields-missing-in-other-objects", "further-words"] as const)(
    "%s: in every kind at once",
    async (dialect) => {
      const scene = await openScene({ dialects: [dialect] });
      scene.emulator.data.addCredential({ UserName: "other-incoming" });
      await scene.done(everything);
      await scene.done(changed);
      await expectSettled(scene, changed);
    },
  );
});

describe("ids of other forms", () => {
  test.each(["ids-base64", "ids-with-bar", "ids-special", "ids-upper-case"] as const)(
    "%s: what was created is updated and deleted",
    async (dialect) => {
      await expectLife(await openScene({ dialects: [dialect] }));
    },
  );
});

describe("the organization and the address, written in another way", () => {
  test("organization-id-upper-case: what is gone is gone", async () => {
    const scene = await openScene({ dialects: ["organization-id-upper-case"] });
    await expectGoneWhenGone(scene);
  });

  test("organization-id-upper-case: the whole life", async () => {
    await expectLife(await openScene({ dialects: ["organization-id-upper-case"] }));
  });

  test("a base URL with one more slash, from the second up on, is the same service", async () => {
    let end = "";
    const scene = await openScene({ urlEnd: () => end });
    await scene.done(everything);
    end = "/";
    await expectSettled(scene, everything);
    await expectGoneWhenGone(scene);
  });

  test("a base URL with one slash less is the same service, too", async () => {
    let end = "/";
    const scene = await openScene({ urlEnd: () => end });
    await scene.done(everything);
    end = "";
    await expectGoneWhenGone(scene);
  });

  /** All is deleted in the dashboard: a refresh drops it, and an up makes it again. */
  async function expectGoneWhenGone(scene: Scene): Promise<void> {
    await scene.done(everything);
    const { credentials, sshPublicKeys, webhooks, shareLinks } = scene.emulator.data;
    for (const { Id } of held(scene.emulator).credentials) credentials.delete(Id);
    for (const each of [sshPublicKeys, webhooks, shareLinks]) each.clear();
    const { failures } = await scene.refresh();
    expect([...failures]).toEqual([]);
    expect([...scene.engine.state.keys()]).toEqual([]);
    await scene.done(everything);
    expect(Object.values(held(scene.emulator)).flat()).toHaveLength(4);
  }
});

describe("a count of keys that is stale", () => {
  test("key-count-never-falls: a key that somebody removed is gone in a refresh", async () => {
    const scene = await openScene({ dialects: ["key-count-never-falls"] });
    await scene.done([login(), key()]);
    scene.emulator.data.sshPublicKeys.clear();
    const { failures } = await scene.refresh();
    expect([...failures]).toEqual([]);
    expect(idIn(scene, "key")).toBe("");
    await scene.done([login(), key()]);
    expect(held(scene.emulator).sshPublicKeys).toHaveLength(1);
  });

  test("key-count-never-falls: a key that somebody removed is no obstacle to destroy", async () => {
    const scene = await openScene({ dialects: ["key-count-never-falls"] });
    await scene.done([login(), key(), key({ sshPublicKeyBody: rsa }, "rsa")]);
    scene.emulator.data.sshPublicKeys.clear();
    const { failures } = await scene.destroy();
    expect([...failures]).toEqual([]);
    expect(held(scene.emulator).credentials).toEqual([]);
  });

  test("key-count-never-falls: a list that is late does not drop a key that is there", async () => {
    const scene = await openScene({ dialects: ["key-count-never-falls", "new-objects-late-in-lists"] });
    await scene.done([login(), key()]);
    await scene.refresh();
    expect(idIn(scene, "key")).toContain(held(scene.emulator).sshPublicKeys[0]?.Id);
  });
});

describe("an alias as long as the service lets it be", () => {
  const longest = "Acme, who deliver each day at five, UTC.";

  test.each([
    {
      what: "a login with rules",
      declared: login({ alias: longest, inboundRules: [{ source: "203.0.113.7" }] }),
    },
    { what: "a login", declared: login({ alias: longest }) },
    { what: "a webhook", declared: hook({ alias: longest }) },
  ])("$what gets it", async ({ declared }) => {
    expect(longest).toHaveLength(40);
    const scene = await openScene({ dialects: ["alias-limit"] });
    await scene.done([declared]);
    const [object] = [...held(scene.emulator).credentials, ...held(scene.emulator).webhooks];
    expect(object).toMatchObject({ Alias: longest });
    if (declared.kind === "Credential") expect(object).toMatchObject({ State: "active" });
    await expectSettled(scene, [declared]);
  });
});

describe("lists that repeat objects", () => {
  test.each([{ declared: login() }, { declared: hook() }, { declared: link() }])(
    "a lost create of $declared.kind finds the one that it made",
    async ({ declared }) => {
      const scene = await openScene({ dialects: ["lists-repeat-objects"] });
      scene.meddle = async (asked, serve) => {
        const answer = await serve();
        return asked.method === "POST" ? "reset" : answer;
      };
      await scene.done([declared]);
      expect(idIn(scene, declared.name)).toBe(Object.values(held(scene.emulator)).flat()[0]?.Id);
      scene.meddle = (_asked, serve) => serve();
      await expectSettled(scene, [declared]);
    },
  );

  test("what is refused is named once", async () => {
    const scene = await openScene({ dialects: ["lists-repeat-objects"] });
    await scene.asSomebody("POST", "/users", { UserName: "acme-incoming" });
    const { failures } = await scene.up([login()]);
    const message = failures.get("acme")?.message;
    expect(message?.match(/import: "/g)).toHaveLength(1);
    expect(message).not.toContain("2 times");
  });
});

describe("texts of a person in the dashboard that the engine takes for something else", () => {
  const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

  test.each([
    { what: "the alias of a login", make: (text: string) => login({ alias: text }) },
    { what: "the alias of a webhook", make: (text: string) => hook({ alias: text }) },
    { what: "the notes of a link", make: (text: string) => link({ notes: text }) },
  ])("$what is Pulumi's sign for a value that is not known", async ({ make }) => {
    const scene = await openScene();
    const declared = make("Acme");
    await scene.done([declared]);
    const [object] = Object.values(held(scene.emulator)).flat();
    Object.assign(object ?? {}, declared.kind === "ShareLink" ? { Notes: unknown } : { Alias: unknown });
    const refreshed = await scene.refresh();
    expect([...refreshed.failures]).toEqual([]);
    const { inputs, outputs } = scene.engine.state.get(declared.name) ?? { inputs: {}, outputs: {} };
    // As it is, the engine would take the state's value for one that nobody knows, now and in every preview.
    expect([...Object.values(inputs), ...Object.values(outputs)]).not.toContain(unknown);
    expect(changesOf(refreshed)).toEqual([`update ${declared.name}`]);
    await scene.done([declared]);
    expect(JSON.stringify(held(scene.emulator))).not.toContain(unknown);
    await expectSettled(scene, [declared]);
  });

  const raw = "Acme\u001b[31m\u0007\u202e evil\u2066\u200f\r\nline";
  test.each([
    { what: "alias", list: "/users", make: login, body: { UserName: "acme-incoming", Alias: raw } },
    {
      what: "alias",
      list: "/webhooks",
      make: hook,
      body: { Url: "https://hooks.example.com/sftp", Topics: ["file.created"], Type: "webhook", Alias: raw },
    },
    {
      what: "notes",
      list: "/portal-links",
      make: () => link({ notes: "mine" }),
      body: { Path: "/reports/", Permission: "read-only", Type: "share", Notes: raw },
    },
  ])("control and direction characters of $what in $list do not reach the terminal", async (each) => {
    const scene = await openScene();
    const { body } = await scene.asSomebody("POST", each.list, each.body);
    const declared = { ...each.make({ alias: "mine" }), import: String(body.Id) };
    const { printed, failures } = await scene.preview([declared]);
    expect(failures.size).toBe(1);
    expect(printed).toMatch(new RegExp(each.what));
    expect(printed).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});

describe("a service that takes ten requests a second", () => {
  test.each(["rate-limit", "rate-limit-retry-after"] as const)(
    "%s: ninety resources need one up, one refresh and one destroy",
    async (dialect) => {
      const scene = await openScene({ dialects: [dialect] });
      const program = Array.from({ length: 30 }, (_, index) => [
        login({ userName: `acme-incoming-${index}` }, `login-${index}`),
        hook({ url: `https://hooks.example.com/${index}` }, `hook-${index}`),
        link({ path: `/reports/${index}/` }, `link-${index}`),
      ]).flat();
      await scene.done(program);
      expect(Object.values(held(scene.emulator)).flat()).toHaveLength(90);
      expect([...(await scene.refresh()).failures]).toEqual([]);
      await expectSettled(scene, program);
      expect([...(await scene.destroy()).failures]).toEqual([]);
      expect(Object.values(held(scene.emulator)).flat()).toEqual([]);
    },
  );
});

describe("names in a list of logins that move up by one", () => {
  const named = (names: readonly string[]) =>
    names.map((userName, index) => login({ userName }, `login-${index}`));

  test("says that another resource of the stack has the name, and what to do", async () => {
    const scene = await openScene();
    await scene.done(named(["first-login", "second-login", "third-login"]));
    const { failures } = await scene.up(named(["second-login", "third-login"]));
    expect(failures.size).toBeGreaterThan(0);
    for (const { message } of failures.values()) {
      expect(message).toMatch(/another resource of this stack/);
      expect(message).toMatch(/name/);
    }
    // Nobody's login was renamed, deleted or lost.
    const names = held(scene.emulator).credentials.map(({ UserName }) => UserName);
    expect(names.sort()).toEqual(["first-login", "second-login", "third-login"]);
  });

  test("a swap of two names says it, too", async () => {
    const scene = await openScene();
    await scene.done(named(["first-login", "second-login"]));
    const { failures } = await scene.up(named(["second-login", "first-login"]));
    expect(failures.get("login-0")?.message).toMatch(/another resource of this stack/);
  });

  test("a name that somebody else's login has is said with the id of that", async () => {
    const scene = await openScene();
    const { body } = await scene.asSomebody("POST", "/users", { UserName: "other-incoming" });
    await scene.done([login()]);
    const { failures } = await scene.up([login({ userName: "other-incoming" })]);
    expect(failures.get("acme")?.message).toContain(body.Id);
  });
});

describe("nothing is left to do after an up", () => {
  const time = "2027-01-31T00:00:00.123Z";
  const rule = { source: "203.0.113.0/24" };
  const rows: readonly [DialectName, Declared, Declared?][] = [
    // The entries.
    ["expiration-in-seconds", login({ expiration: time }), login({ expiration: "2027-02-28T00:00:00Z" })],
    ["expiration-as-text", login({ expiration: time }), login({ expiration: "2027-02-28T00:00:00Z" })],
    ["expiration-always-null", login({ expiration: time }), login({ expiration: "2027-02-28T00:00:00Z" })],
    ["blanks-as-null", link({ accessLimit: 0 }), link({ accessLimit: 3 })],
    ["blanks-as-null", hook({ authorizationHeader: null }), hook({ authorizationHeader: "Bearer x" })],
    ["nulls-as-blank", link({ notes: null, expiresAt: null }), link({ notes: "x", expiresAt: null })],
    ["nulls-as-blank", hook({ authorizationHeader: null }), hook({ authorizationHeader: "Bearer x" })],
    ["link-times-cut", link({ expiresAt: time }), link({ expiresAt: "2027-02-28T00:00:00.5Z" })],
    ["url-with-slash", hook({ url: "https://hooks.example.com" }), hook({ url: "https://b.example.com" })],
    ["url-normalized", hook({ url: "https://HOOKS.example.com" }), hook({ url: "https://b.example.com" })],
    ["text-trimmed", login({ alias: " Acme " }), login({ alias: " Acme, Inc. " })],
    ["text-trimmed", link({ notes: " for them " }), link({ notes: " for all " })],
    ["user-name-lower-case", login({ userName: "Acme-Incoming" }), login({ userName: "Acme-Outgoing" })],
    [
      "rule-protocol-lower-case",
      login({ inboundRules: [{ ...rule, protocol: "SFTP" }] }),
      login({ inboundRules: [] }),
    ],
    [
      "rule-description-empty",
      login({ inboundRules: [rule] }),
      login({ inboundRules: [{ ...rule, state: "disabled" }] }),
    ],
    ["rule-description-null", login({ inboundRules: [{ ...rule, description: "" }] })],
    [
      "rule-ids-new",
      login({ inboundRules: [{ ...rule, id: "office" }] }),
      login({ inboundRules: [{ source: "198.51.100.7" }] }),
    ],
    [
      "disabled-rule-added",
      login({ inboundRules: [rule] }),
      login({ inboundRules: [{ source: "198.51.100.7" }] }),
    ],
    [
      "rules-not-in-lists",
      login({ inboundRules: [rule] }),
      login({ inboundRules: [{ source: "198.51.100.7" }] }),
    ],
    ["topic-added", hook(), hook({ topics: ["file.deleted"] })],
    ["home-with-bucket", login({ homeDirectory: "/acme" }), login({ homeDirectory: "/acme/in" })],
    ["link-path-without-slashes", link(), link({ path: "/audits/" })],
    [
      "authorization-masked-in-lists",
      hook({ authorizationHeader: "Bearer x" }),
      hook({ authorizationHeader: "Bearer y" }),
    ],
    [
      "authorization-blank-in-lists",
      hook({ authorizationHeader: "Bearer x" }),
      hook({ authorizationHeader: "Bearer y" }),
    ],
    [
      "authorization-left-out-of-lists",
      hook({ authorizationHeader: "Bearer x" }),
      hook({ authorizationHeader: null }),
    ],
    // Siblings.
    [
      "authorization-masked-everywhere",
      hook({ authorizationHeader: "Bearer x" }),
      hook({ authorizationHeader: "Bearer y" }),
    ],
    ["expiration-in-milliseconds", login({ expiration: time }), login({ expiration: null })],
    ["link-times-as-iso", link({ expiresAt: time }), link({ expiresAt: null })],
    ["times-as-iso", login(), login({ alias: "Acme" })],
    ["home-with-slashes", login({ homeDirectory: "acme" }), login({ homeDirectory: "acme/in" })],
    ["home-without-slashes", login({ homeDirectory: "/acme/" }), login({ homeDirectory: "/acme/in/" })],
    ["chroot-without-slashes", login({ chrootDirectory: "/acme/" }), login({ chrootDirectory: null })],
    [
      "text-cut",
      login({ alias: "Acme, the best of all partners" }),
      login({ alias: "Acme, the best of all the others" }),
    ],
    ["alias-filled-in", login(), login({ alias: "Acme" })],
    [
      "rules-reordered",
      login({ inboundRules: [rule, { source: "198.51.100.7" }] }),
      login({ inboundRules: [rule] }),
    ],
    [
      "rule-ids-left-out",
      login({ inboundRules: [rule] }),
      login({ inboundRules: [{ source: "198.51.100.7" }] }),
    ],
    [
      "topics-reordered",
      hook({ topics: ["file.created", "file.deleted"] }),
      hook({ topics: ["file.deleted"] }),
    ],
    ["further-fields", login({ inboundRules: [rule] }), login({ permission: "read-only" })],
    ["link-password-masked", link({ password: "Of-the-link-1!" }), link({ password: "Of-the-link-2!" })],
    ["virtual-folders", login(), login({ permission: "read-only" })],
  ];

  test.each(rows.map(([dialect, first, second]) => ({ dialect, kind: first.kind, first, second })))(
    "$dialect: $kind with $first.args",
    async ({ dialect, first, second }) => {
      const scene = await openScene({ dialects: [dialect] });
      await scene.done([first]);
      const id = idIn(scene, first.name);
      await expectSettled(scene, [first]);
      // A real change is still sent, and is one.
      if (second !== undefined) {
        await scene.done([second]);
        expect(scene.writes().map(({ operation }) => operation)).toEqual([expect.stringMatching(/^update/)]);
        await expectSettled(scene, [second]);
      }
      expect(idIn(scene, first.name)).toBe(id);
      expect([...(await scene.destroy()).failures]).toEqual([]);
      expect(Object.values(held(scene.emulator)).flat()).toEqual([]);
      expect(scene.now()).toBeLessThan(Date.parse("2026-07-01T12:00:00Z") + day);
    },
  );

  test("what somebody changes in the service is still drift, and is set back", async () => {
    const scene = await openScene({ dialects: ["url-normalized", "text-trimmed", "user-name-lower-case"] });
    const program = [
      login({ userName: "Acme-Incoming", alias: " Acme " }),
      hook({ url: "https://Hooks.example.com" }),
    ];
    await scene.done(program);
    const there = JSON.stringify(held(scene.emulator), ignoringTimes);
    for (const each of held(scene.emulator).credentials) each.Alias = "Mallory";
    for (const each of held(scene.emulator).webhooks) each.Url = "https://mallory.example.com/";
    expect(changesOf(await scene.refresh())).toEqual(["update acme", "update hook"]);
    await scene.done(program);
    expect(JSON.stringify(held(scene.emulator), ignoringTimes)).toBe(there);
    await expectSettled(scene, program);
  });

  function ignoringTimes(name: string, value: unknown): unknown {
    return name === "UpdatedAt" ? undefined : value;
  }
});
