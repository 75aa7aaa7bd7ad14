/** Provider and command killed in the middle of creates: never a second object, and always a way back. */
import { afterEach, describe, expect, it } from "vitest";
import type { RealStage } from "../harness/stage/real.js";
import {
  acted,
  born,
  endWithOnlyRoot,
  hold,
  isWhole,
  openBase,
  program,
  upAndImport,
  upUntilHeld,
  whole,
} from "./kills.js";

const creates = ["createCredential", "addSshPublicKey", "createWebhook", "createShareLink"] as const;
const posts = [...creates, "rotatePassword", "setPassword"] as const;
/** Five creates and two rotations, each a request of its own. */
const inFlight = 7;

let stage: RealStage;
afterEach(() => stage?.[Symbol.asyncDispose]());

function created(): number {
  return creates.reduce((sum, operation) => sum + acted(stage, operation), 0);
}

describe("seven creates in flight", () => {
  it("before the server acted, provider killed: the next up makes them, once", async () => {
    stage = await openBase();
    await stage.write(program(1));
    hold(stage, "before", posts);
    const running = await upUntilHeld(stage, inFlight);
    await stage.stack.crashProviders(running);
    expect((await running.result).code).not.toBe(0);
    stage.emulator.clearFaults();

    expect(await upAndImport(stage, 1)).toEqual({});
    expect(await isWhole(stage, 1)).toEqual(whole(1));
    expect(created()).toBe(born.length);
    expect(acted(stage, "rotatePassword")).toBe(1);
    expect(await endWithOnlyRoot(stage)).toBe(1);
  });

  it("after the server acted, provider killed: each is refused with the import that heals", async () => {
    stage = await openBase();
    await stage.write(program(1));
    hold(stage, "after", posts);
    const running = await upUntilHeld(stage, inFlight);
    await stage.stack.crashProviders(running);
    expect((await running.result).code).not.toBe(0);
    stage.emulator.clearFaults();
    expect(stage.emulator.data.findCredential("ruled-incoming")?.State).toBe("inactive");

    expect(Object.keys(await upAndImport(stage, 1)).sort()).toEqual([...born].sort());
    expect(await isWhole(stage, 1)).toEqual(whole(1));
    expect(created()).toBe(born.length);
    // Nobody knows of the first one any more: once more, and no oftener.
    expect(acted(stage, "rotatePassword")).toBe(2);
    // The options have done their work.
    await stage.write(program(1));
    await stage.stack.expectNoChanges();
    expect(await endWithOnlyRoot(stage)).toBe(1);
  });

  it("the command killed while the provider lives on and posts: refused in the same way", async () => {
    stage = await openBase();
    await stage.write(program(1));
    hold(stage, "before", posts, 4_000);
    const running = await upUntilHeld(stage, inFlight);
    await stage.stack.crash(running);
    await expect.poll(created, { timeout: 20_000 }).toBe(born.length);
    await expect.poll(() => acted(stage, "rotatePassword"), { timeout: 20_000 }).toBe(1);
    stage.emulator.clearFaults();

    expect((await stage.stack.up([], { fails: true })).all).toContain("currently locked");
    await stage.stack.cancel();
    expect(Object.keys(await upAndImport(stage, 1)).sort()).toEqual([...born].sort());
    expect(await isWhole(stage, 1)).toEqual(whole(1));
    expect(created()).toBe(born.length);
    expect(acted(stage, "rotatePassword")).toBe(2);
    expect(await endWithOnlyRoot(stage)).toBe(1);
  });
});
