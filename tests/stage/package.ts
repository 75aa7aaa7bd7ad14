/**
 * The compiled package as the engine meets it: each provider process loads it anew, calls the permanent entry `get`
 * with a kind, and hands the configuration in through `configure`. Nothing else of the package is named here but the
 * clock, which has to be the simulated one, and the client, which a mutant may stand in front of.
 */
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Client } from "../../provider/api/client.js";
import type { Handlers } from "../../provider/engine/handlers.js";
import type { Kind } from "../../provider/engine/kinds.js";
import type { SessionOptions } from "../../provider/lifecycle/session.js";
import type { Clock } from "./clock.ts";
import { loadProduct, type Product } from "./product.ts";
import type { Wrap } from "./small.ts";

type Modules = {
  readonly "provider.js": { get(kind: Kind): Handlers };
  readonly "api/transport.js": { readonly systemClock: Clock };
  readonly "api/client.js": { createClient(...args: readonly unknown[]): Client };
  readonly "engine/kinds.js": { readonly kinds: readonly Kind[] };
};

const dist = join(import.meta.dirname, "../../dist");

/** What stands around the package's handlers, and between it and its API client. */
export interface Around {
  readonly wrap?: Wrap;
  readonly client?: (client: Client) => Client;
}

export async function loadPackage({ wrap, client = (own) => own }: Around = {}): Promise<Product> {
  const product = await loadProduct();

  function newProcess(options: SessionOptions, around: Wrap | undefined): (kind: Kind) => Handlers {
    const { config = {}, clock } = options;
    // One that is thrown away: a lasting one would remember all that it ever loaded.
    const require = createRequire(import.meta.url);
    for (const file of Object.keys(require.cache)) if (file.startsWith(dist)) delete require.cache[file];
    const load = <K extends keyof Modules>(file: K): Modules[K] => require(join(dist, file));

    Object.assign(load("api/transport.js").systemClock, clock);
    const api = load("api/client.js");
    const { createClient } = api;
    api.createClient = (...args) => client(createClient(...args));
    const { get } = load("provider.js");
    // All of them now: a kind that was loaded later would find another process's modules.
    const own = new Map(load("engine/kinds.js").kinds.map((kind) => [kind, get(kind)]));
    const made = new Map<Kind, Handlers>();
    return (kind) => {
      const handlers = made.get(kind) ?? configured(wrapped(kind), config);
      made.set(kind, handlers);
      return handlers;
    };

    function wrapped(kind: Kind): Handlers {
      const handlers = own.get(kind);
      if (handlers === undefined) throw new Error(`there is no kind ${kind}`);
      return { ...handlers, ...around?.(handlers, kind, () => newProcess(options, undefined)(kind)) };
    }
  }

  return { ...product, newProcess: (options) => newProcess(options, wrap) };
}

/** The engine waits for `configure` before it calls anything else. */
function configured(handlers: Handlers, config: Readonly<Record<string, unknown>>): Handlers {
  // A part of Pulumi's own class, which has more than anybody asks for.
  const request = { config: { get: (key: string) => config[key] } } as Parameters<Handlers["configure"]>[0];
  const ready = handlers.configure(request);
  function after<A extends unknown[], T>(act: (...args: A) => Promise<T>) {
    return async (...args: A): Promise<T> => {
      await ready;
      return act(...args);
    };
  }
  return {
    configure: handlers.configure,
    check: after(handlers.check),
    diff: after(handlers.diff),
    create: after(handlers.create),
    read: after(handlers.read),
    update: after(handlers.update),
    delete: after(handlers.delete),
  };
}
