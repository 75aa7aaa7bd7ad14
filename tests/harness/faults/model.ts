/**
 * Random lives: a program that changes, a server that others change too, commands that meet faults. After each
 * command the judge looks; at the end of each life calm returns, and everything has to be whole.
 */
import fc from "fast-check";
import { isForeignOffer, isPromised, offersOf, troubles } from "#matrix";
import { addBystanders, credential, keySet, keys, rotation, shareLink, sshPublicKey, webhook } from "#scenes";
import { canaryOf, type Found, openWorld, type Trouble, type World, type WorldOptions } from "#world";
import type { EmulatorData, OperationName } from "../../../provider/emulator/index.js";
import { type Declared, idOf, type Program } from "../stage/program.ts";
import { changesOf, type Report } from "../stage/stage.ts";

/** What the program is to declare, by the resource's name; a number is a variant. */
interface Wanted {
  acme?: number;
  "acme-key"?: number;
  arrivals?: number;
  public?: number;
  "acme-password"?: number;
  keeper?: number;
  "keeper-keys"?: number;
}
type Name = keyof Wanted;

const rules = [[{ source: "203.0.113.0/24" }], [{ source: "198.51.100.7", protocol: "SFTP" }]];

const variants: Readonly<Record<Name, (variant: number) => Declared>> = {
  acme: (n) =>
    credential({
      alias: `Acme ${n}`,
      permission: n % 2 === 0 ? "read-write" : "read-only",
      ...(n % 3 === 1 && { password: canaryOf(`password-${n}`) }),
      inboundRules: rules[n % rules.length],
    }),
  "acme-key": (n) => sshPublicKey(keys[n % 2]),
  arrivals: (n) =>
    webhook({ url: `https://hooks.example.com/${n}`, authorizationHeader: canaryOf(`header-${n}`) }),
  public: (n) =>
    shareLink({ accessLimit: n, ...(n % 2 === 0 && { password: canaryOf(`link-password-${n}`) }) }),
  "acme-password": (n) => rotation({ triggers: n }),
  keeper: (n) => credential({ alias: `Keeper ${n}` }, "keeper"),
  // From 4 on with an overlap.
  "keeper-keys": (n) => ({
    ...keySet(
      keys.filter((_, index) => (n & (1 << index)) === 0),
      { credentialId: idOf("keeper"), ...(n >= 4 && { overlapDays: 7 }) },
    ),
    name: "keeper-keys",
  }),
};
const names = Object.keys(variants) as Name[];

/** What the user has added to resources because their refusals say so. */
interface Added {
  readonly imports: ReadonlyMap<string, string>;
  /** `onConsumed`. */
  readonly recreated: ReadonlySet<string>;
}

function programOf(wanted: Wanted, { imports, recreated }: Added): Program {
  return names.flatMap((name) => {
    const variant = wanted[name];
    const [owner, ...rest] = name.split("-");
    if (variant === undefined || (rest.length > 0 && wanted[owner as Name] === undefined)) return [];
    const declared = variants[name](variant);
    const args = { ...declared.args, ...(recreated.has(name) && { onConsumed: "recreate" }) };
    return [{ ...declared, args, import: imports.get(name) }];
  });
}

interface Model {
  wanted: Wanted;
}

/** One life. */
class Life implements Added {
  readonly world: World;
  readonly imports = new Map<string, string>();
  readonly recreated = new Set<string>();
  steps = 0;
  refused = 0;
  /** Since then a credential's own password is not the one that counts. */
  rotated = false;

  constructor(world: World) {
    this.world = world;
  }

