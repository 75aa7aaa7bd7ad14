/** What the service has made of what was sent, by what it shows afterwards. */
import { isEqual } from "../../values/plain";
import { isSame, valueAt } from "../fields/declared";
import type { ArgumentKey, Field, Fields } from "../fields/vocabulary";
import { isAlike, isShown } from "./likeness";

export interface Write<F extends Fields> {
  readonly inputs: object;
  /** The keys that were sent. */
  readonly sent: readonly ArgumentKey<F>[];
  /** What the service held before; empty after a create. */
  readonly before: object;
  /** What an answer shows now, and nothing that is only known to us. */
  readonly shown: object;
}

export interface Verdict<F extends Fields> {
  /** Not applied: what opens access and is not what was declared, and what is still as it was before. */
  readonly notApplied: readonly ArgumentKey<F>[];
  /** Kept by the service in a spelling of its own. */
  readonly spelled: readonly ArgumentKey<F>[];
  /** Shown as a blank, though it was sent: a service that does not tell. What it shows later counts. */
  readonly blank: readonly ArgumentKey<F>[];
}

export function judge<F extends Fields>(fields: F, { inputs, sent, before, shown }: Write<F>): Verdict<F> {
  const notApplied: ArgumentKey<F>[] = [];
  const spelled: ArgumentKey<F>[] = [];
  const blank: ArgumentKey<F>[] = [];
  for (const key of sent) {
    const field: Field = fields[key] as Field;
    const declared = valueAt(inputs, key);
    const server = valueAt(shown, key);
    if (isSame(field, declared, server)) continue;
    if (isHeldBack(field, server)) {
      if (field.mustBeShown) notApplied.push(key);
      else if (server !== undefined && !field.secret) blank.push(key);
      continue;
    }
    const isGranted = field.opensAccess && field.grants?.(declared, server) === true;
    const held = valueAt(before, key);
    const isAsBefore = held !== undefined && isEqual(server, held) && !isAlike(declared, server);
    if (field.opensAccess ? !isGranted : isAsBefore) notApplied.push(key);
    else spelled.push(key);
  }
  return { notApplied, spelled, blank };
}

/** Whether the answer says nothing of the field. */
function isHeldBack(field: Field, server: unknown): boolean {
  if (server === undefined || (field.mustBeShown && server === null)) return true;
  return (field.secret || field.unseen) === true && !isShown(server);
}
