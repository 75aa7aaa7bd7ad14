/** Provider and command killed in the middle of updates and of the second step of a create; and Ctrl-C. */
import { afterEach, describe, expect, it } from "vitest";
import type { RealStage } from "../harness/stage/real.js";
import { ecdsa, ed25519 } from "../resources/shared/keys.js";
import {
  acted,
  before,
  endWithOnlyRoot,
  hold,
  isWhole,
  openBase,
  program,
  upAndImport,
  upUntilHeld,
  whole,
} from "./kills.js";

const updates = [
  "updateCredential",
  "updateInboundRules",
  "updateWebhook",
  "updateShareLink",
  "rotatePassword",
  "setPassword",
] as const;

let stage: RealStage;
afterEach(() => stage?.[Symbol.asyncDispose]());

describe("updates of two credentials, a webhook and a share link, and two rotations in flight", () => {
  it.each(["before", "after"] as const)(
    "%s the server acted, provider killed, then the command: the next up brings them to their end",
    async (when) => {
      stage = await openBase();
      await stage.write(program(1));
      await stage.stack.up(["--parallel", "16"]);
      stage.emulator.clearLedger();

      await stage.write(program(2));
      hold(stage, when, updates);
      const running = await upUntilHeld(stage, updates.length);
      await stage.stack.crashProviders(running);
      expect((await running.result).code).not.toBe(0);
      stage.emulator.clearFaults();
      expect(await upAndImport(stage, 2)).toEqual({});
      expect(await isWhole(stage, 2)).toEqual(whole(2));
      expect(acted(stage, "rotatePassword")).toBe(when === "before" ? 1 : 2);

      stage.emulator.clearLedger();
      await stage.write(program(3));
      hold(stage, when, updates, 3_000);
      await stage.stack.crash(await upUntilHeld(stage, updates.length));
      // The provider lives on, and its requests with it.
      await expect.poll(() => acted(stage, "rotatePassword"), { timeout: 20_000 }).toBe(1);
      stage.emulator.clearFaults();
      await stage.stack.cancel();
      expect(await upAndImport(stage, 3)).toEqual({});
      expect(await isWhole(stage, 3)).toEqual(whole(3));
      expect(acted(stage, "rotatePassword")).toBe(2);
      expect(acted(stage, "createCredential")).toBe(0);
      expect(await endWithOnlyRoot(stage)).toBe(1);
    },
  );
});

describe("a credential with rules, between its steps", () => {
  it.each([
    ["before the rules were on", "before", "updateInboundRules", "inactive"],
    ["after the rules were on", "after", "updateInboundRules", "inactive"],
    ["after it was made active", "after", "updateCredential", "active"],
  ] as const)(
    "provider killed %s: closed until then, and whole after its import",
    async (_, when, operation, state) => {
      stage = await openBase();
      await stage.write(program(1));
      hold(stage, when, [operation]);
      await stage.stack.crashProviders(await upUntilHeld(stage, 1));
      stage.emulator.clearFaults();
      const ruled = stage.emulator.data.findCredential("ruled-incoming");
      expect(ruled?.State).toBe(state);

      expect(await upAndImport(stage, 1)).toMatchObject({ ruled: ruled?.Id });
      expect(await isWhole(stage, 1)).toEqual(whole(1));
      expect(acted(stage, "createCredential")).toBe(2);
    },
  );
});

it("a key's replacement, killed when the old key is gone and the new one not recorded: the next up finds it", async () => {
  const programOf = (body: string) => `${before}
    new sftptogo.SshPublicKey("key", { credentialId: base.id, sshPublicKeyBody: "${body}" });`;
  stage = await openBase();
  await stage.write(programOf(ed25519));
  await stage.stack.up();
  await stage.write(programOf(ecdsa));
  hold(stage, "after", ["removeSshPublicKey"], 2_000);
  const running = await upUntilHeld(stage, 1);
  const held = stage.emulator.ledger.length;
  hold(stage, "before", ["listSshPublicKeys"]);
  const isHeld = () => stage.emulator.ledger.slice(held).some(({ fault }) => fault === "slow");
  await expect.poll(isHeld, { timeout: 20_000 }).toBe(true);
  await stage.stack.crashProviders(running);
  expect((await running.result).code).not.toBe(0);
  stage.emulator.clearFaults();

  await stage.stack.up();
  const bodies = [...stage.emulator.data.sshPublicKeys.values()].map(
    ({ SshPublicKeyBody }) => SshPublicKeyBody,
  );
  expect(bodies).toEqual([ecdsa]);
  await stage.stack.expectNoChanges();
});

it("Ctrl-C in a slow create waits for it, and a preview then shows no changes", async () => {
  stage = await openBase();
  await stage.write(`${before}
    new sftptogo.Webhook("hook", { url: "https://hooks.example.com/1", topics: ["file.created"] });
`);
  hold(stage, "after", ["createWebhook"], 3_000);
  const running = await upUntilHeld(stage, 1);
  running.child.kill("SIGINT");
  await running.result;
  stage.emulator.clearFaults();
  await stage.stack.expectNoChanges();
  expect(acted(stage, "createWebhook")).toBe(1);
});
