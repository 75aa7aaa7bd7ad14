/** The turns of a life that are the same for every kind, as a suite for any engine. */
import { afterAll, afterEach, describe, test } from "vitest";
import type { Stage } from "../../harness/stage/stage.js";
import { type LivedKind, subjects } from "./subjects.ts";
import { type TurnName, turns, turnTitles } from "./turns.ts";

/** Several kinds at once share the commands: the same is shown in less time, and a failure says less. */
export function describeLifecycle(
  kinds: LivedKind | readonly LivedKind[],
  openStage: () => Promise<Stage>,
  names = Object.keys(turns) as TurnName[],
): void {
  const chosen = [kinds].flat().map((kind) => subjects[kind]);
  const title = chosen.map(({ kind }) => kind).join(", ");

  describe(`the life of ${title}`, () => {
    // Every turn ends with an empty stack, so the next one can have it, unless it failed.
    let stage: Stage | undefined;
    async function close(): Promise<void> {
      await stage?.[Symbol.asyncDispose]();
      stage = undefined;
    }
    afterEach(async ({ task }) => {
      if (task.result?.state === "fail") await close();
    });
    afterAll(close);

    test.each(names.map((name) => [name, turnTitles[name]] as const))("%s: it $1", async (name) => {
      stage ??= await openStage();
      await turns[name](stage, chosen);
    });
  });
}
