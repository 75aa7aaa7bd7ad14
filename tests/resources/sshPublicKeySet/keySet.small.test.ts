/** A set of keys on the small engine, judged by the emulator's data and by the requests in its ledger. */
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import type { Fault } from "../../../provider/emulator/index.js";
import { fingerprintOf } from "../../../provider/resources/shared/sshKeys.js";
import type { Plain } from "../../../provider/values/plain.js";
import { loadProduct } from "../../harness/stage/product.js";
import type { Declared, Program } from "../../harness/stage/program.js";
import { openSmallStage, type SmallStage } from "../../harness/stage/small.js";
import { changesOf, type Report } from "../../harness/stage/stage.js";
import { ecdsa, ed25519, rsa } from "../shared/keys.js";

const day = 86_400_000;

let stage: SmallStage;
let credentialId: string;
let heard: string[];

beforeEach(async () => {
  heard = [];
  stage = await openSmallStage({
    product: await loadProduct(),
    heard: (text, sink) => heard.push(`${sink}: ${text}`),
  });
  onTestFinished(() => stage[Symbol.asyncDispose]());
  credentialId = stage.emulator.data.addCredential({ UserName: "acme-incoming" }).Id;
});

function set(sshPublicKeyBodies: unknown, more: Plain = {}, options: Partial<Declared> = {}): Declared {
  const args = { credentialId, sshPublicKeyBodies, ...more };
  return { name: "keys", kind: "SshPublicKeySet", args, ...options };
}

/** Adds a key as somebody else does, in the dashboard. */
function addElsewhere(body: string, of = credentialId) {
  const Fingerprint = fingerprintOf(body) ?? "";
  const [, , Comment = ""] = body.split(" ");
  return stage.emulator.data.addSshPublicKey({
    UserId: of,
    SshPublicKeyBody: body,
    Comment,
    Fingerprint,
    Type: "ed25519",
  });
}

function removeElsewhere(body: string): void {
  const { sshPublicKeys } = stage.emulator.data;
  for (const [id, key] of sshPublicKeys) if (key.SshPublicKeyBody === body) sshPublicKeys.delete(id);
}

/** The bodies on the server, sorted: of several credentials, all of them. */
function onServer(): string[] {
  return [...stage.emulator.data.sshPublicKeys.values()]
    .map(({ SshPublicKeyBody }) => SshPublicKeyBody)
    .sort();
}

function sorted(...bodies: string[]): string[] {
  return bodies.sort();
}

async function done(command: Promise<Report>): Promise<Report> {
  const report = await command;
  expect([...report.failures].map(([name, { message }]) => `${name}: ${message}`)).toEqual([]);
  return report;
}

function failuresOf({ failures }: Report): string[] {
  return [...failures].map(([name, { message }]) => `${name}: ${message}`);
}

/** What was asked of the service, in order, from the last call on. */
function asked(): string[] {
  const operations = stage.emulator.ledger.map(({ operation }) => operation);
  stage.emulator.clearLedger();
  return operations;
}

async function outputs(name = "keys"): Promise<Plain> {
  return (await stage.state()).get(name)?.outputs ?? {};
}

function later(days: number): Promise<void> {
  return stage.clock.sleep(days * day);
}

/** Nothing is left to do, by whatever is asked. */
async function expectSettled(program: Program): Promise<void> {
  for (const command of ["up", "refresh", "preview"] as const) {
    stage.emulator.clearLedger();
    const report = await done(command === "refresh" ? stage.refresh() : stage[command](program));
    expect(changesOf(report), command).toEqual([]);
    expect(stage.writes(), command).toEqual([]);
  }
}

