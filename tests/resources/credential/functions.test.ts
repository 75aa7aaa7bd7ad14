import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { withoutNetwork } from "../../api/interceptors";
import { failureOf } from "../../api/setup";
import { createdCredential, rootCredential, singleCredential } from "../../fixtures/reference";
import { api, inStack, sftptogo } from "../../functions/program";
import { resolved } from "../../protocol/program";

withoutNetwork();
inStack();

const whole = [rootCredential, createdCredential];
const root = {
  id: "4ddb2ea265b8eaf7685b4e125a1292",
  alias: "Root",
  userName: "user-name",
  host: "warm-soda-25793.sftptogo.com",
  homeDirectory: "/sftptg-prod-us-east-1-72e9cf24-be8c-4f15-9aa2-813281fb98fe",
  chrootDirectory: "/",
  permission: "full",
  state: "active",
  inboundRules: [
    {
      source: "0.0.0.0/0",
      protocol: "SFTP",
      state: "enabled",
      action: "allow",
      description: "Allow all inbound traffic from anywhere",
      id: "c1d91788-e46f-45a0-9c7b-386e90db000a",
    },
  ],
  isDefault: true,
  organizationId: "72e9cf24-be8c-4f15-9aa2-813281fb98fe",
  passwordCreatedAt: "2020-10-26T07:19:26.908Z",
  sshPublicKeysCount: 1,
  createdAt: 1565537159609,
  updatedAt: 1605642318015,
};
const secrets = {
  password: "my-secret-password",
  uri: "sftp://user-name:my-secret-password@warm-soda-25793.sftptogo.com",
};

describe("getCredential", () => {
  test.each([{ id: rootCredential.Id }, { userName: "user-name" }, { alias: "Root" }])(
    "finds by %j, and leaves secrets out",
    async (args) => {
      api().get("/users").reply(200, whole);
      expect(await sftptogo.getCredential(args)).toStrictEqual(root);
    },
  );

  test("includes secrets where it is asked to", async () => {
    api().get("/users").reply(200, whole);
    const found = await sftptogo.getCredential({ alias: "Root" }, { includeSecrets: true });
    expect(found).toStrictEqual({ ...root, ...secrets });
  });

  test.each([
    ["left out", undefined],
    ["blank", ""],
    ["masked", "********"],
  ])("reads the password by id where the list has it %s", async (_, Password) => {
    const listed = { ...rootCredential, Password, URI: "sftp://user-name@warm-soda-25793.sftptogo.com" };
    api().get("/users").reply(200, [listed]).get(`/users/${root.id}`).reply(200, rootCredential);
    const found = await sftptogo.getCredential({ alias: "Root" }, { includeSecrets: true });
    expect(found).toStrictEqual({ ...root, ...secrets });
  });

  test("reads no password by id unless secrets are wanted", async () => {
    api()
      .get("/users")
      .reply(200, [{ ...rootCredential, Password: "" }]);
    expect(await sftptogo.getCredential({ alias: "Root" })).toStrictEqual(root);
  });

  test("shows no password, and no address, where the service shows none", async () => {
    const silent = { ...rootCredential, Password: "********", URI: "sftp://user-name:********@warm-soda" };
    api().get("/users").reply(200, [silent]).get(`/users/${root.id}`).reply(200, silent);
    const found = await sftptogo.getCredential({ id: root.id }, { includeSecrets: true });
    expect(found).toStrictEqual(root);
  });

  test("reads by id what the list lacks", async () => {
    api().get("/users").reply(200, [rootCredential]);
    api().get(`/users/${singleCredential.Id}`).reply(200, singleCredential);
    expect(await sftptogo.getCredential({ id: singleCredential.Id })).toMatchObject({
      id: singleCredential.Id,
      inboundRules: [],
      passwordCreatedAt: null,
    });
  });

  test("shows an expiration where the API does", async () => {
    api()
      .get("/users")
      .reply(200, [{ ...rootCredential, Expiration: 1814313600000 }]);
    expect(await sftptogo.getCredential({ alias: "Root" })).toMatchObject({ expiration: 1814313600000 });
  });

  test("that finds none by id is an error", async () => {
    api().get("/users").reply(200, whole).get("/users/nobody").reply(404, { message: "Not found" });
    const error = await failureOf(sftptogo.getCredential({ id: "nobody" }));
    expect(error).toMatchObject({ name: "NotFoundError", status: 404 });
    expect(error.message).toContain("read credential nobody");
  });

  test.each([
    [
      { userName: "nobody" },
      'Could not find a credential with the userName "nobody". The organization has none.',
    ],
    [{ alias: "Nobody" }, 'Could not find a credential with the alias "Nobody". The organization has none.'],
    [{ alias: "root" }, 'Could not find a credential with the alias "root". The organization has none.'],
  ])("that finds none by %j is an error", async (args, message) => {
    api().get("/users").reply(200, whole);
    const error = await failureOf(sftptogo.getCredential(args));
    expect(error.message).toBe(message);
    expect(sftptogo.NotFoundError.isInstance(error)).toBe(true);
  });

  test("that finds several by alias is an error with their ids, and without their secrets", async () => {
    api()
      .get("/users")
      .reply(200, [...whole, { ...rootCredential, Id: "another" }]);
    const error = await failureOf(sftptogo.getCredential({ alias: "Root" }));
    expect(error.message).toBe(
      'There are 2 credentials with the alias "Root" (ids 4ddb2ea265b8eaf7685b4e125a1292, another): ' +
        "ask for one by id.",
    );
  });

  test.each([undefined, {}, { id: undefined }, { id: 7 }, { name: "Root" }, { id: "x", alias: "Root" }])(
    "takes exactly one of its arguments: %j",
    async (args) => {
      const error = await failureOf(sftptogo.getCredential(args as never));
      expect(error.message).toBe("getCredential takes exactly one of { id }, { userName } and { alias }.");
    },
  );
});

