import { describe, expect, test } from "vitest";
import { type Client, createClient } from "../../provider/api/client";
import { InputError, UnexpectedAnswerError } from "../../provider/api/errors";
import { secretNames } from "../../provider/resources/fields";
import {
  createdCredential,
  createdShareLink,
  createdWebhook,
  listedShareLink,
  listedWebhook,
  patchedCredential,
  readShareLink,
  rootCredential,
  singleCredential,
  sshPublicKey,
  updatedShareLink,
} from "../fixtures/reference";
import { api, withoutNetwork } from "./interceptors";
import { apiKey, failureOf, fakeClock, settings } from "./setup";

withoutNetwork();
const client = createClient(settings, { clock: fakeClock(), secretNames });

interface Example {
  readonly verb: "GET" | "POST" | "PATCH" | "DELETE";
  readonly path: string;
  /** Left out where the request has none. */
  readonly body?: object;
  readonly status?: number;
  readonly reply: object;
  readonly call: (client: Client) => Promise<unknown>;
  /** What the method returns. */
  readonly gives: unknown;
}

const credential = "/users/cfc211269c8c0f925c64b1a223d8eb";
const credentialId = "cfc211269c8c0f925c64b1a223d8eb";
const webhookId = createdWebhook.Id;
const newCredential = { Alias: "Test Credential", UserName: "my-user-name", Password: "my-secret-password" };
const newWebhook = { Alias: "Test Webhook", Url: createdWebhook.Url, Topics: ["file.created"] };
const newShareLink = { Path: "/shared-folder/", Permission: "read-write", Password: "SecureP@ss123" };
const passwordSet = { message: "Password set." };

