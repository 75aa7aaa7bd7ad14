/** Check, as every kind does it: settings, arguments, defaults, the `import` option, and what is taken. */

import { AccessError, NotFoundError } from "../api/errors";
import { type CheckFailure, messageOf } from "../engine/failures";
import { isHidden, kept, nameInUrn, sent } from "../engine/hidden";
import { hasUnknown, isUnknown, type Plain } from "../values/plain";
import { assertFree, type Creation, OwnershipError } from "./ownership";
import { checkProperties, differingKeys, joinKeys, type Properties, type Property } from "./properties";
import type { Session } from "./session";

/** What one kind brings to check. `T` is the wire type of its objects. */
export interface Checks<T> {
  readonly noun: string;
  readonly properties: Properties;
  /** What a create fills in where it is left out, from the resource's name and URN in the program. */
  readonly defaults?: Readonly<Record<string, (name: string, urn: string) => unknown>>;
  /** The server's outputs of an object to import, or `undefined` where there is none. */
  existing(id: string): Promise<Plain | undefined>;
  /** What the inputs would create; `undefined` where no look can tell (a rotation). */
  creation?(inputs: Plain): Creation<T>;
  /** Further rules over all inputs; `existing` is there on import only. */
  verify?(inputs: Plain, olds: Plain, existing: Plain | undefined): readonly CheckFailure[];
}

export interface CheckResult {
  readonly inputs: Plain;
  readonly failures: CheckFailure[];
}

export async function check<T>(
  session: Session,
  checks: Checks<T>,
  olds: Plain,
  news: Plain,
): Promise<CheckResult> {
  const isNew = Object.keys(olds).length === 0;
  const importId = liveImportId(session, isNew, news[sent.import]);
  const failures: CheckFailure[] = [];
  try {
    void session.settings;
  } catch (error) {
    failures.push({ property: "", reason: messageOf(error) });
  }

  const inputs = declared(news);
  const { failures: found, warnings } = checkProperties(
    checks.properties,
    olds,
    inputs,
    importId !== undefined,
  );
  failures.push(...found);
  for (const warning of warnings) session.warn(`${checks.noun} ${nameOf(news)}: ${warning}`);

  if (!isNew) {
    keepDefaults(checks, olds, inputs);
    if (olds[kept.root] === true) inputs[kept.root] = true;
    rememberIdentity(session, checks, olds);
  } else if (importId === undefined && failures.length === 0) {
    // Some need the settings; where anything has failed, nobody sees what the inputs have become.
    fillDefaults(checks, news, inputs);
  }

  let existing: Plain | undefined;
  if (importId !== undefined && failures.length === 0) {
    try {
      existing = await checks.existing(importId);
      failures.push(...compareForImport(checks, importId, inputs, existing));
      if (existing !== undefined) rememberNames(session, checks, importId, inputs, existing);
      if (existing?.isDefault === true) inputs[kept.root] = true;
    } catch (error) {
      failures.push({ property: "", reason: `import: ${messageOf(error)}` });
    }
    inputs[sent.import] = importId;
  }
  if (checks.verify) failures.push(...checks.verify(inputs, olds, existing));
  if (isNew && importId === undefined && failures.length === 0) {
    failures.push(...(await preflight(session, checks, nameOf(news), inputs)));
  }
  return { inputs, failures };
}

/** The id of an `import` option that still has its work to do. */
function liveImportId({ memory }: Session, isNew: boolean, id: unknown): string | undefined {
  if (typeof id !== "string" || id === "" || isUnknown(id)) return undefined;
  if (!isNew) {
    // A replacement calls check again, with empty olds: it must not adopt what it is about to delete.
    memory.managed.add(id);
    return undefined;
  }
  return memory.managed.has(id) || memory.deleted.has(id) ? undefined : id;
}

function declared(news: Plain): Plain {
  return Object.fromEntries(
    Object.entries(news).filter(([key, value]) => !isHidden(key) && value !== undefined),
  );
}

function nameOf(news: Plain): string {
  const urn = news[sent.urn];
  return typeof urn === "string" ? JSON.stringify(nameInUrn(urn)) : "";
}

