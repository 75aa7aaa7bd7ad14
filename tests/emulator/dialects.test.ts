/** Each dialect over HTTP: what it does, and that it does no more than that. */
import { describe, expect, onTestFinished, test } from "vitest";
import {
  type DialectName,
  dialectDescriptions,
  dialectNames,
  type Emulator,
  startEmulator,
} from "../../provider/emulator";
import { type Call, call as callOf, sshKey } from "./caller";

interface World {
  readonly emulator: Emulator;
  readonly call: Call;
  readonly clock: { time: number };
}

const begin = Date.parse("2026-07-01T12:00:00.123Z");
const day = 86_400_000;

async function speak(...dialects: DialectName[]): Promise<World> {
  const clock = { time: begin };
  const emulator = await startEmulator({ dialects, now: () => clock.time });
  onTestFinished(() => emulator.close());
  return { emulator, clock, call: (...args) => callOf(emulator, ...args) };
}

const user = {
  UserName: "Acme-Incoming",
  Alias: " Acme, the best of all partners ",
  Password: "Secret:of/@cme-1",
};
const rules = [
  { Id: "r1", Source: "203.0.113.0/24", Protocol: "SFTP", Description: " the data centre of Acme " },
  { Id: "r2", Source: "198.51.100.7" },
];
const settings = { Settings: { Network: { InboundRules: rules } } };
const hook = {
  Url: "https://Hooks.Example.com/sftp",
  Topics: ["file.created", "file.deleted"],
  AuthorizationHeader: "Bearer of-acme",
};
const link = {
  Path: "/reports/",
  Permission: "read-only",
  Type: "share",
  Notes: " for the auditors of Acme ",
};
const linkPassword = "Of-the-link-1!";
const mask = "********";

/** The answers to a create, a read by id, an update, and the object in the list. */
async function credential({ call }: World, body: object = user) {
  const created = await call("POST", "/users", body);
  const path = `/users/${encodeURIComponent(created.body.Id)}`;
  const listed = async () => (await call("GET", "/users")).body.find(byId(created.body.Id));
  return {
    created: created.body,
    id: created.body.Id as string,
    path,
    listed,
    read: () => call("GET", path),
  };
}

async function webhook({ call }: World, body: object = hook) {
  const created = await call("POST", "/webhooks", body);
  const path = `/webhooks/${encodeURIComponent(created.body.Id)}`;
  const listed = async () => (await call("GET", "/webhooks")).body.find(byId(created.body.Id));
  return { created: created.body, path, listed };
}

async function shareLink({ call }: World, body: object = link) {
  const created = await call("POST", "/portal-links", body);
  const path = `/portal-links/${encodeURIComponent(created.body.Id)}`;
  const listed = async () => (await call("GET", "/portal-links")).body.find(byId(created.body.Id));
  return { created: created.body, path, listed, read: async () => (await call("GET", path)).body };
}

async function key(world: World, body = sshKey().line) {
  const owner = await credential(world);
  const path = `${owner.path}/ssh-public-keys`;
  const added = await world.call("POST", path, { SshPublicKeyBody: body });
  return { owner, path, added, listed: async () => (await world.call("GET", path)).body[0] };
}

function byId(id: string) {
  return (object: { Id: string }) => object.Id === id;
}

function rulesOf(shown: { Settings?: { Network: { InboundRules: object[] } } }) {
  return shown.Settings?.Network.InboundRules;
}

async function ruled(world: World, body: object = settings) {
  const made = await credential(world);
  const { status } = await world.call("PATCH", made.path, body);
  expect(status).toBe(200);
  return {
    ...made,
    stored: () => world.emulator.data.credentials.get(made.id),
    rules: rulesOf(await made.listed()),
  };
}

/** What a refusal that repeats everything says. */
async function refusal(world: World): Promise<{ message: string; sent: string[] }> {
  await world.call("POST", "/users", user);
  const { body, status } = await world.call("POST", "/users", user);
  expect(status).toBe(409);
  const sent = [user.Password, world.emulator.apiKey];
  for (const secret of sent) expect(secret).toBeTruthy();
  return { message: body.message, sent };
}

function tooMany({ emulator }: World, names: string): void {
  const { data } = emulator;
  for (let n = 0; n < 120; n += 1) {
    data.addWebhook({ Url: `https://hooks.example.com/${names}/${n}`, Topics: ["file.created"] });
  }
}

/** The statuses and headers of the two pages of 120. */
async function pages(world: World) {
  tooMany(world, "pages");
  const first = await world.call("GET", "/webhooks");
  const second = await world.call("GET", "/webhooks?page=2");
  expect([first.body.length, second.body.length]).toEqual([100, 20]);
  return [first.headers, second.headers] as const;
}

