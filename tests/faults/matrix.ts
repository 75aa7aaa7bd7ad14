/** Every scene times every fault on every operation it needs, before and after the server acted. */
import { addBystanders, type Scene, scenes } from "#scenes";
import { type Found, openWorld, type Trouble, type World, type WorldOptions } from "#world";
import type { Program } from "../stage/program.ts";
import { changesOf, type Report } from "../stage/stage.ts";

/** One disturbed turn. */
export interface Cell {
  readonly scene: Scene;
  readonly operation: string;
  readonly trouble: Trouble;
  readonly label: string;
  readonly recovery: Recovery;
}

/** What a user does when the fault is over. */
const recoveries = ["up", "refresh and up", "destroy"] as const;
type Recovery = (typeof recoveries)[number];

/** How a cell went. */
export interface Verdict {
  readonly cell: Cell;
  readonly found: readonly Found[];
  /** The next `up` refused and printed the import option, which made the one after that whole. */
  readonly refused: boolean;
  /** Nothing could be told: after a create that was neither answered nor found, a destroy knows of nothing. */
  readonly unresolved: boolean;
}

const inFiveSeconds = "Wed, 01 Jul 2026 12:00:05 GMT";
const status = (code: number, retryAfter?: number | string): readonly [string, Trouble] => [
  `status ${code}${retryAfter === undefined ? "" : ` Retry-After ${retryAfter}`}`,
  { name: "status", status: code, ...(retryAfter !== undefined && { retryAfter }) },
];

/** By their labels. */
export const troubles: ReadonlyMap<string, Trouble> = new Map([
  ...[400, 401, 403, 404, 408, 409, 422, 429, 500, 502, 503, 504].map((code) => status(code)),
  ...[429, 503].flatMap((code) => [2, inFiveSeconds, 100_000].map((after) => status(code, after))),
  ...(
    [
      "reset",
      "close",
      "slow",
      "drip",
      "truncated",
      "html",
      "wrong-json",
      "empty",
      "wrong-shape",
      "cut-list",
      "silent-cut-list",
      "redirect",
      "huge",
      "wrong-type",
      "kill",
    ] as const
  ).map((name): readonly [string, Trouble] => [name, { name }]),
  ["html 404", { name: "html", status: 404 }],
  ["html 502", { name: "html", status: 502 }],
]);

/** All cells; the operations of a scene are those that an undisturbed run is seen to use. */
export async function cellsOf(options: Omit<WorldOptions, "seed">): Promise<Cell[]> {
  const cells: Cell[] = [];
  for (const scene of scenes) {
    const used = await operationsOf(scene, options);
    for (const [operation, count] of used) {
      for (const [fault, trouble] of troubles) {
        const isList = operation.startsWith("list");
        if (fault.endsWith("cut-list") && !isList) continue;
        const isRead = isList || operation.startsWith("get");
        for (const when of isRead ? (["before"] as const) : (["before", "after"] as const)) {
          for (const { times, skip, often } of meetings(count)) {
            if (fault === "kill" && times !== 1) continue;
            const armed = { ...trouble, when, times, skip, operation } as Trouble;
            const place = isRead ? "" : ` ${when}`;
            // In turn, so that each fault meets each of them somewhere.
            const recovery = recoveries[cells.length % recoveries.length] ?? "up";
            const label = `${scene.name}: ${operation} ${fault}${place} ${often}, then ${recovery}`;
            cells.push({ scene, operation, trouble: armed, label, recovery });
          }
        }
      }
    }
  }
  return cells;
}

/**
 * A list of webhooks that lacks one with no sign of it cannot be told from one that is whole: the API has no
 * read by id to ask, as for the others, and no count, as for keys.
 */
export function isPromised({ operation, trouble }: Pick<Cell, "operation" | "trouble">): boolean {
  return !(operation === "listWebhooks" && trouble.name === "silent-cut-list");
}

/** Once at each of the requests (up to three), twice, and as long as it lasts. */
function meetings(count: number) {
  return [
    ...Array.from({ length: Math.min(count, 3) }, (_, skip) => ({ times: 1, skip, often: `at ${skip + 1}` })),
    { times: 2, skip: 0, often: "twice" },
    { times: Number.POSITIVE_INFINITY, skip: 0, often: "for ever" },
  ];
}

async function operationsOf(scene: Scene, options: Omit<WorldOptions, "seed">): Promise<Map<string, number>> {
  const world = await openWorld({ ...options, seed: 1 });
  try {
    await prepare(world, scene);
    const from = world.emulator.ledger.length;
    await act(world, scene);
    const counts = new Map<string, number>();
    for (const { operation } of world.emulator.ledger.slice(from)) {
      counts.set(operation, (counts.get(operation) ?? 0) + 1);
    }
    return counts;
  } finally {
    await world.emulator.close();
  }
}

