/** Check, as every kind does it: settings, arguments, defaults, the `import` option, and what is taken. */
import { oneLine } from "../../api/answer";
import { AccessError, NotFoundError } from "../../api/errors";
import { type CheckFailure, messageOf } from "../../protocol/failures";
import { isHidden, kept, nameInUrn, sent } from "../../protocol/hidden";
import { sealed } from "../../protocol/sealed";
import { hasUnknown, isUnknown } from "../../protocol/unknowns";
import { isShown } from "../doubt/likeness";
import { assertFree, type Claim, OwnershipError } from "../doubt/ownership";
import { differingKeys, joinKeys, valueAt } from "../fields/declared";
import { validate } from "../fields/validate";
import {
  type ArgumentKey,
  type Field,
  type Fields,
  type Inputs,
  keysOf,
  knownInputs,
  type Listed,
  type State,
  secretKeys,
} from "../fields/vocabulary";
import { type ObjectId, ownId, type Share } from "../process/memory";
import type { Session } from "../process/session";
import { warnOfEndings } from "./endings";

/** What one kind brings to check. */
export interface Checks<F extends Fields, T extends Listed> {
  readonly noun: string;
  readonly fields: F;
  /** What the server holds of an object to import, or `undefined` where there is none. */
  existing(id: string): Promise<State<F> | undefined>;
  /** What the inputs would create. Left out where no list can tell (a rotation). */
  creation?(inputs: Inputs<F>): Claim<T>;
  /** What another kind can manage as well. Goes by some of the inputs; the others may be unknown. */
  sharesOf?(inputs: object): readonly Share[];
  /** What the memory knows the object by. */
  readonly objectId?: ObjectId;
  /** What a replacement does that cannot be undone, to follow `a replacement`. */
  readonly onReplacement?: string;
  /** What nobody can change of the organization's root credential. */
  readonly fixedOfRoot?: readonly ArgumentKey<F>[];
}

export interface CheckResult {
  readonly inputs: object;
  readonly failures: CheckFailure[];
}

/** Inputs while check works on them. */
type Draft = Record<string, unknown>;

export async function check<F extends Fields, T extends Listed>(
  session: Session,
  checks: Checks<F, T>,
  olds: object,
  news: object,
): Promise<CheckResult> {
  const isNew = Object.keys(olds).length === 0;
  const { objectId = ownId } = checks;
  const importId = liveImportId(session, isNew, valueAt(news, sent.import), objectId);
  const failures: CheckFailure[] = [];
  try {
    void session.settings;
  } catch (error) {
    failures.push({ property: "", reason: messageOf(error) });
  }

  const inputs = declared(news);
  const isImport = importId !== undefined;
  const found = validate(checks.fields, { olds, news: inputs, isImport, now: session.clock.now() });
  failures.push(...found.failures);
  const resource = `${checks.noun} ${nameOf(news)}`;
  for (const warning of found.warnings) session.warn(`${resource}: ${warning}`);
  if (failures.length === 0) warnOfEndings(session, checks.fields, inputs, resource);

  const { onReplacement } = checks;
  if (onReplacement !== undefined && isReplacement(session, isNew, news)) {
    session.warn(`${resource}: a replacement ${onReplacement}`);
  }
  if (!isNew) {
    keepDefaults(checks.fields, olds, inputs);
    if (valueAt(olds, kept.root) === true) inputs[kept.root] = true;
    const before = creationOf(checks, olds);
    if (before) session.memory.rememberIdentity(before.identity);
  } else if (!isImport && failures.length === 0) {
    // Some need the settings; where anything has failed, nobody sees what the inputs have become.
    fillDefaults(session, checks.fields, news, inputs);
  }

  if (isImport) {
    if (failures.length === 0)
      failures.push(...(await checkImport(session, checks, { id: importId, name: nameOf(news) }, inputs)));
    inputs[sent.import] = importId;
  }
  const reserve = valueAt(news, kept.reserve);
  if (typeof reserve === "boolean") inputs[kept.reserve] = reserve;
  if (reserve === true) keepUnlessKnown(olds, inputs);
  const creation = creationOf(checks, (isImport && session.memory.namesOf(objectId(importId))) || inputs);
  const rivals = rivalsIn(session, checks, inputs, news);
  failures.push(...rivals);
  if (creation && rivals.length === 0)
    failures.push(...doublesIn(session, { noun: checks.noun, creation }, news));
  if (inputs[kept.root] === true) failures.push(...changesOfRoot(checks, inputs, olds));
  if (failures.length === 0 && !isImport && !hasUnknown(inputs) && session.settings.preflight) {
    failures.push(
      ...(await (isNew && creation ? preflight(session, resource, creation) : checkAccess(session))),
    );
  }
  return { inputs: sealedInputs(checks.fields, news, inputs), failures };
}

