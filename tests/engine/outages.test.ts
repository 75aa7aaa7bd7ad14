/**
 * A rotating credential on the real engine, killed and cut off in the middle of rotations and of the end of a grace,
 * while a client of each login is asked at every change that the server makes. Here at some points;
 * `npm run outages` takes all of them and prints the table of the guide.
 */
import { expect, test } from "vitest";
import { type Cycle, graceDays, Life, type Point, pointsOf, type Rig, titleOf } from "../outages/life.js";
import { openRealStage, type RealStage } from "../stage/real.js";
import { upUntilHeld } from "./kills.js";

const all = process.env.OUTAGES === "all";

test("no login that works by the outputs is denied, wherever a rotation is disturbed", {
  timeout: all ? 3_600_000 : 300_000,
}, async () => {
  await using stage = await openRealStage();
  const life = new Life(rigOf(stage));
  await life.begin();
  const undisturbed = await life.cycle(undefined, all);
  const rows: [string, Cycle][] = [["nothing", undisturbed]];
  expect(wrongOf(undisturbed)).toEqual([]);
  for (const point of chosen(pointsOf(undisturbed.turns))) {
    const cycle = await life.cycle(point, false);
    rows.push([titleOf(point), cycle]);
    if (all) process.stdout.write(`${rowOf(titleOf(point), cycle)}\n`);
  }
  for (const [title, cycle] of rows) {
    expect(wrongOf(cycle), title).toEqual([]);
    expect(cycle.asked, title).toBeGreaterThan(5);
    expect(cycle.met > 0, title).toBe(title !== "nothing");
    // Killed where the server had acted: nobody has that password, and the next `up` rotates once more.
    expect(cycle.rotations, title).toBe(
      title === "rotation: killed after rotatePassword 1" ? 2 : cycle.rotations,
    );
  }
  if (all) process.stdout.write(`\n${tableOf(rows)}\n`);
});

function wrongOf({ outages, broken }: Cycle): string[] {
  return [...outages, ...broken];
}

/** Without all: one kill in each turn, of what the server has done. */
function chosen(points: readonly Point[]): readonly Point[] {
  if (all) return points;
  const titles = ["rotation: killed after rotatePassword 1", "closing: killed after updateCredential 1"];
  return points.filter((point) => titles.includes(titleOf(point)));
}

function rowOf(title: string, { asked, outages, rotations }: Cycle): string {
  return `| ${title} | ${asked} | ${outages.length} | ${rotations} |`;
}

function tableOf(rows: readonly [string, Cycle][]): string {
  const head = ["| disturbed | logins tried | denied | rotations |", "| --- | ---: | ---: | ---: |"];
  return [...head, ...rows.map(([title, cycle]) => rowOf(title, cycle))].join("\n");
}

function rigOf(stage: RealStage): Rig {
  const { emulator, stack } = stage;
  let isDeadly = false;
  return {
    emulator,
    now: stage.now,
    async up(triggers) {
      await stage.write(programOf(triggers));
      if (isDeadly) {
        const running = await upUntilHeld(stage, 1);
        await stack.crashProviders(running);
        const { all: printed } = await running.result;
        return { isDone: false, printed };
      }
      const { code, all: printed } = await stack.run(["up", "--yes", "--skip-preview"]);
      return { isDone: code === 0, printed };
    },
    async outputs() {
      const outputs = await stack.outputs({ showSecrets: true });
      if (outputs.userName === undefined) return undefined;
      const { userName, password, until } = outputs;
      return {
        active: { userName: String(userName), password: String(password) },
        previousValidUntil: typeof until === "string" ? Date.parse(until) : undefined,
      };
    },
    passDays: (days) => stage.passTime(days * 86_400_000),
    arm({ operation, skip, trouble, when }) {
      isDeadly = trouble === "kill";
      emulator.addFault(
        isDeadly
          ? { name: "slow", delayMs: 600_000, operation, skip, when }
          : { name: trouble === "503" ? "status" : "reset", status: 503, operation, skip, when },
      );
    },
    calm() {
      isDeadly = false;
      emulator.clearFaults();
    },
  };
}

function programOf(triggers: number): string {
  return `
  const acme = new sftptogo.RotatingCredential("acme", {
    userName: "acme-incoming",
    homeDirectory: "/partners/acme",
    permission: "read-write",
    triggers: ${triggers},
    graceDays: ${graceDays},
  });
  export const userName = acme.active.userName;
  export const password = acme.active.password;
  export const until = acme.previousValidUntil;
`;
}
