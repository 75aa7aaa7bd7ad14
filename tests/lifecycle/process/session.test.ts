import { describe, expect, test } from "vitest";
import { SettingsError } from "../../../provider/config/settings";
import { createSession, WrongOrganizationError } from "../../../provider/lifecycle/process/session";
import { api, withoutNetwork } from "../../api/interceptors";
import { apiKey, organizationId, settings } from "../../api/setup";
import { rootCredential } from "../../fixtures/reference";
import { fakeSession } from "../fakes";

withoutNetwork();

const config = { "sftptogo:apiKey": apiKey, "sftptogo:organizationId": organizationId };
const elsewhere = { "sftptogo:baseUrl": "https://gateway.example.com" };

describe("the configuration", () => {
  test("is stored without a word, even where it is unfit; whoever needs it is told", () => {
    const session = createSession({ environment: {} });
    session.configure({});
    expect(() => session.settings).toThrow(SettingsError);
    expect(() => session.client).toThrow(SettingsError);
    expect(() => session.unsharedClient).toThrow(SettingsError);
    session.configure(config);
    expect(session.settings).toMatchObject(settings);
  });

  test("that is given again keeps the client, and with it its lists and places", () => {
    const { session } = fakeSession();
    const { client } = session;
    session.configure({ ...config });
    expect(session.client).toBe(client);
  });

  test("that is another one makes another client", () => {
    const { session } = fakeSession();
    const { client } = session;
    session.configure({ ...config, ...elsewhere });
    expect(session.client).not.toBe(client);
    expect(session.settings.baseUrl).toBe("https://gateway.example.com");
  });
});

describe("the two clients", () => {
  test("share lists, or always ask", async () => {
    const { session } = fakeSession();
    api().get("/users").reply(200, [rootCredential]);
    await Promise.all([session.client.listCredentials(), session.client.listCredentials()]);
    await session.client.listCredentials();
    api().get("/users").reply(200, []);
    expect(await session.unsharedClient.listCredentials()).toEqual([]);
    expect(await session.client.listCredentials()).toEqual([rootCredential]);
  });
});

describe("the first list", () => {
  test("is taken once for each collection, also by many at once", async () => {
    const { session } = fakeSession();
    let taken = 0;
    const list = async () => [++taken];
    const lists = await Promise.all([session.firstList("users", list), session.firstList("users", list)]);
    expect(lists).toEqual([[1], [1]]);
    expect(await session.firstList("users", list)).toEqual([1]);
    expect(await session.firstList("webhooks", list)).toEqual([2]);
  });

  test("that failed is none: the next one looks again", async () => {
    const { session } = fakeSession();
    await expect(session.firstList("users", () => Promise.reject(new Error("down")))).rejects.toThrow("down");
    expect(await session.firstList("users", async () => [1])).toEqual([1]);
  });
});

describe("turns", () => {
  /** Steps that are let go by hand; `log` has their order. */
  function steps() {
    const log: string[] = [];
    const step = (name: string) => async () => {
      log.push(`${name} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      log.push(`${name} ends`);
      return name;
    };
    return { log, step };
  }

  test("of equal identity come one after another", async () => {
    const { session } = fakeSession();
    const { log, step } = steps();
    await Promise.all([session.inTurn("same", step("a")), session.inTurn("same", step("b"))]);
    expect(log).toEqual(["a begins", "a ends", "b begins", "b ends"]);
  });

  test("of different identity run at the same time", async () => {
    const { session } = fakeSession();
    const { log, step } = steps();
    await Promise.all([session.inTurn("one", step("a")), session.inTurn("other", step("b"))]);
    expect(log.slice(0, 2)).toEqual(["a begins", "b begins"]);
  });

  test("go on after one that failed", async () => {
    const { session } = fakeSession();
    const failing = session.inTurn("same", () => Promise.reject(new Error("refused")));
    const next = session.inTurn("same", async () => "b");
    await expect(failing).rejects.toThrow("refused");
    expect(await next).toBe("b");
  });
});

describe("where an object was recorded", () => {
  test("is its organization, and the base URL where it is not the vendor's", () => {
    expect(fakeSession().session.origin()).toEqual({ organizationId });
    expect(fakeSession({ config: elsewhere }).session.origin()).toEqual({
      organizationId,
      __baseUrl: "https://gateway.example.com",
    });
  });

  test("is here, if its base URL is the configured one", () => {
    const vendors = fakeSession().session;
    const gateways = fakeSession({ config: elsewhere }).session;
    expect(vendors.otherBaseUrlOf(vendors.origin())).toBeUndefined();
    expect(gateways.otherBaseUrlOf(gateways.origin())).toBeUndefined();
    expect(vendors.otherBaseUrlOf(gateways.origin())).toBe("https://gateway.example.com");
    expect(gateways.otherBaseUrlOf(vendors.origin())).toBe("https://api.sftptogo.com");
  });

  test("is nowhere else for what was never recorded: an import, or a .get", () => {
    expect(fakeSession({ config: elsewhere }).session.otherBaseUrlOf({})).toBeUndefined();
  });
});

describe("the organization", () => {
  test("is refused where it is another one, with what to set back", () => {
    const { session } = fakeSession();
    const refusal = () => session.assertOrganization({ organizationId: "120ffd28" }, "delete webhook 6b1c");
    expect(refusal).toThrow(WrongOrganizationError);
    expect(refusal).toThrow(
      "Refused to delete webhook 6b1c: it belongs to organization 120ffd28, and the configured one is " +
        `${organizationId}. Set sftptogo:organizationId (or SFTPTOGO_ORGANIZATION_ID) back to 120ffd28, or the ` +
        "resource's option `provider` to what it was.",
    );
  });

  test("is set back where it is set: of an explicit Provider in its arguments", () => {
    const { session } = fakeSession({ config: { "sftptogo:explicit": "true" } });
    expect(() => session.assertOrganization({ organizationId: "120ffd28" }, "read webhook 6b1c")).toThrow(
      "Set the Provider's organizationId back to 120ffd28, or the resource's option `provider` to what it was.",
    );
  });

  test("is fine where it is the same, or not recorded yet", () => {
    const { session } = fakeSession();
    expect(() => session.assertOrganization({ organizationId }, "read")).not.toThrow();
    expect(() => session.assertOrganization({}, "read")).not.toThrow();
  });
});
