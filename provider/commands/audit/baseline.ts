/** The baseline: findings that somebody answers for until a day. */
import * as v from "valibot";
import { pathOf } from "../../api/lists";
import { jsonOrUndefined } from "../../values/plain";
import { instant, millisecondsPerDay } from "../../values/times";
import { readTextFile } from "../textFile";

const text = v.pipe(v.string(), v.trim(), v.nonEmpty());

const mutingSchema = v.strictObject({
  /** The rule's id. */
  rule: text,
  /** The object's id. */
  object: text,
  /** Who answers for it. */
  owner: text,
  reason: text,
  /** A day, `2027-01-31`, which it still covers, or a time with a zone. */
  until: v.pipe(
    text,
    v.check((value) => instant(value) !== undefined),
  ),
});
const baselineSchema = v.strictObject({ muted: v.array(mutingSchema) });

/** An entry of the baseline. */
export type Muting = v.InferOutput<typeof mutingSchema>;
export type Baseline = readonly Muting[];

/** Reads a baseline. Throws where it is missing, is not one, or names a rule that there is not. */
export async function readBaseline(file: string, ruleIds: readonly string[]): Promise<Baseline> {
  const content = await readTextFile(file).catch(({ message }: Error) => {
    throw new Error(
      `The baseline ${message.replace(/\.$/, "")}: without it every muted finding would count.`,
    );
  });
  const parsed = v.safeParse(baselineSchema, jsonOrUndefined(content));
  if (!parsed.success) {
    throw new Error(
      `The baseline ${file} is not one, at ${pathOf(parsed.issues[0])}: it is { "muted": [...] }, and each entry has ` +
        'rule, object, owner, reason and until (a day, e.g. "2027-01-31"), and nothing else.',
    );
  }
  const { muted } = parsed.output;
  const strange = muted.find(({ rule }) => !ruleIds.includes(rule));
  if (strange)
    throw new Error(`The baseline ${file} names ${JSON.stringify(strange.rule)}, which is not a rule.`);
  return muted;
}

/** Whether an entry no longer mutes. */
export function isEnded({ until }: Muting, now: number): boolean {
  const time = instant(until) ?? 0;
  const isDay = !until.includes("T");
  return now >= (isDay ? time + millisecondsPerDay : time);
}
