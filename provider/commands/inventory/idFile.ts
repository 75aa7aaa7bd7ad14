/** The ids that a file names: another tool's state, or a list made by hand. */
import { isPlainObject, jsonOrUndefined } from "../../values/plain";
import { readTextFile } from "../textFile";

/**
 * Of JSON, such as a terraform.tfstate or an export of another stack, the values of every `id` and `object_id`; of any
 * other text, its lines. The error names the file, and quotes nothing of it: it may hold secrets.
 */
export async function readIds(file: string): Promise<ReadonlySet<string>> {
  const text = await readTextFile(file);
  const json = jsonOrUndefined(text);
  const isJson = typeof json === "object" && json !== null;
  const isBroken = !isJson && /^\s*[{[<]/.test(text);
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const ids = isJson ? idsIn(json) : lines.filter((line) => line !== "");
  if (isBroken || (!isJson && ids.some((id) => /\s/.test(id)))) {
    throw new Error(
      `${file} is neither JSON nor a list of ids: it may have been cut, or be a page of an error. Give another tool's ` +
        "state, or a file with one id per line.",
    );
  }
  const named = new Set(ids.filter((id) => id !== ""));
  if (named.size === 0)
    throw new Error(`${file} names no id. Give another tool's state, or a file with one id per line.`);
  return named;
}

/** However deep they are: what a tool has written may be nested without end. */
function idsIn(json: unknown): string[] {
  const ids: string[] = [];
  const left: unknown[] = [json];
  while (left.length > 0) {
    const value = left.pop();
    if (Array.isArray(value)) left.push(...value);
    else if (isPlainObject(value)) {
      for (const [key, each] of Object.entries(value)) {
        if (typeof each !== "string") left.push(each);
        else if (key === "id" || key === "object_id") ids.push(each);
      }
    }
  }
  return ids;
}
