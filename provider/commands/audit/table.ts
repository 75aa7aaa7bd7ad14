/** The audit for people. */

import { type AuditedKind, type RuleText, type Severity, severities } from "../../rules/rule";
import { oneLine } from "../../values/text";
import type { Audit, AuditFinding, Named } from "./audit";

type Style = "bold" | "dim" | "red" | "yellow" | "cyan";
/** Colours a string, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string;

const colours: Readonly<Record<Severity, Style>> = { high: "red", medium: "yellow", low: "cyan" };
const nouns: Readonly<Record<AuditedKind, string>> = {
  Credential: "login",
  SshPublicKey: "key",
  Webhook: "webhook",
  ShareLink: "link",
};
const mostObjects = 10;

/** @param width Columns after which sentences go on in the next line. */
export function tableOf(
  { findings, unknown, looked, unused }: Audit,
  paint: Paint,
  width = Number.POSITIVE_INFINITY,
): string {
  const open = findings.filter(({ muted }) => muted === undefined);
  const muted = findings.length - open.length;
  const broken = [...new Set(open.map(({ rule }) => rule))];
  const count = (severity: Severity) => open.filter(({ rule }) => rule.severity === severity).length;
  const { credentials, keys, webhooks, links } = looked;
  const lines = [
    `Checked ${counted(credentials, "login")}, ${counted(keys, "key")}, ${counted(webhooks, "webhook")} and ${counted(links, "link")}: ` +
      `${severities.map((each) => `${count(each)} ${each}`).join(", ")}${muted > 0 ? `, ${muted} muted` : ""}.`,
    "",
    ...table(open, paint),
    ...broken.flatMap((rule) => explanation(rule, paint, width)),
  ];
  if (unknown.length > 0) {
    lines.push(paint("bold", "Could not be determined, so not known to be fine:"));
    for (const { what, why, objects } of unknown)
      lines.push(...wrapped(`- ${what}${namesOf(objects)}. ${why}`, width));
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

function explanation(
  { id, severity, what, why, remediation }: RuleText,
  paint: Paint,
  width: number,
): string[] {
  const sentences = [why, remediation].flatMap((text) => wrapped(`  ${text}`, width));
  return [`${paint(colours[severity], id)}: ${what}`, ...sentences, ""];
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** A sentence after two columns, of blanks or a dash, and so in each of its lines. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = text.slice(0, 1);
  for (const word of text.slice(2).split(" ")) {
    if (line.length > 1 && line.length + 1 + word.length > width) {
      lines.push(line);
      line = " ";
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}

function namesOf(objects: readonly Named[]): string {
  if (objects.length === 0) return "";
  const names = objects.slice(0, mostObjects).map(({ name }) => name);
  const more = objects.length > mostObjects ? ` and ${objects.length - mostObjects} more` : "";
  return `: ${names.map((name) => JSON.stringify(name)).join(", ")}${more}`;
}
