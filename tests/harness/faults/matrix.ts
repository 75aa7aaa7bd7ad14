/** Every scene times every fault on every operation of its kinds, before and after the server acted. */
import { addBystanders, type Scene, scenes } from "#scenes";
import {
  canary,
  canaryKey,
  type Found,
  openWorld,
  type Trouble,
  type World,
  type WorldOptions,
} from "#world";
import type { OperationName } from "../../../provider/emulator/index.js";
import type { Kind } from "../../../provider/protocol/kinds.js";
import { isRotation, type Program } from "../stage/program.ts";
import { changesOf, type Report } from "../stage/stage.ts";

/** One turn, disturbed or not. */
export interface Cell {
  readonly scene: Scene;
  /** What is disturbed; `undisturbed` for none. */
  readonly operation: OperationName | "undisturbed";
  /** In the turn itself: none, one, or a second one for what the first leads to. */
  readonly troubles: readonly Trouble[];
  /** In what the user does first about it. */
  readonly again?: Trouble;
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
  /** The turn never asks for what would have been disturbed: it goes as when undisturbed. */
  readonly unmet: boolean;
}

const inFiveSeconds = "Wed, 01 Jul 2026 12:00:05 GMT";
const status = (code: number, retryAfter?: number | string): readonly [string, Trouble] => [
  `status ${code}${retryAfter === undefined ? "" : ` Retry-After ${retryAfter}`}`,
  { name: "status", status: code, ...(retryAfter !== undefined && { retryAfter }) },
];