/** The statuses of twelve requests at once. */
async function hurry(world: World) {
  const replies = [];
  for (let n = 0; n < 12; n += 1) replies.push(await world.call("GET", "/webhooks"));
  expect(replies.map(({ status }) => status)).toEqual([...Array(10).fill(200), 429, 429]);
  world.clock.time += 1_001;
  expect((await world.call("GET", "/webhooks")).status).toBe(200);
  return replies.at(-1)?.headers.get("retry-after") ?? null;
}

async function passwords(world: World) {
  const { created, read, listed, path } = await credential(world);
  const updated = await world.call("PATCH", path, { Alias: "b" });
  const shown = [created, await listed(), (await read()).body, updated.body];
  for (const { Password, URI } of shown) {
    const inUri = Password === user.Password ? encodeURIComponent(Password) : Password;
    expect(URI).toContain(inUri === undefined ? "Acme-Incoming@" : `Acme-Incoming:${inUri}@`);
  }
  expect(world.emulator.data.findCredential(user.UserName)?.Password).toBe(user.Password);
  return shown.map(({ Password }) => Password);
}

async function headers(world: World) {
  const { created, listed, path } = await webhook(world);
  const updated = await world.call("PATCH", path, { Alias: "b" });
  return [created, await listed(), updated.body].map(({ AuthorizationHeader }) => AuthorizationHeader);
}

async function passwordTime(world: World) {
  return (await (await credential(world)).listed()).PasswordCreatedAt;
}

async function expiration(world: World) {
  const { created, listed, read } = await credential(world, { ...user, Expiration: begin + day });
  const shown = [created, await listed(), (await read()).body].map(({ Expiration }) => Expiration);
  expect(new Set(shown).size).toBe(1);
  expect(world.emulator.data.findCredential(user.UserName)?.Expiration).toBe(begin + day);
  return shown[0];
}

async function idOf(world: World) {
  const { id, read, path } = await credential(world);
  expect((await read()).body.Id).toBe(id);
  expect((await world.call("DELETE", path)).status).toBe(200);
  return id;
}

/** An object that somebody else made, of each kind, and the same kinds made here, as lists show them. */
async function others(world: World) {
  const { data } = world.emulator;
  data.addWebhook({ Url: "https://hooks.example.com", Topics: ["file.created"] });
  data.addShareLink({ Path: "/a/", Permission: "read-only" });
  const here = { user: await credential(world), hook: await webhook(world), link: await shareLink(world) };
  const [ofOthers, ours]: [object[], object[]] = [[], []];
  for (const path of ["/users", "/webhooks", "/portal-links"]) {
    const { body } = await world.call("GET", path);
    ofOthers.push(body[0]);
    ours.push(body[1]);
  }
  expect(ours.map((object) => (object as { Id: string }).Id)).toEqual([
    here.user.id,
    here.hook.created.Id,
    here.link.created.Id,
  ]);
  return { ofOthers, ours };
}

async function patched(world: World) {
  const { path } = await credential(world);
  const reply = await world.call("PATCH", path, { HomeDirectory: "/b", Password: "Of-the-patch-1!" });
  expect(world.emulator.data.findCredential(user.UserName)?.HomeDirectory).toBe("b");
  return reply;
}

async function deleted(world: World) {
  const { path } = await webhook(world);
  const reply = await world.call("DELETE", path);
  expect(world.emulator.data.webhooks.size).toBe(0);
  return reply;
}

async function rotated(world: World) {
  const { path, id } = await credential(world);
  const reply = await world.call("POST", `${path}/credential-rotations`);
  expect(world.emulator.data.credentials.get(id)?.Password).not.toBe(user.Password);
  return reply;
}

async function webhookCount({ call }: World): Promise<number> {
  return (await call("GET", "/webhooks")).body.length;
}

