/**
 * A world in which things go wrong: an emulator, an engine with its state, simulated time, and everything that
 * was printed. And its judge, who goes by what the program declares, the emulator's ledger and data, and the
 * state: nothing that the product says of itself counts.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { createHash } from "node:crypto";
import { inspect } from "node:util";
import { decoded } from "#decoded";
import { differing, objectIdOf as objectId, wrongOutputs } from "#truth";
import type { Emulator, Fault, LedgerEntry } from "../../../provider/emulator/index.js";
import type { Handlers } from "../../../provider/protocol/handlers.js";
import type { Kind } from "../../../provider/protocol/kinds.js";
import type { Plain } from "../../../provider/values/plain.js";
import type { DialectName } from "../dialects/catalog/index.ts";
import type { Clock } from "../stage/clock.ts";
import { keysOfSet } from "../stage/keysOfSet.ts";
import type { Product } from "../stage/product.ts";
import { isRotation, type Program, resolveArgs } from "../stage/program.ts";
import { openSmallStage, type SmallStage } from "../stage/small.ts";
import { type Engine, Killed } from "../stage/smallEngine.ts";
import type { Recorded, Report, UpOptions } from "../stage/stage.ts";

/** What must not happen. */
export const harms = [
  "orphans",
  "duplicates",
  "wrong takeovers",
  "live objects deleted by mistake",
  "extra rotations",
  "lost ids",
  "leaked secrets",
  "opened too early",
  "not made whole",
  "wrong values in the state",
] as const;
export type Harm = (typeof harms)[number];

export interface Found {
  readonly harm: Harm;
  readonly detail: string;
}

/** Which provider a world runs. */
export type Flavor = (world: World, kind: Kind) => Omit<Handlers, "configure">;

export interface WorldOptions {
  readonly product: Product;
  readonly seed: number;
  /** Left out: this package. */
  readonly flavor?: Flavor;
  /** How the service differs from the reference's examples. */
  readonly dialects?: readonly DialectName[];
}

/** Stands in every secret that a program declares, and in the key. */
export const canary = "Canary-7-";

/** A secret with what encodings change; the key has to be ASCII without blanks. */
export function canaryOf(name: string): string {
  return `${canary}${name}-"<&'>/+%41=\\~ é`;
}

/** Special characters, too, but those that a header cannot hold. */
export const canaryKey = `${canary}key-"<&'>/+%41=\\~`;

const isList = (operation: string) => operation.startsWith("list");
const isCreate = (operation: string) => /^(create|add)[A-Z]/.test(operation);
const isDelete = (operation: string) => /^(delete|remove)[A-Z]/.test(operation);

/** A fault as the world knows it: one of the emulator's, or the death of the provider process. */
export type Trouble = Omit<Fault, "name"> & {
  readonly name: Fault["name"] | "kill";
  /** A refusal that repeats what was sent in this encoding. */
  readonly echo?: string;
  /** Only once a request for this has arrived. */
  readonly after?: string;
};

/** What a process meets on its way. */
interface Weather {
  /** Real seconds for one attempt; short while a slow fault is armed. */
  requestTimeoutSeconds: number;
  /** The fault that the process dies of. */
  deadly: Trouble | undefined;
}

const printing = new AsyncLocalStorage<World>();

/** Sends what is printed to the world that printed it, from here on. */
export function captureOutput(): () => void {
  const restores = [process.stdout, process.stderr].map((stream, index) => {
    const write = stream.write.bind(stream);
    const sink = index === 0 ? "stdout" : "stderr";
    stream.write = ((text: string | Uint8Array, ...rest: never[]) => {
      const world = printing.getStore();
      if (world === undefined) return write(text, ...rest);
      world.heard(String(text), sink);
      return true;
    }) as typeof stream.write;
    return () => {
      stream.write = write;
    };
  });
  return () => {
    for (const restore of restores) restore();
  };
}