  /** `up`, with everything that the program lets go of told to the judge before. */
  async up(wanted: Wanted, replace?: Name): Promise<Report> {
    const { world } = this;
    const { state } = world.engine;
    const program = programOf(wanted, this);
    const declared = new Set(program.map(({ name }) => name));
    this.rotated ||= declared.has("acme-password");
    const ids = (...which: string[]) => which.flatMap((name) => world.idsOf(state.get(name)));
    world.mayDelete(ids(...[...state.keys()].filter((name) => !declared.has(name))));
    if (replace !== undefined) world.mayDelete(ids(replace));
    // A key's body, or its credential, replaces it; so does a link that is used up.
    world.mayDelete(ids("acme-key", ...(replace === "acme" ? ["acme-key"] : [])));
    if (replace === "keeper") world.mayDelete(ids("keeper-keys"));
    // A set keeps what it declares, and nothing else.
    const kept = program.find(({ name }) => name === "keeper-keys")?.args.sshPublicKeyBodies;
    world.mayDelete(world.keysBeside("keeper-incoming", Array.isArray(kept) ? kept : undefined));

    const before = state.get("acme-password");
    const from = world.emulator.ledger.length;
    const report = await world.up(program, replace ? { replace: [replace] } : {});
    const after = state.get("acme-password");
    // Each new rotation in the state is one that was asked for; what a failure leaves in doubt says so.
    if (after !== undefined && after.id !== before?.id) world.mayRotate(1);
    const isLost = report.killed
      ? world.hasRotation(from)
      : report.failures.has("acme-password") && world.hasSpoiltRotation(from);
    if (isLost && after?.id === before?.id) world.mayRotate(1);
    // The option has done its work once the resource is in the state, and when its object is gone.
    for (const name of this.imports.keys()) {
      const isGone = report.failures.get(name)?.message.startsWith("import: there is no");
      if (state.has(name) || isGone) this.imports.delete(name);
    }
    for (const [name, id] of offersOf(world, report)) {
      this.imports.set(name, id);
      this.refused += 1;
    }
    // A link with a limit that somebody has deleted counts as used up, and no change brings it back.
    for (const [name, { message }] of report.failures) {
      if (message.includes('set onConsumed: "recreate"')) this.recreated.add(name);
    }
    world.judgeRotations();
    // What somebody added to a set is theirs when it is gone, and they clear it away.
    if (!state.has("keeper-keys")) world.clearAdded();
    return report;
  }

  async refresh(): Promise<Report> {
    const { world } = this;
    return world.refresh();
  }

  /** The faults are over: a refresh, and as many `up`s as there are import options to add. */
  async end(wanted: Wanted): Promise<void> {
    const { world } = this;
    world.calm();
    for (const [name, error] of (await this.refresh()).failures) {
      world.harm("not made whole", `refresh ${name}: ${error.message}`);
    }
    let failures: Report["failures"] = new Map();
    for (let round = 0; round < 6; round++) {
      ({ failures } = await this.up(wanted));
      if (failures.size === 0) break;
    }
    const inTheWay = new Set<string>();
    for (const [name, error] of failures) {
      if (isForeignOffer(world, error)) inTheWay.add(name);
      else world.harm("not made whole", `up ${name}: ${error.message}`);
    }
    const program = programOf(wanted, this);
    await this.refresh();
    const changes = changesOf(await this.up(wanted));
    if (changes.length > 0) world.harm("not made whole", `changes again: ${changes.join(", ")}`);
    world.judgeWhole(program, inTheWay, this.rotated);
    await this.destroy();
    world.judgeOrphans();
  }

  destroy(): Promise<Report> {
    const { world } = this;
    world.mayDelete([...world.engine.state.values()].flatMap((each) => world.idsOf(each)));
    return this.up({});
  }
}

type Step = fc.AsyncCommand<Model, Life>;

function step(name: string, run: (model: Model, life: Life) => Promise<unknown>): Step {
  return {
    check: () => true,
    async run(model, life) {
      life.steps += 1;
      await run(model, life);
      if (life.world.found.length > 0) throw new Error(JSON.stringify(life.world.found));
    },
    toString: () => name,
  };
}

/** Somebody changes, or deletes, what the stack manages. */
function meddle(data: EmulatorData, world: World, name: Name, how: "drift" | "delete"): void {
  const recorded = world.engine.state.get(name);
  if (recorded?.kind === "SshPublicKeySet") {
    const [first] = world.idsOf(recorded);
    if (how === "drift") world.addKey(keys[2], "keeper-incoming");
    else if (first !== undefined) data.sshPublicKeys.delete(first);
    return;
  }
  const id = recorded?.id.split("/").at(-1) ?? "";
  const credential = data.credentials.get(id);
  const hook = data.webhooks.get(id);
  const link = data.shareLinks.get(id);
  if (how === "delete") {
    if (credential) data.deleteCredential(id);
    data.sshPublicKeys.delete(id);
    data.webhooks.delete(id);
    data.shareLinks.delete(id);
    return;
  }
  world.touch(id);
  if (credential) credential.Permission = "full";
  if (hook) world.emulator.pauseWebhook(id);
  if (hook) hook.Topics = ["file.deleted"];
  if (link) link.Notes = "for the partners, too";
}