describe("the keys of a credential", () => {
  test("are added with one list for all of them, which check has asked for already", async () => {
    await done(stage.up([set([ed25519, rsa])]));
    expect(asked()).toEqual(["listSshPublicKeys", "addSshPublicKey", "addSshPublicKey"]);
    expect(onServer()).toEqual(sorted(ed25519, rsa));
    expect(await outputs()).toMatchObject({
      credentialId,
      sshPublicKeyBodies: [ed25519, rsa],
      fingerprints: [fingerprintOf(ed25519), fingerprintOf(rsa)],
      outgoing: [],
      organizationId: stage.emulator.organizationId,
    });
    await expectSettled([set([ed25519, rsa])]);
  });

  test("are changed with one list: added first, then removed", async () => {
    await done(stage.up([set([ed25519])]));
    asked();
    expect(changesOf(await done(stage.up([set([rsa, ecdsa])])))).toEqual(["update keys"]);
    expect(asked().filter((each) => each !== "listCredentials")).toEqual([
      "listSshPublicKeys",
      "addSshPublicKey",
      "addSshPublicKey",
      "removeSshPublicKey",
    ]);
    expect(onServer()).toEqual(sorted(rsa, ecdsa));
    await expectSettled([set([rsa, ecdsa])]);
  });

  test("are read with one list", async () => {
    await done(stage.up([set([ed25519, rsa])]));
    asked();
    await done(stage.refresh());
    expect(asked()).toEqual(["listSshPublicKeys"]);
  });

  test("are the same in another order and with other comments", async () => {
    await done(stage.up([set([ed25519, rsa])]));
    const other = [`  ${rsa} from 2027\n`, ed25519.split(" ").slice(0, 2).join(" ")];
    expect(changesOf(await done(stage.preview([set(other)])))).toEqual([]);
    await expectSettled([set(other)]);
  });

  test("are removed with the set", async () => {
    await done(stage.up([set([ed25519, rsa])]));
    asked();
    await done(stage.destroy());
    expect(asked()).toEqual(["listSshPublicKeys", "removeSshPublicKey", "removeSshPublicKey"]);
    expect(onServer()).toEqual([]);
  });

  test("move to another credential, whose keys they become first", async () => {
    const other = stage.emulator.data.addCredential({ UserName: "other" }).Id;
    await done(stage.up([set([ed25519])]));
    asked();
    const moved = set([ed25519], { credentialId: other });
    expect(changesOf(await done(stage.up([moved])))).toEqual(["create keys", "delete keys"]);
    expect(stage.writes().map(({ operation }) => operation)).toEqual([
      "addSshPublicKey",
      "removeSshPublicKey",
    ]);
    expect([...stage.emulator.data.sshPublicKeys.values()]).toMatchObject([{ UserId: other }]);
    await expectSettled([moved]);
  });

  test("are gone with their credential, and made again with it", async () => {
    await done(stage.up([set([ed25519])]));
    stage.emulator.data.deleteCredential(credentialId);
    expect(changesOf(await done(stage.refresh()))).toEqual(["delete keys"]);
    expect(failuresOf(await stage.up([set([ed25519])]))).toEqual([expect.stringContaining("HTTP 404")]);
  });

  test("are gone at a destroy after their credential", async () => {
    await done(stage.up([set([ed25519])]));
    stage.emulator.data.deleteCredential(credentialId);
    await done(stage.destroy());
    expect((await stage.state()).size).toBe(0);
  });
});

describe("an empty set", () => {
  test("removes every key if [] is written out, and says so in preview", async () => {
    await done(stage.up([set([ed25519, rsa])]));
    await done(stage.preview([set([])]));
    expect(heard.join("\n")).toContain(
      "sshPublicKeyBodies is empty now: every key of the credential is removed",
    );
    await done(stage.up([set([])]));
    expect(onServer()).toEqual([]);
    await expectSettled([set([])]);
  });

  test.each<[string, unknown, string]>([
    ["left out", undefined, "sshPublicKeyBodies is required"],
    ["null", null, "sshPublicKeyBodies is required"],
    ["a list of an undefined output", [null], "sshPublicKeyBodies[0] must be a string"],
  ])("is refused if the list is %s, and no key is removed", async (_, bodies, why) => {
    await done(stage.up([set([ed25519])]));
    for (const command of ["preview", "up"] as const) {
      expect(failuresOf(await stage[command]([set(bodies)]))).toEqual([expect.stringContaining(why)]);
    }
    expect(onServer()).toEqual([ed25519]);
  });
});