const examples: Record<Exclude<keyof Client, "lastHeard" | "serviceNow">, Example> = {
  listCredentials: {
    verb: "GET",
    path: "/users",
    reply: [rootCredential],
    call: (c) => c.listCredentials(),
    gives: [rootCredential],
  },
  createCredential: {
    verb: "POST",
    path: "/users",
    body: newCredential,
    status: 201,
    reply: createdCredential,
    call: (c) => c.createCredential(newCredential),
    gives: createdCredential,
  },
  getCredential: {
    verb: "GET",
    path: credential,
    reply: singleCredential,
    call: (c) => c.getCredential(credentialId),
    gives: singleCredential,
  },
  updateCredential: {
    verb: "PATCH",
    path: credential,
    body: { Alias: "Test Credential (updated)", HomeDirectory: "/test", Expiration: null },
    reply: patchedCredential,
    call: (c) =>
      c.updateCredential(credentialId, {
        Alias: "Test Credential (updated)",
        HomeDirectory: "/test",
        Expiration: null,
      }),
    gives: patchedCredential,
  },
  deleteCredential: {
    verb: "DELETE",
    path: credential,
    reply: patchedCredential,
    call: (c) => c.deleteCredential(credentialId),
    gives: undefined,
  },
  rotatePassword: {
    verb: "POST",
    path: `${credential}/credential-rotations`,
    reply: passwordSet,
    call: (c) => c.rotatePassword(credentialId),
    gives: undefined,
  },
  setPassword: {
    verb: "POST",
    path: `${credential}/credential-rotations`,
    body: { Password: "VeryC0mplexP@ssw0rdThatMeetsThe8olicy" },
    reply: passwordSet,
    call: (c) => c.setPassword(credentialId, { Password: "VeryC0mplexP@ssw0rdThatMeetsThe8olicy" }),
    gives: undefined,
  },
  listSshPublicKeys: {
    verb: "GET",
    path: `${credential}/ssh-public-keys`,
    reply: [sshPublicKey],
    call: (c) => c.listSshPublicKeys(credentialId),
    gives: [sshPublicKey],
  },
  addSshPublicKey: {
    verb: "POST",
    path: `${credential}/ssh-public-keys`,
    body: { SshPublicKeyBody: sshPublicKey.SshPublicKeyBody },
    status: 201,
    reply: sshPublicKey,
    call: (c) => c.addSshPublicKey(credentialId, { SshPublicKeyBody: sshPublicKey.SshPublicKeyBody }),
    gives: sshPublicKey,
  },
  removeSshPublicKey: {
    verb: "DELETE",
    path: `${credential}/ssh-public-keys/${sshPublicKey.Id}`,
    reply: sshPublicKey,
    call: (c) => c.removeSshPublicKey({ credentialId, keyId: sshPublicKey.Id }),
    gives: undefined,
  },
  listWebhooks: {
    verb: "GET",
    path: "/webhooks",
    reply: [listedWebhook],
    call: (c) => c.listWebhooks(),
    gives: [listedWebhook],
  },
  createWebhook: {
    verb: "POST",
    path: "/webhooks",
    body: newWebhook,
    status: 201,
    reply: createdWebhook,
    call: (c) => c.createWebhook(newWebhook),
    gives: createdWebhook,
  },
  updateWebhook: {
    verb: "PATCH",
    path: `/webhooks/${webhookId}`,
    body: { AuthorizationHeader: null },
    reply: createdWebhook,
    call: (c) => c.updateWebhook(webhookId, { AuthorizationHeader: null }),
    gives: createdWebhook,
  },
  deleteWebhook: {
    verb: "DELETE",
    path: `/webhooks/${webhookId}`,
    reply: {},
    call: (c) => c.deleteWebhook(webhookId),
    gives: undefined,
  },
  listShareLinks: {
    verb: "GET",
    path: "/portal-links",
    reply: [listedShareLink],
    call: (c) => c.listShareLinks(),
    gives: [listedShareLink],
  },
  createShareLink: {
    verb: "POST",
    path: "/portal-links",
    body: { ...newShareLink, Type: "share" },
    status: 201,
    reply: createdShareLink,
    call: (c) => c.createShareLink(newShareLink),
    gives: createdShareLink,
  },
  getShareLink: {
    verb: "GET",
    path: "/portal-links/BSsdas5CBscVy",
    reply: readShareLink,
    call: (c) => c.getShareLink("BSsdas5CBscVy"),
    gives: readShareLink,
  },
  updateShareLink: {
    verb: "PATCH",
    path: "/portal-links/BSsdas5CBscVy",
    body: { Permission: "read-write", ExpiresAt: null, AccessLimit: 200 },
    reply: updatedShareLink,
    call: (c) =>
      c.updateShareLink("BSsdas5CBscVy", { Permission: "read-write", ExpiresAt: null, AccessLimit: 200 }),
    gives: updatedShareLink,
  },
  deleteShareLink: {
    verb: "DELETE",
    path: "/portal-links/BSsdas5CBscVy",
    reply: {},
    call: (c) => c.deleteShareLink("BSsdas5CBscVy"),
    gives: undefined,
  },
};

test("there are nineteen methods, each with an example", () => {
  const methods = Object.keys(client).filter((name) => !["lastHeard", "serviceNow"].includes(name));
  expect(methods.sort()).toEqual(Object.keys(examples).sort());
  expect(methods).toHaveLength(19);
});

describe.each(Object.entries(examples))("%s", (method, { verb, path, body, status, reply, call, gives }) => {
  test(`asks ${verb} ${path} as the reference says, and understands its example`, async () => {
    let sent = "";
    api()
      .intercept(path, verb)
      .matchHeader("authorization", `Bearer ${apiKey}`)
      .matchHeader("content-type", "application/json")
      .reply(status ?? 200, async (request: Request) => {
        sent = await request.text();
        return reply;
      });
    expect(await call(client)).toEqual(gives);
    expect(sent).toBe(body === undefined ? "" : JSON.stringify(body));
  });

  test("is sent again after a 503 only if it may be repeated", async () => {
    const isOnce = verb === "POST" && method !== "setPassword";
    api().intercept(path, verb).reply(503);
    if (!isOnce)
      api()
        .intercept(path, verb)
        .reply(status ?? 200, reply);
    if (isOnce) await expect(call(client)).rejects.toMatchObject({ status: 503, aftermath: "unknown" });
    else expect(await call(client)).toEqual(gives);
  });
});

