/** The few turns in a resource's life that are the same for every kind. */
import type { dynamic } from "@pulumi/pulumi";
import { NotFoundError } from "../api/errors";
import { sent } from "../engine/hidden";
import type { Plain } from "../values/plain";
import type { Session } from "./session";

/** How a kind finds its object; `undefined` where it is gone. */
export type LookUp<T> = (id: string, outputs: Plain) => Promise<T | undefined>;

/**
 * The id that a create shall adopt instead of making an object. Not one that this process has deleted: in a
 * replacement that skips diff, check cannot tell that the object to import is the one to be replaced.
 */
export function importIdOf({ memory }: Session, inputs: Plain): string | undefined {
  const id = inputs[sent.import];
  return typeof id === "string" && !memory.deleted.has(id) ? id : undefined;
}

/** Inputs to create from: the names of an object that was to be imported, and was deleted to be made again. */
export function withNames({ memory }: Session, inputs: Plain): Plain {
  return { ...memory.names.get(String(inputs[sent.import])), ...inputs };
}

/** The object that is taken over, without a write; this process does not delete it again. */
export async function adopt<T>(session: Session, noun: string, id: string, lookUp: LookUp<T>): Promise<T> {
  const object = await lookUp(id, {});
  if (object === undefined) throw new Error(`There is no ${noun} with the id "${id}" to import.`);
  session.memory.adopted.add(id);
  return object;
}

/**
 * The answer to a read of what is gone: a blank id drops it from the state. On `.get`, whose properties were
 * never read before, that would succeed in silence, so it is an error there.
 */
export function readOfGone(noun: string, id: string, olds: Plain): dynamic.ReadResult<Plain> {
  if (olds.organizationId === undefined) throw new Error(`There is no ${noun} with the id "${id}".`);
  return { id: "", props: {} };
}

/** An update met nothing. */
export function goneAtUpdate(noun: string, id: string): Error {
  return new Error(
    `The ${noun} ${id} is gone. Run \`pulumi refresh\`; the next \`pulumi up\` makes a new one.`,
  );
}

/** A write was answered as done, and a look shows that it was not. */
export function notApplied(noun: string, id: string, what: string): Error {
  return new Error(
    `The ${what} of ${noun} ${id} was to be set, but the API still shows another one. ` +
      "Run `pulumi up` again: it sets it once more.",
  );
}

/** A write of an update: that the API does not find the object is said as what it means to the reader. */
export async function unlessGone<T>(noun: string, id: string, write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    throw error instanceof NotFoundError ? goneAtUpdate(noun, id) : error;
  }
}

/** Whether a delete has to leave the object alone, since this very update imported it. */
export function isJustAdopted(session: Session, noun: string, id: string): boolean {
  if (!session.memory.adopted.has(id)) return false;
  session.warn(`${noun} ${id} was imported by this very update and is not deleted by it`);
  return true;
}
