/** Resources are made without the stack traces of the SDK's promises, and nobody else's are lost. */
import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import * as sftptogo from "../../provider/index";
import type { Kind } from "../../provider/protocol/kinds";
import { mockEngine } from "./program";

type Make = new (name: string, args: object, opts?: pulumi.CustomResourceOptions) => pulumi.CustomResource;
type Format = typeof Error.prepareStackTrace;

/** The program's formatter, as ts-node or source-map-support installs one. */
const format = vi.fn<Format>(
  (error, frames) => `${error}${frames.map((frame) => `\n    at ${frame}`).join("")}`,
);
const original = Error.prepareStackTrace;
beforeEach(async () => {
  await mockEngine();
  format.mockClear();
  Error.prepareStackTrace = format;
});
afterEach(() => {
  vi.unstubAllEnvs();
  Error.prepareStackTrace = original;
});

/** The functions of the SDK that had a stack trace formatted. */
const readers = () => new Set(format.mock.calls.map(([, frames]) => frames[0]?.getFunctionName()));

const classes: Readonly<Record<Kind, Make>> = {
  Credential: sftptogo.Credential as Make,
  SshPublicKey: sftptogo.SshPublicKey as Make,
  Webhook: sftptogo.Webhook as Make,
  ShareLink: sftptogo.ShareLink as Make,
  PasswordRotation: sftptogo.PasswordRotation as Make,
  CredentialRotation: sftptogo.CredentialRotation as Make,
  SshPublicKeySet: sftptogo.SshPublicKeySet as Make,
};

describe.each(Object.entries(classes))("making a %s", (_, Class) => {
  test("formats no stack trace for the SDK's promises, and the one that finds the user's line", () => {
    new Class("acme", { password: "secret", url: "https://hooks.example.com" });
    expect(readers()).toContain("callsites");
    expect(readers()).not.toContain("debuggablePromise");
    expect(Error.prepareStackTrace).toBe(format);
  });

  test("reads one by id without them as well", () => {
    new Class("acme", {}, { id: "some/id" });
    expect(readers()).not.toContain("debuggablePromise");
    expect(Error.prepareStackTrace).toBe(format);
  });

  test("that fails leaves everything as it was, and its error names the user's line", () => {
    const failure = thrownBy(() => new Class("", {}));
    expect(Error.prepareStackTrace).toBe(format);
    expect(failure.message).toContain("Missing resource name");
    expect(failure.stack).toContain("traces.test.ts");
  });
});

test("another package's resource has them, so the tests above can see them", () => {
  class Thing extends pulumi.CustomResource {}
  new Thing("other:index:Thing", "acme");
  expect(readers()).toContain("debuggablePromise");
});

describe("an error of the user's", () => {
  function ofTheUser() {
    return new Error("not so");
  }

  test("has its trace when a transformation throws it", () => {
    const transformation = () => {
      throw ofTheUser();
    };
    const make = () => new sftptogo.Credential("acme", {}, { transformations: [transformation] });
    expect(thrownBy(make).stack).toContain("ofTheUser");
  });

  test("has its trace when a transformation reads it, also after one that made a resource of ours", () => {
    const stacks: (string | undefined)[] = [];
    const transformation = () => {
      new sftptogo.Webhook("inner", { url: "https://hooks.example.com", topics: ["file.created"] });
      stacks.push(ofTheUser().stack);
      return undefined;
    };
    new sftptogo.Credential("acme", {}, { transformations: [transformation] });
    expect(stacks).toEqual([expect.stringContaining("ofTheUser")]);
    expect(readers()).not.toContain("debuggablePromise");
    expect(Error.prepareStackTrace).toBe(format);
  });

  test("has its trace right before and right after", () => {
    const before = ofTheUser();
    new sftptogo.Credential("acme");
    const after = ofTheUser();
    expect(before.stack).toContain("ofTheUser");
    expect(after.stack).toContain("ofTheUser");
  });
});

describe("stays out of the way of", () => {
  test("a formatter that is installed meanwhile", () => {
    const newer: Format = (error) => String(error);
    const transformation = () => {
      Error.prepareStackTrace = newer;
      return undefined;
    };
    new sftptogo.Credential("acme", {}, { transformations: [transformation] });
    expect(Error.prepareStackTrace).toBe(newer);
  });

  test("a program without a formatter", () => {
    Reflect.deleteProperty(Error, "prepareStackTrace");
    new sftptogo.Credential("acme");
    expect("prepareStackTrace" in Error).toBe(false);
  });

  test("a program that has made the formatter read-only", () => {
    Object.defineProperty(Error, "prepareStackTrace", { writable: false });
    try {
      new sftptogo.Credential("acme");
      expect(Error.prepareStackTrace).toBe(format);
    } finally {
      Object.defineProperty(Error, "prepareStackTrace", { writable: true });
    }
  });

  test("whoever looks for promises that never settle", () => {
    vi.stubEnv("PULUMI_DEBUG_PROMISE_LEAKS", "true");
    new sftptogo.Credential("acme");
    expect(readers()).toContain("debuggablePromise");
  });

  test("Node's own source maps", () => {
    process.setSourceMapsEnabled(true);
    try {
      new sftptogo.Credential("acme");
    } finally {
      process.setSourceMapsEnabled(false);
    }
    expect(readers()).toContain("debuggablePromise");
  });
});

function thrownBy(act: () => unknown): Error {
  try {
    act();
  } catch (failure) {
    return failure as Error;
  }
  throw new Error("It did not throw.");
}
