import { type ChildProcess, spawn } from "node:child_process";

/** How a command ended and what it said. */
export interface CommandResult {
  /** The exit code; `null` when a signal ended the command. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** stdout and stderr in the order they arrived. */
  readonly all: string;
  readonly seconds: number;
}

/** One line of the process table. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parentPid: number;
  readonly commandLine: string;
}

/** A command that was started and may still run. */
export interface RunningCommand {
  readonly child: ChildProcess;
  /** Resolves when the command has ended, however it ended; rejects only if it could not be started. */
  readonly result: Promise<CommandResult>;
  /** stdout and stderr so far. */
  output(): string;
  /** Resolves once the output holds `text`; rejects if the command ends without it. */
  printed(text: string): Promise<void>;
  /** The processes the command has started, and theirs. Empty once the command itself has ended. */
  descendants(): Promise<readonly ProcessEntry[]>;
}

export interface CommandOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Ends the command and its descendants after so many seconds. Default 120. */
  readonly timeoutSeconds?: number;
}

/** Starts `command` without a shell and without standard input. */
export function start(command: string, args: readonly string[], options: CommandOptions): RunningCommand {
  const startedAt = performance.now();
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  let all = "";
  const readers = new Set<() => void>();
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    add(text);
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    add(text);
  });

  const timeoutSeconds = options.timeoutSeconds ?? 120;
  const timer = setTimeout(async () => {
    const note = `\n[ended after ${timeoutSeconds} s without an end]\n`;
    stderr += note;
    add(note);
    await killTree(child);
  }, timeoutSeconds * 1000);

  const result = new Promise<CommandResult>((resolve, reject) => {
    child.once("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      const seconds = (performance.now() - startedAt) / 1000;
      resolve({ code, signal, stdout, stderr, all, seconds });
    });
  });

  function add(text: string): void {
    all += text;
    for (const look of readers) look();
  }

  async function printed(text: string): Promise<void> {
    let look = () => {};
    const seenSoon = new Promise<boolean>((resolve) => {
      look = () => all.includes(text) && resolve(true);
    });
    readers.add(look);
    look();
    const seen = await Promise.race([seenSoon, result.then(() => all.includes(text))]);
    readers.delete(look);
    if (!seen) throw new Error(`${command} ${args.join(" ")} ended without printing "${text}"\n${all}`);
  }

  return { child, result, output: () => all, printed, descendants: () => descendantsOf(child.pid) };
}

/** Ends a command that still runs, together with everything it started. */
export async function killTree(child: ChildProcess): Promise<void> {
  const family = await descendantsOf(child.pid);
  child.kill("SIGKILL");
  await killSurvivors(family);
}

/**
 * Ends those of the noted processes that still run. The command line is compared as well, since the system
 * may have given a process id to somebody else in the meantime.
 */
export async function killSurvivors(noted: readonly ProcessEntry[]): Promise<void> {
  if (noted.length === 0) return;
  const commandLines = new Map(noted.map((entry) => [entry.pid, entry.commandLine]));
  for (const entry of await processTable()) {
    if (commandLines.get(entry.pid) !== entry.commandLine) continue;
    try {
      process.kill(entry.pid, "SIGKILL");
    } catch {
      // It ended by itself between the look and the signal.
    }
  }
}

async function descendantsOf(pid: number | undefined): Promise<readonly ProcessEntry[]> {
  if (pid === undefined) return [];
  const table = await processTable();
  const family = new Set([pid]);
  const found: ProcessEntry[] = [];
  // Parents can stand behind their children in the table, so go on until a pass finds nobody new.
  for (let before = -1; before !== found.length; ) {
    before = found.length;
    for (const entry of table) {
      if (!family.has(entry.parentPid) || family.has(entry.pid)) continue;
      family.add(entry.pid);
      found.push(entry);
    }
  }
  return found;
}

/** `ps` with the two options that Linux and macOS share. */
async function processTable(): Promise<readonly ProcessEntry[]> {
  const listing = spawn("ps", ["-A", "-o", "pid=,ppid=,args="], { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  for await (const part of listing.stdout.setEncoding("utf8")) text += part;
  return [...text.matchAll(/^\s*(\d+)\s+(\d+)\s+(.*)$/gm)].map(([, pid, parentPid, commandLine]) => ({
    pid: Number(pid),
    parentPid: Number(parentPid),
    commandLine: commandLine ?? "",
  }));
}
