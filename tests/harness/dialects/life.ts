/** One whole life of every kind beside a service that speaks one dialect. */
import { createHash } from "node:crypto";
import type { Emulator, Fault } from "../../../provider/emulator/index.js";
import { keysOfSet } from "../stage/keysOfSet.ts";
import type { Product } from "../stage/product.ts";
import { dependenciesOf, type Program } from "../stage/program.ts";
import { openSmallStage, type Wrap } from "../stage/small.ts";
import { changesOf, type Report, type Stage } from "../stage/stage.ts";
import type { DialectName } from "./catalog/index.ts";
import { mayFail } from "./expected.ts";
import { type Found, firstLine, Judge, objectIdOf, objectsOf } from "./judge.ts";
import { addedKey, addForeign, type Changes, lastRound, programOf, rounds, withRefused } from "./program.ts";

/** Between two commands, which are never at once: longer than a late list is late. */
const betweenCommandsMs = 3_000;
const day = 86_400_000;

export interface Verdict {
  /** Left out: the emulator as the reference's examples have it. */
  readonly dialect: DialectName | undefined;
  readonly found: readonly Found[];
  readonly requests: number;
}

/** `wrap` puts something else in the place of the package's handlers, such as a mutant. */
export async function live(
  product: Product,
  dialect: DialectName | undefined,
  wrap?: Wrap,
): Promise<Verdict> {
  let judge: Judge | undefined;
  const watched: Product = {
    ...product,
    startEmulator: ({ now = Date.now, ...options } = {}) =>
      product.startEmulator({
        ...options,
        // The emulator asks for the time when a request has arrived.
        now() {
          judge?.watch();
          return now();
        },
        ...(dialect && { dialects: [dialect] }),
      }),
  };
  await using stage = await openSmallStage({ product: watched, ...(wrap && { wrap }) });
  addForeign(stage.emulator.data, dialect?.startsWith("pages-") ? 120 : 1);
  judge = new Judge(stage.emulator, dialect, stage.now);
  const life = new Life(stage, judge, dialect);
  try {
    await life.run();
  } catch (error) {
    judge.note("crash", error instanceof Error ? firstLine(`${error.stack}`) : String(error));
  }
  return { dialect, found: judge.found, requests: stage.emulator.ledger.at(-1)?.sequence ?? 0 };
}

type SmallStage = Awaited<ReturnType<typeof openSmallStage>>;

class Life {
  readonly #stage: SmallStage;
  readonly #judge: Judge;
  readonly #dialect: DialectName | undefined;
  readonly #mayDelete = new Set<string>();
  /** What the last `up` could not do, and whatever depends on it. */
  #failing: ReadonlySet<string> = new Set();
  /** Removed by somebody, where the service gives no way to notice it. */
  readonly #unnoticed = new Set<string>();
  #rotations = 1;

  constructor(stage: SmallStage, judge: Judge, dialect: DialectName | undefined) {
    this.#stage = stage;
    this.#judge = judge;
    this.#dialect = dialect;
  }

  async run(): Promise<void> {
    const { emulator, clock } = this.#stage;
    const now = clock.now();
    const more = this.#dialect?.startsWith("rate-limit") ? 40 : 0;
    let changes: Changes = {};
    const program = (extra: Changes = {}, withLate = false) =>
      programOf({ now, changes: { ...changes, ...merged(changes, extra) }, withLate, more });

    await this.#settle("up", program());
    await this.#quiet("up again", program());
    await this.#refresh("refresh", program());
    await this.#quiet("up after refresh", program());

    for (const [index, round] of rounds(now).entries()) {
      changes = merged(changes, round);
      if (round["plain-key"]) await this.#mayDeleteNow("plain-key");
      // With an overlap, none goes now.
      const { sshPublicKeyBodies, overlapDays } = round["keeper-keys"] ?? {};
      if (sshPublicKeyBodies && !overlapDays) this.#mayDeleteBeside(sshPublicKeyBodies);
      await this.#settle(`change ${index + 1}`, program());
    }
    await this.#refresh("refresh after changes", program());

    this.#drift(emulator);
    await this.#seeDrift(program());
    await this.#settle("repair", program());

    await this.#remove();
    await this.#seeRemoval(program());
    await this.#settle("make again", program());

    await this.#loseCreates(program({}, true));
    await this.#quiet("up after a lost create", program({}, true));

    this.#rotations += 1;
    changes = merged(changes, { rotation: { triggers: 2 } });
    await this.#settle("rotation", program({}, true));
    await this.#refresh("refresh after rotation", program({}, true));

    await this.#command("refused", withRefused(program({}, true)), (refused) => this.#stage.up(refused));
    await this.#settle("after refusals", program({}, true));

    await clock.sleep(31 * day);
    this.#rotations += 1;
    this.#mayDeleteBeside(changes["keeper-keys"]?.sshPublicKeyBodies);
    await this.#settle("rotation by age", program({}, true));
    await this.#quiet("up after a rotation by age", program({}, true));

    changes = merged(changes, lastRound);
    await this.#settle("last change", program({}, true));
    await this.#destroy(program({}, true));
  }

