import { execFile } from "node:child_process";
import { promisify } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test, vi } from "vitest";
import type { FunctionOptions } from "../../provider/functions/options";
import { withoutNetwork } from "../api/interceptors";
import { failureOf, organizationId } from "../api/setup";
import { listedShareLink, listedWebhook, rootCredential, sshPublicKey } from "../fixtures/reference";
import { resolved } from "../protocol/program";
import { api, built, configure, inStack, madeBefore, sftptogo } from "./program";

const run = promisify(execFile);
// Processes take their time on a busy machine.
vi.setConfig({ testTimeout: 30_000 });

withoutNetwork();
inStack();

const eu = listedWebhook.OrganizationId;

/** Each function, called as simply as it can be. */
const calls: Readonly<Record<string, (opts?: FunctionOptions) => Promise<unknown>>> = {
  getCredential: (opts) => sftptogo.getCredential({ id: rootCredential.Id }, opts),
  getCredentials: (opts) => sftptogo.getCredentials(opts),
  getSshPublicKeys: (opts) => sftptogo.getSshPublicKeys({ credentialId: sshPublicKey.UserId }, opts),
  getWebhook: (opts) => sftptogo.getWebhook({ id: listedWebhook.Id }, opts),
  getWebhooks: (opts) => sftptogo.getWebhooks(opts),
  getShareLink: (opts) => sftptogo.getShareLink({ id: listedShareLink.Id }, opts),
  getShareLinks: (opts) => sftptogo.getShareLinks(opts),
};

describe.each(Object.entries(calls))("%s", (_, call) => {
  test("without configuration fails with the commands that set it", async () => {
    configure({});
    const error = await failureOf(call());
    expect(error.message).toContain("pulumi config set --secret sftptogo:apiKey <key>");
    expect(error.message).toContain("pulumi config set sftptogo:organizationId <id>");
  });

  test("with a refused key names the setting", async () => {
    api().get(/.*/).reply(401, { message: "Unauthorized" });
    const error = await failureOf(call());
    expect(error).toMatchObject({ name: "AccessError", status: 401 });
    expect(error.message).toContain("sftptogo:apiKey");
  });

  test("takes no provider but ours", async () => {
    class Other extends pulumi.ProviderResource {}
    const provider = await madeBefore(() => new Other("aws", "other"));
    const error = await failureOf(call({ provider }));
    expect(error.message).toBe("The option `provider` must be a Provider of pulumi-sftptogo.");
  });
});

describe("the configuration of functions", () => {
  test("is the stack's, with the environment's key before it", async () => {
    for (const key of ["key-of-the-environment", "another-key-of-the-environment"]) {
      vi.stubEnv("SFTPTOGO_API_KEY", key);
      api(organizationId, key).get("/webhooks").reply(200, []);
      expect(await sftptogo.getWebhooks()).toEqual([]);
    }
  });

  test("may be the environment's alone", async () => {
    configure({});
    vi.stubEnv("SFTPTOGO_API_KEY", "key-of-the-environment-alone");
    vi.stubEnv("SFTPTOGO_ORGANIZATION_ID", eu);
    api(eu, "key-of-the-environment-alone").get("/webhooks").reply(200, []);
    expect(await sftptogo.getWebhooks()).toEqual([]);
  });
});

describe("an explicit provider", () => {
  const args = { apiKey: "key-of-eu", organizationId: eu };

  test("is asked instead of the stack, with its own key", async () => {
    const provider = await madeBefore(() => new sftptogo.Provider("eu", args));
    api(eu, "key-of-eu").get("/webhooks").reply(200, [listedWebhook]);
    expect(await sftptogo.getWebhooks({ provider })).toMatchObject([{ id: listedWebhook.Id }]);
  });

  test("is asked by the Output form too, without making what is no secret one", async () => {
    const apiKey = pulumi.secret("key-of-eu-2");
    const provider = await madeBefore(() => new sftptogo.Provider("eu", { ...args, apiKey }));
    api(eu, "key-of-eu-2").get("/webhooks").reply(200, [listedWebhook]);
    const found = sftptogo.getWebhooksOutput({ provider, includeSecrets: false });
    expect(await resolved(found)).toMatchObject([{ id: listedWebhook.Id }]);
    expect(await pulumi.isSecret(found)).toBe(false);
  });

  test("has no part of the environment or the stack", async () => {
    vi.stubEnv("SFTPTOGO_API_KEY", "key-of-the-environment");
    vi.stubEnv("SFTPTOGO_ORGANIZATION_ID", organizationId);
    const provider = await madeBefore(() => new sftptogo.Provider("eu", { ...args, apiKey: "key-of-eu-3" }));
    api(eu, "key-of-eu-3").get("/webhooks").reply(200, []);
    expect(await sftptogo.getWebhooks({ provider })).toEqual([]);
  });

  test("with unfit arguments says which, in the provider's words", async () => {
    const unfit = { ...args, apiKey: "", maxRetries: 1000 };
    const provider = await madeBefore(() => new sftptogo.Provider("eu", unfit));
    const error = await failureOf(sftptogo.getWebhooks({ provider }));
    expect(error.message).toContain("the Provider's apiKey is missing");
    expect(error.message).toContain("the Provider's maxRetries");
  });

  test("that is not known yet in a preview is left to the Output form, which waits", async () => {
    const make = () =>
      new sftptogo.Provider("eu", { ...args, organizationId: new sftptogo.Credential("made").id });
    const provider = await madeBefore(make, { preview: true });
    const error = await failureOf(sftptogo.getWebhooks({ provider }));
    expect(error.message).toContain("use the Output form of the function");
    const { isKnown } = sftptogo.getWebhooksOutput({ provider }) as unknown as { isKnown: Promise<boolean> };
    expect(await isKnown).toBe(false);
  });
});

describe("the Output form", () => {
  test("waits for its arguments, and asks nothing while they are not known", async () => {
    const made = await madeBefore(() => new sftptogo.Credential("made"), { preview: true });
    const found = sftptogo.getCredentialOutput({ id: made.id }) as unknown as { isKnown: Promise<boolean> };
    expect(await found.isKnown).toBe(false);
  });

  test("keeps secret what is made of a secret argument", async () => {
    api()
      .get("/webhooks")
      .reply(200, [{ ...listedWebhook, OrganizationId: organizationId }]);
    const id = pulumi.secret(listedWebhook.Id);
    const found = sftptogo.getWebhookOutput({ id }, { includeSecrets: false });
    expect(await pulumi.isSecret(found)).toBe(true);
  });

  test("fails the program with the plain form's message", async () => {
    const { SFTPTOGO_API_KEY: _, ...env } = process.env;
    // In a process of its own: a failed output is an unhandled rejection, which ends a program.
    const program = `require(process.argv[1]).getCredentialsOutput()`;
    const ended = await run(process.execPath, ["-e", program, built], { env }).catch((failure) => failure);
    expect(ended).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("pulumi config set --secret sftptogo:apiKey <key>"),
    });
  });
});

test("several calls of one run share a list", async () => {
  api().get("/users").reply(200, [rootCredential]);
  const found = await Promise.all([
    sftptogo.getCredentials(),
    sftptogo.getCredential({ alias: "Root" }),
    sftptogo.getCredential({ id: rootCredential.Id }),
  ]);
  expect(found).toHaveLength(3);
});
