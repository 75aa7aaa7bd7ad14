import { describe, expect, test } from "vitest";
import { unknownValue } from "../../../provider/protocol/unknowns";
import { webhookProvider } from "../../../provider/resources/webhook/provider";
import type { Plain } from "../../../provider/values/plain";
import { withoutNetwork } from "../../api/interceptors";
import { failureOf } from "../../api/setup";
import { createdWebhook, listedWebhook } from "../../fixtures/reference";
import { apiOf, connectionReset, fakeSession, handlersOf, urn } from "../../lifecycle/fakes";

withoutNetwork();

const organizationId = listedWebhook.OrganizationId;
const api = () => apiOf(organizationId);
const id = listedWebhook.Id;
const one = `/webhooks/${id}`;

/** What check made of a program that declares these. */
const inputs: Plain = {
  alias: "Test Webhook",
  url: listedWebhook.Url,
  type: "webhook",
  topics: ["file.created", "file.deleted", "file.downloaded"],
  authorizationHeader: "Bearer 123456789",
  __provider: "stub",
};
const body = {
  Alias: "Test Webhook",
  Url: listedWebhook.Url,
  Type: "webhook",
  Topics: ["file.created", "file.deleted", "file.downloaded"],
  AuthorizationHeader: "Bearer 123456789",
};
const { __provider: _, ...arguments_ } = inputs;
const outputs: Plain = {
  ...arguments_,
  state: "enabled",
  secret: "Some Secret",
  createdAt: 1561888254653,
  organizationId,
  __managed: "alias,url,type,topics,authorizationHeader",
};
const other = { ...listedWebhook, Id: "f0000000-0000-47a6-9344-57a4579ced68", Alias: "Other" };

function start(recordedIn = organizationId) {
  const fake = fakeSession({ organizationId: recordedIn });
  return { ...fake, provider: handlersOf(fake.session, webhookProvider(fake.session)) };
}

/** What check is given for a resource that is new. */
function declared(values: Plain): Plain {
  return { ...inputs, __resourceUrn: urn("Webhook", "arrivals"), ...values };
}

describe("check", () => {
  test("fills in alias and type, marked as no declaration", async () => {
    api().get("/webhooks").reply(200, [listedWebhook]);
    const news = declared({ alias: undefined, type: undefined });
    const { inputs, failures } = await start().provider.check({}, news);
    expect(failures).toEqual([]);
    expect(inputs).toMatchObject({ alias: "arrivals", type: "webhook", __defaults: "alias,type" });
  });

  test("keeps the alias that was made, whatever the resource is called now", async () => {
    const olds = { ...inputs, alias: "arrivals-of-old", __defaults: "alias" };
    const news = declared({ alias: undefined, __resourceUrn: urn("Webhook", "renamed") });
    const { inputs: kept } = await start().provider.check(olds, news);
    expect(kept).toMatchObject({ alias: "arrivals-of-old", __defaults: "alias" });
  });

  test("warns of what is there already with all declared fields, with the import option to add", async () => {
    api().get("/webhooks").reply(200, [other, listedWebhook]);
    const { provider, warnings } = start();
    expect((await provider.check({}, declared({}))).failures).toEqual([]);
    expect(warnings).toEqual([expect.stringContaining(`add the option { import: "${id}" }`)]);
    expect(JSON.stringify(warnings)).not.toContain("123456789");
  });

  test("lets one pass that differs in a declared field", async () => {
    api().get("/webhooks").reply(200, [listedWebhook]);
    const { failures } = await start().provider.check({}, declared({ topics: ["file.created"] }));
    expect(failures).toEqual([]);
  });

  test("asks nothing while something is unknown", async () => {
    const { failures } = await start().provider.check({}, declared({ topics: [unknownValue] }));
    expect(failures).toEqual([]);
  });
});

