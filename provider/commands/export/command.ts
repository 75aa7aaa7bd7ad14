/** `pulumi-sftptogo export`: turns an organization into a program. It reads the service, and writes nothing to it. */
import { lstat, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { versionOfPackage } from "../version";
import { type Exportable, exportable } from "./exportable";

interface ExportFlags {
  readonly out: string;
  readonly only: readonly Exportable[];
  readonly match?: string;
  readonly ids?: string;
  readonly stackExport?: string;
  readonly includeRoot: boolean;
}

export function addExport(program: Command): void {
  program
    .command("export")
    .description(
      "Write a Pulumi program that takes over what an organization holds. Reads SFTPTOGO_API_KEY, " +
        "SFTPTOGO_ORGANIZATION_ID and SFTPTOGO_BASE_URL.",
    )
    .option("--out <folder>", "where to write; no file there is overwritten", "sftp")
    .option(
      "--only <list>",
      `of ${exportable.join(", ")}, separated by commas (default: all but rotations)`,
      listOfExportable,
      exportable.filter((each) => each !== "rotations"),
    )
    .option("--match <glob>", "only what is called like this, e.g. 'acme-*'; keys go with their credential")
    .option(
      "--ids <file>",
      "only what has an id in this file: a terraform.tfstate, what `pulumi stack export` wrote of another provider's " +
        "resources, or one id a line",
    )
    .option(
      "--stack-export <file>",
      "what `pulumi stack export` wrote: only what that stack lacks is written, as a part of its program",
    )
    .option("--include-root", "the organization's root credential, too", false)
    .action(runExport);
}

async function runExport({ out, match, ids, stackExport, ...flags }: ExportFlags): Promise<void> {
  // Loaded here, so that other commands start without them.
  const { clientFromEnvironment } = await import("../client.js");
  const { readInventory } = await import("../inventory/inventory.js");
  const { readIds } = await import("../inventory/idFile.js");
  const { readStackExports } = await import("../inventory/stackExport.js");
  const { collectionsFor } = await import("./items.js");
  const { exportProject, nextSteps } = await import("./project.js");

  const named = ids === undefined ? undefined : await readIds(ids);
  const stack = stackExport === undefined ? undefined : await readStackExports([stackExport]);
  const { client, organizationId, baseUrl } = clientFromEnvironment(process.env);
  const inventory = await readInventory(client, {
    only: collectionsFor(flags.only),
    organizationId,
    onProgress: progressOn(process.stderr),
  });
  const cut = inventory.unreadable.find(({ looksCut }) => looksCut);
  if (cut) throw new Error(`The list of keys of credential ${cut.id} ${cut.reason}. Try again${withoutKeys}`);
  const options = {
    ...flags,
    ...(match !== undefined && { match }),
    ...(named && { ids: named }),
    ...(stack && { stack }),
    organizationId,
    baseUrl,
    folder: out,
    version: versionOfPackage(),
    now: Date.now(),
  };
  const exported = exportProject(inventory, options);
  const files = new Map([...exported.files].map(([name, text]) => [join(out, name), text]));
  await writeNewFiles(files);
  process.stdout.write(
    exported.count === 0
      ? `Nothing to add.\n${exported.leftOut.map((line) => `- ${line}\n`).join("")}`
      : `Wrote ${exported.files.size} files to ${out}. ${nextSteps(options, exported)}`,
  );
}

/** Where the count is what is wrong, nothing else helps. */
const withoutKeys = ", or leave the keys out with --only credentials,webhooks,links.";

/** All of them, or none where one is there already. */
async function writeNewFiles(files: ReadonlyMap<string, string>): Promise<void> {
  const present: string[] = [];
  for (const path of files.keys()) {
    const isThere = await lstat(path).then(
      () => true,
      () => false,
    );
    if (isThere) present.push(path);
  }
  if (present.length > 0) {
    throw new Error(
      `${present.slice(0, 3).join(", ")} exists already, and no file is overwritten: give another --out.`,
    );
  }
  try {
    for (const [path, text] of files) {
      await makeFolder(dirname(path));
      await writeFile(path, text, { flag: "wx" });
    }
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    throw new Error(
      `${path ?? "The folder"} cannot be written (${code ?? "no reason given"}): give another --out.`,
    );
  }
}

/** One after another: Node's own `recursive` never ends below /proc. */
async function makeFolder(folder: string): Promise<void> {
  const isThere = await lstat(folder).then(
    () => true,
    () => false,
  );
  if (isThere) return;
  if (dirname(folder) !== folder) await makeFolder(dirname(folder));
  await mkdir(folder);
}

/** One line that is written over and over, for a person only. */
function progressOn(terminal: NodeJS.WriteStream): (done: number, all: number) => void {
  if (!terminal.isTTY) return () => {};
  return (done, all) => {
    terminal.write(`\rReading the keys of ${all} credentials: ${done}${done === all ? "\n" : ""}`);
  };
}

function listOfExportable(text: string): Exportable[] {
  const names = text.split(",").map((each) => each.trim());
  const chosen = exportable.filter((each) => names.includes(each));
  const isWrong = names.some((name) => !(exportable as readonly string[]).includes(name));
  if (isWrong) throw new InvalidArgumentError(`It must be some of ${exportable.join(", ")}.`);
  return chosen;
}
