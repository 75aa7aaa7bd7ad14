/**
 * Notes each call of a handler. With `--import` and a file named by `STAGE_CALLS`, it does so in the provider
 * processes of the real engine.
 */
import { appendFileSync } from "node:fs";
import Module from "node:module";
import type { Handlers } from "../../../provider/protocol/handlers.js";
import type { Kind } from "../../../provider/protocol/kinds.js";

export interface Call {
  readonly kind: Kind;
  readonly method: Exclude<keyof Handlers, "configure">;
  readonly args: readonly unknown[];
  readonly answer?: unknown;
  readonly error?: string;
}

/** What check seals for the engine's state, as it was: the small engine calls handlers that seal nothing. */
function unsealed(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  if ("4dabf18193072939515e22adb298388d" in value) return (value as unknown as { value: unknown }).value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unsealed(item)]));
}

export function recorded(handlers: Handlers, kind: Kind, note: (call: Call) => void): Handlers {
  function noting<A extends unknown[], T>(method: Call["method"], act: (...args: A) => Promise<T>) {
    return async (...args: A): Promise<T> => {
      // As they are now: what is called may change them.
      const call = { kind, method, args: structuredClone(args).map(unsealed) };
      try {
        const answer = await act(...args);
        note({ ...call, answer: unsealed(structuredClone(answer)) });
        return answer;
      } catch (error) {
        note({ ...call, error: error instanceof Error ? error.message : String(error) });
        throw error;
      }
    };
  }
  return {
    configure: handlers.configure,
    check: noting("check", handlers.check),
    diff: noting("diff", handlers.diff),
    create: noting("create", handlers.create),
    read: noting("read", handlers.read),
    update: noting("update", handlers.update),
    delete: noting("delete", handlers.delete),
  };
}

const file = process.env.STAGE_CALLS;
if (file !== undefined) {
  const note = (call: Call) => appendFileSync(file, `${JSON.stringify(call)}\n`);
  const loader = Module as typeof Module & { _load(request: string, ...rest: unknown[]): unknown };
  const load = loader._load;
  loader._load = (request, ...rest) => {
    const exports = load(request, ...rest);
    if (!/[\\/]dist[\\/]provider\.js$/.test(request)) return exports;
    const { get } = exports as { get(kind: Kind): Handlers };
    return { get: (kind: Kind) => recorded(get(kind), kind, note) };
  };
}
