/**
 * States of earlier versions, used by this one on the small engine: tests/fixtures/states says what they hold. The
 * judge is what the service was asked and what it holds.
 */
import { createRequire, Module } from "node:module";
import { join } from "node:path";
import { afterEach, describe, expect, it, test } from "vitest";
import { kinds } from "../../provider/protocol/kinds";
import { foldersIn } from "../engine/earlierStates";
import { type Chapter, importIds, life } from "../fixtures/states/life.mjs";
import { type EarlierSmallStage, openEarlierSmallStage } from "../harness/stage/earlier";
import type { Declared } from "../harness/stage/program";
import { changesOf, type Report } from "../harness/stage/stage";

const versions = foldersIn();

let stage: EarlierSmallStage;
afterEach(() => stage?.[Symbol.asyncDispose]());

/** The program, without what its version did not know. */
function declared(chapter: Chapter): Declared[] {
  return life(chapter).filter(({ name }) => stage.names.has(name));
}

test("every kind is in the program that the states are written with", () => {
  expect(new Set(life("begun").map(({ kind }) => kind))).toEqual(new Set(kinds));
});

describe.each(versions)("a state written by version %s", (version) => {
  it("goes on: nothing is changed that was well, what was cut off is finished, all can be changed", async () => {
    stage = await openEarlierSmallStage(version, "life");
    const { emulator } = stage;
    const { data } = emulator;
    const before = structuredClone(objects());

    // A preview and a refresh change nothing, and show nothing but what was cut off.
    const interrupted = declared("interrupted");
    const unmade = ["create lost", "create replaced-key", "delete replaced-rotation"];
    const preview = await stage.preview(interrupted);
    expect(failuresOf(preview)).toEqual([]);
    expect(changesOf(preview).sort()).toEqual([...unmade, "update half", "update unread", "update unruled"]);
    expect(failuresOf(await stage.refresh())).toEqual([]);
    // It reads the password. A version that sent all of an update at once had changed all of it.
    const half = data.credentials.get(stage.engine.state.get("half")?.id ?? "");
    const refreshed = await stage.preview(interrupted);
    expect(failuresOf(refreshed)).toEqual([]);
    expect(changesOf(refreshed).sort()).toEqual([
      ...unmade,
      ...(half?.Permission === "read-only" ? [] : ["update half"]),
      "update unruled",
    ]);
    // What somebody changes is drift where it was declared, and only there.
    const [partner, login] = ["partner", "login"].map((name) =>
      data.credentials.get(stage.engine.state.get(name)?.id ?? ""),
    );
    for (const credential of [partner, login]) Object.assign(credential ?? {}, { Permission: "write-only" });
    for (const { Id } of data.webhooks.values()) emulator.pauseWebhook(Id);
    expect(failuresOf(await stage.refresh())).toEqual([]);
    const drifted = changesOf(await stage.preview(interrupted)).filter((each) => !unmade.includes(each));
    expect(drifted).toEqual(expect.arrayContaining(["update partner", "update hook"]));
    for (const name of ["login", "imported-hook"]) expect(drifted).not.toContain(`update ${name}`);
    Object.assign(partner ?? {}, { Permission: "read-write" });
    Object.assign(login ?? {}, { Permission: "full" });
    for (const webhook of data.webhooks.values()) webhook.State = "enabled";
    expect(failuresOf(await stage.refresh())).toEqual([]);
    expect(operations()).toEqual([]);
    expect(objects().map(withoutTime)).toEqual(before.map(withoutTime));

    // What the engine has lost is refused, with the way to take it over.
    const lost = data.findCredential("lost-partner")?.Id;
    const [failure, ...others] = failuresOf(await stage.up(interrupted));
    expect(failure).toContain(`{ import: "${lost}" }`);
    expect(others).toEqual([]);
    const adopting = interrupted.map((each) => (each.name === "lost" ? { ...each, import: lost } : each));
    expect(failuresOf(await stage.up(adopting))).toEqual([]);
    // Nothing is made or rotated a second time.
    expect(new Set(operations())).toEqual(
      new Set(["addSshPublicKey", "updateInboundRules", "updateCredential"]),
    );
    expectService({
      half: { Permission: "read-only", Settings: rules("203.0.113.8"), State: "active" },
      unruled: { Permission: "read-only", Settings: rules("203.0.113.0/24"), State: "active" },
      lost: { Permission: "read-only" },
    });
    await expectSettled(interrupted);

    const changed = declared("changed");
    expect(failuresOf(await stage.up(changed))).toEqual([]);
    expect(operations().sort()).toEqual(
      [
        "addSshPublicKey",
        "removeSshPublicKey",
        "rotatePassword",
        // Of a version that knew pairs: a new password for the second login, which is opened.
        ...(stage.names.has("pair") ? ["rotatePassword", "updateCredential"] : []),
        ...(stage.names.has("keys") ? ["addSshPublicKey", "removeSshPublicKey"] : []),
        "updateShareLink",
        ...Array(2).fill("updateWebhook"),
        // partner, declared, unstored, imported, half, unruled, lost
        ...Array(7).fill("updateCredential"),
      ].sort(),
    );
    expectService({
      partner: { Alias: "Partner, changed", HomeDirectory: "partners/one", Permission: "read-write" },
      declared: { Password: "Changed-Pa55word!" },
      unstored: { Permission: "read-only" },
      imported: { Id: importIds.imported, Permission: "read-only" },
      hook: { Topics: ["file.deleted"], AuthorizationHeader: "Bearer declared-header" },
      "imported-hook": { Id: importIds["imported-hook"], Alias: "Imported, changed" },
      link: { AccessLimit: 5, Password: "Declared-Link-Pa55word!", Notes: "Q1" },
      half: { Permission: "write-only", Settings: rules("203.0.113.8") },
      unruled: { Permission: "write-only", Settings: rules("203.0.113.0/24") },
      lost: { Permission: "write-only" },
    });
    await expectSettled(changed);

    expect(failuresOf(await stage.destroy())).toEqual([]);
    expect(objects()).toEqual([data.root]);
    expect([...stage.engine.state]).toEqual([]);
  });

  it("can be destroyed as it is, and leaves what the engine never knew", async () => {
    stage = await openEarlierSmallStage(version, "life");
    const { data } = stage.emulator;
    const lost = data.findCredential("lost-partner");
    expect(failuresOf(await stage.destroy())).toEqual([]);
    expect(objects()).toEqual([data.root, lost]);
    expect(new Set(operations().map((operation) => operation.replace(/[A-Z].*/, "")))).toEqual(
      new Set(["delete", "remove"]),
    );
  });

  it("finds the package by its own text", async () => {
    stage = await openEarlierSmallStage(version, "life");
    const program = join(__dirname, "../../examples/quickstart/index.js");
    expect(stage.stubs.size).toBe(new Set([...stage.engine.state.values()].map(({ kind }) => kind)).size);
    for (const text of stage.stubs) {
      // As the SDK does.
      const module = new Module(program) as Module & { _compile(code: string, file: string): void };
      module.paths = createRequire(program).resolve.paths("pulumi-sftptogo") ?? [];
      module._compile(text, program);
      expect((module.exports as { handler(): object }).handler()).toMatchObject({
        check: expect.any(Function),
        delete: expect.any(Function),
      });
    }
  });
});

