/** `pulumi-sftptogo audit`: says what to worry about in an organization. It only reads. */
import { styleText } from "node:util";
import { type Command, Option } from "commander";
import { type Severity, severities } from "../../rules/rule";
import { exitCodes, reports } from "../report";
import { versionOfPackage } from "../version";
import type { Audit, AuditFinding } from "./audit";
import { fromRoot, sourceRootOf } from "./sourceRoot";
import type { Paint } from "./table";

interface AuditFlags {
  readonly json?: boolean;
  readonly sarif?: boolean;
  readonly sourceRoot?: readonly string[];
  readonly stackExport?: readonly string[];
  readonly baseline?: string;
  readonly failOn: Severity;
}

export function addAudit(program: Command): void {
  const command = program
    .command("audit")
    .description(
      "Say what to worry about in an organization. Reads SFTPTOGO_API_KEY, SFTPTOGO_ORGANIZATION_ID and " +
        "SFTPTOGO_BASE_URL. Ends with 0, with 1 if there are findings, with 2 if it could not read the organization.",
    )
    .addOption(new Option("--json", "print everything as JSON").conflicts("sarif"))
    .option("--sarif", "print everything as SARIF 2.1.0")
    .option(
      "--stack-export <file>",
      "what `pulumi stack export` wrote; may be given several times",
      (file: string, files: string[] = []) => [...files, file],
    )
    .option(
      "--source-root <folder>",
      "the program's folder in its repository, for --sarif; once for each --stack-export, in their order, or once for all " +
        "(default: this folder, from the root of its git checkout)",
      (folder: string, folders: string[] = []) => [...folders, folder],
    )
    .option("--baseline <file>", "accepted findings, each with an owner, a reason and an end date")
    .addOption(
      new Option("--fail-on <severity>", "the least severity that ends with 1")
        .choices(severities)
        .default("low"),
    );
  reports(command, runAudit);
}

async function runAudit({
  json,
  sarif,
  stackExport,
  sourceRoot,
  baseline,
  failOn,
}: AuditFlags): Promise<number> {
  // Loaded here, so that other commands start without them.
  const { audit, rules } = await import("./audit.js");
  const { readBaseline } = await import("./baseline.js");
  const { clientFromEnvironment } = await import("../client.js");
  const { readInventory } = await import("../inventory/inventory.js");
  const { readStackExports } = await import("../inventory/stackExport.js");

  const muting =
    baseline === undefined
      ? []
      : await readBaseline(
          baseline,
          rules.map(({ id }) => id),
        );
  const roots = sourceRoot ?? [sourceRootOf(process.cwd())];
  if (roots.length > 1 && roots.length !== stackExport?.length) {
    throw new Error("--source-root: give it once for all, or once for each --stack-export, in their order.");
  }
  const managed =
    stackExport &&
    (await readStackExports(stackExport, (place, index) => fromRoot(roots[index] ?? roots[0] ?? "", place)));
  const { client, organizationId } = clientFromEnvironment(process.env);
  const found = audit(await readInventory(client, { organizationId }), {
    now: Date.now(),
    baseline: muting,
    ...(managed && { managed }),
  });
  process.stdout.write(await printed(found, json ? "json" : sarif ? "sarif" : "table", roots[0] ?? ""));
  const counted = severities.slice(0, severities.indexOf(failOn) + 1);
  const isCounted = ({ rule, muted }: AuditFinding) => muted === undefined && counted.includes(rule.severity);
  return found.findings.some(isCounted) ? exitCodes.findings : exitCodes.fine;
}

async function printed(found: Audit, format: "json" | "sarif" | "table", root: string): Promise<string> {
  if (format === "json") return `${JSON.stringify(jsonOf(found), undefined, 2)}\n`;
  if (format === "sarif") {
    const { sarifOf } = await import("./sarif.js");
    return `${JSON.stringify(sarifOf(found, versionOfPackage(), fromRoot(root, "Pulumi.yaml")), undefined, 2)}\n`;
  }
  const { tableOf } = await import("./table.js");
  return process.stdout.isTTY
    ? tableOf(found, coloured, process.stdout.columns)
    : tableOf(found, (_, text) => text);
}

/** `styleText` leaves colours out where NO_COLOR asks for it. */
const coloured: Paint = (style, text) => styleText(style, text, { stream: process.stdout });

/** A finding with its rule's text in it, so that one line of `jq` does. */
function jsonOf({ findings, ...others }: Audit): object {
  return {
    findings: findings.map(({ rule: { id, ...text }, ...finding }) => ({ rule: id, ...text, ...finding })),
    ...others,
  };
}
