/**
 * `npm run mutants`: packages that do one thing wrong, before each of the judges. Ends with 1 if one of them goes
 * unseen, if one that an earlier matrix did not see goes unseen by the matrix, or if a judge sees something wrong with
 * the package as it is. `--wrap <file>` adds those that a module exports as `mutants`, by name: functions
 * `(kind, handlers) => handlers`. `--only <expression>` takes those whose names match; `--judge <name>` one judge alone;
 * `--quick` the ones that an earlier matrix did not see, before the matrix alone.
 */
import { type ChildProcess, fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Extent, type JudgeName, judgeNames } from "./judges.ts";
import { type Answer, allMutants, control, type Order } from "./worker.ts";

const { values } = parseArgs({
  options: {
    wrap: { type: "string" },
    only: { type: "string" },
    judge: { type: "string" },
    quick: { type: "boolean" },
    seed: { type: "string" },
    every: { type: "string" },
    steps: { type: "string" },
    processes: { type: "string" },
  },
});
const seed = Number(values.seed ?? 7);
const extent: Extent = {
  every: Number(values.every ?? (values.quick ? 1_000 : 50)),
  steps: Number(values.steps ?? 500),
};
const only = new RegExp(values.only ?? "");
const processes = Number(values.processes ?? availableParallelism());
const judge = values.judge ?? (values.quick ? "matrix" : undefined);
const names = judgeNames.filter((name) => judge === undefined || name === judge);

const startedAt = performance.now();
const chosen = (await allMutants(values.wrap)).filter(
  ({ what, byMatrix, isFurther }) => only.test(what) && (byMatrix || isFurther || !values.quick),
);
const orders = [control, ...chosen.map(({ what }) => what)].flatMap((what) =>
  names.map((judge): Order => ({ what, judge, extent, seed })),
);
const answers = await inProcesses(orders);

const seenBy = (what: string, judge: JudgeName) =>
  answers.find(({ order }) => order.what === what && order.judge === judge)?.judgement;
const rows = [control, ...chosen.map(({ what }) => what)].map((what) => [
  what,
  ...names.map((judge) => (seenBy(what, judge) === undefined ? "-" : "caught")),
]);
const problems = [
  ...names.flatMap((judge) => {
    const seen = seenBy(control, judge);
    return seen === undefined ? [] : [`the package as it is was caught by the ${judge}: ${seen}`];
  }),
  ...chosen.flatMap(({ what, byMatrix }) => {
    if (names.every((judge) => seenBy(what, judge) === undefined)) return [`nobody caught: ${what}`];
    return byMatrix && names.includes("matrix") && seenBy(what, "matrix") === undefined
      ? [`the matrix did not catch: ${what}`]
      : [];
  }),
];

for (const what of chosen.map((each) => each.what)) {
  for (const judge of names)
    say(`${what}, ${judge}: ${seenBy(what, judge)?.slice(0, 200) ?? "nothing seen"}`);
}
const header = ["mutant", ...names];
const lines = [header, header.map((_, index) => (index === 0 ? "---" : ":---:")), ...rows];
say(`\n${lines.map((line) => `| ${line.join(" | ")} |`).join("\n")}\n`);
say(`${chosen.length} mutants in ${Math.round((performance.now() - startedAt) / 1_000)} s, seed ${seed}`);
for (const problem of problems) say(problem);
if (problems.length > 0) process.exitCode = 1;

/** Hands the orders out to as many processes as there are cores. */
async function inProcesses(all: readonly Order[]): Promise<readonly Answer[]> {
  const queue = [...all];
  const answers: Answer[] = [];
  let ended = 0;
  async function work(): Promise<void> {
    let child: ChildProcess | undefined;
    for (let order = queue.shift(); order; order = queue.shift()) {
      child ??= newWorker();
      const answer = await ask(child, order);
      if (answer === undefined) {
        // Ended from outside, which says nothing of the mutant.
        if (ended++ > 3) throw new Error("processes are ended from outside again and again");
        queue.push(order);
        child = undefined;
        continue;
      }
      answers.push(answer);
      const { what, judge } = order;
      process.stderr.write(
        `[${answers.length} of ${all.length}, ${Math.round(answer.seconds)} s] ${what}: ${judge} ${answer.judgement === undefined ? "-" : "caught"}\n`,
      );
      if (!child.connected) child = undefined;
    }
    child?.kill();
  }
  await Promise.all(Array.from({ length: Math.min(processes, all.length) }, work));
  return answers;
}

function newWorker(): ChildProcess {
  // The compiled package is what is tried, in the tests too.
  const { VITEST, ...env } = process.env;
  return fork(join(import.meta.dirname, "worker.ts"), {
    // Which requests were sent is of no interest here.
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    env: { ...env, DEBUG: "sftptogo*", ...(values.wrap && { MUTANTS_WRAP: values.wrap }) },
  });
}

/** A worker that dies of a mutant has caught it; `undefined` where a signal ended it. */
function ask(child: ChildProcess, order: Order): Promise<Answer | undefined> {
  return new Promise((resolve) => {
    const settle = (answer: Answer | undefined) => {
      child.off("message", settle);
      child.off("exit", died);
      resolve(answer);
    };
    const died = (code: number | null) =>
      settle(code === null ? undefined : { order, judgement: `its process ended with ${code}`, seconds: 0 });
    child.on("message", settle);
    child.on("exit", died);
    child.send(order);
  });
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
