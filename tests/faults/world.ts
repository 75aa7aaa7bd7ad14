/**
 * A world in which things go wrong: an emulator, an engine with its state, simulated time, and everything that
 * was printed. And its judge, who goes by the emulator's ledger and data and by the state, nothing else.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { inspect } from "node:util";
import { type Engine, Killed } from "#engine";
import type { Emulator, Fault } from "../../provider/emulator/index.js";
import type { Handlers } from "../../provider/engine/handlers.js";
import type { Kind } from "../../provider/engine/kinds.js";
import type { Clock } from "../stage/clock.ts";
import type { Product } from "../stage/product.ts";
import type { Program } from "../stage/program.ts";
import { openSmallStage, readable, type SmallStage } from "../stage/small.ts";
import type { Report } from "../stage/stage.ts";

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
}

/** Stands in every secret that a program declares, and in the key. */
export const canary = "Canary-7-";

const isCreate = (operation: string) => /^(create|add)[A-Z]/.test(operation);
const isDelete = (operation: string) => /^(delete|remove)[A-Z]/.test(operation);

/** A fault as the world knows it: one of the emulator's, or the death of the provider process. */
export type Trouble = Omit<Fault, "name"> & { readonly name: Fault["name"] | "kill" };

/** What a process meets on its way. */
interface Weather {
  /** Real seconds for one attempt; short while a slow fault is armed. */
  requestTimeoutSeconds: number;
  /** The fault that the process dies of. */
  deadly: Trouble | undefined;
}

const printing = new AsyncLocalStorage<World>();

/** Sends what is printed to stderr to the world that printed it, from here on. */
export function captureStderr(): () => void {
  const write = process.stderr.write.bind(process.stderr);
  process.stderr.write = ((text: string | Uint8Array, ...rest: never[]) => {
    const world = printing.getStore();
    if (world === undefined) return write(text, ...rest);
    world.heard(String(text), "stderr");
    return true;
  }) as typeof process.stderr.write;
  return () => {
    process.stderr.write = write;
  };
}

export class World {
  readonly emulator: Emulator;
  readonly clock: Clock;
  readonly engine: Engine;
  readonly found: Found[] = [];
  readonly #weather: Weather;
  readonly #heard: { readonly text: string; readonly sink: string }[] = [];
  readonly #secrets = new Set<string>();
  readonly #foreign = new Map<string, string>();
  readonly #imported = new Set<string>();
  readonly #mayDelete = new Set<string>();
  readonly #bornWithRules = new Set<string>();
  #rotationsAllowed = 0;

  constructor({ emulator, clock, engine }: SmallStage, weather: Weather) {
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
  }

