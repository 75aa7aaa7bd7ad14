/**
 * A replacement that leaves nobody without a way in. The engine deletes the old object first, since a forced
 * replacement has no diff and its create would meet its own object. So where diff has seen what comes next, the delete
 * of the old one makes that before, and the create after it finds it made.
 */
import { kept } from "../../protocol/hidden";
import { hasUnknown } from "../../protocol/unknowns";
import { deleteIfPresent } from "../doubt/gone";
import { createOnce } from "../doubt/ownership";
import { readsAfter } from "../doubt/waits";
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
  const { identity } = kind.identityOf(inputs);
  if (identity === kind.identityOf(olds as Inputs<F>).identity) return;
  session.memory.rememberSuccessor(id, identity, inputs);
  session.note(`${kind.noun} ${id}: the new one is added first, and this one is removed after that`);
}

/** Deletes an object. Where diff has seen what is to replace it, that is made before, and proven to be there. */
export async function deleteAfterSuccessor<F extends Fields, T extends Listed>(
  life: Life<F, T>,
  id: string,
  olds: State<F>,
): Promise<void> {
  const { session, kind } = life;
  await removePredecessor(life, olds);
  const successor = await makeSuccessor(life, id);
  let isThere = true;
  try {
    isThere = successor === undefined || (await isShown(life, successor.id));
    if (isThere) await remove(life, id, olds);
  } catch (error) {
    // A delete that fails could not record the successor. The create that follows does, and tries this again.
    if (successor === undefined) throw error;
    session.memory.rememberPredecessor(successor.identity, id);
  }
  if (!isThere) throw notApplied(kind.noun, String(successor?.id), [...argumentKeys(kind.fields)]);
}

/** Removes what an object has replaced, where that could not be done before. */
export async function removePredecessor<F extends Fields, T extends Listed>(
  life: Life<F, T>,
  olds: State<F>,
): Promise<void> {
  const id = olds[kept.predecessor];
  if (id !== undefined && !life.session.memory.holders.isKept(id)) await remove(life, id, {});
}

function remove<F extends Fields, T extends Listed>(
  { session, kind }: Life<F, T>,
  id: string,
  olds: State<F>,
): Promise<void> {
  return deleteIfPresent(
    session,
    id,
    () => kind.remove(id),
    () => kind.find(id, olds),
  );
}

async function makeSuccessor<F extends Fields, T extends Listed>(
  life: Life<F, T>,
  id: string,
): Promise<{ id: string; identity: string } | undefined> {
  const { session, kind } = life;
  const inputs = session.memory.successorOf(id) as Inputs<F> | undefined;
  if (inputs === undefined) return undefined;
  const creation = creationOf(kind, inputs);
  const made = (await successorThere(life, inputs)) ?? (await createOnce(session, creation)).item;
  const successor = { id: creation.idOf(made), identity: creation.identity };
  session.memory.rememberUnfinished(successor.identity, successor.id, made);
  return successor;
}

async function isShown<F extends Fields, T extends Listed>(
  { session, kind }: Life<F, T>,
  id: string,
): Promise<boolean> {
  for await (const _ of readsAfter(session, undefined, session.clock.now())) {
    if ((await kind.find(id, {}, session.unsharedClient)) !== undefined) return true;
  }
  return false;
}

/** What is to be made, where diff has said that it replaces something, and an earlier update was interrupted after it. */
export async function successorThere<F extends Fields, T extends Listed>(
  { session, kind }: Life<F, T>,
  inputs: Inputs<F>,
): Promise<T | undefined> {
  const { memory } = session;
  const { identity, list, isSame, idOf } = kind.identityOf(inputs);
  if (!memory.isReplacing(identity)) return undefined;
  const there = (await list(session.unsharedClient)).find(isSame);
  if (there === undefined || memory.holders.isKept(idOf(there))) return undefined;
  session.warn(
    `${kind.noun} ${idOf(there)}: it is there already, as after a replacement that was interrupted, and takes the ` +
      "place of the one before",
  );
  return there;
}
