import { expect, test } from "vitest";
import { start } from "./caller";

const begin = 1739000000000;

/** The body of the reference's example of a create; its times are in milliseconds. */
const example = {
  Path: "/shared-folder/",
  Permission: "read-write",
  ExpiresAt: 1739120350624,
  AccessLimit: 100,
  Password: "SecureP@ss123",
  Notes: "Q1 marketing materials",
  Type: "share",
};
const folder = { Path: "/folder/", Permission: "read-write", Type: "share" };
const file = { Path: "/path/to/file", Permission: "read-only", Type: "share" };

async function startThen(options?: Parameters<typeof start>[0]) {
  const clock = { time: begin };
  return { clock, ...(await start({ now: () => clock.time, ...options })) };
}

test("creates the reference's example", async () => {
  const { emulator, call } = await startThen();
  const { status, body } = await call("POST", "/portal-links", example);
  expect(status).toBe(201);
  expect(body).toEqual({
    ...example,
    AccessCount: 0,
    CreatedAt: begin,
    CreatedBy: expect.objectContaining({ Type: "Account", Email: expect.any(String) }),
    Id: expect.stringMatching(/^[A-Za-z0-9]{13}$/),
    OrganizationId: emulator.organizationId,
    State: "active",
    UpdatedAt: begin,
    Url: `https://portal.sftptogo.com/p/shares/${body.Id}`,
  });
});

test("fills in what is left out: no expiration, no limit, no notes, no password", async () => {
  const { call } = await startThen();
  const { body } = await call("POST", "/portal-links", file);
  expect(body).toMatchObject({ ExpiresAt: null, AccessLimit: 0, Notes: null });
  expect(body).not.toHaveProperty("Password");
});

test("gives the password in the answer to the create that set it, and in no other", async () => {
  const { emulator, call } = await startThen();
  const made = await call("POST", "/portal-links", example);
  expect(made.body.Password).toBe("SecureP@ss123");
  const path = `/portal-links/${made.body.Id}`;
  const changed = await call("PATCH", path, { Password: "N3w-password" });
  for (const reply of [changed, await call("GET", path), await call("GET", "/portal-links")]) {
    expect(reply.text).not.toContain("assword");
  }
  expect(emulator.data.shareLinks.get(made.body.Id)?.Password).toBe("N3w-password");
});

test("shows who made it in two shapes: one in the list, one everywhere else", async () => {
  const { call } = await startThen();
  const made = await call("POST", "/portal-links", folder);
  const path = `/portal-links/${made.body.Id}`;
  const account = { Type: "Account", Id: expect.any(String), Email: "admin@example.com", Name: "Admin User" };
  expect(made.body.CreatedBy).toEqual(account);
  expect((await call("GET", path)).body.CreatedBy).toEqual(account);
  expect((await call("PATCH", path, { Notes: "n" })).body.CreatedBy).toEqual(account);
  expect((await call("GET", "/portal-links")).body[0].CreatedBy).toEqual({
    Type: "Admin",
    Id: expect.any(String),
    PrincipalName: expect.any(String),
    PrincipalId: expect.any(String),
    PrincipalType: "admin",
  });
});

test("updates only what is sent, and null clears expiration and notes", async () => {
  const { call } = await startThen();
  const { Password, ...made } = (await call("POST", "/portal-links", example)).body;
  const path = `/portal-links/${made.Id}`;
  const changes = { Permission: "read-only", AccessLimit: 200, Notes: "Updated Q1 marketing materials" };
  const reply = await call("PATCH", path, changes);
  expect(reply.status).toBe(200);
  expect(reply.body).toEqual({ ...made, ...changes });
  const cleared = { ExpiresAt: null, AccessLimit: 0, Notes: null };
  expect((await call("PATCH", path, cleared)).body).toEqual({ ...made, ...changes, ...cleared });
});

