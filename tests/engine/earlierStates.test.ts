/**
 * State files of earlier versions, used by this one. What they hold and who wrote them: tests/fixtures/states. Here are the
 * last before the house was rebuilt, and the newest; tests/lifecycle/earlierStates.small.test.ts has all of them.
 */
import type { Emulator } from "pulumi-sftptogo/emulator";
import { afterEach, describe, expect, it } from "vitest";
import type { StateResource, TestStack } from "#stack";
import { type Chapter, life } from "../fixtures/states/life.mjs";
import { toSource } from "../harness/stage/program.js";
import {
  type EarlierStack,
  type Expected,
  foldersIn,
  newestVersion,
  openEarlierStack,
  storedObjects,
} from "./earlierStates.js";

let earlier: EarlierStack;
afterEach(() => earlier?.[Symbol.asyncDispose]());

it("there are states of earlier versions", () => {
  expect(foldersIn("c89831a").sort()).toEqual(["life", "unfinished", "whole"]);
  for (const version of foldersIn()) expect(foldersIn(version)).toContain("life");
});

it("the newest version's state: what was well stays, what was cut off is finished, all can be changed", async () => {
  earlier = await openEarlierStack(newestVersion(), "life");
  const { stack, emulator } = earlier;
  const { data } = emulator;
  const lost = data.findCredential("lost-partner")?.Id;
  const known = (await resources(stack)).map(({ urn }) => urn.split("::").at(-1));
  const declare = (chapter: Chapter, adopted?: string) => {
    // What its version knew; of the lost one there is no more than that it was on its way.
    const told = life(chapter).filter(({ name }) => name === "lost" || known.includes(name));
    const program = told.map((each) => (each.name === "lost" ? { ...each, import: adopted } : each));
    return stack.writeProgram(`import * as sftptogo from "pulumi-sftptogo";\n${toSource(program)}`);
  };
  await declare("interrupted");
  const { stdout } = await stack.preview();
  // The lost credential; two credentials and a rotation; the key.
  expect(stdout).toMatch(/\+ 1 to create\n +~ 3 to update\n +\+-1 to replace\n/);
  await stack.refresh();
  expect(writes(emulator)).toEqual([]);

  expect((await stack.up([], { fails: true })).all).toContain(`{ import: "${lost}" }`);
  await declare("interrupted", lost);
  await stack.up();
  // Nothing is made or rotated a second time.
  expect(new Set(writes(emulator))).toEqual(
    new Set(["addSshPublicKey", "updateInboundRules", "updateCredential"]),
  );
  await stack.expectNoChanges();

  emulator.clearLedger();
  await declare("changed", lost);
  await stack.up();
  const all = await resources(stack);
  for (const name of ["half", "unruled", "lost"]) {
    const id = all.find(({ urn }) => urn.endsWith(`::${name}`))?.id ?? "";
    const calls = emulator.ledger.filter(({ method, path }) => method !== "GET" && path.includes(id));
    expect(calls.map(({ operation }) => operation)).toEqual(["updateCredential"]);
    expect(data.credentials.get(id)?.Permission).toBe("write-only");
  }
  await stack.destroy();
  expectOnlyRoot(emulator);
});

describe("a state written by the last version before the house was rebuilt", () => {
  const version = "c89831a";

  it("shows no difference, before and after a refresh, and each kind can be updated and destroyed", async () => {
    earlier = await openEarlierStack(version, "whole");
    const { stack, emulator, expected } = earlier;
    const before = structuredClone(storedObjects(emulator.data));
    await stack.preview(["--expect-no-changes"]);
    await stack.refresh();
    await stack.preview(["--expect-no-changes"]);
    expect(writes(emulator)).toEqual([]);
    expect(storedObjects(emulator.data)).toEqual(before);

    // Only one of the webhooks declares its state, so only that one has drifted.
    const webhooks = [...emulator.data.webhooks.values()];
    for (const { Id } of webhooks) emulator.pauseWebhook(Id);
    expect((await stack.preview(["--refresh"])).stdout).toContain("~ 1 to update");
    for (const webhook of webhooks) webhook.State = "enabled";

    stack.env.CHANGED = "true";
    await stack.up();
    await expectSettled(earlier, expected.changed);
    // Triggers and the password to set are changed; the age and what is stored rotate nothing.
    expect(writes(emulator).filter((operation) => /rotate|setPassword/.test(operation))).toHaveLength(2);

    await stack.destroy();
    expectOnlyRoot(emulator);
  });

  it("with unfinished resources says so in a preview, and the next up finishes each without another one", async () => {
    earlier = await openEarlierStack(version, "unfinished");
    const { stack, emulator, expected } = earlier;
    const unfinished = (await resources(stack)).filter(({ outputs }) => outputs.__unfinished === true);
    expect(unfinished.map(({ type }) => type)).toEqual(expect.arrayContaining(kindsThatCanBeUnfinished));
    const { stdout } = await stack.preview();
    expect(stdout).toContain(`~ ${unfinished.length} to update`);
    await stack.refresh();
    expect(writes(emulator)).toEqual([]);

    await stack.up();
    // Nothing is made or rotated a second time.
    expect(writes(emulator).filter((operation) => !operation.startsWith("update"))).toEqual([]);
    await expectSettled(earlier, expected.finished);
    await stack.destroy();
    expectOnlyRoot(emulator);
  });
});

