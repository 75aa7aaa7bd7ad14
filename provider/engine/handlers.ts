/** What the dynamic-provider process calls, and what it is given back. Pulumi's types only, none of its code. */
import type { dynamic } from "@pulumi/pulumi";
import { type Plain, sendable } from "../values/plain";
import { forEngine, SavedFailure } from "./failures";

/** A kind's provider: all of Pulumi's dynamic-provider protocol, on plain values. */
export type Handlers = Required<
  Pick<
    dynamic.ResourceProvider<Plain, Plain>,
    "configure" | "check" | "diff" | "create" | "read" | "update" | "delete"
  >
>;

/** A kind's provider without what is the same for all kinds. A read always has properties, if only the stub. */
export interface KindProvider extends Omit<Handlers, "configure" | "read"> {
  read(id: string, olds: Plain): Promise<dynamic.ReadResult<Plain>>;
}

/**
 * Handlers as the engine can bear them: answers without `undefined`, errors without a stack trace on
 * anybody's terminal.
 */
export function forProcess(provider: KindProvider, configure: Handlers["configure"]): Handlers {
  return {
    configure,
    check: (olds, news) => crossing(provider.check(olds, news)),
    diff: (id, olds, news) => crossing(provider.diff(id, olds, news)),
    create: (inputs) => crossing(provider.create(inputs)),
    read: (id, properties) => crossing(provider.read(id, properties ?? {})),
    update: (id, olds, news) => crossing(provider.update(id, olds, news)),
    delete: (id, properties) => crossing(provider.delete(id, properties)),
  };
}

async function crossing<T>(call: Promise<T>): Promise<T> {
  try {
    return sendable(await call);
  } catch (error) {
    throw error instanceof SavedFailure ? error : forEngine(error);
  }
}
