/** Reads partners.yaml, and says of everything that is wrong in it where it is. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { Ajv } from "ajv";
import { isMap, isNode, isSeq, LineCounter, parseDocument } from "yaml";

/** A partner as the file declares it. What each field means, and what is allowed, is in partners.schema.json. */
export interface PartnerEntry {
  readonly name: string;
  readonly permission: string;
  readonly home?: string;
  readonly expires?: string;
  readonly networks: readonly string[];
  readonly keys?: Readonly<Record<string, string>>;
}

/** The partners of `partners.yaml` in a folder. Throws one error that names partner and line of each mistake. */
export function readPartners(folder: string): Readonly<Record<string, PartnerEntry>> {
  const schema: object = JSON.parse(readFileSync(join(folder, "partners.schema.json"), "utf8"));
  const lines = new LineCounter();
  const text = readFileSync(join(folder, "partners.yaml"), "utf8");
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });

  const mistakes: [offset: number, text: string][] = document.errors.map(({ pos, message }) => [
    pos[0],
    message,
  ]);
  if (mistakes.length === 0) {
    const partners: unknown = document.toJS();
    const fits = new Ajv({ allErrors: true, verbose: true }).compile<Record<string, PartnerEntry>>(schema);
    if (fits(partners)) return partners;
    for (const { instancePath, keyword, message, params, parentSchema, propertyName } of fits.errors ?? []) {
      // What is wrong with the name is an error of its own.
      if (keyword === "propertyNames") continue;
      const path = instancePath.split("/").slice(1);
      const name: unknown = propertyName ?? params.additionalProperty;
      if (typeof name === "string") path.push(name);
      const [partner, ...field] = path;
      const place = [partner && `${partner}:`, field.join("."), message].filter(Boolean).join(" ");
      const allowed = Array.isArray(params.allowedValues) ? `: ${params.allowedValues.join(", ")}` : "";
      const meaning = typeof parentSchema?.description === "string" ? ` (${parentSchema.description})` : "";
      mistakes.push([offsetOf(path), `${place}${allowed}${meaning}`]);
    }
  }
  const report = mistakes
    .sort(([one], [other]) => one - other)
    .map(([offset, mistake]) => `  partners.yaml:${lines.linePos(offset).line}: ${mistake}`);
  // Pulumi prints the message of such an error, and no stack trace.
  throw new pulumi.RunError(`partners.yaml does not fit partners.schema.json.\n${report.join("\n")}`);

  /** Where the path's last step stands that is in the file. */
  function offsetOf(path: readonly string[]): number {
    let offset = 0;
    let node: unknown = document.contents;
    for (const step of path) {
      let at: unknown;
      if (isMap(node)) {
        const pair = node.items.find(({ key }) => String(key) === step);
        at = pair?.key;
        node = pair?.value;
      } else if (isSeq(node)) {
        at = node = node.items[Number(step)];
      }
      if (isNode(at)) offset = at.range?.[0] ?? offset;
    }
    return offset;
  }
}
