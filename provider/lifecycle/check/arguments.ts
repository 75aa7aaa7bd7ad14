/** The arguments of a program, and what check fills in where they leave something out. */
import { hiddenInputs, hiddenOf, isHidden, nameInUrn } from "../../protocol/hidden";
import { hasUnknown } from "../../protocol/unknowns";
import { valueAt } from "../fields/declared";
import type { Field, Fields } from "../fields/vocabulary";
import type { Session } from "../process/session";

/** Inputs while check works on them. */
export type Draft = Record<string, unknown>;

/** The arguments alone, without what is hidden. */
export function argumentsOf(news: object): Draft {
  return Object.fromEntries(
    Object.entries(news).filter(([key, value]) => !isHidden(key) && value !== undefined),
  );
}

/** The fields with a default that the inputs lack. */
function withoutValue(fields: Fields, inputs: Draft): [string, Field][] {
  return Object.entries(fields).filter(([key, { byDefault }]) => byDefault && inputs[key] === undefined);
}

export function fillDefaults(session: Session, fields: Fields, news: object, inputs: Draft): void {
  const { urn } = hiddenOf(news);
  if (urn === undefined) return;
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
export function keepDefaults(fields: Fields, olds: object, inputs: Draft): void {
  const missing = withoutValue(fields, inputs).filter(([key]) => (valueAt(olds, key) ?? null) !== null);
  for (const [key] of missing) inputs[key] = valueAt(olds, key);
  markDefaults(inputs, missing);
}

/**
 * A login in reserve copies the first one, whose outputs are unknown in the preview of an update. An unknown value stays
 * what it was, so that a change of the first login does not show as a change of everything in the second.
 */
export function keepUnlessKnown(olds: object, inputs: Draft): void {
  for (const key of Object.keys(inputs)) {
    const before = valueAt(olds, key);
    if (hasUnknown(inputs[key]) && before !== undefined) inputs[key] = before;
  }
}

function markDefaults(inputs: Draft, filled: readonly [string, Field][]): void {
  if (filled.length > 0) Object.assign(inputs, hiddenInputs({ defaults: filled.map(([key]) => key) }));
}
