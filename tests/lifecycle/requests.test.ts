import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { type Clock, systemClock } from "../../provider/api/transport";
import { type Emulator, startEmulator } from "../../provider/emulator";
import { createSession, type Session, type SessionOptions } from "../../provider/lifecycle/process/session";
import type { Handlers } from "../../provider/protocol/handlers";
import { credentialProvider } from "../../provider/resources/credential/provider";
import { shareLinkProvider } from "../../provider/resources/shareLink/provider";
import { sshPublicKeyProvider } from "../../provider/resources/sshPublicKey/provider";
import { webhookProvider } from "../../provider/resources/webhook/provider";
import type { Plain } from "../../provider/values/plain";
import { fakeClock } from "../api/setup";
import { ed25519, rsa } from "../resources/shared/keys";
import { handlersOf, urn } from "./fakes";

let emulator: Emulator;
let clock: ReturnType<typeof fakeClock>;

beforeEach(async () => {
  clock = fakeClock();
  emulator = await startEmulator({ now: clock.now });
  onTestFinished(() => emulator.close());
});

/** A provider process of its own, as each command of the engine has one. */
function newProcess(processClock: Clock = clock, options: SessionOptions = {}): Session {
  return createSession({
    config: {
      "sftptogo:apiKey": emulator.apiKey,
      "sftptogo:organizationId": emulator.organizationId,
      "sftptogo:baseUrl": emulator.url,
    },
    environment: {},
    clock: processClock,
    warn: (text) => expect.unreachable(text),
    ...options,
  });
}

/** Some at a time, as the engine does it. */
async function inParallel<T>(items: readonly T[], act: (item: T, index: number) => Promise<void>) {
  const waiting = items.entries();
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (const [index, item] of waiting) await act(item, index);
    }),
  );
}

function range<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

function operations(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { operation } of emulator.ledger) counts[operation] = (counts[operation] ?? 0) + 1;
  return counts;
}

function partner(index: number): Plain {
  return {
    __provider: "stub",
    __resourceUrn: urn("Credential", `partner-${index}`),
    homeDirectory: `/${index}`,
  };
}

function credentialHandlers(session: Session): Handlers {
  return handlersOf(session, credentialProvider(session));
}

/** One resource's part in an `up`. */
async function checkAndCreate(provider: Handlers, news: Plain): Promise<string> {
  const { inputs, failures } = await provider.check({}, news);
  expect(failures).toEqual([]);
  const { id } = await provider.create(inputs as Plain);
  return id;
}