/** A refusal that repeats what was sent, in another encoding; the body is filled in when it is armed. */
export const echoes: Readonly<Record<string, (text: string) => string>> = {
  plain: (text) => text,
  base64: (text) => Buffer.from(text).toString("base64"),
  hex: (text) => Buffer.from(text).toString("hex"),
  HTML: (text) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`),
  "JSON in JSON": (text) => JSON.stringify(JSON.stringify(text)),
  "URL twice": (text) => encodeURIComponent(encodeURIComponent(text)),
};

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
  ...Object.keys(echoes).map((echo): readonly [string, Trouble] => [
    `echo in ${echo}`,
    { name: "status", status: 422, echo },
  ]),
]);

/** Which kinds' turns may ask for an operation, by the API's reference; nothing is taken from what the product sends. */
const askedBy: Readonly<Record<OperationName, readonly Kind[]>> = {
  listCredentials: [
    "Credential",
    "SshPublicKey",
    "Webhook",
    "ShareLink",
    "PasswordRotation",
    "SshPublicKeySet",
  ],
  createCredential: ["Credential"],
  getCredential: ["Credential", "SshPublicKey", "PasswordRotation", "SshPublicKeySet"],
  updateCredential: ["Credential"],
  updateInboundRules: ["Credential"],
  deleteCredential: ["Credential"],
  rotatePassword: ["PasswordRotation"],
  setPassword: ["PasswordRotation"],
  listSshPublicKeys: ["SshPublicKey", "SshPublicKeySet"],
  addSshPublicKey: ["SshPublicKey", "SshPublicKeySet"],
  removeSshPublicKey: ["SshPublicKey", "SshPublicKeySet"],
  listWebhooks: ["Webhook"],
  createWebhook: ["Webhook"],
  updateWebhook: ["Webhook"],
  deleteWebhook: ["Webhook"],
  listShareLinks: ["ShareLink"],
  createShareLink: ["ShareLink"],
  getShareLink: ["ShareLink"],
  updateShareLink: ["ShareLink"],
  deleteShareLink: ["ShareLink"],
};
const operations = Object.keys(askedBy) as OperationName[];

function operationsOf({ before, after = [] }: Scene): OperationName[] {
  const kinds = new Set([...before, ...after].map(({ kind }) => kind));
  return operations.filter((operation) => askedBy[operation].some((kind) => kinds.has(kind)));
}

const isRead = (operation: string) => /^(list|get)/.test(operation);

/** All cells: every scene times the operations of its kinds, the faults and the places where they can be met. */
export function allCells(): Cell[] {
  return scenes.flatMap((scene) => [...calmCells(scene), ...singleCells(scene), ...doubleCells(scene)]);
}

export function recoveriesOf({ needsRefresh }: Scene): readonly Recovery[] {
  return needsRefresh ? ["refresh and up", "destroy"] : recoveries;
}

/** In turn, so that each fault meets each of them somewhere. */
function recoveryOf(scene: Scene, index: number): Recovery {
  const possible = recoveriesOf(scene);
  return possible[index % possible.length] ?? "refresh and up";
}

function calmCells(scene: Scene): Cell[] {
  return recoveriesOf(scene).map((recovery) => ({
    scene,
    operation: "undisturbed",
    troubles: [],
    label: `${scene.name}: undisturbed, then ${recovery}`,
    recovery,
  }));
}

function singleCells(scene: Scene): Cell[] {
  const cells: Cell[] = [];
  for (const operation of operationsOf(scene)) {
    for (const [fault, trouble] of troubles) {
      if (fault.endsWith("cut-list") && !operation.startsWith("list")) continue;
      for (const when of isRead(operation) ? (["before"] as const) : (["before", "after"] as const)) {
        for (const { times, skip, often } of meetings) {
          if (fault === "kill" && times !== 1) continue;
          if (trouble.echo !== undefined && skip + times !== 1) continue;
          const place = isRead(operation) ? "" : ` ${when}`;
          const recovery = recoveryOf(scene, cells.length);
          const label = `${scene.name}: ${operation} ${fault}${place} ${often}, then ${recovery}`;
          cells.push({
            scene,
            operation,
            troubles: [{ ...trouble, when, times, skip, operation }],
            label,
            recovery,
          });
        }
      }
    }
  }
  return cells;
}

const firsts = ["reset", "status 503", "kill"];
const seconds = ["status 500", "empty", "silent-cut-list"];

/**
 * Two in a row: an answer to a write is lost, and the read that looks for it is spoilt, too, or what the user does
 * about it is.
 */
function doubleCells(scene: Scene): Cell[] {
  const cells: Cell[] = [];
  const possible = operationsOf(scene);
  for (const operation of possible.filter((each) => !isRead(each))) {
    for (const first of firsts) {
      const trouble: Trouble = { ...troubleOf(first), when: "after", operation };
      for (const second of seconds) {
        for (const other of possible) {
          if (!isRead(other) && other !== operation) continue;
          if (second.endsWith("cut-list") && !other.startsWith("list")) continue;
          const next = { ...troubleOf(second), operation: other };
          const both = `${operation} ${first} after, ${other} ${second}`;
          const recovery = recoveryOf(scene, cells.length);
          if (first !== "kill" && isRead(other)) {
            cells.push({
              scene,
              operation,
              troubles: [trouble, { ...next, after: operation, times: 2 }],
              label: `${scene.name}: ${both} twice, then ${recovery}`,
              recovery,
            });
          }
          const later = recoveryOf({ ...scene, needsRefresh: true }, cells.length);
          cells.push({
            scene,
            operation,
            troubles: [trouble],
            again: { ...next, when: isRead(other) ? "before" : "after" },
            label: `${scene.name}: ${both} when it is tried again, then ${later}`,
            recovery: later,
          });
        }
      }
    }
  }
  return cells;
}

function troubleOf(label: string): Trouble {
  const trouble = troubles.get(label);
  if (trouble === undefined) throw new Error(`there is no trouble ${label}`);
  return trouble;
}

/**
 * What cannot be told apart by anybody. A list of webhooks that lacks one with no sign of it: the API has no read by
 * id to ask, as for the others, and no count, as for keys. And two answers that agree: a 404 by id, beside a list
 * that has the object not yet; or a 429, by which a service says that it did nothing, beside such a list.
 */
export function isPromised({
  scene,
  troubles,
  again,
}: Pick<Cell, "troubles" | "again"> & Partial<Cell>): boolean {
  return [...troubles, ...(again ? [again] : [])].every(({ name, operation, status, after, when, times }) => {
    if (operation === "listWebhooks" && name === "silent-cut-list") return false;
    const isLate = scene?.dialects?.some((dialect) => dialect.includes("late"));
    const isGone = status === 404 && name === "status" && String(operation).startsWith("get");
    const isTurnedAway = status === 429 && when === "after" && !isRead(String(operation));
    // The count may be stale, so that three lists that agree are believed.
    const isCutForEver =
      operation === "listSshPublicKeys" && name === "silent-cut-list" && times === Number.POSITIVE_INFINITY;
    const isCutTwice = after !== undefined && name === "silent-cut-list";
    return !((isGone || isTurnedAway) && isLate) && !isCutTwice && !isCutForEver;
  });
}

/** Once at each of three requests, twice, and as long as it lasts. */
const meetings = [
  ...[0, 1, 2].map((skip) => ({ times: 1, skip, often: `at ${skip + 1}` })),
  { times: 2, skip: 0, often: "twice" },
  { times: Number.POSITIVE_INFINITY, skip: 0, often: "for ever" },
];

/** How often the undisturbed turn asks for each operation; so that cells that meet nothing need not be run. */
async function requestsOf(scene: Scene, options: WorldOptions): Promise<ReadonlyMap<string, number>> {
  const world = await openWorld({ ...options, seed: 1, dialects: scene.dialects ?? [] });
  try {
    await prepare(world, scene);
    const from = world.emulator.ledger.length;
    await act(world, scene);
    const counts = new Map<string, number>();
    for (const { operation } of world.emulator.ledger.slice(from)) {
      counts.set(operation, (counts.get(operation) ?? 0) + 1);
    }
    return counts;
  } catch {
    // A mutant may fail before it gets there: its cells are run all the same.
    return new Map(operations.map((operation) => [operation, 1]));
  } finally {
    await world.close();
  }
}

async function prepare(world: World, scene: Scene): Promise<void> {
  addBystanders(world.emulator.data);
  scene.foreign?.(world.emulator.data);
  world.claimForeign();
  world.mayRotate(rotationsIn(scene.before));
  const { failures } = await world.up(scene.before);
  for (const error of failures.values()) throw error;
  world.mayRotate((scene.rotations ?? 0) + (scene.mayRepeat ?? 0));
  world.mayDelete((scene.removes ?? []).flatMap((name) => world.idsOf(world.engine.state.get(name))));
  await scene.between?.(world);
  world.mayDelete((scene.removesKeys ?? []).flatMap((body) => world.keysOfBody(body)));
}

/** Those that generate a password; the others set one. */
function rotationsIn(program: Program): number {
  return program.filter(({ kind, args }) => kind === "PasswordRotation" && args.password === undefined)
    .length;
}

function programOf(world: World, scene: Scene): Program {
  const after = scene.after ?? scene.before;
  const id = scene.importId?.(world.emulator.data);
  return after.map((each, index) => (id && index === after.length - 1 ? { ...each, import: id } : each));
}

function act(world: World, scene: Scene): Promise<Report> {
  const { after, replace, amid } = scene;
  if (amid) world.amid(amid.operation, () => amid.act(world));
  if (after === undefined) return world.refresh();
  return world.up(programOf(world, scene), replace === undefined ? {} : { replace: [replace] });
}

/** What a refusal of this operation repeats: the key and, where it is a write, what was sent. */
function echoOf({ after, before }: Scene, { operation, echo }: Trouble): object {
  const encode = echoes[echo ?? "plain"] ?? String;
  const sent = isRead(String(operation)) || String(operation).startsWith("delete") ? [] : (after ?? before);
  const values = sent.flatMap(({ args }) => Object.values(args)).filter((value) => typeof value === "string");
  const secrets = values.filter((value) => value.includes(canary));
  return { message: `Refused: ${[canaryKey, ...secrets].map(encode).join(" ")}` };
}

function arm(world: World, scene: Scene, trouble: Trouble): void {
  world.arm(trouble.echo === undefined ? trouble : { ...trouble, body: echoOf(scene, trouble) });
}

/** `counts`: how often the undisturbed turn asks for each operation. */
export async function runCell(
  cell: Cell,
  options: WorldOptions,
  counts?: ReadonlyMap<string, number>,
): Promise<Verdict> {
  const { scene, troubles: armed, again, recovery, operation } = cell;
  const [first] = armed;
  const known = counts?.get(operation) ?? 0;
  if (counts !== undefined && first !== undefined && known <= (first.skip ?? 0)) {
    return { cell, found: [], refused: false, unresolved: false, unmet: true };
  }
  const world = await openWorld({ ...options, dialects: scene.dialects ?? [] });
  let refused = false;
  let unresolved = false;
  try {
    await prepare(world, scene);
    let program = programOf(world, scene);
    const from = world.emulator.ledger.length;
    for (const trouble of armed) arm(world, scene, trouble);
    const report = await act(world, scene);
    world.calm();
    excuseRotation(world, report, from);
    world.leaveAlone();
    world.judgeForgotten(from, report.killed);
    await scene.afterwards?.(world);
    // Whoever knows that lists are late waits for them.
    if (scene.dialects !== undefined) await world.clock.sleep(5_000);

    let excused = world.excusedLoose(from, report.killed);
    if (again !== undefined) {
      const then = world.emulator.ledger.length;
      arm(world, scene, again);
      const tried = await (recovery === "refresh and up" ? world.refresh() : world.up(program));
      world.calm();
      excuseRotation(world, tried, then);
      const offers = offersOf(world, tried);
      if (offers.size > 0) refused = true;
      program = withImports(program, offers);
      excused = new Set([...excused, ...world.excusedLoose(then, tried.killed)]);
    }

    if (recovery === "destroy") {
      unresolved = excused.size > 0;
    } else {
      if (recovery === "refresh and up") {
        const { failures } = await world.refresh();
        for (const [name, error] of failures)
          world.harm("not made whole", `refresh ${name}: ${error.message}`);
      }
      const inTheWay = new Set<string>();
      for (let attempt = 0; ; attempt++) {
        const tried = await world.up(program);
        const offers = offersOf(world, tried);
        if (offers.size > 0 && attempt < 2) {
          refused = true;
          program = withImports(program, offers);
          continue;
        }
        for (const [name, error] of tried.failures) {
          if (isForeignOffer(world, error)) inTheWay.add(name);
          else world.harm("not made whole", `up ${name}: ${error.message}`);
        }
        break;
      }
      const changes = changesOf(await world.up(program));
      if (world.hasSpoiltDelete(from) || scene.needsRefresh) {
        // Killed, or told a lie, in the middle of a delete; or somebody did something in the meantime.
        await world.refresh();
        await world.up(program);
      }
      // Without a refresh a credential's own output is the one from before the rotation.
      const isRotated = [...scene.before, ...program].some(isRotation);
      world.judgeWhole(program, inTheWay, isRotated);
      world.judgeAtLeast(rotationsIn(scene.before) + (scene.rotations ?? 0));
      if (changes.length > 0) world.harm("not made whole", `changes again: ${changes.join(", ")}`);
      excused = new Set();
    }

    world.mayDelete([...world.engine.state.values()].flatMap((each) => world.idsOf(each)));
    const { failures } = await world.destroy();
    for (const [name, error] of failures) world.harm("not made whole", `destroy ${name}: ${error.message}`);
    world.judgeOrphans(excused);
    world.judgeRotations();
    return { cell, found: [...world.found], refused, unresolved, unmet: false };
  } finally {
    await world.close();
  }
}

/**
 * One that was done and whose answer was spoilt, so that it failed; or the process died before it said so, and the
 * engine knows of none: the next `up` rotates.
 */
function excuseRotation(world: World, { killed, failures }: Report, from: number): void {
  const isLost = killed ? world.hasRotation(from) : failures.size > 0 && world.hasSpoiltRotation(from);
  if (isLost) world.mayRotate(1);
}

const option = /\{ import: "([^"]+)" \}/;

/** The import options that failures offer, unless they are for somebody else's objects. */
export function offersOf(world: World, { failures }: Report): ReadonlyMap<string, string> {
  const offers = [...failures].flatMap(([name, { message }]) => {
    const id = option.exec(message)?.[1];
    return id === undefined || world.isForeign(id) ? [] : [[name, id] as const];
  });
  return new Map(offers);
}

function withImports(program: Program, offers: ReadonlyMap<string, string>): Program {
  return program.map((each) => ({ ...each, import: offers.get(each.name) ?? each.import }));
}

export function isForeignOffer(world: World, { message }: Error): boolean {
  const id = option.exec(message)?.[1];
  return id !== undefined && world.isForeign(id);
}

const atOnce = 24;

/** Runs cells, some at a time: most of their time is waiting. `done` may say that it is enough. */
export async function runCells(
  cells: readonly Cell[],
  options: WorldOptions,
  done: (verdict: Verdict) => unknown,
  limit?: number,
): Promise<void> {
  const queue = cells.map((cell, index) => ({ cell, seed: options.seed + index }));
  const counts = new Map<Scene, Promise<ReadonlyMap<string, number>>>();
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const { cell, seed } = next;
      let own = counts.get(cell.scene);
      if (own === undefined && cell.troubles.length > 0) {
        own = requestsOf(cell.scene, options);
        counts.set(cell.scene, own);
      }
      const verdict = runCell(cell, { ...options, seed }, await own);
      if (done(await (limit === undefined ? verdict : within(limit, cell, verdict))) === true)
        queue.length = 0;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

/** A cell that takes longer says nothing. */
function within(milliseconds: number, cell: Cell, verdict: Promise<Verdict>): Promise<Verdict> {
  const over: Verdict = { cell, found: [], refused: false, unresolved: false, unmet: true };
  return Promise.race([verdict, new Promise<Verdict>((resolve) => setTimeout(resolve, milliseconds, over))]);
}
