/** One life of a rotating credential, disturbed at one point; on the small engine and on the real one. */
import type { Emulator, LedgerEntry, OperationName } from "../../provider/emulator/index.js";
import { Clients, type GivenOut, type Outputs } from "./clients.ts";

export const graceDays = 7;

/** Where a turn is disturbed: at a request, by its place among those of its kind. */
export interface Point {
  readonly turn: "rotation" | "closing";
  readonly operation: OperationName;
  /** So many of them are let through. */
  readonly skip: number;
  readonly trouble: "kill" | "reset" | "503";
  readonly when: "before" | "after";
}

/** An engine with a program that has one rotating credential, `acme-incoming`. */
export interface Rig {
  readonly emulator: Emulator;
  now(): number;
  up(triggers: number): Promise<{ readonly isDone: boolean; readonly printed: string }>;
  /** As the state has them; `undefined` before there are any. */
  outputs(): Promise<Outputs | undefined>;
  passDays(days: number): Promise<void>;
  arm(point: Point): void;
  calm(): void;
}

export interface Verdict {
  readonly outages: readonly string[];
  /** How often a client was asked. */
  readonly asked: number;
  /** What else is not as promised. */
  readonly broken: readonly string[];
  /** The disturbed requests that the turn really made. */
  readonly met: number;
  /** The requests of each turn, in order. */
  readonly turns: Readonly<Record<Point["turn"], readonly LedgerEntry[]>>;
}

export async function live(rig: Rig, point?: Point): Promise<Verdict> {
  const clients = new Clients(rig.emulator, rig.now);
  const broken: string[] = [];
  const turns: Record<Point["turn"], LedgerEntry[]> = { rotation: [], closing: [] };
  let met = 0;

  async function learn(): Promise<Outputs | undefined> {
    const outputs = await rig.outputs();
    if (outputs !== undefined) clients.learn(outputs);
    return outputs;
  }

  async function up(triggers: number, turn?: Point["turn"]): Promise<Outputs> {
    const from = rig.emulator.ledger.length;
    const isDisturbed = point !== undefined && turn === point.turn;
    if (isDisturbed) rig.arm(point);
    for (let attempt = 0; ; attempt++) {
      const { isDone, printed } = await rig.up(triggers);
      const entries = rig.emulator.ledger.slice(from);
      if (attempt === 0 && turn !== undefined) turns[turn].push(...entries);
      if (isDisturbed && attempt === 0) met = entries.filter(({ fault }) => fault !== undefined).length;
      rig.calm();
      const outputs = await learn();
      if (isDone && outputs !== undefined) return outputs;
      if (attempt === 3) throw new Error(`no up came to an end:\n${printed}`);
    }
  }

  const stateOf = ({ userName }: GivenOut) => rig.emulator.data.findCredential(userName)?.State;
  const first = (await up(1)).active;
  if (acted(rig.emulator, "rotatePassword") > 0) broken.push("the first create rotated");

  const second = (await up(2, "rotation")).active;
  if (second.userName === first.userName) broken.push("the same login is active after a rotation");
  const writes = () => rig.emulator.ledger.filter(({ method }) => method !== "GET").length;
  const before = writes();
  await up(2);
  if (writes() !== before) broken.push("an up within the grace wrote");
  const refused = await rig.up(3);
  await learn();
  if (refused.isDone || !/works until \d{4}-\d\d-\d\d \d\d:\d\d UTC/.test(refused.printed)) {
    broken.push(`a rotation within the grace: ${refused.printed}`);
  }
  if (writes() !== before) broken.push("a rotation within the grace wrote");

  await rig.passDays(graceDays / 2);
  await up(2);
  if (stateOf(first) !== "active") broken.push("the previous login was closed within its grace");
  await rig.passDays(graceDays / 2 + 0.1);
  await up(2, "closing");
  if (stateOf(first) !== "inactive") broken.push(`the previous login is ${stateOf(first)} after its grace`);

  const third = (await up(3)).active;
  if (third.userName !== first.userName) broken.push("the third login is not the first one's");
  if (third.password === first.password) broken.push("the third password is the first one");
  if (!clients.works(second)) broken.push("the second login does not work within its grace");
  return { outages: clients.outages, asked: clients.asked, broken, met, turns };
}

/** Every request of both turns, spoilt before and after the server acts, and the process killed there. */
export function pointsOf(turns: Verdict["turns"]): Point[] {
  return (Object.keys(turns) as Point["turn"][]).flatMap((turn) => {
    const seen = new Map<string, number>();
    return turns[turn].flatMap(({ operation, method }) => {
      if (operation === "unknown") return [];
      const skip = seen.get(operation) ?? 0;
      seen.set(operation, skip + 1);
      const whens = method === "GET" ? (["before"] as const) : (["before", "after"] as const);
      return (["kill", "reset", "503"] as const).flatMap((trouble) =>
        whens.map((when): Point => ({ turn, operation, skip, trouble, when })),
      );
    });
  });
}

export function titleOf({ turn, operation, skip, trouble, when }: Point): string {
  const name = { kill: "killed", reset: "connection reset", "503": "503" }[trouble];
  return `${turn}: ${name} ${when} ${operation} ${skip + 1}`;
}

function acted({ ledger }: Emulator, operation: OperationName): number {
  return ledger.filter((entry) => entry.operation === operation && entry.acted).length;
}