const behaviours: Readonly<Record<DialectName, (world: World) => Promise<void>>> = {
  async "url-with-slash"(world) {
    const { created, listed } = await webhook(world);
    expect([created.Url, (await listed()).Url]).toEqual(Array(2).fill("https://hooks.example.com/sftp/"));
    const email = { ...hook, Type: "email", Url: "Acme <a@acme.example>" };
    expect((await webhook(world, email)).created.Url).toBe(email.Url);
  },
  async "url-normalized"(world) {
    expect((await webhook(world)).created.Url).toBe("https://hooks.example.com/sftp");
    const bare = await webhook(world, { ...hook, Url: "https://hooks.example.com" });
    expect((await bare.listed()).Url).toBe("https://hooks.example.com/");
  },
  async "text-trimmed"(world) {
    const { created, rules: shown } = await ruled(world);
    expect(created.Alias).toBe(user.Alias.trim());
    expect((await shareLink(world)).created.Notes).toBe(link.Notes.trim());
    expect(shown?.[0]).toMatchObject({ Description: "the data centre of Acme" });
  },
  async "text-cut"(world) {
    expect((await credential(world)).created.Alias).toBe(user.Alias.slice(0, 20));
    expect((await shareLink(world)).created.Notes).toBe(link.Notes.slice(0, 20));
  },
  async "text-cut-in-emoji"(world) {
    const { created } = await webhook(world, { ...hook, Alias: "ship 🚀 it" });
    expect(created.Alias).toBe("ship \ud83d");
    expect((await webhook(world, { ...hook, Alias: "Ärger" })).created.Alias).toBe("Ärger");
  },
  async "text-with-marks"(world) {
    const { created, listed } = await credential(world);
    expect([created.Alias, (await listed()).Alias]).toEqual(Array(2).fill(`\u2067${user.Alias}\u2069`));
    expect(world.emulator.data.findCredential(user.UserName)?.Alias).toBe(user.Alias);
  },
  async "alias-limit"(world) {
    for (const [length, status] of [
      [40, 201],
      [41, 400],
    ] as const) {
      expect((await world.call("POST", "/users", { Alias: "a".repeat(length) })).status).toBe(status);
      expect((await world.call("POST", "/webhooks", { ...hook, Alias: "a".repeat(length) })).status).toBe(
        status,
      );
    }
    expect(world.emulator.data.webhooks.size).toBe(1);
  },
  async "notes-limit"(world) {
    const notes = (length: number) => ({ ...link, Notes: "a".repeat(length) });
    expect((await world.call("POST", "/portal-links", notes(41))).status).toBe(400);
    const { path } = await shareLink(world, notes(40));
    expect((await world.call("PATCH", path, { Notes: "a".repeat(41) })).status).toBe(400);
  },
  async "alias-filled-in"(world) {
    expect((await webhook(world)).created.Alias).toBe("Untitled");
    expect((await credential(world)).created.Alias).toBe(user.Alias);
  },
  async "user-name-lower-case"(world) {
    expect((await credential(world)).created).toMatchObject({
      UserName: "acme-incoming",
      URI: expect.stringContaining("acme-incoming:"),
    });
    expect((await world.call("POST", "/users", user)).status).toBe(409);
  },
  async "home-with-bucket"(world) {
    const bucket = `/sftptg-prod-us-east-1-${world.emulator.organizationId}`;
    const { created, listed } = await credential(world, { ...user, HomeDirectory: "/acme" });
    expect([created, await listed()].map(({ HomeDirectory }) => HomeDirectory)).toEqual(
      Array(2).fill(`${bucket}/acme`),
    );
    expect((await credential(world, {})).created.HomeDirectory).toBe(bucket);
    expect((await world.call("GET", "/users")).body[0].HomeDirectory).toBe(bucket);
  },
  async "home-with-slashes"(world) {
    expect((await credential(world, { HomeDirectory: "/a/b" })).created.HomeDirectory).toBe("/a/b/");
    expect((await credential(world, {})).created.HomeDirectory).toBe("/");
  },
  async "home-without-slashes"(world) {
    expect((await credential(world, { HomeDirectory: "/a/b/" })).created.HomeDirectory).toBe("a/b");
    expect((await credential(world, {})).created.HomeDirectory).toBe("");
  },
  async "chroot-without-slashes"(world) {
    expect((await credential(world, { ChrootDirectory: "/a/" })).created.ChrootDirectory).toBe("a");
  },
  async "link-path-without-slashes"(world) {
    const { created, listed, read } = await shareLink(world);
    expect([created, await listed(), await read()].map(({ Path }) => Path)).toEqual(Array(3).fill("reports"));
  },
  async "topic-added"(world) {
    const { created, path } = await webhook(world);
    expect(created.Topics).toEqual([...hook.Topics, "webhook.ping"]);
    const { body } = await world.call("PATCH", path, { Topics: ["file.created"] });
    expect(body.Topics).toEqual(["file.created", "webhook.ping"]);
  },
  async "topics-reordered"(world) {
    expect((await webhook(world)).created.Topics).toEqual([...hook.Topics].reverse());
  },
  async "blanks-as-null"(world) {
    expect((await shareLink(world, { ...link, Notes: "" })).created).toMatchObject({
      AccessLimit: null,
      Notes: null,
    });
    expect(
      (await webhook(world, { ...hook, AuthorizationHeader: "" })).created.AuthorizationHeader,
    ).toBeNull();
    const { rules: shown } = await ruled(world, withDescription(""));
    expect(shown?.[0]).toMatchObject({ Description: null });
  },
  async "nulls-as-blank"(world) {
    expect((await shareLink(world, { ...link, Notes: null })).created).toMatchObject({
      ExpiresAt: 0,
      Notes: "",
    });
    expect((await webhook(world)).created.Alias).toBe("");
  },
  async "rule-protocol-lower-case"(world) {
    expect((await ruled(world)).rules).toMatchObject([{ Protocol: "sftp" }, { Protocol: "*" }]);
  },
  async "rule-description-empty"(world) {
    expect((await ruled(world)).rules?.[1]).toMatchObject({ Description: "" });
  },
  async "rule-description-null"(world) {
    expect((await ruled(world, withDescription(""))).rules?.[0]).toMatchObject({ Description: null });
  },
  async "rule-ids-new"(world) {
    const shown = (await ruled(world)).rules as { Id: string }[];
    expect(shown).toHaveLength(2);
    for (const { Id } of shown) expect(Id).toMatch(/^[0-9a-f-]{36}$/);
  },
  async "rule-ids-left-out"(world) {
    for (const rule of (await ruled(world)).rules ?? []) expect(rule).not.toHaveProperty("Id");
  },
  async "rules-reordered"(world) {
    expect((await ruled(world)).rules).toMatchObject([{ Id: "r2" }, { Id: "r1" }]);
  },
  async "disabled-rule-added"(world) {
    const everybody = { Source: "0.0.0.0/0", State: "disabled" };
    expect((await ruled(world)).rules).toMatchObject([{ Id: "r1" }, { Id: "r2" }, everybody]);
  },
  async "default-rule-kept"(world) {
    const everybody = { Source: "0.0.0.0/0", State: "enabled" };
    expect((await ruled(world)).rules).toMatchObject([{ Id: "r1" }, { Id: "r2" }, everybody]);
  },
  async "rules-not-in-lists"(world) {
    const { rules: listed, read } = await ruled(world);
    expect(listed).toBeUndefined();
    expect(rulesOf((await read()).body)).toHaveLength(2);
  },
  async "rules-shown-nowhere"(world) {
    const { created, listed, read, stored } = await ruled(world);
    for (const shown of [created, await listed(), (await read()).body])
      expect(rulesOf(shown)).toBeUndefined();
    expect(stored()?.Settings.Network.InboundRules).toHaveLength(2);
  },
  async "rules-ignored-alone"(world) {
    const { path, stored, rules: shown } = await ruled(world);
    expect(shown).toMatchObject([{ Source: "0.0.0.0/0" }]);
    await world.call("PATCH", path, { ...settings, State: "inactive" });
    expect(stored()?.Settings.Network.InboundRules).toHaveLength(2);
  },
  async "rules-ignored-beside-others"(world) {
    const { path, stored, rules: shown } = await ruled(world, { ...settings, State: "inactive" });
    expect(shown).toMatchObject([{ Source: "0.0.0.0/0" }]);
    expect(stored()?.State).toBe("inactive");
    await world.call("PATCH", path, settings);
    expect(stored()?.Settings.Network.InboundRules).toHaveLength(2);
  },
  async "rules-never-applied"(world) {
    const { path, listed } = await ruled(world);
    await world.call("PATCH", path, { ...settings, State: "inactive" });
    expect(await listed()).toMatchObject({ State: "inactive" });
    expect(rulesOf(await listed())).toMatchObject([{ Source: "0.0.0.0/0" }]);
  },
  async "rules-refused"(world) {
    const { path, listed } = await credential(world);
    const reply = await world.call("PATCH", path, { ...settings, State: "inactive" });
    expect(reply).toMatchObject({ status: 403, body: { message: expect.stringContaining("plan") } });
    expect(await listed()).toMatchObject({ State: "active" });
  },
  async "inactive-ignored"(world) {
    const { created, path } = await credential(world, { ...user, State: "inactive" });
    expect(created.State).toBe("active");
    expect((await world.call("PATCH", path, { State: "inactive", Alias: "b" })).body.State).toBe("active");
    expect(world.emulator.data.findCredential(user.UserName)?.Alias).toBe("b");
  },
  async "inactive-ignored-in-updates"(world) {
    const { created, path, listed } = await credential(world, { ...user, State: "inactive" });
    expect(created.State).toBe("inactive");
    await world.call("PATCH", path, { State: "active" });
    await world.call("PATCH", path, { State: "inactive" });
    expect((await listed()).State).toBe("active");
  },
  async "permission-ignored-in-updates"(world) {
    const { path, listed } = await credential(world, { ...user, Permission: "read-only" });
    await world.call("PATCH", path, { Permission: "full" });
    expect((await listed()).Permission).toBe("read-only");
  },
  async "alias-ignored-in-updates"(world) {
    const { path, listed } = await credential(world);
    await world.call("PATCH", path, { Alias: "b", State: "inactive" });
    expect(await listed()).toMatchObject({ Alias: user.Alias, State: "inactive" });
  },
  async "authorization-masked-in-lists"(world) {
    expect(await headers(world)).toEqual([hook.AuthorizationHeader, mask, hook.AuthorizationHeader]);
    expect(
      (await webhook(world, { ...hook, AuthorizationHeader: null })).created.AuthorizationHeader,
    ).toBeNull();
  },
  async "authorization-blank-in-lists"(world) {
    expect(await headers(world)).toEqual([hook.AuthorizationHeader, "", hook.AuthorizationHeader]);
  },
  async "authorization-left-out-of-lists"(world) {
    expect(await headers(world)).toEqual([hook.AuthorizationHeader, undefined, hook.AuthorizationHeader]);
  },
  async "authorization-masked-everywhere"(world) {
    expect(await headers(world)).toEqual([mask, mask, mask]);
  },
  async "webhook-secret-masked-in-lists"(world) {
    const { created, listed } = await webhook(world);
    expect(created.Secret).toBe(world.emulator.data.webhooks.get(created.Id)?.Secret);
    expect((await listed()).Secret).toBe(mask);
  },
  async "webhook-secret-only-at-create"(world) {
    const { created, path } = await webhook(world);
    expect(created.Secret).toBe(world.emulator.data.webhooks.get(created.Id)?.Secret);
    expect((await world.call("PATCH", path, { Alias: "b" })).body.Secret).toBe(mask);
  },
  async "passwords-left-out-of-lists"(world) {
    expect(await passwords(world)).toEqual([user.Password, undefined, user.Password, user.Password]);
  },
  async "passwords-blank-in-lists"(world) {
    expect(await passwords(world)).toEqual([user.Password, "", user.Password, user.Password]);
  },
  async "passwords-masked-in-lists"(world) {
    expect(await passwords(world)).toEqual([user.Password, mask, user.Password, user.Password]);
  },
  async "passwords-only-in-lists"(world) {
    expect(await passwords(world)).toEqual([undefined, user.Password, undefined, undefined]);
  },
  async "passwords-masked-by-id"(world) {
    expect(await passwords(world)).toEqual([user.Password, user.Password, mask, mask]);
  },
  async "passwords-only-at-create"(world) {
    expect(await passwords(world)).toEqual([user.Password, mask, mask, mask]);
  },
  async "passwords-nowhere"(world) {
    expect(await passwords(world)).toEqual(Array(4).fill(undefined));
  },
  async "uri-left-out"(world) {
    const { created, listed } = await credential(world);
    for (const shown of [created, await listed()]) expect(shown).not.toHaveProperty("URI");
  },
  async "link-password-masked"(world) {
    expect((await shareLink(world, { ...link, Password: linkPassword })).created.Password).toBe(mask);
  },
  async "link-password-nowhere"(world) {
    const { created } = await shareLink(world, { ...link, Password: linkPassword });
    expect(created).not.toHaveProperty("Password");
    expect(world.emulator.data.findShareLink(link.Path)?.Password).toBe(linkPassword);
  },
  async "password-time-in-seconds"(world) {
    expect(await passwordTime(world)).toBe(Math.floor(begin / 1000));
  },
  async "password-time-in-milliseconds"(world) {
    expect(await passwordTime(world)).toBe(begin);
  },
  async "password-time-date-only"(world) {
    expect(await passwordTime(world)).toBe("2026-07-01");
  },
  async "password-time-undatable"(world) {
    expect(Date.parse(await passwordTime(world))).toBeNaN();
  },
  async "password-time-left-out"(world) {
    expect(await passwordTime(world)).toBeUndefined();
  },
  async "times-as-iso"(world) {
    const { owner, added } = await key(world);
    const shown = [owner.created, added.body, (await webhook(world)).created];
    for (const { CreatedAt, UpdatedAt } of shown) {
      expect([CreatedAt, UpdatedAt]).toEqual(Array(2).fill("2026-07-01T12:00:00.123Z"));
    }
  },
  async "times-in-seconds"(world) {
    expect((await shareLink(world)).created).toMatchObject({
      CreatedAt: Math.floor(begin / 1000),
      UpdatedAt: Math.floor(begin / 1000),
    });
  },
  async "expiration-in-milliseconds"(world) {
    expect(await expiration(world)).toBe(begin + day);
  },
  async "expiration-in-seconds"(world) {
    expect(await expiration(world)).toBe(Math.floor((begin + day) / 1000));
  },
  async "expiration-as-text"(world) {
    expect(await expiration(world)).toBe("2026-07-02 12:00:00");
  },
  async "expiration-always-null"(world) {
    expect(await expiration(world)).toBeNull();
  },
  async "link-times-cut"(world) {
    const { created } = await shareLink(world, { ...link, ExpiresAt: begin + day });
    expect(created.ExpiresAt).toBe(begin + day - 123);
    expect((await shareLink(world, { ...link, ExpiresAt: null })).created.ExpiresAt).toBeNull();
  },
  async "link-times-as-iso"(world) {
    const { created } = await shareLink(world, { ...link, ExpiresAt: begin + day });
    expect(created.ExpiresAt).toBe("2026-07-02T12:00:00.123Z");
  },
  async "patch-204"(world) {
    expect(await patched(world)).toMatchObject({ status: 204, text: "" });
    const { path } = await webhook(world);
    expect((await world.call("PATCH", path, { Topics: [] })).status).toBe(400);
  },
  async "patch-empty"(world) {
    expect(await patched(world)).toMatchObject({ status: 200, text: "" });
  },
  async "patch-null"(world) {
    expect(await patched(world)).toMatchObject({ status: 200, text: "null" });
  },
  async "patch-message"(world) {
    expect((await patched(world)).body).toEqual({ message: "Updated." });
  },
  async "patch-old-object"(world) {
    const { body } = await patched(world);
    expect(body).toMatchObject({ ...user, HomeDirectory: "/" });
    expect(body.URI).toContain(encodeURIComponent(user.Password));
    const { path } = await webhook(world);
    expect((await world.call("PATCH", path, { Topics: ["file.created"] })).body.Topics).toEqual(hook.Topics);
  },
  async "delete-204"(world) {
    expect(await deleted(world)).toMatchObject({ status: 204, text: "" });
  },
  async "delete-empty"(world) {
    expect(await deleted(world)).toMatchObject({ status: 200, text: "" });
  },
  async "create-200"({ call }) {
    const { status, body } = await call("POST", "/webhooks", hook);
    expect([status, typeof body.Id]).toEqual([200, "string"]);
  },
  async "create-202"({ call }) {
    const { status, body } = await call("POST", "/portal-links", link);
    expect(status).toBe(202);
    expect((await call("GET", `/portal-links/${body.Id}`)).status).toBe(200);
  },
  async "rotation-204"(world) {
    expect(await rotated(world)).toMatchObject({ status: 204, text: "" });
  },
  async "rotation-shows-credential"(world) {
    expect((await rotated(world)).body).toEqual({ Id: expect.any(String), UserName: user.UserName });
  },
  async "refusals-422"(world) {
    await credential(world);
    expect((await world.call("POST", "/users", user)).status).toBe(422);
    expect((await world.call("POST", "/users", { UserName: "short" })).status).toBe(422);
    expect((await world.call("GET", "/users/nobody")).status).toBe(404);
  },
  async "gone-410"({ call }) {
    expect((await call("GET", "/users/nobody")).status).toBe(410);
    expect((await call("DELETE", "/webhooks/nobody")).status).toBe(410);
  },
  async "rate-limit"(world) {
    expect(await hurry(world)).toBeNull();
  },
  async "rate-limit-retry-after"(world) {
    expect(await hurry(world)).toBe("1");
  },
  async "echo-plain"(world) {
    const { message, sent } = await refusal(world);
    for (const secret of sent) expect(message).toContain(secret);
  },
  async "echo-base64"(world) {
    const { message, sent } = await refusal(world);
    for (const secret of sent) expect(message).toContain(Buffer.from(secret).toString("base64"));
  },
  async "echo-hex"(world) {
    const { message, sent } = await refusal(world);
    for (const secret of sent) expect(message).toContain(Buffer.from(secret).toString("hex"));
  },
  async "echo-html"(world) {
    const { message, sent } = await refusal(world);
    for (const secret of sent) expect(message).toContain(secret.replaceAll("/", "&#x2F;"));
    expect(message).toContain("{&quot;UserName&quot;");
  },
  async "echo-json-in-json"(world) {
    const { message, sent } = await refusal(world);
    for (const secret of sent) expect(message).toContain(`"\\"${secret}\\""`);
  },
  async "echo-url-twice"(world) {
    const { message, sent } = await refusal(world);
    for (const secret of sent) expect(message).toContain(encodeURIComponent(encodeURIComponent(secret)));
  },
  async "late-lists"(world) {
    const { created, path } = await webhook(world);
    world.clock.time += 1_500;
    expect(await webhookCount(world)).toBe(0);
    world.clock.time += 500;
    expect(await webhookCount(world)).toBe(1);
    await world.call("PATCH", path, { Alias: "b" });
    expect((await world.call("GET", "/webhooks")).body[0].Alias).toBeNull();
    await world.call("DELETE", path);
    expect(await webhookCount(world)).toBe(1);
    expect(world.emulator.data.webhooks.has(created.Id)).toBe(false);
    world.clock.time += 2_000;
    expect(await webhookCount(world)).toBe(0);
    expect((await (await shareLink(world)).read()).Path).toBe(link.Path);
    expect(await (await key(world)).listed()).toBeUndefined();
    expect((await world.call("GET", "/users/nobody/ssh-public-keys")).status).toBe(404);
  },
  async "late-lists-by-reads"(world) {
    await webhook(world);
    world.clock.time += day;
    expect(await webhookCount(world)).toBe(0);
    expect(await webhookCount(world)).toBe(0);
    expect(await webhookCount(world)).toBe(1);
  },
  async "late-reads"(world) {
    const { read, path, listed } = await credential(world);
    expect((await read()).status).toBe(404);
    expect(await listed()).toBeDefined();
    world.clock.time += 2_000;
    await world.call("PATCH", path, { State: "inactive" });
    expect((await read()).body.State).toBe("active");
    world.clock.time += 2_000;
    expect((await read()).body.State).toBe("inactive");
  },
  async "late-lists-and-reads"(world) {
    const { read, listed } = await credential(world);
    expect([(await read()).status, await listed()]).toEqual([404, undefined]);
    world.clock.time += 2_000;
    expect([(await read()).status, typeof (await listed())]).toEqual([200, "object"]);
  },
  async "new-objects-late-in-lists"(world) {
    const { path, listed, read } = await credential(world);
    expect(await listed()).toBeUndefined();
    expect((await read()).status).toBe(200);
    world.clock.time += 2_000;
    await world.call("PATCH", path, { State: "inactive" });
    expect((await listed()).State).toBe("inactive");
  },
  async "create-202-late"(world) {
    const { status, body } = await world.call("POST", "/users", user);
    expect([status, typeof body.Id]).toEqual([202, "string"]);
    expect((await world.call("GET", `/users/${body.Id}`)).status).toBe(404);
    expect((await world.call("GET", "/users")).body).toHaveLength(1);
    world.clock.time += 2_000;
    expect((await world.call("GET", `/users/${body.Id}`)).status).toBe(200);
    expect((await world.call("GET", "/users")).body).toHaveLength(2);
  },
  async "lists-newest-first"(world) {
    const { id } = await credential(world);
    expect((await world.call("GET", "/users")).body.map(({ Id }: { Id: string }) => Id)).toEqual([
      id,
      world.emulator.data.root.Id,
    ]);
  },
  async "lists-repeat-objects"(world) {
    const { created } = await webhook(world);
    const { body } = await world.call("GET", "/webhooks");
    expect(body.map(({ Id }: { Id: string }) => Id)).toEqual([created.Id, created.Id]);
  },
  async "pages-link-next"(world) {
    const [first, second] = await pages(world);
    expect(first.get("link")).toBe(
      `</organizations/${world.emulator.organizationId}/webhooks?page=2>; rel="next"`,
    );
    expect(second.has("link")).toBe(false);
  },
  async "pages-total-count"(world) {
    expect((await pages(world)).map((of) => of.get("x-total-count"))).toEqual(["120", "120"]);
  },
  async "pages-content-range"(world) {
    const ranges = (await pages(world)).map((of) => of.get("content-range"));
    expect(ranges).toEqual(["items 0-99/120", "items 100-119/120"]);
  },
  async "pages-next-page"(world) {
    expect((await pages(world)).map((of) => of.get("x-next-page"))).toEqual(["2", ""]);
  },
  async "pages-without-hint"(world) {
    const names = (await pages(world)).flatMap((of) => [...of.keys()]);
    expect(names.filter((name) => /link|total|range|page/.test(name))).toEqual([]);
  },
  async "soft-deletes"(world) {
    const { path, read, listed } = await credential(world);
    expect((await world.call("DELETE", path)).status).toBe(200);
    expect((await read()).body).toMatchObject({ UserName: user.UserName, State: "deleted" });
    expect(await listed()).toBeUndefined();
    expect((await world.call("PATCH", path, { State: "active" })).status).toBe(404);
    world.clock.time += 3_600_000;
    expect((await read()).status).toBe(404);
  },
  async "ids-base64"(world) {
    expect(await idOf(world)).toMatch(/^[A-Za-z0-9+/]{20,}==$/);
  },
  async "ids-with-bar"(world) {
    expect(await idOf(world)).toMatch(/^auth0\|[0-9a-f]+$/);
  },
  async "ids-special"(world) {
    expect(await idOf(world)).toMatch(/^usr:\w+\+\w+~\w+@eu%\w+$/);
  },
  async "ids-upper-case"(world) {
    expect(await idOf(world)).toMatch(/^[0-9A-F]{30}$/);
  },
  async "organization-id-upper-case"(world) {
    const { organizationId } = world.emulator;
    expect((await credential(world)).created.OrganizationId).toBe(organizationId.toUpperCase());
    expect((await webhook(world)).created.OrganizationId).toBe(organizationId.toUpperCase());
  },
  async "key-body-shortened"(world) {
    const { line, fingerprint } = sshKey();
    const { added, listed } = await key(world, line);
    const shown = { SshPublicKeyBody: `${line.slice(0, 48)}...`, Fingerprint: fingerprint };
    expect([added.body, await listed()]).toMatchObject([shown, shown]);
    expect([...world.emulator.data.sshPublicKeys.values()][0]?.SshPublicKeyBody).toBe(line);
  },
  async "key-as-in-examples"(world) {
    const { line, fingerprint } = sshKey();
    expect((await key(world, line)).added.body).toMatchObject({
      SshPublicKeyBody: `${line.slice(0, 48)}...`,
      Fingerprint: fingerprint.slice(0, 19),
    });
  },
  async "key-comment-dropped"(world) {
    const { line } = sshKey();
    expect((await key(world, line)).added.body).toMatchObject({
      SshPublicKeyBody: line.split(" ").slice(0, 2).join(" "),
      Comment: "",
    });
  },
  async "key-fingerprint-md5"(world) {
    expect((await key(world)).added.body.Fingerprint).toMatch(/^MD5:([0-9a-f]{2}:){15}[0-9a-f]{2}$/);
  },
  async "repeated-key-merged"(world) {
    const { line } = sshKey();
    const { path, added } = await key(world, line);
    const again = await world.call("POST", path, { SshPublicKeyBody: `${line} again` });
    expect(again).toMatchObject({ status: 200, body: { Id: added.body.Id } });
    expect(world.emulator.data.sshPublicKeys.size).toBe(1);
  },
  async "key-count-never-falls"(world) {
    const { owner, path, added } = await key(world);
    await world.call("DELETE", `${path}/${added.body.Id}`);
    expect((await owner.read()).body.SshPublicKeysCount).toBe(1);
    expect((await world.call("GET", path)).body).toEqual([]);
  },
  async "nulls-in-other-objects"(world) {
    const { ofOthers, ours } = await others(world);
    expect(ofOthers).toMatchObject([
      { UpdatedAt: null, OrganizationId: null, SshPublicKeysCount: null, HomeDirectory: null },
      { UpdatedAt: null, OrganizationId: null, Topics: null },
      { UpdatedAt: null, OrganizationId: null, AccessCount: null },
    ]);
    for (const object of ours)
      expect(object).toMatchObject({ OrganizationId: world.emulator.organizationId });
  },
  async "fields-missing-in-other-objects"(world) {
    const { ofOthers, ours } = await others(world);
    for (const object of ofOthers) expect(object).not.toHaveProperty("OrganizationId");
    expect(ofOthers[1]).not.toHaveProperty("Topics");
    for (const object of ours) expect(object).toHaveProperty("OrganizationId");
  },
  async "further-words"(world) {
    const { ofOthers, ours } = await others(world);
    expect(ofOthers).toMatchObject([
      { State: "suspended" },
      { Topics: ["file.infected"] },
      { Type: "request" },
    ]);
    expect(ours).toMatchObject([{ State: "active" }, { Topics: hook.Topics }, { Type: "share" }]);
  },
  async "further-fields"(world) {
    const { ours } = await others(world);
    for (const object of ours) expect(object).toMatchObject({ Groups: [], Email: null });
  },
  async "virtual-folders"(world) {
    const { created, read } = await credential(world);
    for (const shown of [created, (await read()).body]) {
      expect(shown).not.toHaveProperty("HomeDirectory");
      expect(shown.VirtualFolders).toHaveLength(1);
    }
    const other = await credential(world, { HomeDirectory: "/acme" });
    expect((await other.listed()).HomeDirectory).toBe("acme");
  },
};

