/** The audit for people. */
import { oneLine } from "../api/answer";
import type { Audit, AuditFinding, Named } from "./audit";
import { type AuditedKind, type RuleText, type Severity, severities } from "./rule";

type Style = "bold" | "dim" | "red" | "yellow" | "cyan";
/** Colours a text, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string;

const colours: Readonly<Record<Severity, Style>> = { high: "red", medium: "yellow", low: "cyan" };
const nouns: Readonly<Record<AuditedKind, string>> = {
  Credential: "login",
  SshPublicKey: "key",
  Webhook: "webhook",
  ShareLink: "link",
};
const mostObjects = 10;

export function tableOf({ findings, unknown, looked, unused }: Audit, paint: Paint): string {
  const open = findings.filter(({ muted }) => muted === undefined);
  const muted = findings.length - open.length;
  const broken = [...new Set(open.map(({ rule }) => rule))];
  const count = (severity: Severity) => open.filter(({ rule }) => rule.severity === severity).length;
  const { credentials, keys, webhooks, links } = looked;
  const lines = [
    `Checked ${credentials} logins, ${keys} keys, ${webhooks} webhooks and ${links} links: ` +
      `${severities.map((each) => `${count(each)} ${each}`).join(", ")}${muted > 0 ? `, ${muted} muted` : ""}.`,
    "",
    ...table(open, paint),
    ...broken.flatMap((rule) => explanation(rule, paint)),
  ];
  if (unknown.length > 0) {
    lines.push(paint("bold", "Could not be determined, so not known to be fine:"));
    for (const { what, why, objects } of unknown) lines.push(`- ${what}${namesOf(objects)}. ${why}`);
    lines.push("");
  }
  if (unused.length > 0) {
    lines.push(paint("bold", "Entries of the baseline that match nothing, and may go:"));
    for (const { rule, object, owner } of unused) lines.push(`- ${rule} of ${object} (${owner})`);
    lines.push("");
  }
  return lines.join("\n");
}

function table(findings: readonly AuditFinding[], paint: Paint): string[] {
  const rows = findings.map(({ rule, object, detail, ended }) => [
    rule.severity,
    rule.id,
    nouns[object.kind],
    object.name === object.id ? oneLine(object.id, 80) : `${object.name} (${oneLine(object.id, 80)})`,
    [detail, ended && `muted until ${ended.until} by ${ended.owner}`].filter(Boolean).join("; "),
  ]);
  if (rows.length === 0) return [];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  const lines = rows.map(([severity = "", ...cells]) => {
    const [first, ...others] = [severity, ...cells].map((cell, index) => cell.padEnd(widths[index] ?? 0));
    return [paint(colours[severity as Severity], first ?? ""), ...others].join("  ").trimEnd();
  });
  return [...lines, ""];
}

function explanation({ id, severity, what, why, mend }: RuleText, paint: Paint): string[] {
  return [`${paint(colours[severity], id)}: ${what}`, `  ${why}`, `  ${mend}`, ""];
}

function namesOf(objects: readonly Named[]): string {
  if (objects.length === 0) return "";
  const names = objects.slice(0, mostObjects).map(({ name }) => name);
  const more = objects.length > mostObjects ? ` and ${objects.length - mostObjects} more` : "";
  return `: ${names.join(", ")}${more}`;
}
