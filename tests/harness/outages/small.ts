/** A rotating credential on the small engine: the resources that the component makes, as data. */
import { setTimeout as sleep } from "node:timers/promises";
import type { DialectName } from "../dialects/catalog/index.ts";
import type { Product } from "../stage/product.ts";
import { idOf, type Program } from "../stage/program.ts";
import { openSmallStage } from "../stage/small.ts";
import { Killed } from "../stage/smallEngine.ts";
import { type Cycle, graceDays, Life, type Point, pointsOf, type Rig, titleOf } from "./life.ts";

/** By how many days the service is ahead of the machine. What only it calls over waits for a day more. */
const daysAhead: Partial<Record<DialectName, number>> = {
  "service-days-ahead": 5,
  "service-days-behind": -5,
};

interface SmallRigOptions {
  readonly product: Product;
  readonly dialects?: readonly DialectName[];
}

/** A stage on which any request can be spoilt, or the process be killed at it. */
export async function openDisturbedStage({ product, dialects = [] }: SmallRigOptions) {
  let isDeadly = false;
  const stage = await openSmallStage({
    product,
    emulator: { dialects },
    killed: () => (isDeadly ? death() : new Promise<never>(() => {})),
  });
  const { emulator } = stage;

  /** The process is gone once a request hangs. */
  async function death(): Promise<never> {
    const from = emulator.ledger.length;
    while (isDeadly) {
      if (emulator.ledger.slice(from).some(({ fault }) => fault === "slow")) throw new Killed();
      await sleep(1);
    }
    return new Promise<never>(() => {});
  }

  function arm({ operation, skip, trouble, when }: Point): void {
    isDeadly = trouble === "kill";
    emulator.addFault(
      trouble === "kill"
        ? { name: "slow", delayMs: 600_000, operation, skip, when }
        : { name: trouble === "503" ? "status" : "reset", status: 503, operation, skip, when },
    );
  }

  function calm(): void {
    isDeadly = false;
    emulator.clearFaults();
  }

  return { stage, arm, calm };
}

export async function openSmallRig(options: SmallRigOptions): Promise<Rig & AsyncDisposable> {
  const { stage, arm, calm } = await openDisturbedStage(options);
  const ahead = (options.dialects ?? []).reduce((sum, dialect) => sum + (daysAhead[dialect] ?? 0), 0);
  return {
    emulator: stage.emulator,
    now: () => stage.now() + ahead * 86_400_000,
    closingDays: 0.1 + (ahead > 0 ? 1 : -ahead),
    async up(triggers) {
      const { failures, killed, printed } = await stage.up(programOf(triggers));
      return {
        isDone: failures.size === 0 && !killed,
        printed: [printed, ...[...failures.values()].map(({ message }) => message)].join("\n"),
      };
    },
    async outputs() {
      const outputs = (await stage.state()).get("acme")?.outputs;
      if (outputs === undefined) return undefined;
      const { userName, password, previousValidUntil } = outputs;
      const until = typeof previousValidUntil === "string" ? Date.parse(previousValidUntil) : undefined;
      return {
        active: { userName: String(userName), password: String(password) },
        previousValidUntil: until,
      };
    },
    passDays: (days) => stage.clock.sleep(days * 86_400_000),
    arm,
    calm,
    [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose](),
  };
}

function programOf(triggers: number): Program {
  const both = { homeDirectory: "/acme", permission: "read-write" };
  return [
    { name: "acme-a", kind: "Credential", args: { ...both, userName: "acme-incoming" } },
    {
      name: "acme-b",
      kind: "Credential",
      args: { ...both, userName: "acme-incoming-b", __reserve: true },
    },
    {
      name: "acme",
      kind: "CredentialRotation",
      args: { credentialIds: [idOf("acme-a"), idOf("acme-b")], triggers, graceDays },
    },
  ];
}

/** What goes wrong first in a life that is disturbed nowhere, or at one of the points. */
export async function firstOutage(
  product: Product,
  onPoint: (point: string) => void = () => {},
): Promise<string | undefined> {
  const undisturbed = await lifeOf(product);
  if (typeof undisturbed === "string") return `undisturbed: ${undisturbed}`;
  for (const point of pointsOf(undisturbed.turns)) {
    // The small engine is one process with its provider.
    if (point.trouble === "engine") continue;
    const found = await lifeOf(product, point);
    if (typeof found === "string") return `${titleOf(point)}: ${found}`;
    if (found.met === 0) return `${titleOf(point)}: it was not disturbed`;
    onPoint(titleOf(point));
  }
  return undefined;
}

/** A cycle there and an undisturbed one back, or what is wrong with them. */
export async function lifeOf(
  product: Product,
  point?: Point,
  dialects: readonly DialectName[] = [],
): Promise<Cycle | string> {
  await using rig = await openSmallRig({ product, dialects });
  const life = new Life(rig);
  try {
    await life.begin();
    const there = await life.cycle(point, true);
    const back = await life.cycle(undefined, false);
    const found = [there, back].flatMap(({ outages, broken }) => [...outages, ...broken]);
    return found.length > 0 ? found.join("; ") : there;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
