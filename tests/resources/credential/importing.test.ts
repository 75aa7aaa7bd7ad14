import { describe, expect, test } from "vitest";
import { unknownValue } from "../../../provider/protocol/unknowns";
import { allArgumentRules } from "../../../provider/rules/argumentRules";
import type { Plain } from "../../../provider/values/plain";
import { api, withoutNetwork } from "../../api/interceptors";
import { failureOf, organizationId } from "../../api/setup";
import { patchedCredential, rootCredential } from "../../fixtures/reference";
import { noSuch, urn } from "../../lifecycle/fakes";
import {
  allowAll,
  declared,
  id,
  inputs,
  listed,
  one,
  other,
  outputs,
  start,
  whole,
  wireRule,
} from "./example";

withoutNetwork();

describe("the import option", () => {
  test("adopts the credential without a write", async () => {
    const { provider } = start();
    api().get("/users").reply(200, whole);
    const checked = await provider.check({}, declared({ __importId: id }));
    expect(checked.failures).toEqual([]);
    expect(await provider.create({ ...checked.inputs, __provider: "stub" })).toEqual({ id, outs: outputs });
  });

  test("tells policies which credential is the root one", async () => {
    api().get("/users").reply(200, whole);
    const { Id, HomeDirectory } = rootCredential;
    const news = { __importId: Id, homeDirectory: HomeDirectory, state: "active", permission: "full" };
    const { inputs: checked } = await start().provider.check({}, news);
    const rule = allArgumentRules.find((each) => each.id === "login-without-expiry");
    expect(rule?.judge(news, Date.now())).toBe(true);
    expect(rule?.judge({ ...checked }, Date.now())).toBe(false);
  });

  test("brings no default along", async () => {
    api().get("/users").reply(200, whole);
    const news = { __importId: id, __resourceUrn: urn("Credential", "acme") };
    expect(await start().provider.check({}, news)).toEqual({ inputs: { __importId: id }, failures: [] });
  });

  test("keeps the hash of a declared password that is the server's", async () => {
    const { provider } = start();
    api().get("/users").reply(200, whole);
    const { inputs: checked, failures } = await provider.check(
      {},
      declared({ __importId: id, password: "my-secret-password" }),
    );
    expect(failures).toEqual([]);
    const { outs } = await provider.create(checked as Plain);
    expect(outs).toMatchObject({ __passwordHash: expect.any(String) });
  });

  test("is refused in preview with each difference, the password unnamed", async () => {
    api().get("/users").reply(200, whole);
    const { failures } = await start().provider.check(
      {},
      declared({
        __importId: id,
        alias: "Acme",
        password: "CANARY",
        homeDirectory: "acme",
        inboundRules: [{ source: "10.0.0.0/8" }],
      }),
    );
    expect(failures).toEqual([
      {
        property: "",
        reason:
          `import: credential ${id} is not what the program declares: ` +
          'alias is "Test Credential" there; ' +
          "password differs (secret); " +
          'homeDirectory is "/" there; ' +
          `inboundRules is ${JSON.stringify([allowAll])} there. ` +
          "Declare what the service has, import, and change it afterwards",
      },
    ]);
    expect(JSON.stringify(failures)).not.toMatch(/CANARY|Acme|10\.0\.0\.0/);
  });

  test("does not compare an expiration that the API does not show, nor what is unknown", async () => {
    api().get("/users").reply(200, whole);
    const news = declared({ __importId: id, expiration: "2027-06-30", permission: unknownValue });
    expect((await start().provider.check({}, news)).failures).toEqual([]);
  });

  test.each(["", "********", "[hidden]"])(
    "does not compare a password that the API does not show: %j in its place",
    async (Password) => {
      api()
        .get("/users")
        .reply(200, [rootCredential, { ...listed, Password }])
        .get(one)
        .reply(200, { ...listed, Password });
      const news = declared({ __importId: id, password: "CANARY" });
      expect((await start().provider.check({}, news)).failures).toEqual([]);
    },
  );

  test("is refused where there is no such credential", async () => {
    api().get("/users").reply(200, [rootCredential]).get(one).reply(404, { message: "Not found" });
    const { failures } = await start().provider.check({}, declared({ __importId: id }));
    expect(failures).toEqual([noSuch("credential", id)]);
  });

  test("is refused with the reason where a look fails", async () => {
    api().get("/users").reply(403, { message: "Forbidden" });
    const { failures } = await start().provider.check({}, declared({ __importId: id }));
    expect(failures).toEqual([{ property: "", reason: expect.stringMatching(/^import: .*403/) }]);
  });

  test("finishes one that a killed create left without its rules", async () => {
    const { provider } = start();
    const Settings = { Network: { InboundRules: [{ ...wireRule, Source: "203.0.113.7" }] } };
    const rules = [{ ...allowAll, source: "203.0.113.7" }];
    const halfMade = { ...listed, Alias: "Test Credential (unfinished)", State: "inactive" };
    api().get("/users").reply(200, [rootCredential, halfMade]);
    const news = declared({ __importId: id, inboundRules: rules });
    const { inputs: checked, failures } = await provider.check({}, news);
    expect(failures).toEqual([]);
    api()
      .patch(one, { Settings })
      .reply(200, patchedCredential)
      .get("/users")
      .reply(200, [rootCredential, { ...halfMade, Settings }]);
    api().patch(one, { Alias: "Test Credential", State: "active" }).reply(200, patchedCredential);
    api()
      .get("/users")
      .reply(200, [rootCredential, { ...listed, Settings }]);
    const { outs } = await provider.create({ ...checked, __provider: "stub" });
    expect(outs).toMatchObject({ alias: "Test Credential", state: "active", inboundRules: rules });
    expect(outs).not.toHaveProperty("__unfinished");
  });

  test("is dead in a replacement, which must not adopt what it deletes", async () => {
    const { provider } = start();
    const news = declared({ __importId: id });
    const { __provider: _, ...olds } = inputs;
    const { inputs: unchanged } = await provider.check(olds, news);
    await provider.diff(id, outputs, inputs);
    const { inputs: replacing } = await provider.check({}, news);
    expect(unchanged).not.toHaveProperty("__importId");
    expect(replacing).not.toHaveProperty("__importId");
  });

  test("is dead too for what diff has seen, and for what this process has deleted", async () => {
    const { provider, session } = start();
    await provider.diff(id, outputs, inputs);
    session.memory.rememberDeleted("deleted");
    session.memory.rememberIdentity("credential my-user-name");
    for (const __importId of [id, "deleted"]) {
      const { inputs: checked } = await provider.check({}, declared({ __importId }));
      expect(checked).not.toHaveProperty("__importId");
    }
  });

  test("keeps the credential from being deleted by the same process", async () => {
    const { provider, warnings } = start();
    api().get("/users").reply(200, whole);
    await provider.create({ ...inputs, __importId: id });
    await provider.delete(id, outputs);
    expect(warnings).toEqual([
      `credential ${id} was not deleted: another resource of this stack manages it now`,
    ]);
  });

  test("is not what alone keeps it: nor is one deleted that diff has shown as kept, and any other is", async () => {
    const { provider, warnings } = start();
    await provider.diff(id, outputs, inputs);
    await provider.delete(id, outputs);
    expect(warnings).toEqual([
      `credential ${id} was not deleted: another resource of this stack manages it now`,
    ]);
    api().delete(`/users/${other.Id}`).reply(200, other);
    await provider.delete(other.Id, outputs);
    expect(warnings).toHaveLength(1);
  });
});

