import { describe, expect, test } from "vitest";
import { Memory } from "../../provider/lifecycle/memory";

describe("a process remembers", () => {
  test.each<[string, (memory: Memory) => void, (memory: Memory, id: string) => boolean]>([
    ["what it created", (memory) => memory.rememberCreated("w1"), (memory, id) => memory.wasCreated(id)],
    ["what it adopted", (memory) => memory.rememberAdopted("w1"), (memory, id) => memory.wasAdopted(id)],
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
      "the names of an object to import",
      (memory) => memory.rememberNames("w1", { alias: "Acme" }),
      (memory, id) => memory.namesOf(id) !== undefined,
    ],
  ])("%s, and nothing else", (_, remember, isRemembered) => {
    const memory = new Memory();
    expect(isRemembered(memory, "w1")).toBe(false);
    remember(memory);
    expect(isRemembered(memory, "w1")).toBe(true);
    expect(isRemembered(memory, "w2")).toBe(false);
    expect(isRemembered(new Memory(), "w1")).toBe(false);
  });

  test("each of these apart from the others", () => {
    const memory = new Memory();
    memory.rememberDeleted("w1");
    expect(memory.wasCreated("w1") || memory.wasAdopted("w1") || memory.isManaged("w1")).toBe(false);
    expect(memory.isIdentityTaken("w1")).toBe(false);
    expect(memory.namesOf("w1")).toBeUndefined();
  });

  test("the names that an object had last", () => {
    const memory = new Memory();
    memory.rememberNames("w1", { alias: "Acme" });
    memory.rememberNames("w1", { alias: "Acme 2" });
    expect(memory.namesOf("w1")).toEqual({ alias: "Acme 2" });
  });
});
