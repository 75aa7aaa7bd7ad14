/**
 * Dialects: ways in which a real service may differ from the examples of its reference and still keep its word. The
 * reference shows one answer to each call and leaves a good deal open; a client has to be right with all of them.
 */
import type { EmulatorOptions } from "../../../../provider/emulator/index.js";
import type { Variation } from "../../../../provider/emulator/variations.js";
import { answers } from "./answers.ts";
import type { Dialect } from "./hooks.ts";
import { identity } from "./identity.ts";
import { lists } from "./lists.ts";
import { rules } from "./rules.ts";
import { secrets } from "./secrets.ts";
import { spelling } from "./spelling.ts";
import { times } from "./times.ts";

const table = { ...spelling, ...rules, ...secrets, ...times, ...answers, ...lists, ...identity };

/** The name of a dialect. */
export type DialectName = keyof typeof table;

/** What the service does in each dialect, in one sentence. */
export const dialectDescriptions = Object.fromEntries(
  Object.entries<Dialect>(table).map(([name, { description }]) => [name, description]),
) as Readonly<Record<DialectName, string>>;

/** The names of all dialects. */
export const dialectNames = Object.keys(table) as readonly DialectName[];

/** An emulator's options, with the dialects that it speaks: the first that is named is the first to change anything. */
export interface DialectOptions extends EmulatorOptions {
  readonly dialects?: readonly DialectName[];
}

/** The options for `startEmulator`. */
export function speaking({ dialects = [], ...options }: DialectOptions): EmulatorOptions {
  return { ...options, variations: dialects.map((name): Variation => table[name]) };
}
