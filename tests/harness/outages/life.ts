/** One life of a rotating credential, disturbed at one point; on the small engine and on the real one. */
import type { Emulator, LedgerEntry, OperationName } from "../../../provider/emulator/index.js";
import { Clients, type GivenOut, type Outputs } from "./clients.ts";

export const graceDays = 7;

/** Where a turn is disturbed: at a request, by its place among those of its kind. */
export interface Point {
  readonly turn: string;
  readonly operation: OperationName;
  /** So many of them are let through. */
  readonly skip: number;
  /** `engine`: the command is killed, and the provider process lives on and does what it was about to do. */
  readonly trouble: "kill" | "engine" | "reset" | "503";
  readonly when: "before" | "after";
}

/** An engine with a program that has one rotating credential, `acme-incoming`. */
export interface Rig {
  readonly emulator: Emulator;
  /** The service's time, which decides in the end. */
  now(): number;
  /** How long after the end of a grace an `up` closes the previous login: longer where two clocks differ. */
  readonly closingDays: number;
  up(triggers: number): Promise<{ readonly isDone: boolean; readonly printed: string }>;
  /** As the state has them; `undefined` before there are any. */
  outputs(): Promise<Outputs | undefined>;
  passDays(days: number): Promise<void>;
  arm(point: Point): void;
  calm(): void;
}

type Turn = "rotation" | "closing";

/** What happened in one cycle: a rotation, its grace, and the end of the grace. */
export interface Cycle {
  readonly outages: readonly string[];
  /** What else is not as promised. */
  readonly broken: readonly string[];
  /** How often a client was asked. */
  readonly asked: number;
  /** How often the provider rotated: more than once where nobody can tell whether it had. */
  readonly rotations: number;
  /** The disturbed requests that were really made. */
  readonly met: number;
  /** The requests of each turn, in order. */
  readonly turns: Readonly<Record<Turn, readonly LedgerEntry[]>>;
}

export class Life {
  readonly #rig: Rig;
  readonly #clients: Clients;
  #triggers = 1;
  #active: GivenOut | undefined;

  constructor(rig: Rig) {
    this.#rig = rig;
    this.#clients = new Clients(rig.emulator, rig.now);
  }

  /** The first `up`, which rotates nothing. */
  async begin(): Promise<void> {
    await this.#up();
    if (this.#acted("rotatePassword", 0) > 0) throw new Error("the first create rotated");
  }

  /** `thorough`: with a look at what is refused and at what goes on within the grace. */
  async cycle(point: Point | undefined, thorough: boolean): Promise<Cycle> {
    const { emulator } = this.#rig;
    const broken: string[] = [];
    const asked = this.#clients.asked;
    const from = emulator.ledger.length;
    const stateOf = ({ userName }: GivenOut) => emulator.data.findCredential(userName)?.State;
    const first = this.#active as GivenOut;

    this.#triggers++;
    const rotation = await this.#up("rotation", point);
    const second = this.#active as GivenOut;
    const rotations = this.#acted("rotatePassword", from);
    if (second.userName === first.userName) broken.push("the same login is active after a rotation");
    if (second.password === first.password) broken.push("the new password is the one before");
    if (thorough) {
      const before = this.#writes();
      await this.#up();
      if (this.#writes() !== before) broken.push("an up within the grace wrote");
      const refused = await this.#rig.up(this.#triggers + 1);
      await this.#learn();
      if (refused.isDone || !/works until \d{4}-\d\d-\d\d \d\d:\d\d UTC/.test(refused.printed)) {
        broken.push(`a rotation within the grace: ${refused.printed}`);
      }
      if (this.#writes() !== before) broken.push("a rotation within the grace wrote");
      await this.#rig.passDays(graceDays / 2);
      await this.#up();
      await this.#rig.passDays(graceDays / 2);
    } else {
      await this.#rig.passDays(graceDays);
    }
    if (stateOf(first) !== "active") broken.push("the previous login was closed within its grace");
    const waits = this.#rig.closingDays > 0.1;
    if (waits) {
      await this.#rig.passDays(0.1);
      await this.#up();
      if (stateOf(first) !== "active") broken.push("the previous login was closed by one clock alone");
    }
    await this.#rig.passDays(this.#rig.closingDays);
    const closing = await this.#up("closing", point);
    if (stateOf(first) !== "inactive") broken.push(`the previous login is ${stateOf(first)} after its grace`);
    return {
      outages: this.#clients.outages.splice(0),
      broken,
      asked: this.#clients.asked - asked,
      rotations,
      met: rotation.met + closing.met,
      turns: { rotation: rotation.entries, closing: closing.entries },
    };
  }

  async #learn(): Promise<Outputs | undefined> {
    const outputs = await this.#rig.outputs();
    if (outputs !== undefined) this.#clients.learn(outputs);
    this.#active = outputs?.active ?? this.#active;
    return outputs;
  }

  /** `up`, disturbed if the point is in this turn, and again until it succeeds. */
  async #up(turn?: Turn, point?: Point): Promise<{ entries: readonly LedgerEntry[]; met: number }> {
    const { ledger } = this.#rig.emulator;
    const from = ledger.length;
    if (point !== undefined && turn === point.turn) this.#rig.arm(point);
    let entries: readonly LedgerEntry[] | undefined;
    for (let attempt = 0; ; attempt++) {
      const { isDone, printed } = await this.#rig.up(this.#triggers);
      entries ??= ledger.slice(from);
      this.#rig.calm();
      const outputs = await this.#learn();
      if (isDone && outputs !== undefined) {
        return { entries, met: entries.filter(({ fault }) => fault !== undefined).length };
      }
      if (attempt === 3) throw new Error(`no up came to an end:\n${printed}`);
    }
  }

  #writes(): number {
    return this.#rig.emulator.ledger.filter(({ method }) => method !== "GET").length;
  }

  #acted(operation: OperationName, from: number): number {
    return this.#rig.emulator.ledger
      .slice(from)
      .filter((entry) => entry.operation === operation && entry.acted).length;
  }
}

/** Every request of all turns, spoilt before and after the server acts, and the process killed there. */
export function pointsOf(turns: Readonly<Record<string, readonly LedgerEntry[]>>): Point[] {
  return Object.entries(turns).flatMap(([turn, entries]) => {
    const seen = new Map<string, number>();
    return entries.flatMap(({ operation, method }) => {
      if (operation === "unknown") return [];
      const skip = seen.get(operation) ?? 0;
      seen.set(operation, skip + 1);
      const whens = method === "GET" ? (["before"] as const) : (["before", "after"] as const);
      return (["kill", "engine", "reset", "503"] as const).flatMap((trouble) =>
        whens.map((when): Point => ({ turn, operation, skip, trouble, when })),
      );
    });
  });
}

export function titleOf({ turn, operation, skip, trouble, when }: Point): string {
  const name = { kill: "killed", engine: "engine killed", reset: "connection reset", "503": "503" }[trouble];
  return `${turn}: ${name} ${when} ${operation} ${skip + 1}`;
}
