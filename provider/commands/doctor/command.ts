/** `pulumi-sftptogo doctor`: what a program of this folder runs on, and what is wrong with it. It only reads. */
import type { Command } from "commander";
import { exitCodes, reports } from "../report";
import { versionOfPackage } from "../version";
import type { Check } from "./check";

const marks: Readonly<Record<Check["status"], string>> = {
  ok: "ok",
  warning: "odd",
  problem: "FAIL",
  unknown: "?",
};

export function addDoctor(program: Command): void {
  const command = program
    .command("doctor")
    .description(
      "Say what a program in this folder runs on, and what is wrong: settings, key, organization, clock, proxy, engine, " +
        "SDK, copies of this package. Prints no secrets. Ends with 0, with 1 if something will fail, with 2 if it could " +
        "not look.",
    )
    .option("--json", "print everything as JSON");
  reports(command, runDoctor);
}

async function runDoctor({ json }: { readonly json?: boolean }): Promise<number> {
  // Loaded here, so that other commands start without them.
  const { checkSurroundings, programFolder } = await import("./surroundings.js");
  const { checkService } = await import("./service.js");

  const folder = process.cwd();
  const program = programFolder(folder);
  const [surroundings, service] = await Promise.all([
    checkSurroundings(folder, program),
    checkService(folder, process.env),
  ]);
  const checks = [...surroundings, ...service];
  const version = versionOfPackage();
  const has = (status: Check["status"]) => checks.some((check) => check.status === status);
  const code = has("problem") ? exitCodes.findings : has("unknown") ? exitCodes.couldNotLook : exitCodes.fine;
  process.stdout.write(
    json
      ? `${JSON.stringify({ version, program: program ?? null, checks }, undefined, 2)}\n`
      : tableOf(version, program, checks),
  );
  return code;
}

function tableOf(version: string, program: string | undefined, checks: readonly Check[]): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const lines = checks.flatMap(({ name, status, found, remediation }) => [
    `${marks[status].padEnd(4)}  ${name.padEnd(width)}  ${found}`,
    ...(remediation === undefined ? [] : [`${" ".repeat(width + 8)}${remediation}`]),
  ]);
  const heading = `pulumi-sftptogo ${version}${program ? `, for the program in ${program}` : ""}`;
  return [heading, "", ...lines, ""].join("\n");
}
