/**
 * What each dialect changes, over HTTP: the same requests are sent to the plain emulator and to one that speaks the
 * dialect, and the answers are compared. `catalog.txt` holds the differences, so a dialect that does nothing, or more
 * than it says, is seen there; `vitest run --project judges tests/harness/dialects/catalog.test.ts --update` writes it.
 */
import { expect, test } from "vitest";
import { startEmulator } from "../../../provider/emulator/index.js";
import { call as callOf, type Reply, sshKey } from "../../emulator/caller.js";
import { type DialectName, dialectDescriptions, dialectNames, speaking } from "./catalog/index.ts";

const begin = Date.parse("2026-07-01T12:00:00.123Z");
const day = 86_400_000;
const declared = ["Secret:of/@cme-1", "Another:of/@cme-2"];
const key = sshKey("ed25519", "ops@acme 🐞").line;
const otherKey = sshKey("ed25519", "").line;
const long =
  "Acme, the best of all partners, with a name that goes on and on until no service would keep it whole ".repeat(
    3,
  );

interface Answer {
  readonly step: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** The answers to a fixed script, with stable names in place of what is random. */
async function answersOf(...dialects: DialectName[]): Promise<readonly Answer[]> {
  const clock = { time: begin };
  const emulator = await startEmulator(
    speaking({ dialects, now: () => clock.time, organizationId: "0f4a3c1e-aaaa-4bbb-8ccc-1234567890ab" }),
  );
  const answers: Answer[] = [];
  const names = new Map<string, string>();

  function nameRandomness(): void {
    const { credentials, sshPublicKeys, webhooks, shareLinks } = emulator.data;
    const name = (value: string, as: string) => value && !names.has(value) && names.set(value, as);
    for (const [index, each] of [...credentials.values()].entries()) {
      name(each.Id, `<credential ${index}>`);
      name(each.Host, "<host>");
      if (each.IsDefault) name(each.UserName, "<root>");
      if (declared.includes(each.Password)) continue;
      name(each.Password, "<password>");
      name(encodeURIComponent(each.Password), "<password>");
    }
    for (const [index, each] of [...sshPublicKeys.values()].entries()) name(each.Id, `<key ${index}>`);
    for (const [index, each] of [...webhooks.values()].entries()) {
      name(each.Id, `<webhook ${index}>`);
      name(each.Secret, `<secret ${index}>`);
    }
    for (const [index, each] of [...shareLinks.values()].entries()) {
      name(each.Id, `<link ${index}>`);
    }
    name(emulator.data.organizationId, "<organization>");
  }

  function stable(text: string): string {
    let result = text;
    const byLength = [...names].sort(([one], [other]) => other.length - one.length);
    for (const [value, as] of byLength) result = result.replaceAll(value, as);
    return result
      .replaceAll(emulator.url, "<url>")
      .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "<uuid>");
  }

