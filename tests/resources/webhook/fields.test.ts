import { describe, expect, test } from "vitest";
import type { Webhook } from "../../../provider/api/webhooks";
import { bodyOf, serverState } from "../../../provider/lifecycle/fields/translate";
import { argumentKeys } from "../../../provider/lifecycle/fields/vocabulary";
import { unknownValue } from "../../../provider/protocol/unknowns";
import { webhookFields as fields, type WebhookInputs } from "../../../provider/resources/webhook/fields";
import { createdWebhook, listedWebhook } from "../../fixtures/reference";
import { failuresOf, warningsOf } from "../../lifecycle/fakes";

const least = { url: "https://hooks.example.com/sftp", topics: ["file.created"] };

const stateOf = (webhook: Webhook, known: object) => serverState(fields, webhook, known);

function failures(values: object): string[] {
  return failuresOf(fields, { ...least, ...values });
}

function warnings(values: object): string[] {
  return warningsOf(fields, { ...least, ...values });
}

describe("a url", () => {
  test.each([
    [{ url: "https://hooks.example.com:8443/sftp?x=1" }],
    [{ type: "webhook", url: "https://hooks.example.com" }],
    [{ type: "slack", url: "https://hooks.slack.com/services/T0/B0/x" }],
    [{ type: "email", url: "ops@example.com" }],
    [{ type: "email", url: "Ops <ops@example.com>" }],
    [{ type: "email", url: "<ops@example.com>" }],
    [{ url: unknownValue }],
    [{ type: unknownValue, url: "ops@example.com" }],
  ])("may be %j", (values) => {
    expect(failures(values)).toEqual([]);
  });

  test.each(["http://hooks.example.com/sftp", "ftp://hooks.example.com", "https:", "mailto:ops@example.com"])(
    "of a webhook may not be %s",
    (url) => {
      expect(failures({ url })).toEqual([
        expect.stringContaining('must be an https address, e.g. "https://hooks.example.com/sftp"'),
      ]);
    },
  );

  test.each([
    "https://example.com",
    "ops",
    "ops@example",
    "Ops <ops@example.com",
    "ops@example.com>",
    "a@b@c.de",
  ])("of type email may not be %s", (url) => {
    expect(failures({ type: "email", url })).toEqual([
      'url must be an e-mail address for a webhook of type email, e.g. "Ops <ops@example.com>"',
    ]);
  });

  test("is named, but the engine is given no property to print: it may be a secret", () => {
    expect(failures({ url: "http://hooks.example.com" })[0]).toMatch(/^url /);
    expect(failures({ url: 7 })).toEqual(["url must be a string"]);
  });

  test.each([
    { url: "http://user:CANARY@hooks.example.com" },
    { url: "http://hooks.example.com/?token=CANARY" },
    { url: "hooks.slack.com/services/CANARY" },
    { type: "slack", url: "http://hooks.slack.com/services/CANARY" },
    { type: "ms-teams", url: "http://outlook.office.com/webhook/CANARY" },
  ])("that may hold a secret is not given to the engine to print: %j", (values) => {
    const found = failures(values);
    expect(found).toEqual([expect.stringMatching(/^url must be an https address/)]);
    expect(found.join()).not.toContain("CANARY");
  });
});

describe("topics", () => {
  test.each([
    [["file.created", "file.deleted", "file.downloaded", "webhook.ping"]],
    [["file.created", unknownValue, unknownValue]],
    [unknownValue],
  ])("may be %j", (topics) => {
    expect(failures({ topics })).toEqual([]);
    expect(warnings({ topics })).toEqual([]);
  });

  test("must not be empty, and the words are told", () => {
    expect(failures({ topics: [] })).toEqual([
      'topics must have at least one of "file.created", "file.deleted", "file.downloaded", "webhook.ping"',
    ]);
  });

  test("must not be doubled", () => {
    expect(failures({ topics: ["file.created", "file.deleted", "file.created"] })).toEqual([
      "topics[2] is the same as [0]: leave one of them out",
    ]);
  });

  test("that are a near miss are refused with what was meant", () => {
    expect(failures({ topics: ["file.created", "file_deleted", "file.downloadd"] })).toEqual([
      'topics[1] is not a known value; did you mean "file.deleted"?',
      'topics[2] is not a known value; did you mean "file.downloaded"?',
    ]);
  });

  test("that are wholly unknown only warn", () => {
    expect(failures({ topics: ["folder.moved"] })).toEqual([]);
    expect(warnings({ topics: ["folder.moved"] })).toEqual([
      expect.stringContaining("topics[0] is not in the API's reference"),
    ]);
  });

  test("must be a list of strings", () => {
    expect(failures({ topics: "file.created" })).toEqual(["topics must be a list"]);
    expect(failures({ topics: [7] })).toEqual([expect.stringMatching(/^topics\[0\] must be one of/)]);
  });
});

