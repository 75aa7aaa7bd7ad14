/**
 * The audit's rules as policies of `@pulumi/policy`, for any policy pack: those that a resource's own arguments can
 * answer. The same rules are asked by `npx pulumi-sftptogo audit`, and the gravest of them by every preview.
 *
 * ```ts
 * import { PolicyPack } from "@pulumi/policy";
 * import { policies } from "pulumi-sftptogo/policies";
 *
 * new PolicyPack("partners", { enforcementLevel: "mandatory", policies: policies() });
 * ```
 *
 * @module pulumi-sftptogo/policies
 */
import type { ResourceValidationPolicy } from "@pulumi/policy";
import { kinds, typeToken } from "../protocol/kinds";
import { type AnyArgumentRule, allArgumentRules, askedOf, sentenceOf } from "../rules/argumentRules";
import { type Severity, severities } from "../rules/rule";

export type { Severity } from "../rules/rule";

/** What to take into a pack. */
export interface PoliciesArgs {
  /** The least severity that is taken: `high`, `medium` or `low`. Default `low`, which is all of them. */
  readonly severity?: Severity;
}

/**
 * The policies, named `sftptogo-` and the rule's id. They set no enforcement level, so that the pack's own one counts
 * (`advisory` where it has none), or its configuration.
 */
export function policies({ severity = "low" }: PoliciesArgs = {}): ResourceValidationPolicy[] {
  const taken = severities.slice(0, severities.indexOf(severity) + 1);
  return allArgumentRules.filter((rule) => taken.includes(rule.severity)).map(policyOf);
}

function policyOf(rule: AnyArgumentRule): ResourceValidationPolicy {
  const { id, severity, what, why, remediation } = rule;
  return {
    name: `sftptogo-${id}`,
    displayName: what,
    description: `${what}. ${why}`,
    severity,
    remediationSteps: remediation,
    tags: ["sftptogo"],
    validateResource({ type, props }, report) {
      const kind = kinds.find((each) => typeToken(each) === type);
      if (kind === undefined) return;
      // While an argument that the rule needs is not known, @pulumi/policy ends this here and says so.
      for (const { args, part } of askedOf(rule, kind, props)) {
        if (rule.judge(args, Date.now()) === true) report(sentenceOf(rule, args, part));
      }
    },
  };
}
