/**
 * A small engine: what Pulumi's does with handlers and state, in process. `tests/engine/parity.test.ts` runs the
 * same lives on both and compares them. One command is one new provider process; a process may be killed in the
 * middle of a call.
 */
import type { Handlers } from "../../../provider/protocol/handlers.js";
import type { Kind } from "../../../provider/protocol/kinds.js";
import type { Plain } from "../../../provider/values/plain.js";
import { type Declared, dependenciesOf, type Program, resolveArgs } from "./program.ts";
import type { Recorded, Report, Step, UpOptions } from "./stage.ts";

/** A provider process, of which a call may never come back. */
export interface ProviderProcess {
  handlers(kind: Kind): Omit<Handlers, "configure">;
  /** Rejects with `Killed` when the process is; never resolves. */
  readonly killed: Promise<never>;
}

export class Killed extends Error {
  override readonly name = "Killed";
}

/** Check refused; the engine prints the reasons. */
export class CheckError extends Error {
  override readonly name = "CheckError";
}

const stub = "the stub";

/** What the engine sends for a value that is not known yet. */
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Under an organization that the stack used last; refresh and destroy know no newer configuration. */
type Command = "up" | "preview" | "refresh" | "destroy";

export class Engine {
  readonly state = new Map<string, Recorded>();
  /** Deleted, with their replacements not made yet; a refresh leaves them alone. */
  readonly pendingReplacement = new Map<string, Recorded>();
  /** Replaced, and not deleted yet. */
  readonly condemned: { readonly name: string; readonly recorded: Recorded }[] = [];
  readonly #newProcess: (command: Command) => ProviderProcess;

  constructor(newProcess: (command: Command) => ProviderProcess) {
    this.#newProcess = newProcess;
  }