describe("diff", () => {
  const all = { ...outputs, __managed: "alias,url,type,topics,authorizationHeader,state" };

  test.each<[string, string, unknown, boolean]>([
    ["alias", "the same", "Test Webhook", false],
    ["alias", "changed", "Arrivals", true],
    ["alias", "unknown", unknownValue, true],
    ["alias", "taken out", undefined, false],
    ["url", "the same", listedWebhook.Url, false],
    ["url", "changed", "https://hooks.example.com", true],
    ["url", "unknown", unknownValue, true],
    ["url", "taken out", undefined, false],
    ["type", "the same", "webhook", false],
    ["type", "changed", "slack", true],
    ["type", "unknown", unknownValue, true],
    ["type", "taken out", undefined, false],
    ["topics", "the same", body.Topics, false],
    ["topics", "in another order", [...body.Topics].reverse(), false],
    ["topics", "with one more", [...body.Topics, "webhook.ping"], true],
    ["topics", "with one less", body.Topics.slice(1), true],
    ["topics", "with an unknown one", [...body.Topics.slice(1), unknownValue], true],
    ["topics", "unknown", unknownValue, true],
    ["topics", "taken out", undefined, false],
    ["authorizationHeader", "the same", "Bearer 123456789", false],
    ["authorizationHeader", "changed", "Bearer 987654321", true],
    ["authorizationHeader", "unknown", unknownValue, true],
    ["authorizationHeader", "null", null, true],
    ["authorizationHeader", "taken out", undefined, false],
    ["state", "the same", "enabled", false],
    ["state", "changed", "paused", true],
    ["state", "unknown", unknownValue, true],
    ["state", "taken out", undefined, false],
  ])("%s %s", async (key, _, value, changes) => {
    const news = { ...inputs, state: "enabled", [key]: value };
    expect(await start().provider.diff(id, all, news)).toEqual({ changes });
  });

  test("authorizationHeader null where there is none is no change", async () => {
    const olds = { ...outputs, authorizationHeader: null };
    expect(await start().provider.diff(id, olds, { ...inputs, authorizationHeader: null })).toEqual({
      changes: false,
    });
  });

  test("an alias that is a default is never drift", async () => {
    const news = { ...inputs, alias: "arrivals", __defaults: "alias" };
    expect(await start().provider.diff(id, outputs, news)).toEqual({ changes: false });
  });

  test("an unfinished create is a change", async () => {
    const olds = { ...outputs, __unfinished: true };
    expect(await start().provider.diff(id, olds, inputs)).toEqual({ changes: true });
  });
});

describe("create", () => {
  test("sends what is declared and returns all outputs, the secret too", async () => {
    api().get("/webhooks").reply(200, [other]).post("/webhooks", body).reply(201, createdWebhook);
    expect(await start().provider.create(inputs)).toEqual({ id, outs: outputs });
  });

  test("sends a default, and does not manage it", async () => {
    api().get("/webhooks").reply(200, []).post("/webhooks", body).reply(201, createdWebhook);
    const { outs } = await start().provider.create({ ...inputs, __defaults: "alias,type" });
    expect(outs).toEqual({ ...outputs, __managed: "url,topics,authorizationHeader" });
  });

  test("is not done where one was there before", async () => {
    api().get("/webhooks").reply(200, [listedWebhook]);
    const error = await failureOf(start().provider.create(inputs));
    expect(error.message).toBe(
      "A webhook with all these fields already exists. If it belongs to a resource of this stack that was renamed " +
        "or moved in the program, give the new one the option `aliases` with the old name. To take over an object " +
        `that this stack does not manage, add the option { import: "${id}" }. Otherwise give them different names.`,
    );
  });

  test("with an answer that holds no secret asks for it once more", async () => {
    api().get("/webhooks").reply(200, []).post("/webhooks").reply(201, listedWebhook);
    api().patch(one, body).reply(200, createdWebhook).get("/webhooks").reply(200, [listedWebhook]);
    expect(await start().provider.create(inputs)).toEqual({ id, outs: outputs });
  });

  test("with a lost answer that no look explains is not posted again", async () => {
    api().get("/webhooks").reply(200, []).post("/webhooks").replyWithError(connectionReset);
    api().get("/webhooks").times(5).reply(200, []);
    const error = await failureOf(start().provider.create(inputs));
    expect(error.message).toContain("It is not known whether it was created: it is not in the list.");
  });

  test("with a lost answer and an unreadable secret keeps the id, and says so without the header", async () => {
    api().get("/webhooks").reply(200, []).post("/webhooks").replyWithError(connectionReset);
    api().get("/webhooks").reply(200, [listedWebhook]).patch(one).reply(403, { message: "Forbidden" });
    const error = await failureOf(start().provider.create(inputs));
    expect(error).toMatchObject({
      id,
      properties: { ...outputs, secret: null, __unfinished: true, __provider: "stub" },
      reasons: [expect.stringContaining(`Webhook ${id} was created, but its secret could not be read`)],
    });
    expect(error.message).not.toContain("123456789");
  });
});