describe("words", () => {
  test.each([
    ["type", "Slack", 'did you mean "slack"?'],
    ["type", "msteams", 'did you mean "ms-teams"?'],
    ["type", "e-mail", 'did you mean "email"?'],
    ["state", "enable", 'did you mean "enabled"?'],
    ["state", "pausd", 'did you mean "paused"?'],
  ])("%s %s is a near miss", (key, value, hint) => {
    expect(failures({ [key]: value })).toContainEqual(expect.stringMatching(new RegExp(`^${key} is`)));
    expect(failures({ [key]: value }).join()).toContain(hint);
  });

  test("that are wholly unknown only warn", () => {
    expect(failures({ state: "sleeping" })).toEqual([]);
    expect(warnings({ state: "sleeping" })).toEqual([
      expect.stringContaining("state is not in the API's reference"),
    ]);
    expect(failures({ type: "discord" })).toEqual([]);
    expect(warnings({ type: "discord" })).toEqual([
      expect.stringContaining("type is not in the API's reference"),
    ]);
  });
});

describe("an authorization header", () => {
  test("may be null, to clear it", () => {
    expect(failures({ authorizationHeader: null })).toEqual([]);
  });

  test.each([
    ["", "must not be empty: give null to clear it"],
    ["Bearer CANARY\r\nX-Evil: 1", "must be one line"],
    [7, "must be a string"],
  ])("may not be %j, and the engine is given no property to print", (authorizationHeader, reason) => {
    expect(failures({ authorizationHeader })).toEqual([`authorizationHeader ${reason}`]);
  });
});

describe("arguments", () => {
  test("url and topics are required", () => {
    expect(failuresOf(fields, {})).toEqual(["url is required", "topics is required"]);
  });

  test.each([
    ["topic", "topics"],
    ["URL", "url"],
    ["authorisationHeader", "authorizationHeader"],
  ])("%s is not one, and %s was meant", (key, meant) => {
    expect(failures({ [key]: "CANARY" })).toEqual([
      `there is no argument "${key}": did you mean "${meant}"?`,
    ]);
  });

  test.each(["alias", "type", "state"])("%s cannot be null", (key) => {
    expect(failures({ [key]: null })).toEqual([`${key} cannot be null: leave it out to stop managing it`]);
  });
});

describe("the body", () => {
  const inputs: WebhookInputs = {
    alias: "arrivals",
    url: least.url,
    type: "webhook",
    topics: ["file.created"],
    authorizationHeader: "Bearer 123456789",
    state: "paused",
  };

  test("holds all keys that are asked for", () => {
    expect(bodyOf(fields, inputs, argumentKeys(fields))).toEqual({
      Alias: "arrivals",
      Url: "https://hooks.example.com/sftp",
      Type: "webhook",
      Topics: ["file.created"],
      AuthorizationHeader: "Bearer 123456789",
      State: "paused",
    });
  });

  test.each([
    ["alias", { Alias: "arrivals" }],
    ["url", { Url: least.url }],
    ["type", { Type: "webhook" }],
    ["topics", { Topics: ["file.created"] }],
    ["authorizationHeader", { AuthorizationHeader: "Bearer 123456789" }],
    ["state", { State: "paused" }],
  ])("for %s holds nothing else", (key, body) => {
    expect(bodyOf(fields, inputs, [key])).toEqual(body);
  });

  test("holds the blank for a header that is cleared, and nothing for what is left out", () => {
    expect(bodyOf(fields, { ...inputs, authorizationHeader: null }, ["authorizationHeader"])).toEqual({
      AuthorizationHeader: "",
    });
    expect(bodyOf(fields, least, argumentKeys(fields))).toEqual({
      Url: least.url,
      Topics: ["file.created"],
    });
  });
});

describe("outputs", () => {
  const outputs = {
    alias: "Test Webhook",
    url: listedWebhook.Url,
    type: "webhook",
    topics: ["file.created", "file.deleted", "file.downloaded"],
    authorizationHeader: "Bearer 123456789",
    state: "enabled",
    secret: "Some Secret",
    organizationId: undefined,
    createdAt: 1561888254653,
  };

  test("are made of the reference's example of a create", () => {
    expect(stateOf(createdWebhook, {})).toEqual(outputs);
  });

  test("keep the secret that the list leaves blank", () => {
    expect(stateOf(listedWebhook, outputs)).toEqual(outputs);
  });

  test("take a secret that is another one", () => {
    expect(stateOf({ ...createdWebhook, Secret: "Rotated" }, outputs).secret).toBe("Rotated");
  });

  test("have null for a secret that nobody knows, and for what the API leaves out", () => {
    const { AuthorizationHeader: _, Alias: __, ...least } = listedWebhook;
    expect(stateOf(least, {})).toMatchObject({
      secret: null,
      authorizationHeader: null,
      alias: null,
    });
  });
});
