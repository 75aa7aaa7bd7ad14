import { describe, expect, test } from "vitest";
import { Memory } from "../../../provider/lifecycle/process/memory";

describe("what one resource manages as a whole, and others in parts", () => {
  const share = (isAll: boolean, of = "keys of c1") => ({ of, isAll, choice: "" });

  test.each<[string, boolean, boolean, string | undefined]>([
    ["all, and a part", true, false, "first"],
    ["a part, and all", false, true, "first"],
    ["all, twice", true, true, "first"],
    ["two parts", false, false, undefined],
  ])("%s", (_, first, second, rival) => {
    const memory = new Memory();
    expect(memory.claimShare(share(first), "first")).toBeUndefined();
    expect(memory.claimShare(share(second), "second")).toBe(rival);
    // A replacement checks one resource twice.
    expect(memory.claimShare(share(first), "first")).toBeUndefined();
    expect(memory.claimShare(share(second, "keys of c2"), "second")).toBeUndefined();
  });
});

describe("a process remembers", () => {
  test.each<[string, (memory: Memory) => void, (memory: Memory, id: string) => boolean]>([
    ["what it created", (memory) => memory.rememberCreated("w1"), (memory, id) => memory.wasCreated(id)],
    [
      "what this update holds",
      (memory) => memory.holders.keep("w1"),
      (memory, id) => memory.holders.isKept(id),
    ],
    ["what it deleted", (memory) => memory.rememberDeleted("w1"), (memory, id) => memory.wasDeleted(id)],
    [
      "what the stack manages",
      (memory) => memory.rememberManaged("w1"),
      (memory, id) => memory.isManaged(id),
    ],
    [
      "which identities are taken",
      (memory) => memory.rememberIdentity("w1"),
      (memory, id) => memory.isIdentityTaken(id),
    ],
    [
      "what a create left unfinished",
      (memory) => memory.rememberUnfinished("w1", "id"),
      (memory, id) => memory.unfinishedOf(id)?.id === "id",
    ],
    [
      "the names of an object to import",
      (memory) => memory.rememberImported("w1", { alias: "Acme" }),
      (memory, id) => memory.importedInputs(id) !== undefined,
    ],
  ])("%s, and nothing else", (_, remember, isRemembered) => {
    const memory = new Memory();
    expect(isRemembered(memory, "w1")).toBe(false);
    remember(memory);
    expect(isRemembered(memory, "w1")).toBe(true);
    expect(isRemembered(memory, "w2")).toBe(false);
    expect(isRemembered(new Memory(), "w1")).toBe(false);
  });

  test("who was the first to claim an identity, and lets that one claim it again", () => {
    const memory = new Memory();
    expect(memory.claim("webhook x", "urn:a")).toBeUndefined();
    expect(memory.claim("webhook x", "urn:a")).toBeUndefined();
    expect(memory.claim("webhook x", "urn:b")).toBe("urn:a");
    expect(memory.claim("webhook y", "urn:b")).toBeUndefined();
  });

  test("each of these apart from the others", () => {
    const memory = new Memory();
    memory.rememberDeleted("w1");
    expect(memory.wasCreated("w1") || memory.holders.isKept("w1") || memory.isManaged("w1")).toBe(false);
    expect(memory.isIdentityTaken("w1")).toBe(false);
    expect(memory.importedInputs("w1")).toBeUndefined();
  });

  test("the names that an object had last", () => {
    const memory = new Memory();
    memory.rememberImported("w1", { alias: "Acme" });
    memory.rememberImported("w1", { alias: "Acme 2" });
    expect(memory.importedInputs("w1")).toEqual({ alias: "Acme 2" });
  });
});