/**
 * What the program passes to a class is secret already. A secret that a transform has put in comes without a mark, and
 * would be in plain text in the state's inputs.
 */
function sealedInputs(fields: Fields, news: object, inputs: Draft): Draft {
  const marked = valueAt(news, sent.secrets);
  if (typeof marked !== "string") return inputs;
  const others = secretKeys(fields).filter(
    (key) => !marked.split(",").includes(key) && typeof inputs[key] === "string" && !isUnknown(inputs[key]),
  );
  return { ...inputs, ...Object.fromEntries(others.map((key) => [key, sealed(inputs[key])])) };
}

/** The id of an `import` option that still has its work to do. */
function liveImportId(
  { memory }: Session,
  isNew: boolean,
  id: unknown,
  objectId: ObjectId,
): string | undefined {
  if (!isNew || typeof id !== "string" || id === "" || isUnknown(id)) return undefined;
  // A replacement calls check again, with empty olds, after diff has named the object that it is about to delete.
  return memory.isManaged(objectId(id)) || memory.wasDeleted(objectId(id)) ? undefined : id;
}

/** A replacement checks a resource as it is in the state, and then once more as a new one. */
function isReplacement({ memory }: Session, isNew: boolean, news: object): boolean {
  const urn = valueAt(news, sent.urn);
  if (typeof urn !== "string") return false;
  if (isNew) return memory.isInStack(urn);
  memory.rememberInStack(urn);
  return false;
}

function declared(news: object): Draft {
  return Object.fromEntries(
    Object.entries(news).filter(([key, value]) => !isHidden(key) && value !== undefined),
  );
}

/** The resource's name in the program, in quotes. */
export function nameOf(news: object): string {
  const urn = valueAt(news, sent.urn);
  return typeof urn === "string" ? JSON.stringify(nameInUrn(urn)) : "";
}

/** The fields with a default that the inputs lack. */
function withoutValue(fields: Fields, inputs: Draft): [string, Field][] {
  return Object.entries(fields).filter(([key, { byDefault }]) => byDefault && inputs[key] === undefined);
}

function fillDefaults(session: Session, fields: Fields, news: object, inputs: Draft): void {
  const urn = valueAt(news, sent.urn);
  if (typeof urn !== "string") return;
  const { organizationId } = session.settings;
  const missing = withoutValue(fields, inputs);
  for (const [key, field] of missing) {
    inputs[key] = field.byDefault?.({ name: nameInUrn(urn), urn, organizationId });
  }
  markDefaults(inputs, missing);
}

/**
 * A name that was made at create, or declared then and taken out since, stays what it is: no rename of a
 * stack, project or resource ever renames a login.
 */
function keepDefaults(fields: Fields, olds: object, inputs: Draft): void {
  const missing = withoutValue(fields, inputs).filter(([key]) => (valueAt(olds, key) ?? null) !== null);
  for (const [key] of missing) inputs[key] = valueAt(olds, key);
  markDefaults(inputs, missing);
}

