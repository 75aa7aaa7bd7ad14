/** What is taken already: by another resource of the program, or by an object that exists. */
import { AccessError, NotFoundError } from "../../api/errors";
import { type CheckFailure, messageOf } from "../../protocol/failures";
import { hiddenOf, nameInUrn } from "../../protocol/hidden";
import { assertFree, type Claim, OwnershipError } from "../doubt/ownership";
import { valueAt } from "../fields/declared";
import { type Fields, keysOf, knownInputs, type Listed } from "../fields/vocabulary";
import type { Session } from "../process/session";
import type { CheckRules } from "./check";

/** What the inputs would create, unless a value is unknown, or it was imported without what it is identified by. */
export function claimOf<F extends Fields, T extends Listed>(
  { fields, creation }: CheckRules<F, T>,
  inputs: object,
): Claim<T> | undefined {
  const known = knownInputs(fields, inputs);
  const isNamed = keysOf(fields).every(
    (key) => !fields[key]?.identifies || valueAt(inputs, key) !== undefined,
  );
  return known && isNamed ? creation?.(known) : undefined;
}

/**
 * Two resources of one program that declare the same object. The second is refused, whatever the order of their
 * checks: by what they are called, since a replacement checks one resource twice.
 */
export function doublesIn<T>(
  { memory }: Session,
  { noun, claim }: { readonly noun: string; readonly claim: Claim<T> },
  news: object,
): CheckFailure[] {
  const { urn } = hiddenOf(news);
  if (urn === undefined) return [];
  const holder = memory.claim(claim.identity, urn);
  if (holder === undefined) return [];
  const reason =
    `${JSON.stringify(nameInUrn(holder))} in this program declares the same ${noun}, with ${claim.identityInWords}: ` +
    "give them different ones, or remove one";
  return [{ property: "", reason }];
}

/** Another resource of the program that manages all of what this one is a part of, or a part of what this one is all of. */
export function rivalsIn<F extends Fields, T extends Listed>(
  { memory }: Session,
  { sharesOf }: CheckRules<F, T>,
  inputs: object,
  news: object,
): CheckFailure[] {
  const { urn } = hiddenOf(news);
  if (urn === undefined) return [];
  return (sharesOf?.(inputs) ?? []).flatMap((share) => {
    const rival = memory.claimShare(share, urn);
    if (rival === undefined) return [];
    const reason = `${JSON.stringify(nameInUrn(rival))} in this program manages ${share.of} too: ${share.choice}`;
    return [{ property: "" as const, reason }];
  });
}

/** Whether the key is accepted. Takes the list that the first create would take too, so it asks once in a process. */
export async function checkAccess(session: Session): Promise<CheckFailure[]> {
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
export async function preflight<T extends Listed>(
  session: Session,
  resource: string,
  claim: Claim<T>,
): Promise<CheckFailure[]> {
  if (session.memory.isIdentityTaken(claim.identity)) return [];
  try {
    assertFree(session, claim, await session.lookAhead(claim.collection, claim.list));
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