describe("drift", () => {
  test("a key that was added elsewhere goes with the next up", async () => {
    await done(stage.up([set([ed25519], { overlapDays: 7 })]));
    addElsewhere(rsa);
    expect(changesOf(await done(stage.refresh()))).toEqual(["update keys"]);
    expect(changesOf(await done(stage.preview([set([ed25519], { overlapDays: 7 })])))).toEqual([
      "update keys",
    ]);
    await done(stage.up([set([ed25519], { overlapDays: 7 })]));
    expect(onServer()).toEqual([ed25519]);
    expect(heard.join("\n")).toContain(`${fingerprintOf(rsa)} was added elsewhere and is removed`);
    await expectSettled([set([ed25519], { overlapDays: 7 })]);
  });

  test("a key that was added elsewhere goes with a change, without a refresh", async () => {
    await done(stage.up([set([ed25519], { overlapDays: 7 })]));
    addElsewhere(rsa);
    await done(stage.up([set([ed25519, ecdsa], { overlapDays: 7 })]));
    expect(onServer()).toEqual(sorted(ed25519, ecdsa));
  });

  test("a key that was removed elsewhere comes back", async () => {
    await done(stage.up([set([ed25519, rsa])]));
    removeElsewhere(rsa);
    expect(changesOf(await done(stage.refresh()))).toEqual(["update keys"]);
    await done(stage.up([set([ed25519, rsa])]));
    expect(onServer()).toEqual(sorted(ed25519, rsa));
    await expectSettled([set([ed25519, rsa])]);
  });

  test("all keys removed elsewhere is drift, and not the end of the set", async () => {
    await done(stage.up([set([ed25519])]));
    removeElsewhere(ed25519);
    expect(changesOf(await done(stage.refresh()))).toEqual(["update keys"]);
    await done(stage.up([set([ed25519])]));
    expect(onServer()).toEqual([ed25519]);
  });

  test("a key that was removed and added again elsewhere is the same key", async () => {
    await done(stage.up([set([ed25519])]));
    removeElsewhere(ed25519);
    addElsewhere(`${ed25519} again`);
    expect(changesOf(await done(stage.refresh()))).toEqual([]);
    await done(stage.destroy());
    expect(onServer()).toEqual([]);
  });

  test.each(["without", "after"])(
    "at a destroy %s a refresh, a key that was added elsewhere stays, with a warning",
    async (when) => {
      await done(stage.up([set([ed25519])]));
      addElsewhere(rsa);
      if (when === "after") await done(stage.refresh());
      await done(stage.destroy());
      expect(onServer()).toEqual([rsa]);
      expect(heard.join("\n")).toContain(`${fingerprintOf(rsa)} was added elsewhere and stays`);
    },
  );
});