describe("the number of requests", { timeout: 60_000 }, () => {
  test("is one for each create and one look, for an up that creates 1,000 credentials", async () => {
    const provider = credentialHandlers(newProcess());
    await inParallel(range(1_000, partner), async (news) => void (await checkAndCreate(provider, news)));
    expect(emulator.data.credentials.size).toBe(1 + 1_000);
    expect(emulator.ledger.length).toBeLessThanOrEqual(1_005);
    expect(operations()).toEqual({ listCredentials: 1, createCredential: 1_000 });
  });

  test("is far fewer lists than creates that are each read back by one, for 1,000 credentials with rules", async () => {
    const provider = credentialHandlers(newProcess({ ...systemClock, now: clock.now }));
    const inboundRules = [{ action: "allow", protocol: "SFTP", source: "192.0.2.0/24", state: "enabled" }];
    // As over a network: what is on its way at the same time is what can be shared.
    emulator.setLatency(5);
    await inParallel(
      range(1_000, (index) => ({ ...partner(index), inboundRules })),
      async (news) => void (await checkAndCreate(provider, news)),
    );
    expect(emulator.ledger.length).toBeLessThanOrEqual(3_400);
    const { listCredentials: _, ...writes } = operations();
    expect(writes).toEqual({ createCredential: 1_000, updateInboundRules: 1_000, updateCredential: 1_000 });
  });

  test("is at most one list for each collection, for a preview of new and existing resources of every kind", async () => {
    const credentialId = emulator.data.addCredential({ Permission: "read-write" }).Id;
    const session = newProcess();
    const kinds = [
      { name: "Credential", handlers: credentialHandlers(session), args: (n: number) => partner(n) },
      {
        name: "Webhook",
        handlers: handlersOf(session, webhookProvider(session)),
        args: (n: number) => ({ url: `https://example.com/${n}`, topics: ["file.created"] }),
      },
      {
        name: "ShareLink",
        handlers: handlersOf(session, shareLinkProvider(session)),
        args: (n: number) => ({ path: `/${n}/`, permission: "read-only" }),
      },
      {
        name: "SshPublicKey",
        handlers: handlersOf(session, sshPublicKeyProvider(session)),
        args: (n: number) => ({ credentialId, sshPublicKeyBody: n % 2 === 0 ? ed25519 : rsa }),
      },
    ];
    for (const { name, handlers, args } of kinds) {
      await inParallel(range(2, args), async (each, index) => {
        const news = { ...each, __resourceUrn: urn(name, `${name}-${index}`) };
        const { failures } = await handlers.check(index % 2 === 0 ? {} : each, news);
        expect(failures).toEqual([]);
      });
    }
    expect(operations()).toEqual({
      listCredentials: 1,
      listWebhooks: 1,
      listShareLinks: 1,
      listSshPublicKeys: 1,
    });
  });

  test("is at most one list for each collection, for a preview that imports some and creates others, in any order", async () => {
    const { data } = emulator;
    const imported = data.addCredential({ Permission: "read-write" });
    const link = data.addShareLink({ Path: "/a/", Permission: "read-only" });
    const session = newProcess(clock, { note() {} });
    const credentials = credentialHandlers(session);
    const shareLinks = handlersOf(session, shareLinkProvider(session));
    const steps: readonly (readonly [Handlers, Plain])[] = [
      [credentials, { __importId: imported.Id, __resourceUrn: urn("Credential", "imported") }],
      [credentials, partner(1)],
      [shareLinks, { path: "/b/", permission: "read-only", __resourceUrn: urn("ShareLink", "new") }],
      [
        shareLinks,
        {
          path: "/a/",
          permission: "read-only",
          __importId: link.Id,
          __resourceUrn: urn("ShareLink", "imported"),
        },
      ],
    ];
    for (const [handlers, news] of steps) expect((await handlers.check({}, news)).failures).toEqual([]);
    expect(operations()).toEqual({ listCredentials: 1, listShareLinks: 1 });
  });

  test("is one list and its retries, with one warning, for a preview beside a service that is out of reach", async () => {
    emulator.addFault({ name: "status", status: 503, times: Infinity });
    const warnings = new Set<string>();
    const session = newProcess(clock, { warn: (text) => warnings.add(text) });
    const credentials = credentialHandlers(session);
    const shareLinks = handlersOf(session, shareLinkProvider(session));
    for (const index of [0, 1, 2, 3]) {
      const link = {
        path: `/${index}/`,
        permission: "read-only",
        __resourceUrn: urn("ShareLink", `${index}`),
      };
      const news = { ...partner(index), userName: `partner-of-${index}` };
      expect((await credentials.check(index % 2 === 0 ? {} : news, news)).failures).toEqual([]);
      expect((await shareLinks.check({}, link)).failures).toEqual([]);
    }
    expect(operations()).toEqual({ listCredentials: 1 + 3 });
    expect([...warnings]).toEqual([
      expect.stringMatching(/^Could not look for what exists already: .*HTTP 503.*It was tried 4 times\.$/),
    ]);
  });

  test("is one warning beside such a service for all collections at once", async () => {
    emulator.addFault({ name: "status", status: 503, times: Infinity });
    const warnings = new Set<string>();
    const session = newProcess(clock, { warn: (text) => warnings.add(text) });
    const shareLinks = handlersOf(session, shareLinkProvider(session));
    const link = { path: "/a/", permission: "read-only", __resourceUrn: urn("ShareLink", "link") };
    await Promise.all([credentialHandlers(session).check({}, partner(1)), shareLinks.check({}, link)]);
    expect(warnings.size).toBe(1);
  });

  test("is one list, for a preview whose key is refused", async () => {
    emulator.addFault({ name: "status", status: 401, times: Infinity });
    const credentials = credentialHandlers(newProcess());
    for (const index of [0, 1, 2, 3]) {
      const news = { ...partner(index), userName: `partner-of-${index}` };
      const { failures } = await credentials.check(index % 2 === 0 ? {} : news, news);
      expect(failures).toEqual([{ property: "", reason: expect.stringContaining("sftptogo:apiKey") }]);
    }
    expect(operations()).toEqual({ listCredentials: 1 });
  });

  test("is one list for each, where one credential's keys cannot be listed: the others' are looked for", async () => {
    const { Id } = emulator.data.addCredential({ Permission: "read-write" });
    const session = newProcess();
    const keys = handlersOf(session, sshPublicKeyProvider(session));
    const check = async (credentialId: string) => {
      const news = {
        credentialId,
        sshPublicKeyBody: ed25519,
        __resourceUrn: urn("SshPublicKey", credentialId),
      };
      return (await keys.check({}, news)).failures;
    };
    for (const _ of [1, 2]) expect(await check("gone")).toHaveLength(1);
    expect(await check(Id)).toEqual([]);
    expect(operations()).toEqual({ listSshPublicKeys: 2 });
  });

  test("is one for each list, for a refresh of 2,500 objects", async () => {
    const { data } = emulator;
    const credentials = range(1_000, () => data.addCredential({ Permission: "read-write" }).Id);
    const webhooks = range(
      500,
      (index) => data.addWebhook({ Url: `https://example.com/${index}`, Topics: ["file.created"] }).Id,
    );
    const shareLinks = range(
      500,
      (index) => data.addShareLink({ Path: `/${index}`, Permission: "read-only" }).Id,
    );
    const sshPublicKeys = range(500, (index) => {
      const UserId = credentials[index % 10] as string;
      const SshPublicKeyBody = `ssh-ed25519 ${Buffer.from(`key ${index}`).toString("base64")}`;
      const fields = { Comment: "", Fingerprint: `SHA256:${index}`, Type: "ed25519" };
      return `${UserId}/${data.addSshPublicKey({ UserId, SshPublicKeyBody, ...fields }).Id}`;
    });

    const session = newProcess();
    const all: readonly (readonly [Handlers, readonly string[]])[] = [
      [handlersOf(session, credentialProvider(session)), credentials],
      [handlersOf(session, webhookProvider(session)), webhooks],
      [handlersOf(session, shareLinkProvider(session)), shareLinks],
      [handlersOf(session, sshPublicKeyProvider(session)), sshPublicKeys],
    ];
    const resources = all.flatMap(([provider, ids]) => ids.map((id) => ({ provider, id })));
    await inParallel(resources, async ({ provider, id }) => {
      const read = await provider.read(id, { organizationId: emulator.organizationId });
      expect(read.id).toBe(id);
    });
    expect(emulator.ledger.length).toBeLessThanOrEqual(16);
    expect(operations()).toEqual({
      listCredentials: 1,
      listWebhooks: 1,
      listShareLinks: 1,
      listSshPublicKeys: 10,
    });
  });

  test("is one more after a write: an earlier list is never used again", async () => {
    const provider = credentialHandlers(newProcess());
    const { Id } = emulator.data.addCredential({ Permission: "read-write" });
    const { props: recorded = {} } = await provider.read(Id, {});
    await provider.read(Id, recorded);
    expect(operations()).toEqual({ listCredentials: 1 });

    const created = await provider.create({ __provider: "stub", userName: "partner-of-acme" });
    const { props } = await provider.read(created.id, {});
    expect(props?.userName).toBe("partner-of-acme");

    await provider.delete(Id, recorded);
    expect((await provider.read(Id, recorded)).id).toBe("");
    // Before the create, as its first look; after the create; after the delete, with a look at the id itself.
    expect(operations()).toEqual({
      listCredentials: 1 + 1 + 1 + 1,
      createCredential: 1,
      deleteCredential: 1,
      getCredential: 1,
    });
  });

  test("is one more after 30 seconds", async () => {
    const provider = credentialHandlers(newProcess());
    const { Id } = emulator.data.addCredential({ Permission: "read-write" });
    const permission = async () => (await provider.read(Id, {})).props?.permission;
    expect(await permission()).toBe("read-write");
    Object.assign(emulator.data.credentials.get(Id) ?? {}, { Permission: "full" });
    await clock.sleep(29_000);
    expect(await permission()).toBe("read-write");
    await clock.sleep(1_001);
    expect(await permission()).toBe("full");
    expect(operations()).toEqual({ listCredentials: 2 });
  });
});
