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
import { argumentsOf, type Draft, fillDefaults, keepDefaults, keepUnlessKnown } from "./arguments";
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
  /** What else the arguments have to name. Asked where they are all known, and new. */
  readonly missing?: ((inputs: object) => Promise<readonly CheckFailure[]>) | undefined;
  /** What a replacement does that cannot be undone, to follow `a replacement`. */
  readonly onReplacement?: string | undefined;
  /** What nobody can change of the organization's root credential. */
  readonly fixedOfRoot?: readonly ArgumentKey<F>[] | undefined;
}

export interface CheckResult {
  readonly inputs: object;
  readonly failures: CheckFailure[];
}

/** One call of check: what its phases have in common. */
interface Checking<F extends Fields, T extends Listed> {
  readonly session: Session;
  readonly rules: CheckRules<F, T>;
  readonly olds: object;
  readonly news: object;
  readonly isNew: boolean;
  readonly importId: string | undefined;
  /** For messages. */
  readonly resource: string;
}

/** Later phases ask the service or other resources, and only about arguments in which nothing is wrong. */
export async function check<F extends Fields, T extends Listed>(
  session: Session,
  rules: CheckRules<F, T>,
  olds: object,
  news: object,
): Promise<CheckResult> {
  const isNew = Object.keys(olds).length === 0;
  const importId = liveImportId(session, isNew, news, rules.objectId ?? ownId);
  const resource = `${rules.noun} ${nameOf(news)}`;
  const checking: Checking<F, T> = { session, rules, olds, news, isNew, importId, resource };

  const inputs = argumentsOf(news);
  const failures = [...failuresOfSettings(session), ...checkArguments(checking, inputs)];
  if (failures.length === 0) warnOfEndings(session, rules.fields, inputs, resource);
  fillIn(checking, inputs, failures.length === 0);
  if (failures.length === 0) failures.push(...(await checkObjectToImport(checking, inputs)));
  if (hiddenOf(news).isReserve) keepUnlessKnown(olds, inputs);
  failures.push(...checkProgram(checking, inputs));
  // An import may just have turned out to be of the root credential.
  if (hiddenOf(inputs).isRoot) failures.push(...changesOfRoot(rules, inputs, olds));
  if (failures.length === 0) failures.push(...(await askService(checking, inputs)));
  return { inputs, failures };
}

function failuresOfSettings(session: Session): readonly CheckFailure[] {
  try {
    void session.settings;
    return [];
  } catch (error) {
    return [{ property: "", reason: messageOf(error) }];
  }
}

/** The arguments alone: formats, ranges, and what a replacement will do. */
function checkArguments<F extends Fields, T extends Listed>(
  { session, rules, olds, news, isNew, importId, resource }: Checking<F, T>,
  inputs: Draft,
): readonly CheckFailure[] {
  const now = session.time().sure;
  const found = validate(rules.fields, { olds, news: inputs, isImport: importId !== undefined, now });
  for (const warning of found.warnings) session.warn(`${resource}: ${warning}`);
  if (noteReplacement(session, isNew, news) && rules.onReplacement !== undefined) {
    session.warn(`${resource}: a replacement ${rules.onReplacement}`);
  }
  return found.failures;
}

/** What the program leaves out: kept from before or, for a new object, made up. And what travels beside it. */
function fillIn<F extends Fields, T extends Listed>(
  { session, rules, olds, news, isNew, importId }: Checking<F, T>,
  inputs: Draft,
  isValid: boolean,
): void {
  if (!isNew) {
    keepDefaults(rules.fields, olds, inputs);
    const before = claimOf(rules, olds);
    if (before) session.memory.rememberIdentity(before.identity);
  } else if (importId === undefined && isValid) {
    // Some need the settings; where anything has failed, nobody sees what the inputs have become.
    fillDefaults(session, rules.fields, news, inputs);
  }
  const { isReserve } = hiddenOf(news);
  const { isRoot } = hiddenOf(olds);
  Object.assign(inputs, hiddenInputs({ importId, isRoot, isReserve }));
}

async function checkObjectToImport<F extends Fields, T extends Listed>(
  { session, rules, news, importId }: Checking<F, T>,
  inputs: Draft,
): Promise<readonly CheckFailure[]> {
  if (importId === undefined) return [];
  return checkImport(session, rules, { id: importId, name: nameOf(news) }, inputs);
}

/** Other resources of the program that have the same object, or what would be the same one. */
function checkProgram<F extends Fields, T extends Listed>(
  { session, rules, news, importId }: Checking<F, T>,
  inputs: Draft,
): readonly CheckFailure[] {
  const rivals = rivalsIn(session, rules, inputs, news);
  if (rivals.length > 0) return rivals;
  const claim = claimToMake(session, rules, importId, inputs);
  return claim ? doublesIn(session, { noun: rules.noun, claim }, news) : [];
}

/** What the service says already: the object is there, or nobody may look. */
async function askService<F extends Fields, T extends Listed>(
  { session, rules, isNew, importId, resource }: Checking<F, T>,
  inputs: Draft,
): Promise<readonly CheckFailure[]> {
  if (importId !== undefined || hasUnknown(inputs) || !session.settings.preflight) return [];
  const missing = isNew ? ((await rules.missing?.(inputs)) ?? []) : [];
  if (missing.length > 0) return missing;
  const claim = isNew ? claimOf(rules, inputs) : undefined;
  return claim ? preflight(session, resource, claim) : checkAccess(session);
}

/** Of an import, by what the service has of the object. */
function claimToMake<F extends Fields, T extends Listed>(
  { memory }: Session,
  rules: CheckRules<F, T>,
  importId: string | undefined,
  inputs: Draft,
): Claim<T> | undefined {
  const { objectId = ownId } = rules;
  return claimOf(rules, (importId !== undefined && memory.importedInputs(objectId(importId))) || inputs);
}

/** A replacement checks a resource as it is in the state, and then once more as a new one. */
function noteReplacement({ memory }: Session, isNew: boolean, news: object): boolean {
  const { urn } = hiddenOf(news);
  if (urn === undefined) return false;
  if (isNew) return memory.isInStack(urn);
  memory.rememberInStack(urn);
  return false;
}
