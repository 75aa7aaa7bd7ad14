/** A chosen part of `npm run dialects` on the real engine: what only it can refuse, and what users meet first. */
import { expect, test } from "vitest";
import type { DialectName } from "../harness/dialects/catalog/index.js";
import { Judge, objectIdOf } from "../harness/dialects/judge.js";
import { addForeign, type Changes, programOf, rounds } from "../harness/dialects/program.js";
import { keysOfSet } from "../harness/stage/keysOfSet.js";
import type { Program } from "../harness/stage/program.js";
import { openRealStage } from "../harness/stage/real.js";
import { changesOf, type Report } from "../harness/stage/stage.js";

/** Several at once, where one does not hide the other. */
const worlds: Readonly<Record<string, readonly DialectName[]>> = {
  "spells everything its own way": [
    "url-with-slash",
    "text-trimmed",
    "home-with-slashes",
    "link-path-without-slashes",
    "rule-protocol-lower-case",
    "rule-ids-new",
  ],
  "hides secrets and answers little": [
    "passwords-left-out-of-lists",
    "authorization-masked-in-lists",
    "patch-204",
    "delete-204",
    "create-200",
  ],
  "has other ids, times and fields": [
    "ids-base64",
    "times-as-iso",
    "expiration-in-seconds",
    "further-fields",
  ],
  "leaves half of a character": ["text-cut-in-emoji"],
};

test.each(Object.keys(worlds))("a life beside a service that %s", async (name) => {
  await using stage = await openRealStage("", { dialects: worlds[name] ?? [] });
  const { emulator } = stage;
  addForeign(emulator.data, 1);
  const judge = new Judge(emulator, undefined, Date.now);
  const now = stage.now();
  const changes = Object.assign({}, ...rounds(now).slice(0, 2)) as Changes;
  const before = programOf({ now }).filter(({ kind }) => kind !== "PasswordRotation");
  const after = programOf({ now, changes });

  async function run(step: string, program: Program, command: () => Promise<Report>): Promise<Report> {
    judge.step = step;
    judge.declare(program);
    const report = await command();
    judge.hear(report, await stage.readableState());
    expect(
      [...report.failures].map(([of, { message }]) => `${of}: ${message}`),
      step,
    ).toEqual([]);
    return report;
  }

  await run("up", before, () => stage.up(before));
  judge.judge(before, await stage.state(), new Set());
  const refreshed = await run("refresh", before, () => stage.refresh());
  const updated = await run("change", after, () => stage.up(after));
  judge.judge(after, await stage.state(), new Set());
  judge.judgeLoose(await stage.state());
  judge.judgeDeletes(new Set());
  const preview = await run("preview", after, () => stage.preview(after));
  expect({
    refreshed: changesOf(refreshed),
    updated: changesOf(updated).sort(),
    preview: changesOf(preview),
  }).toEqual({
    refreshed: [],
    updated: ["create rotation", "update acme", "update arrivals", "update report"],
    preview: [],
  });
  const made = [...(await stage.state()).values()].flatMap((recorded) =>
    recorded.kind === "SshPublicKeySet" ? keysOfSet(emulator.data, recorded) : [objectIdOf(recorded)],
  );
  await run("destroy", after, () => stage.destroy());
  judge.judgeLoose(await stage.state());
  judge.judgeDeletes(new Set(made));
  expect(judge.found).toEqual([]);
});

test("rules that the service never applies leave a closed login, and a message", async () => {
  // The rules are looked for as long as the operation may take.
  const config = { "sftptogo:operationTimeoutSeconds": "5" };
  await using stage = await openRealStage("", { dialects: ["rules-never-applied"], config });
  const program = programOf({ now: stage.now() }).filter(({ name }) => name === "guarded");
  const { failures } = await stage.up(program);
  expect(failures.get("guarded")?.message).toMatch(/inboundRules/);
  expect(stage.login().State).toBe("inactive");
  expect((await stage.state()).get("guarded")).toMatchObject({ id: stage.login().Id, failed: true });
  const again = await stage.up(program);
  expect(again.failures.size).toBe(1);
  expect(stage.login().State).toBe("inactive");
  expect((await stage.destroy()).failures.size).toBe(0);
  expect(stage.emulator.data.credentials.size).toBe(1);
});
