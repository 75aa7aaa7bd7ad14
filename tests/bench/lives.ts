/** Lives of stacks on the real engine: the same steps of our program and of the one that does nothing. */
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulatorProcess } from "#emulator";
import { program, type Variant } from "#programs";
import { start } from "../engine/process.ts";
import {
  createStack,
  EngineCommandError,
  STACK_NAME,
  type StateResource,
  type TestStack,
} from "../engine/stack.ts";

export const steps = ["up", "preview", "refresh", "destroy"] as const;
export type Step = (typeof steps)[number];

/** Who takes the same steps as the others. */
export interface Contender {
  readonly name: string;
  readonly variant: Variant;
  /** What each request takes, in milliseconds. */
  readonly latency: number;
}

export const contenders = {
  ours: { name: "ours", variant: "ours", latency: 0 },
  nothing: { name: "nothing", variant: "nothing", latency: 0 },
  nothingQuiet: { name: "nothing, without traces", variant: "nothingQuiet", latency: 0 },
  oursLate: { name: "ours at 100 ms", variant: "ours", latency: 100 },
} as const satisfies Record<string, Contender>;

/** One command of the engine. */
export interface Taken {
  readonly seconds: number;
  /** Requests to the emulator. */
  readonly requests: number;
  /** Seconds of a processor that the program used; the engine itself is in neither. */
  readonly programSeconds: number;
  /** Seconds of a processor that the provider process used. */
  readonly providerSeconds: number;
  /** The most memory that a provider process had. */
  readonly providerMegabytes: number;
}

const commandLines: Readonly<Record<Step, readonly string[]>> = {
  up: ["up", "--yes", "--skip-preview"],
  preview: ["preview"],
  refresh: ["refresh", "--yes", "--skip-preview"],
  destroy: ["destroy", "--yes", "--skip-preview"],
};

export interface State {
  /** Of the whole file. */
  readonly bytes: number;
  readonly resources: readonly StateResource[];
}

/** A program's stack, from its first `up` to its `destroy`. */
export interface Life {
  take(step: Step): Promise<Taken>;
  state(): Promise<State>;
  end(): Promise<void>;
}

export async function beginLife(
  { variant, latency }: Contender,
  { count, stateWrites }: Pick<Extent, "count" | "stateWrites">,
): Promise<Life> {
  const meter = await mkdtemp(join(tmpdir(), "sftptogo-bench-"));
  // Each has a service of its own: two of ours would meet each other's objects.
  const emulator = await startEmulatorProcess();
  await emulator.setLatency(latency);
  const stack = await createStack({
    program: program(variant, count),
    lean: false,
    config: {
      "sftptogo:baseUrl": emulator.url,
      "sftptogo:organizationId": emulator.organizationId,
      "sftptogo:apiKey": { secret: emulator.apiKey },
    },
    env: {
      BENCH_METER: meter,
      ...(stateWrites === "end" ? stateWritesAtEnd : {}),
      NODE_OPTIONS: `--require ${JSON.stringify(join(import.meta.dirname, "meter.cjs"))}`,
    },
  });
  return {
    async take(step) {
      await clear(meter);
      await emulator.countRequests();
      const seconds = await run(stack, commandLines[step]);
      return { seconds, requests: await emulator.countRequests(), ...(await readMeter(meter)) };
    },
    async state() {
      const file = join(stack.folder, "state/.pulumi/stacks", stack.project, `${STACK_NAME}.json`);
      const { resources = [] } = await stack.exportState();
      return { bytes: (await stat(file)).size, resources };
    },
    async end() {
      await stack.dispose();
      await emulator.close();
      await rm(meter, { recursive: true, force: true });
    },
  };
}

/** As `TestStack.expect`, with the time that a thousand resources need. */
async function run({ engine, env, folder }: TestStack, args: readonly string[]): Promise<number> {
  const all = [...args, "--non-interactive", "--color=never"];
  const result = await start(engine.pulumi, all, { cwd: folder, env, timeoutSeconds: 1800 }).result;
  if (result.code !== 0) throw new EngineCommandError(args, result);
  return result.seconds;
}

interface Metered {
  readonly isProvider: boolean;
  readonly seconds: number;
  readonly megabytes: number;
}

async function readMeter(folder: string): Promise<Omit<Taken, "seconds" | "requests">> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".json"));
  const processes = await Promise.all(
    names.map(async (name) => JSON.parse(await readFile(join(folder, name), "utf8")) as Metered),
  );
  const providers = processes.filter(({ isProvider }) => isProvider);
  const programs = processes.filter(({ isProvider }) => !isProvider);
  const sum = (of: readonly Metered[]) => of.reduce((whole, { seconds }) => whole + seconds, 0);
  return {
    programSeconds: sum(programs),
    providerSeconds: sum(providers),
    providerMegabytes: Math.max(0, ...providers.map(({ megabytes }) => megabytes)),
  };
}

async function clear(folder: string): Promise<void> {
  for (const name of await readdir(folder)) await rm(join(folder, name), { force: true });
}

/** What a contender's steps took, round by round, and what its state was after the last `up`. */
export interface Results {
  readonly steps: Readonly<Record<Step, Taken[]>>;
  state: State;
}

/** How many credentials, and how much of each. */
export interface Extent {
  readonly count: number;
  /** Lives of each contender. */
  readonly rounds: number;
  /** How often a life takes each of the steps that change nothing. */
  readonly repeats: number;
  /**
   * When the engine writes its state: `always`, around each step as users have it, or at the `end` of a command.
   * The writes grow with the square of the number of resources, and would bury everything else.
   */
  readonly stateWrites: "always" | "end";
}

const stateWritesAtEnd = { PULUMI_EXPERIMENTAL: "true", PULUMI_SKIP_CHECKPOINTS: "true" };

/** All lives step by step, so that what else the machine does meets each of them. */
export async function compare<Name extends keyof typeof contenders>(
  names: readonly Name[],
  extent: Extent,
  report: (line: string) => void,
): Promise<Record<Name, Results>> {
  const results = Object.fromEntries(names.map((name) => [name, noResults()])) as Record<Name, Results>;
  for (let round = 0; round < extent.rounds; round++) {
    const lives: [Name, Life][] = [];
    try {
      // Each is first in some round: the first pays for what the machine has not in memory.
      for (const [index] of names.entries()) {
        const name = names[(index + round) % names.length] as Name;
        lives.push([name, await beginLife(contenders[name], extent)]);
      }
      for (const [step, name, life] of turns(lives, extent.repeats)) {
        const taken = await life.take(step);
        results[name].steps[step].push(taken);
        if (step === "up") results[name].state = await life.state();
        report(
          `${extent.count} credentials, ${step}, ${contenders[name].name}: ${taken.seconds.toFixed(1)} s`,
        );
      }
    } finally {
      for (const [, life] of lives) await life.end();
    }
  }
  return results;
}

function* turns<Name>(lives: readonly [Name, Life][], repeats: number): Generator<[Step, Name, Life]> {
  for (const step of steps) {
    const times = step === "preview" || step === "refresh" ? repeats : 1;
    for (let time = 0; time < times; time++) {
      for (const [name, life] of lives) yield [step, name, life];
    }
  }
}

function noResults(): Results {
  return { steps: { up: [], preview: [], refresh: [], destroy: [] }, state: { bytes: 0, resources: [] } };
}
