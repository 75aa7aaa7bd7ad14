/** One life of every resource on the real engine: what `npm test` has of it. */
import { expect, onTestFinished, test } from "vitest";
import { openRealStage } from "../harness/stage/real.js";
import { describeLifecycle } from "../lifecycle/describeLifecycle/describeLifecycle.js";
import { livedKinds } from "../lifecycle/describeLifecycle/subjects.js";

describeLifecycle(livedKinds, () => openRealStage(), ["life"]);

test("the life of RotatingCredential: two logins are made, one is rotated, and nothing is left", async () => {
  const program = (triggers: number) => `
    const acme = new sftptogo.RotatingCredential("acme", { permission: "read-only", triggers: ${triggers} });
    export const active = acme.active;
    export const previous = acme.previous;
  `;
  const stage = await openRealStage(program(1));
  onTestFinished(() => stage[Symbol.asyncDispose]());
  const { stack, emulator } = stage;
  await stack.up();
  const first = await stack.outputs({ showSecrets: true });
  expect(first.previous).toMatchObject({ userName: null, password: null });

  await stage.write(program(2));
  await stack.up();
  await stack.expectNoChanges();
  const second = await stack.outputs({ showSecrets: true });
  expect(second.previous).toEqual(first.active);
  for (const login of [second.active, second.previous] as { userName: string; password: string }[]) {
    const there = emulator.data.findCredential(login.userName);
    expect([there?.Password === login.password, there?.State]).toEqual([true, "active"]);
  }
  expect((await stack.stateText()).includes((second.active as { password: string }).password)).toBe(false);

  await stack.destroy();
  expect([...emulator.data.credentials.values()]).toEqual([emulator.data.root]);
});