/**
 * A login in reserve is like the first one, of which an update's preview knows no outputs: what is not known stays as it
 * was there, so that not every change of the first one reads as one of all that the second may do.
 */
function keepUnlessKnown(olds: object, inputs: Draft): void {
  for (const key of Object.keys(inputs)) {
    const before = valueAt(olds, key);
    if (hasUnknown(inputs[key]) && before !== undefined) inputs[key] = before;
  }
}

function markDefaults(inputs: Draft, filled: readonly [string, Field][]): void {
  if (filled.length > 0) inputs[kept.defaults] = joinKeys(filled.map(([key]) => key));
}

/** What the inputs would create, unless a value is unknown, or it was imported without what it is identified by. */
function creationOf<F extends Fields, T extends Listed>(
  { fields, creation }: Checks<F, T>,
  inputs: object,
): Claim<T> | undefined {
  const known = knownInputs(fields, inputs);
  const isNamed = keysOf(fields).every(
    (key) => !fields[key]?.identifies || valueAt(inputs, key) !== undefined,
  );
  return known && isNamed ? creation?.(known) : undefined;
}

/** Reads the object to import: it has to be what the program declares. */
async function checkImport<F extends Fields, T extends Listed>(
  session: Session,
  checks: Checks<F, T>,
  { id, name }: { readonly id: string; readonly name: string },
  inputs: Draft,
): Promise<readonly CheckFailure[]> {
  const { noun, fields, objectId = ownId } = checks;
  try {
    const existing = await checks.existing(id);
    if (existing === undefined) {
      const reason =
        `import: there is no ${noun} with the id ${JSON.stringify(id)}: check it, and sftptogo:organizationId. ` +
        "If it has been deleted, take the import option out: then a new one is made";
      return [{ property: "", reason }];
    }
    // An import fills in no names; a forced replacement of the same object does, and they are the ones it has.
    const names = { ...inputs };
    keepDefaults(fields, existing, names);
    session.memory.rememberNames(objectId(id), names);
    if (valueAt(existing, "isDefault") === true) inputs[kept.root] = true;
    const failures = differencesForImport(noun, fields, id, inputs, existing);
    // One that was left half-made is finished, by writes.
    if (failures.length === 0 && valueAt(existing, kept.unfinished) !== true) {
      session.note(
        `${noun} ${name}: ${id} is taken over as it is. The engine calls this a create; nothing is created or changed`,
      );
    }
    for (const key of keysOf(fields)) {
      if (!fields[key]?.shownByWrites || isShown(valueAt(existing, key))) continue;
      session.note(
        `${noun} ${name}: its ${key} is null after the import, since no list shows it. To get it, change any ` +
          "argument, such as the alias, and run `pulumi up` again",
      );
    }
    return failures;
  } catch (error) {
    return [{ property: "", reason: `import: ${messageOf(error)}` }];
  }
}

const longestValue = 300;

function differencesForImport(
  noun: string,
  fields: Fields,
  id: string,
  inputs: Draft,
  existing: object,
): readonly CheckFailure[] {
  // A blank secret is one that the API does not show.
  const differing = differingKeys(fields, { inputs, state: existing }).filter((key) => {
    const held = valueAt(existing, key);
    return !hasUnknown(inputs[key]) && held !== undefined && !(fields[key]?.secret && !held);
  });
  if (differing.length === 0) return [];
  const lines = differing.map((key) => {
    if (fields[key]?.secret) return `${key} differs (secret)`;
    const difference = fields[key]?.difference?.(inputs[key], valueAt(existing, key));
    if (difference !== undefined) return `${key} ${difference}`;
    // The program's own value may be a secret; what the service holds is in its dashboard.
    return `${key} is ${oneLine(JSON.stringify(valueAt(existing, key) ?? null), longestValue)} there`;
  });
  const reason =
    `import: ${noun} ${id} is not what the program declares: ${lines.join("; ")}. ` +
    "Declare what the service has, import, and change it afterwards";
  return [{ property: "", reason }];
}

