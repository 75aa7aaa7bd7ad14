/** A key that gets another body: nobody with a key is locked out, whatever fails in between. On the small engine. */
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import type { Fault } from "../../../provider/emulator/index.js";
import { loadProduct } from "../../harness/stage/product.js";
import { type Declared, idOf } from "../../harness/stage/program.js";
import { openSmallStage, type SmallStage } from "../../harness/stage/small.js";
import { ecdsa, ed25519, rsa } from "../shared/keys.js";

let stage: SmallStage;
let notes: string[];
beforeEach(async () => {
  notes = [];
  stage = await openSmallStage({ product: await loadProduct(), heard: (text) => notes.push(text) });
  onTestFinished(() => stage[Symbol.asyncDispose]());
  await stage.up(program(ed25519));
  stage.writes();
});

const program = (sshPublicKeyBody: string, owner = "acme"): Declared[] => [
  { name: "acme", kind: "Credential", args: { userName: "acme-incoming" } },
  { name: "other", kind: "Credential", args: { userName: "other-incoming" } },
  { name: "key", kind: "SshPublicKey", args: { credentialId: idOf(owner), sshPublicKeyBody } },
];
const operations = () => stage.writes().map(({ operation }) => operation);
const bodies = () =>
  [...stage.emulator.data.sshPublicKeys.values()].map(({ SshPublicKeyBody }) => SshPublicKeyBody);
const succeed = async (declared: Declared[], options = {}) => {
  const { failures } = await stage.up(declared, options);
  expect([...failures.values()].map(String)).toEqual([]);
};

test("adds the new key, and only then removes the old one; a preview says so", async () => {
  await stage.preview(program(ecdsa));
  expect(notes.join()).toContain("the new one is added first, and this one is removed after that");
  await succeed(program(ecdsa));
  expect(operations()).toEqual(["addSshPublicKey", "removeSshPublicKey"]);
  const [key] = stage.emulator.data.sshPublicKeys.values();
  expect([bodies(), (await stage.state()).get("key")?.id]).toEqual([[ecdsa], `${key?.UserId}/${key?.Id}`]);
  await succeed(program(ecdsa));
  expect(operations()).toEqual([]);
});

test("of another credential is added there first", async () => {
  await succeed(program(ed25519, "other"));
  expect(operations()).toEqual(["addSshPublicKey", "removeSshPublicKey"]);
});

describe.each<[string, Omit<Fault, "operation">]>([
  ["refused", { name: "status", status: 400 }],
  ["refused by a service that is busy", { name: "status", status: 503, times: Number.POSITIVE_INFINITY }],
  ["lost on its way", { name: "reset", times: Number.POSITIVE_INFINITY }],
  ["done, and its answer lost", { name: "reset", when: "after", times: Number.POSITIVE_INFINITY }],
])("where the add is %s", (_, fault) => {
  test("the old key stays until the new one is there, and the next up goes on", async () => {
    stage.emulator.addFault({ ...fault, operation: "addSshPublicKey" });
    await stage.up(program(ecdsa));
    expect(bodies().length).toBeGreaterThan(0);
    stage.emulator.clearFaults();
    await succeed(program(ecdsa));
    expect(bodies()).toEqual([ecdsa]);
  });
});

test("where the removal of the old one fails once, the same up tries again", async () => {
  stage.emulator.addFault({ name: "status", status: 403, operation: "removeSshPublicKey" });
  await succeed(program(ecdsa));
  expect(bodies()).toEqual([ecdsa]);
});

test("where no read shows whether the new one is there, both are on record, and a destroy removes both", async () => {
  // Let through: what is there already, and what is in its way.
  const times = Number.POSITIVE_INFINITY;
  stage.emulator.addFault({ name: "wrong-shape", operation: "listSshPublicKeys", skip: 2, times });
  const { failures } = await stage.up(program(ecdsa));
  expect(failures.size).toBe(1);
  expect(bodies()).toEqual([ed25519, ecdsa]);
  stage.emulator.clearFaults();
  await stage.destroy();
  expect(bodies()).toEqual([]);
});

describe("where the old one cannot be removed for long, both are on record", () => {
  beforeEach(async () => {
    stage.emulator.addFault({
      name: "status",
      status: 403,
      operation: "removeSshPublicKey",
      times: Number.POSITIVE_INFINITY,
    });
    const { failures } = await stage.up(program(ecdsa));
    expect([...failures.values()].map(({ message }) => message).join()).toMatch(
      /was created, but [0-9a-f]+\/\S+, which it replaces, is still there: .*\(HTTP 403\)/,
    );
    stage.emulator.clearFaults();
  });

  test("and a destroy removes both", async () => {
    const { failures } = await stage.destroy();
    expect(failures.size).toBe(0);
    expect(bodies()).toEqual([]);
  });

  test("also after a refresh; and the next up removes the old one alone", async () => {
    await stage.refresh();
    stage.writes();
    await succeed(program(ecdsa));
    expect(operations()).toEqual(["removeSshPublicKey"]);
    expect(bodies()).toEqual([ecdsa]);
    await succeed(program(ecdsa));
    expect(operations()).toEqual([]);
  });

  test("and a further key takes the place of both", async () => {
    await succeed(program(rsa));
    expect(bodies()).toEqual([rsa]);
  });
});

test("a forced replacement has the same key, so the old one goes first", async () => {
  stage.writes();
  await succeed(program(ed25519), { replace: ["key"] });
  expect(operations()).toEqual(["removeSshPublicKey", "addSshPublicKey"]);
});