describe("with overlapDays", () => {
  const old = () => set([ed25519], { overlapDays: 7 });
  const rolled = () => set([rsa], { overlapDays: 7 });

  test("an old key stays that long after its successor came, and goes with the next up", async () => {
    await done(stage.up([old()]));
    await later(1);
    await done(stage.preview([rolled()]));
    expect(heard.join("\n")).toMatch(
      /note: .*"keys": the old key SHA256:\S+ will stay for 7 days .*until 2026-07-09 12:0\d UTC/,
    );
    asked();
    await done(stage.up([rolled()]));
    expect(stage.writes().map(({ operation }) => operation)).toEqual(["addSshPublicKey"]);
    expect(onServer()).toEqual(sorted(ed25519, rsa));
    expect(await outputs()).toMatchObject({
      fingerprints: [fingerprintOf(rsa)],
      outgoing: [
        {
          fingerprint: fingerprintOf(ed25519),
          since: expect.stringMatching(/^2026-07-02T12:0/),
          until: expect.stringMatching(/^2026-07-09T12:0/),
        },
      ],
    });

    heard = [];
    await later(6.9);
    await expectSettled([rolled()]);
    expect(new Set(heard.filter((each) => each.includes('"keys": the old key')))).toEqual(
      new Set([
        `note: SSH public key set "keys": the old key ${fingerprintOf(ed25519)} stays until 2026-07-09 12:00 UTC ` +
          "(overlapDays). The first `pulumi up` after that removes it",
      ]),
    );
    expect(onServer()).toEqual(sorted(ed25519, rsa));

    await later(0.2);
    expect(changesOf(await done(stage.preview([rolled()])))).toEqual(["update keys"]);
    expect(heard.join("\n")).toContain(
      `the overlap of the old key ${fingerprintOf(ed25519)} ended on 2026-07-09`,
    );
    await done(stage.up([rolled()]));
    expect(stage.writes().map(({ operation }) => operation)).toEqual(["removeSshPublicKey"]);
    expect(onServer()).toEqual([rsa]);
    expect(await outputs()).toMatchObject({ outgoing: [] });
    await expectSettled([rolled()]);
  });

  test("a refresh in between forgets nothing, and a further key does not prolong it", async () => {
    await done(stage.up([old()]));
    await done(stage.up([rolled()]));
    await later(4);
    await done(stage.refresh());
    await done(stage.up([set([ecdsa], { overlapDays: 7 })]));
    expect(onServer()).toEqual(sorted(ed25519, rsa, ecdsa));
    await later(3.1);
    await done(stage.up([set([ecdsa], { overlapDays: 7 })]));
    expect(onServer()).toEqual(sorted(rsa, ecdsa));
    await later(4);
    await done(stage.up([set([ecdsa], { overlapDays: 7 })]));
    expect(onServer()).toEqual([ecdsa]);
  });

  test("a key that is taken out while none comes goes at once", async () => {
    await done(stage.up([set([ed25519, rsa], { overlapDays: 7 })]));
    await done(stage.preview([rolled()]));
    expect(heard.join("\n")).toContain(`${fingerprintOf(ed25519)} will be removed at once: no new key comes`);
    await done(stage.up([rolled()]));
    expect(onServer()).toEqual([rsa]);
  });

  test("an old key that is declared again stays for good", async () => {
    await done(stage.up([old()]));
    await done(stage.up([rolled()]));
    await done(stage.up([set([rsa, ed25519], { overlapDays: 7 })]));
    expect(await outputs()).toMatchObject({ outgoing: [] });
    await later(8);
    await expectSettled([set([rsa, ed25519], { overlapDays: 7 })]);
    expect(onServer()).toEqual(sorted(ed25519, rsa));
  });

  test("back to the old key, the new one is on its way out", async () => {
    await done(stage.up([old()]));
    await done(stage.up([rolled()]));
    await done(stage.up([old()]));
    expect(await outputs()).toMatchObject({ outgoing: [{ fingerprint: fingerprintOf(rsa) }] });
    await later(8);
    await done(stage.up([old()]));
    expect(onServer()).toEqual([ed25519]);
  });

  test.each<[string, Plain]>([
    ["0", { overlapDays: 0 }],
    ["nothing", {}],
  ])("set to %s, old keys go with the next up", async (_, more) => {
    await done(stage.up([old()]));
    await done(stage.up([rolled()]));
    await done(stage.up([set([rsa], more)]));
    expect(onServer()).toEqual([rsa]);
    await expectSettled([set([rsa], more)]);
  });

  test("made longer, old keys stay longer, and made shorter, shorter", async () => {
    await done(stage.up([old()]));
    await done(stage.up([rolled()]));
    await done(stage.up([set([rsa], { overlapDays: 30 })]));
    await later(20);
    await expectSettled([set([rsa], { overlapDays: 30 })]);
    expect(onServer()).toEqual(sorted(ed25519, rsa));
    await done(stage.up([set([rsa], { overlapDays: 10 })]));
    expect(onServer()).toEqual([rsa]);
  });

  test("an old key that was removed elsewhere is no drift", async () => {
    await done(stage.up([old()]));
    await done(stage.up([rolled()]));
    removeElsewhere(ed25519);
    expect(changesOf(await done(stage.refresh()))).toEqual([]);
    expect(await outputs()).toMatchObject({ outgoing: [] });
    await expectSettled([rolled()]);
  });

  test("old keys are removed with the set", async () => {
    await done(stage.up([old()]));
    await done(stage.up([rolled()]));
    await done(stage.destroy());
    expect(onServer()).toEqual([]);
  });
});

