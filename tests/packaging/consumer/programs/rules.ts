/** The rules of the audit in a pack of the user's own, beside another policy. */
import * as policy from "@pulumi/policy";
import { policies, type Severity } from "pulumi-sftptogo/policies";

const severity: Severity = "medium";
new policy.PolicyPack("partners", {
  policies: [
    ...policies({ severity }).map((each) => ({ ...each, enforcementLevel: "mandatory" as const })),
    { name: "own", description: "A rule of our own.", validateResource: () => undefined },
  ],
});
// @ts-expect-error a severity that there is not
policies({ severity: "grave" });
