/**
 * A small engine: what Pulumi's does with handlers and state, as engine-facts.md has it measured, in process.
 * One command is one new provider process; a process may be killed in the middle of a call.
 */
import type { Handlers } from "../../provider/engine/handlers.js";
import type { Kind } from "../../provider/engine/kinds.js";
import type { Plain } from "../../provider/values/plain.js";

/** A resource as a program declares it; its arguments may need what earlier ones have come to. */
export interface Declared {
  readonly name: string;
  readonly kind: Kind;
  readonly args: (idOf: (name: string) => string) => Plain;
  readonly import?: string | undefined;
}

/** In the order in which they depend on each other. */
export type Program = readonly Declared[];

/** A resource in the state. */
export interface Recorded {
  readonly kind: Kind;
  readonly id: string;
  readonly inputs: Plain;
  readonly outputs: Plain;
  /** Saved by a failure: the next `up` updates it whatever diff says. */
  readonly failed: boolean;
}

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

/** How a command went. */
export interface Report {
  /** By the resource's name. */
  readonly failures: ReadonlyMap<string, Error>;
  /** The names of what was created, updated, replaced or deleted. */
  readonly changed: readonly string[];
  readonly killed: boolean;
}

const stub = "the stub";

export class Engine {
  readonly state = new Map<string, Recorded>();
  readonly #newProcess: () => ProviderProcess;

  constructor(newProcess: () => ProviderProcess) {
    this.#newProcess = newProcess;
  }

  up(program: Program, options: { readonly replace?: string } = {}): Promise<Report> {
    return this.#command(async (step) => {
      for (const declared of program) {
        if (!this.#isReady(declared)) continue;
        await step(declared.name, () => this.#register(declared, options.replace === declared.name, step));
      }
      const wanted = new Set(program.map(({ name }) => name));
      for (const name of [...this.state.keys()].reverse()) {
        if (!wanted.has(name)) await step(name, () => this.#delete(name, step));
      }
    });
  }

  refresh(): Promise<Report> {
    return this.#command(async (step) => {
      for (const [name, recorded] of [...this.state]) {
        await step(name, async () => {
          const { id, outputs, kind } = recorded;
          const answer = await step.call(kind, (handlers) => handlers.read(id, outputs));
          if (answer.id === undefined || answer.id === "") {
            this.state.delete(name);
            step.changed(name);
            return;
          }
          this.state.set(name, {
            ...recorded,
            outputs: { ...answer.props, __provider: stub },
            inputs: answer.inputs ? { ...answer.inputs, __provider: stub } : recorded.inputs,
            failed: false,
          });
        });
      }
    });
  }

  destroy(): Promise<Report> {
    return this.up([]);
  }

  /** Whether what it depends on is there. */
  #isReady({ args }: Declared): boolean {
    try {
      args((name) => this.#idOf(name));
      return true;
    } catch {
      return false;
    }
  }

  #idOf(name: string): string {
    const recorded = this.state.get(name);
    if (recorded === undefined) throw new Error(`${name} is not there`);
    return recorded.id;
  }

  async #register(declared: Declared, forced: boolean, step: Step): Promise<void> {
    const { name, kind } = declared;
    const old = this.state.get(name);
    const inputs = await this.#check(declared, old?.inputs ?? {}, step);
    if (old === undefined) return this.#create(name, kind, inputs, step);

    const { id, outputs } = old;
    const { changes, replaces } = forced
      ? { changes: true, replaces: ["forced"] }
      : await step.call(kind, (handlers) => handlers.diff(id, outputs, inputs));
    if (replaces !== undefined && replaces.length > 0) {
      const fresh = await this.#check(declared, {}, step);
      // The classes ask for it, all but the rotation's.
      if (kind !== "PasswordRotation") await this.#delete(name, step);
      await this.#create(name, kind, fresh, step);
      if (kind === "PasswordRotation") await step.call(kind, (handlers) => handlers.delete(id, outputs));
      return;
    }
    if (!changes && !old.failed) {
      this.state.set(name, { ...old, inputs });
      return;
    }
    try {
      const { outs } = await step.call(kind, (handlers) => handlers.update(id, outputs, inputs));
      this.state.set(name, { kind, id, inputs, outputs: { ...outs, __provider: stub }, failed: false });
      step.changed(name);
    } catch (error) {
      this.#saveFailure(name, kind, inputs, error);
      throw error;
    }
  }

  async #check({ name, kind, args, import: importId }: Declared, olds: Plain, step: Step): Promise<Plain> {
    const news: Plain = {
      ...args((other) => this.#idOf(other)),
      __provider: stub,
      __resourceUrn: `urn:pulumi:dev::test::pulumi-nodejs:dynamic/sftptogo:${kind}::${name}`,
      ...(importId === undefined ? {} : { __importId: importId }),
    };
    const { inputs, failures = [] } = await step.call(kind, (handlers) => handlers.check(olds, news));
    if (failures.length > 0) throw new CheckError(failures.map(({ reason }) => reason).join("; "));
    return { ...inputs, __provider: stub };
  }

  async #create(name: string, kind: Kind, inputs: Plain, step: Step): Promise<void> {
    try {
      const { id, outs } = await step.call(kind, (handlers) => handlers.create(inputs));
      if (!id) throw new Error("the provider returned no id");
      this.state.set(name, { kind, id, inputs, outputs: { ...outs, __provider: stub }, failed: false });
      step.changed(name);
    } catch (error) {
      this.#saveFailure(name, kind, inputs, error);
      throw error;
    }
  }

  async #delete(name: string, step: Step): Promise<void> {
    const recorded = this.state.get(name);
    if (recorded === undefined) return;
    const { kind, id, outputs } = recorded;
    await step.call(kind, (handlers) => handlers.delete(id, outputs));
    this.state.delete(name);
    step.changed(name);
  }

  /** Only an error that brings an id leaves anything in the state. */
  #saveFailure(name: string, kind: Kind, inputs: Plain, error: unknown): void {
    const { id, properties } = error as { id?: string; properties?: Plain };
    if (typeof id !== "string" || id === "") return;
    const outputs = properties ?? {};
    if (outputs.__provider !== stub) throw new Error("code must be a string");
    this.state.set(name, { kind, id, inputs, outputs, failed: true });
  }

  async #command(run: (step: Step) => Promise<void>): Promise<Report> {
    const process = this.#newProcess();
    const failures = new Map<string, Error>();
    const changed: string[] = [];
    const step: Step = Object.assign(
      async (name: string, act: () => Promise<void>) => {
        try {
          await act();
        } catch (error) {
          if (error instanceof Killed) throw error;
          failures.set(name, error as Error);
        }
      },
      {
        call: <T>(kind: Kind, call: (handlers: Omit<Handlers, "configure">) => Promise<T>) =>
          Promise.race([call(process.handlers(kind)), process.killed]),
        changed: (name: string) => void changed.push(name),
      },
    );
    try {
      await run(step);
      return { failures, changed, killed: false };
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      return { failures, changed, killed: true };
    }
  }
}

/** Runs one resource's turn and keeps its failure; the others go on. */
interface Step {
  (name: string, act: () => Promise<void>): Promise<void>;
  call<T>(kind: Kind, call: (handlers: Omit<Handlers, "configure">) => Promise<T>): Promise<T>;
  changed(name: string): void;
}
