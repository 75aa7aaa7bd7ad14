/** What check makes of a program's values. */
import type { CheckFailure } from "../../protocol/failures";
import { isHidden } from "../../protocol/hidden";
import { isUnknown } from "../../protocol/unknowns";
import { nearest, quotedList } from "../../values/nearest";
import { isEqual, isPlainObject } from "../../values/plain";
import { valueAt } from "./declared";
import { validateWord } from "./formats";
import { argumentKeys, type Field, type FieldContext, type Fields, type Finding } from "./vocabulary";

/** Failures are for the engine, warnings for its log. */
export interface Validated {
  readonly failures: readonly CheckFailure[];
  readonly warnings: readonly string[];
}

export interface Validation {
  /** The inputs that the engine accepted before; empty for a new resource. */
  readonly olds: object;
  readonly news: object;
  readonly isImport: boolean;
  /** Unix milliseconds. */
  readonly now: number;
}

/**
 * Validates what is known and leaves unknowns alone, wherever they sit. A value that the old inputs hold, or
 * that is being imported, was accepted by the service already: its format only warns.
 */
export function validate(fields: Fields, { olds, news, isImport, now }: Validation): Validated {
  const failures: CheckFailure[] = unknownArguments(fields, news);
  const warnings: string[] = [];
  for (const key of argumentKeys(fields)) {
    const field: Field = fields[key] as Field;
    const value = valueAt(news, key);
    if (value === undefined || (value === null && field.required)) {
      if (field.required) failures.push(failure(`${key} is required`));
      continue;
    }
    if (isUnknown(value)) continue;
    const accepted = isImport || (value !== null && isEqual(valueAt(olds, key), value));
    for (const finding of findings(field, value, { inputs: { ...news }, now })) {
      if (finding.onlyNew && accepted) continue;
      const path = `${key}${finding.path ?? ""}`;
      if (finding.severity === "warning" || accepted) {
        warnings.push(`${path} ${finding.reason}`);
      } else {
        failures.push(failure(`${path} ${finding.reason}`));
      }
    }
  }
  return { failures, warnings };
}

/** The engine prints the value of the property that a failure names, a secret's too: the reason names it instead. */
function failure(reason: string): CheckFailure {
  return { property: "", reason };
}

/** The value of an argument that does not exist may be a secret under a misspelt name. */
function unknownArguments(fields: Fields, news: object): CheckFailure[] {
  const known: string[] = argumentKeys(fields);
  const others = Object.keys(news).filter((key) => !isHidden(key) && !known.includes(key));
  return others.map((key) => {
    const near = nearest(key, known);
    const hint = near === undefined ? `the arguments are ${quotedList(known)}` : `did you mean "${near}"?`;
    return failure(`there is no argument "${key}": ${hint}`);
  });
}

function findings(field: Field, value: unknown, checking: FieldContext): readonly Finding[] {
  if (value === null) {
    return "clears" in field
      ? []
      : [
          {
            reason:
              field.type === "list"
                ? "cannot be null: give [] to clear it"
                : "cannot be null: leave it out to stop managing it",
          },
        ];
  }
  if (isOutputInText(value)) {
    return [{ reason: "holds an Output that was joined into a string: use pulumi.interpolate, or apply" }];
  }
  if (!hasType(field.type, value)) return [{ reason: `must be a ${field.type}` }];
  if (field.words) return validateWord(value, field.words);
  return field.validate?.(value, checking) ?? [];
}

/** What the SDK makes of an Output that a program joins into a string, anywhere in a value. */
function isOutputInText(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isOutputInText);
  if (isPlainObject(value)) return Object.values(value).some(isOutputInText);
  return typeof value === "string" && /Calling \[(?:toString|toJSON)\] on an \[Output<T>\]/.test(value);
}

function hasType(type: Field["type"], value: unknown): boolean {
  switch (type) {
    case "string":
    case "number":
    case "boolean":
      return typeof value === type;
    case "list":
      return Array.isArray(value);
    case "string or number":
      return typeof value === "string" || typeof value === "number";
    case "any":
      return true;
  }
}