  async function send(step: string, method: string, path: string, body?: unknown): Promise<Reply> {
    const reply = await callOf(emulator, method, path, body);
    nameRandomness();
    const {
      date,
      connection: _,
      "keep-alive": __,
      "content-length": ___,
      ...headers
    } = Object.fromEntries(reply.headers);
    const ahead = date === undefined ? {} : { date: `${(Date.parse(date) - clock.time) / day}`.slice(0, 4) };
    // Random for each emulator, and in no list of the data.
    const creators = reply.text.matchAll(
      /"CreatedBy":\{"Type":"\w+","Id":"([^"]+)"|"PrincipalId":"([^"]+)"/g,
    );
    for (const [, id, principal] of creators)
      names.set(id ?? principal ?? "", id ? "<creator>" : "<principal>");
    const text = stable(reply.text);
    let parsed: unknown = text;
    try {
      parsed = JSON.parse(text);
    } catch {}
    const shown = Object.entries({ ...headers, ...ahead }).map(([name, value]) => [name, stable(value)]);
    answers.push({ step, status: reply.status, headers: Object.fromEntries(shown), body: parsed });
    return reply;
  }

  const lists = async (when: string) => {
    for (const path of ["/users", "/webhooks", "/portal-links"])
      await send(`list ${path} ${when}`, "GET", path);
  };
  const idIn = (values: Iterable<{ readonly Id: string }>) =>
    encodeURIComponent([...values].at(-1)?.Id ?? "");
  const { data } = emulator;

  await send("create credential", "POST", "/users", {
    UserName: "Acme-Incoming",
    Alias: " Acme, the best of 🐞 partners ",
    Password: declared[0],
    HomeDirectory: "/Partners/acme/",
    Expiration: begin + 30 * day,
  });
  const user = `/users/${idIn(data.credentials.values())}`;
  await send("create the same credential", "POST", "/users", {
    UserName: "Acme-Incoming",
    Password: "Secret-2!",
  });
  await send("read credential at once", "GET", user);
  await send("add key", "POST", `${user}/ssh-public-keys`, { SshPublicKeyBody: key });
  await send("add key again", "POST", `${user}/ssh-public-keys`, { SshPublicKeyBody: key });
  await send("add another key", "POST", `${user}/ssh-public-keys`, { SshPublicKeyBody: otherKey });
  await send("list keys", "GET", `${user}/ssh-public-keys`);
  await send("create webhook", "POST", "/webhooks", {
    Alias: long,
    Url: "https://Hooks.Example.com:443/sftp?x=1",
    Topics: ["file.deleted", "file.created"],
    AuthorizationHeader: "Bearer of-acme",
  });
  const hook = `/webhooks/${idIn(data.webhooks.values())}`;
  await send("create share link", "POST", "/portal-links", {
    Path: "/Reports/",
    Permission: "read-only",
    Type: "share",
    Notes: " for the auditors\r\nof Acme ",
    Password: "Of-the-link-1!",
    ExpiresAt: begin + day,
    AccessLimit: 3,
  });
  const link = `/portal-links/${idIn(data.shareLinks.values())}`;
  await lists("at once");
  clock.time += 10_000;
  await lists("later");
  await send("read credential", "GET", user);
  await send("read share link", "GET", link);
  await send("update credential", "PATCH", user, {
    Alias: "Acme",
    HomeDirectory: "/acme",
    State: "inactive",
  });
  await send("read credential after an update", "GET", user);
  await send("update rules", "PATCH", user, {
    Settings: {
      Network: {
        InboundRules: [
          { Id: "r1", Source: "203.0.113.7/24", Protocol: "SFTP", Description: " the data centre " },
          { Id: "r2", Source: "198.51.100.7", Description: "" },
        ],
      },
    },
  });
  await send("open credential, with rules", "PATCH", user, {
    State: "active",
    Permission: "read-write",
    Settings: { Network: { InboundRules: [{ Id: "r3", Source: "192.0.2.0/24" }] } },
  });
  await send("set password", "POST", `${user}/credential-rotations`, { Password: declared[1] });
  await send("read credential after a password", "GET", user);
  await send("rotate password", "POST", `${user}/credential-rotations`);
  await send("update webhook", "PATCH", hook, { Topics: ["file.created"], State: "paused" });
  await send("update share link", "PATCH", link, { Notes: null, AccessLimit: 5 });
  await send("update share link's notes", "PATCH", link, { Notes: long });
  clock.time += 10_000;
  await lists("after updates");
  clock.time += 2 * day;
  await lists("after a link's end");
  clock.time += 40 * day;
  await send("read credential after its end", "GET", user);
  await send("remove key", "DELETE", `${user}/ssh-public-keys/${idIn(data.sshPublicKeys.values())}`);
  await send("list keys after a removal", "GET", `${user}/ssh-public-keys`);
  await send("list users after a removal", "GET", "/users");
  await send("delete webhook", "DELETE", hook);
  await send("delete share link", "DELETE", link);
  await send("delete credential", "DELETE", user);
  await send("read credential that is gone", "GET", user);
  await send("read share link that is gone", "GET", link);
  await send("delete credential that is gone", "DELETE", user);
  await send("read what never was", "GET", "/webhooks/nothing");
  await lists("in the end");
  for (let count = 0; count < 120; count++)
    data.addWebhook({ Url: `https://a.example/${count}`, Topics: ["file.created"] });
  await send("list 120 webhooks", "GET", "/webhooks");
  await emulator.close();
  return answers;
}

/** Where two values differ, as paths; `[]` is any place in a list. */
function differences(one: unknown, other: unknown, path: string): string[] {
  if (JSON.stringify(one) === JSON.stringify(other)) return [];
  if (Array.isArray(one) && Array.isArray(other)) {
    if (one.length !== other.length) return [`${path} has ${other.length} for ${one.length}`];
    const sorted = (list: readonly unknown[]) =>
      JSON.stringify(list.map((each) => JSON.stringify(each)).sort());
    if (sorted(one) === sorted(other)) return [`${path} order`];
    return one.flatMap((each, index) => differences(each, other[index], `${path}[]`));
  }
  if (isObject(one) && isObject(other)) {
    const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])];
    return keys.flatMap((name) => differences(one[name], other[name], path ? `${path}.${name}` : name));
  }
  return [path || "body"];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const plain = await answersOf();

/** Each set of differences with the steps that have it. */
async function changesOf(dialect: DialectName): Promise<string[]> {
  const spoken = await answersOf(dialect);
  const steps = new Map<string, string[]>();
  for (const [index, answer] of spoken.entries()) {
    const before = plain[index] as Answer;
    const found = [
      ...(answer.status === before.status ? [] : [`status ${before.status} → ${answer.status}`]),
      ...differences(before.headers, answer.headers, "").map((name) => `header ${name}`),
      ...new Set(differences(before.body, answer.body, "")),
    ].join(", ");
    if (found !== "") steps.set(found, [...(steps.get(found) ?? []), answer.step]);
  }
  return [...steps].map(([found, names]) => `  ${found}: ${names.join("; ")}`);
}

test("the same script has the same answers twice", async () => {
  expect(await answersOf()).toEqual(plain);
});

test("each dialect changes what the catalog says, and nothing else", async () => {
  const blocks: string[] = [];
  for (const name of dialectNames) {
    const changes = await changesOf(name);
    expect(changes, name).not.toEqual([]);
    blocks.push([`${name}: ${dialectDescriptions[name]}`, ...changes].join("\n"));
  }
  await expect(`${blocks.join("\n\n")}\n`).toMatchFileSnapshot("catalog.txt");
}, 120_000);
