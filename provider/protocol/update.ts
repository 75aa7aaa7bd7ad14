/**
 * What the provider processes of one update tell each other. The default provider and each explicit one are
 * processes of their own; what they share is the engine that started them, whose address is their first argument.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, readFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

/** The file of this update, which the system clears away. Ids are not secret. Looked up once. */
let file: string | false | undefined;

function fileOfUpdate(): string | false {
  file ??= pathOf(process.argv[2]);
  return file;
}

/** Addresses are used again soon: only together with the engine's process do they stand for one update. */
function pathOf(address: string | undefined): string | false {
  if (address === undefined || !/^[\w.[\]:-]+:\d+$/.test(address)) return false;
  const engine = engineProcess();
  if (engine === undefined) return false;
  const name = createHash("sha256").update(`${address} ${engine}`).digest("hex").slice(0, 24);
  return join(tmpdir(), `pulumi-sftptogo-update-${name}`);
}

/**
 * The engine's process: the nearest ancestor called `pulumi`, since a launcher may stand between it and us. Where it
 * cannot be told, as on Windows, each provider process knows of its own resources only.
 */
function engineProcess(): string | undefined {
  try {
    for (let pid = process.ppid, generation = 0; pid > 1 && generation < 4; generation++) {
      const { parent, command, started } = describe(pid);
      if (command === "pulumi") return `${pid} ${started}`;
      pid = parent;
    }
  } catch {}
  return undefined;
}

/** A process, by Linux's own files, since slim images have no `ps`; else by `ps`. */
function describe(pid: number): { parent: number; command: string; started: string } {
  if (process.platform === "linux") {
    const [, command = "", rest = ""] =
      /^\d+ \((.*)\) (.*)$/s.exec(readFileSync(`/proc/${pid}/stat`, "utf8")) ?? [];
    const fields = rest.split(" ");
    return { command, parent: Number(fields[1]), started: fields[19] ?? "" };
  }
  const line = execFileSync("ps", ["-o", "ppid=,lstart=,comm=", "-p", String(pid)], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    env: { ...process.env, LC_ALL: "C" },
  });
  const [, parent, started = "", command = ""] = /^\s*(\d+)\s+(.{24})\s+(.*?)\s*$/.exec(line) ?? [];
  return { command: basename(command), parent: Number(parent ?? 0), started };
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
  if (path === false) return undefined;
  let opened: number | undefined;
  try {
    opened = openSync(path, flags | constants.O_NOFOLLOW, 0o600);
    const { uid } = fstatSync(opened);
    return uid === (process.getuid?.() ?? uid) ? use(opened) : undefined;
  } catch {
    return undefined;
  } finally {
    if (opened !== undefined) closeSync(opened);
  }
}