async function prepare(world: World, scene: Scene): Promise<void> {
  addBystanders(world.emulator.data);
  scene.foreign?.(world.emulator.data);
  world.claimForeign();
  world.mayRotate(rotationsBefore(scene));
  const { failures } = await world.run((engine) => engine.up(scene.before), scene.before);
  for (const error of failures.values()) throw error;
  world.mayRotate(scene.rotations ?? 0);
  world.mayDelete((scene.removes ?? []).flatMap((name) => world.engine.state.get(name)?.id ?? []));
}

function rotationsBefore(scene: Scene): number {
  return scene.before.filter(({ kind }) => kind === "PasswordRotation").length;
}

function programOf(world: World, scene: Scene): Program {
  const after = scene.after ?? scene.before;
  const id = scene.importId?.(world.emulator.data);
  return after.map((each, index) => (id && index === after.length - 1 ? { ...each, import: id } : each));
}

function act(world: World, scene: Scene): Promise<Report> {
  const program = programOf(world, scene);
  const { after, replace } = scene;
  return world.run(
    (engine) =>
      after ? engine.up(program, replace === undefined ? {} : { replace: [replace] }) : engine.refresh(),
    program,
  );
}

export async function runCell(cell: Cell, options: WorldOptions): Promise<Verdict> {
  const { scene, trouble, recovery } = cell;
  const world = await openWorld(options);
  let refused = false;
  let unresolved = false;
  try {
    await prepare(world, scene);
    let program = programOf(world, scene);
    world.arm(trouble);
    const report = await act(world, scene);
    world.calm();
    if (isRotationInDoubt(report)) world.mayRotate(1);

    if (recovery === "destroy") {
      unresolved = world.hasLoose();
    } else {
      if (recovery === "refresh and up") {
        const { failures } = await world.run((engine) => engine.refresh(), program);
        for (const [name, error] of failures)
          world.harm("not made whole", `refresh ${name}: ${error.message}`);
      }
      for (let attempt = 0; ; attempt++) {
        const { failures } = await world.run((engine) => engine.up(program), program);
        const offers = [...failures].flatMap(([name, error]) => offerOf(world, name, error));
        if (offers.length > 0 && attempt < 2) {
          refused = true;
          program = program.map((each) => ({
            ...each,
            import: offers.find(([name]) => name === each.name)?.[1] ?? each.import,
          }));
          continue;
        }
        for (const [name, error] of failures) {
          if (scene.refused && isForeignOffer(world, error)) continue;
          world.harm("not made whole", `up ${name}: ${error.message}`);
        }
        break;
      }
      const changes = changesOf(await world.run((engine) => engine.up(program), program));
      if (world.hasMissing()) {
        // Killed, or told a lie, in the middle of a delete.
        await world.run((engine) => engine.refresh(), program);
        await world.run((engine) => engine.up(program), program);
      }
      world.judgeDeclaredSecrets(program);
      world.judgeAtLeast(rotationsBefore(scene) + (scene.rotations ?? 0));
      if (changes.length > 0) world.harm("not made whole", `changes again: ${changes.join(", ")}`);
    }

    world.mayDelete([...world.engine.state.values()].map(({ id }) => id));
    const { failures } = await world.run((engine) => engine.destroy(), []);
    for (const [name, error] of failures) world.harm("not made whole", `destroy ${name}: ${error.message}`);
    if (!unresolved) world.judgeOrphans();
    world.judgeRotations();
    return { cell, found: [...world.found], refused, unresolved };
  } finally {
    await world.emulator.close();
  }
}

/** A kill, or an error that says so: the next `up` rotates, once more if it was done. */
function isRotationInDoubt({ killed, failures }: Report): boolean {
  return killed || [...failures.values()].some(({ message }) => message.includes("once more if it was"));
}

const option = /\{ import: "([^"]+)" \}/;

/** The import option that a failure offers, unless it is for somebody else's object. */
export function offerOf(world: World, name: string, { message }: Error): [string, string][] {
  const id = option.exec(message)?.[1];
  return id === undefined || world.isForeign(id) ? [] : [[name, id]];
}

function isForeignOffer(world: World, { message }: Error): boolean {
  const id = option.exec(message)?.[1];
  return id !== undefined && world.isForeign(id);
}

const atOnce = 24;

/** Runs cells, some at a time: most of their time is waiting. */
export async function runCells(
  cells: readonly Cell[],
  options: WorldOptions,
  done: (verdict: Verdict) => void,
): Promise<void> {
  const queue = cells.map((cell, index) => ({ cell, seed: options.seed + index }));
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      done(await runCell(next.cell, { ...options, seed: next.seed }));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