describe("beside other resources of the program", () => {
  const single = (body: string): Declared => ({
    name: "single",
    kind: "SshPublicKey",
    args: { credentialId, sshPublicKeyBody: body },
  });
  const refusal = (name: string, other: string) =>
    `${name}: "${other}" in this program manages SSH public keys of credential ${credentialId} too: declare all of ` +
    "them in one SshPublicKeySet, or each one as an SshPublicKey";

  test("single keys of the same credential are refused in preview, whatever the order", async () => {
    expect(failuresOf(await stage.preview([set([ed25519]), single(rsa)]))).toEqual([
      refusal("single", "keys"),
    ]);
    expect(failuresOf(await stage.preview([single(rsa), set([ed25519])]))).toEqual([
      refusal("keys", "single"),
    ]);
    expect(failuresOf(await stage.preview([single(ed25519), set([ed25519])]))).toEqual([
      refusal("keys", "single"),
    ]);
  });

  test("they are refused beside a set that is there already, and the other way round", async () => {
    await done(stage.up([set([ed25519])]));
    expect(failuresOf(await stage.preview([set([ed25519]), single(rsa)]))).toEqual([
      refusal("single", "keys"),
    ]);
    expect(failuresOf(await stage.preview([single(rsa), set([ed25519])]))).toEqual([
      refusal("keys", "single"),
    ]);
  });

  test("two sets of one credential are refused once, also while their keys are not known", async () => {
    const { unknownValue } = await import("../../../provider/protocol/unknowns.js");
    const other = set([unknownValue], {}, { name: "others" });
    expect(failuresOf(await stage.preview([set([ed25519]), other]))).toEqual([refusal("others", "keys")]);
    const known = set([rsa], {}, { name: "others" });
    expect(failuresOf(await stage.preview([set([ed25519]), known]))).toEqual([refusal("others", "keys")]);
  });

  test("sets of two credentials, and single keys of a third, are fine", async () => {
    const { data } = stage.emulator;
    const second = data.addCredential({ UserName: "second" }).Id;
    const third = data.addCredential({ UserName: "third" }).Id;
    const program: Program = [
      set([ed25519]),
      set([ed25519], { credentialId: second }, { name: "second" }),
      { ...single(ed25519), args: { credentialId: third, sshPublicKeyBody: ed25519 } },
    ];
    await done(stage.up(program));
    expect(onServer()).toEqual([ed25519, ed25519, ed25519]);
  });

  test("a single key becomes a set, and the set single keys, without a moment without them", async () => {
    await done(stage.up([single(ed25519)]));
    const { Id } = [...stage.emulator.data.sshPublicKeys.values()][0] ?? { Id: "" };
    asked();
    await done(stage.up([set([ed25519, rsa])]));
    expect(stage.writes().map(({ operation }) => operation)).toEqual(["addSshPublicKey"]);
    await expectSettled([set([ed25519, rsa])]);

    await done(stage.up([{ ...single(ed25519), import: `${credentialId}/${Id}` }]));
    expect(stage.writes().map(({ operation }) => operation)).toEqual(["removeSshPublicKey"]);
    expect(onServer()).toEqual([ed25519]);
    await expectSettled([single(ed25519)]);
  });

  test("a single key that a set takes over is not deleted, also if the set is not finished", async () => {
    await done(stage.up([single(ed25519)]));
    stage.emulator.addFault({ name: "status", status: 402, operation: "addSshPublicKey" });
    expect((await stage.up([set([ed25519, rsa])])).failures.size).toBe(1);
    expect(onServer()).toEqual([ed25519]);
    stage.emulator.clearFaults();
    await done(stage.up([set([ed25519, rsa])]));
    expect(onServer()).toEqual(sorted(ed25519, rsa));
  });

  test("a single key becomes a set by import, and nothing is written", async () => {
    await done(stage.up([single(ed25519)]));
    asked();
    const imported = set([ed25519], {}, { import: credentialId });
    await done(stage.up([imported]));
    expect(stage.writes()).toEqual([]);
    expect(onServer()).toEqual([ed25519]);
    await expectSettled([imported]);
  });

  test("a set that was renamed without an alias keeps its keys", async () => {
    await done(stage.up([set([ed25519])]));
    asked();
    const renamed = set([ed25519], {}, { name: "renamed" });
    await done(stage.up([renamed]));
    expect(stage.writes()).toEqual([]);
    expect(onServer()).toEqual([ed25519]);
    await expectSettled([renamed]);
  });

  test("a credential that is imported beside its set is taken over as well", async () => {
    addElsewhere(ed25519);
    const program: Program = [
      { name: "acme", kind: "Credential", args: { userName: "acme-incoming" }, import: credentialId },
      set([ed25519], {}, { import: credentialId }),
    ];
    asked();
    await done(stage.up(program));
    expect(stage.writes()).toEqual([]);
    await done(stage.up(program));
    await done(stage.up([program[0] as Declared]));
    expect(onServer()).toEqual([]);
    await done(stage.destroy());
    expect(stage.emulator.data.credentials.has(credentialId)).toBe(false);
  });
});

