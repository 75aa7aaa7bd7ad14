/**
 * A replacement that leaves nobody without a way in. The engine deletes the old object first, since a forced
 * replacement has no diff and its create would meet its own object. So where diff has seen what comes next, the delete
 * of the old one makes that before, and the create after it finds it made.
 */
import { hasUnknown } from "../../protocol/unknowns";
import { createOnce } from "../doubt/ownership";
import { notApplied } from "../doubt/writing";
import { argumentKeys, type Fields, type Inputs, type Listed, type State } from "../fields/vocabulary";
import type { Life } from "./kind";
import { creationOf } from "./plan";

/** Notes in diff what is to replace an object, and says in a preview in which order. */
export function announceSuccessor<F extends Fields, T extends Listed>(
  { session, kind }: Life<F, T>,
  id: string,
  olds: State<F>,
  news: object,
): void {
  // A credential that is replaced itself takes its keys with it.
  if (!kind.successorFirst || argumentKeys(kind.fields).some((key) => hasUnknown(news[key as never]))) return;
  const inputs = news as Inputs<F>;
  if (kind.identityOf(inputs).identity === kind.identityOf(olds as Inputs<F>).identity) return;
  session.memory.rememberSuccessor(id, inputs);
  session.note(`${kind.noun} ${id}: the new one is added first, and this one is removed after that`);
}

/** Makes what is to replace an object that is about to be deleted, and proves that it is there. */
export async function makeSuccessor<F extends Fields, T extends Listed>(
  { session, kind }: Life<F, T>,
  id: string,
): Promise<void> {
  const inputs = session.memory.successorOf(id) as Inputs<F> | undefined;
  if (inputs === undefined) return;
  const creation = creationOf(kind, inputs);
  const there = (await creation.list(session.unsharedClient)).find(creation.isSame);
  if (there !== undefined) {
    session.warn(
      `${kind.noun} ${creation.idOf(there)}: it is there already, as after a replacement that was interrupted, and takes ` +
        `the place of ${id}`,
    );
  }
  const successor = creation.idOf(there ?? (await createOnce(session, creation)).item);
  if ((await kind.find(successor, {}, session.unsharedClient)) === undefined) {
    throw notApplied(kind.noun, successor, [...argumentKeys(kind.fields)]);
  }
  session.memory.rememberUnfinished(creation.identity, successor);
}
