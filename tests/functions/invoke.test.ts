import { execFile } from "node:child_process";
import { promisify } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import type { MockCallArgs } from "@pulumi/pulumi/runtime";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { FunctionOptions } from "../../provider/functions/options";
import { withoutNetwork } from "../api/interceptors";
import { failureOf, organizationId } from "../api/setup";
import { listedShareLink, listedWebhook, rootCredential, sshPublicKey } from "../fixtures/reference";
import { mockEngine, resolved } from "../protocol/program";
import { api, built, configure, inStack, leaveEngine, madeBefore, madeTogether, sftptogo } from "./program";

const run = promisify(execFile);
// Processes take their time on a busy machine.
vi.setConfig({ testTimeout: 30_000 });

withoutNetwork();
inStack();
// A test that has mocks leaves them to none after it.
afterEach(() => leaveEngine());

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
    expect(error.message).toContain("pulumi config set --secret sftptogo:apiKey");
    expect(error.message).toContain("pulumi config set sftptogo:organizationId <id>");
    expect(error.stack).toBe(`${error.name}: ${error.message}`);
  });

  test("with a refused key names the setting", async () => {
    api().get(/.*/).reply(401, { message: "Unauthorized" });
    const error = await failureOf(call());
    expect(error).toMatchObject({ name: "AccessError", status: 401 });
    expect(error.message).toContain("sftptogo:apiKey");
    expect(error.stack).toBe(`${error.name}: ${error.message}`);
  });

  test("takes no provider but ours", async () => {
    class Other extends pulumi.ProviderResource {}
    const provider = await madeBefore(() => new Other("aws", "other"));
    const error = await failureOf(call({ provider }));
    expect(error.message).toBe("The option `provider` must be a Provider of pulumi-sftptogo.");
    expect(error.stack).toBe(`${error.name}: ${error.message}`);
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

describe("the option parent", () => {
  class Partner extends pulumi.ComponentResource {
    constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
      super("acme:Partner", name, {}, opts);
    }
  }

  test("gives its Provider", async () => {
    const apiKey = "key-of-the-parent";
    const parent = await madeBefore(() => {
      const provider = new sftptogo.Provider("eu", { apiKey, organizationId: eu });
      return new Partner("inner", { parent: new Partner("outer", { providers: [provider] }) });
    });
    api(eu, apiKey).get("/webhooks").reply(200, [listedWebhook]);
    expect(await sftptogo.getWebhooks({ parent })).toMatchObject([{ id: listedWebhook.Id }]);
  });

  test("leaves the stack's where it has none, or one for other dynamic resources", async () => {
    class Other extends pulumi.ProviderResource {}
    const parent = await madeBefore(
      () => new Partner("acme", { providers: [new Other("pulumi-nodejs", "other")] }),
    );
    for (const opts of [{ parent }, { parent: undefined }]) {
      api().get("/webhooks").reply(200, []);
      expect(await sftptogo.getWebhooks(opts)).toEqual([]);
      await new Promise(setImmediate);
    }
  });

  test("counts less than the option provider", async () => {
    const args = { apiKey: "key-of-the-option", organizationId: eu };
    const [provider, parent] = await madeTogether(() => [
      new sftptogo.Provider("option", args),
      new Partner("acme", {
        providers: [new sftptogo.Provider("parent", { ...args, apiKey: "key-of-none" })],
      }),
    ]);
    api(eu, args.apiKey).get("/webhooks").reply(200, []);
    expect(await sftptogo.getWebhooks({ provider, parent })).toEqual([]);
  });
});

describe("the option dependsOn of the Output form", () => {
  test("is waited for", async () => {
    const order: string[] = [];
    let registered = (_: string) => {};
    const id = new Promise<string>((resolve) => {
      registered = resolve;
    });
    const made = await madeBefore(() => new sftptogo.Credential("made"));
    // As the SDK's resources have it while the engine is at work.
    const pending = Object.assign(Object.create(Object.getPrototypeOf(made)), made, {
      id: pulumi.output(id),
    });
    api()
      .get("/users")
      .reply(200, () => {
        order.push("asked");
        return [];
      });
    const found = sftptogo.getCredentialsOutput({ dependsOn: [pending], includeSecrets: false });
    await new Promise((resolve) => setTimeout(resolve, 50));
    order.push("registered");
    registered("an-id");
    expect(await resolved(found)).toEqual([]);
    expect(order).toEqual(["registered", "asked"]);
    expect(await pulumi.isSecret(found)).toBe(false);
  });

  test.each(["a resource", "a promise of resources", "a component with the resource below it"])(
    "makes the result unknown in the preview that would create %s",
    async (what) => {
      class Partner extends pulumi.ComponentResource {
        readonly credential: pulumi.Resource;
        constructor() {
          super("acme:Partner", "acme");
          this.credential = new sftptogo.Credential("acme", {}, { parent: this });
          this.registerOutputs();
        }
      }
      const partner = await madeBefore(() => new Partner(), { preview: true });
      const dependsOn =
        what === "a resource"
          ? partner.credential
          : what === "a promise of resources"
            ? Promise.resolve([partner.credential])
            : partner;
      const found = sftptogo.getCredentialsOutput({ dependsOn }) as unknown as { isKnown: Promise<boolean> };
      expect(await found.isKnown).toBe(false);
    },
  );
});

describe("under Pulumi's mocks", () => {
  const secretHost = pulumi.secret("acme.sftptogo.com");
  const answers: Readonly<Record<string, object>> = {
    getCredential: { id: "x", userName: "acme-incoming", password: "a password", host: "acme.sftptogo.com" },
    getCredentials: { credentials: [{ id: "x", password: "a password" }, { id: "y" }] },
    getSshPublicKeys: [{ keyId: "x" }],
    getWebhook: { id: "x", url: "https://hooks.example.com", authorizationHeader: "Bearer x" },
    getWebhooks: [],
    getShareLink: { id: "x", path: "/", url: "https://portal.example.com" },
    getShareLinks: {},
  };
  let asked: MockCallArgs[];
  beforeEach(async () => {
    // Whatever key is about, nothing may be sent: there is no interceptor in these tests.
    vi.stubEnv("SFTPTOGO_API_KEY", "key-of-the-environment");
    vi.stubEnv("SFTPTOGO_ORGANIZATION_ID", organizationId);
    configure({});
    asked = [];
    await mockEngine({
      call(args) {
        asked.push(args);
        return answers[args.token.replace("sftptogo:index:", "")] ?? {};
      },
    });
  });

  test.each(Object.entries(calls))("%s is answered by them, without secrets", async (name, call) => {
    const found = await call();
    expect(asked.map(({ token }) => token)).toEqual([`sftptogo:index:${name}`]);
    const answer: Record<string, unknown> = {
      getCredential: { id: "x", userName: "acme-incoming", host: "acme.sftptogo.com" },
      getCredentials: [{ id: "x" }, { id: "y" }],
      getSshPublicKeys: [{ keyId: "x" }],
      getWebhook: { id: "x" },
      getWebhooks: [],
      getShareLink: { id: "x", path: "/" },
      getShareLinks: [],
    };
    expect(found).toEqual(answer[name]);
  });

  test("they are given the arguments, and an explicit provider", async () => {
    const provider = new sftptogo.Provider("eu", { apiKey: "key", organizationId: eu });
    await sftptogo.getCredential({ userName: "acme-incoming" }, { provider });
    expect(asked).toMatchObject([
      { inputs: { userName: "acme-incoming" }, provider: expect.stringContaining("::eu::") },
    ]);
  });

  test("secrets are in the result where they are asked for", async () => {
    const found = await sftptogo.getCredential({ id: "x" }, { includeSecrets: true });
    expect(found.password).toBe("a password");
    const links = await sftptogo.getShareLink({ id: "x" }, { includeSecrets: true });
    expect(links.url).toBe("https://portal.example.com");
  });

  test("the Output form has secrets and is secret, or has none and is not", async () => {
    const made = new sftptogo.Credential("made");
    const secret = sftptogo.getCredentialOutput({ id: made.id });
    expect(await resolved(secret)).toMatchObject({ password: "a password" });
    expect(await pulumi.isSecret(secret)).toBe(true);
    const plain = sftptogo.getCredentialOutput({ id: made.id }, { includeSecrets: false });
    expect(await resolved(plain)).toEqual({ id: "x", userName: "acme-incoming", host: "acme.sftptogo.com" });
    expect(await pulumi.isSecret(plain)).toBe(false);
    expect(asked[0]?.inputs).toEqual({ id: "made-id" });
  });

  test("the Output form keeps secret what a mock marks as secret, and what is made of a secret argument", async () => {
    const args = { includeSecrets: false };
    expect(await pulumi.isSecret(sftptogo.getCredentialOutput({ id: pulumi.secret("x") }, args))).toBe(true);
    await mockEngine({ call: () => ({ id: "x", host: secretHost }) });
    const found = sftptogo.getCredentialOutput({ id: "x" }, args);
    expect(await resolved(found)).toEqual({ id: "x", host: "acme.sftptogo.com" });
    expect(await pulumi.isSecret(found)).toBe(true);
  });

  test("the Output form is unknown while its arguments are", async () => {
    await mockEngine({ preview: true });
    const made = new sftptogo.Credential("made");
    const found = sftptogo.getCredentialOutput({ id: made.id }) as unknown as { isKnown: Promise<boolean> };
    expect(await found.isKnown).toBe(false);
  });

  test("a mock that gives back its inputs, as Pulumi's own examples do, gives an empty list", async () => {
    await mockEngine({ call: ({ inputs }) => inputs });
    expect(await sftptogo.getCredentials()).toEqual([]);
    expect(await sftptogo.getSshPublicKeys({ credentialId: "x" })).toEqual([]);
    expect(await resolved(sftptogo.getShareLinksOutput())).toEqual([]);
  });

  test("an error of a mock fails the function", async () => {
    await mockEngine({ call: () => Promise.reject(new Error("no such credential")) });
    await expect(sftptogo.getCredential({ id: "x" })).rejects.toThrow();
  });

  test("wrong arguments are refused as ever", async () => {
    const wrong = { id: "x", alias: "y" } as unknown as { id: string };
    await expect(sftptogo.getCredential(wrong)).rejects.toThrow("takes exactly one of");
    expect(asked).toEqual([]);
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
      stderr: expect.stringContaining("pulumi config set --secret sftptogo:apiKey"),
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