/** The operations that the service was asked for since the last call, reads left out. */
function operations(): string[] {
  return stage.writes().map(({ operation }) => operation);
}

function failuresOf({ failures }: Report): string[] {
  return [...failures].map(([name, { message }]) => `${name}: ${message}`);
}

function objects() {
  const { credentials, sshPublicKeys, webhooks, shareLinks } = stage.emulator.data;
  return [credentials, sshPublicKeys, webhooks, shareLinks].flatMap((map) => [...map.values()]);
}

function withoutTime({ UpdatedAt, ...object }: ReturnType<typeof objects>[number] & { UpdatedAt?: unknown }) {
  return object;
}

function rules(source: string) {
  return { Network: { InboundRules: [{ Source: source }] } };
}

/** The service holds these fields, by the names of the resources. */
function expectService(expected: Readonly<Record<string, object>>): void {
  const byId = new Map(objects().map((object) => [object.Id, object]));
  for (const [name, fields] of Object.entries(expected)) {
    expect(byId.get(stage.engine.state.get(name)?.id ?? ""), name).toMatchObject(fields);
  }
}

/** Nothing is left to do; the service holds what is declared and nothing else; the state holds its secrets. */
async function expectSettled(program: readonly Declared[]): Promise<void> {
  expect(failuresOf(await stage.refresh())).toEqual([]);
  const report = await stage.up(program);
  expect(failuresOf(report)).toEqual([]);
  expect(changesOf(report)).toEqual([]);
  expect(operations()).toEqual([]);

  const { data } = stage.emulator;
  const managed = program.filter(({ kind }) => !kind.endsWith("Rotation")).length;
  expect(objects()).toHaveLength(managed + 1);
  for (const [name, { kind, id, outputs }] of stage.engine.state) {
    const [objectId = ""] = id.split("/");
    const credential = data.credentials.get(objectId);
    if (kind === "Credential" || kind === "PasswordRotation") {
      const isStored = !name.startsWith("unstored");
      expect(outputs.password === (isStored ? credential?.Password : null), name).toBe(true);
    }
    if (kind === "Webhook") {
      // Only answers to writes show it.
      const isUnseen = name === "imported-hook" && (outputs.secret ?? null) === null;
      expect(isUnseen || outputs.secret === data.webhooks.get(id)?.Secret, name).toBe(true);
    }
    if (kind === "ShareLink") expect(outputs.url === data.shareLinks.get(id)?.Url, name).toBe(true);
  }
}
