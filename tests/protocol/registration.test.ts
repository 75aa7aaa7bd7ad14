import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, test } from "vitest";
import {
  deleteFirst,
  isKind,
  registeredInputs,
  registeredOptions,
  type Shape,
} from "../../provider/protocol/registration";
import { stub } from "../../provider/protocol/stub";
import { mockEngine, resolved } from "./program";

const shape: Shape = {
  kind: "Webhook",
  names: ["url", "authorizationHeader", "secret"],
  composed: ["topics"],
  secrets: ["authorizationHeader", "secret"],
};
const type = "pulumi-nodejs:dynamic/sftptogo:Webhook";

beforeEach(async () => {
  await mockEngine();
});

describe("the registered inputs", () => {
  test("are the program's, the stub and the name, with each output declared", () => {
    expect(
      registeredInputs(shape, "arrivals", { url: "https://hooks.example.com" }, undefined),
    ).toStrictEqual({
      url: "https://hooks.example.com",
      authorizationHeader: undefined,
      secret: undefined,
      __provider: stub("Webhook"),
      __resourceUrn: `urn:pulumi:dev::shop::${type}::arrivals`,
    });
  });

  test("may lack all arguments", () => {
    expect(registeredInputs(shape, "arrivals", undefined, undefined)).toMatchObject({
      __provider: stub("Webhook"),
    });
  });

  test.each([
    ["plain", "Bearer x"],
    ["an output", pulumi.output("Bearer x")],
    ["a promise", Promise.resolve("Bearer x")],
    ["secret already", pulumi.secret("Bearer x")],
  ])("mark a secret that is %s", async (_, authorizationHeader) => {
    const inputs = registeredInputs(shape, "arrivals", { url: "u", authorizationHeader }, undefined);
    expect(await pulumi.isSecret(inputs.authorizationHeader)).toBe(true);
    expect(await resolved(inputs.authorizationHeader)).toBe("Bearer x");
  });

  test.each([null, undefined])(
    "leave a secret that is %j plain, so that check sees it",
    (authorizationHeader) => {
      const inputs = registeredInputs(shape, "arrivals", { authorizationHeader }, undefined);
      expect(inputs.authorizationHeader).toBe(authorizationHeader);
    },
  );

  test("have the id of the import option", () => {
    expect(registeredInputs(shape, "arrivals", {}, { import: "abc" })).toMatchObject({ __importId: "abc" });
  });

  test("of a get have neither name nor import, or its read would differ from what is recorded", () => {
    const inputs = registeredInputs(shape, "arrivals", undefined, { id: "abc" });
    expect(Object.keys(inputs).filter((key) => inputs[key] !== undefined)).toEqual(["__provider"]);
  });

  test("have the name with the types of all parents, without waiting for any of them", () => {
    class Partner extends pulumi.ComponentResource {
      constructor(name: string, parent?: pulumi.Resource) {
        super("acme:Partner", name, {}, parent ? { parent } : {});
      }
    }
    const parent = new Partner("inner", new Partner("outer"));
    expect(registeredInputs(shape, "arrivals", {}, { parent }).__resourceUrn).toBe(
      `urn:pulumi:dev::shop::acme:Partner$acme:Partner$${type}::arrivals`,
    );
  });
});

describe("the registered options", () => {
  test("keep the program's, without import, and mark the secret outputs", () => {
    const opts: pulumi.CustomResourceOptions = { import: "abc", protect: true };
    expect(registeredOptions(shape, opts, deleteFirst)).toEqual({
      protect: true,
      deleteBeforeReplace: true,
      additionalSecretOutputs: ["authorizationHeader", "secret"],
    });
    expect(opts).toEqual({ import: "abc", protect: true });
  });

  test("add the program's secret outputs to ours", () => {
    const { additionalSecretOutputs } = registeredOptions(shape, { additionalSecretOutputs: ["url"] });
    expect(additionalSecretOutputs).toEqual(["authorizationHeader", "secret", "url"]);
  });

  test("delete first unless the program says otherwise", () => {
    expect(registeredOptions(shape, { deleteBeforeReplace: false }, deleteFirst)).toMatchObject({
      deleteBeforeReplace: false,
    });
    expect(registeredOptions(shape, undefined)).not.toHaveProperty("deleteBeforeReplace");
  });
});

describe("a value is of a kind", () => {
  class Anything extends pulumi.CustomResource {}
  const resource = (of: string) => new Anything(of, "x");

  test("by its type token, whatever copy of the package made it", () => {
    expect(isKind("Webhook", resource(type))).toBe(true);
    expect(isKind("Webhook", resource("pulumi-nodejs:dynamic/sftptogo:Credential"))).toBe(false);
    expect(isKind("Webhook", resource("aws:s3/bucket:Bucket"))).toBe(false);
  });

  test("by that alone, as a policy asks of it", () => {
    expect(isKind("Webhook", { __pulumiType: type })).toBe(true);
  });

  test.each([undefined, null, "x", 7, {}, { __pulumiType: "x" }])("not %j", (value) => {
    expect(isKind("Webhook", value)).toBe(false);
  });
});
