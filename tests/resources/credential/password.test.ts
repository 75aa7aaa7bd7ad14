import { describe, expect, test } from "vitest";
import type { Handlers } from "../../../provider/protocol/handlers";
import { unknownValue } from "../../../provider/protocol/unknowns";
import type { Plain } from "../../../provider/values/plain";
import { api, withoutNetwork } from "../../api/interceptors";
import { failureOf } from "../../api/setup";
import { createdCredential, patchedCredential, rootCredential } from "../../fixtures/reference";
import { body, id, inputs, listed, one, outputs, start, whole } from "./example";

withoutNetwork();

describe("a declared password", () => {
  const program = { ...inputs, password: "my-secret-password" };

  async function created(provider: Handlers): Promise<Plain> {
    api()
      .get("/users")
      .reply(200, [rootCredential])
      .post("/users", { ...body, Password: "my-secret-password" })
      .reply(201, createdCredential);
    const { outs } = await provider.create(program);
    return outs as Plain;
  }

  test("is sent, and a salted hash of it is kept", async () => {
    const outs = await created(start().provider);
    expect(outs).toEqual({
      ...outputs,
      __managed: "alias,userName,password,homeDirectory,permission",
      __passwordHash: expect.stringMatching(/^[\w-]{12}:[\w-]{22}$/),
    });
    expect(await start().provider.diff(id, outs, program)).toEqual({ changes: false });
  });

  test.each([
    ["is a change where the program's differs", "another", true],
    ["is a change where it is not known", unknownValue, true],
    ["is no change where it is taken out", undefined, false],
  ])("%s", async (_, password, changes) => {
    const outs = await created(start().provider);
    expect(await start().provider.diff(id, outs, { ...program, password })).toEqual({ changes });
  });

  test("does not undo a rotation", async () => {
    const outs = await created(start().provider);
    const rotated = { ...listed, Password: "rotated", PasswordCreatedAt: "2026-06-01T00:00:00.000Z" };
    api().get("/users").reply(200, [rootCredential, rotated]);
    const read = await start().provider.read(id, outs);
    expect(read).toEqual({
      id,
      props: { ...outs, password: "rotated", passwordCreatedAt: "2026-06-01T00:00:00.000Z" },
    });
    expect(await start().provider.diff(id, read.props as Plain, program)).toEqual({ changes: false });

    // Nor does an unrelated update.
    const renamed = { ...rotated, Alias: "Acme" };
    api().patch(one, { Alias: "Acme" }).reply(200, patchedCredential);
    api().get("/users").reply(200, [rootCredential, renamed]);
    const { outs: updated } = await start().provider.update(id, read.props as Plain, {
      ...program,
      alias: "Acme",
    });
    expect(updated).toMatchObject({ password: "rotated", __passwordHash: outs.__passwordHash });
  });

  test("is sent when it changes in the program, and alone", async () => {
    const outs = await created(start().provider);
    api().patch(one, { Password: "another" }).reply(200, patchedCredential);
    const changed = { ...listed, Password: "another", PasswordCreatedAt: "2026-07-01T12:00:00.000Z" };
    api().get("/users").reply(200, [rootCredential, changed]);
    const news = { ...program, password: "another" };
    const { outs: updated } = await start().provider.update(id, outs, news);
    expect(updated).toMatchObject({ password: "another", passwordCreatedAt: changed.PasswordCreatedAt });
    expect((updated as Plain).__passwordHash).not.toBe(outs.__passwordHash);
    expect(await start().provider.diff(id, updated as Plain, news)).toEqual({ changes: false });
  });

  test("that the server does not show after all fails without naming it", async () => {
    const outs = await created(start().provider);
    api().patch(one, { Password: "CANARY" }).reply(200, patchedCredential);
    api().get("/users").times(5).reply(200, whole);
    const error = await failureOf(start().provider.update(id, outs, { ...program, password: "CANARY" }));
    expect(error.message).toContain(
      `The service answered that password of credential ${id} was set, but does not show what the program declares`,
    );
    expect(error.message).not.toMatch(/CANARY|my-secret-password/);
  });

  test.each(["", "********", "[hidden]"])(
    "of which an answer shows %j only is taken as set, and kept",
    async (Password) => {
      const outs = await created(start().provider);
      const blank = { ...listed, Password };
      api().patch(one, { Password: "another" }).reply(200, patchedCredential);
      api().get("/users").reply(200, [rootCredential, blank]).get(one).reply(200, blank);
      const news = { ...program, password: "another" };
      const { outs: updated } = await start().provider.update(id, outs, news);
      expect(updated).toMatchObject({ password: "another" });
      expect(await start().provider.diff(id, updated as Plain, news)).toEqual({ changes: false });

      // Nor does a later read overwrite what is known.
      api().get("/users").reply(200, [rootCredential, blank]).get(one).reply(200, blank);
      const read = await start().provider.read(id, updated as Plain);
      expect(read).toEqual({ id, props: updated });
    },
  );

  test.each([
    ["Password is too weak.", "Password is too weak."],
    ["Password CANARY is too weak.", "[not shown: it may repeat a secret]"],
  ])(
    "that breaks the policy fails with the API's words, unless they repeat it: %s",
    async (message, words) => {
      const outs = await created(start().provider);
      api().patch(one).reply(422, { message });
      const error = await failureOf(start().provider.update(id, outs, { ...program, password: "CANARY" }));
      expect(error.message).toContain(words);
      expect(error.message).not.toContain("CANARY");
    },
  );

  test("leaves no hash behind when it is taken out", async () => {
    const outs = await created(start().provider);
    api().get("/users").reply(200, whole);
    const { outs: updated } = await start().provider.update(id, outs, inputs);
    expect(updated).toEqual(outputs);
  });
});