describe("getCredentialOutput", () => {
  test("has secrets, and is secret", async () => {
    api().get("/users").reply(200, whole);
    const found = sftptogo.getCredentialOutput({ alias: pulumi.output("Root") });
    expect(await resolved(found)).toStrictEqual({ ...root, ...secrets });
    expect(await pulumi.isSecret(found)).toBe(true);
  });

  test("without secrets is none", async () => {
    api().get("/users").reply(200, whole);
    const found = sftptogo.getCredentialOutput({ alias: "Root" }, { includeSecrets: false });
    expect(await resolved(found)).toStrictEqual(root);
    expect(await pulumi.isSecret(found)).toBe(false);
  });
});

describe("getCredentials", () => {
  test("gives all, root included, and leaves secrets out", async () => {
    api().get("/users").reply(200, whole);
    const found = await sftptogo.getCredentials();
    expect(found.map(({ id }) => id)).toEqual([rootCredential.Id, createdCredential.Id]);
    expect(found[0]).toStrictEqual(root);
    expect(JSON.stringify(found)).not.toContain("my-secret-password");
  });

  test("includes secrets where it is asked to", async () => {
    api().get("/users").reply(200, [rootCredential]);
    expect(await sftptogo.getCredentials({ includeSecrets: true })).toStrictEqual([{ ...root, ...secrets }]);
  });

  test.each(["soon", "2026-13-45T00:00:00Z", "+275761-01-01T00:00:00Z", 1.8e18, -1, ""])(
    "is not stopped by one whose PasswordCreatedAt is %j",
    async (PasswordCreatedAt) => {
      api()
        .get("/users")
        .reply(200, [{ ...createdCredential, PasswordCreatedAt }, rootCredential]);
      const found = await sftptogo.getCredentials();
      expect(found.map(({ id }) => id)).toEqual([createdCredential.Id, rootCredential.Id]);
      expect(found[1]).toStrictEqual(root);
    },
  );

  test("has an Output form with secrets, which is secret, and one without, which is not", async () => {
    api().get("/users").reply(200, [rootCredential]);
    const secret = sftptogo.getCredentialsOutput();
    expect(await resolved(secret)).toStrictEqual([{ ...root, ...secrets }]);
    expect(await pulumi.isSecret(secret)).toBe(true);
    const plain = sftptogo.getCredentialsOutput({ includeSecrets: false });
    expect(await resolved(plain)).toStrictEqual([root]);
    expect(await pulumi.isSecret(plain)).toBe(false);
  });
});
