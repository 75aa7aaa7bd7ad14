/** What provider processes of one update tell each other: real processes, below one that is called as the engine is. */
import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const updateModule = join(__dirname, "../../dist/protocol/update.js");

let folder: string;
let engine: string;
let provider: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "update-"));
  engine = join(folder, "pulumi");
  writeFileSync(engine, '#!/bin/sh\neval "$1"\ntrue\n');
  chmodSync(engine, 0o755);
  provider = join(folder, "provider.cjs");
  writeFileSync(
    provider,
    `const { holdInUpdate, heldByUpdate } = require(${JSON.stringify(updateModule)});
    for (const [does, id] of process.argv.slice(3).map((each) => each.split(":"))) {
      if (does === "hold") holdInUpdate(id);
      else console.log(id + " " + heldByUpdate(id));
    }`,
  );
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A provider process, as the engine starts one: its address comes first. */
function provides(commands: string, address = "127.0.0.1:40001", launcher = ""): string {
  return `${launcher} "${process.execPath}" "${provider}" "${address}" ${commands}`;
}

/** One engine, with the provider processes that it starts one after another, and what they print. */
function run(program: string, ...processes: string[]): string[] {
  const [first = "", ...others] = program === "" ? processes : [program, processes.join("\n")];
  return execFileSync(first, others, {
    encoding: "utf8",
    env: { ...process.env, TMPDIR: folder },
    shell: program === "",
  })
    .split("\n")
    .filter((line) => line !== "");
}

const filesOf = () => readdirSync(folder).filter((name) => name.startsWith("pulumi-sftptogo-update-"));

// Elsewhere a script goes by the name of its shell.
describe.skipIf(process.platform !== "linux")("what one provider process holds", () => {
  test("is held for all of the same engine, and nothing else is", () => {
    const said = run(engine, provides("held:a hold:a hold:b held:b"), provides("held:a held:b held:c"));
    expect(said).toEqual(["a false", "b true", "a true", "b true", "c false"]);
  });

  test("is also held where a launcher stands between the engine and a process", () => {
    const launcher = join(folder, "launcher");
    writeFileSync(launcher, '#!/bin/sh\n"$@"\ntrue\n');
    chmodSync(launcher, 0o755);
    expect(run(engine, provides("hold:a", undefined, `"${launcher}"`), provides("held:a"))).toEqual([
      "a true",
    ]);
  });

  test("is not held at another address, which is another update's", () => {
    expect(run(engine, provides("hold:a"), provides("held:a", "127.0.0.1:40002"))).toEqual(["a false"]);
  });

  test("is not held below another engine that has got the same address", () => {
    expect(run(engine, provides("hold:a"))).toEqual([]);
    expect(run(engine, provides("held:a"))).toEqual(["a false"]);
    expect(filesOf()).toHaveLength(1);
  });

  test("is kept in a file that only its owner reads", () => {
    run(engine, provides("hold:a"));
    const [name = ""] = filesOf();
    expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder, name), "utf8")).toBe('"a"\n');
  });

  test("is one whole id, whatever it holds", () => {
    const said = run(engine, provides("'hold:a\nb' 'hold:cd'"), provides("held:a held:b held:c held:cd"));
    expect(said).toEqual(["a false", "b false", "c false", "cd true"]);
  });

  test("is not read from, nor written to, what a link leads to", () => {
    const target = join(folder, "target");
    writeFileSync(target, '"a"\n');
    const plant = `for each in "${folder}"/pulumi-sftptogo-update-*; do rm "$each"; ln -s "${target}" "$each"; done`;
    expect(run(engine, provides("hold:x"), plant, provides("held:a hold:b held:b"))).toEqual([
      "a false",
      "b false",
    ]);
    expect(readFileSync(target, "utf8")).toBe('"a"\n');
  });
});

describe("without an engine", () => {
  test.each(["127.0.0.1:40001", "", "--version"])(
    "nothing is told, nothing fails, and no file is left (%j)",
    (address) => {
      expect(run("", provides("hold:a held:a", address))).toEqual(["a false"]);
      expect(filesOf()).toEqual([]);
    },
  );
});
