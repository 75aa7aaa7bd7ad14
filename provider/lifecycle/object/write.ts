/** Writes a plan, and proves by reads what came of each request: an answer alone proves nothing. */
import type { Client } from "../../api/client";
import { UncertainError } from "../doubt/gone";
import { isShown } from "../doubt/likeness";
import { explainUpdateRefusal } from "../doubt/ownership";
import { judge } from "../doubt/proof";
import { readsAfter } from "../doubt/waits";
import { goneAtUpdate, notApplied, unlessGone } from "../doubt/writing";
import { givenKeys, valueAt } from "../fields/declared";
import { knownOf, serverState, stateOf } from "../fields/translate";
import type { ArgumentKey, Fields, Inputs, Listed, State } from "../fields/vocabulary";
import type { Life, ObjectKind, Patched } from "./kind";
import { planOf, type Request } from "./plan";
import { isUnfinished, outputsOf } from "./state";
import { removePredecessor } from "./successor";

/** Sends what differs between the state and the inputs. Returns the outputs that the service has shown. */
export async function bringTo<F extends Fields, T extends Listed>(
  life: Life<F, T>,
  id: string,
  olds: State<F>,
  inputs: Inputs<F>,
): Promise<State<F>> {
  const { session, kind } = life;
  const { noun, fields, usedUp } = kind;
  const { wanted, requests } = planOf(kind, olds, inputs);
  if (requests.length > 0 && usedUp?.isRemoved(olds)) throw usedUp.refusal(id);
  const spelled: ArgumentKey<F>[] = [];
  const blank: ArgumentKey<F>[] = [];
  let object: T | undefined;
  for (const request of requests) {
    const written = await write(life, id, olds, wanted, request);
    object = written.object;
    spelled.push(...written.verdict.spelled);
    blank.push(...written.verdict.blank);
  }
  object ??= await kind.find(id, olds);
  if (object === undefined) {
    // There was nothing to send: only the state may have changed.
    if (!usedUp?.isRemoved(olds)) throw goneAtUpdate(noun, id);
    return stateOf(fields, inputs, knownOf(fields, inputs, olds));
  }
  await removePredecessor(life, olds);
  warnOfSpelling(life, id, spelled);
  const sent = requests.flatMap((request) => request.sent);
  const state = outputsOf(life, object, inputs, olds, { sent, spelled: [...spelled, ...blank] });
  const lost = isUnfinished(olds) ? kind.finishing?.lost?.(object, state) : undefined;
  if (lost !== undefined) session.warn(`${noun} ${id}: ${lost}`);
  return state;
}

/** Sends one request and reads what came of it, repeatedly where the service may be late. */
async function write<F extends Fields, T extends Listed>(
  { session, kind }: Life<F, T>,
  id: string,
  olds: State<F>,
  wanted: Inputs<F>,
  { sent, body, isLast }: Request<F>,
) {
  const { noun, fields } = kind;
  const startedAt = session.clock.now();
  const answer = await unlessGone(noun, id, kind.update?.(id, body) ?? Promise.resolve({})).catch(
    async (error) => {
      throw await explainUpdateRefusal(session, { noun, ...kind.identityOf(wanted) }, id, error);
    },
  );
  if (kind.isDenied?.(id, body, answer)) throw notApplied(noun, id, sent);
  // What an unfinished object shows has been sent before: the service may already have spelled it its own way.
  const before = isUnfinished(olds) ? {} : olds;
  let client = session.client;
  let refused: readonly string[] = [];
  let isGone = false;
  for await (const _ of readsAfter(session, undefined, startedAt)) {
    const { object, isMissing } = await readBack(kind, id, olds, answer, client);
    const verdict = judge(fields, { inputs: wanted, sent, before, shown: shownBy(fields, object, answer) });
    // Our mark that was to be removed is not a spelling of the service's.
    const isMarked = isLast && isUnfinished(olds) && kind.finishing?.isUnfinished?.(object, wanted) === true;
    if (verdict.notApplied.length === 0 && !isMarked) return { object, verdict };
    refused = isMarked ? sent : verdict.notApplied;
    isGone = kind.isReadById === true && isMissing;
    client = session.unsharedClient;
  }
  throw isGone ? goneAtUpdate(noun, id) : notApplied(noun, id, refused);
}

/** The object after an update. Where a list does not show it, an answer to the update with its id proves it alive. */
async function readBack<F extends Fields, T extends Listed>(
  kind: ObjectKind<F, T>,
  id: string,
  olds: State<F>,
  answer: Patched<T>,
  client: Client,
) {
  const isAlive = answer.Id === id;
  try {
    const found = await kind.find(id, olds, client);
    if (found !== undefined) return { object: kind.merged?.(found, answer) ?? found, isMissing: false };
    if (!isAlive) throw goneAtUpdate(kind.noun, id);
    return { object: answer as T, isMissing: true };
  } catch (error) {
    if (!(error instanceof UncertainError) || !isAlive) throw error;
    return { object: answer as T, isMissing: false };
  }
}

/** What a read shows; where it leaves something out that has to be shown, what the answer to the update shows. */
function shownBy<F extends Fields, T extends Listed>(fields: F, object: T, answer: Patched<T>): State<F> {
  const read = serverState(fields, object, {});
  if (answer.Id === undefined) return read;
  const answered = serverState(fields, answer as T, {});
  const missing = givenKeys(fields, answered).filter(
    (key) => fields[key]?.mustBeShown && !isShown(valueAt(read, key)),
  );
  return { ...read, ...Object.fromEntries(missing.map((key) => [key, valueAt(answered, key)])) };
}

export function warnOfSpelling<F extends Fields, T extends Listed>(
  { session, kind }: Life<F, T>,
  id: string,
  keys: readonly string[],
): void {
  for (const key of keys) {
    session.warn(
      `${kind.noun} ${id}: the service keeps ${key} in a spelling of its own. The two count as the same until ` +
        "either changes",
    );
  }
}
