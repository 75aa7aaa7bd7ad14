import { describe, expect, test } from "vitest";
import { start } from "./caller";

const day = 24 * 60 * 60 * 1000;

/** The body of the reference's example of a create. */
const example = {
  Alias: "Test Credential",
  UserName: "my-user-name",
  Password: "my-secret-password",
  HomeDirectory: "/",
  ChrootDirectory: "/",
  Permission: "read-write",
  State: "active",
};

async function withCredential() {
  const started = await start();
  const { body } = await started.call("POST", "/users", example);
  return { ...started, id: body.Id as string, path: `/users/${body.Id}` };
}

describe("root", () => {
  test("is the one credential of a fresh organization, in the look of the reference's example", async () => {
    const { emulator, call } = await start();
    const { status, body } = await call("GET", "/users");
    expect(status).toBe(200);
    expect(body).toEqual([
      {
        Alias: "Root",
        ChrootDirectory: "/",
        CreatedAt: expect.any(Number),
        HomeDirectory: `/sftptg-prod-us-east-1-${emulator.organizationId}`,
        Host: expect.stringMatching(/^[a-z]+-[a-z]+-\d+\.sftptogo\.com$/),
        Id: expect.stringMatching(/^[0-9a-f]{30}$/),
        UserName: expect.stringMatching(/^.{10,100}$/),
        IsDefault: true,
        OrganizationId: emulator.organizationId,
        Password: expect.any(String),
        PasswordCreatedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        Permission: "full",
        Settings: {
          Network: {
            InboundRules: [
              {
                Action: "allow",
                Description: "Allow all inbound traffic from anywhere",
                Id: expect.any(String),
                Protocol: "SFTP",
                Source: "0.0.0.0/0",
                State: "enabled",
              },
            ],
          },
        },
        SshPublicKeysCount: 0,
        State: "active",
        URI: expect.stringMatching(/^sftp:\/\//),
        UpdatedAt: expect.any(Number),
      },
    ]);
    expect(emulator.data.root.Id).toBe(body[0].Id);
  });

  test("cannot be deleted", async () => {
    const { emulator, call } = await start();
    const reply = await call("DELETE", `/users/${emulator.data.root.Id}`);
    expect(reply.status).toBe(403);
    expect(reply.body).toEqual({ id: "forbidden", message: "Root credentials cannot be deleted" });
    expect(emulator.data.credentials.size).toBe(1);
  });

  test("keeps its permission", async () => {
    const { emulator, call } = await start();
    const path = `/users/${emulator.data.root.Id}`;
    expect((await call("PATCH", path, { Permission: "read-only" })).status).toBe(400);
    expect(emulator.data.root.Permission).toBe("full");
    expect((await call("PATCH", path, { Permission: "full", Alias: "Owner" })).status).toBe(200);
    expect(emulator.data.root.Alias).toBe("Owner");
  });
});

describe("create", () => {
  test("answers the reference's example with 201, its rules, and without PasswordCreatedAt", async () => {
    const { emulator, call } = await start();
    const { status, body } = await call("POST", "/users", example);
    expect(status).toBe(201);
    expect(body).toEqual({
      ...example,
      CreatedAt: expect.any(Number),
      Host: emulator.data.host,
      Id: expect.stringMatching(/^[0-9a-f]{30}$/),
      IsDefault: false,
      OrganizationId: emulator.organizationId,
      SshPublicKeysCount: 0,
      Settings: { Network: { InboundRules: [emulator.data.defaultInboundRule] } },
      URI: `sftp://my-user-name:my-secret-password@${emulator.data.host}`,
      UpdatedAt: body.CreatedAt,
    });
  });

  test("generates a user name and a password where they are blank or left out", async () => {
    const { call } = await start();
    for (const body of [undefined, {}, { UserName: "", Password: "" }, { UserName: null, Password: null }]) {
      const reply = await call("POST", "/users", body);
      expect(reply.status).toBe(201);
      expect(reply.body.UserName).toMatch(/^[A-Za-z0-9_.-]{10,100}$/);
      expectStrongPassword(reply.body.Password);
    }
  });

  test("refuses a user name that is taken", async () => {
    const { emulator, call } = await start();
    await call("POST", "/users", example);
    const reply = await call("POST", "/users", example);
    expect(reply.status).toBe(409);
    expect(reply.body).toEqual({ id: "conflict", message: "UserName is already taken" });
    expect(emulator.data.credentials.size).toBe(2);
  });

  test.each(["short-one", "x".repeat(101), "with a space", "ümlaut-name", "slash/name-1"])(
    "refuses the user name %s",
    async (UserName) => {
      const { call } = await start();
      const reply = await call("POST", "/users", { UserName });
      expect(reply.status).toBe(400);
      expect(reply.body.message).toMatch(/^UserName must be 10 to 100 /);
    },
  );

  test.each(["ten.chars_", "x".repeat(100), "partner+acme@example.com"])(
    "takes the user name %s",
    async (UserName) => {
      const { call } = await start();
      expect((await call("POST", "/users", { UserName })).body.UserName).toBe(UserName);
    },
  );

  test.each([
    ["a permission that is no word of it", { Permission: "admin" }],
    ["a state that is no word of it", { State: "asleep" }],
    ["a password against the policy", { Password: "onlyletters" }],
    ["a password that is too short", { Password: "a1b2c3d" }],
    ["a password that is no text", { Password: 12345678 }],
    ["a body that is no object", [1, 2]],
    ["a body that is no JSON", "{"],
  ])("refuses %s, and makes nothing", async (_, body) => {
    const { emulator, call } = await start();
    const reply = await call("POST", "/users", body);
    expect(reply.status).toBe(400);
    expect(reply.body.message).toEqual(expect.any(String));
    expect(reply.text).not.toMatch(/onlyletters|a1b2c3d|12345678/);
    expect(emulator.data.credentials.size).toBe(1);
  });

  test.each(["none", "read-only", "read-write", "write-only", "full", "read-write-no-delete"])(
    "takes the permission %s",
    async (Permission) => {
      const { call } = await start();
      expect((await call("POST", "/users", { Permission })).body.Permission).toBe(Permission);
    },
  );

  test("ignores fields it does not know, Settings among them", async () => {
    const { call, emulator } = await start();
    const reply = await call("POST", "/users", { Nonsense: 1, Settings: { Network: { InboundRules: [] } } });
    expect(reply.status).toBe(201);
    expect(reply.body).not.toHaveProperty("Nonsense");
    expect(reply.body.Settings.Network.InboundRules).toEqual([emulator.data.defaultInboundRule]);
  });

  test("percent-encodes user name and password in the URI", async () => {
    const { call, emulator } = await start();
    const reply = await call("POST", "/users", { UserName: "me@example.com", Password: "a/b:c@d#1" });
    expect(reply.body.URI).toBe(`sftp://me%40example.com:a%2Fb%3Ac%40d%231@${emulator.data.host}`);
  });
});

describe("home directory", () => {
  test("/test comes back as test, and / as /", async () => {
    const { call, path, emulator, id } = await withCredential();
    expect((await call("PATCH", path, { HomeDirectory: "/test" })).body.HomeDirectory).toBe("test");
    expect((await call("GET", path)).body.HomeDirectory).toBe("test");
    expect(emulator.data.credentials.get(id)?.HomeDirectory).toBe("test");
    expect((await call("PATCH", path, { HomeDirectory: "/" })).body.HomeDirectory).toBe("/");
    expect((await call("POST", "/users", { HomeDirectory: "/sales/eu/" })).body.HomeDirectory).toBe(
      "sales/eu/",
    );
  });

  test("a blank chroot directory is /", async () => {
    const { call, path } = await withCredential();
    expect((await call("PATCH", path, { ChrootDirectory: "/ventas" })).body.ChrootDirectory).toBe("/ventas");
    expect((await call("PATCH", path, { ChrootDirectory: "" })).body.ChrootDirectory).toBe("/");
  });
});

describe("update", () => {
  test("answers with the old alias, and the next read has the new one", async () => {
    const { call, path } = await withCredential();
    const reply = await call("PATCH", path, { Alias: "Test Credential (updated)", Permission: "read-only" });
    expect(reply.status).toBe(200);
    expect(reply.body).toMatchObject({ Alias: "Test Credential", Permission: "read-only" });
    expect((await call("GET", path)).body.Alias).toBe("Test Credential (updated)");
  });

  test("leaves alone what was not sent", async () => {
    const { call, path } = await withCredential();
    const before = (await call("GET", path)).body;
    await call("PATCH", path, { State: "inactive" });
    expect((await call("GET", path)).body).toEqual({
      ...before,
      State: "inactive",
      UpdatedAt: expect.any(Number),
    });
  });

  test("renames the login, but not to a name that is taken or blank", async () => {
    const { call, path, emulator } = await withCredential();
    expect((await call("PATCH", path, { UserName: "my-user-name" })).status).toBe(200);
    expect((await call("PATCH", path, { UserName: "another-name" })).body.UserName).toBe("another-name");
    expect((await call("PATCH", path, { UserName: emulator.data.root.UserName })).status).toBe(409);
    expect((await call("PATCH", path, { UserName: "" })).status).toBe(400);
    expect(emulator.data.findCredential("another-name")).toBeDefined();
    expect((await call("POST", "/users", { UserName: "my-user-name" })).status).toBe(201);
  });

  test("sets a password that the policy allows, and refuses an empty one", async () => {
    const { call, path, emulator, id } = await withCredential();
    expect((await call("PATCH", path, { Password: "" })).status).toBe(400);
    expect((await call("PATCH", path, { Password: "password" })).status).toBe(400);
    expect(emulator.data.credentials.get(id)?.Password).toBe("my-secret-password");
    expect((await call("PATCH", path, { Password: "an0ther-password" })).body.Password).toBe(
      "an0ther-password",
    );
  });
});

describe("reads", () => {
  test("the single one lacks Settings and PasswordCreatedAt, and the list has both", async () => {
    const { call, path, id } = await withCredential();
    const single = (await call("GET", path)).body;
    expect(single).not.toHaveProperty("Settings");
    expect(single).not.toHaveProperty("PasswordCreatedAt");
    const listed = (await call("GET", "/users")).body.find((each: { Id: string }) => each.Id === id);
    expect(listed).toEqual({
      ...single,
      Settings: expect.any(Object),
      PasswordCreatedAt: expect.stringMatching(/Z$/),
    });
  });

  test("the list is in the order of creation", async () => {
    const { call } = await start();
    for (const Alias of ["one", "two", "three"]) await call("POST", "/users", { Alias });
    const aliases = (await call("GET", "/users")).body.map((each: { Alias: string }) => each.Alias);
    expect(aliases).toEqual(["Root", "one", "two", "three"]);
  });

  test("2,000 credentials are made and listed quickly", async () => {
    const { call, emulator } = await start();
    for (let n = 0; n < 2_000; n += 1) emulator.data.addCredential({ UserName: `partner-${n}-login` });
    await call("GET", "/users");
    const begin = performance.now();
    expect((await call("GET", "/users")).body).toHaveLength(2_001);
    expect(performance.now() - begin).toBeLessThan(500);
  });
});

describe("expiration", () => {
  const begin = Date.UTC(2026, 6, 1);

  async function withClock(lateMs?: number) {
    const clock = { time: begin };
    const options = { now: () => clock.time, ...(lateMs !== undefined && { lateMs }) };
    return { clock, ...(await start(options)) };
  }

  test("is accepted, and in no answer", async () => {
    const { call, emulator } = await withClock();
    const made = await call("POST", "/users", { UserName: "my-user-name", Expiration: begin + day });
    expect(made.status).toBe(201);
    const path = `/users/${made.body.Id}`;
    const changed = await call("PATCH", path, { Expiration: begin + 2 * day });
    expect(emulator.data.findCredential("my-user-name")?.Expiration).toBe(begin + 2 * day);
    for (const reply of [made, changed, await call("GET", path), await call("GET", "/users")]) {
      expect(reply.text).not.toContain("Expiration");
    }
  });

  test("must be in the future, in milliseconds, and at most one year ahead", async () => {
    const { call } = await withClock();
    for (const Expiration of [
      begin,
      begin - day,
      (begin + day) / 1000,
      begin + 367 * day,
      "2026-08-01",
      1.5,
    ]) {
      expect((await call("POST", "/users", { Expiration })).status).toBe(400);
    }
    expect((await call("POST", "/users", { Expiration: begin + 365 * day })).status).toBe(201);
  });

  test("turns the credential inactive when it passes, and is cleared", async () => {
    const { call, clock, emulator } = await withClock();
    const { body } = await call("POST", "/users", { Expiration: begin + day });
    clock.time = begin + day - 1;
    expect((await call("GET", `/users/${body.Id}`)).body.State).toBe("active");
    clock.time = begin + day;
    expect((await call("GET", `/users/${body.Id}`)).body.State).toBe("inactive");
    expect(emulator.data.credentials.get(body.Id)).toMatchObject({ State: "inactive", Expiration: null });
  });

  test("is noticed as late as the emulator is told", async () => {
    const { call, clock } = await withClock(5 * 60_000);
    await call("POST", "/users", { Expiration: begin + day });
    clock.time = begin + day + 5 * 60_000 - 1;
    expect((await call("GET", "/users")).body[1].State).toBe("active");
    clock.time += 1;
    expect((await call("GET", "/users")).body[1].State).toBe("inactive");
  });

  test.each([null, 0, ""])("is cleared by the blank %j", async (Expiration) => {
    const { call, emulator } = await withClock();
    const { body } = await call("POST", "/users", { Expiration: begin + day });
    expect((await call("PATCH", `/users/${body.Id}`, { Expiration })).status).toBe(200);
    expect(emulator.data.credentials.get(body.Id)?.Expiration).toBeNull();
  });
});

describe("inbound rules", () => {
  const rules = (...InboundRules: unknown[]) => ({ Settings: { Network: { InboundRules } } });

  test("replace all earlier ones, and are in the answer", async () => {
    const { call, path, emulator, id } = await withCredential();
    const reply = await call(
      "PATCH",
      path,
      rules({ Source: "203.0.113.7" }, { Id: "mine", Source: "2001:db8::/32" }),
    );
    const stored = [
      {
        Id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        Source: "203.0.113.7",
        Protocol: "*",
        State: "enabled",
        Action: "allow",
        Description: null,
      },
      {
        Id: "mine",
        Source: "2001:db8::/32",
        Protocol: "*",
        State: "enabled",
        Action: "allow",
        Description: null,
      },
    ];
    expect(reply.status).toBe(200);
    expect(reply.body.Settings.Network.InboundRules).toEqual(stored);
    expect(reply.body).not.toHaveProperty("PasswordCreatedAt");
    expect(emulator.data.credentials.get(id)?.Settings.Network.InboundRules).toEqual(stored);
    await call("PATCH", path, rules());
    expect((await call("GET", "/users")).body[1].Settings.Network.InboundRules).toEqual([]);
  });

  test("are in the answer to an update of rules only", async () => {
    const { call, path } = await withCredential();
    expect((await call("PATCH", path, { Permission: "full" })).body).not.toHaveProperty("Settings");
  });

  test("go with other changes in one update", async () => {
    const { call, path } = await withCredential();
    const reply = await call("PATCH", path, { State: "inactive", ...rules({ Source: "10.0.0.0/8" }) });
    expect(reply.body).toMatchObject({ State: "inactive", ...rules({ Source: "10.0.0.0/8" }) });
  });

  test.each([
    ["no source", {}],
    ["a source that is a name", { Source: "example.com" }],
    ["a range that is too narrow", { Source: "10.0.0.0/33" }],
    ["an IPv6 range that is too narrow", { Source: "2001:db8::/129" }],
    ["an action other than allow", { Source: "10.0.0.1", Action: "deny" }],
    ["an unknown protocol", { Source: "10.0.0.1", Protocol: "SSH" }],
    ["an unknown state", { Source: "10.0.0.1", State: "on" }],
  ])("with %s are refused", async (_, rule) => {
    const { call, path, emulator } = await withCredential();
    const reply = await call("PATCH", path, { Alias: "not stored", ...rules(rule) });
    expect(reply.status).toBe(400);
    expect(reply.body.message).toMatch(/^Settings\.Network\.InboundRules\.0/);
    expect(emulator.data.findCredential("my-user-name")?.Alias).toBe("Test Credential");
  });
});

describe("passwords", () => {
  test.each([undefined, {}, { Password: "" }, { Password: null }])(
    "a rotation with the body %j generates a strong one, to be read by a GET",
    async (body) => {
      const { call, path, emulator, id } = await withCredential();
      const credential = emulator.data.credentials.get(id);
      if (credential !== undefined) credential.PasswordCreatedAt = "2020-10-26T07:19:26.908Z";
      const reply = await call("POST", `${path}/credential-rotations`, body);
      expect(reply.status).toBe(200);
      expect(reply.body).toEqual({ message: "Password set." });
      const { Password, URI } = (await call("GET", path)).body;
      expectStrongPassword(Password);
      expect(URI).toContain(encodeURIComponent(Password));
      expect((await call("GET", "/users")).body[1].PasswordCreatedAt).not.toBe("2020-10-26T07:19:26.908Z");
      expect(emulator.ledger.filter((entry) => entry.operation === "rotatePassword")).toHaveLength(1);
    },
  );

  test("one can be set", async () => {
    const { call, path } = await withCredential();
    const reply = await call("POST", `${path}/credential-rotations`, {
      Password: "VeryC0mplexP@ssw0rdThatMeetsThe8olicy",
    });
    expect(reply.body).toEqual({ message: "Password set." });
    expect((await call("GET", path)).body.Password).toBe("VeryC0mplexP@ssw0rdThatMeetsThe8olicy");
  });

  test("one against the policy is refused", async () => {
    const { call, path } = await withCredential();
    const reply = await call("POST", `${path}/credential-rotations`, { Password: "weak" });
    expect(reply.status).toBe(400);
    expect(reply.body.message).toBe("Password does not conform to the organization's password policy");
    expect((await call("GET", path)).body.Password).toBe("my-secret-password");
  });
});

describe("delete", () => {
  test("answers with the credential, and then it is gone", async () => {
    const { call, path, id } = await withCredential();
    const before = (await call("GET", path)).body;
    const reply = await call("DELETE", path);
    expect(reply.status).toBe(200);
    expect(reply.body).toEqual(before);
    for (const [method, way] of [
      ["GET", path],
      ["PATCH", path],
      ["DELETE", path],
      ["POST", `${path}/credential-rotations`],
    ] as const) {
      const gone = await call(method, way, method === "GET" ? undefined : {});
      expect(gone.status).toBe(404);
      expect(gone.body).toEqual({ id: "not_found", message: "Credential not found" });
    }
    expect((await call("GET", "/users")).body.map((each: { Id: string }) => each.Id)).not.toContain(id);
  });
});

function expectStrongPassword(password: string): void {
  expect(password.length).toBeGreaterThanOrEqual(12);
  for (const kind of [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/]) expect(password).toMatch(kind);
}
