/**
 * The turns that are the same in the life of every kind. Each begins and ends with an empty stack; several kinds
 * at once share its commands. They judge by the emulator's data and ledger and by the exported state.
 */
import { expect } from "vitest";
import type { Emulator, Fault } from "../../../provider/emulator/index.js";
import type { Plain } from "../../../provider/values/plain.js";
import type { Declared, Program } from "../../harness/stage/program.js";
import { changesOf, type Recorded, type Report, type Stage } from "../../harness/stage/stage.ts";
import type { Subject } from "./subjects.js";

export type Turn = (stage: Stage, subjects: readonly Subject[]) => Promise<void>;

/** The turns, by what is said of a resource. */
export const turnTitles = {
  life: "is made with every argument, changed in place, and removed",
  adopted: "is taken over by the import option without a write",
  gone: "is made again after it was removed behind Pulumi's back",
  get: "is read by .get, and left alone; one that is not there is an error",
  otherOrganization: "is not read, changed or deleted under another organization",
  unfinished: "is finished by the next up, or destroyed, after a create that failed halfway",
  lostAnswers: "is made once though the answer was lost",
  replaced: "is one object after a replacement, by an argument and forced",
} as const;
export type TurnName = keyof typeof turnTitles;

export const turns: Readonly<Record<TurnName, Turn>> = {
  async life(stage, subjects) {
    const now = stage.now();
    const full = programOf(subjects, ({ full }) => ({ args: full(now) }));
    const made = await succeed(stage, stage.up(full));
    const before = await expectWhole(stage, subjects);
    expectEachActedOnce(stage, subjects, ({ createdBy }) => createdBy);
    await expectSettled(stage, full);

    const changed = programOf(subjects, ({ full, changed }) => ({ args: { ...full(now), ...changed } }));
    stage.writes();
    const updated = await succeed(stage, stage.up(changed));
    const expected = subjects.filter(({ changed }) => changed !== undefined);
    expect(changesOf(updated).sort()).toEqual(expected.map(({ name }) => `update ${name}`).sort());
    expect(operationsOf(stage)).toEqual(expected.flatMap(({ updatedBy = [] }) => updatedBy).sort());
    const after = await expectWhole(stage, subjects);
    for (const { name } of subjects) expect(after.get(name)?.id).toBe(before.get(name)?.id);
    await expectSettled(stage, changed);
    await expectNothingReadable(stage, [made, updated]);
    await end(stage, subjects);
  },

  async adopted(stage, subjects) {
    const { ids, needs } = await withOthers(stage, subjects);
    const { data } = stage.emulator;
    const there = subjects.map(({ name, objectOf }) => structuredClone(objectOf(data, id(ids, name))));
    const importing = (args: (subject: Subject) => Plain, suffix = "", importId?: string) =>
      programOf(subjects, (subject) => ({
        name: `${subject.name}${suffix}`,
        args: args(subject),
        import: importId ?? id(ids, subject.name),
      }));

    const refused = await stage.preview(importing(({ others }) => ({ ...others.args, ...others.mismatch })));
    expectFailures(refused, subjects, /import: .* is not what the program declares/);
    for (const { name, others } of subjects) {
      const message = refused.failures.get(name)?.message;
      // Of several resources the engine may show some only.
      if (message === undefined && subjects.length > 1) continue;
      for (const argument of others.mismatched) expect(message).toContain(argument);
    }
    await expectNothingReadable(stage, [refused], ["Not-the-0ne-of-it!", "Bearer of-nobody"]);
    const missing = await stage.preview(importing(({ others }) => others.args, "", missingId));
    expectFailures(missing, subjects, /import: (there is no |.*credentialId\/)/);

    const adopted = await succeed(stage, stage.up(importing(({ others }) => others.args)));
    expect(changesOf(adopted).sort()).toEqual(subjects.map(({ name }) => `create ${name}`).sort());
    await expectStateOf(stage, subjects, ids);

    // Without the option it stays; under another name it is adopted once more, and not deleted along with the old.
    const without = programOf(subjects, ({ others }) => ({ args: others.args }));
    await expectSettled(stage, without);
    const renamed = await succeed(stage, stage.up(importing(({ others }) => others.args, "-renamed")));
    expect(changesOf(renamed).sort()).toEqual(
      subjects.flatMap(({ name }) => [`create ${name}-renamed`, `delete ${name}`]).sort(),
    );
    expect(operationsOf(stage)).toEqual([]);
    expect(subjects.map(({ name, objectOf }) => objectOf(data, id(ids, name)))).toEqual(there);
    const state = await stage.state();
    for (const { name } of subjects) expect(state.get(`${name}-renamed`)?.id).toBe(id(ids, name));
    await expectNothingReadable(stage, [adopted, renamed]);
    await end(stage, subjects, needs);
  },

  async gone(stage, subjects) {
    const least = programOf(subjects, ({ least }) => ({ args: least }));
    await succeed(stage, stage.up(least));
    const before = await expectWhole(stage, subjects);
    const { data } = stage.emulator;
    for (const { remove } of subjects) remove(data);
    await succeed(stage, stage.refresh());
    const refreshed = await stage.state();
    for (const { name } of subjects) expect(refreshed.has(name), `${name} in the state`).toBe(false);

    stage.writes();
    await succeed(stage, stage.up(least));
    const after = await expectWhole(stage, subjects);
    for (const { name } of subjects) expect(after.get(name)?.id).not.toBe(before.get(name)?.id);
    expectEachActedOnce(stage, subjects, ({ createdBy }) => createdBy);

    for (const { remove } of subjects) remove(data);
    stage.writes();
    const changing = subjects.filter(({ changed }) => changed !== undefined);
    if (changing.length > 0) {
      const changed = programOf(subjects, ({ least, changed }) => ({ args: { ...least, ...changed } }));
      expectFailures(await stage.up(changed), changing, /is gone\. Run `pulumi refresh`/);
    }
    expect(actedOf(stage.emulator)).toEqual([]);
    await end(stage, subjects);
  },

  async get(stage, subjects) {
    const { data } = stage.emulator;
    const { Id: ownerId } = data.addCredential({ UserName: "owner-incoming" });
    const ids = new Map(subjects.map(({ name, others }) => [name, others.add(data, ownerId)]));
    const there = everything(data);
    const reading = (of: (name: string) => string): Program =>
      subjects.map(({ kind, name }) => ({ kind, name, args: {}, get: of(name) }));

    const read = await succeed(stage, stage.up(reading((name) => id(ids, name))));
    expect(changesOf(read)).toEqual([]);
    const state = await stage.state();
    for (const { name, others } of subjects) {
      const recorded = state.get(name);
      expect(recorded).toMatchObject({ id: id(ids, name), external: true });
      expect(recorded?.outputs).toMatchObject(others.shown(data, id(ids, name)));
    }
    await expectNothingReadable(stage, [read]);
    const missing = await stage.preview(reading(() => missingId));
    expectFailures(missing, subjects, /There is no .* with the id|credentialId\//);

    await succeed(stage, stage.destroy());
    expect((await stage.state()).size).toBe(0);
    expect(operationsOf(stage)).toEqual([]);
    expect(everything(data)).toEqual(there);
    data.deleteCredential(ownerId);
    for (const { remove } of subjects) remove(data);
  },

  async otherOrganization(stage, subjects) {
    const least = programOf(subjects, ({ least }) => ({ args: least }));
    await succeed(stage, stage.up(least));
    const there = everything(stage.emulator.data);
    const state = await stage.state();
    const refusal =
      /^Refused to \w+ .*: it belongs to organization|Refused to \w+ .*belongs to organization/s;

    await stage.setOrganization("5f9c6a1e-0000-4000-8000-000000000000");
    stage.writes();
    // A kind without an update is taken out instead.
    const changed = programOf(
      subjects,
      ({ least, changed }) => ({ args: { ...least, ...changed } }),
      ({ changed }) => changed !== undefined,
    );
    // What the turn is about may stand behind what it needs.
    const all = [...subjects, ...subjects.flatMap(({ needs }) => needs)];
    expectFailures(await stage.preview(least), all, refusal);
    expectFailures(await stage.up(changed), all, refusal);
    expectFailures(await stage.refresh(), all, refusal);
    expectFailures(await stage.destroy(), all, refusal);
    expect(operationsOf(stage)).toEqual([]);
    expect(everything(stage.emulator.data)).toEqual(there);
    const kept = await stage.state();
    for (const { name } of subjects) expect(kept.get(name)?.id).toBe(state.get(name)?.id);

    await stage.setOrganization(stage.emulator.organizationId);
    await succeed(stage, stage.up(least));
    expect(operationsOf(stage)).toEqual([]);
    await expectWhole(stage, subjects);
    await end(stage, subjects);
  },

  async unfinished(stage, subjects) {
    const alone = subjects.filter(({ unfinished }) => unfinished?.hitsOthers === true);
    const together = subjects.filter(({ unfinished }) => unfinished?.hitsOthers === false);
    for (const each of alone) await finishOrDestroy(stage, [each]);
    if (together.length > 0) await finishOrDestroy(stage, together);
  },

  async lostAnswers(stage, subjects) {
    const faults: readonly Fault[] = [{ name: "reset" }, { name: "status", status: 503 }];
    for (const fault of faults) {
      await upWithNeeds(stage, subjects);
      for (const { createdBy } of subjects) {
        stage.emulator.addFault({ ...fault, when: "after", operation: createdBy });
      }
      const least = programOf(subjects, ({ least }) => ({ args: least }));
      const made = await succeed(stage, stage.up(least));
      const met = stage.emulator.ledger.filter((entry) => entry.fault === fault.name && entry.acted);
      expect(met.map(({ operation }) => operation).sort()).toEqual(
        subjects.map(({ createdBy }) => createdBy).sort(),
      );
      expectEachActedOnce(stage, subjects, ({ createdBy }) => createdBy);
      await expectWhole(stage, subjects);
      await expectSettled(stage, least);
      await expectNothingReadable(stage, [made]);
      await end(stage, subjects);
    }
  },

  async replaced(stage, subjects) {
    const least = programOf(subjects, ({ least }) => ({ args: least }));
    await succeed(stage, stage.up(least));
    let before = await expectWhole(stage, subjects);
    const replaced = programOf(subjects, ({ least, replacing }) => ({ args: { ...least, ...replacing } }));
    const replaceable = subjects.filter(({ replacing }) => replacing !== undefined);

    async function expectReplaced(of: readonly Subject[], report: Report, isForced: boolean): Promise<void> {
      const acted = actedOf(stage.emulator);
      for (const { name, kind, createdBy, deletedBy, staysWhenReplaced } of of) {
        const steps = changesOf(report).filter((change) => change.endsWith(` ${name}`));
        // A rotation's old one goes last: a failure in between leaves a password that is known.
        const isMadeFirst = kind === "PasswordRotation" || staysWhenReplaced;
        const order = [`delete ${name}`, `create ${name}`];
        expect(steps).toEqual(isMadeFirst ? order.reverse() : order);
        if (staysWhenReplaced) continue;
        const requests = acted.filter((operation) => operation === createdBy || operation === deletedBy);
        const inOrder = deletedBy === undefined ? [createdBy] : [deletedBy, createdBy];
        // Nobody with a key is locked out; a forced replacement adds the same key, which stands in its own way.
        expect(requests).toEqual(kind === "SshPublicKey" && !isForced ? inOrder.reverse() : inOrder);
      }
      const after = await expectWhole(stage, subjects);
      for (const { name, staysWhenReplaced = false } of of) {
        expect(after.get(name)?.id === before.get(name)?.id, name).toBe(staysWhenReplaced);
      }
      before = after;
    }

    if (replaceable.length > 0) {
      stage.writes();
      const report = await succeed(stage, stage.up(replaced));
      await expectReplaced(replaceable, report, false);
    }
    stage.writes();
    const forced = await succeed(stage, stage.up(replaced, { replace: subjects.map(({ name }) => name) }));
    await expectReplaced(subjects, forced, true);
    await expectSettled(stage, replaced);
    await end(stage, subjects);
  },
};

/** In the form of every kind's ids but the key's and the rotation's, which say so. */
const missingId = "4ddb2ea265b8eaf7680d20f0b26cf1";

async function finishOrDestroy(stage: Stage, subjects: readonly Subject[]): Promise<void> {
  const program = programOf(subjects, ({ least, unfinished }) => ({ args: unfinished?.args ?? least }));
  async function failHalfway(): Promise<void> {
    await upWithNeeds(stage, subjects);
    for (const { unfinished } of subjects) {
      for (const fault of unfinished?.faults ?? []) stage.emulator.addFault(fault);
    }
    const report = await stage.up(program, { continueOnError: true });
    stage.emulator.clearFaults();
    for (const { name } of subjects) expect(report.failures.get(name)?.message, name).toBeDefined();
    const state = await stage.state();
    for (const { name, objectOf } of subjects) {
      expect(state.get(name), name).toMatchObject({ failed: true });
      expect(objectOf(stage.emulator.data, state.get(name)?.id ?? ""), name).toBeDefined();
    }
    await expectNothingReadable(stage, [report]);
  }

  await failHalfway();
  await end(stage, subjects);
  await failHalfway();
  const preview = await stage.preview(program);
  expect(changesOf(preview).sort()).toEqual(subjects.map(({ name }) => `update ${name}`).sort());
  await succeed(stage, stage.up(program));
  expectEachActedOnce(stage, subjects, ({ createdBy }) => createdBy);
  const state = await expectWhole(stage, subjects);
  for (const { name, unfinished } of subjects) {
    expect(unfinished?.isDone(stage.emulator.data, state.get(name)?.id ?? ""), `${name} is done`).toBe(true);
  }
  await expectSettled(stage, program);
  await end(stage, subjects);
}

/** The needs of all, each once, and then one resource for each subject that is declared. */
function programOf(
  subjects: readonly Subject[],
  of: (subject: Subject) => Partial<Declared> & Pick<Declared, "args">,
  isDeclared: (subject: Subject) => boolean = () => true,
): Program {
  const declared = subjects.filter(isDeclared);
  return [
    ...needsOf(subjects),
    ...declared.map((each) => ({ kind: each.kind, name: each.name, ...of(each) })),
  ];
}

function needsOf(subjects: readonly Subject[]): Program {
  const needs = subjects.flatMap((subject) => subject.needs);
  return needs.filter(({ name }, index) => needs.findIndex((other) => other.name === name) === index);
}

/** Brings up what the subjects need, and forgets the requests for it. */
async function upWithNeeds(stage: Stage, subjects: readonly Subject[]): Promise<Program> {
  const needs = needsOf(subjects);
  if (needs.length > 0) await succeed(stage, stage.up(needs));
  stage.writes();
  return needs;
}

async function withOthers(stage: Stage, subjects: readonly Subject[]) {
  const needs = await upWithNeeds(stage, subjects);
  const { data } = stage.emulator;
  const ownerId = data.findCredential("owner-incoming")?.Id ?? "";
  const ids = new Map(subjects.map(({ name, others }) => [name, others.add(data, ownerId)]));
  return { ids, needs };
}

function id(ids: ReadonlyMap<string, string>, name: string): string {
  const found = ids.get(name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}

async function succeed(stage: Stage, command: Promise<Report>): Promise<Report> {
  const report = await command;
  const messages = [...report.failures].map(([name, { message }]) => `${name}: ${message}`);
  expect(messages, stage.emulator.ledger.map(({ operation }) => operation).join(" ")).toEqual([]);
  return report;
}

/** A lone subject has to fail; of several the engine may stop at the first. Nothing else may fail. */
function expectFailures(
  report: Report,
  subjects: readonly { readonly name: string }[],
  message: RegExp,
): void {
  const names = subjects.map(({ name }) => name);
  expect(report.failures.size, report.printed).toBeGreaterThan(0);
  for (const [name, error] of report.failures) {
    expect(names).toContain(name);
    expect(error.message).toMatch(message);
  }
}

/** Each subject is one object, whose id and secrets are in the state. */
async function expectWhole(
  stage: Stage,
  subjects: readonly Subject[],
): Promise<ReadonlyMap<string, Recorded>> {
  const state = await stage.state();
  const { data } = stage.emulator;
  for (const { name, kind, objects, objectOf, secrets } of subjects) {
    const recorded = state.get(name);
    expect(recorded, `${name} in the state`).toMatchObject({ kind, failed: false, external: false });
    const recordedId = recorded?.id ?? "";
    expect(objects(data).length, `objects of ${name}`).toBe(1);
    expect(objectOf(data, recordedId) === objects(data)[0], `the object of ${name}`).toBe(true);
    for (const [key, value] of Object.entries(secrets(data, recordedId))) {
      expect(value, `${key} of ${name} on the server`).toBeTruthy();
      expect(recorded?.outputs[key] === value, `${key} of ${name} in the state`).toBe(true);
    }
  }
  return state;
}

async function expectStateOf(
  stage: Stage,
  subjects: readonly Subject[],
  ids: ReadonlyMap<string, string>,
): Promise<void> {
  const state = await stage.state();
  for (const { name } of subjects) {
    expect(state.get(name)).toMatchObject({ id: ids.get(name), failed: false, external: false });
  }
}

/** A refresh finds nothing, and the next `up` would do nothing. */
async function expectSettled(stage: Stage, program: Program): Promise<void> {
  const acted = actedOf(stage.emulator);
  const refreshed = await succeed(stage, stage.refresh());
  expect(changesOf(refreshed)).toEqual([]);
  const preview = await succeed(stage, stage.preview(program));
  expect(changesOf(preview)).toEqual([]);
  expect(actedOf(stage.emulator)).toEqual(acted);
}

/** Destroys the stack: nothing of it is left on the server or in the state. */
async function end(stage: Stage, subjects: readonly Subject[], needs: Program = []): Promise<void> {
  const { printed } = await succeed(stage, stage.destroy());
  const { data } = stage.emulator;
  for (const { name, objects } of subjects)
    expect(objects(data), `objects of ${name}: ${printed}`).toEqual([]);
  expect(needs.length === 0 || data.findCredential("owner-incoming") === undefined).toBe(true);
  expect([...(await stage.state()).keys()]).toEqual([]);
  stage.emulator.clearLedger();
}

function expectEachActedOnce(
  stage: Stage,
  subjects: readonly Subject[],
  operationOf: (subject: Subject) => string,
): void {
  const needed = needsOf(subjects).map(({ args }) => String(args.userName));
  const made = stage.emulator.ledger.filter(({ acted, body }) => {
    const { UserName } = (body ?? {}) as Plain;
    return acted && !needed.includes(String(UserName));
  });
  for (const subject of subjects) {
    const operation = operationOf(subject);
    const own = made.filter(({ body }) => subject.isOwn?.(body) ?? true);
    const times = own.filter((entry) => entry.operation === operation).length;
    expect(times, `${operation} for ${subject.name}`).toBe(1);
  }
}

/** No secret of the server, and none of those given, is printed or in plain text in the state. */
async function expectNothingReadable(
  stage: Stage,
  reports: readonly Report[],
  more: readonly string[] = [],
): Promise<void> {
  const { credentials, webhooks, shareLinks } = stage.emulator.data;
  const secrets = [
    stage.emulator.apiKey,
    ...more,
    ...[...credentials.values()].map(({ Password }) => Password),
    ...[...webhooks.values()].flatMap(({ Secret, AuthorizationHeader }) => [
      Secret,
      AuthorizationHeader ?? "",
    ]),
    ...[...shareLinks.values()].flatMap(({ Url, Password }) => [Url, Password ?? ""]),
  ].filter((secret) => secret !== "");
  const readable = [...reports.map(({ printed }) => printed), await stage.readableState()].join("\n");
  // Without the secret in the message of the failure.
  secrets.forEach((secret, index) => {
    expect(readable.includes(secret), `secret ${index} is readable`).toBe(false);
  });
}

function operationsOf(stage: Stage): string[] {
  return stage
    .writes()
    .map(({ operation }) => operation)
    .sort();
}

/** What the server did, in order. */
function actedOf({ ledger }: Emulator): string[] {
  return ledger.filter(({ acted }) => acted).map(({ operation }) => operation);
}

function everything({ credentials, sshPublicKeys, webhooks, shareLinks }: Emulator["data"]): object {
  return structuredClone({ credentials, sshPublicKeys, webhooks, shareLinks });
}
