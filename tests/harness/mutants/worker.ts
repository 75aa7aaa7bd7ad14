/** One of several processes that try mutants: it is told a name, tries it before each judge, and says what they saw. */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Handlers } from "../../../provider/protocol/handlers.js";
import type { Kind } from "../../../provider/protocol/kinds.js";
import { captureOutput } from "../faults/world.ts";
import { loadPackage } from "../stage/package.ts";
import { type Extent, type Judgement, type JudgeName, judges } from "./judges.ts";
import { type Mutant, mutants } from "./mutants.ts";

/** The package as it is: what any judge sees in it is wrong, with the package or with the judge. */
export const control = "(the package as it is)";

export interface Order {
  readonly what: string;
  readonly judge: JudgeName;
  readonly extent: Extent;
  readonly seed: number;
}

export interface Answer {
  readonly order: Order;
  readonly judgement: Judgement;
  readonly seconds: number;
}

type Further = Readonly<Record<string, (kind: Kind, handlers: Handlers) => Handlers>>;

/** Those of the package's own, and those of a module that exports `mutants`. */
export async function allMutants(file?: string): Promise<readonly Mutant[]> {
  if (file === undefined) return mutants;
  const module = await import(pathToFileURL(resolve(file)).href);
  const further: Further | undefined = module.mutants ?? module.default?.mutants;
  if (typeof further !== "object") throw new Error(`${file} does not export an object called mutants`);
  const wrapped = Object.entries(further).map(
    ([what, wrap]): Mutant => ({ what, isFurther: true, wrap: (handlers, kind) => wrap(kind, handlers) }),
  );
  return [...mutants, ...wrapped];
}

async function judgementOf({ what, judge, extent, seed }: Order, all: readonly Mutant[]): Promise<Judgement> {
  const mutant = all.find((each) => each.what === what);
  return judges[judge]({ product: await loadPackage(mutant), seed }, extent);
}

if (process.send !== undefined) {
  // The package looks for its engine in the arguments, and for its settings in the environment.
  process.argv.length = 2;
  for (const name of Object.keys(process.env)) if (name.startsWith("SFTPTOGO_")) delete process.env[name];
  const all = allMutants(process.env.MUTANTS_WRAP);
  captureOutput();
  process.on("message", async (order: Order) => {
    const startedAt = performance.now();
    const judgement = await judgementOf(order, await all).catch((error: unknown) => String(error));
    const answer: Answer = { order, judgement, seconds: (performance.now() - startedAt) / 1_000 };
    process.send?.(answer);
  });
  // What a mutant leaves behind fails nobody else.
  process.on("unhandledRejection", () => {});
}
