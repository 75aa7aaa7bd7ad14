/**
 * A rotating credential on the real engine, killed and cut off in the middle of rotations and of the end of a grace,
 * while a client of each login is asked at every change that the server makes. Here at some points;
 * `npm run outages` takes all of them and prints the table of the guide.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import {
  type Cycle,
  graceDays,
  Life,
  type Point,
  pointsOf,
  type Rig,
  titleOf,
} from "../harness/outages/life.js";
import { openRealStage, type RealStage } from "../harness/stage/real.js";
import { upUntilHeld } from "./kills.js";

const all = process.env.OUTAGES !== undefined;
const only = new RegExp(process.env.OUTAGES === "all" ? "" : (process.env.OUTAGES ?? ""));

/** How long a request is held whose engine is killed. */
const heldMs = 2_000;

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
    if (title === "rotation: killed after rotatePassword 1") expect(cycle.rotations).toBe(2);
  }
  if (all) process.stdout.write(`\n${tableOf(rows)}\n`);
});

function wrongOf({ outages, broken }: Cycle): string[] {
  return [...outages, ...broken];
}

/** Without all: one kill in each turn, of what the server has done. */
function chosen(points: readonly Point[]): readonly Point[] {
  if (all) return points.filter((point) => only.test(titleOf(point)));
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
  let deadly: "kill" | "engine" | undefined;
  return {
    emulator,
    now: stage.now,
    closingDays: 0.1,
    async up(triggers) {
      await stage.write(programOf(triggers));
      if (deadly !== undefined) {
        const running = await upUntilHeld(stage, 1);
        if (deadly === "kill") await stack.crashProviders(running);
        else {
          await stack.crash(running);
          // Its provider process gets the answer, and ends when there is nobody to tell.
          await sleep(heldMs + 1_500);
          await stack.cancel();
        }
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
      deadly = trouble === "kill" || trouble === "engine" ? trouble : undefined;
      emulator.addFault(
        deadly
          ? { name: "slow", delayMs: deadly === "kill" ? 600_000 : heldMs, operation, skip, when }
          : { name: trouble === "503" ? "status" : "reset", status: 503, operation, skip, when },
      );
    },
    calm() {
      deadly = undefined;
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
