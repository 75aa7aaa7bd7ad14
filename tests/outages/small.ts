/** A rotating credential on the small engine: the resources that the component makes, as data. */
import { setTimeout as sleep } from "node:timers/promises";
import type { DialectName } from "../../provider/emulator/index.js";
import { Killed } from "../faults/engine.ts";
import type { Product } from "../stage/product.ts";
import { idOf, type Program } from "../stage/program.ts";
import { openSmallStage, type Wrap } from "../stage/small.ts";
import { graceDays, type Rig } from "./life.ts";

interface SmallRigOptions {
  readonly product: Product;
  readonly dialects?: readonly DialectName[];
  readonly wrap?: Wrap;
}

export async function openSmallRig({
  product,
  dialects = [],
  wrap,
}: SmallRigOptions): Promise<Rig & AsyncDisposable> {
  let isDeadly = false;
  const stage = await openSmallStage({
    product,
    emulator: { dialects },
    ...(wrap && { wrap }),
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

  return {
    emulator,
    now: stage.now,
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
    arm({ operation, skip, trouble, when }) {
      isDeadly = trouble === "kill";
      emulator.addFault(
        trouble === "kill"
          ? { name: "slow", delayMs: 600_000, operation, skip, when }
          : { name: trouble === "503" ? "status" : "reset", status: 503, operation, skip, when },
      );
    },
    calm() {
      isDeadly = false;
      emulator.clearFaults();
    },
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
