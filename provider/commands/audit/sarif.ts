/** The audit as SARIF 2.1.0, which code scanning services read. */

import type { Severity } from "../../rules/rule";
import type { Audit, AuditFinding } from "./audit";
import { rules } from "./audit";

const levels: Readonly<Record<Severity, "error" | "warning" | "note">> = {
  high: "error",
  medium: "warning",
  low: "note",
};

/** What GitHub sorts by: 7.0 and above is high, 4.0 and above medium. */
const securitySeverity: Readonly<Record<Severity, string>> = { high: "8.0", medium: "5.0", low: "3.0" };

/** `project`: where the program is that a finding without a line is shown at. */
export function sarifOf({ findings, unknown }: Audit, version: string, project: string): object {
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "pulumi-sftptogo audit",
            version,
            rules: rules.map(({ id, severity, what, why, remediation }) => ({
              id,
              shortDescription: { text: what },
              fullDescription: { text: why },
              help: { text: remediation },
              defaultConfiguration: { level: levels[severity] },
              properties: { "security-severity": securitySeverity[severity], tags: ["security"] },
            })),
          },
        },
        invocations: [
          {
            executionSuccessful: true,
            toolExecutionNotifications: unknown.map(({ what, why, objects }) => ({
              level: "note",
              message: { text: `Unknown: ${what}. ${why}` },
              ...(objects.length > 0 && {
                locations: objects.map((each) => ({ logicalLocations: [logical(each)] })),
              }),
            })),
          },
        ],
        results: findings.map((finding) => resultOf(finding, project)),
      },
    ],
  };
}

function resultOf({ rule, object, detail, sourcePosition, muted }: AuditFinding, project: string): object {
  return {
    ruleId: rule.id,
    ruleIndex: rules.indexOf(rule),
    level: levels[rule.severity],
    message: {
      text: `${object.name} (${object.id}): ${rule.what}${detail ? `, ${detail}` : ""}. ${rule.remediation}`,
    },
    locations: [{ ...physical(sourcePosition, project), logicalLocations: [logical(object)] }],
    partialFingerprints: { "ruleAndObject/v1": `${rule.id}/${object.kind}/${object.id}` },
    // Empty where nothing mutes it: SARIF's way to say that this was looked into.
    suppressions: muted
      ? [
          {
            kind: "external",
            status: "accepted",
            justification: `${muted.reason} (${muted.owner}, until ${muted.until})`,
          },
        ]
      : [],
  };
}

function logical({ kind, id, name }: AuditFinding["object"]): object {
  return { name, fullyQualifiedName: `${kind}/${id}`, kind: "resource" };
}

function physical(sourcePosition: string | undefined, project: string): object {
  const [, uri, line, column] = /^(.+)#(\d+)(?:,(\d+))?$/.exec(sourcePosition ?? "") ?? [];
  // GitHub refuses a whole file for one result without a place.
  if (uri === undefined || !(Number(line) > 0)) {
    return { physicalLocation: { artifactLocation: { uri: project }, region: { startLine: 1 } } };
  }
  const region = { startLine: Number(line), ...(Number(column) > 0 && { startColumn: Number(column) }) };
  return { physicalLocation: { artifactLocation: { uri }, region } };
}
