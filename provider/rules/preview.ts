/** The audit's gravest rules, asked of what a program declares: as warnings of preview and up. */

import { valueAt } from "../lifecycle/fields/declared";
import type { KindProvider } from "../lifecycle/process/guarded";
import type { Session } from "../lifecycle/process/session";
import { nameOf } from "../protocol/hidden";
import type { Kind } from "../protocol/kinds";
import { hasUnknown } from "../protocol/unknowns";
import { isEqual } from "../values/plain";
import { allArgumentRules, askedOf, sentenceOf } from "./argumentRules";

/** Only these: what is less grave is the audit's matter. */
export const severityOfWarnings = "high";

/** A kind's provider whose check warns of what breaks a rule. */
export function warningOfRules(session: Session, kind: Kind, provider: KindProvider): KindProvider {
  const rules = allArgumentRules.filter((each) => each.severity === severityOfWarnings);
  return {
    ...provider,
    async check(olds, news) {
      const checked = await provider.check(olds, news);
      const { inputs, failures } = checked;
      const now = session.time().sure;
      // What stays as it is has been said before: a preview is read at every change.
      const isNew = Object.keys(olds).length === 0;
      const name = nameOf(news);
      for (const rule of failures.length === 0 ? rules : []) {
        const before = isNew ? [] : askedOf(rule, kind, olds);
        for (const { args, part } of askedOf(rule, kind, inputs)) {
          // A login that was in reserve has the same arguments, and nothing was said of it.
          const isAsBefore = before.some(
            (old) =>
              rule.needs.every((key) => isEqual(valueAt(old.args, key), valueAt(args, key))) &&
              rule.judge(old.args, now) === true,
          );
          if (isAsBefore || rule.needs.some((key) => hasUnknown(valueAt(args, key)))) continue;
          if (rule.judge(args, now) !== true) continue;
          session.warn(`${provider.noun} ${name}: ${sentenceOf(rule, args, part)}`);
        }
      }
      return checked;
    },
  };
}