function fillDefaults<T>(checks: Checks<T>, news: Plain, inputs: Plain): void {
  const urn = news[sent.urn];
  if (typeof urn !== "string") return;
  const missing = Object.entries(checks.defaults ?? {}).filter(([key]) => inputs[key] === undefined);
  for (const [key, make] of missing) inputs[key] = make(nameInUrn(urn), urn);
  markDefaults(
    inputs,
    missing.map(([key]) => key),
  );
}

/**
 * A name that was made at create, or declared then and taken out since, stays what it is: no rename of a
 * stack, project or resource ever renames a login.
 */
function keepDefaults<T>(checks: Checks<T>, olds: Plain, inputs: Plain): void {
  const missing = Object.keys(checks.defaults ?? {}).filter(
    (key) => inputs[key] === undefined && olds[key] !== undefined && olds[key] !== null,
  );
  for (const key of missing) inputs[key] = olds[key];
  markDefaults(inputs, missing);
}

function markDefaults(inputs: Plain, keys: readonly string[]): void {
  if (keys.length > 0) inputs[kept.defaults] = joinKeys(keys);
}

function rememberIdentity<T>(session: Session, checks: Checks<T>, inputs: Plain): void {
  if (checks.creation && !hasUnknown(inputs)) {
    session.memory.identities.add(checks.creation(inputs).identity);
  }
}

/** An import fills in no names; a forced replacement of the same object does, and they are the ones it has. */
function rememberNames<T>(
  { memory }: Session,
  checks: Checks<T>,
  id: string,
  inputs: Plain,
  existing: Plain,
): void {
  const names = { ...inputs };
  keepDefaults(checks, existing, names);
  memory.names.set(id, names);
}

function compareForImport<T>(
  checks: Checks<T>,
  id: string,
  inputs: Plain,
  existing: Plain | undefined,
): readonly CheckFailure[] {
  if (existing === undefined) {
    const reason =
      `import: there is no ${checks.noun} with the id ${JSON.stringify(id)}: ` +
      "check it, and sftptogo:organizationId";
    return [{ property: "", reason }];
  }
  const differences = differingKeys(checks.properties, inputs, existing)
    .filter((key) => !hasUnknown(inputs[key]) && existing[key] !== undefined)
    .filter((key) => !(isHeldBack(checks.properties[key]) && isBlank(existing[key])));
  if (differences.length === 0) return [];
  const lines = differences.map((key) =>
    checks.properties[key]?.secret
      ? `${key} differs (secret)`
      : `${key} is ${JSON.stringify(existing[key] ?? null)} on the server and ${JSON.stringify(inputs[key])} in the program`,
  );
  return [
    {
      property: "",
      reason:
        `import: ${checks.noun} ${id} is not what the program declares: ${lines.join("; ")}. ` +
        "Write down what the server has, import, and change it afterwards",
    },
  ];
}

/** A blank secret is one that the API does not show; where a secret can be cleared, a blank is its value. */
function isHeldBack(property: Property | undefined): boolean {
  return property?.secret === true && property.clearable !== true;
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}

/**
 * What a preview can see already: a key that is refused, which fails, and a name that is taken, which only warns.
 * The create is what refuses a taken one: a forced replacement (`state taint`, `--target-replace`) calls check as
 * a new resource does, once and with empty olds, while its own old object is still there. The list is the one
 * that the first create would take, so an `up` pays nothing for it.
 */
async function preflight<T>(
  session: Session,
  checks: Checks<T>,
  name: string,
  inputs: Plain,
): Promise<CheckFailure[]> {
  if (!session.settings.preflight || !checks.creation || hasUnknown(inputs)) return [];
  const creation = checks.creation(inputs);
  if (session.memory.identities.has(creation.identity)) return [];
  try {
    assertFree(session, creation, await session.firstList(creation.collection, creation.list));
  } catch (error) {
    if (error instanceof AccessError || error instanceof NotFoundError) {
      return [{ property: "", reason: error.message }];
    }
    session.warn(
      error instanceof OwnershipError
        ? `${checks.noun} ${name}: unless this update replaces it, \`pulumi up\` will refuse this: ${error.message}`
        : // A service that does not answer now may do so at `up`, where the create looks again.
          `Could not look for what exists already: ${messageOf(error)}`,
    );
  }
  return [];
}
