/** Lists, of which one object that cannot be read costs that object only. */
import * as v from "valibot";

/** What a list holds besides the objects that can be read. */
interface Unreadable {
  /** By id: which field is missing, or not what the reference says. */
  readonly byId: ReadonlyMap<string, string>;
  /** Whether some had no id: any object may be one of them. */
  readonly hasNameless: boolean;
}

const unreadable = new WeakMap<readonly unknown[], Unreadable>();

/** Reads each object by itself. An object that a list repeats is there once. */
export function readItems<T>(items: readonly unknown[], schema: v.GenericSchema<unknown, T>): T[] {
  const read = new Map<string, T>();
  const byId = new Map<string, string>();
  let hasNameless = false;
  for (const item of items) {
    const id = idOf(item);
    const result = v.safeParse(schema, item, { abortEarly: true });
    if (id === undefined) hasNameless = true;
    else if (result.success) read.set(id, result.output);
    // Only the field's path: an issue's own message holds the value.
    else byId.set(id, pathOf(result.issues[0]));
  }
  const list = [...read.values()];
  if (byId.size > 0 || hasNameless) unreadable.set(list, { byId, hasNameless });
  return list;
}

function idOf(item: unknown): string | undefined {
  const id = typeof item === "object" && item !== null && "Id" in item ? item.Id : undefined;
  return typeof id === "string" && id !== "" ? id : undefined;
}

/** The field because of which the object with this id could not be read, if it is in the list at all. */
export function unreadableField(list: readonly unknown[], id: string): string | undefined {
  return unreadable.get(list)?.byId.get(id);
}

/** All objects of the list that could not be read: by id, the field because of which. */
export function unreadableItems(list: readonly unknown[]): ReadonlyMap<string, string> {
  return unreadable.get(list)?.byId ?? new Map();
}

/** Whether the list holds something without an id, which might be any object. */
export function hasNameless(list: readonly unknown[]): boolean {
  return unreadable.get(list)?.hasNameless ?? false;
}

/** Where in an answer something is wrong, e.g. `[3].UserName`. */
export function pathOf(issue: v.BaseIssue<unknown>): string {
  const path = (issue.path ?? []).map(({ key }) =>
    typeof key === "number" ? `[${key}]` : `.${String(key)}`,
  );
  return path.join("").replace(/^\./, "") || "the answer itself";
}