  async #command(
    step: string,
    program: Program,
    act: (program: Program) => Promise<Report>,
  ): Promise<Report> {
    const judge = this.#judge;
    await this.#stage.clock.sleep(betweenCommandsMs);
    judge.step = step;
    judge.declare(program);
    const report = await act(program);
    judge.hear(report, await this.#stage.readableState());
    judge.judgeDeletes(this.#mayDelete);
    const acted = this.#stage.emulator.ledger.filter(
      (entry) => entry.acted && entry.operation === "rotatePassword",
    );
    if (acted.length > this.#rotations) judge.note("harm", "a password was rotated that nobody asked for");
    return report;
  }

  /** Brings the program up; what fails gets one more `up`, as the message says. Then nothing may be left to do. */
  async #settle(step: string, program: Program): Promise<void> {
    const judge = this.#judge;
    const first = await this.#command(step, program, (declared) => this.#stage.up(declared));
    let last = first;
    if (first.failures.size > 0) {
      last = await this.#command(`${step}, up again`, program, (declared) => this.#stage.up(declared));
    }
    for (const [name, error] of first.failures) {
      const mended = last.failures.has(name) ? "" : "(mended by the next up) ";
      judge.note(
        mayFail(this.#dialect, name) ? "cannot" : "fails",
        `${name}: ${mended}${firstLine(error.message)}`,
      );
    }
    const failed = withDependents(program, last);
    this.#failing = failed;
    judge.judge(program, await this.#stage.state(), new Set([...failed, ...this.#unnoticed]));
    const preview = await this.#command(`preview after ${step}`, program, (declared) =>
      this.#stage.preview(declared),
    );
    this.#noteEndless(preview, "preview");
  }

  #noteEndless(report: Report, of: string): void {
    const failed = this.#failing;
    // After a failure the engine deletes nothing, so the old half of a replacement waits, and previews say so.
    const waits = (change: string) => failed.size > 0 && change.startsWith("delete ");
    const changes = changesOf(report).filter(
      (change) => !failed.has(change.split(" ")[1] ?? "") && !waits(change),
    );
    if (changes.length > 0) this.#judge.note("endless diff", `${of}: ${changes.join(", ")}`);
    for (const [name, error] of report.failures) {
      if (failed.has(name)) continue;
      const outcome = mayFail(this.#dialect, name) ? "cannot" : "fails";
      this.#judge.note(outcome, `${name} in ${of}: ${firstLine(error.message)}`);
    }
  }

  /** One more `up`: it sends nothing that changes anything. */
  async #quiet(step: string, program: Program): Promise<void> {
    const before = this.#actedCount();
    const report = await this.#command(step, program, (declared) => this.#stage.up(declared));
    this.#noteEndless(report, "up");
    if (this.#failing.size === 0 && this.#actedCount() > before) {
      const sent = this.#stage.emulator.ledger.filter((entry) => entry.acted).slice(before);
      this.#judge.note("endless diff", `up sends ${sent.map(({ operation }) => operation).join(", ")}`);
    }
  }

  #actedCount(): number {
    return this.#stage.emulator.ledger.filter((entry) => entry.acted).length;
  }

  async #refresh(step: string, program: Program): Promise<void> {
    const before = await this.#stage.state();
    const report = await this.#command(step, program, () => this.#stage.refresh());
    const live = objectsOf(this.#stage.emulator.data);
    for (const change of changesOf(report)) {
      const [op, name = ""] = change.split(" ");
      if (op !== "delete") continue;
      const recorded = before.get(name);
      if (recorded === undefined || live.has(objectIdOf(recorded))) {
        this.#judge.note("harm", `a refresh forgot ${name}, which is alive`);
      }
    }
    for (const [name, error] of report.failures) {
      const outcome = mayFail(this.#dialect, name) ? "cannot" : "fails";
      this.#judge.note(outcome, `${name} in refresh: ${firstLine(error.message)}`);
    }
    const preview = await this.#command(`preview after ${step}`, program, (declared) =>
      this.#stage.preview(declared),
    );
    this.#noteEndless(preview, "preview");
  }

  #object(name: string, state: Awaited<ReturnType<Stage["state"]>>): string {
    const recorded = state.get(name);
    return recorded === undefined ? "" : objectIdOf(recorded);
  }

  /** Somebody changes objects in the dashboard. */
  #drift({ data }: Emulator): void {
    const acme = [...data.credentials.values()].find(({ UserName }) => /^acme-/i.test(UserName));
    if (acme) acme.Permission = "full";
    const closed = [...data.credentials.values()].find(({ UserName }) => /^closed-/i.test(UserName));
    if (closed) closed.State = "active";
    const arrivals = [...data.webhooks.values()].find(({ Alias }) => Alias?.includes("Arrivals"));
    if (arrivals) {
      arrivals.Topics = ["file.deleted"];
      arrivals.Url = "https://other.example.com/";
    }
    const report = [...data.shareLinks.values()].find(({ Path }) => Path === "/reports/q2/");
    if (report) report.AccessLimit = 50;
    const keeper = [...data.credentials.values()].find(({ UserName }) => /^keeper-/i.test(UserName));
    if (keeper === undefined) return;
    const [, blob = ""] = addedKey.split(" ");
    const print = createHash("sha256")
      .update(Buffer.from(blob, "base64"))
      .digest("base64")
      .replace(/=+$/, "");
    const key = { Comment: "", Fingerprint: `SHA256:${print}`, Type: "ed25519", SshPublicKeyBody: addedKey };
    this.#mayDelete.add(data.addSshPublicKey({ ...key, UserId: keeper.Id }).Id);
  }

  async #seeDrift(program: Program): Promise<void> {
    const refreshed = await this.#command("refresh after drift", program, () => this.#stage.refresh());
    const preview = await this.#command("preview after drift", program, (declared) =>
      this.#stage.preview(declared),
    );
    const changes = changesOf(preview);
    for (const name of ["acme", "closed", "keeper-keys", "arrivals", "report"]) {
      if (changes.includes(`update ${name}`) || mayFail(this.#dialect, name) || this.#failing.has(name))
        continue;
      const failure = refreshed.failures.get(name) ?? preview.failures.get(name);
      if (failure === undefined) this.#judge.note("harm", `drift of ${name} is not shown`);
      else this.#judge.note("fails", `${name}: ${firstLine(failure.message)}`);
    }
  }

  /** Somebody deletes objects in the dashboard, so that the service knows of it. */
  async #remove(): Promise<void> {
    const { emulator, clock } = this.#stage;
    const state = await this.#stage.state();
    for (const [path, name] of [
      ["webhooks", "bare"],
      ["portal-links", "open"],
      ["users", "closed"],
    ] as const) {
      const id = this.#object(name, state);
      if (id === "") continue;
      this.#mayDelete.add(id);
      await clock.sleep(1_100);
      await fetch(
        `${emulator.url}/organizations/${emulator.organizationId}/${path}/${encodeURIComponent(id)}`,
        {
          method: "DELETE",
          headers: { authorization: `Bearer ${emulator.apiKey}` },
        },
      );
    }
  }

  async #seeRemoval(program: Program): Promise<void> {
    await this.#command("refresh after a removal", program, () => this.#stage.refresh());
    // A late list may still have them at the first.
    const refreshed = await this.#command("second refresh", program, () => this.#stage.refresh());
    const state = await this.#stage.state();
    for (const name of ["bare", "open", "closed"]) {
      if (!state.has(name) || this.#failing.has(name)) continue;
      if (mayFail(this.#dialect, name) && refreshed.failures.has(name)) {
        this.#unnoticed.add(name);
        continue;
      }
      const failure = refreshed.failures.get(name);
      this.#judge.note(
        "fails",
        `${name} was removed: ${failure ? firstLine(failure.message) : "not noticed"}`,
      );
    }
  }

  /** Each create of four is done, and its answer is lost. */
  async #loseCreates(program: Program): Promise<void> {
    const { emulator } = this.#stage;
    const creates = ["createCredential", "addSshPublicKey", "createWebhook", "createShareLink"] as const;
    for (const operation of creates) {
      const fault: Fault = { name: "reset", when: "after", operation };
      emulator.addFault(fault);
    }
    const report = await this.#command("lost create", program, (declared) => this.#stage.up(declared));
    emulator.clearFaults();
    if (report.failures.size > 0) {
      const again = await this.#command("lost create, up again", program, (declared) =>
        this.#stage.up(declared),
      );
      const imports = new Map<string, string>();
      for (const [name, { message }] of again.failures) {
        const id = /import: "([^"]+)"/.exec(message)?.[1];
        if (name.startsWith("late") && id !== undefined) imports.set(name, id);
      }
      if (imports.size > 0) {
        const importing = program.map((each) => ({ ...each, import: imports.get(each.name) }));
        const imported = await this.#command("lost create, import", importing, (declared) =>
          this.#stage.up(declared),
        );
        for (const [name, error] of imported.failures) {
          if (!imports.has(name)) continue;
          this.#judge.note(
            "fails",
            `${name}, by the import option that was printed: ${firstLine(error.message)}`,
          );
        }
      }
    }
    await this.#settle("after a lost create", program);
    this.#judge.judgeLoose(await this.#stage.state());
  }

  async #mayDeleteNow(name: string): Promise<void> {
    this.#mayDelete.add(this.#object(name, await this.#stage.state()));
  }

  /** What a set of keys no longer declares. */
  #mayDeleteBeside(bodies: unknown): void {
    const { data } = this.#stage.emulator;
    const keeper = [...data.credentials.values()].find(({ UserName }) => /^keeper-/i.test(UserName));
    const blobs = [bodies].flat().map((body) => String(body).split(" ")[1]);
    for (const { Id, SshPublicKeyBody } of data.sshPublicKeysOf(keeper?.Id ?? "")) {
      if (!blobs.includes(SshPublicKeyBody.split(" ")[1])) this.#mayDelete.add(Id);
    }
  }

  async #destroy(program: Program): Promise<void> {
    const judge = this.#judge;
    judge.judgeLoose(await this.#stage.state());
    for (const recorded of (await this.#stage.state()).values()) {
      const ids =
        recorded.kind === "SshPublicKeySet"
          ? keysOfSet(this.#stage.emulator.data, recorded)
          : [objectIdOf(recorded)];
      for (const id of ids) this.#mayDelete.add(id);
    }
    let report = await this.#command("destroy", program, () => this.#stage.destroy());
    if (report.failures.size > 0) {
      for (const [name, error] of report.failures) {
        judge.note(mayFail(this.#dialect, name) ? "cannot" : "fails", `${name}: ${firstLine(error.message)}`);
      }
      report = await this.#command("destroy again", program, () => this.#stage.destroy());
    }
    const state = await this.#stage.state();
    if (report.failures.size === 0 && state.size > 0)
      judge.note("fails", "the state is not empty after destroy");
    judge.judgeLoose(state);
    judge.judge([], state, new Set());
  }
}

/** What failed, and what was never tried since it needs what failed. */
function withDependents(program: Program, { failures }: Report): Set<string> {
  const failed = new Set(failures.keys());
  for (const declared of program) {
    if (dependenciesOf(declared).some((name) => failed.has(name))) failed.add(declared.name);
  }
  return failed;
}

/** Arguments on top of arguments, by resource. */
function merged(below: Changes, above: Changes): Changes {
  const names = new Set([...Object.keys(below), ...Object.keys(above)]);
  return Object.fromEntries([...names].map((name) => [name, { ...below[name], ...above[name] }]));
}
