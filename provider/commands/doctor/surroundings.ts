/** What a program of the current folder runs on: Node, engine, SDK, and which copies of this package it finds. */
import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { arch, release, type } from "node:os";
import { dirname, join, resolve } from "node:path";
import { canFindPackage, packageFolder } from "../../protocol/find";
import { jsonOrUndefined } from "../../values/plain";
import { isOlder } from "../../values/versions";
import { type Check, ok, problem, unknown, warning } from "./check";
import { type Answer, ask, noProject } from "./pulumi";

/** A `package.json`, as far as it is read. */
interface Manifest {
  readonly version: string;
  readonly engines: { readonly node: string };
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies: { readonly "@pulumi/pulumi": string };
}

/** A package that is installed somewhere. */
interface Copy {
  readonly folder: string;
  readonly version: string;
}

/** The oldest engine on which whole lives of stacks are tested. */
const oldestTestedEngine = "3.250";

/** The package that this command belongs to. */
const own = join(__dirname, "../../..");
const manifest = require("../../../package.json") as Manifest;

/** What Pulumi takes for a project, in its order. */
const projectFiles = ["Pulumi.json", "Pulumi.yaml", "Pulumi.yml"];

/** Where the provider process looks packages up: the folder of the program that `Pulumi.yaml` names; `undefined`: of none. */
export function programFolder(folder: string): string | undefined {
  for (let each = folder; ; each = dirname(each)) {
    const project = projectFiles.map((name) => join(each, name)).find((file) => existsSync(file));
    if (project !== undefined) {
      const main = mainOf(readFileSync(project, "utf8"));
      if (main === undefined) return each;
      const program = resolve(each, main);
      return existsSync(program) && statSync(program).isDirectory() ? program : dirname(program);
    }
    if (dirname(each) === each) return undefined;
  }
}

