/** A stage with the small engine: everything in this process, in simulated time. */

import type { SessionOptions } from "../../../provider/lifecycle/process/session.js";
import type { Handlers } from "../../../provider/protocol/handlers.js";
import type { Kind } from "../../../provider/protocol/kinds.js";
import type { DialectOptions } from "../dialects/catalog/index.ts";
import { type Clock, simulatedClock } from "./clock.ts";
import type { Product } from "./product.ts";
import { Engine, type ProviderProcess } from "./smallEngine.ts";
import { type Report, type Stage, takeWrites } from "./stage.ts";

/**
 * Puts something else in the place of a kind's handlers, such as a recorder or a mutant. `anew` gives those of
 * another process, which remembers nothing.
 */
export type Wrap = (handlers: Handlers, kind: Kind, anew: () => Handlers) => Omit<Handlers, "configure">;

export interface SmallStageOptions {
  readonly product: Product;
  readonly seed?: number;
  /** How far the machine's clock is ahead of the service's, in milliseconds; asked for each reading. */
  readonly ahead?: () => number;
  /** When its time begins, in Unix milliseconds. */
  readonly startsAt?: number;
  readonly emulator?: Omit<DialectOptions, "now">;
  readonly wrap?: Wrap;
  /** Takes what the provider process prints, beside the report. */
  readonly heard?: (text: string, sink: string) => void;
  /** Seconds for one attempt, asked for each command. */
  readonly requestTimeoutSeconds?: () => number;
  /** Rejects when the provider process of the command to come is to die. */
  readonly killed?: () => Promise<never>;
}

export interface SmallStage extends Stage {
  readonly engine: Engine;
  readonly clock: Clock;
  /** The state without what the resource classes mark as secret. */
  readable(): string;
  /** A further stack on the same emulator, with provider processes of its own. */
  otherStack(): Engine;
}

export async function openSmallStage(options: SmallStageOptions): Promise<SmallStage> {
  const { product, wrap = (handlers) => handlers } = options;
  const clock = simulatedClock(options.seed ?? 1, options.startsAt);
  const emulator = await product.startEmulator({ ...options.emulator, now: clock.now });
  const { ahead } = options;
  const machineClock = ahead ? { ...clock, now: () => clock.now() + ahead(), elapsed: clock.now } : clock;
  let configured = emulator.organizationId;
  let used = configured;
  const warnings: string[] = [];

  const newProcess = (command: string): ProviderProcess => {
    // A refresh and a destroy go by the configuration that the last `up` left in the state.
    if (command === "up") used = configured;
    const requestTimeoutSeconds = options.requestTimeoutSeconds?.() ?? 20;
    const sessionOptions: SessionOptions = {
      config: {
        "sftptogo:apiKey": emulator.apiKey,
        "sftptogo:organizationId": command === "preview" ? configured : used,
        "sftptogo:baseUrl": emulator.url,
        "sftptogo:requestTimeoutSeconds": String(requestTimeoutSeconds),
      },
      environment: {},
      clock: machineClock,
      warn(text) {
        warnings.push(`warning: ${text}`);
        options.heard?.(text, "warning");
      },
      note: (text) => options.heard?.(text, "note"),
    };
    const handlersOf = product.newProcess(sessionOptions);
    return {
      killed: options.killed?.() ?? new Promise<never>(() => {}),
      handlers: (kind) => wrap(handlersOf(kind), kind, () => product.newProcess(sessionOptions)(kind)),
    };
  };
  const engine = new Engine(newProcess);

  async function withWarnings(command: Promise<Report>): Promise<Report> {
    const report = await command;
    return { ...report, printed: [...warnings.splice(0), report.printed].join("\n") };
  }

  return {
    emulator,
    engine,
    clock,
    otherStack: () => new Engine(newProcess),
    now: clock.now,
    up: (program, upOptions) => withWarnings(engine.up(program, upOptions)),
    preview: (program, upOptions) => withWarnings(engine.preview(program, upOptions)),
    refresh: () => withWarnings(engine.refresh()),
    destroy: () => withWarnings(engine.destroy()),
    async state() {
      return new Map(engine.state);
    },
    readable: () => readable(product, engine),
    readableState: async () => readable(product, engine),
    async setOrganization(id) {
      configured = id;
    },
    writes: () => takeWrites(emulator),
    [Symbol.asyncDispose]: () => emulator.close(),
  };
}

/** The state without what the resource classes mark as secret. */
function readable({ secretsOf }: Product, engine: Engine): string {
  const resources = [...engine.state].map(([name, { kind, inputs, outputs }]) => {
    const plain = (values: object) =>
      Object.fromEntries(Object.entries(values).filter(([key]) => !secretsOf(kind).includes(key)));
    return [name, plain(inputs), plain(outputs)];
  });
  return JSON.stringify(resources);
}
