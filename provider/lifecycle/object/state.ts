/** What the state records of an object. */
import { type KeptState, kept } from "../../protocol/hidden";
import { hashOf, knownOf, serverState, stateOf } from "../fields/translate";
import type { Fields, Inputs, Listed, State } from "../fields/vocabulary";
import type { Life } from "./kind";

/** The keys that were sent to get there, and those that the service keeps in a spelling of its own. */
interface WriteOutcome {
  readonly sent?: readonly string[];
  readonly spelled?: readonly string[];
}

/** The whole outputs after a create or an update. */
export function outputsOf<F extends Fields, T extends Listed>(
  { session, kind }: Life<F, T>,
  object: T,
  inputs: Inputs<F>,
  olds: State<F>,
  { sent = [], spelled = [] }: WriteOutcome = {},
): State<F> {
  const { fields } = kind;
  const server = serverState(fields, object, knownOf(fields, inputs, olds, sent));
  return {
    ...stateOf(fields, inputs, server, spelled, olds),
    ...session.origin(),
    [kept.passwordHash]: hashOf(fields, inputs, olds),
    ...kind.keptOf?.(object, server),
  };
}

/** Whether a create or an update that failed left something to be completed. */
export function isUnfinished(state: KeptState): boolean {
  return state[kept.unfinished] !== undefined;
}