describe("setting a password", () => {
  test("refuses an empty one before anything is sent", async () => {
    const error = await failureOf(client.setPassword(credentialId, { Password: "" }));
    expect(error).toBeInstanceOf(InputError);
    expect(error).toMatchObject({ aftermath: "never sent" });
    expect(error.message).toContain("to the API an empty password means rotate");
  });
});

describe("answers that vary", () => {
  test("setPassword needs no body", async () => {
    const { verb, path, call } = examples.setPassword;
    api().intercept(path, verb).reply(204);
    await call(client);
    api().intercept(path, verb).reply(200, "OK");
    await call(client);
  });

  test.each([
    [204, undefined],
    [200, "OK"],
    [200, {}],
  ])("rotatePassword is in doubt without the API's message (%i, %j)", async (status, body) => {
    const { verb, path, call } = examples.rotatePassword;
    api().intercept(path, verb).reply(status, body);
    expect(await failureOf(call(client))).toMatchObject({ aftermath: "unknown" });
  });

  test.each(["deleteCredential", "deleteWebhook"] as const)(
    "%s is in doubt unless the answer is the object or {}",
    async (method) => {
      const { verb, path, call } = examples[method];
      api().intercept(path, verb).reply(200, {});
      await call(client);
      for (const body of [undefined, { message: "Welcome" }]) {
        api().intercept(path, verb).reply(200, body);
        expect(await failureOf(call(client))).toMatchObject({ aftermath: "unknown" });
      }
    },
  );

  test("an update needs no certain field", async () => {
    api().patch(credential).reply(200, {});
    expect(await client.updateCredential(credentialId, {})).toEqual({});
  });

  test("an update with an unreadable answer is repeated", async () => {
    api().patch(credential).reply(200, '{"Id": "cfc2').patch(credential).reply(200, patchedCredential);
    expect(await client.updateCredential(credentialId, {})).toEqual(patchedCredential);
  });

  test("a credential without the fields that the single read lacks is understood", async () => {
    const { Id, UserName, Host, HomeDirectory, Permission, State, IsDefault, CreatedAt } = singleCredential;
    const least = { Id, UserName, Host, HomeDirectory, Permission, State, IsDefault, CreatedAt };
    api().get(credential).reply(200, least);
    expect(await client.getCredential(credentialId)).toEqual(least);
  });

  test("fields and words that are new are passed on", async () => {
    const newer = { ...readShareLink, State: "deactivated", Colour: "blue", CreatedBy: { Robot: 7 } };
    api().get("/portal-links/BSsdas5CBscVy").reply(200, newer);
    expect(await client.getShareLink("BSsdas5CBscVy")).toEqual(newer);
  });

  test("a field of a wrong type is named with its place, without its value", async () => {
    const wrong = { ...singleCredential, UserName: { oops: "my-secret-password" } };
    api().get(credential).reply(200, wrong);
    const error = await failureOf(client.getCredential(credentialId));
    expect(error).toBeInstanceOf(UnexpectedAnswerError);
    expect(error.message).toBe(
      `Could not read credential ${credentialId} (HTTP 200). In the answer, UserName is missing or not what the ` +
        "API's reference says.",
    );
  });

  test("an object of a list that cannot be read costs that object only", async () => {
    const wrong = { ...rootCredential, Id: "wrong", UserName: { oops: "my-secret-password" } };
    api().get("/users").reply(200, [wrong, rootCredential, null]);
    expect(await client.listCredentials()).toEqual([rootCredential]);
  });

  test("a field deep inside is named with its path", async () => {
    const Settings = { Network: { InboundRules: [{ Source: 5 }] } };
    api()
      .get(credential)
      .reply(200, { ...singleCredential, Settings });
    const error = await failureOf(client.getCredential(credentialId));
    expect(error.message).toContain("Settings.Network.InboundRules[0].Source");
  });
});
