/** Completes an object that was just created, or that an earlier create left unfinished. */
import { messageOf, PartialFailureError } from "../../protocol/failures";
import { kept } from "../../protocol/hidden";
import { givenKeys } from "../fields/declared";
import type { Fields, Inputs, Listed, State } from "../fields/vocabulary";
import type { Life } from "./kind";
import { outputsOf } from "./state";
import { bringTo } from "./write";

/** Brings the object to what is declared. Whatever fails, its id is saved in the state, and the next `up` goes on. */
export async function finish<F extends Fields, T extends Listed>(
  life: Life<F, T>,
  id: string,
  object: T,
  inputs: Inputs<F>,
): Promise<{ id: string; outs: State<F> }> {
  const { memory } = life.session;
  const { noun, fields, finishing, identityOf } = life.kind;
  const made = outputsOf(life, object, inputs, {}, { sent: givenKeys(fields, inputs) });
  const { identity } = identityOf(inputs);
  const predecessor = memory.predecessorOf(identity);
  const unfinished = {
    ...(finishing?.knownOf?.(made) ?? made),
    [kept.unfinished]: true as const,
    ...(predecessor !== undefined && { [kept.predecessor]: predecessor }),
  };
  try {
    // The engine may call create again in the same process (`hooks.onError`).
    memory.rememberUnfinished(identity, id);
    const outs = await bringTo(life, id, unfinished, inputs);
    memory.settleUnfinished(identity);
    return { id, outs };
  } catch (error) {
    const what = `${noun.charAt(0).toUpperCase()}${noun.slice(1)} ${id}`;
    const missing =
      predecessor === undefined
        ? (finishing?.missing(object) ?? "is not yet what the program declares")
        : `${predecessor}, which it replaces, is still there`;
    throw new PartialFailureError(
      id,
      inputs,
      unfinished,
      `${what} was created, but ${missing}: ${messageOf(error)} Run \`pulumi up\` again to finish it.`,
    );
  }
}