const anyName = fc.constantFrom(...names);
const variant = fc.integer({ min: 0, max: 5 });
const harmless = [...troubles].filter(([label]) => !/huge|echo/.test(label));

const stepsOf = (operations: readonly OperationName[]): fc.Arbitrary<Step>[] => [
  fc.tuple(anyName, variant).map(([name, n]) =>
    step(`declare ${name} ${n}, up`, async (model, life) => {
      // A webhook is told by all its declared fields, so while one is in doubt they must stay.
      if (!life.world.hasLoose()) model.wanted = { ...model.wanted, [name]: n };
      await life.up(model.wanted);
    }),
  ),
  anyName.map((name) =>
    step(`take out ${name}, up`, async (model, life) => {
      // What is in doubt and no longer wanted, nobody would look for.
      if (!life.world.hasLoose()) {
        const { [name]: _, ...rest } = model.wanted;
        model.wanted = rest;
        life.imports.delete(name);
      }
      await life.up(model.wanted);
    }),
  ),
  fc.constant(step("up", (model, life) => life.up(model.wanted))),
  anyName.map((name) => step(`replace ${name}`, (model, life) => life.up(model.wanted, name))),
  fc.constant(step("refresh", (_, life) => life.refresh())),
  fc.constant(step("destroy", (_, life) => life.destroy())),
  anyName.map((name) =>
    step(`drift of ${name}`, async (_, { world }) => meddle(world.emulator.data, world, name, "drift")),
  ),
  anyName.map((name) =>
    step(`delete ${name} outside`, async (_, { world }) =>
      meddle(world.emulator.data, world, name, "delete"),
    ),
  ),
  fc
    .record({
      trouble: fc.constantFrom(...harmless),
      operation: fc.constantFrom(...operations),
      when: fc.constantFrom("before" as const, "after" as const),
      times: fc.constantFrom(1, 1, 1, 2, 5),
    })
    .filter(({ trouble: [, trouble], operation }) => isPromised({ troubles: [{ ...trouble, operation }] }))
    .map(({ trouble: [label, trouble], operation, when, times }) =>
      step(`fault ${label} on ${operation} ${when} ${times}`, async (_, { world }) => {
        world.calm();
        world.arm({ ...trouble, operation, when, times } as Trouble);
      }),
    ),
  fc.constant(step("calm", async (_, { world }) => world.calm())),
];

export interface Lives {
  readonly steps: number;
  readonly lives: number;
  readonly refused: number;
  readonly found: readonly Found[];
  /** The shortest life that shows what was found. */
  readonly counterexample?: string;
}

/** Runs lives until so many steps are done; the same seed gives the same lives. */
export async function runModel(
  options: WorldOptions,
  atLeast: number,
  { shrinks = true }: { readonly shrinks?: boolean } = {},
): Promise<Lives> {
  let steps_ = 0;
  let lives = 0;
  let refused = 0;
  let lastFound: readonly Found[] = [];
  const property = fc.asyncProperty(
    fc.commands(stepsOf(options.product.operationNames), { maxCommands: 40, size: "max" }),
    async (commands) => {
      const world = await openWorld({ ...options, seed: options.seed + lives });
      addBystanders(world.emulator.data);
      world.claimForeign();
      const life = new Life(world);
      const model: Model = { wanted: {} };
      try {
        await fc.asyncModelRun(() => ({ model, real: life }), commands);
        await life.end(model.wanted);
        if (world.found.length > 0) throw new Error(JSON.stringify(world.found));
      } finally {
        if (world.found.length > 0) lastFound = [...world.found];
        await world.close();
        steps_ += life.steps;
        refused += life.refused;
        lives += 1;
      }
    },
  );
  for (let round = 0; steps_ < atLeast; round++) {
    const details = await fc.check(property, {
      seed: options.seed + round,
      numRuns: 20,
      endOnFailure: !shrinks,
    });
    if (details.failed) {
      const counterexample = `seed ${details.seed}, path ${details.counterexamplePath}: ${details.counterexample}`;
      return { steps: steps_, lives, refused, found: lastFound, counterexample };
    }
  }
  return { steps: steps_, lives, refused, found: [] };
}
