import { request as httpRequest } from "node:http";
import { createServer } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Emulator, operationNames, startEmulator } from "../../provider/emulator";
import { secretNames } from "../../provider/resources/fields";
import { call as callOf, sshKey, start } from "./caller";

describe("start", () => {
  test("two emulators differ in port, organization and key", async () => {
    const [one, two] = [(await start()).emulator, (await start()).emulator];
    expect(one.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(one.organizationId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect([two.url, two.organizationId, two.apiKey]).not.toContain(one.url);
    expect(two.organizationId).not.toBe(one.organizationId);
    expect(two.apiKey).not.toBe(one.apiKey);
  });

  test("takes organization, key and port from the options", async () => {
    const port = await freePort();
    const { emulator } = await start({ port, organizationId: "org-1", apiKey: "key-1" });
    expect(emulator).toMatchObject({
      url: `http://127.0.0.1:${port}`,
      organizationId: "org-1",
      apiKey: "key-1",
    });
    expect((await callOf(emulator, "GET", "/users")).status).toBe(200);
  });

  test("rejects a port that is taken, in plain words", async () => {
    const { emulator } = await start();
    const port = Number(new URL(emulator.url).port);
    await expect(startEmulator({ port })).rejects.toThrow(
      `port ${port} of 127.0.0.1 is taken; choose another with \`--port <number>\`, or \`--port 0\` for any free one`,
    );
  });

  test("may be closed twice, and then answers nothing", async () => {
    const { emulator, call } = await start();
    await call("GET", "/users");
    await emulator.close();
    await emulator.close();
    await expect(call("GET", "/users")).rejects.toThrow();
  });
});

describe("access", () => {
  test.each([
    ["no header", undefined],
    ["a wrong key", "Bearer wrong"],
    ["another scheme", "Basic abc"],
  ])("answers %s with 401 and the API's likely body", async (_, authorization) => {
    const { emulator } = await start();
    const response = await fetch(`${emulator.url}/organizations/${emulator.organizationId}/users`, {
      ...(authorization !== undefined && { headers: { authorization } }),
    });
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({ message: "Unauthorized" });
  });

  test("does not find another organization", async () => {
    const { emulator } = await start();
    const other: Emulator = { ...emulator, organizationId: "0000" };
    const reply = await callOf(other, "GET", `/users/${emulator.data.root.Id}`);
    expect(reply.status).toBe(404);
    expect(reply.body).toEqual({ id: "not_found", message: "Organization not found" });
    expect((await callOf(other, "GET", "/users")).status).toBe(404);
  });
});

describe("routes", () => {
  test("what the API lacks is a 404 with a message", async () => {
    const { call, emulator } = await start();
    for (const [method, path] of [
      ["GET", "/nothing"],
      ["GET", ""],
      ["DELETE", "/users"],
      ["PUT", "/users"],
      ["GET", "/users/"],
    ] as const) {
      expect(await call(method, path)).toMatchObject({ status: 404, body: { message: "Route not found" } });
      expect(emulator.ledger.at(-1)).toMatchObject({ operation: "unknown", acted: false });
    }
  });

  test.each(["/users/..", "/users/%2e%2e", "/users/x/../y", "/users/."])(
    "the path %s reaches no object",
    async (path) => {
      const { emulator } = await start();
      // fetch would resolve the dots itself.
      const status = await new Promise((resolve, reject) => {
        httpRequest(emulator.url, {
          method: "DELETE",
          path: `/organizations/${emulator.organizationId}${path}`,
          headers: { authorization: `Bearer ${emulator.apiKey}` },
        })
          .on("response", (response) => resolve(response.resume().statusCode))
          .on("error", reject)
          .end();
      });
      expect(status).toBe(404);
      expect(emulator.ledger[0]).toMatchObject({ operation: "unknown", path: expect.stringContaining(path) });
    },
  );

  test("a query does not matter", async () => {
    const { call } = await start();
    expect((await call("GET", "/users?limit=10")).status).toBe(200);
  });

  test("the content type does not matter", async () => {
    const { emulator } = await start();
    const response = await fetch(`${emulator.url}/organizations/${emulator.organizationId}/users`, {
      method: "POST",
      headers: { authorization: `Bearer ${emulator.apiKey}`, "content-type": "text/plain" },
      body: '{"UserName":"my-user-name"}',
    });
    expect(response.status).toBe(201);
    expect(response.headers.get("content-type")).toContain("application/json");
  });

  test("a body over 1 MiB is refused with 413, and the connection lives on", async () => {
    const { call } = await start();
    const reply = await call("POST", "/users", { Alias: "x".repeat(1024 * 1024) });
    expect(reply.status).toBe(413);
    expect(reply.body.message).toBe("Request body is too large");
    expect((await call("POST", "/users", { Alias: "x".repeat(1024 * 1000) })).status).toBe(201);
  });
});

describe("ledger", () => {
  test("names every operation of the API, what it was about and what came of it", async () => {
    const { call, emulator } = await start();
    const credential = (await call("POST", "/users", {})).body.Id;
    const user = `/users/${credential}`;
    await call("GET", "/users");
    await call("GET", user);
    await call("PATCH", user, { Alias: "a", Settings: { Network: { InboundRules: [] } } });
    await call("PATCH", user, { Settings: { Network: { InboundRules: [] } } });
    await call("POST", `${user}/credential-rotations`);
    await call("POST", `${user}/credential-rotations`, { Password: "passw0rd-1" });
    const key = (await call("POST", `${user}/ssh-public-keys`, { SshPublicKeyBody: sshKey().line })).body.Id;
    await call("GET", `${user}/ssh-public-keys`);
    await call("DELETE", `${user}/ssh-public-keys/${key}`);
    await call("DELETE", user);
    const webhook = (await call("POST", "/webhooks", { Url: "https://a.b", Topics: ["file.created"] })).body
      .Id;
    await call("GET", "/webhooks");
    await call("PATCH", `/webhooks/${webhook}`, { Alias: "w" });
    await call("DELETE", `/webhooks/${webhook}`);
    const share = { Path: "/a/", Permission: "read-only", Type: "share" };
    const link = (await call("POST", "/portal-links", share)).body.Id;
    await call("GET", "/portal-links");
    await call("GET", `/portal-links/${link}`);
    await call("PATCH", `/portal-links/${link}`, { Notes: "n" });
    await call("DELETE", `/portal-links/${link}`);

    expect(
      emulator.ledger.map(({ operation, status, acted, objectId }) => [operation, status, acted, objectId]),
    ).toEqual([
      ["createCredential", 201, true, credential],
      ["listCredentials", 200, false, undefined],
      ["getCredential", 200, false, credential],
      ["updateCredential", 200, true, credential],
      ["updateInboundRules", 200, true, credential],
      ["rotatePassword", 200, true, credential],
      ["setPassword", 200, true, credential],
      ["addSshPublicKey", 201, true, key],
      ["listSshPublicKeys", 200, false, credential],
      ["removeSshPublicKey", 200, true, key],
      ["deleteCredential", 200, true, credential],
      ["createWebhook", 201, true, webhook],
      ["listWebhooks", 200, false, undefined],
      ["updateWebhook", 200, true, webhook],
      ["deleteWebhook", 200, true, webhook],
      ["createShareLink", 201, true, link],
      ["listShareLinks", 200, false, undefined],
      ["getShareLink", 200, false, link],
      ["updateShareLink", 200, true, link],
      ["deleteShareLink", 200, true, link],
    ]);
    expect(emulator.ledger.map((entry) => entry.sequence)).toEqual(
      emulator.ledger.map((_, index) => index + 1),
    );
    expect(new Set(emulator.ledger.map((entry) => entry.operation))).toEqual(new Set(operationNames));
  });

  test("keeps bodies without passwords and authorization headers", async () => {
    const { call, emulator } = await start();
    await call("POST", "/users", { Alias: "a", Password: "my-secret-password" });
    await call("POST", "/users", { Password: "" });
    await call("POST", "/webhooks", {
      AuthorizationHeader: "Bearer my-secret",
      Topics: [{ Password: "my-secret" }],
    });
    await call("POST", "/users", '{"Password": "my-secret');
    await call("GET", "/users");
    expect(emulator.ledger.map((entry) => entry.body)).toEqual([
      { Alias: "a", Password: "[secret]" },
      { Password: "" },
      { AuthorizationHeader: "[secret]", Topics: [{ Password: "[secret]" }] },
      undefined,
      undefined,
    ]);
    expect(JSON.stringify(emulator.ledger)).not.toContain("my-secret");
  });

  test.each(secretNames)("keeps no body's %s, since its kind declares it as secret", async (name) => {
    const { call, emulator } = await start();
    await call("POST", "/webhooks", { [name]: "CANARY", Alias: "Arrivals" });
    expect(emulator.ledger[0]?.body).toEqual({ [name]: "[secret]", Alias: "Arrivals" });
  });

  test("is cleared, and goes on counting", async () => {
    const { call, emulator } = await start({ now: () => 1234 });
    await call("GET", "/users");
    emulator.clearLedger();
    expect(emulator.ledger).toEqual([]);
    await call("GET", "/webhooks");
    expect(emulator.ledger).toEqual([
      {
        sequence: 2,
        at: 1234,
        operation: "listWebhooks",
        method: "GET",
        path: `/organizations/${emulator.organizationId}/webhooks`,
        status: 200,
        acted: false,
      },
    ]);
  });
});

test("a change behind Pulumi's back shows in the next answer", async () => {
  const { call, emulator } = await start();
  const credential = emulator.data.addCredential({ UserName: "my-user-name", Alias: "a" });
  credential.Alias = "changed in the dashboard";
  credential.Password = "n3w-password";
  const { body } = await call("GET", `/users/${credential.Id}`);
  expect(body.Alias).toBe("changed in the dashboard");
  expect(body.URI).toContain("n3w-password@");
  credential.UserName = "another-name";
  expect((await call("POST", "/users", { UserName: "another-name" })).status).toBe(409);
  emulator.data.deleteCredential(credential.Id);
  expect((await call("GET", `/users/${credential.Id}`)).status).toBe(404);
  expect(emulator.ledger).toHaveLength(3);
});

test("latency delays each answer, also when it is changed later", async () => {
  const { call, emulator } = await start({ latencyMs: 60 });
  const took = async () => {
    const begin = performance.now();
    await Promise.all([call("GET", "/users"), call("GET", "/webhooks")]);
    return performance.now() - begin;
  };
  expect(await took()).toBeGreaterThanOrEqual(55);
  emulator.setLatency(120);
  expect(await took()).toBeGreaterThanOrEqual(115);
});

async function freePort(): Promise<number> {
  const server = createServer();
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