describe("the root credential", () => {
  const rootId = rootCredential.Id;
  const root = { alias: "Root", permission: "full", __root: true };

  test("is refused by diff what nobody can change of it, also where it is declared for the first time", async () => {
    const olds = { ...outputs, isDefault: true, permission: "full" };
    const error = await failureOf(
      start().provider.diff(rootId, olds, { ...inputs, permission: "read-only" }),
    );
    expect(error.message).toBe(
      `permission cannot be changed for the root credential ${rootId}: declare what the service has, or take it out of ` +
        "the program",
    );
    expect(await start().provider.diff(rootId, olds, { ...inputs, permission: "full" })).toEqual({
      changes: false,
    });
  });

  test("can be imported, and is known as root from then on", async () => {
    api().get("/users").reply(200, whole);
    const news = { alias: "Root", __importId: rootId, __resourceUrn: urn("Credential", "root") };
    const { inputs: checked, failures } = await start().provider.check({}, news);
    expect(failures).toEqual([]);
    expect(checked).toEqual({ alias: "Root", __importId: rootId, __root: true });
    const { inputs: later } = await start().provider.check(checked as Plain, { alias: "Owner" });
    expect(later).toEqual({ alias: "Owner", __root: true });
  });

  test("keeps its permission: a change fails in check", async () => {
    const { failures } = await start().provider.check(root, { alias: "Root", permission: "read-only" });
    expect(failures).toEqual([
      { property: "", reason: "permission cannot be changed for the root credential" },
    ]);
  });

  test.each([
    ["unknown yet", root, unknownValue],
    ["declared for the first time", { alias: "Root", __root: true }, "full"],
  ])("may have a permission that is %s", async (_, olds, permission) => {
    expect((await start().provider.check(olds, { alias: "Root", permission })).failures).toEqual([]);
  });

  test("may change its alias, password and rules", async () => {
    const news = { alias: "Owner", permission: "full", password: "new", inboundRules: [] };
    expect((await start().provider.check(root, news)).failures).toEqual([]);
  });

  test("is left alone by delete, with a warning", async () => {
    const { provider, warnings, session } = start();
    await provider.delete(rootId, { ...outputs, isDefault: true });
    expect(warnings).toEqual([
      `credential ${rootId} is the organization's root credential, which cannot be deleted: ` +
        "it was left as it is, and only removed from the stack",
    ]);
    expect(session.memory.wasDeleted(rootId)).toBe(false);
  });

  test("is looked for before a delete that does not know", async () => {
    api().get("/users").reply(200, whole);
    const { provider, warnings } = start();
    await provider.delete(rootId, { organizationId });
    expect(warnings).toHaveLength(1);
  });

  test("is root still after a drift that refresh writes down", async () => {
    api()
      .get("/users")
      .reply(200, [{ ...rootCredential, Alias: "Owner" }]);
    const olds = { ...outputs, alias: "Root", isDefault: true, __managed: "alias" };
    const { inputs: drifted } = await start().provider.read(rootId, olds);
    expect(drifted).toMatchObject({ alias: "Owner", __root: true });
  });
});