  /** Sets a fault for requests to come. */
  arm(trouble: Trouble): void {
    const { name, ...rest } = trouble;
    if (name === "slow" || name === "drip") this.#weather.requestTimeoutSeconds = 0.12;
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

  /** Everything that is there now is somebody else's. */
  claimForeign(): void {
    for (const [id, object] of this.#objects()) this.#foreign.set(id, JSON.stringify(object));
  }

  /** What the program or the user lets go of. */
  mayDelete(ids: Iterable<string>): void {
    for (const id of ids) this.#mayDelete.add(objectId(id));
  }

  mayRotate(times: number): void {
    this.#rotationsAllowed += times;
  }

  isForeign(id: string): boolean {
    return this.#foreign.has(objectId(id));
  }

  /** Runs one command of the engine, and looks at what it left. */
  async run(command: (engine: Engine) => Promise<Report>, program: Program): Promise<Report> {
    const before = new Map(this.engine.state);
    for (const { name, kind, args, import: id } of program) {
      if (id !== undefined) this.#imported.add(objectId(id));
      if (kind !== "Credential" || before.has(name)) continue;
      const { userName, inboundRules } = args;
      if (inboundRules !== undefined) this.#bornWithRules.add(String(userName));
    }
    this.#noteSecrets();
    const report = await this.within(() => command(this.engine));
    this.#noteSecrets();

    for (const [name, error] of report.failures) {
      this.heard(error.message, `message of ${name}`);
      this.heard(String(error.stack), `stack of ${name}`);
      this.heard(inspect(error, { depth: 10 }), `inspect of ${name}`);
      this.heard(jsonOf(error), `JSON of ${name}`);
    }
    this.#judgeIds(before);
    this.#judgeServer(program);
    this.#judgeSecrets();
    return report;
  }

  /** Objects that this stack made and no state knows. */
  judgeOrphans(): void {
    const known = new Set([...this.engine.state.values()].map(({ id }) => objectId(id)));
    for (const id of this.#madeAndLive()) if (!known.has(id)) this.harm("orphans", id);
  }

  /** Whether something of this stack's making is there that no state knows. */
  hasLoose(): boolean {
    const known = new Set([...this.engine.state.values()].map(({ id }) => objectId(id)));
    return this.#madeAndLive().some((id) => !known.has(id));
  }

  /** Whether each declared secret is what the server holds, once all is said to be done. */
  judgeDeclaredSecrets(program: Program): void {
    const { credentials, webhooks, shareLinks } = this.emulator.data;
    for (const { name, kind, args } of program) {
      const recorded = this.engine.state.get(name);
      if (recorded === undefined) continue;
      const own = (kind === "PasswordRotation" ? recorded.id.split("/")[0] : objectId(recorded.id)) ?? "";
      // A link with a limit that is gone counts as used up, and stays away.
      if (!this.#objects().has(own)) continue;
      const { password, authorizationHeader } = args;
      const is = credentials.get(own)?.Password ?? shareLinks.get(own)?.Password;
      const header = webhooks.get(own)?.AuthorizationHeader;
      if (password !== undefined && is !== password) this.harm("not made whole", `password of ${name}`);
      if (authorizationHeader !== undefined && header !== authorizationHeader) {
        this.harm("not made whole", `header of ${name}`);
      }
    }
  }

  /** Whether what was asked for by a trigger has happened. */
  judgeAtLeast(rotations: number): void {
    const times = this.#rotations().length;
    if (times < rotations) this.harm("not made whole", `rotated ${times} times instead of ${rotations}`);
  }

  /** Whether the state has something that is not on the server: a refresh shows it. */
  hasMissing(): boolean {
    const live = this.#objects();
    return [...this.engine.state.values()].some(
      ({ id, kind }) => kind !== "PasswordRotation" && !live.has(objectId(id)),
    );
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

  #judgeIds(before: Engine["state"]): void {
    const live = this.#objects();
    const known = new Set([...this.engine.state.values()].map(({ id }) => objectId(id)));
    for (const [name, { id, kind }] of before) {
      if (kind === "PasswordRotation") continue;
      if (!known.has(objectId(id)) && live.has(objectId(id))) this.harm("lost ids", `${name} ${id}`);
    }
  }

  #judgeServer(_program: Program): void {
    const { ledger } = this.emulator;
    const live = this.#objects();

    const groups = new Map<string, number>();
    for (const { operation, path, objectId: id, body } of this.#made()) {
      if (id === undefined || !live.has(id)) continue;
      const { UserName, SshPublicKeyBody, Alias, Notes, Path } = body as Record<string, string>;
      const own = UserName ?? SshPublicKeyBody ?? Notes ?? Path ?? Alias;
      const group = `${operation} ${path} ${own}`;
      groups.set(group, (groups.get(group) ?? 0) + 1);
    }
    for (const [group, count] of groups) if (count > 1) this.harm("duplicates", group);

    const made = new Set(this.#made().map(({ objectId: id }) => id));
    for (const [name, { id, kind }] of this.engine.state) {
      if (kind === "PasswordRotation") continue;
      const own = objectId(id);
      if (!made.has(own) && !this.#imported.has(own)) this.harm("wrong takeovers", `${name} ${id}`);
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
    this.heard(readable(this.engine), "state");
    for (const { text, sink } of this.#heard.splice(0)) {
      if (text.includes(canary)) this.harm("leaked secrets", sink);
      for (const secret of this.#secrets) {
        if (text.includes(secret)) this.harm("leaked secrets", sink);
      }
    }
  }

  #noteSecrets(): void {
    const { credentials, webhooks, shareLinks } = this.emulator.data;
    for (const { Password } of credentials.values()) this.#secrets.add(Password);
    for (const { Secret } of webhooks.values()) this.#secrets.add(Secret);
    for (const { Url } of shareLinks.values()) this.#secrets.add(Url);
  }

  #rotations() {
    return this.emulator.ledger.filter((entry) => entry.operation === "rotatePassword" && entry.acted);
  }

  #made() {
    return this.emulator.ledger.filter(({ operation, acted }) => acted && isCreate(operation));
  }

  #madeAndLive(): string[] {
    const live = this.#objects();
    return this.#made().flatMap(({ objectId: id }) => (id !== undefined && live.has(id) ? [id] : []));
  }

  #objects(): Map<string, object> {
    const { credentials, sshPublicKeys, webhooks, shareLinks } = this.emulator.data;
    return new Map<string, object>([...credentials, ...sshPublicKeys, ...webhooks, ...shareLinks]);
  }
}

/** The process dies when the request that meets the fault is where it shall be. */
function death(weather: Weather, emulator: Emulator): Promise<never> {
  const trouble = weather.deadly;
  const death = new Promise<never>((_, reject) => {
    if (trouble === undefined) return;
    const timer = setInterval(() => {
      const met = emulator.ledger.some(
        ({ fault, acted }) => fault === "slow" && (acted || trouble.when !== "after"),
      );
      if (met) reject(new Killed());
      if (met || weather.deadly !== trouble) clearInterval(timer);
    }, 2);
  });
  death.catch(() => {});
  return death;
}

function jsonOf(error: Error): string {
  try {
    return JSON.stringify({ error, message: error.message });
  } catch {
    return "";
  }
}

/** The API's id in a state's: a key's is `credentialId/keyId`. */
function objectId(id: string): string {
  return id.split("/").at(-1) ?? id;
}

export async function openWorld(options: WorldOptions): Promise<World> {
  const { product, seed, flavor } = options;
  const weather: Weather = { requestTimeoutSeconds: 20, deadly: undefined };
  const stage: SmallStage = await openSmallStage({
    product,
    seed,
    emulator: { apiKey: `${canary}key-${seed}` },
    ...(flavor && { wrap: (_, kind) => flavor(world, kind) }),
    heard: (text, sink) => world.heard(text, sink),
    requestTimeoutSeconds: () => weather.requestTimeoutSeconds,
    killed: () => death(weather, stage.emulator),
  });
  const world = new World(stage, weather);
  return world;
}