test.each([
  ["a path that does not begin with a slash", { ...folder, Path: "folder/" }],
  ["no path", { Permission: "read-only", Type: "share" }],
  ["no permission", { Path: "/folder/", Type: "share" }],
  ["the credentials' permission full", { ...folder, Permission: "full" }],
  ["a link to a file that is not read-only", { ...file, Permission: "read-write" }],
  ["an expiration in the past", { ...folder, ExpiresAt: begin }],
  ["an expiration in seconds", { ...folder, ExpiresAt: 1739120350 }],
  ["a negative limit", { ...folder, AccessLimit: -1 }],
  ["a limit that is not whole", { ...folder, AccessLimit: 1.5 }],
  ["a password against the policy", { ...folder, Password: "weak" }],
  ["no type", { Path: "/folder/", Permission: "read-only" }],
  ["another type", { ...folder, Type: "request" }],
])("refuses %s", async (_, body) => {
  const { emulator, call } = await startThen();
  const reply = await call("POST", "/portal-links", body);
  expect(reply.status).toBe(400);
  expect(reply.body).toEqual({ id: "bad_request", message: expect.any(String) });
  expect(emulator.data.shareLinks.size).toBe(0);
});

test("refuses an update that would open a file for writing", async () => {
  const { call } = await startThen();
  const { body } = await call("POST", "/portal-links", file);
  expect((await call("PATCH", `/portal-links/${body.Id}`, { Permission: "read-write" })).status).toBe(400);
});

test.each(["read-only", "read-write", "write-only", "read-write-no-delete"])(
  "takes the permission %s for a folder",
  async (Permission) => {
    const { call } = await startThen();
    expect((await call("POST", "/portal-links", { ...folder, Permission })).body.Permission).toBe(Permission);
  },
);

test("turns inactive when it expires", async () => {
  const { call, clock, emulator } = await startThen();
  const { body } = await call("POST", "/portal-links", { ...folder, ExpiresAt: begin + 1000 });
  clock.time += 1000;
  expect((await call("GET", `/portal-links/${body.Id}`)).body.State).toBe("inactive");
  expect(emulator.accessShareLink(body.Id)).toBe(false);
});

test("counts accesses, and is removed at its limit as the reference says", async () => {
  const { call, emulator } = await startThen();
  const { body } = await call("POST", "/portal-links", { ...folder, AccessLimit: 2 });
  expect(emulator.accessShareLink(body.Id)).toBe(true);
  expect((await call("GET", `/portal-links/${body.Id}`)).body.AccessCount).toBe(1);
  expect(emulator.accessShareLink(body.Id)).toBe(true);
  expect((await call("GET", `/portal-links/${body.Id}`)).status).toBe(404);
  expect((await call("GET", "/portal-links")).body).toEqual([]);
  expect(emulator.accessShareLink(body.Id)).toBe(false);
});

test("is deactivated at its limit as the documentation says, where the emulator is told so", async () => {
  const { call, emulator } = await startThen({ atAccessLimit: "deactivate" });
  const { body } = await call("POST", "/portal-links", { ...folder, AccessLimit: 1 });
  expect(emulator.accessShareLink(body.Id)).toBe(true);
  expect(emulator.accessShareLink(body.Id)).toBe(false);
  expect((await call("GET", `/portal-links/${body.Id}`)).body).toMatchObject({
    State: "inactive",
    AccessCount: 1,
  });
});

test("is never used up without a limit", async () => {
  const { emulator, call } = await startThen();
  const { body } = await call("POST", "/portal-links", folder);
  for (let n = 0; n < 10; n += 1) expect(emulator.accessShareLink(body.Id)).toBe(true);
  expect(emulator.data.findShareLink("/folder/")?.AccessCount).toBe(10);
});

test("answers a delete with {}, and is gone", async () => {
  const { call } = await startThen();
  const { body } = await call("POST", "/portal-links", folder);
  const reply = await call("DELETE", `/portal-links/${body.Id}`);
  expect(reply.status).toBe(200);
  expect(reply.body).toEqual({});
  for (const method of ["GET", "PATCH", "DELETE"]) {
    const gone = await call(method, `/portal-links/${body.Id}`, method === "PATCH" ? {} : undefined);
    expect(gone.status).toBe(404);
  }
});
