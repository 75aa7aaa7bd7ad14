import { expect, test } from "vitest";
import { start } from "./caller";

/** The body of the reference's example of a create. */
const example = {
  Alias: "Test Webhook",
  Url: "https://webhook.site/1b1b1b1b-1b1b-1b1b-1b1b-1b1b1b1b1b1b",
  Type: "webhook",
  AuthorizationHeader: "Bearer 123456789",
  Topics: ["file.created", "file.deleted", "file.downloaded"],
  State: "enabled",
};
const minimal = { Url: "https://example.com/hook", Topics: ["file.created"] };

test("creates the reference's example, with a secret", async () => {
  const { emulator, call } = await start();
  const { status, body } = await call("POST", "/webhooks", example);
  expect(status).toBe(201);
  expect(body).toEqual({
    ...example,
    Id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    Secret: expect.stringMatching(/.{20,}/),
    OrganizationId: emulator.organizationId,
    CreatedAt: expect.any(Number),
    UpdatedAt: body.CreatedAt,
  });
});

test("takes type webhook and state enabled where they are left out", async () => {
  const { call } = await start();
  expect((await call("POST", "/webhooks", minimal)).body).toMatchObject({
    Type: "webhook",
    State: "enabled",
  });
});

test("lists with an empty secret, while create and update give the real one", async () => {
  const { call, emulator } = await start();
  const made = (await call("POST", "/webhooks", example)).body;
  expect((await call("GET", "/webhooks")).body).toEqual([{ ...made, Secret: "" }]);
  const changed = await call("PATCH", `/webhooks/${made.Id}`, { Alias: "Test Updated Webhook" });
  expect(changed.status).toBe(200);
  expect(changed.body).toEqual({ ...made, Alias: "Test Updated Webhook", UpdatedAt: expect.any(Number) });
  expect(emulator.data.findWebhook("Test Updated Webhook")?.Secret).toBe(made.Secret);
});

test("has no read of a single webhook", async () => {
  const { call, emulator } = await start();
  const { body } = await call("POST", "/webhooks", example);
  expect((await call("GET", `/webhooks/${body.Id}`)).status).toBe(404);
  expect(emulator.ledger.at(-1)?.operation).toBe("unknown");
});

test("lists in the order of creation", async () => {
  const { call } = await start();
  for (const Alias of ["one", "two"]) await call("POST", "/webhooks", { ...minimal, Alias });
  expect((await call("GET", "/webhooks")).body.map((each: { Alias: string }) => each.Alias)).toEqual([
    "one",
    "two",
  ]);
});

test.each([
  ["no topics", { Url: minimal.Url }],
  ["an empty list of topics", { ...minimal, Topics: [] }],
  ["an unknown topic", { ...minimal, Topics: ["file.renamed"] }],
  ["no URL", { Topics: minimal.Topics }],
  ["plain HTTP", { ...minimal, Url: "http://example.com/hook" }],
  ["an address for a webhook", { ...minimal, Url: "ops@example.com" }],
  ["plain HTTP for slack", { ...minimal, Type: "slack", Url: "http://hooks.slack.com/x" }],
  ["plain HTTP for Teams", { ...minimal, Type: "ms-teams", Url: "http://example.com" }],
  ["a URL for email", { ...minimal, Type: "email" }],
  ["an unknown type", { ...minimal, Type: "pager" }],
  ["an unknown state", { ...minimal, State: "off" }],
])("refuses %s", async (_, body) => {
  const { call, emulator } = await start();
  const reply = await call("POST", "/webhooks", body);
  expect(reply.status).toBe(400);
  expect(reply.body).toEqual({ id: "bad_request", message: expect.any(String) });
  expect(emulator.data.webhooks.size).toBe(0);
});

test.each(["ops@example.com", "Operations <ops@example.com>"])("takes %s for email", async (Url) => {
  const { call } = await start();
  expect((await call("POST", "/webhooks", { ...minimal, Type: "email", Url })).status).toBe(201);
});

test("takes the documentation's topic webhook.ping", async () => {
  const { call } = await start();
  expect((await call("POST", "/webhooks", { ...minimal, Topics: ["webhook.ping"] })).status).toBe(201);
});

test("refuses an update that would leave type and URL at odds", async () => {
  const { call } = await start();
  const { body } = await call("POST", "/webhooks", minimal);
  expect((await call("PATCH", `/webhooks/${body.Id}`, { Type: "email" })).status).toBe(400);
  const both = { Type: "email", Url: "ops@example.com" };
  expect((await call("PATCH", `/webhooks/${body.Id}`, both)).body).toMatchObject(both);
});

test("takes its authorization header away by a blank", async () => {
  const { call, emulator } = await start();
  const { body } = await call("POST", "/webhooks", example);
  await call("PATCH", `/webhooks/${body.Id}`, { AuthorizationHeader: "" });
  expect(emulator.data.webhooks.get(body.Id)?.AuthorizationHeader).toBe("");
});

test("answers a delete with {}", async () => {
  const { call, emulator } = await start();
  const { body } = await call("POST", "/webhooks", example);
  const reply = await call("DELETE", `/webhooks/${body.Id}`);
  expect(reply.status).toBe(200);
  expect(reply.body).toEqual({});
  expect(emulator.data.webhooks.size).toBe(0);
  expect((await call("DELETE", `/webhooks/${body.Id}`)).status).toBe(404);
});

test("is paused by the service", async () => {
  const { call, emulator } = await start();
  const { body } = await call("POST", "/webhooks", example);
  emulator.pauseWebhook(body.Id);
  expect((await call("GET", "/webhooks")).body[0].State).toBe("paused");
  expect(() => emulator.pauseWebhook("none")).toThrow("there is no webhook none");
});
