/** Ends of somebody's access, on machines whose clocks are days ahead or behind: on the small engine. */
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import type { Plain } from "../../provider/values/plain.js";
import { loadProduct } from "../harness/stage/product.js";
import { type Declared, idOf } from "../harness/stage/program.js";
import { openSmallStage, type SmallStage } from "../harness/stage/small.js";
import { ecdsa, ed25519 } from "./shared/keys.js";

const day = 86_400_000;
let stage: SmallStage;
let ahead: number;
/** With the last command. */
let printed: string;

beforeEach(async () => {
  ahead = 0;
  stage = await openSmallStage({ product: await loadProduct(), ahead: () => ahead });
  onTestFinished(() => stage[Symbol.asyncDispose]());
});

async function up(program: readonly Declared[]): Promise<Plain> {
  const report = await stage.up(program);
  expect([...report.failures.values()].map(({ message }) => message)).toEqual([]);
  printed = report.printed;
  return (await stage.state()).get(program.at(-1)?.name ?? "")?.outputs ?? {};
}
const passDays = (days: number) => stage.clock.sleep(days * day);

const login = (name: string): Declared => ({
  name,
  kind: "Credential",
  args: { userName: `${name}-incoming` },
});
const rotation = (triggers: number, more: Plain = {}): Declared[] => [
  login("one"),
  login("two"),
  {
    name: "rotation",
    kind: "CredentialRotation",
    args: { credentialIds: [idOf("one"), idOf("two")], triggers, graceDays: 7, ...more },
  },
];
const set = (...sshPublicKeyBodies: string[]): Declared[] => [
  login("acme"),
  {
    name: "keys",
    kind: "SshPublicKeySet",
    args: { credentialId: idOf("acme"), sshPublicKeyBodies, overlapDays: 7 },
  },
];
const password: Declared[] = [
  login("acme"),
  { name: "password", kind: "PasswordRotation", args: { credentialId: idOf("acme"), rotateAfterDays: 30 } },
];
const open = () =>
  [...stage.emulator.data.credentials.values()].filter(
    ({ UserName, State }) => /^(one|two)-/.test(UserName) && State === "active",
  ).length;
const keys = () => stage.emulator.data.sshPublicKeys.size;
const rotated = () => {
  const { ledger } = stage.emulator;
  const count = ledger.filter(({ operation }) => operation === "rotatePassword").length;
  stage.emulator.clearLedger();
  return count;
};

describe.each([40, -40])("a machine that is %i days ahead", (days) => {
  test("ends no grace, no overlap and no password before its time, and says so once", async () => {
    await up([...rotation(1), ...set(ed25519)]);
    await up([...rotation(2), ...set(ecdsa)]);
    expect([open(), keys()]).toEqual([2, 2]);
    await passDays(3);
    ahead = days * day;
    await up([...rotation(2), ...set(ecdsa)]);
    expect([open(), keys()]).toEqual([2, 2]);
    expect(printed.match(/This machine's clock says/g)).toHaveLength(1);

    // A day after the end by the service's time they go, however wrong the machine.
    await passDays(5.1);
    await up([...rotation(2), ...set(ecdsa)]);
    expect([open(), keys()]).toEqual([1, 1]);
  });

  test("begins a grace and an overlap that a right machine does not find over", async () => {
    await up([...rotation(1), ...set(ed25519)]);
    ahead = days * day;
    await up([...rotation(2), ...set(ecdsa)]);
    ahead = 0;
    await passDays(5);
    await up([...rotation(2), ...set(ecdsa)]);
    expect([open(), keys()]).toEqual([2, 2]);
  });

  test("rotates no password before its age, and none twice", async () => {
    await up(password);
    expect(rotated()).toBe(1);
    await passDays(3);
    ahead = days * day;
    await up(password);
    expect(rotated()).toBe(0);
    ahead = 0;
    await passDays(days > 0 ? 27 : 28);
    await up(password);
    expect(rotated()).toBe(1);
  });

  test("ends at once what has no grace and no overlap", async () => {
    await up(rotation(1, { graceDays: 0 }));
    ahead = days * day;
    await up(rotation(2, { graceDays: 0 }));
    await up(rotation(2, { graceDays: 0 }));
    expect(open()).toBe(1);
  });
});

test("without a Date in the answers the machine's clock is all there is", async () => {
  const product = await loadProduct();
  const silent = { dialects: ["answers-without-date"] as const };
  await using other = await openSmallStage({ product, emulator: silent, ahead: () => ahead });
  stage = other;
  await up(rotation(1));
  await up(rotation(2));
  ahead = 8 * day;
  await up(rotation(2));
  expect(open()).toBe(1);
  expect(printed).not.toContain("clock");
});
