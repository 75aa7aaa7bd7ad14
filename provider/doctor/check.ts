/** What the doctor says of one thing. */
export type Check = {
  /** What was looked at, e.g. `engine`. */
  readonly name: string;
  /** What was found. No secret, and no part of one. */
  readonly found: string;
} & (
  | { readonly verdict: "ok"; readonly todo?: never }
  /** `warning`: odd, but nothing has to fail. `problem`: something will. `unknown`: it could not be found out. */
  | { readonly verdict: "warning" | "problem" | "unknown"; readonly todo: string }
);

export function ok(name: string, found: string): Check {
  return { name, verdict: "ok", found };
}

export function warning(name: string, found: string, todo: string): Check {
  return { name, verdict: "warning", found, todo };
}

export function problem(name: string, found: string, todo: string): Check {
  return { name, verdict: "problem", found, todo };
}

export function unknown(name: string, found: string, todo: string): Check {
  return { name, verdict: "unknown", found, todo };
}
