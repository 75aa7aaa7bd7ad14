import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { withoutNetwork } from "../../api/interceptors";
import { failureOf } from "../../api/setup";
import { listedWebhook } from "../../fixtures/reference";
import { api as apiOf, inStack, sftptogo } from "../../functions/program";
import { resolved } from "../../protocol/program";

withoutNetwork();
inStack(listedWebhook.OrganizationId);

const api = () => apiOf(listedWebhook.OrganizationId);
const id = listedWebhook.Id;
const webhook = {
  id: "6b1c6f0c-52c1-47a6-9344-57a4579ced68",
  alias: "Test Webhook",
  type: "webhook",
  topics: ["file.created", "file.deleted", "file.downloaded"],
  state: "enabled",
  organizationId: "120ffd28-f115-7ce2-abc4-1e168c57c88a",
  createdAt: 1561888254653,
  updatedAt: 1561888254653,
};
const secrets = {
  url: "https://webhook.site/1b1b1b1b-1b1b-1b1b-1b1b-1b1b1b1b1b1b",
  authorizationHeader: "Bearer 123456789",
};

describe("getWebhook", () => {
  test("picks one of the list, and leaves address and header out", async () => {
    api()
      .get("/webhooks")
      .reply(200, [{ ...listedWebhook, Id: "another" }, listedWebhook]);
    expect(await sftptogo.getWebhook({ id })).toStrictEqual(webhook);
  });

  test("includes address and header where it is asked to, and null for none", async () => {
    const bare = { ...listedWebhook, Id: "bare", AuthorizationHeader: "" };
    api().get("/webhooks").reply(200, [listedWebhook, bare]);
    expect(await sftptogo.getWebhook({ id }, { includeSecrets: true })).toStrictEqual({
      ...webhook,
      ...secrets,
    });
    expect(await sftptogo.getWebhook({ id: "bare" }, { includeSecrets: true })).toMatchObject({
      authorizationHeader: null,
    });
  });

  test("that finds none is an error", async () => {
    api().get("/webhooks").reply(200, [listedWebhook]);
    const error = await failureOf(sftptogo.getWebhook({ id: "nothing" }));
    expect(error.message).toBe('Could not find a webhook with the id "nothing". The organization has none.');
    expect(sftptogo.NotFoundError.isInstance(error)).toBe(true);
  });

  test.each([undefined, {}, { alias: "Test Webhook" }])("takes an id: not %j", async (args) => {
    expect((await failureOf(sftptogo.getWebhook(args as never))).message).toBe("getWebhook takes { id }.");
  });
});

describe("getWebhookOutput", () => {
  test("has address and header, and is secret", async () => {
    api().get("/webhooks").reply(200, [listedWebhook]);
    const found = sftptogo.getWebhookOutput({ id: pulumi.output(id) });
    expect(await resolved(found)).toStrictEqual({ ...webhook, ...secrets });
    expect(await pulumi.isSecret(found)).toBe(true);
  });

  test("without secrets is none", async () => {
    api().get("/webhooks").reply(200, [listedWebhook]);
    const found = sftptogo.getWebhookOutput({ id }, { includeSecrets: false });
    expect(await resolved(found)).toStrictEqual(webhook);
    expect(await pulumi.isSecret(found)).toBe(false);
  });
});

describe("getWebhooks", () => {
  test("gives all, and leaves addresses and headers out unless it is asked to include them", async () => {
    api().get("/webhooks").reply(200, [listedWebhook]);
    expect(await sftptogo.getWebhooks()).toStrictEqual([webhook]);
    expect(await sftptogo.getWebhooks({ includeSecrets: true })).toStrictEqual([{ ...webhook, ...secrets }]);
  });

  test("has an Output form, which is secret", async () => {
    api().get("/webhooks").reply(200, [listedWebhook]);
    const found = sftptogo.getWebhooksOutput();
    expect(await resolved(found)).toStrictEqual([{ ...webhook, ...secrets }]);
    expect(await pulumi.isSecret(found)).toBe(true);
  });
});
