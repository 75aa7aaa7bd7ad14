/**
 * `npm run bench`: what this package costs beyond the engine, figure by figure, against a program whose handlers
 * do nothing. Ends with exit code 1 if a bound is not held.
 *
 * With `--quick` 200 credentials instead of 1,000: a few minutes instead of an hour, for use while working.
 */
import { writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { startEmulatorProcess } from "#emulator";
import { type Figure, figureTable, isHeld, median, table } from "#figures";
import { bend, type Point, plot, slope } from "#growth";
import { compare, type Results, type Step, steps, type Taken } from "#lives";
import { firstHandlerMilliseconds, importMilliseconds, inProgramFolder, refreshRequests } from "#processes";
import { partsOf } from "#stateParts";
import { WORK_FOLDER } from "../engine/engine.ts";

/** Requests at a time: the default of `sftptogo:maxConcurrency`. The engine takes fewer steps at a time on two cores. */
const concurrency = 10;
const latencySeconds = 0.1;

interface Plan {
  readonly count: number;
  readonly rounds: number;
  /** Credentials of a small stack, and how many lives each contender has with them. */
  readonly small: { readonly count: number; readonly rounds: number };
  /** Numbers of credentials to plot, ascending, and how many lives each contender has at each. */
  readonly growth: { readonly counts: readonly number[]; readonly rounds: number };
  readonly processes: number;
  /** At most this part of the time of a program that has the traces of the SDK's promises. */
  readonly withoutTraces: number;
  /** A quick run's plot is not the one to keep. */
  readonly plotFile: string;
}

const plans = {
  full: {
    count: 1_000,
    rounds: 3,
    small: { count: 600, rounds: 3 },
    growth: { counts: [100, 200, 500, 1_000, 2_000], rounds: 5 },
    processes: 21,
    withoutTraces: 0.75,
    plotFile: join(import.meta.dirname, "growth.svg"),
  },
  quick: {
    count: 200,
    rounds: 3,
    small: { count: 50, rounds: 3 },
    growth: { counts: [50, 100, 200, 400], rounds: 3 },
    processes: 11,
    // What a command takes before the first resource counts for more in a small stack.
    withoutTraces: 0.95,
    plotFile: join(WORK_FOLDER, "growth.svg"),
  },
} as const satisfies Record<string, Plan>;

const secondsOf = ({ seconds }: Taken) => seconds;
const processorSecondsOf = ({ programSeconds, providerSeconds }: Taken) => programSeconds + providerSeconds;
const megabytesOf = ({ providerMegabytes }: Taken) => providerMegabytes;
const medianOf = (results: Results, step: Step, value: (taken: Taken) => number) =>
  median(results.steps[step].map(value));

/** What the machine had to do besides met both commands of a turn: so they are compared turn by turn. */
function turnByTurn(
  one: Results,
  other: Results,
  step: Step,
  compareTwo: (one: Taken, other: Taken) => number,
): number[] {
  return one.steps[step].map((taken, turn) => compareTwo(taken, other.steps[step][turn] as Taken));
}

function ratioOf(one: Results, other: Results, step: Step): number {
  return median(turnByTurn(one, other, step, (a, b) => a.seconds / b.seconds));
}

async function engineFigures(plan: Plan) {
  const { count, rounds } = plan;
  // Previews and refreshes are short and change nothing: each life takes them several times, since chance counts
  // for more in them.
  const compared = await compare(
    ["ours", "nothing", "oursLate"],
    { count, rounds, repeats: 3, stateWrites: "always" },
    say,
  );
  const { ours, nothing, oursLate } = compared;
  assertAlike(compared);
  const seconds = (results: Results, step: Step) => medianOf(results, step, secondsOf);
  const requests = (step: Step) => Math.max(...ours.steps[step].map((taken) => taken.requests));
  const bounds = { up: 1.1, preview: plan.withoutTraces, refresh: 1.2, destroy: 1.15 } as const;

  const figures: Figure[] = steps.map((step) =>
    ratio(`${step} of ${count}`, step, ours, nothing, bounds[step]),
  );
  figures.push({
    what: `refresh of ${count}, 100 ms latency against none`,
    value: ratioOf(oursLate, ours, "refresh"),
    bound: 1.3,
    unit: "",
    decimals: 2,
    from: `${seconds(oursLate, "refresh").toFixed(1)} s / ${seconds(ours, "refresh").toFixed(1)} s`,
  });
  for (const step of ["up", "destroy"] as const) {
    const waiting = (requests(step) * latencySeconds) / concurrency;
    const without = seconds(ours, step);
    figures.push({
      what: `${step} of ${count}, 100 ms latency`,
      value: seconds(oursLate, step),
      bound: without + waiting,
      unit: "s",
      decimals: 1,
      from: `${without.toFixed(1)} s without, and ${requests(step)} requests × 0.1 s / ${concurrency} = ${waiting.toFixed(1)} s`,
    });
  }
  figures.push({
    what: `requests for an up that creates ${count}`,
    value: requests("up"),
    bound: count + 5,
    unit: "",
    decimals: 0,
    from: "the emulator's ledger",
  });
  const credentials = ours.state.resources.filter(({ type }) => type.endsWith(":Credential"));
  figures.push({
    what: "state bytes for a credential with all outputs",
    value: ours.state.bytes / count,
    bound: 2_600,
    unit: "",
    decimals: 0,
    from: `the whole state file of ${count}`,
  });
  const megabytes = (results: Results) => steps.map((step) => medianOf(results, step, megabytesOf));
  const [mine, theirs] = [megabytes(ours), megabytes(nothing)];
  figures.push({
    what: `memory of the provider process at ${count}, above nothing, most in any command`,
    value: Math.max(...mine) - Math.max(...theirs),
    bound: 40,
    unit: "MB",
    decimals: 0,
    from: steps
      .map((step, index) => `${step} ${mine[index]?.toFixed(0)} - ${theirs[index]?.toFixed(0)}`)
      .join(", "),
  });
  return { figures, parts: partsOf(credentials) };
}

function ratio(what: string, step: Step, ours: Results, theirs: Results, bound: number): Figure {
  const [mine, its] = [medianOf(ours, step, secondsOf), medianOf(theirs, step, secondsOf)];
  return {
    what: `${what}, against nothing`,
    value: ratioOf(ours, theirs, step),
    bound,
    unit: "",
    decimals: 2,
    from: `${mine.toFixed(1)} s / ${its.toFixed(1)} s; the median of ${ours.steps[step].length} ratios`,
  };
}

/** Bytes of state are time, so a program with fewer of them would be another one. */
function assertAlike({ ours, nothing }: Record<"ours" | "nothing", Results>): void {
  const alike = nothing.state.bytes / ours.state.bytes;
  if (alike >= 0.97 && alike <= 1.03) return;
  const outputs = ({ state }: Results) =>
    Object.keys(state.resources.find(({ type }) => type.endsWith(":Credential"))?.outputs ?? {});
  const missing = (from: Results, than: Results) =>
    outputs(than)
      .filter((key) => !outputs(from).includes(key))
      .join(", ");
  throw new Error(
    `The state of the program that does nothing has ${alike.toFixed(3)} of the bytes of ours. ` +
      `Its outputs lack: ${missing(nothing, ours)}. Only it has: ${missing(ours, nothing)}.`,
  );
}

/** A small stack pays most for what is paid once. */
async function smallStackFigures({ small: { count, rounds } }: Plan): Promise<Figure[]> {
  const extent = { count, rounds, repeats: 1, stateWrites: "always" } as const;
  const { ours, nothing } = await compare(["ours", "nothing"], extent, say);
  return [ratio(`up of ${count}`, "up", ours, nothing, 1.2)];
}

/** The program's part, which the engine's writes of the state would hide. */
async function programFigures(plan: Plan): Promise<Figure[]> {
  const { count, rounds, withoutTraces: bound } = plan;
  const extent = { count, rounds, repeats: 3, stateWrites: "end" } as const;
  const { ours, nothing } = await compare(["ours", "nothing"], extent, say);
  return [ratio(`up of ${count}, checkpoints off`, "up", ours, nothing, bound)];
}

/** Ours is compared with a program without traces as well: what is left is our own part. */
async function growthFigures({ growth }: Plan) {
  const points: Point[] = [];
  for (const count of growth.counts) {
    const extent = { count, rounds: growth.rounds, repeats: 1, stateWrites: "end" } as const;
    const { ours, nothingQuiet } = await compare(["ours", "nothingQuiet"], extent, say);
    points.push(pointOf(count, ours, nothingQuiet));
  }
  const last = points.at(-1) as Point;
  const figures: Figure[] = [
    {
      what: `growth of our own part up to ${last.count}, upper half against lower`,
      value: bend(points),
      bound: 1.5,
      unit: "",
      decimals: 2,
      from: `${(slope(points) * 1000).toFixed(1)} ms of a processor for each further one`,
    },
  ];
  return { points, figures };
}

function pointOf(count: number, ours: Results, nothing: Results): Point {
  const sum = (of: (step: Step) => number) => steps.reduce((whole, step) => whole + of(step), 0);
  const own = (value: (taken: Taken) => number) =>
    sum((step) => median(turnByTurn(ours, nothing, step, (a, b) => value(a) - value(b))));
  return {
    count,
    ours: sum((step) => medianOf(ours, step, secondsOf)),
    nothing: sum((step) => medianOf(nothing, step, secondsOf)),
    own: own(processorSecondsOf),
    ownInProvider: own(({ providerSeconds }) => providerSeconds),
  };
}

async function processFigures({ processes }: Plan): Promise<Figure[]> {
  const emulator = await startEmulatorProcess();
  const config = {
    "sftptogo:baseUrl": emulator.url,
    "sftptogo:organizationId": emulator.organizationId,
    "sftptogo:apiKey": emulator.apiKey,
  };
  const measured = inProgramFolder(async (folder) => {
    const imports: number[] = [];
    const first = { ours: [] as number[], nothing: [] as number[] };
    for (let round = 0; round < processes; round++) {
      imports.push(await importMilliseconds(folder));
      for (const variant of ["ours", "nothing"] as const) {
        first[variant].push(await firstHandlerMilliseconds(folder, variant, config));
      }
    }
    const [mine, theirs] = [median(first.ours), median(first.nothing)];
    const mix = { credentials: 1_000, webhooks: 500, shareLinks: 500, sshPublicKeys: 500 };
    const ids = await emulator.add({ ...mix, credentialsWithKeys: 10 });
    return [
      {
        what: "requests for a refresh of 1,000 credentials and 500 each of the others",
        value: await refreshRequests(folder, config, emulator, ids),
        bound: 16,
        unit: "",
        decimals: 0,
        from: "the emulator's ledger; keys on 10 credentials",
      },
      {
        what: "import in a program, above @pulumi/pulumi",
        value: median(imports),
        bound: 20,
        unit: "ms",
        decimals: 1,
        from: `median of ${processes}`,
      },
      {
        what: "first handler ready, above nothing",
        value: median(first.ours.map((milliseconds, round) => milliseconds - (first.nothing[round] ?? 0))),
        bound: 120,
        unit: "ms",
        decimals: 0,
        from: `${mine.toFixed(0)} ms - ${theirs.toFixed(0)} ms, medians of ${processes}`,
      },
    ];
  });
  return measured.finally(emulator.close);
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { quick: { type: "boolean", default: false } } });
  const plan: Plan = values.quick ? plans.quick : plans.full;
  const engine = await engineFigures(plan);
  // Of a run that is broken off, what was measured until then is worth having.
  say(figureTable(engine.figures));
  const program = await programFigures(plan);
  say(figureTable(program));
  const small = await smallStackFigures(plan);
  const processes = await processFigures(plan);
  const growth = await growthFigures(plan);
  const figures = [...engine.figures, ...program, ...small, ...processes, ...growth.figures];
  await writeFile(plan.plotFile, plot(growth.points));
  const parts = [...engine.parts].sort((a, b) => b.bytes - a.bytes);
  const whole = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  process.stdout.write(`${process.platform}, ${availableParallelism()} cores, Node ${process.version}

${figureTable(figures)}

The plot of the growth: ${relative(process.cwd(), plan.plotFile)}

${table(
  ["part of a credential's state", "bytes"],
  [...parts, { what: "together", bytes: whole }].map(({ what, bytes }) => [what, bytes.toFixed(0)]),
)}

${table(
  ["credentials", "ours, s", "nothing, s", "own part, s of a processor", "in the provider process"],
  growth.points.map(({ count, ours, nothing, own, ownInProvider }) => [
    String(count),
    ours.toFixed(1),
    nothing.toFixed(1),
    own.toFixed(2),
    ownInProvider.toFixed(2),
  ]),
)}
`);
  return figures.every(isHeld) ? 0 : 1;
}

process.exitCode = await main();
