#!/usr/bin/env node
/** The command line, `npx pulumi-sftptogo …`. */
import { Command } from "commander";
import { addAudit } from "./audit/command";
import { addDoctor } from "./doctor/command";
import { addEmulator } from "./emulator";
import { addExport } from "./export/command";
import { printFailure } from "./report";
import { versionOfPackage } from "./version";

const program = new Command("pulumi-sftptogo")
  .description("Tools for SFTP To Go in Pulumi programs.")
  .version(versionOfPackage(), "-v, --version", "print the version of this package");

addEmulator(program);
addAudit(program);
addExport(program);
addDoctor(program);

program.parseAsync().catch((error: unknown) => {
  printFailure(error);
  process.exitCode = 1;
});