export class World {
  readonly emulator: Emulator;
  readonly clock: Clock;
  readonly engine: Engine;
  readonly found: Found[] = [];
  readonly #weather: Weather;
  readonly #heard: { readonly text: string; readonly sink: string }[] = [];
  /** Of the command under way. */
  #warnings: string[] = [];
  readonly #secrets = new Set<string>();
  readonly #foreign = new Map<string, string>();
  readonly #imported = new Set<string>();
  readonly #touched = new Set<string>();
  readonly #mayDelete = new Set<string>();
  /** Keys that somebody has added to a credential of this stack. */
  readonly #added = new Set<string>();
  readonly #bornWithRules = new Set<string>();
  readonly #otherStack: () => Engine;
  readonly #readable: () => string;
  readonly #shownLate: boolean;
  #rotationsAllowed = 0;
  #isOver = false;
  #isBusy = false;

  constructor(
    { emulator, clock, engine, otherStack, readable }: SmallStage,
    weather: Weather,
    dialects: readonly string[],
  ) {
    this.#otherStack = otherStack;
    this.#readable = readable;
    this.#shownLate = dialects.some((name) => name.includes("late"));
    this.emulator = emulator;
    this.clock = clock;
    this.engine = engine;
    this.#weather = weather;
    this.#secrets.add(emulator.apiKey);
  }

  get requestTimeoutSeconds(): number {
    return this.#weather.requestTimeoutSeconds;
  }

  /** Runs something in this world, and hears what it prints. */
  within<T>(act: () => Promise<T>): Promise<T> {
    return printing.run(this, act);
  }

  heard(text: string, sink: string): void {
    this.#heard.push({ text, sink });
    if (sink === "warning") this.#warnings.push(text);
  }

  /** Sets a fault for requests to come. */
  arm(trouble: Trouble): void {
    const { name, echo, after, ...rest } = trouble;
    if (after !== undefined) {
      // Whatever is read before the write is not disturbed.
      this.amid(after, () => this.arm({ ...rest, name }));
      return;
    }
    if (name === "slow" || name === "drip") this.#weather.requestTimeoutSeconds = 0.25;
    if (name === "kill") {
      this.#weather.deadly = trouble;
      // The request hangs until the process is gone.
      this.emulator.addFault({ ...rest, name: "slow", delayMs: 600_000 });
    } else {
      this.emulator.addFault({ ...rest, name });
    }
  }

  calm(): void {
    this.emulator.clearFaults();
    this.#weather.requestTimeoutSeconds = 20;
    this.#weather.deadly = undefined;
  }

