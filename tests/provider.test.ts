/** The permanent entry, as the engine's dynamic-provider process uses it: compiled, so that it loads its kinds. */
import { createRequire } from "node:module";
import { join } from "node:path";
import type { dynamic } from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { type Kind, kinds } from "../provider/protocol/kinds";
import type * as provider from "../provider/provider";
import type { Plain } from "../provider/values/plain";
import { api, withoutNetwork } from "./api/interceptors";
import { apiKey, failureOf, organizationId } from "./api/setup";

withoutNetwork();

const load = createRequire(__filename);
const { get }: typeof provider = load(join(__dirname, "../dist/provider.js"));

const values: Readonly<Record<string, string>> = {
  "sftptogo:apiKey": apiKey,
  "sftptogo:organizationId": organizationId,
};
const request: dynamic.ConfigureRequest = {
  config: { get: (key) => values[key], require: (key) => values[key] ?? "" },
};

test.each(kinds)("has handlers for %s, the whole of Pulumi's protocol", (kind) => {
  expect(Object.keys(get(kind)).sort()).toEqual(
    ["check", "configure", "create", "delete", "diff", "read", "update"].sort(),
  );
});

describe("a secret that the API's error echoes", () => {
  test.each<[string, Kind, string, Plain, string]>([
    [
      "a webhook's url",
      "Webhook",
      "/webhooks",
      { url: "https://hooks.example.com/CANARY", topics: ["file.created"] },
      "https://hooks.example.com/CANARY",
    ],
    [
      "an authorization header",
      "Webhook",
      "/webhooks",
      { url: "https://hooks.example.com/x", topics: ["file.created"], authorizationHeader: "Bearer CANARY" },
      "Bearer CANARY",
    ],
    ["a credential's password", "Credential", "/users", { password: "CANARY-1!" }, "CANARY-1!"],
    [
      "a share link's password",
      "ShareLink",
      "/portal-links",
      { path: "/", permission: "read-only", password: "CANARY-2!" },
      "CANARY-2!",
    ],
  ])("is not repeated: %s", async (_, kind, collection, inputs, secret) => {
    const handlers = get(kind);
    await handlers.configure(request);
    api()
      .get(collection)
      .optionally()
      .reply(200, [])
      .post(collection)
      .reply(400, { message: `Not good: ${secret}.` });
    if (kind === "Credential") api().get(collection).reply(200, []);
    const error = await failureOf(handlers.create(inputs));
    expect(error.message).toContain('The API says: "[not shown: it may repeat a secret]".');
    expect(error.message).not.toContain("CANARY");
    expect(error.stack).toBe("");
  });
});