const kindsThatCanBeUnfinished = ["Credential", "Webhook", "ShareLink", "PasswordRotation"].map(
  (kind) => `pulumi-nodejs:dynamic/sftptogo:${kind}`,
);

/** What the service was asked to change, in order. */
function writes({ ledger }: Emulator): string[] {
  return ledger.filter(({ method }) => method !== "GET").map(({ operation }) => operation);
}

interface ShownResource extends StateResource {
  readonly id: string;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** The resources of this package in the state, secrets in plain text. */
async function resources(stack: TestStack): Promise<ShownResource[]> {
  const { stdout } = await stack.expect(["stack", "export", "--show-secrets"]);
  const { deployment } = JSON.parse(stdout, (_, value) => plain(value)) as {
    deployment: { resources: ShownResource[] };
  };
  return deployment.resources.filter(({ type }) => type.includes("sftptogo:"));
}

/** A secret as the engine shows it, an object with its JSON in `plaintext`, turned into its value. */
function plain(value: unknown): unknown {
  const isSecret = typeof value === "object" && value !== null && "plaintext" in value;
  return isSecret ? JSON.parse(String(value.plaintext)) : value;
}

/** There is nothing left to do, and the service holds what the program declares and nothing else. */
async function expectSettled({ stack, emulator }: EarlierStack, expected: Expected = {}): Promise<void> {
  // The refresh brings the passwords of credentials that were rotated into the state.
  await stack.up(["--refresh", "--expect-no-changes"]);
  const stored = new Map(storedObjects(emulator.data).map((object) => [object.Id, object]));
  const all = await resources(stack);
  for (const [name, fields] of Object.entries(expected)) {
    const resource = all.find(({ urn }) => urn.endsWith(`::${name}`));
    expect(stored.get(resource?.id.split("/").at(-1) ?? ""), name).toMatchObject(fields);
  }
  const managed = all.filter(({ type }) => !type.endsWith(":PasswordRotation"));
  const ids = new Set(managed.map(({ id }) => id.split("/").at(-1)));
  expect([...stored.keys()].filter((id) => !ids.has(id) && id !== emulator.data.root.Id)).toEqual([]);
  expectSecretsOfService(all, emulator);
}

/** Each secret in the state is the one that the service goes by. */
function expectSecretsOfService(all: readonly ShownResource[], { data }: Emulator): void {
  for (const { urn, type, id, outputs } of all) {
    const [objectId = ""] = id.split("/");
    switch (type.split(":").at(-1)) {
      case "Credential":
      case "PasswordRotation":
        expectSame(outputs.password, data.credentials.get(objectId)?.Password, urn);
        break;
      case "Webhook":
        expectSame(outputs.secret, data.webhooks.get(objectId)?.Secret, urn);
        break;
      case "ShareLink":
        expectSame(outputs.url, data.shareLinks.get(objectId)?.Url, urn);
        break;
    }
  }
}

/** Compares without showing either. */
function expectSame(inState: unknown, onService: string | undefined, urn: string): void {
  expect(typeof inState === "string" && inState !== "" && inState === onService, urn).toBe(true);
}

function expectOnlyRoot({ data }: Emulator): void {
  expect(storedObjects(data)).toEqual([data.root]);
}
