/**
 * Check, as every kind does it, phase by phase: settings and arguments, what is left out, the `import` option, other
 * resources of the program, the root's limits, and what the service says already.
 */
import { type CheckFailure, messageOf } from "../../protocol/failures";
import { hiddenInputs, hiddenOf, nameOf } from "../../protocol/hidden";
import { hasUnknown } from "../../protocol/unknowns";
import type { Claim } from "../doubt/ownership";
import { validate } from "../fields/validate";
import type { ArgumentKey, Fields, Inputs, Listed, State } from "../fields/vocabulary";
import { type ObjectId, ownId, type Share } from "../process/memory";
import type { Session } from "../process/session";
import { argumentsOf, fillDefaults, keepDefaults, keepUnlessKnown, sealedInputs } from "./arguments";
import { warnOfEndings } from "./endings";
import { checkImport, liveImportId } from "./importing";
import { changesOfRoot } from "./root";
import { checkAccess, claimOf, doublesIn, preflight, rivalsIn } from "./taken";

/** What one kind brings to check. */
export interface CheckRules<F extends Fields, T extends Listed> {
  readonly noun: string;
  readonly fields: F;
  /** What the server holds of an object to import, or `undefined` where there is none. */
  existing(id: string): Promise<State<F> | undefined>;
  /** What the inputs would create. Left out where no list can tell (a rotation). */
  creation?(inputs: Inputs<F>): Claim<T>;
  /** What another kind can manage as well. Goes by some of the inputs; the others may be unknown. */
  readonly sharesOf?: ((inputs: object) => readonly Share[]) | undefined;
  /** What the memory knows the object by. */
  readonly objectId?: ObjectId;
  /** What a replacement does that cannot be undone, to follow `a replacement`. */
  readonly onReplacement?: string | undefined;
  /** What nobody can change of the organization's root credential. */
  readonly fixedOfRoot?: readonly ArgumentKey<F>[] | undefined;
}

export interface CheckResult {
  readonly inputs: object;
  readonly failures: CheckFailure[];
}

export async function check<F extends Fields, T extends Listed>(
  session: Session,
  checks: CheckRules<F, T>,
  olds: object,
  news: object,
): Promise<CheckResult> {
  const { noun, fields, objectId = ownId, onReplacement } = checks;
  const resource = `${noun} ${nameOf(news)}`;
  const isNew = Object.keys(olds).length === 0;
  const importId = liveImportId(session, isNew, news, objectId);
  const isImport = importId !== undefined;

  // Settings and arguments.
  const failures: CheckFailure[] = failuresOfSettings(session);
  const inputs = argumentsOf(news);
  const found = validate(fields, { olds, news: inputs, isImport, now: session.clock.now() });
  failures.push(...found.failures);
  for (const warning of found.warnings) session.warn(`${resource}: ${warning}`);
  if (failures.length === 0) warnOfEndings(session, fields, inputs, resource);
  const isReplaced = noteReplacement(session, isNew, news);
  if (isReplaced && onReplacement !== undefined) session.warn(`${resource}: a replacement ${onReplacement}`);

  // What the program leaves out.
  if (!isNew) {
    keepDefaults(fields, olds, inputs);
    const before = claimOf(checks, olds);
    if (before) session.memory.rememberIdentity(before.identity);
  } else if (!isImport && failures.length === 0) {
    // Some need the settings; where anything has failed, nobody sees what the inputs have become.
    fillDefaults(session, fields, news, inputs);
  }
  const { isReserve } = hiddenOf(news);
  const { isRoot } = hiddenOf(olds);
  Object.assign(inputs, hiddenInputs({ importId, isRoot, isReserve }));

  // The object to import. It may turn out to be the root credential.
  if (isImport && failures.length === 0) {
    failures.push(...(await checkImport(session, checks, { id: importId, name: nameOf(news) }, inputs)));
  }
  if (isReserve) keepUnlessKnown(olds, inputs);

  // Other resources of the program.
  const claim = claimOf(checks, (isImport && session.memory.importedInputs(objectId(importId))) || inputs);
  const rivals = rivalsIn(session, checks, inputs, news);
  failures.push(...rivals);
  if (claim && rivals.length === 0) failures.push(...doublesIn(session, { noun, claim }, news));

  if (hiddenOf(inputs).isRoot) failures.push(...changesOfRoot(checks, inputs, olds));

  // What the service says already.
  if (failures.length === 0 && !isImport && !hasUnknown(inputs) && session.settings.preflight) {
    failures.push(...(await (isNew && claim ? preflight(session, resource, claim) : checkAccess(session))));
  }
  return { inputs: sealedInputs(fields, news, inputs), failures };
}

function failuresOfSettings(session: Session): CheckFailure[] {
  try {
    void session.settings;
    return [];
  } catch (error) {
    return [{ property: "", reason: messageOf(error) }];
  }
}

/** A replacement checks a resource as it is in the state, and then once more as a new one. */
function noteReplacement({ memory }: Session, isNew: boolean, news: object): boolean {
  const { urn } = hiddenOf(news);
  if (urn === undefined) return false;
  if (isNew) return memory.isInStack(urn);
  memory.rememberInStack(urn);
  return false;
}