  /** Everything that is there now, and that this stack did not make, is somebody else's. */
  claimForeign(): void {
    const made = new Set(this.#made().map(({ objectId: id }) => id));
    for (const [id, object] of this.#objects()) {
      if (!made.has(id)) this.#foreign.set(id, JSON.stringify(object));
    }
  }

  /** Another stack runs the same program beside this one, in a process of its own; what it makes is its own. */
  async runOtherStack(program: Program): Promise<void> {
    const before = new Set(this.#objects().keys());
    const other = this.#otherStack();
    await this.within(() => other.up(program));
    for (const [name, { id }] of other.state) {
      if (before.has(objectId(id))) this.harm("wrong takeovers", `by another stack: ${name}`);
    }
    for (const [id, object] of this.#objects()) {
      if (!before.has(id)) this.#foreign.set(id, JSON.stringify(object));
    }
  }

  /** Somebody acts as soon as a request for this arrives, before the product has its answer. */
  amid(operation: string, act: () => void): void {
    const from = this.emulator.ledger.length;
    this.#isBusy = true;
    const look = () => {
      if (this.#isOver || !this.#isBusy) return;
      if (!this.emulator.ledger.slice(from).some((entry) => entry.operation === operation)) {
        setImmediate(look);
        return;
      }
      act();
    };
    setImmediate(look);
  }

  /** Whoever waited for a request has given up. */
  leaveAlone(): void {
    this.#isBusy = false;
  }

  async close(): Promise<void> {
    this.#isOver = true;
    await this.emulator.close();
  }

  /** What the program or the user lets go of. */
  mayDelete(ids: Iterable<string>): void {
    for (const id of ids) this.#mayDelete.add(objectId(id));
  }

  /** The ids of what a resource stands for on the server: of a set of keys, of those that its state knows. */
  idsOf(recorded: Recorded | undefined): readonly string[] {
    if (recorded === undefined) return [];
    if (recorded.kind === "SshPublicKeySet") return keysOfSet(this.emulator.data, recorded);
    // What a replacement could not remove is on record, to be removed by the next update.
    const { __predecessor: predecessor } = recorded.outputs;
    return [recorded.id, ...(typeof predecessor === "string" ? [predecessor] : [])];
  }

  /** The ids of the keys of this body on this stack's credentials. */
  keysOfBody(body: string): string[] {
    const { sshPublicKeys } = this.emulator.data;
    const own = [...sshPublicKeys.values()].filter(({ Id }) => !this.#foreign.has(Id));
    return own.filter((key) => key.SshPublicKeyBody === body).map(({ Id }) => Id);
  }

  /** Somebody adds a key to the first credential of this stack. */
  addKey(SshPublicKeyBody: string, userName = "acme-incoming"): void {
    const { data } = this.emulator;
    const UserId = data.findCredential(userName)?.Id;
    const blob = Buffer.from(SshPublicKeyBody.split(" ")[1] ?? "", "base64");
    const Fingerprint = `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`;
    if (UserId === undefined || data.sshPublicKeysOf(UserId).some((key) => key.Fingerprint === Fingerprint))
      return;
    const { Id } = data.addSshPublicKey({
      UserId,
      SshPublicKeyBody,
      Comment: "",
      Fingerprint,
      Type: "ed25519",
    });
    this.#added.add(Id);
  }

  /** Somebody removes the keys that they have added. */
  clearAdded(): void {
    for (const id of this.#added) this.emulator.data.sshPublicKeys.delete(id);
    this.#added.clear();
  }

  /** The ids of a credential's keys that are not among these; without any, of those that were added to it. */
  keysBeside(userName: string, bodies: readonly unknown[] | undefined): string[] {
    const { data } = this.emulator;
    const own = data.sshPublicKeysOf(data.findCredential(userName)?.Id ?? "");
    const others = own.filter(({ Id, SshPublicKeyBody }) =>
      bodies ? !bodies.includes(SshPublicKeyBody) : this.#added.has(Id),
    );
    return others.map(({ Id }) => Id);
  }

  /** Somebody else has opened it. */
  mayBeOpen(userName: string): void {
    this.#bornWithRules.delete(userName);
  }

  /** Somebody has changed it: what the program says nothing of is as they left it. */
  touch(id: string): void {
    this.#touched.add(objectId(id));
  }

  mayRotate(times: number): void {
    this.#rotationsAllowed += times;
  }

  isForeign(id: string): boolean {
    return this.#foreign.has(objectId(id));
  }

  up(program: Program, options: UpOptions = {}): Promise<Report> {
    return this.#run("up", program, (engine) => engine.up(program, options));
  }

  refresh(): Promise<Report> {
    return this.#run("refresh", [], (engine) => engine.refresh());
  }

  destroy(): Promise<Report> {
    return this.#run("destroy", [], (engine) => engine.destroy());
  }

  /** Runs one command of the engine, and looks at what it left. */
  async #run(
    name: "up" | "refresh" | "destroy",
    program: Program,
    command: (engine: Engine) => Promise<Report>,
  ): Promise<Report> {
    const before = new Map(this.engine.state);
    const keysBefore = new Map(this.emulator.data.sshPublicKeys);
    for (const { name: resource, kind, args, import: id } of program) {
      if (id !== undefined) this.#imported.add(objectId(id));
      if (kind !== "Credential" || before.has(resource)) continue;
      const { userName, inboundRules } = args;
      if (inboundRules !== undefined) this.#bornWithRules.add(String(userName));
    }
    this.#noteSecrets();
    this.#warnings = [];
    const from = this.emulator.ledger.length;
    const report = await this.within(() => command(this.engine));
    this.#noteSecrets();

    for (const [of, error] of report.failures) {
      this.heard(error.message, `message of ${of}`);
      this.heard(String(error.stack), `stack of ${of}`);
      this.heard(inspect(error, { depth: 10 }), `inspect of ${of}`);
      this.heard(jsonOf(error), `JSON of ${of}`);
    }
    this.#judgeIds(before);
    this.#judgeServer(program);
    if (name === "up") this.#judgeOrderOfKeys(program, before, keysBefore, from);
    this.#judgeSecrets();
    this.#judgeOutputs(name, report, program, from);
    return report;
  }

  /** The secrets that a command wrote into the state are the server's, and so is whatever else it shows. */
  #judgeOutputs(command: string, { steps, failures }: Report, program: Program, from: number): void {
    // Late answers show what was.
    if (command === "destroy" || (command === "refresh" && this.#shownLate)) return;
    const isRotated = program.some(isRotation);
    for (const { op, name } of steps) {
      const recorded = this.engine.state.get(name);
      if (recorded === undefined || recorded.failed || failures.has(name) || op === "delete") continue;
      // An `up` reads nothing of what it leaves as it is.
      if (command === "up" && op === "same") continue;
      for (const key of wrongOutputs(this.emulator.data, recorded, !this.#isImported(recorded.id))) {
        if (isRotated && isFromBefore(recorded, key)) continue;
        if (key === "inboundRules" && this.#isUnseen(recorded.id, key, from)) continue;
        this.harm("wrong values in the state", `${key} of ${name} after ${command}`);
      }
    }
  }

  /** Only lists show rules: where none was answered as it should be, a warning says that they were not seen. */
  #isUnseen(id: string, key: string, from: number): boolean {
    const isListed = this.emulator.ledger
      .slice(from)
      .some((entry) => entry.operation === "listCredentials" && entry.status === 200 && !isSpoilt(entry));
    const isSaid = this.#warnings.some((text) => text.includes(`${id}: the service does not show ${key}`));
    return !isListed && isSaid;
  }

  /** Objects that this stack made and no state knows. `excused`: those for which there is a reason. */
  judgeOrphans(excused: ReadonlySet<string> = new Set()): void {
    for (const id of this.#loose()) if (!excused.has(id)) this.harm("orphans", id);
  }

  /** Whether something of this stack's making is there that no state knows. */
  hasLoose(): boolean {
    return this.#loose().length > 0;
  }

  /**
   * What was made by a create that was neither answered nor found, so that nobody can know of it: the answer was
   * spoilt or the process killed, and no list of the same kind was answered in full afterwards. A refusal that was a
   * lie is not looked into: by 4xx the service says that it did nothing.
   */
  excusedLoose(from: number, killed: boolean): ReadonlySet<string> {
    const entries = this.emulator.ledger.slice(from);
    return new Set(
      this.#loose().filter((id) => {
        const create = entries.find(({ operation, objectId }) => isCreate(operation) && objectId === id);
        if (create === undefined || (!isSpoilt(create) && !killed)) return false;
        if (killed || isNo(create)) return true;
        return !entries.some((entry) => this.#couldShow(entry, create));
      }),
    );
  }

  /** What was made, and could have been found, is in the state at once: not only after another `up` and an option. */
  judgeForgotten(from: number, killed: boolean): void {
    const excused = this.excusedLoose(from, killed);
    for (const id of this.#loose())
      if (!excused.has(id)) this.harm("lost ids", `${id} was made and not recorded`);
  }

  #couldShow(entry: LedgerEntry, create: LedgerEntry): boolean {
    const lateMs = this.#shownLate ? 2_000 : 0;
    return (
      isList(entry.operation) &&
      listOf(entry.operation) === listOf(create.operation) &&
      !isSpoilt(entry) &&
      entry.status === 200 &&
      entry.sequence > create.sequence &&
      entry.at >= create.at + lateMs
    );
  }

  /**
   * Whether everything is as declared, once all is said to be done. What was refused because somebody else's object
   * is in the way is not there.
   */
  judgeWhole(
    program: Program,
    refused: ReadonlySet<string> = new Set(),
    isRotated = program.some(isRotation),
  ): void {
    const { data } = this.emulator;
    for (const { name, kind, args, import: importId } of program) {
      if (refused.has(name)) continue;
      const recorded = this.engine.state.get(name);
      if (recorded === undefined || recorded.failed) {
        this.harm("not made whole", `${name} is ${recorded ? "unfinished" : "not there"}`);
        continue;
      }
      const resolved = resolveArgs({ name, kind, args }, (other) => this.engine.state.get(other)?.id ?? "");
      const made = importId === undefined && !this.#isImported(recorded.id);
      const born = made && !this.#touched.has(objectId(recorded.id));
      // One with a limit that is gone counts as used up, and stays away: nobody can tell it from one that was deleted.
      const hasLimit = kind === "ShareLink" && Number(args.accessLimit ?? 0) > 0;
      if (hasLimit && !data.shareLinks.has(recorded.id)) continue;
      for (const key of differing(data, kind, recorded.id, resolved, born, this.#outgoing(recorded, args))) {
        // A rotation's is the password that counts.
        if (key === "password" && kind === "Credential" && isRotated) continue;
        this.harm("not made whole", `${key} of ${name} is not as declared`);
      }
      for (const key of wrongOutputs(data, recorded, made)) {
        if (isRotated && isFromBefore(recorded, key)) continue;
        this.harm("wrong values in the state", `${key} of ${name} at the end`);
      }
    }
  }

  /** The old keys of a set that may still be there. */
  #outgoing({ outputs }: Recorded, { overlapDays = 0 }: Plain): readonly unknown[] {
    const all = [outputs.outgoing ?? []].flat();
    const ends = (since: string) => Date.parse(since) + Number(overlapDays) * 86_400_000;
    return all.filter((each) => this.clock.now() < ends(Object(each).since));
  }

  /** Whether what was asked for by a trigger has happened. */
  judgeAtLeast(rotations: number): void {
    const times = this.#rotations().length;
    if (times < rotations) this.harm("not made whole", `rotated ${times} times instead of ${rotations}`);
  }

  /** Whether a delete was done and its answer spoilt: only a refresh can tell. */
  hasSpoiltDelete(from: number): boolean {
    return this.#spoilt(from).some(({ operation }) => isDelete(operation));
  }

  /** Whether the password was rotated. */
  hasRotation(from: number): boolean {
    return this.emulator.ledger
      .slice(from)
      .some((entry) => entry.acted && entry.operation === "rotatePassword");
  }

  /** Whether the password was rotated and nobody was told. */
  hasSpoiltRotation(from: number): boolean {
    return this.#spoilt(from).some(({ operation }) => operation === "rotatePassword");
  }

  #spoilt(from: number): LedgerEntry[] {
    return this.emulator.ledger.slice(from).filter((entry) => entry.acted && isSpoilt(entry));
  }

  judgeRotations(): void {
    const acted = this.#rotations();
    for (let extra = acted.length; extra > this.#rotationsAllowed; extra--) {
      this.harm("extra rotations", `${acted.length} of ${this.#rotationsAllowed}`);
    }
  }

  harm(harm: Harm, detail: string): void {
    // One harm is counted once, however many commands look at it afterwards.
    if (this.found.some((other) => other.harm === harm && other.detail === detail)) return;
    this.found.push({ harm, detail });
  }

  /** When a key goes, every key that the program declares in its set is there: it is never without one that works. */
  #judgeOrderOfKeys(
    program: Program,
    before: Engine["state"],
    keysBefore: ReadonlyMap<string, { readonly UserId: string; readonly SshPublicKeyBody: string }>,
    from: number,
  ): void {
    for (const declared of program) {
      if (declared.kind !== "SshPublicKeySet") continue;
      const id = before.get(declared.name)?.id;
      if (id === undefined || this.engine.state.get(declared.name)?.id !== id) continue;
      const there = new Map(
        [...keysBefore].flatMap(([key, { UserId, SshPublicKeyBody }]) =>
          UserId === id ? [[key, SshPublicKeyBody] as const] : [],
        ),
      );
      const wanted = [declared.args.sshPublicKeyBodies].flat().map(String);
      for (const { operation, acted, objectId: key = "", path, body } of this.emulator.ledger.slice(from)) {
        if (!acted || !path.includes(`/${id}/`)) continue;
        if (operation === "addSshPublicKey") there.set(key, String(Object(body).SshPublicKeyBody));
        if (operation !== "removeSshPublicKey") continue;
        there.delete(key);
        const bodies = [...there.values()];
        if (!wanted.every((each) => bodies.includes(each)))
          this.harm("live objects deleted by mistake", `a key of ${declared.name}, before others came`);
      }
    }
  }

  #judgeIds(before: Engine["state"]): void {
    const live = this.#objects();
    const known = this.#known();
    for (const [name, recorded] of before) {
      const { id, kind } = recorded;
      if (kind === "SshPublicKeySet") {
        for (const key of this.idsOf(recorded)) if (!known.has(key)) this.harm("lost ids", `${name} ${key}`);
        continue;
      }
      if (isRotation({ kind })) continue;
      if (!known.has(objectId(id)) && live.has(objectId(id))) this.harm("lost ids", `${name} ${id}`);
    }
  }

  #judgeServer(_program: Program): void {
    const { ledger } = this.emulator;
    const live = this.#objects();

    const groups = new Map<string, number>();
    for (const { operation, path, objectId: id, body } of this.#made()) {
      if (id === undefined || !live.has(id) || this.#foreign.has(id)) continue;
      const { UserName, SshPublicKeyBody, Alias, Notes, Path } = body as Record<string, string>;
      const own = UserName ?? SshPublicKeyBody ?? Notes ?? Path ?? Alias;
      const group = `${operation} ${path} ${own}`;
      groups.set(group, (groups.get(group) ?? 0) + 1);
    }
    for (const [group, count] of groups) if (count > 1) this.harm("duplicates", group);

    const made = new Set(this.#made().map(({ objectId: id }) => id));
    for (const [name, { id, kind }] of this.engine.state) {
      if (isRotation({ kind })) continue;
      const own = objectId(id);
      if ((!made.has(own) || this.#foreign.has(own)) && !this.#imported.has(own))
        this.harm("wrong takeovers", `${name} ${id}`);
    }
    for (const [id, was] of this.#foreign) {
      if (this.#imported.has(id)) continue;
      const is = live.get(id);
      if (is !== undefined && JSON.stringify(is) !== was) this.harm("wrong takeovers", `changed ${id}`);
    }

    for (const { operation, acted, objectId: id } of ledger) {
      if (!acted || id === undefined || !isDelete(operation)) continue;
      if (!this.#mayDelete.has(id)) this.harm("live objects deleted by mistake", `${operation} ${id}`);
    }

    // Born with rules, and open while it still has the one that every credential is born with.
    for (const userName of this.#bornWithRules) {
      const credential = this.emulator.data.findCredential(userName);
      if (credential?.State !== "active" || this.#foreign.has(credential.Id)) continue;
      const { InboundRules } = credential.Settings.Network;
      if (InboundRules.some(({ Source }) => Source === "0.0.0.0/0")) this.harm("opened too early", userName);
    }
  }

  #judgeSecrets(): void {
    this.heard(this.#readable(), "state");
    const heard = new Map<string, string>();
    for (const { text, sink } of this.#heard.splice(0)) if (!heard.has(text)) heard.set(text, sink);
    const shows = (text: string) =>
      text.includes(canary) || [...this.#secrets].some((secret) => text.includes(secret));
    for (const [text, sink] of heard) {
      // To decode takes its time: not where it shows as it is.
      if (shows(text) || [...decoded(text)].some(shows)) this.harm("leaked secrets", sink);
    }
  }

  #noteSecrets(): void {
    const { credentials, webhooks, shareLinks } = this.emulator.data;
    for (const { Password } of credentials.values()) this.#secrets.add(Password);
    for (const { Secret, Url } of webhooks.values()) {
      this.#secrets.add(Secret);
      if (Url.includes(canary)) this.#secrets.add(Url);
    }
    for (const { Url } of shareLinks.values()) this.#secrets.add(Url);
  }

  #rotations() {
    return this.emulator.ledger.filter((entry) => entry.operation === "rotatePassword" && entry.acted);
  }

  #made() {
    return this.emulator.ledger.filter(({ operation, acted }) => acted && isCreate(operation));
  }

  #isImported(id: string): boolean {
    return this.#imported.has(objectId(id));
  }

  #known(): ReadonlySet<string> {
    return new Set(
      [...this.engine.state.values()].flatMap((each) => this.idsOf(each)).map((id) => objectId(id)),
    );
  }

  /** What this stack made, is there, and no state knows. */
  #loose(): string[] {
    const live = this.#objects();
    const known = this.#known();
    const ids = this.#made().flatMap(({ objectId: id }) => (id !== undefined && live.has(id) ? [id] : []));
    return ids.filter((id) => !known.has(id) && !this.#foreign.has(id));
  }

  #objects(): Map<string, object> {
    const { credentials, sshPublicKeys, webhooks, shareLinks } = this.emulator.data;
    return new Map<string, object>([...credentials, ...sshPublicKeys, ...webhooks, ...shareLinks]);
  }
}

/** The process dies when the request that meets the fault is where it shall be. */
function death(weather: Weather, emulator: Emulator): Promise<never> {
  const trouble = weather.deadly;
  // An earlier process may have died of it.
  const from = emulator.ledger.length;
  const death = new Promise<never>((_, reject) => {
    if (trouble === undefined) return;
    const timer = setInterval(() => {
      const met = emulator.ledger
        .slice(from)
        .some(({ fault, acted }) => fault === "slow" && (acted || trouble.when !== "after"));
      if (met) reject(new Killed());
      if (met || weather.deadly !== trouble) clearInterval(timer);
    }, 2);
  });
  death.catch(() => {});
  return death;
}

/** What a rotation changes of a credential after it was written, in the same `up`: until a refresh it is from before. */
function isFromBefore({ kind, inputs }: Recorded, key: string): boolean {
  const changed = inputs.__reserve ? ["password", "uri", "state"] : ["password", "uri"];
  return kind === "Credential" && changed.includes(key);
}

function jsonOf(error: Error): string {
  try {
    return JSON.stringify({ error, message: error.message });
  } catch {
    return "";
  }
}

/** By a fault, or since the client hung up: on a busy machine its time may be over before the answer is there. */
function isSpoilt({ fault, status }: LedgerEntry): boolean {
  return fault !== undefined || status === 0;
}

/** By 4xx the service says no; 408 and 429 say other things. */
function isNo({ status }: LedgerEntry): boolean {
  return status >= 400 && status < 500 && status !== 408 && status !== 429;
}

/** The collection that an operation is about. */
function listOf(operation: string): string {
  return operation.replace(/^(list|create|add)/, "").replace(/s$/, "");
}

export async function openWorld(options: WorldOptions): Promise<World> {
  const { product, seed, flavor, dialects = [] } = options;
  const weather: Weather = { requestTimeoutSeconds: 20, deadly: undefined };
  const stage: SmallStage = await openSmallStage({
    product,
    seed,
    emulator: { apiKey: canaryKey, dialects },
    ...(flavor && { wrap: (_, kind) => flavor(world, kind) }),
    heard: (text, sink) => world.heard(text, sink),
    requestTimeoutSeconds: () => weather.requestTimeoutSeconds,
    killed: () => death(weather, stage.emulator),
  });
  const world = new World(stage, weather, dialects);
  return world;
}
