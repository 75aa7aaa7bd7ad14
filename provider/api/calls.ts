/** The four ways in which the API is called, and the shapes that its objects share. */
import * as v from "valibot";
import type { Transport } from "./transport";

export const id = v.pipe(v.string(), v.nonEmpty());
export const blankable = v.nullish(v.string());
/** A time in Unix milliseconds, or as a service may write it all the same: see `serviceTime`. */
export const anyTime = v.union([v.number(), v.string()]);
/** What this package can do without. */
export const optionalTime = v.nullish(anyTime);
export const optionalNumber = v.nullish(v.number());

/**
 * What a DELETE answers: the object as it was, or `{}`. Anything else may come from somebody on the way who
 * never passed the request on.
 */
const deletedSchema = v.union([v.looseObject({ Id: id }), v.strictObject({})]);

type Path = readonly string[];
type Schema<T> = v.GenericSchema<unknown, T>;

/** `doing` is what an error's message says after "Could not"; paths follow the organization. */
export interface Calls {
  list<T>(doing: string, path: Path, schema: Schema<T>): Promise<T[]>;
  get<T>(doing: string, path: Path, schema: Schema<T>): Promise<T>;
  create<T>(doing: string, path: Path, body: object, schema: Schema<T>): Promise<T>;
  /** Whatever the answer shows of the object; nothing, if that is nothing. */
  update<T>(doing: string, path: Path, body: object, schema: Schema<T>): Promise<T>;
  remove(doing: string, path: Path): Promise<void>;
  send: Transport["send"];
}

export function callsOver({ send }: Transport): Calls {
  return {
    list: <T>(doing: string, path: Path, schema: Schema<T>) =>
      send<T[]>({ doing, method: "GET", path, expected: { list: schema }, retry: "repeatable" }),
    get: (doing, path, schema) =>
      send({ doing, method: "GET", path, expected: { object: schema }, retry: "repeatable" }),
    create: (doing, path, body, schema) =>
      send({ doing, method: "POST", path, body, expected: { object: schema }, retry: "once" }),
    update: (doing, path, body, schema) =>
      send({ doing, method: "PATCH", path, body, expected: { anythingOf: schema }, retry: "repeatable" }),
    async remove(doing, path) {
      await send({ doing, method: "DELETE", path, expected: { object: deletedSchema }, retry: "repeatable" });
    },
    send,
  };
}
