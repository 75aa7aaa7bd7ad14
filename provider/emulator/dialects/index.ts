/**
 * Dialects: ways in which a real service may differ from the examples of its reference and still keep its word. The
 * reference shows one answer to each call and leaves a good deal open; a client has to be right beside all of them.
 */

import type { Service } from "../route";
import { answers } from "./answers";
import { type Asked, type Dialect, type Hooks, isJson, type Json, type Reply, type View } from "./hooks";
import { identity } from "./identity";
import { lists } from "./lists";
import { rules } from "./rules";
import { secrets } from "./secrets";
import { spelling } from "./spelling";
import { times } from "./times";

const table = { ...spelling, ...rules, ...secrets, ...times, ...answers, ...lists, ...identity };

/** The name of a dialect. */
export type DialectName = keyof typeof table;

/** What the service does in each dialect, in one sentence. */
export const dialectDescriptions = Object.fromEntries(
  Object.entries<Dialect>(table).map(([name, { description }]) => [name, description]),
) as Readonly<Record<DialectName, string>>;

/** The names of all dialects. */
export const dialectNames = Object.keys(table) as readonly DialectName[];

/** The dialects that one emulator speaks, as one; the first that was named is the first to change anything. */
export class Dialects {
  readonly #chosen: readonly Dialect[];
  #hooks: readonly Hooks[] = [];

  /** Throws a `TypeError` for a name that is not known. */
  constructor(names: readonly DialectName[]) {
    this.#chosen = names.map((name) => {
      if (!dialectNames.includes(name)) {
        throw new TypeError(`unknown dialect ${JSON.stringify(name)}; known are ${dialectNames.join(", ")}`);
      }
      return table[name];
    });
  }

  /** Hooks may look into what the service holds, so they are made when it is there. */
  speakFor(service: Service): void {
    this.#hooks = this.#chosen.flatMap(({ hooks }) => hooks?.(service) ?? []);
  }

  /** The id of a new object, from a random one. */
  mint(id: string): string {
    return this.#chosen.reduce((minted, { mints }) => mints?.(minted) ?? minted, id);
  }

  /** Serves a request: what the service itself makes of a body, in the dialects' words. */
  serve(asked: Asked, body: unknown, handle: (body: unknown) => Reply): Reply {
    const { view } = asked;
    let next = (): Reply => {
      const reply = handle(this.#take(body, view));
      return view === undefined || reply.status >= 300
        ? reply
        : { ...reply, body: this.#show(reply.body, view) };
    };
    for (const { serves } of this.#hooks) {
      const inner = next;
      if (serves !== undefined) next = () => serves(asked, inner);
    }
    return next();
  }

  #take(body: unknown, view: View | undefined): unknown {
    if (!isJson(body) || view === undefined) return body;
    return this.#hooks.reduce((taken: Json, { takes }) => takes?.(taken, view) ?? taken, body);
  }

  #show(body: unknown, view: View): unknown {
    if (Array.isArray(body)) return body.map((object) => this.#show(object, view));
    if (!isJson(body)) return body;
    return this.#hooks.reduce((shown: Json, { shows }) => shows?.(shown, view) ?? shown, body);
  }
}
