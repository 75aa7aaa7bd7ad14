/** The ids that a file names: another tool's state, or a list made by hand. */
import { readFile } from "node:fs/promises";
import { isPlainObject, jsonOrUndefined } from "../../values/plain";

/**
 * Of JSON, such as a terraform.tfstate or an export of another stack, the values of every `id` and `object_id`; of any
 * other text, its lines. The error names the file, and quotes nothing of it: it may hold secrets.
 */
export async function readIds(file: string): Promise<ReadonlySet<string>> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new Error(`${file} cannot be read (${error.code ?? "no reason given"}).`);
  });
  const json = jsonOrUndefined(text);
  const isJson = typeof json === "object" && json !== null;
  const ids = isJson ? [...idsIn(json)] : text.split("\n").map((line) => line.trim());
  const named = new Set(ids.filter((id) => id !== ""));
  if (named.size === 0)
    throw new Error(`${file} names no id. Give another tool's state, or a file with one id per line.`);
  return named;
}

function* idsIn(value: unknown): Generator<string> {
  if (Array.isArray(value)) {
    for (const each of value) yield* idsIn(each);
  } else if (isPlainObject(value)) {
    for (const [key, each] of Object.entries(value)) {
      if (typeof each !== "string") yield* idsIn(each);
      else if (key === "id" || key === "object_id") yield each;
    }
  }
}
