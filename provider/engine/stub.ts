import type { Kind } from "./kinds";

/**
 * The text that stands in every resource's state as `__provider`. The engine's dynamic-provider process
 * evaluates it and calls `handler()`.
 *
 * Pulumi's own dynamic resources put their serialised code there, where it grows the state and goes stale:
 * destroy would run the code of the last `up`. This text only says where the code is, so that every operation
 * runs the installed version.
 *
 * It is a contract with every state file, held byte for byte by a test. The search starts at the program's
 * folder and then looks into each `node_modules/.pnpm` above it, where a strict pnpm layout keeps what the
 * program does not depend on directly (a component package of the user's own that uses this one).
 */
export function stub(kind: Kind): string {
  return `exports.handler=()=>require(require.resolve("pulumi-sftptogo/provider",{paths:[".",...module.paths.map(p=>p+"/.pnpm")]})).get("${kind}")`;
}
