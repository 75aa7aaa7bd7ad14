/** One argument after the other is changed in place, and drifts: what is sent, and what stays, on the small engine. */
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import type { Emulator } from "../../provider/emulator/index.js";
import type { Plain } from "../../provider/values/plain.js";
import { loadProduct } from "../harness/stage/product.js";
import type { Declared } from "../harness/stage/program.js";
import { openSmallStage, type SmallStage } from "../harness/stage/small.js";
import { changesOf, type Report } from "../harness/stage/stage.js";

const day = 86_400_000;
/** When the simulated time of a stage begins: a whole day, so that dates as text are the same numbers. */
const start = Date.UTC(2026, 10, 25);
const later = start + 30 * day;
const password = "Another-Pa55word!";
const header = "Bearer of-these-tests";
const url = "https://hooks.example.com/sftp";

interface Step {
  readonly args: Plain;
  readonly sent: Plain;
  /** Otherwise the update of the kind's own object. */
  readonly by?: string;
}

interface Subject {
  readonly kind: "Credential" | "Webhook" | "ShareLink";
  readonly least: Plain;
  readonly steps: readonly Step[];
  /** What is there after all steps: each took out what the one before had declared, and all of it stayed. */
  readonly end: Plain;
  /** What belongs to the object for as long as it is the same one. */
  readonly lasting: readonly string[];
  readonly full: Plain;
  readonly drift: Plain;
  /** The arguments in which the drift is to be seen. */
  readonly drifted: readonly string[];
  readonly repairedBy: readonly string[];
  objects(data: Emulator["data"]): Iterable<object>;
}

const rule = { source: "203.0.113.0/24", protocol: "SFTP", description: "data centre" };
const hook = { url: `${url}/other`, topics: ["file.created", "file.deleted"] };
const link = { path: "/other/", permission: "read-write" };

