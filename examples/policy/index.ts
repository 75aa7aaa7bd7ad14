// `pulumi preview --policy-pack <this folder>` asks these of a program. Plaintext webhooks and their like stop it; the
// rest is advice. `npx pulumi-sftptogo audit` asks the same of what the organization really holds.
import { PolicyPack } from "@pulumi/policy";
import { policies } from "pulumi-sftptogo/policies";

new PolicyPack("sftptogo-partners", {
  policies: policies().map((policy) => ({
    ...policy,
    enforcementLevel: policy.severity === "high" ? "mandatory" : "advisory",
  })),
});
