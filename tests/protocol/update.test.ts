/** What the processes of one update tell each other. */
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { updateLog } from "../../provider/protocol/update.js";

const updateModule = join(__dirname, "../../dist/protocol/update.js");
const address = "127.0.0.1:40001";

let folder: string;
let home: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "update-"));
  home = mkdtempSync(join(tmpdir(), "home-"));
  vi.stubEnv("TMPDIR", folder);
  vi.stubEnv("PULUMI_HOME", home);
});
afterEach(() => {
  vi.unstubAllEnvs();
  for (const each of [folder, home]) rmSync(each, { recursive: true, force: true });
});

const files = () => readdirSync(folder).map((name) => join(folder, name));
const kept = (log: ReturnType<typeof updateLog>) =>
  log
    .read()
    .filter(([what]) => what === "kept")
    .map(([, id]) => id);

/** Another process, which ends at once. */
function ended(isProvider: boolean): void {
  const script = `require(${JSON.stringify(updateModule)}).updateLog("${address}", ${isProvider}).write(["kept", "of another"])`;
  execFileSync(process.execPath, ["-e", script]);
}

describe("what a process of an update notes", () => {
  test("is read by the others, in order, also what comes after they have read", () => {
    const [program, provider] = [updateLog(address, false), updateLog(address, true)];
    program.write(["kept", "a"]);
    provider.write(["kept", "b"]);
    expect(kept(provider)).toEqual(["a", "b"]);
    program.write(["kept", "c"]);
    expect([kept(provider), kept(program)]).toEqual([
      ["a", "b", "c"],
      ["a", "b", "c"],
    ]);
    expect(files()).toHaveLength(1);
  });

  test("is read by a provider process that starts after the program has noted it and ended", () => {
    ended(false);
    expect(kept(updateLog(address, true))).toEqual(["of another"]);
  });

  test("is not read at another address", () => {
    updateLog(address, true).write(["kept", "a"]);
    expect(kept(updateLog("127.0.0.1:40002", true))).toEqual([]);
  });

  test("is not read by a later update at the same address, whose processes meet in a new file", () => {
    ended(true);
    const [one, other] = [updateLog(address, true), updateLog(address, true)];
    one.write(["kept", "a"]);
    expect(kept(other)).toEqual(["a"]);
    expect(files()).toHaveLength(1);
  });

  test("is not read where only a program has noted it, long ago", () => {
    ended(false);
    const [file = ""] = files();
    utimesSync(file, new Date(0), new Date(0));
    expect(kept(updateLog(address, true))).toEqual([]);
  });

  test("is hashes, in a file that only its owner reads", () => {
    const log = updateLog(address, true);
    log.write(["kept", log.hash("4ddb2ea265b8eaf7680d20f0b26cf1")]);
    const [file = ""] = files();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, "utf8")).toMatch(/^\["process",\d+\]\n\["kept","[\w-]{16}"\]\n$/);
    expect(log.hash("a")).not.toBe(updateLog("127.0.0.1:40002", true).hash("a"));
  });

  test("is not read from, nor written to, what a link leads to", () => {
    updateLog(address, true).write(["kept", "a"]);
    const [file = ""] = files();
    const target = join(home, "target");
    writeFileSync(target, '["kept","planted"]\n');
    rmSync(file);
    symlinkSync(target, file);
    const log = updateLog(address, true);
    log.write(["kept", "b"]);
    expect(kept(log)).toEqual(["b"]);
    expect(readFileSync(target, "utf8")).toBe('["kept","planted"]\n');
  });

  test("is many lines longer than one read", () => {
    const [one, other] = [updateLog(address, true), updateLog(address, true)];
    const ids = Array.from({ length: 5_000 }, (_, index) => `id number ${index}`);
    for (const id of ids) one.write(["kept", id]);
    expect(kept(other)).toEqual(ids);
  });
});

describe("a temporary folder that cannot be written to", () => {
  test("is replaced by the engine's own folder", () => {
    vi.stubEnv("TMPDIR", join(folder, "none", "at all"));
    updateLog(address, true).write(["kept", "a"]);
    const log = updateLog(address, true);
    expect(kept(log)).toEqual(["a"]);
    expect(log.unwritable).toBe(undefined);
  });

  test("is said where that one cannot be written to either: nobody takes unwritable for an answer", () => {
    vi.stubEnv("TMPDIR", join(folder, "none", "at all"));
    vi.stubEnv("PULUMI_HOME", join(home, "none", "at all"));
    const log = updateLog(address, true);
    log.write(["kept", "a"]);
    expect(kept(log)).toEqual(["a"]);
    expect(log.unwritable).toBe(
      `${join(folder, "none", "at all")} nor ${join(home, "none", "at all", "tmp")}`,
    );
  });
});

test.each([undefined, "", "--version"])(
  "without an engine nothing is told, and no file is left (%j)",
  (none) => {
    const log = updateLog(none, true);
    log.write(["kept", "a"]);
    expect([kept(log), log.unwritable, log.newEntry()]).toEqual([["a"], undefined, undefined]);
    expect(kept(updateLog(none, true))).toEqual([]);
    expect([files(), existsSync(join(home, "tmp"))]).toEqual([[], false]);
  },
);
