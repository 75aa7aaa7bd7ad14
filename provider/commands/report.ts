/** How a command that reports ends, and how any command says what went wrong. */
import type { Command } from "commander";

/** What the process of a report ends with. */
export const exitCodes = { fine: 0, findings: 1, couldNotLook: 2 } as const;

/** Makes a command a report: `run` says what the process ends with, and whatever keeps it from looking ends with 2. */
export function reports<Flags>(command: Command, run: (flags: Flags) => Promise<number>): void {
  command
    // A usage error ends with 2, too.
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? exitCodes.fine : exitCodes.couldNotLook))
    .action(async (flags: Flags) => {
      try {
        process.exitCode = await run(flags);
      } catch (error) {
        printFailure(error);
        process.exitCode = exitCodes.couldNotLook;
      }
    });
}

export function printFailure(error: unknown): void {
  process.stderr.write(`pulumi-sftptogo: ${error instanceof Error ? error.message : String(error)}\n`);
}
