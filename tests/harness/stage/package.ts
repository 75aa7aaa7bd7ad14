/**
 * The compiled package as the engine meets it: each provider process loads it anew, calls the permanent entry `get`
 * with a kind, and hands the configuration in through `configure`. Nothing else of the package is named here but the
 * clock, which has to be the simulated one, and the client, which a mutant may stand in front of.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { compileFunction } from "node:vm";
import type { Client } from "../../../provider/api/client.js";
import type { SessionOptions } from "../../../provider/lifecycle/process/session.js";
import type { Handlers } from "../../../provider/protocol/handlers.js";
import type { Kind } from "../../../provider/protocol/kinds.js";
import type { Clock } from "./clock.ts";
import { loadProduct, type Product } from "./product.ts";
import type { Wrap } from "./small.ts";

type Modules = {
  readonly "provider.js": { get(kind: Kind): Handlers };
  readonly "api/transport.js": { readonly systemClock: Clock };
  readonly "api/client.js": { createClient(...args: readonly unknown[]): Client };
  readonly "protocol/kinds.js": { readonly kinds: readonly Kind[] };
};

const dist = join(import.meta.dirname, "../../../dist");

/** What stands around the package's handlers, and between it and its API client. */
export interface Around {
  readonly wrap?: Wrap;
  readonly client?: (client: Client) => Client;
  /** Changes what modules export, by their file in `dist`, in each process. */
  readonly modules?: (load: (file: string) => Record<string, unknown>) => void;
}

export async function loadPackage({ wrap, client = (own) => own, modules }: Around = {}): Promise<Product> {
  const product = await loadProduct();

  function newProcess(options: SessionOptions, around: Wrap | undefined): (kind: Kind) => Handlers {
    const { config = {}, clock } = options;
    const loadFile = newLoader();
    const load = <K extends keyof Modules>(file: K) => loadFile(join(dist, file)) as Modules[K];

    Object.assign(load("api/transport.js").systemClock, clock);
    const api = load("api/client.js");
    const { createClient } = api;
    api.createClient = (...args) => client(createClient(...args));
    modules?.((file) => loadFile(join(dist, file)) as Record<string, unknown>);
    const { get } = load("provider.js");
    // All of them now: a kind that was loaded later would find another process's modules.
    const own = new Map(load("protocol/kinds.js").kinds.map((kind) => [kind, get(kind)]));
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

/** A file of the package, read and compiled once for all processes. */
interface CompiledFile {
  readonly body: (
    exports: unknown,
    require: NodeJS.Require,
    module: { exports: unknown },
    dir: string,
  ) => void;
  readonly require: NodeJS.Require;
  /** Of the package's other files, by the request. */
  readonly resolved: Map<string, string>;
}
const compiledFiles = new Map<string, CompiledFile>();

function compiled(filename: string): CompiledFile {
  const known = compiledFiles.get(filename);
  if (known !== undefined) return known;
  const parameters = ["exports", "require", "module", "__dirname"];
  const body = compileFunction(readFileSync(filename, "utf8"), parameters, { filename });
  const file = { body: body as CompiledFile["body"], require: createRequire(filename), resolved: new Map() };
  compiledFiles.set(filename, file);
  return file;
}

/** Loads the package's files as `require` does, in a process of their own. */
function newLoader(): (filename: string) => unknown {
  const modules = new Map<string, { exports: unknown }>();
  return function load(filename) {
    const loaded = modules.get(filename);
    if (loaded !== undefined) return loaded.exports;
    const module = { exports: {} };
    modules.set(filename, module);
    const { body, require, resolved } = compiled(filename);
    const requireFrom = (request: string): unknown => {
      if (!request.startsWith(".")) return require(request);
      const target = resolved.get(request) ?? require.resolve(request);
      resolved.set(request, target);
      return load(target);
    };
    body(module.exports, Object.assign(requireFrom, require), module, dirname(filename));
    return module.exports;
  };
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
