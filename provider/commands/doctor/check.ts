/** What the doctor says of one thing. */
export type Check = {
  /** What was looked at, e.g. `engine`. */
  readonly name: string;
  /** What was found. No secret, and no part of one. */
  readonly found: string;
} & (
  | { readonly status: "ok"; readonly remediation?: never }
  /** `warning`: odd, but nothing has to fail. `problem`: something will. `unknown`: it could not be found out. */
  | { readonly status: "warning" | "problem" | "unknown"; readonly remediation: string }
);

export function ok(name: string, found: string): Check {
  return { name, status: "ok", found };
}

export function warning(name: string, found: string, remediation: string): Check {
  return { name, status: "warning", found, remediation };
}

export function problem(name: string, found: string, remediation: string): Check {
  return { name, status: "problem", found, remediation };
}

export function unknown(name: string, found: string, remediation: string): Check {
  return { name, status: "unknown", found, remediation };
}