const subjects: readonly Subject[] = [
  {
    kind: "Credential",
    least: {},
    steps: [
      { args: { alias: "Acme" }, sent: { Alias: "Acme" } },
      { args: { alias: "Acme", userName: "acme-incoming" }, sent: { UserName: "acme-incoming" } },
      { args: { password }, sent: { Password: "[secret]" } },
      { args: { homeDirectory: "/acme/" }, sent: { HomeDirectory: "/acme/" } },
      { args: { chrootDirectory: "/partners" }, sent: { ChrootDirectory: "/partners" } },
      { args: { permission: "read-only" }, sent: { Permission: "read-only" } },
      { args: { expiration: later }, sent: { Expiration: later } },
      { args: { state: "inactive" }, sent: { State: "inactive" } },
      {
        args: { inboundRules: [rule] },
        by: "updateInboundRules",
        sent: {
          Settings: {
            Network: {
              InboundRules: [
                {
                  Source: rule.source,
                  Protocol: "SFTP",
                  Description: rule.description,
                  Action: "allow",
                  State: "enabled",
                },
              ],
            },
          },
        },
      },
    ],
    end: {
      Alias: "Acme",
      UserName: "acme-incoming",
      Password: password,
      HomeDirectory: "acme/",
      ChrootDirectory: "/partners",
      Permission: "read-only",
      Expiration: later,
      State: "inactive",
      Settings: { Network: { InboundRules: [{ Source: rule.source }] } },
    },
    lasting: ["Id"],
    full: {
      alias: "Acme",
      userName: "acme-incoming",
      homeDirectory: "/acme",
      chrootDirectory: "/partners",
      permission: "read-only",
      state: "active",
      inboundRules: [rule],
    },
    drift: {
      Alias: "Somebody else",
      UserName: "acme-renamed",
      HomeDirectory: "elsewhere",
      ChrootDirectory: "/",
      Permission: "full",
      State: "inactive",
      Settings: { Network: { InboundRules: [] } },
    },
    drifted: ["alias", "userName", "homeDirectory", "chrootDirectory", "permission", "state", "inboundRules"],
    repairedBy: ["updateInboundRules", "updateCredential"],
    objects: ({ credentials }) => [...credentials.values()].filter(({ IsDefault }) => !IsDefault),
  },
  {
    kind: "Webhook",
    least: { url, topics: ["file.created"] },
    steps: [
      { args: { url, topics: ["file.created"], alias: "Arrivals" }, sent: { Alias: "Arrivals" } },
      { args: { url: hook.url, topics: ["file.created"] }, sent: { Url: "[secret]" } },
      {
        args: { url: hook.url, topics: ["file.deleted", "file.created"] },
        sent: { Topics: ["file.deleted", "file.created"] },
      },
      { args: { ...hook, authorizationHeader: header }, sent: { AuthorizationHeader: "[secret]" } },
      { args: { ...hook, authorizationHeader: null }, sent: { AuthorizationHeader: "" } },
      { args: { ...hook, state: "paused" }, sent: { State: "paused" } },
      { args: { ...hook, type: "slack" }, sent: { Type: "slack" } },
    ],
    // The ledger hides the url, since it may hold a token: here it is seen.
    end: { Alias: "Arrivals", Url: hook.url, State: "paused", Type: "slack" },
    lasting: ["Id", "Secret"],
    full: {
      url,
      topics: ["file.created"],
      alias: "Arrivals",
      type: "webhook",
      state: "enabled",
      authorizationHeader: header,
    },
    drift: {
      Alias: "Somebody else",
      Type: "ms-teams",
      Topics: ["file.created", "file.deleted"],
      State: "paused",
      Url: "https://elsewhere.example.com/",
      AuthorizationHeader: "Bearer drifted",
    },
    drifted: ["alias", "type", "topics", "state", "url", "authorizationHeader"],
    repairedBy: ["updateWebhook"],
    objects: ({ webhooks }) => webhooks.values(),
  },
  {
    kind: "ShareLink",
    least: { path: "/reports/", permission: "read-only" },
    steps: [
      { args: { path: "/other/", permission: "read-only" }, sent: { Path: "/other/" } },
      { args: link, sent: { Permission: "read-write" } },
      { args: { ...link, accessLimit: 3 }, sent: { AccessLimit: 3 } },
      {
        args: { ...link, accessLimit: null, expiresAt: new Date(later).toISOString() },
        sent: { AccessLimit: 0, ExpiresAt: later },
      },
      { args: { ...link, password }, sent: { Password: "[secret]" } },
      { args: { ...link, notes: "Q1", expiresAt: null }, sent: { ExpiresAt: null, Notes: "Q1" } },
      { args: { ...link, notes: null }, sent: { Notes: null } },
    ],
    end: { Path: "/other/", AccessLimit: 0, ExpiresAt: null, Notes: null, Password: password },
    lasting: ["Id", "Url"],
    full: {
      path: "/reports/",
      permission: "read-only",
      accessLimit: 3,
      notes: "Q1",
      expiresAt: later,
      password,
    },
    drift: {
      Path: "/elsewhere/",
      Permission: "read-write",
      AccessLimit: 300,
      Notes: "Somebody else's",
      ExpiresAt: later + day,
    },
    drifted: ["path", "permission", "accessLimit", "notes", "expiresAt"],
    repairedBy: ["updateShareLink"],
    objects: ({ shareLinks }) => shareLinks.values(),
  },
];

let stage: SmallStage;
beforeEach(async () => {
  stage = await openSmallStage({ product: await loadProduct(), startsAt: start });
  onTestFinished(() => stage[Symbol.asyncDispose]());
});

/** The changes that a command made; it is an error if anything failed. */
async function changes(command: Promise<Report>): Promise<string[]> {
  const report = await command;
  expect([...report.failures.values()].map(({ message }) => message)).toEqual([]);
  return changesOf(report);
}

