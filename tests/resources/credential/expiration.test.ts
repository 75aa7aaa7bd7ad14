import { describe, expect, test } from "vitest";
import type { Plain } from "../../../provider/values/plain";
import { api, withoutNetwork } from "../../api/interceptors";
import { patchedCredential, rootCredential } from "../../fixtures/reference";
import { id, inputs, listed, one, outputs, start } from "./example";

withoutNetwork();

describe("a credential whose declared expiration has passed", () => {
  const now = Date.parse("2027-07-01T00:00:00Z");
  const program: Plain = { ...inputs, expiration: "2027-06-30T00:00:00Z", state: "active" };
  const olds: Plain = {
    ...outputs,
    expiration: "2027-06-30T00:00:00Z",
    __managed: "alias,userName,homeDirectory,permission,expiration,state",
  };
  const expired = { ...listed, State: "inactive", Expiration: null };

  test("and which the service made inactive shows no drift", async () => {
    api().get("/users").reply(200, [rootCredential, expired]);
    const read = await start({ now }).provider.read(id, olds);
    expect(read).toEqual({ id, props: { ...olds, state: "inactive" } });
    expect(await start({ now }).provider.diff(id, read.props as Plain, program)).toEqual({ changes: false });
  });

  test("is not made active again, nor patched with a past date, by an unrelated update", async () => {
    api().patch(one, { Alias: "Acme" }).reply(200, patchedCredential);
    api()
      .get("/users")
      .reply(200, [rootCredential, { ...expired, Alias: "Acme" }]);
    const { provider } = start({ now });
    const before = { ...olds, state: "inactive" };
    const { outs } = await provider.update(id, before, { ...program, alias: "Acme" });
    expect(outs).toMatchObject({ alias: "Acme", state: "inactive" });
    expect(await provider.diff(id, outs as Plain, { ...program, alias: "Acme" })).toEqual({ changes: false });
  });

  test("is made active again by a new time in the program", async () => {
    const news = { ...program, expiration: "2027-12-31T00:00:00Z" };
    const Expiration = Date.parse(news.expiration);
    api().patch(one, { Expiration, State: "active" }).reply(200, patchedCredential);
    api()
      .get("/users")
      .reply(200, [rootCredential, { ...listed, Expiration }]);
    const { outs } = await start({ now }).provider.update(id, { ...olds, state: "inactive" }, news);
    expect(outs).toMatchObject({ expiration: news.expiration, state: "active" });
  });

  test("shows as drift what somebody else changed", async () => {
    api()
      .get("/users")
      .reply(200, [rootCredential, { ...expired, Permission: "full" }]);
    const { inputs: drifted } = await start({ now }).provider.read(id, olds);
    expect(drifted).toMatchObject({ permission: "full", state: "active", expiration: olds.expiration });
  });

  test("is drift before its time: somebody made it inactive", async () => {
    api().get("/users").reply(200, [rootCredential, expired]);
    const { inputs: drifted } = await start().provider.read(id, olds);
    expect(drifted).toMatchObject({ state: "inactive" });
  });
});