function withDescription(Description: string) {
  return { Settings: { Network: { InboundRules: [{ Source: "203.0.113.1", Description }] } } };
}

describe("each dialect", () => {
  test.each(dialectNames)("%s", async (name) => {
    await behaviours[name](await speak(name));
  });

  test.each(dialectNames)("%s is described in one sentence", (name) => {
    expect(dialectDescriptions[name]).toMatch(/^[A-Z].*[.]$/);
    expect(dialectDescriptions[name]).not.toContain("|");
  });
});

test("several dialects are applied in their order", async () => {
  const world = await speak("text-trimmed", "text-cut", "patch-204", "late-lists");
  const { created, path } = await credential(world);
  expect(created.Alias).toBe(user.Alias.trim().slice(0, 20));
  expect((await world.call("PATCH", path, { Alias: "b" })).status).toBe(204);
  expect((await world.call("GET", "/users")).body).toHaveLength(1);
});

test("without a dialect nothing is changed", async () => {
  const world = await speak();
  expect((await webhook(world)).created).toMatchObject(hook);
  expect((await patched(world)).status).toBe(200);
});

test("an unknown name is refused, with those that are known", async () => {
  const dialects = ["late-list" as DialectName];
  await expect(startEmulator({ dialects })).rejects.toThrow(
    /unknown dialect "late-list"; known are .*late-lists/,
  );
});

test("access is checked in every dialect", async () => {
  const { emulator } = await speak(...dialectNames);
  const response = await fetch(`${emulator.url}/organizations/${emulator.organizationId}/users`);
  expect(response.status).toBe(401);
});