/** `main` of a project file, which may be JSON under either name. */
function mainOf(text: string): string | undefined {
  const json = jsonOrUndefined(text) as { readonly main?: string } | undefined;
  return json ? json.main : /^(["']?)main\1\s*:\s*["']?([^"'#]+?)["']?\s*(?:#.*)?$/m.exec(text)?.[2];
}

export async function checkSurroundings(folder: string, program: string | undefined): Promise<Check[]> {
  const [node, engine] = await Promise.all([
    ask(program ?? folder, "node", "--version"),
    ask(program ?? folder, "pulumi", "version"),
  ]);
  return [
    ok("system", `${type()} ${release()} ${arch()}`),
    checkNode(node),
    "failure" in engine ? problem("engine", engine.failure, engine.remediation) : checkEngine(engine.printed),
    // What a folder of no program has installed says nothing.
    ...(program === undefined
      ? [problem("program", noProject.failure, noProject.remediation)]
      : [checkSdk(program), ...checkCopies(program), checkLookUp(program)]),
  ];
}

function checkLookUp(program: string): Check {
  return canFindPackage(program)
    ? ok("look-up", "the provider process finds pulumi-sftptogo")
    : problem(
        "look-up",
        "the provider process does not find pulumi-sftptogo",
        install(program, "pulumi-sftptogo", "pulumi-sftptogo"),
      );
}

/** How the program gets a package: one that its package.json has already is not there for want of an install. */
function install(program: string, name: string, wanted: string): string {
  const { dependencies, devDependencies } = readManifest(packageFolder(program)) ?? {};
  return inProgram(
    program,
    name in { ...dependencies, ...devDependencies } ? "npm install" : `npm install ${wanted}`,
  );
}

function inProgram(program: string, command: string): string {
  return `run \`${command}\` (or the equivalent of your package manager) in ${packageFolder(program)}`;
}

/** The provider process runs on the `node` of the PATH, whatever runs the program. */
function checkNode(answer: Answer): Check {
  const [, least = ""] = /(\d+)/.exec(manifest.engines.node) ?? [];
  const remediation = `install Node ${least} or newer`;
  if ("failure" in answer) return problem("node", answer.failure, remediation);
  const onPath = answer.printed;
  const found =
    onPath === process.version ? onPath : `${onPath} on the PATH; this command runs on ${process.version}`;
  return isOlder(onPath, least) ? problem("node", `${found}: too old`, remediation) : ok("node", found);
}

function checkEngine(printed: string): Check {
  const [version] = /^v?\d+\.\d+\.\d+[\w.+-]*$/.exec(printed) ?? [];
  if (version === undefined) {
    return unknown(
      "engine",
      "`pulumi version` does not print one",
      "run it, and see which `pulumi` the PATH finds",
    );
  }
  const { least } = sdkRange();
  if (isOlder(version, least)) {
    return problem(
      "engine",
      `${version}: older than ${least}`,
      "install a newer one: https://www.pulumi.com/docs/install/",
    );
  }
  return isOlder(version, oldestTestedEngine)
    ? warning(
        "engine",
        `${version}: not tested, ${oldestTestedEngine} and newer are`,
        "install a newer one if something fails",
      )
    : ok("engine", version);
}

function checkSdk(program: string): Check {
  const name = "@pulumi/pulumi";
  const { least, below } = sdkRange();
  const seen = find(name, program);
  const wanted = `${name}@^${least}`;
  if (seen === undefined) {
    return problem("SDK", `${name} is not found from ${program}`, install(program, name, wanted));
  }
  if (isOlder(seen.version, least) || !isOlder(seen.version, below)) {
    return problem(
      "SDK",
      `${seen.version}: not in the range ${manifest.peerDependencies[name]}`,
      inProgram(program, `npm install ${wanted}`),
    );
  }
  const ours = find("pulumi-sftptogo", program);
  const other = ours && find(name, ours.folder);
  if (ours && !other) {
    return problem(
      "SDK",
      `${seen.version}, but ${name} is not found from ${ours.folder}`,
      `install pulumi-sftptogo with its peers, or run \`npm install\` in ${ours.folder} if it is a linked folder`,
    );
  }
  return other && other.folder !== seen.folder
    ? warning(
        "SDK",
        `${seen.version} in ${seen.folder}; pulumi-sftptogo finds another one, ${other.version} in ${other.folder}`,
        "run `npm dedupe` (or the equivalent), so that the program has one",
      )
    : ok("SDK", seen.version);
}

/** What the program's `pulumi-sftptogo` is, and further copies that its dependencies bring. */
function checkCopies(program: string): Check[] {
  const name = "pulumi-sftptogo";
  const seen = find(name, program);
  const copies = new Map<string, Copy>();
  for (const from of [program, ...dependenciesOf(program)]) {
    const copy = find(name, from);
    if (copy) copies.set(copy.folder, copy);
  }
  const shown = ({ version, folder }: Copy) => `${version} in ${folder}`;
  const checks: Check[] = [];
  if (copies.size > 1) {
    checks.push(
      warning(
        "package",
        `${copies.size} copies: ${[...copies.values()].map(shown).join(", ")}`,
        "give them one version and run `npm dedupe` (or the equivalent)",
      ),
    );
  } else if (seen) checks.push(ok("package", shown(seen)));
  if (seen && seen.folder !== realpathSync(own)) {
    const command = { version: manifest.version, folder: own };
    checks.push(
      seen.version === command.version
        ? ok("command", shown(command))
        : warning(
            "command",
            `${shown(command)}, not the program's version`,
            `run \`npx pulumi-sftptogo\` in ${program}`,
          ),
    );
  }
  return checks;
}

/** The folders of what the program depends on; what cannot be required is passed over, as the stub does. */
function dependenciesOf(program: string): string[] {
  const from = createRequire(join(program, "index.js"));
  return Object.keys(readManifest(packageFolder(program))?.dependencies ?? {}).flatMap((name) => {
    try {
      return [dirname(from.resolve(name))];
    } catch {
      return [];
    }
  });
}

/** A package as it is found from a folder. */
function find(name: string, folder: string): Copy | undefined {
  try {
    const found = dirname(
      realpathSync(createRequire(join(folder, "index.js")).resolve(`${name}/package.json`)),
    );
    const version = readManifest(found)?.version;
    return version === undefined ? undefined : { folder: found, version };
  } catch {
    return undefined;
  }
}

/** Of one that is not there, or that is broken, nothing is said: an error would repeat a part of its text. */
function readManifest(folder: string): Partial<Manifest> | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  } catch {
    return undefined;
  }
}

/** The peer range of the SDK, as `>=3.150 <4`. */
function sdkRange(): { readonly least: string; readonly below: string } {
  const [, least = "", below = ""] =
    /^>=([\d.]+) <([\d.]+)$/.exec(manifest.peerDependencies["@pulumi/pulumi"]) ?? [];
  return { least, below };
}
