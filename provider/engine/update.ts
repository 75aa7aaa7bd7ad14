/**
 * What the provider processes of one update tell each other. The default provider and each explicit one are
 * processes of their own; what they share is the engine that started them, whose address is their first argument.
 */
import { createHash } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, readFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A port serves many updates in turn, seldom two on one day. If it does, an object may be left, with a warning. */
const longestUpdateMilliseconds = 24 * 60 * 60 * 1000;

/** The file of this update, which the system clears away. Ids are not secret. */
function fileOfUpdate(): string | undefined {
  const address = process.argv[2];
  if (address === undefined || !/^[\w.[\]:-]+:\d+$/.test(address)) return undefined;
  const name = createHash("sha256").update(address).digest("hex").slice(0, 24);
  return join(tmpdir(), `pulumi-sftptogo-update-${name}`);
}

/** An object is kept by a resource of this update. What cannot be written is known to this process only. */
export function holdInUpdate(id: string): void {
  withFile(constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT, (file) => {
    writeSync(file, `${JSON.stringify(id)}\n`);
  });
}

/** Whether any provider process of this update has said that an object is kept. */
export function heldByUpdate(id: string): boolean {
  const text = withFile(constants.O_RDONLY, (file) => readFileSync(file, "utf8")) ?? "";
  return text.split("\n").includes(JSON.stringify(id));
}

/** The folder is everybody's: a link, or a file of somebody else's, is not ours. */
function withFile<T>(flags: number, use: (file: number) => T): T | undefined {
  const path = fileOfUpdate();
  if (path === undefined) return undefined;
  let file: number | undefined;
  try {
    file = openSync(path, flags | constants.O_NOFOLLOW, 0o600);
    const { uid, mtimeMs } = fstatSync(file);
    const isOurs = uid === (process.getuid?.() ?? uid);
    return isOurs && mtimeMs > Date.now() - longestUpdateMilliseconds ? use(file) : undefined;
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
