import { describe, expect, test } from "vitest";
import { Holders } from "../../../provider/lifecycle/process/holders";
import { type Note, type UpdateLog, updateLog } from "../../../provider/protocol/update";

/** The log of an update in one process, for all that take part. */
function log(): UpdateLog {
  const notes: Note[] = [];
  return {
    ...updateLog(undefined, true),
    unwritable: undefined,
    write: (note) => void notes.push(note),
    read: () => notes,
  };
}

const kinds = ["SshPublicKey", "SshPublicKeySet"];
const subject = { ids: ["id-1"], marks: ["user name acme"], entry: "mine" };

test("what one process keeps, all of them know", () => {
  const shared = log();
  const [one, other] = [new Holders(shared), new Holders(shared)];
  one.keep("id-1");
  expect([other.isKept("id-1"), other.isKept("id-2")]).toEqual([true, false]);
});

describe("a resource that the engine leaves out", () => {
  test.each<[string, (hash: (text: string) => string) => Note[], boolean]>([
    ["is not known", () => [], false],
    ["has the object under another entry", (hash) => [["has", hash("urn"), "other", hash("id-1")]], true],
    ["is the entry itself", (hash) => [["has", hash("urn"), "mine", hash("id-1")]], false],
    ["has another object", (hash) => [["has", hash("urn"), "other", hash("id-2")]], false],
    [
      "is not registered, and is told by its arguments",
      (hash) => [["marked", hash("urn"), hash("user name acme")]],
      true,
    ],
    ["is not registered, and imports the object", (hash) => [["marked", hash("urn"), hash("id-1")]], true],
    [
      "is not registered, and is another one",
      (hash) => [["marked", hash("urn"), hash("user name beta")]],
      false,
    ],
    [
      "is registered as another one, whatever its arguments say",
      (hash) => [
        ["marked", hash("urn"), hash("user name acme")],
        ["has", hash("urn"), "other", hash("id-2")],
      ],
      false,
    ],
    [
      "is one that the engine asks for after all",
      (hash) => [
        ["has", hash("urn"), "other", hash("id-1")],
        ["checked", hash("urn")],
      ],
      false,
    ],
  ])("%s", (_, notesOf, isLeftOut) => {
    const shared = log();
    const holders = new Holders(shared);
    for (const note of [["declared", shared.hash("urn"), "Credential"] as const, ...notesOf(shared.hash)]) {
      shared.write(note);
    }
    expect(holders.isLeftOut(subject)).toBe(isLeftOut);
  });
});

test("a key that is declared and not known yet is pending, until its arguments are known", () => {
  const shared = log();
  const holders = new Holders(shared);
  expect(holders.isPending(kinds)).toBe(false);
  shared.write(["declared", shared.hash("urn"), "SshPublicKey"]);
  expect([holders.isPending(kinds), holders.isPending(["Webhook"])]).toEqual([true, false]);
  shared.write(["marked", shared.hash("urn"), shared.hash("key acme SHA256:one")]);
  expect(holders.isPending(kinds)).toBe(false);
});

describe("what a set of keys leaves alone", () => {
  const key = { ids: ["acme/k1"], marks: ["key acme SHA256:one"] };
  test.each<[string, (hash: (text: string) => string) => Note[], boolean]>([
    ["a key that is declared", (hash) => [["marked", hash("urn"), hash("key acme SHA256:one")]], true],
    ["one that is registered", (hash) => [["has", hash("urn"), "e", hash("acme/k1")]], true],
    ["not one that nobody declares", (hash) => [["marked", hash("urn"), hash("key acme SHA256:two")]], false],
    [
      "also one whose declaration the engine asks for",
      (hash) => [
        ["checked", hash("urn")],
        ["marked", hash("urn"), hash("key acme SHA256:one")],
      ],
      true,
    ],
  ])("%s", (_, notesOf, isDeclared) => {
    const shared = log();
    for (const note of [["declared", shared.hash("urn"), "SshPublicKey"] as const, ...notesOf(shared.hash)]) {
      shared.write(note);
    }
    expect(new Holders(shared).isDeclared(key)).toBe(isDeclared);
  });

  test("nothing waits for a resource of another kind", () => {
    const shared = log();
    shared.write(["declared", shared.hash("urn"), "Credential"]);
    expect(new Holders(shared).isPending(kinds)).toBe(false);
  });
});