describe("a replacement", () => {
  const lost = (text: string) => text.includes("a replacement gets a new secret, and loses the filters");

  test("is told what no new webhook has", async () => {
    api().get("/users").reply(200, []);
    const { provider, warnings } = start();
    await provider.check(inputs, declared({}));
    expect(warnings.filter(lost)).toEqual([]);
    expect((await provider.check({}, declared({}))).failures).toEqual([]);
    expect(warnings.filter(lost)).toHaveLength(1);
  });

  test("is not what a new webhook is, nor another one of the program", async () => {
    api().get("/users").reply(200, []).get("/webhooks").reply(200, []);
    const { provider, warnings } = start();
    await provider.check(inputs, declared({}));
    await provider.check({}, declared({ alias: "Other", __resourceUrn: urn("Webhook", "other") }));
    expect(warnings.filter(lost)).toEqual([]);
  });
});

describe("the import option", () => {
  test("says that no list shows the secret, and how to get it", async () => {
    api().get("/webhooks").reply(200, [listedWebhook]);
    const { provider, notes } = start();
    await provider.check({}, declared({ __importId: id }));
    expect(notes).toContain(
      'webhook "arrivals": its secret is null after the import, since no list shows it. To get it, change any ' +
        "argument, such as the alias, and run `pulumi up` again",
    );
  });

  test("adopts the webhook without a write; its secret is not known", async () => {
    const { provider } = start();
    api().get("/webhooks").reply(200, [other, listedWebhook]);
    const checked = await provider.check({}, declared({ __importId: id }));
    expect(checked.failures).toEqual([]);
    expect(await provider.create({ ...checked.inputs, __provider: "stub" })).toEqual({
      id,
      outs: { ...outputs, secret: null },
    });
  });

  test("brings no default along", async () => {
    api().get("/webhooks").reply(200, [listedWebhook]);
    const news = declared({ __importId: id, alias: undefined, type: undefined });
    const { inputs, failures } = await start().provider.check({}, news);
    expect(failures).toEqual([]);
    expect(inputs).not.toHaveProperty("alias");
    expect(inputs).not.toHaveProperty("type");
  });

  test("is refused in preview with each difference, secrets unnamed", async () => {
    api().get("/webhooks").reply(200, [listedWebhook]);
    const news = declared({
      __importId: id,
      alias: "Arrivals",
      state: "paused",
      authorizationHeader: "Bearer CANARY",
    });
    const { failures } = await start().provider.check({}, news);
    expect(failures).toEqual([
      {
        property: "",
        reason:
          `import: webhook ${id} is not what the program declares: ` +
          'alias is "Test Webhook" there; ' +
          "authorizationHeader differs (secret); " +
          'state is "enabled" there. ' +
          "Declare what the service has, import, and change it afterwards",
      },
    ]);
  });

  test.each(["", "********"])(
    "compares no authorization header that the server shows as %j, which may only be hidden",
    async (AuthorizationHeader) => {
      api()
        .get("/webhooks")
        .reply(200, [{ ...listedWebhook, AuthorizationHeader }]);
      const { failures } = await start().provider.check({}, declared({ __importId: id }));
      expect(failures).toEqual([]);
    },
  );
});

describe("read", () => {
  test("keeps the secret that the list leaves blank, and shows no drift", async () => {
    api().get("/webhooks").reply(200, [other, listedWebhook]);
    expect(await start().provider.read(id, outputs)).toEqual({ id, props: outputs });
  });

  test.each<[string, Plain, Plain]>([
    ["alias", { Alias: "Renamed" }, { alias: "Renamed" }],
    ["url", { Url: "https://evil.example.com" }, { url: "https://evil.example.com" }],
    ["type", { Type: "slack" }, { type: "slack" }],
    ["topics", { Topics: ["file.deleted"] }, { topics: ["file.deleted"] }],
    [
      "authorizationHeader",
      { AuthorizationHeader: "Bearer of others" },
      { authorizationHeader: "Bearer of others" },
    ],
    ["state", { State: "paused" }, { state: "paused" }],
  ])("shows a drift of %s, which a declaration then repairs", async (_, changed, shown) => {
    const olds = { ...outputs, __managed: "alias,url,type,topics,authorizationHeader,state" };
    const provider = start().provider;
    api()
      .get("/webhooks")
      .reply(200, [{ ...listedWebhook, ...changed }]);
    const read = await provider.read(id, olds);
    expect(read.props).toEqual({ ...olds, ...shown });
    expect(read.inputs).toEqual({ ...arguments_, state: "enabled", ...shown });
    const news = { ...inputs, state: "enabled" };
    expect(await provider.diff(id, read.props as Plain, news)).toEqual({ changes: true });
  });

  test.each(["", null, "********"])(
    "keeps an authorization header that the list shows as %j, and shows no drift",
    async (AuthorizationHeader) => {
      api()
        .get("/webhooks")
        .reply(200, [{ ...listedWebhook, AuthorizationHeader }]);
      expect(await start().provider.read(id, outputs)).toEqual({ id, props: outputs });
    },
  );

  test("keeps the defaults in the inputs that a drift makes, marked as such", async () => {
    const olds = { ...outputs, __managed: "url,topics" };
    api()
      .get("/webhooks")
      .reply(200, [{ ...listedWebhook, Url: "https://evil.example.com" }]);
    const { inputs: drifted } = await start().provider.read(id, olds);
    expect(drifted).toEqual({
      alias: "Test Webhook",
      type: "webhook",
      url: "https://evil.example.com",
      topics: listedWebhook.Topics,
      __defaults: "alias,type",
    });
  });

  test("shows no drift of what is not declared: the service pauses by itself", async () => {
    api()
      .get("/webhooks")
      .reply(200, [{ ...listedWebhook, State: "paused" }]);
    expect(await start().provider.read(id, outputs)).toEqual({ id, props: { ...outputs, state: "paused" } });
  });

  test("shows no drift where the topics only come in another order", async () => {
    const Topics = [...listedWebhook.Topics].reverse();
    api()
      .get("/webhooks")
      .reply(200, [{ ...listedWebhook, Topics }]);
    expect(await start().provider.read(id, outputs)).toEqual({ id, props: outputs });
  });

  test("fails when the list is another organization's", async () => {
    api()
      .get("/webhooks")
      .reply(200, [{ ...other, OrganizationId: "72e9cf24-be8c-4f15-9aa2-813281fb98fe" }]);
    await expect(start().provider.read(id, outputs)).rejects.toMatchObject({ name: "UncertainError" });
  });
});

