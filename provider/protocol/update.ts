/**
 * What the processes of one update tell each other: the program, and a provider process for each provider. They know
 * the engine's address, and nothing else in common; what the engine is called, whose child it is and which number its
 * process has differs from one machine to the next. So the address names a file to which each of them adds lines.
 * Addresses are used again: a file of which no provider process is alive any more is another update's, and is left.
 */
import { createHash, randomBytes } from "node:crypto";
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  writeSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import type { Kind } from "./kinds";

/** One line. Ids, URNs and marks are hashes: nothing of a program can be read from the file. */
export type Note =
  /** A provider process, which lives as long as its update. */
  | readonly ["process", pid: number]
  /** A resource of this update keeps the object, has made it, or has adopted it. */
  | readonly ["kept", id: string, entry?: string]
  /** The engine asks for this resource's changes: it is not left out by `--target` or `--exclude`. */
  | readonly ["checked", urn: string]
  /** The program declares this resource. */
  | readonly ["declared", urn: string, kind: Kind]
  /** What its objects are told by, now that the arguments are known: marks and the ids of imports. */
  | readonly ["marked", urn: string, ...marks: string[]]
  /** It is registered: the entry of the state, and the ids of its objects. */
  | readonly ["has", urn: string, entry: string, ...ids: string[]];

export interface UpdateLog {
  /** The folders of which none can be written to, so that no other process is heard. Else `undefined`. */
  readonly unwritable: string | undefined;
  write(note: Note): void;
  /** All notes so far, those of the other processes among them. */
  read(): readonly Note[];
  /** What tells a new entry of the state from others; `undefined` where there is no engine. */
  newEntry(): string | undefined;
  /** How an id, a URN or a mark is written down. */
  hash(text: string): string;
}

/** In time for the first provider process of a program that takes long to begin. */
const graceForPrograms = 10 * 60_000;

/** `address`: the engine's. `isProvider`: of a provider process, which ends with its update; a program may live on. */
export function updateLog(address: string | undefined, isProvider: boolean): UpdateLog {
  const isEngine = address !== undefined && /^[\w.[\]:-]+:\d+$/.test(address);
  const uid = process.getuid?.() ?? 0;
  const hash = (text: string) =>
    createHash("sha256").update(`${address} ${text}`).digest("base64url").slice(0, 16);
  const name = `pulumi-sftptogo-update-${hash(`user ${uid}`)}`;
  const own: Note[] = [];
  let file: number | undefined;
  let unwritable: string | undefined;
  let isOpen = false;

  /** Opened at the first need, and then it stays open. */
  function opened(): number | undefined {
    if (isOpen || !isEngine) return file;
    isOpen = true;
    const folders = [tmpdir(), join(process.env.PULUMI_HOME ?? join(homedir(), ".pulumi"), "tmp")];
    for (const folder of folders) {
      file ??= openIn(folder, name, uid);
    }
    if (file === undefined) unwritable = folders.join(" nor ");
    else if (isProvider) append(file, ["process", process.pid]);
    return file;
  }

  const lines = reader();
  return {
    get unwritable() {
      opened();
      return unwritable;
    },
    write(note) {
      const to = opened();
      if (to === undefined) own.push(note);
      else append(to, note);
    },
    read() {
      const from = opened();
      return from === undefined ? own : lines(from);
    },
    newEntry: () => (isEngine ? randomBytes(6).toString("base64url") : undefined),
    hash,
  };
}

function append(file: number, note: Note): void {
  writeSync(file, `${JSON.stringify(note)}\n`);
}

/** Reads on from where it stopped the last time. */
function reader(): (file: number) => readonly Note[] {
  const notes: Note[] = [];
  const buffer = Buffer.alloc(65_536);
  let position = 0;
  let rest = "";
  return (file) => {
    for (;;) {
      const bytes = readSync(file, buffer, 0, buffer.length, position);
      if (bytes === 0) return notes;
      position += bytes;
      const parts = (rest + buffer.toString("latin1", 0, bytes)).split("\n");
      rest = parts.pop() ?? "";
      for (const part of parts) notes.push(JSON.parse(part) as Note);
    }
  };
}

/**
 * The file of this update in a folder, made if there is none. Of an address's files the one with the highest number
 * counts, so that two processes that leave an old one at the same moment come to the same new one.
 */
function openIn(folder: string, name: string, uid: number): number | undefined {
  const flags = constants.O_RDWR | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0);
  try {
    // Not `recursive`, which never ends below /proc.
    if (!existsSync(folder)) mkdirSync(folder);
    for (let attempt = 0; attempt < 20; attempt++) {
      const numbers = readdirSync(folder)
        .filter((each) => each.startsWith(`${name}.`))
        .map((each) => Number(each.slice(name.length + 1)))
        .filter(Number.isSafeInteger);
      const last = Math.max(0, ...numbers);
      const current = last > 0 ? openOwn(join(folder, `${name}.${last}`), flags, uid) : undefined;
      if (current !== undefined && isOfThisUpdate(current)) return current;
      if (current !== undefined) closeSync(current);
      const next = openOwn(
        join(folder, `${name}.${last + 1}`),
        flags | constants.O_CREAT | constants.O_EXCL,
        uid,
      );
      if (next === undefined) continue;
      for (const number of numbers) rmSync(join(folder, `${name}.${number}`), { force: true });
      return next;
    }
  } catch {}
  return undefined;
}

/** The folder may be everybody's: a link, or a file of somebody else's, is not ours. */
function openOwn(path: string, flags: number, uid: number): number | undefined {
  try {
    const file = openSync(path, flags, 0o600);
    if ((process.getuid?.() ?? uid) === fstatSync(file).uid || process.getuid === undefined) return file;
    closeSync(file);
  } catch {}
  return undefined;
}

/** As long as a provider process lives that wrote in it; before the first one has, for a while. */
function isOfThisUpdate(file: number): boolean {
  const processes = reader()(file).filter((note) => note[0] === "process");
  if (processes.length === 0) return Date.now() - fstatSync(file).mtimeMs < graceForPrograms;
  return processes.some(([, pid]) => isAlive(pid as number));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