/** What the API forbids for the root credential, as far as check knows what it was: from the inputs before. */
function changesOfRoot<F extends Fields, T extends Listed>(
  { noun, fixedOfRoot = [] }: Checks<F, T>,
  inputs: Draft,
  olds: object,
): CheckFailure[] {
  const changed = fixedOfRoot.filter((key) => {
    const before = valueAt(olds, key);
    const after = inputs[key];
    return after !== undefined && before !== undefined && after !== before && !isUnknown(after);
  });
  return changed.map((key) => ({ property: "", reason: `${key} cannot be changed for the root ${noun}` }));
}

/**
 * Two resources of one program that declare the same object. The second is refused, whatever the order of their
 * checks: by what they are called, since a replacement checks one resource twice.
 */
function doublesIn<T>(
  { memory }: Session,
  { noun, creation }: { readonly noun: string; readonly creation: Claim<T> },
  news: object,
): CheckFailure[] {
  const urn = valueAt(news, sent.urn);
  if (typeof urn !== "string") return [];
  const holder = memory.claim(creation.identity, urn);
  if (holder === undefined) return [];
  const reason =
    `${JSON.stringify(nameInUrn(holder))} in this program declares the same ${noun}, with ${creation.identityInWords}: ` +
    "give them different ones, or remove one";
  return [{ property: "", reason }];
}

/** Another resource of the program that manages all of what this one is a part of, or a part of what this one is all of. */
function rivalsIn<F extends Fields, T extends Listed>(
  { memory }: Session,
  { sharesOf }: Checks<F, T>,
  inputs: object,
  news: object,
): CheckFailure[] {
  const urn = valueAt(news, sent.urn);
  if (typeof urn !== "string") return [];
  return (sharesOf?.(inputs) ?? []).flatMap((share) => {
    const rival = memory.claimShare(share, urn);
    if (rival === undefined) return [];
    const reason = `${JSON.stringify(nameInUrn(rival))} in this program manages ${share.of} too: ${share.choice}`;
    return [{ property: "" as const, reason }];
  });
}

/** Whether the key is accepted. Takes the list that the first create would take too, so it asks once in a process. */
async function checkAccess(session: Session): Promise<CheckFailure[]> {
  try {
    await session.access();
  } catch (error) {
    if (error instanceof AccessError) return refused(error);
    // An organization that is not found: of what belongs to another one the guards have more to say.
    warnOfFailedRead(session, error);
  }
  return [];
}

/**
 * What a preview can see already: a key that is refused, which fails, and a name that is taken, which only warns.
 * The create is what refuses a taken one: a forced replacement (`state taint`, `--target-replace`) calls check as
 * a new resource does, once and with empty olds, while its own old object is still there. The list is the one
 * that the first create would take, so an `up` pays nothing for it.
 */
async function preflight<T extends Listed>(
  session: Session,
  resource: string,
  creation: Claim<T>,
): Promise<CheckFailure[]> {
  if (session.memory.isIdentityTaken(creation.identity)) return [];
  try {
    assertFree(session, creation, await session.lookAhead(creation.collection, creation.list));
  } catch (error) {
    if (error instanceof AccessError || error instanceof NotFoundError) return refused(error);
    if (!(error instanceof OwnershipError)) warnOfFailedRead(session, error);
    else {
      session.warn(
        `${resource}: \`pulumi up\` will refuse this, unless it replaces what is there: ${error.message}`,
      );
    }
  }
  return [];
}

function refused(error: Error): CheckFailure[] {
  return [{ property: "", reason: error.message }];
}

/** A service that is out of reach now may be back at `up`, where the create looks again. */
function warnOfFailedRead(session: Session, error: unknown): void {
  session.warn(`Could not look for what exists already: ${messageOf(error)}`);
}
