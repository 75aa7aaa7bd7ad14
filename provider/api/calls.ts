/** The four ways in which the API is called, and the shapes that its objects share. */
import * as v from "valibot";
import type { Call, Transport } from "./transport";

export const id = v.pipe(v.string(), v.nonEmpty());
export const blankable = v.nullish(v.string());
export const unixMilliseconds = v.number();

/**
 * What a DELETE answers: the object as it was, or `{}`. Anything else may come from somebody on the way who
 * never passed the request on.
 */
const deletedSchema = v.union([v.looseObject({ Id: id }), v.strictObject({})]);

type Path = readonly string[];
type Schema<T> = NonNullable<Call<T>["schema"]>;

/** `doing` is what an error's message says after "Could not"; paths follow the organization. */
export interface Calls {
  get<T>(doing: string, path: Path, schema: Schema<T>): Promise<T>;
  create<T>(doing: string, path: Path, body: object, schema: Schema<T>): Promise<T>;
  update<T>(doing: string, path: Path, body: object, schema: Schema<T>): Promise<T>;
  remove(doing: string, path: Path): Promise<void>;
  send: Transport["send"];
}

export function callsOver({ send }: Transport): Calls {
  return {
    get: (doing, path, schema) => send({ doing, method: "GET", path, schema, retry: "repeatable" }),
    create: (doing, path, body, schema) => send({ doing, method: "POST", path, body, schema, retry: "once" }),
    update: (doing, path, body, schema) =>
      send({ doing, method: "PATCH", path, body, schema, retry: "repeatable" }),
    async remove(doing, path) {
      await send({ doing, method: "DELETE", path, schema: deletedSchema, retry: "repeatable" });
    },
    send,
  };
}