describe("keys that are there before the set", () => {
  test("are taken over by import, without a write and with one list", async () => {
    addElsewhere(ed25519);
    addElsewhere(rsa);
    const imported = set([rsa, `${ed25519} other comment`], { overlapDays: 7 }, { import: credentialId });
    await done(stage.up([imported]));
    expect(asked()).toEqual(["listSshPublicKeys"]);
    await expectSettled([imported]);
    await expectSettled([set([rsa, ed25519], { overlapDays: 7 })]);
    // They are the set's from then on.
    await done(stage.up([set([ecdsa], { overlapDays: 7 })]));
    expect(onServer()).toEqual(sorted(ed25519, rsa, ecdsa));
    await done(stage.destroy());
    expect(onServer()).toEqual([]);
  });

  test("fail an import in preview with what differs, by fingerprints", async () => {
    addElsewhere(ed25519);
    const imported = set([rsa], {}, { import: credentialId });
    const failures = failuresOf(await stage.preview([imported]));
    expect(failures).toEqual([
      `keys: import: SSH public key set ${credentialId} is not what the program declares: sshPublicKeyBodies has ` +
        `[0] (${fingerprintOf(rsa)}), which the credential lacks, and lacks ${fingerprintOf(ed25519)}, which the ` +
        "credential has. Declare what the service has, import, and change it afterwards",
    ]);
    expect(
      failuresOf(await stage.preview([set([], {}, { import: "4ddb2ea265b8eaf7680d20f0b26cf1" })])),
    ).toEqual([expect.stringContaining("import: there is no SSH public key set with the id")]);
  });

  test("are refused without import: warned of in preview, refused at up, and left alone", async () => {
    addElsewhere(ed25519);
    await done(stage.preview([set([rsa])]));
    const refusal = expect.stringMatching(
      new RegExp(`\\(SHA256:\\S+\\), and the set would remove them.*import: "${credentialId}"`),
    );
    expect(heard).toEqual([refusal]);
    expect(failuresOf(await stage.up([set([rsa])]))).toEqual([refusal]);
    expect(stage.writes()).toEqual([]);
    expect(onServer()).toEqual([ed25519]);
  });

  test("are the set's if it declares them all, as after a create that was killed", async () => {
    addElsewhere(ed25519);
    await done(stage.up([set([ed25519, rsa])]));
    expect(stage.writes().map(({ operation }) => operation)).toEqual(["addSshPublicKey"]);
    await expectSettled([set([ed25519, rsa])]);
  });

  test("are read by .get", async () => {
    addElsewhere(ed25519);
    await done(stage.up([set([], {}, { get: credentialId })]));
    expect(await outputs()).toMatchObject({
      sshPublicKeyBodies: [ed25519],
      fingerprints: [fingerprintOf(ed25519)],
      outgoing: [],
    });
  });
});

