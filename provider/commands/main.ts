#!/usr/bin/env node
/** The command line, `npx pulumi-sftptogo …`. */
import { Command } from "commander";
import { addAudit } from "./audit/command";
import { addDoctor } from "./doctor/command";
import { addEmulator } from "./emulator";
import { addExport } from "./export/command";
import { exitCodes, printFailure } from "./report";
import { versionOfPackage } from "./version";

const program = new Command("pulumi-sftptogo")
  .description("Tools for SFTP To Go in Pulumi programs.")
  .version(versionOfPackage(), "-v, --version", "print the version of this package");

// A full disk, or a reader that has gone and did not get the answer: no stack trace for either.
process.stdout.on("error", ({ code }: NodeJS.ErrnoException) => {
  if (code !== "EPIPE")
    process.stderr.write(`The output cannot be written (${code ?? "no reason given"}).\n`);
  process.exit(exitCodes.couldNotLook);
});

addEmulator(program);
addAudit(program);
addExport(program);
addDoctor(program);

program.parseAsync().catch((error: unknown) => {
  printFailure(error);
  process.exitCode = 1;
});
