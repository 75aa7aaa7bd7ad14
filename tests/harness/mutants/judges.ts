/**
 * What each judge says of one package: the fault matrix, random lives, the suite of lives of all kinds, and those who
 * log in with a rotating credential or with keys.
 */

import { livedKinds, subjects } from "../../lifecycle/describeLifecycle/subjects.ts";
import { type TurnName, turns, turnTitles } from "../../lifecycle/describeLifecycle/turns.ts";
import { allCells, type Cell, isPromised, recoveriesOf, runCells } from "../faults/matrix.ts";
import { runModel } from "../faults/model.ts";
import type { WorldOptions } from "../faults/world.ts";
import { firstLockout } from "../outages/keys.ts";
import { firstOutage, lifeOf } from "../outages/small.ts";
import { openSmallStage } from "../stage/small.ts";

export const judgeNames = ["matrix", "lives", "unit tests", "outages"] as const;
export type JudgeName = (typeof judgeNames)[number];

/** What a judge saw first; `undefined`: nothing. */
export type Judgement = string | undefined;

export interface Extent {
  /** Of the matrix each so-manieth cell, beside all that are undisturbed and those of reads by id. */
  readonly every: number;
  /** Of random lives, at least. */
  readonly steps: number;
}

export const judges: Readonly<
  Record<JudgeName, (options: WorldOptions, extent: Extent) => Promise<Judgement>>
> = {
  async matrix(options, { every }) {
    let seen: Judgement;
    try {
      await runCells(chosenCells(every), options, ({ cell, found: [first] }) => {
        if (first === undefined) return false;
        seen ??= `${first.harm} (${first.detail}) in: ${cell.label}`;
        return true;
      });
    } catch (error) {
      seen ??= wordsOf(error);
    }
    return seen;
  },

  async lives(options, { steps }) {
    try {
      const { found, counterexample } = await runModel(options, steps, { shrinks: false });
      const [first] = found;
      if (first !== undefined) return `${first.harm} (${first.detail})`;
      return counterexample && "a life that ended with an error";
    } catch (error) {
      return wordsOf(error);
    }
  },

  async "unit tests"({ product }) {
    for (const name of Object.keys(turnTitles) as TurnName[]) {
      for (const kind of livedKinds) {
        const stage = await openSmallStage({ product });
        try {
          await turns[name](stage, [subjects[kind]]);
        } catch (error) {
          return `${kind} ${turnTitles[name]}: ${wordsOf(error)}`;
        } finally {
          await stage[Symbol.asyncDispose]();
        }
      }
    }
    return undefined;
  },

  async outages({ product }) {
    for (const dialect of ["service-days-ahead", "service-days-behind"] as const) {
      const found = await lifeOf(product, undefined, [dialect]);
      if (typeof found === "string") return `${dialect}: ${found}`;
    }
    return (await firstOutage(product)) ?? (await firstLockout(product));
  },
};

/** The undisturbed ones first: most of what is wrong shows there. */
function chosenCells(every: number): Cell[] {
  const all = allCells().filter(isPromised);
  const isCalm = ({ troubles }: Cell) => troubles.length === 0;
  const isById = ({ operation, troubles: [first] }: Cell) =>
    operation.startsWith("get") && first?.times === 1;
  const byId = all.filter((cell) => isById(cell) && !isCalm(cell));
  const rest = all.filter((cell) => !isCalm(cell) && !isById(cell));
  return [
    ...all.filter((cell) => isCalm(cell) && cell.recovery === "refresh and up"),
    ...all.filter(isLost).flatMap(inEachWay),
    ...all.filter((cell) => isCalm(cell) && cell.recovery !== "refresh and up"),
    // Where no list has the object, a read by id is all that there is.
    ...byId.filter((cell, index) => index % (cell.scene.dialects ? 15 : 100) === 0),
    ...rest.filter((_, index) => index % every === 0),
  ];
}

/** Whatever the user does about it. */
function inEachWay(cell: Cell): Cell[] {
  return recoveriesOf(cell.scene).map((recovery) => ({
    ...cell,
    recovery,
    label: cell.label.replace(/, then .*$/, `, then ${recovery}`),
  }));
}

/** The answer to a write is lost once. */
function isLost({ troubles: [first, second], again }: Cell): boolean {
  if (first === undefined || second !== undefined || again !== undefined) return false;
  return first.name === "reset" && first.when === "after" && first.times === 1 && first.skip === 0;
}

function wordsOf(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  return words.replace(/\s+/g, " ").trim();
}
