/** What the tests of lives play on: an emulator, and an engine with one stack on it, small or real. */
import type { Emulator } from "../../../provider/emulator/index.js";
import type { Kind } from "../../../provider/protocol/kinds.js";
import type { Plain } from "../../../provider/values/plain.js";
import type { Program } from "./program.ts";

/** What an engine did with one resource. A replacement is a `delete` and a `create`, in their order. */
export interface Step {
  readonly op: "create" | "update" | "delete" | "same" | "read";
  readonly name: string;
}

/** How a command went. */
export interface Report {
  /** By the resource's name. */
  readonly failures: ReadonlyMap<string, Error>;
  readonly steps: readonly Step[];
  /** The provider process was killed in the middle. */
  readonly killed: boolean;
  /** Everything that the command showed to the user. */
  readonly printed: string;
}

/** A resource in the state, with its secrets in plain text. */
export interface Recorded {
  readonly kind: Kind;
  readonly id: string;
  readonly inputs: Plain;
  readonly outputs: Plain;
  /** Saved by a failure: the next `up` updates it whatever diff says. */
  readonly failed: boolean;
  /** Read by `.get`: never changed and never deleted. */
  readonly external: boolean;
  /** The names of the resources that its arguments refer to. */
  readonly dependencies: readonly string[];
}

/** A request that may change something; the secrets in it are `[secret]`. */
export interface Write {
  readonly operation: string;
  readonly body: unknown;
}

export interface UpOptions {
  /** The names of resources to replace whatever diff says, as `--replace` and `state taint` do. */
  readonly replace?: readonly string[];
  /** A failure ends nothing but what needs it, as ever on the small engine: the real one otherwise starts nothing more. */
  readonly continueOnError?: boolean;
}

/** One stack of one engine on one emulator. A command that fails resolves: its report says so. */
export interface Stage extends AsyncDisposable {
  readonly emulator: Emulator;
  /** By the clock of the service and of the provider. */
  now(): number;
  up(program: Program, options?: UpOptions): Promise<Report>;
  preview(program: Program, options?: UpOptions): Promise<Report>;
  refresh(): Promise<Report>;
  destroy(): Promise<Report>;
  /** The exported state by resource name. What waits for the second half of a replacement is not in it. */
  state(): Promise<ReadonlyMap<string, Recorded>>;
  /** What a reader of the state file sees: secrets are not in it in plain text. */
  readableState(): Promise<string>;
  /** Points the stack's configuration at an organization, from the next `up` on. */
  setOrganization(id: string): Promise<void>;
  /** What the server was asked to change since the last call, in order, whether it did so or not. */
  writes(): Write[];
}

/** Everything but what leaves a resource as it is. */
export function changesOf({ steps }: Report): string[] {
  return steps.filter(({ op }) => op !== "same" && op !== "read").map(({ op, name }) => `${op} ${name}`);
}

/** Takes the writes out of an emulator's ledger. */
export function takeWrites(emulator: Emulator): Write[] {
  const entries = emulator.ledger.filter(({ method }) => method !== "GET");
  const writes = entries.map(({ operation, body }) => ({ operation, body }));
  emulator.clearLedger();
  return writes;
}