describe.each(subjects)("a $kind", (subject) => {
  const { kind, least, steps, lasting } = subject;
  const program = (args: Plain): Declared[] => [{ name: "it", kind, args }];
  function object(): Plain {
    const [first, ...others] = subject.objects(stage.emulator.data);
    if (first === undefined || others.length > 0) throw new Error(`there are ${others.length + 1} or none`);
    return first as Plain;
  }
  const settled = async (args: Plain) => {
    expect(await changes(stage.preview(program(args)))).toEqual([]);
    expect(await changes(stage.refresh())).toEqual([]);
    expect(stage.writes()).toEqual([]);
  };

  test("changes each argument in place, sends only what changed, and keeps what is taken out", async () => {
    await changes(stage.up(program(least)));
    const before = structuredClone(object());
    stage.writes();
    for (const { args, sent, by = `update${kind}` } of steps) {
      expect(await changes(stage.up(program(args)))).toEqual(["update it"]);
      expect(stage.writes()).toMatchObject([{ operation: by, body: sent }]);
    }
    await settled(steps.at(-1)?.args ?? {});
    expect(object()).toMatchObject(subject.end);
    for (const field of lasting) expect(object()[field]).toEqual(before[field]);
  });

  test("shows the drift of each declared field after a refresh, and the next up repairs it", async () => {
    await changes(stage.up(program(subject.full)));
    const { UpdatedAt, ...before } = structuredClone(object());
    stage.writes();
    Object.assign(object(), structuredClone(subject.drift));
    const declared = (await stage.state()).get("it")?.inputs ?? {};
    expect(await changes(stage.refresh())).toEqual(["update it"]);
    const seen = (await stage.state()).get("it")?.inputs ?? {};
    for (const field of subject.drifted) expect(seen[field], field).not.toEqual(declared[field]);
    expect(stage.writes()).toEqual([]);

    expect(await changes(stage.up(program(subject.full)))).toEqual(["update it"]);
    expect(stage.writes().map(({ operation }) => operation)).toEqual(subject.repairedBy);
    expect(object()).toMatchObject(before);
    await settled(subject.full);
  });
});

test("a Credential is cleared by null and by an empty list, and what nobody declares is nobody's drift", async () => {
  const login = () => [...stage.emulator.data.credentials.values()].find(({ IsDefault }) => !IsDefault);
  const program = (args: Plain): Declared[] => [{ name: "acme", kind: "Credential", args }];
  const restricted = { chrootDirectory: "/partners", expiration: later, permission: "read-only" };
  await changes(stage.up(program({ ...restricted, inboundRules: [{ source: "203.0.113.7" }] })));
  stage.writes();
  const cleared = program({ chrootDirectory: null, expiration: null, inboundRules: [] });
  await changes(stage.up(cleared));
  expect(stage.writes()).toEqual([
    { operation: "updateInboundRules", body: { Settings: { Network: { InboundRules: [] } } } },
    { operation: "updateCredential", body: { ChrootDirectory: "/", Expiration: null } },
  ]);
  expect(login()).toMatchObject({
    ChrootDirectory: "/",
    Expiration: null,
    Permission: "read-only",
    State: "active",
    Settings: { Network: { InboundRules: [] } },
  });
  expect(await changes(stage.refresh())).toEqual([]);

  Object.assign(login() ?? {}, { Permission: "full" });
  await changes(stage.refresh());
  expect(await changes(stage.up(cleared))).toEqual([]);
  expect(login()?.Permission).toBe("full");
});

test("a Webhook that the service paused is mended where its state is declared, and only there", async () => {
  const args = { url, topics: ["file.created"] };
  const program = (more: Plain = {}): Declared[] => [
    { name: "it", kind: "Webhook", args: { ...args, ...more } },
  ];
  await changes(stage.up(program()));
  const [webhook] = stage.emulator.data.webhooks.values();
  stage.emulator.pauseWebhook(webhook?.Id ?? "");
  await changes(stage.refresh());
  expect((await stage.state()).get("it")?.outputs).toMatchObject({ state: "paused" });
  expect(await changes(stage.up(program()))).toEqual([]);

  expect(await changes(stage.up(program({ state: "enabled" })))).toEqual(["update it"]);
  expect(webhook?.State).toBe("enabled");
  stage.emulator.pauseWebhook(webhook?.Id ?? "");
  await changes(stage.refresh());
  expect(await changes(stage.up(program({ state: "enabled" })))).toEqual(["update it"]);
  expect(webhook?.State).toBe("enabled");
});
