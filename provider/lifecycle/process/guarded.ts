/**
 * The guards around every kind, in one place that none can forget: only objects of the configured organization
 * are compared, read, updated or deleted; what diff has seen is managed, and what a resource of this update keeps or has
 * adopted is not deleted for another one; what is gone leaves the state, and is an error on `.get`; answers are
 * what the engine can carry; errors show no stack trace on anybody's terminal.
 */
import type { dynamic } from "@pulumi/pulumi";
import type { Marks } from "../../protocol/announcing";
import { type CheckFailure, forEngine, PartialFailureError } from "../../protocol/failures";
import type { Handlers } from "../../protocol/handlers";
import { hiddenOf, kept } from "../../protocol/hidden";
import { type Plain, sendable } from "../../values/plain";
import type { Fields, Inputs, State, UnresolvedInputs } from "../fields/vocabulary";
import { type ObjectId, ownId } from "./memory";
import type { Session } from "./session";

/** What one kind answers to the engine, without what the guards add. */
export interface KindProvider<F extends Fields = Fields> {
  /** As messages say it: `webhook`. */
  readonly noun: string;
  /** What the memory knows the object by. */
  readonly objectId?: ObjectId;
  /** What its object is told by in a program. `undefined`: its delete deletes nothing. */
  readonly marks: Marks | undefined;
  check(olds: object, news: object): Promise<{ inputs: object; failures: CheckFailure[] }>;
  diff(id: string, olds: State<F>, news: UnresolvedInputs<F>): Promise<dynamic.DiffResult>;
  create(inputs: Inputs<F>): Promise<{ id: string; outs: State<F> }>;
  /** `undefined`: it is gone. */
  read(id: string, olds: State<F>): Promise<{ id: string; props: State<F>; inputs?: object } | undefined>;
  update(id: string, olds: State<F>, news: Inputs<F>): Promise<{ outs: State<F> }>;
  delete(id: string, olds: State<F>): Promise<void>;
}

/** A kind's provider as the engine calls it: all of Pulumi's dynamic-provider protocol, on plain values. */
export function guarded<F extends Fields>(
  session: Session,
  kind: KindProvider<F>,
  configure: Handlers["configure"] = async () => undefined,
): Handlers {
  const { noun, objectId = ownId, marks } = kind;
  const { memory } = session;
  const { holders } = memory;

  return {
    configure,

    check: (olds, news) =>
      crossing(async () => {
        note(olds, news);
        const { urn } = hiddenOf(news);
        if (urn !== undefined) holders.noteChecked(urn);
        const { inputs, failures } = await kind.check(olds, news);
        return { inputs: plain(inputs), failures };
      }),

    diff: (id, olds, news) =>
      crossing(async () => {
        note(olds, news);
        // Said by the preview already, which would show nothing to do for what no update or refresh may touch.
        session.assertOrganization(olds, `update ${noun} ${id}`);
        memory.rememberManaged(objectId(id));
        const difference = await kind.diff(id, own(olds), own(news));
        if (difference.replaces?.length) memory.rememberReplaced(objectId(id));
        else holders.keep(objectId(id), entryOf(olds)?.[kept.entry]);
        return difference;
      }),

    create: (inputs) =>
      crossing(async () => {
        note(inputs);
        const entry = marks && entryOf({ [kept.entry]: holders.newEntry() });
        const { id, outs } = await withEntry(entry, kind.create(own(inputs)), (made) => {
          // A set has its credential's id, and makes nothing that would have one of its own.
          if (kind.objectId === undefined) holders.keep(made, entry?.[kept.entry]);
        });
        note(outs);
        return { id, outs: { ...plain(outs), ...entry } };
      }),

    read: (id, olds = {}) =>
      crossing(async () => {
        note(olds);
        session.assertOrganization(olds, `read ${noun} ${id}`);
        const found = await kind.read(id, own(olds));
        if (found !== undefined) {
          const { inputs } = found;
          const props = { ...plain(found.props), ...entryOf(olds) };
          return { id: found.id, props, ...(inputs && { inputs: plain(inputs) }) };
        }
        // On `.get`, whose properties were never read before, a blank id would succeed in unwritable.
        if (olds.organizationId === undefined) throw new Error(`There is no ${noun} with the id "${id}".`);
        return { id: "", props: {} };
      }),

    update: (id, olds, news) =>
      crossing(async () => {
        note(olds, news);
        session.assertOrganization(olds, `update ${noun} ${id}`);
        const { outs } = await withEntry(entryOf(olds), kind.update(id, own(olds), own(news)));
        return { outs: { ...plain(outs), ...entryOf(olds) } };
      }),

    delete: (id, olds) =>
      crossing(async () => {
        note(olds);
        session.assertOrganization(olds, `delete ${noun} ${id}`);
        if (marks && holdsElsewhere(id, olds, marks)) {
          session.warn(`${noun} ${id} was not deleted: another resource of this stack manages it now`);
          return;
        }
        await kind.delete(id, own(olds));
      }),
  };

  function holdsElsewhere(id: string, olds: Plain, { of, objectId = ownId }: Marks): boolean {
    const entry = entryOf(olds)?.[kept.entry];
    if (holders.isKept(objectId(id), entry)) return true;
    if (holders.unwritable !== undefined) {
      throw new Error(
        `Refused to delete ${noun} ${id}: whether another resource of the program has it cannot be told, since ` +
          `neither ${holders.unwritable} can be written to. Set TMPDIR to a folder that can, and run this again.`,
      );
    }
    // What takes the place of a resource is like it, and so may be what the program declares next to it.
    const marksOfIt = memory.isReplaced(objectId(id)) ? [] : of(olds);
    return holders.isLeftOut({ ids: [objectId(id)], marks: marksOfIt, entry });
  }

  function note(...all: readonly object[]): void {
    for (const values of all) session.noteSecrets(values);
  }
}

/** The engine hands on what check let through: here, and nowhere else, plain values become a kind's own. */
function own<T extends object>(values: Plain): T {
  return values as T;
}

function plain(values: object): Plain {
  return { ...values };
}

/** Which entry of the state the outputs are of. Those of earlier versions do not say. */
function entryOf(olds: Plain): { readonly [kept.entry]: string } | undefined {
  const entry = olds[kept.entry];
  return typeof entry === "string" ? { [kept.entry]: entry } : undefined;
}

/** What is saved by a failure is an entry of the state, too. */
async function withEntry<T extends object>(
  entry: object | undefined,
  write: Promise<T>,
  made: (id: string) => void = () => {},
): Promise<T> {
  try {
    const done = await write;
    if ("id" in done && typeof done.id === "string") made(done.id);
    return done;
  } catch (error) {
    if (error instanceof PartialFailureError) {
      Object.assign(error.properties, entry);
      made(error.id);
    }
    throw error;
  }
}

/** An answer without `undefined`, or an error without a stack trace. */
async function crossing<T>(call: () => T | Promise<T>): Promise<T> {
  try {
    return sendable(await call());
  } catch (error) {
    throw error instanceof PartialFailureError ? error : forEngine(error);
  }
}