describe("what breaks off", () => {
  const refused = { name: "status", status: 402 } as const;

  test("a create that fails after its first key is finished by the next up", async () => {
    stage.emulator.addFault({ ...refused, operation: "addSshPublicKey", skip: 1 });
    expect(failuresOf(await stage.up([set([ed25519, rsa])]))).toEqual([
      expect.stringMatching(
        /are not yet what the program declares: .*HTTP 402.*Run `pulumi up` again to finish it/,
      ),
    ]);
    expect(onServer()).toEqual([ed25519]);
    asked();
    await done(stage.up([set([ed25519, rsa])]));
    expect(stage.writes().map(({ operation }) => operation)).toEqual(["addSshPublicKey"]);
    expect(onServer()).toEqual(sorted(ed25519, rsa));
    await expectSettled([set([ed25519, rsa])]);
  });

  test("a create that failed halfway leaves nothing after a destroy, or with another program", async () => {
    stage.emulator.addFault({ ...refused, operation: "addSshPublicKey", skip: 1 });
    await stage.up([set([ed25519, rsa])]);
    await done(stage.up([set([ecdsa])]));
    expect(onServer()).toEqual([ecdsa]);
    await done(stage.destroy());

    stage.emulator.addFault({ ...refused, operation: "addSshPublicKey", skip: 1 });
    await stage.up([set([ed25519, rsa])]);
    await done(stage.destroy());
    expect(onServer()).toEqual([]);
  });

  test("a create that was refused at its first key leaves nothing", async () => {
    stage.emulator.addFault({ ...refused, operation: "addSshPublicKey" });
    expect((await stage.up([set([ed25519])])).failures.size).toBe(1);
    expect((await stage.state()).size).toBe(0);
  });

  test("a change that fails after its first key removes none, and goes back or on without a trace", async () => {
    const before = set([ed25519], { overlapDays: 7 });
    const after = set([rsa, ecdsa], { overlapDays: 7 });
    await done(stage.up([before]));
    stage.emulator.addFault({ ...refused, operation: "addSshPublicKey", skip: 1 });
    expect((await stage.up([after])).failures.size).toBe(1);
    expect(onServer()).toEqual(sorted(ed25519, rsa));
    await done(stage.up([before]));
    expect(onServer()).toEqual([ed25519]);
    await expectSettled([before]);

    stage.emulator.addFault({ ...refused, operation: "addSshPublicKey", skip: 1 });
    expect((await stage.up([after])).failures.size).toBe(1);
    await later(1);
    // Whatever became of it, the old key stays for the whole overlap from when the change was finished.
    await done(stage.up([set([rsa], { overlapDays: 7 })]));
    expect(onServer()).toEqual(sorted(ed25519, rsa));
    await later(6.5);
    await expectSettled([set([rsa], { overlapDays: 7 })]);
    await later(1);
    await done(stage.up([set([rsa], { overlapDays: 7 })]));
    expect(onServer()).toEqual([rsa]);
  });

  test.each(["reset", "status"] as const)("one key comes of a lost answer (%s)", async (name) => {
    stage.emulator.addFault({
      name,
      ...(name === "status" && { status: 503 }),
      when: "after",
      operation: "addSshPublicKey",
    });
    await done(stage.up([set([ed25519, rsa])]));
    expect(onServer()).toEqual(sorted(ed25519, rsa));
    const acted = stage.writes().map(({ operation }) => operation);
    expect(acted).toEqual(["addSshPublicKey", "addSshPublicKey"]);
  });

  test.each<[string, readonly Fault[]]>([
    ["was refused at its second key", [{ ...refused, operation: "addSshPublicKey", skip: 1, times: 1 }]],
    [
      "does not know what came of its first key",
      [
        { name: "reset", when: "after", operation: "addSshPublicKey" },
        { name: "status", status: 403, operation: "listSshPublicKeys", skip: 1, times: 5 },
      ],
    ],
  ])("a create that the engine calls again, since it %s, makes each key once", async (_, faults) => {
    let calls = 0;
    await using again = await openSmallStage({
      product: await loadProduct(),
      wrap: (handlers) => ({
        ...handlers,
        create: (inputs) => {
          const create = () => {
            calls += 1;
            return handlers.create(inputs);
          };
          return create().catch(create);
        },
      }),
    });
    stage = again;
    credentialId = again.emulator.data.addCredential({ UserName: "acme-incoming" }).Id;
    for (const fault of faults) again.emulator.addFault(fault);
    await done(again.up([set([ed25519, rsa])]));
    expect(calls).toBe(2);
    expect(onServer()).toEqual(sorted(ed25519, rsa));
    const acted = again.emulator.ledger.filter((entry) => entry.acted);
    expect(acted.map(({ operation }) => operation)).toEqual(["addSshPublicKey", "addSshPublicKey"]);
  });

  test("a key of somebody else's that cannot be read stays, with a warning", async () => {
    await done(stage.up([set([ed25519])]));
    Object.assign(addElsewhere(rsa), { SshPublicKeyBody: null });
    await done(stage.up([set([ed25519, ecdsa])]));
    expect(heard.join("\n")).toContain("it has keys that cannot be read, and they stay as they are");
    expect(stage.emulator.data.sshPublicKeys.size).toBe(3);
  });

  test.each(["before", "after"] as const)(
    "a remove whose answer is lost (%s it acted) is finished",
    async (when) => {
      await done(stage.up([set([ed25519])]));
      stage.emulator.addFault({ name: "reset", when, operation: "removeSshPublicKey", times: 1 });
      await stage.up([set([rsa])]);
      await done(stage.up([set([rsa])]));
      expect(onServer()).toEqual([rsa]);
      await expectSettled([set([rsa])]);
    },
  );

  test("no key is removed while a new one is not there", async () => {
    await done(stage.up([set([ed25519])]));
    stage.emulator.addFault({ name: "status", status: 503, operation: "addSshPublicKey", times: 1 });
    const { failures } = await stage.up([set([rsa])]);
    if (failures.size > 0) expect(onServer()).toContain(ed25519);
    stage.emulator.clearFaults();
    await done(stage.up([set([rsa])]));
    expect(onServer()).toEqual([rsa]);
  });

  test("a list that looks cut removes and adds nothing", async () => {
    await done(stage.up([set([ed25519, rsa])]));
    asked();
    stage.emulator.addFault({ name: "cut-list", operation: "listSshPublicKeys", times: 9 });
    expect((await stage.up([set([ed25519, ecdsa])])).failures.size).toBe(1);
    stage.emulator.clearFaults();
    expect(stage.writes()).toEqual([]);
    expect(onServer()).toEqual(sorted(ed25519, rsa));
  });

  test("a list that is cut without a sign doubles no key", async () => {
    await done(stage.up([set([ed25519, rsa])]));
    stage.emulator.addFault({ name: "silent-cut-list", operation: "listSshPublicKeys", times: 1 });
    await stage.up([set([ed25519, rsa, ecdsa])]);
    stage.emulator.clearFaults();
    await done(stage.up([set([ed25519, rsa, ecdsa])]));
    expect(onServer()).toEqual(sorted(ed25519, rsa, ecdsa));
  });

  test("a forced replacement writes nothing", async () => {
    await done(stage.up([set([ed25519, rsa])]));
    asked();
    await done(stage.up([set([ed25519, rsa])], { replace: ["keys"] }));
    expect(stage.writes()).toEqual([]);
    expect(onServer()).toEqual(sorted(ed25519, rsa));
    await expectSettled([set([ed25519, rsa])]);
  });

  test("another organization's keys are neither read nor changed", async () => {
    await done(stage.up([set([ed25519])]));
    await stage.setOrganization("5f9c6a1e-0000-4000-8000-000000000000");
    asked();
    expect(failuresOf(await stage.up([set([rsa])]))[0]).toMatch(/Refused to update SSH public key set/);
    expect(failuresOf(await stage.destroy())[0]).toMatch(/Refused to delete SSH public key set/);
    expect(stage.writes()).toEqual([]);
  });
});