describe("update", () => {
  test("sends only what changed, reads back, and returns full outputs", async () => {
    const changed = { Alias: "Test Webhook (updated)" };
    api()
      .patch(one, changed)
      .reply(200, { ...createdWebhook, ...changed })
      .get("/webhooks")
      .reply(200, [{ ...listedWebhook, ...changed }]);
    const news = { ...inputs, alias: changed.Alias };
    expect(await start().provider.update(id, outputs, news)).toEqual({
      outs: { ...outputs, alias: changed.Alias },
    });
  });

  test("takes the secret from the answer, where the state has none", async () => {
    api().patch(one, { State: "paused" }).reply(200, createdWebhook);
    api()
      .get("/webhooks")
      .reply(200, [{ ...listedWebhook, State: "paused" }]);
    const { outs } = await start().provider.update(
      id,
      { ...outputs, secret: null },
      { ...inputs, state: "paused" },
    );
    expect(outs).toMatchObject({ secret: "Some Secret", state: "paused" });
  });

  test("keeps the secret of the state, where the answer has none", async () => {
    api()
      .patch(one)
      .reply(200, { ...listedWebhook, Alias: "A" });
    api()
      .get("/webhooks")
      .reply(200, [{ ...listedWebhook, Alias: "A" }]);
    const { outs } = await start().provider.update(id, outputs, { ...inputs, alias: "A" });
    expect(outs).toMatchObject({ secret: "Some Secret" });
  });

  test("clears a header with null, as an empty text", async () => {
    const cleared = { ...listedWebhook, AuthorizationHeader: "" };
    api().patch(one, { AuthorizationHeader: "" }).reply(200, cleared).get("/webhooks").reply(200, [cleared]);
    const { outs } = await start().provider.update(id, outputs, { ...inputs, authorizationHeader: null });
    expect(outs).toMatchObject({ authorizationHeader: null, secret: "Some Secret" });
  });

  test("sends nothing for what is taken out, and manages it no longer", async () => {
    api().get("/webhooks").reply(200, [listedWebhook]);
    const { authorizationHeader: _, ...news } = inputs;
    const { outs } = await start().provider.update(id, outputs, news);
    expect(outs).toEqual({ ...outputs, __managed: "alias,url,type,topics" });
  });

  test("finishes an unfinished create by sending everything, which shows the secret", async () => {
    api().patch(one, body).reply(200, createdWebhook).get("/webhooks").reply(200, [listedWebhook]);
    const olds = { ...outputs, secret: null, __unfinished: true };
    expect(await start().provider.update(id, olds, inputs)).toEqual({ outs: outputs });
  });
});

describe("delete", () => {
  test("fails when it is not found and yet listed", async () => {
    api().delete(one).reply(404).get("/webhooks").reply(200, [listedWebhook]);
    await expect(start().provider.delete(id, outputs)).rejects.toMatchObject({ name: "NotFoundError" });
  });
});