  up(program: Program, options: UpOptions = {}): Promise<Report> {
    return this.#run("up", async (run) => {
      for (const declared of program) {
        // Whatever depends on a failure is never registered: its arguments do not resolve.
        if (dependenciesOf(declared).some((name) => !this.state.has(name) || run.failures.has(name)))
          continue;
        await run.attempt(declared.name, () =>
          this.#register(declared, options.replace?.includes(declared.name) ?? false, run),
        );
      }
      // After a failure nothing is deleted any more.
      if (run.failures.size > 0) return;
      await this.#deleteCondemned(run);
      const wanted = new Set(program.map(({ name }) => name));
      await this.#deleteAll((name) => !wanted.has(name), run);
      for (const name of this.pendingReplacement.keys()) {
        if (!wanted.has(name)) this.pendingReplacement.delete(name);
      }
    });
  }

  /** Calls check and diff, and nothing that changes anything. */
  preview(program: Program, options: UpOptions = {}): Promise<Report> {
    return this.#run("preview", async (run) => {
      const unresolved = new Set<string>();
      for (const declared of program) {
        if (dependenciesOf(declared).some((name) => run.failures.has(name))) continue;
        await run.attempt(declared.name, () =>
          this.#plan(declared, options.replace?.includes(declared.name) ?? false, unresolved, run),
        );
      }
      const wanted = new Set(program.map(({ name }) => name));
      for (const name of [...this.state.keys()].reverse()) {
        if (!wanted.has(name)) run.did("delete", name);
      }
      for (const { name } of this.condemned) run.did("delete", name);
    });
  }

  refresh(): Promise<Report> {
    return this.#run("refresh", async (run) => {
      for (const [name, recorded] of [...this.state]) {
        await run.attempt(name, async () => {
          const { id, outputs, kind } = recorded;
          const answer = await run.call(kind, (handlers) => handlers.read(id, outputs));
          if (answer.id === undefined || answer.id === "") {
            this.state.delete(name);
            run.did("delete", name);
            return;
          }
          const refreshed = { ...answer.props, __provider: stub };
          this.state.set(name, {
            ...recorded,
            outputs: refreshed,
            inputs: answer.inputs ? { ...answer.inputs, __provider: stub } : recorded.inputs,
            failed: false,
          });
          if (recorded.external) return run.did("same", name);
          // Only to say whether anything has drifted from what was declared.
          const { changes } = await run.call(kind, (handlers) =>
            handlers.diff(id, refreshed, recorded.inputs),
          );
          run.did(changes ? "update" : "same", name);
        });
      }
      for (const name of this.pendingReplacement.keys()) run.did("same", name);
    });
  }

  destroy(): Promise<Report> {
    return this.#run("destroy", async (run) => {
      await this.#deleteCondemned(run);
      await this.#deleteAll(() => true, run);
      if (run.failures.size === 0) this.pendingReplacement.clear();
    });
  }

  #idOf(name: string): string {
    const recorded = this.state.get(name);
    if (recorded === undefined) throw new Error(`${name} is not there`);
    return recorded.id;
  }

  async #register(declared: Declared, forced: boolean, run: Run): Promise<void> {
    const { name, kind } = declared;
    if (declared.get !== undefined) return this.#read(declared, declared.get, run);
    const resolved = resolveArgs(declared, (other) => this.#idOf(other));
    const pending = this.pendingReplacement.get(name);
    const old = this.state.get(name) ?? pending;
    if (old === undefined || old.external || run.recreating.has(name)) {
      const inputs = await this.#check(declared, resolved, {}, run);
      return this.#create(declared, inputs, run);
    }
    // A forced replacement asks nothing but the check of a new resource.
    const inputs = await this.#check(declared, resolved, forced ? {} : old.inputs, run);
    const { id, outputs } = old;
    const { changes, replaces = [] } = forced
      ? { changes: true, replaces: ["forced"] }
      : await run.call(kind, (handlers) => handlers.diff(id, outputs, inputs));

    if (replaces.length > 0 || pending !== undefined) {
      const fresh = forced ? inputs : await this.#check(declared, resolved, {}, run);
      // The classes ask for it, all but those whose old one is the new one's way in until that is there.
      const deletesFirst = kind !== "PasswordRotation" && kind !== "SshPublicKeySet";
      if (deletesFirst) await this.#deleteForReplacement(name, run);
      await this.#create(declared, fresh, run);
      if (!deletesFirst && pending === undefined) this.condemned.push({ name, recorded: old });
      return;
    }
    const dependencies = dependenciesOf(declared);
    if (!changes && !old.failed) {
      this.state.set(name, { ...old, inputs, dependencies });
      run.did("same", name);
      return;
    }
    try {
      const { outs } = await run.call(kind, (handlers) => handlers.update(id, outputs, inputs));
      const updated = { ...old, inputs, outputs: { ...outs, __provider: stub }, dependencies, failed: false };
      this.state.set(name, updated);
      run.did("update", name);
    } catch (error) {
      this.#saveFailure(declared, inputs, error);
      throw error;
    }
  }

  async #plan(declared: Declared, forced: boolean, unresolved: Set<string>, run: Run): Promise<void> {
    const { name, kind } = declared;
    if (declared.get !== undefined) {
      await this.#readObject(declared, declared.get, run);
      run.did("read", name);
      return;
    }
    const isUnknown = (other: string) => unresolved.has(other) || !this.state.has(other);
    const resolved = resolveArgs(declared, (other) => (isUnknown(other) ? unknown : this.#idOf(other)));
    const pending = this.pendingReplacement.get(name);
    const old = this.state.get(name) ?? pending;
    const isNew = old === undefined || old.external;
    const inputs = await this.#check(declared, resolved, isNew || forced ? {} : old.inputs, run);
    if (isNew) {
      unresolved.add(name);
      run.did("create", name);
      return;
    }
    const { changes, replaces } = forced
      ? { changes: true, replaces: ["forced"] }
      : await run.call(kind, (handlers) => handlers.diff(old.id, old.outputs, inputs));
    if (pending !== undefined || (replaces !== undefined && replaces.length > 0)) {
      if (!forced) await this.#check(declared, resolved, {}, run);
      unresolved.add(name);
      if (pending === undefined) run.did("delete", name);
      run.did("create", name);
      return;
    }
    run.did(changes || old.failed ? "update" : "same", name);
  }

  async #read(declared: Declared, id: string, run: Run): Promise<void> {
    const { name, kind } = declared;
    const outputs = await this.#readObject(declared, id, run);
    this.state.set(name, {
      kind,
      id,
      inputs: { __provider: stub },
      outputs,
      failed: false,
      external: true,
      dependencies: [],
    });
    run.did("read", name);
  }

  async #readObject({ kind, name }: Declared, id: string, run: Run): Promise<Plain> {
    const answer = await run.call(kind, (handlers) => handlers.read(id, { __provider: stub }));
    if (answer.id === undefined || answer.id === "") throw new Error(`resource '${name}' does not exist`);
    return { ...answer.props, __provider: stub };
  }

  async #check(declared: Declared, resolved: Plain, olds: Plain, run: Run): Promise<Plain> {
    const { name, kind, import: importId } = declared;
    const news: Plain = {
      ...resolved,
      __provider: stub,
      __resourceUrn: `urn:pulumi:dev::test::pulumi-nodejs:dynamic/sftptogo:${kind}::${name}`,
      ...(importId === undefined ? {} : { __importId: importId }),
    };
    const { inputs, failures = [] } = await run.call(kind, (handlers) => handlers.check(olds, news));
    if (failures.length > 0) throw new CheckError(failures.map(({ reason }) => reason).join("; "));
    return { ...unsealed(inputs ?? {}), __provider: stub };
  }

  async #create(declared: Declared, inputs: Plain, run: Run): Promise<void> {
    const { name, kind } = declared;
    try {
      const { id, outs } = await run.call(kind, (handlers) => handlers.create(inputs));
      if (!id) throw new Error("the provider returned no id");
      this.#record(declared, { id, inputs, outputs: { ...outs, __provider: stub }, failed: false });
      run.did("create", name);
    } catch (error) {
      this.#saveFailure(declared, inputs, error);
      throw error;
    }
  }

  #record(declared: Declared, made: Pick<Recorded, "id" | "inputs" | "outputs" | "failed">): void {
    const { name, kind } = declared;
    this.state.set(name, { kind, ...made, external: false, dependencies: dependenciesOf(declared) });
    this.pendingReplacement.delete(name);
  }

  /** First whatever would have to be replaced along with it, then the object itself. */
  async #deleteForReplacement(name: string, run: Run): Promise<void> {
    const recorded = this.state.get(name);
    const itself = recorded ?? this.pendingReplacement.get(name);
    for (const [other, dependent] of [...this.pendingReplacement, ...this.state].reverse()) {
      const { kind, id, inputs, outputs, dependencies } = dependent;
      if (!dependencies.includes(name) || run.recreating.has(other)) continue;
      const news = Object.fromEntries(
        Object.entries(inputs).map(([key, value]) => [key, value === itself?.id ? unknown : value]),
      );
      const { replaces = [] } = await run.call(kind, (handlers) => handlers.diff(id, outputs, news));
      // What waits for its replacement since an earlier command was deleted there.
      if (replaces.length === 0 || this.pendingReplacement.has(other)) continue;
      await this.#deleteObject(other, dependent, run);
      this.state.delete(other);
      this.pendingReplacement.set(other, dependent);
      run.recreating.add(other);
    }
    if (recorded === undefined) return;
    await this.#deleteObject(name, recorded, run);
    this.state.delete(name);
    this.pendingReplacement.set(name, recorded);
  }

  async #deleteAll(isCondemned: (name: string) => boolean, run: Run): Promise<void> {
    const depth = (name: string): number =>
      Math.max(0, ...(this.state.get(name)?.dependencies ?? []).map((other) => 1 + depth(other)));
    const names = [...this.state.keys()].reverse().filter(isCondemned);
    const levels = [...new Set(names.map(depth))].sort((a, b) => b - a);
    const waves = levels.map((level) => names.filter((name) => depth(name) === level));
    for (const wave of waves) {
      for (const name of wave) {
        await run.attempt(name, async () => {
          const recorded = this.state.get(name);
          if (recorded === undefined) return;
          if (!recorded.external) await this.#deleteObject(name, recorded, run);
          this.state.delete(name);
        });
      }
      if (run.failures.size > 0) return;
    }
  }

  async #deleteCondemned(run: Run): Promise<void> {
    for (const each of this.condemned.splice(0)) {
      await run.attempt(each.name, () => this.#deleteObject(each.name, each.recorded, run));
    }
  }

  async #deleteObject(name: string, { kind, id, outputs }: Recorded, run: Run): Promise<void> {
    await run.call(kind, (handlers) => handlers.delete(id, outputs));
    run.did("delete", name);
  }

  /** Only an error that brings an id leaves anything in the state. */
  #saveFailure(declared: Declared, inputs: Plain, error: unknown): void {
    const { id, properties } = error as { id?: string; properties?: Plain };
    if (typeof id !== "string" || id === "") return;
    const outputs = properties ?? {};
    if (outputs.__provider !== stub) throw new Error("code must be a string");
    this.#record(declared, { id, inputs, outputs, failed: true });
  }

  async #run(command: Command, act: (run: Run) => Promise<void>): Promise<Report> {
    const process = this.#newProcess(command);
    const failures = new Map<string, Error>();
    const steps: Step[] = [];
    const run: Run = {
      failures,
      recreating: new Set(),
      async attempt(name, turn) {
        try {
          await turn();
        } catch (error) {
          if (error instanceof Killed) throw error;
          failures.set(name, error as Error);
        }
      },
      call: (kind, call) => Promise.race([call(process.handlers(kind)), process.killed]),
      did: (op, name) => void steps.push({ op, name }),
    };
    const report = (killed: boolean): Report => ({
      failures,
      steps,
      killed,
      printed: [...failures.values()].map(({ message }) => message).join("\n"),
    });
    try {
      await act(run);
      return report(false);
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      return report(true);
    }
  }
}

/** Handlers are given the values of secrets; that the state has them as secrets is told by the real engine alone. */
function unsealed(inputs: Plain): Plain {
  const isSealed = (value: unknown): value is { value: unknown } =>
    typeof value === "object" && value !== null && "4dabf18193072939515e22adb298388d" in value;
  return Object.fromEntries(
    Object.entries(inputs).map(([key, value]) => [key, isSealed(value) ? value.value : value]),
  );
}

/** One command on its way. */
interface Run {
  readonly failures: ReadonlyMap<string, Error>;
  /** Deleted along with what they depend on, and to be made again. */
  readonly recreating: Set<string>;
  /** Runs one resource's turn and keeps its failure; the others go on. */
  attempt(name: string, turn: () => Promise<void>): Promise<void>;
  call<T>(kind: Kind, call: (handlers: Omit<Handlers, "configure">) => Promise<T>): Promise<T>;
  did(op: Step["op"], name: string): void;
}
