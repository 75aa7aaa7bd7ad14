/** The program that takes over an organization, as files to be written. It holds no secret. */

import { basename, resolve } from "node:path";
import type { Credential } from "../../api/credentials";
import { clientDefaults } from "../../api/settings";
import { argumentKeys } from "../../lifecycle/fields/vocabulary";
import { fieldsOf } from "../../resources/fields";
import { oneLine } from "../../values/text";
import { oldest } from "../../values/versions";
import type { Inventory, UnreadableObject } from "../inventory/inventory";
import type { Managed } from "../inventory/managed";
import { type Declared, declaredOf } from "./declared";
import { type Exportable, exportable } from "./exportable";
import { type Item, itemsOf } from "./items";
import { fileName, identifier, slug, uniqueNames } from "./names";
import { Code, compact, expanded, literal, SecretCall } from "./print";

export interface ExportOptions {
  readonly organizationId: string;
  readonly baseUrl: string;
  /** The folder to write to, by which the project is called. */
  readonly folder: string;
  /** The version of this package. */
  readonly version: string;
  readonly only: readonly Exportable[];
  /** A pattern with `*` and `?` for what people call an object, or its name in the program. Keys go with their credential. */
  readonly match?: string;
  /** Only what has one of these ids. Of a key, `credentialId/keyId` or the second half of it. */
  readonly ids?: ReadonlySet<string>;
  /** What a stack manages already is not written, and what it lacks is a part of its program. */
  readonly stack?: Managed;
  readonly includeRoot: boolean;
  /** Unix milliseconds. */
  readonly now: number;
}

export interface ExportedProject {
  /** By their paths in the project's folder. */
  readonly files: ReadonlyMap<string, string>;
  /** How many resources the program has. */
  readonly count: number;
  /** The configuration to set, each by its key: secrets of the organization. */
  readonly secrets: readonly string[];
  /** What is not in the program, and why: a sentence each. */
  readonly leftOut: readonly string[];
}

/** With more objects than this, each credential has a file of its own. */
const mostInOneFile = 50;

/** An item that becomes a resource. */
interface WrittenItem {
  readonly item: Item;
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

export function exportProject(inventory: Inventory, options: ExportOptions): ExportedProject {
  const items = itemsOf(inventory, options);
  const names = namesFor(items, options.stack);
  const nameOf = (item: Item) => names.get(keyOf(item)) ?? item.wanted;
  const handles = handlesFor(items, names, options.stack);
  const handleOf = (item: Item) => handles.get(item.id) ?? nameOf(item);
  const credentials = new Map(inventory.credentials.map((each) => [each.Id, each]));
  const ownerOf = new Map(items.filter(({ kind }) => kind === "Credential").map((each) => [each.id, each]));
  const isCalled = globOf(options.match);
  const matches = (item: Item): boolean => {
    const owner = item.credentialId === undefined ? undefined : ownerOf.get(item.credentialId);
    return owner ? matches(owner) : [...item.calledBy, nameOf(item)].some(isCalled);
  };

  const isNamed = ({ id, object }: Item) => options.ids?.has(id) || options.ids?.has(object.Id);
  const isInStack = (item: Item) => options.stack?.managerOf(item.kind, item.id) !== undefined;
  const identityOf = (item: Item, declared: Declared) => `${item.kind} ${item.identity ?? declared.identity}`;
  const declaredIn = (item: Item) => {
    const naming = { name: nameOf(item), urn: "", organizationId: options.organizationId };
    return declaredOf(fieldsOf[item.kind], item.object, naming);
  };

  const written: WrittenItem[] = [];
  const secrets: string[] = [];
  const twins = new Map<string, string>();
  for (const item of items.filter(isInStack)) {
    twins.set(identityOf(item, declaredIn(item)), nameForPeople(item));
  }
  const leftOut = inventory.unreadable.map(sentenceOfUnreadable);
  refuseNothing(
    options,
    (isAsked) => items.some((item) => options.only.includes(item.collection) && isAsked(item)),
    {
      matches,
      isNamed,
    },
  );
  for (const item of items) {
    if (!options.only.includes(item.collection) || !matches(item)) continue;
    if (options.ids && !isNamed(item)) continue;
    if (isInStack(item)) continue;
    const name = nameOf(item);
    const owner = item.credentialId === undefined ? undefined : ownerOf.get(item.credentialId);
    const reason =
      item.leftOut ??
      reasonOfSet(item, options.stack) ??
      reasonOfOwner(item, owner, owner !== undefined && isInStack(owner));
    const fields = fieldsOf[item.kind];
    const declared = declaredIn(item);
    const identity = identityOf(item, declared);
    const twin = twins.get(identity);
    const problem =
      reason ?? declared.problem ?? (twin && `is the same as ${twin}, and a program has one of the two`);
    if (problem !== undefined) {
      leftOut.push(`${item.kind} ${nameForPeople(item)} ${problem}.`);
      continue;
    }
    twins.set(identity, nameForPeople(item));
    const args: Record<string, unknown> = {};
    for (const key of argumentKeys(fields)) {
      if (key === "credentialId" && owner) args[key] = new Code(`${identifier(handleOf(owner))}.id`);
      else if (declared.secrets.includes(key)) {
        const secret = `${item.kind.toLowerCase()}-${name}-${key}`;
        secrets.push(secret);
        args[key] = new SecretCall(secret);
      } else if (key in declared.values) args[key] = declared.values[key];
    }
    written.push({ item, name, args });
  }
  written.sort(byPlace);

  const print = programOf(written, (id) => {
    const owner = ownerOf.get(id);
    return { name: owner ? handleOf(owner) : id, credential: credentials.get(id) };
  });
  const files = new Map([
    ...print,
    ...(options.stack ? [] : projectFiles(options)),
    ["README.md", readmeOf(options, { count: written.length, secrets, leftOut })],
  ]);
  return {
    files: written.length > 0 ? files : new Map(),
    count: written.length,
    secrets,
    leftOut,
  };
}

function reasonOfOwner(
  { credentialId }: Item,
  owner: Item | undefined,
  isOwnerInStack: boolean,
): string | undefined {
  if (credentialId !== undefined && owner === undefined) return "belongs to a credential that cannot be read";
  return owner?.leftOut !== undefined && !isOwnerInStack
    ? "belongs to a credential that is left out"
    : undefined;
}

/** Names are given to all that is there, so that they do not depend on what is asked for. */
function namesFor(items: readonly Item[], stack: Managed | undefined): Map<string, string> {
  const names = new Map<string, string>();
  for (const kind of new Set(items.map((each) => each.kind))) {
    const inStack = stack?.resources.filter((each) => each.kind === kind) ?? [];
    const own = items.filter((item) => {
      if (item.kind !== kind) return false;
      // What the stack manages keeps its name, so that the names of others are the same at every run.
      const manager = stack?.managerOf(kind, item.id);
      if (manager?.kind !== kind) return true;
      names.set(keyOf(item), manager.name);
      return false;
    });
    const taken = inStack.map(({ name }) => name);
    const wishes = own.map((item) => {
      const owner = item.credentialId === undefined ? "" : `${names.get(`Credential ${item.credentialId}`)}-`;
      return { ...item, wanted: `${owner}${item.wanted}` };
    });
    for (const [id, name] of uniqueNames(wishes, taken)) names.set(`${kind} ${id}`, name);
  }
  return names;
}

/**
 * What the variables and files of a stack's credentials are called, by their ids. Their own names are any text, and may be
 * the same below different parents.
 */
function handlesFor(
  items: readonly Item[],
  names: ReadonlyMap<string, string>,
  stack: Managed | undefined,
): Map<string, string> {
  const credentials = items.filter(({ kind }) => kind === "Credential");
  const inStack = credentials.filter(({ kind, id }) => stack?.managerOf(kind, id));
  const nameOf = (item: Item) => names.get(keyOf(item)) ?? "";
  const others = credentials.filter((item) => !inStack.includes(item)).map(nameOf);
  return uniqueNames(
    inStack.map((item) => ({ ...item, wanted: slug(nameOf(item)) || item.wanted })),
    others,
  );
}

function keyOf({ kind, id }: Item): string {
  return `${kind} ${id}`;
}

/** In the order of the files, and in each by name. */
function byPlace(a: WrittenItem, b: WrittenItem): number {
  const place = ({ item, name }: WrittenItem) => `${exportable.indexOf(item.collection)} ${name} ${item.id}`;
  return place(a) < place(b) ? -1 : 1;
}

/**
 * Whether a text is what `*` and `?` say; upper and lower case are the same. Not by a regular expression, which tries
 * all ways in which many stars can share a long name.
 */
function globOf(glob = "*"): (text: string) => boolean {
  const wanted = [...glob.toLowerCase()];
  return (text) => {
    const given = [...text.toLowerCase()];
    let at = 0;
    let star = -1;
    let restart = 0;
    for (let place = 0; place < given.length; ) {
      if (wanted[at] === "*") {
        star = at++;
        restart = place;
      } else if (wanted[at] === "?" || wanted[at] === given[place]) {
        at++;
        place++;
      } else if (star >= 0) {
        // The last star takes one character more.
        at = star + 1;
        place = ++restart;
      } else return false;
    }
    return wanted.slice(at).every((each) => each === "*");
  };
}

function nameForPeople({ calledBy: [name], id }: Item): string {
  const shownId = oneLine(id, 80);
  return name === undefined ? shownId : `${JSON.stringify(oneLine(name, 60))} (${shownId})`;
}

function sentenceOfUnreadable({ collection, id, reason }: UnreadableObject): string {
  return `Something in the list of ${collection}${id === undefined ? "" : ` (${oneLine(id, 80)})`} ${reason}.`;
}

/** What was asked for and is not there was meant as something else: "Nothing to add." would pass for done. */
function refuseNothing(
  { match, ids, only, organizationId }: ExportOptions,
  hasAny: (isAsked: (item: Item) => boolean) => boolean,
  { matches, isNamed }: Record<"matches" | "isNamed", (item: Item) => boolean | undefined>,
): void {
  const where = `among the ${only.join(", ")} of organization ${organizationId}`;
  if (match !== undefined && !hasAny((item) => matches(item) === true)) {
    throw new Error(`--match ${JSON.stringify(match)}: nothing is called like that ${where}.`);
  }
  if (ids && !hasAny((item) => isNamed(item) === true)) {
    const count = ids.size === 1 ? "has one id, which is" : `has ${ids.size} ids, of which none is`;
    throw new Error(
      `--ids: the file ${count} ${where}. Is it of another organization, or another tool's name for them?`,
    );
  }
}

/** A set of keys and a key of the same credential would refuse each other. */
function reasonOfSet(item: Item, stack: Managed | undefined): string | undefined {
  const set = item.kind === "SshPublicKey" ? stack?.setBeside(item.id) : undefined;
  return (
    set &&
    `is not declared by the SshPublicKeySet ${JSON.stringify(set.name)}, which removes it: add its body there`
  );
}

interface Owner {
  readonly name: string;
  readonly credential: Credential | undefined;
}

/** The program's files. */
function programOf(written: readonly WrittenItem[], ownerOf: (id: string) => Owner): [string, string][] {
  const groups = new Map<string, WrittenItem[]>();
  for (const each of written) {
    const { kind, credentialId, id } = each.item;
    const owner = kind === "Credential" ? id : credentialId;
    const file =
      owner === undefined ? `${each.item.collection}.ts` : `credentials/${fileName(ownerOf(owner).name)}.ts`;
    groups.set(file, [...(groups.get(file) ?? []), each]);
  }
  if (written.length <= mostInOneFile) {
    return [["index.ts", moduleOf([...groups.values()].flat(), ownerOf, false)]];
  }
  const files = [...groups].map(([file, own]): [string, string] => [file, moduleOf(own, ownerOf, true)]);
  const imports = files.map(([file]) => `import ${literal(`./${file.replace(/\.ts$/, "")}`)};\n`);
  return [["index.ts", imports.sort().join("")], ...files];
}

function moduleOf(written: readonly WrittenItem[], ownerOf: (id: string) => Owner, isPart: boolean): string {
  const hasSecrets = written.some(({ args }) =>
    Object.values(args).some((each) => each instanceof SecretCall),
  );
  const own = new Set(written.filter(({ item }) => item.kind === "Credential").map(({ item }) => item.id));
  const others = new Set(written.flatMap(({ item }) => item.credentialId ?? []).filter((id) => !own.has(id)));
  const head = [
    ...(hasSecrets ? ['import * as pulumi from "@pulumi/pulumi";'] : []),
    'import * as sftptogo from "pulumi-sftptogo";',
  ];
  const parts = [
    `${head.join("\n")}\n`,
    ...(hasSecrets ? ["const config = new pulumi.Config();\n"] : []),
    ...[...others].map((id) => lookupOf(ownerOf(id))),
    ...written.map((each) => resourceOf(each, isPart)),
  ];
  return parts.join("\n");
}

/** A credential that this program does not make, by what is known of it to people. */
function lookupOf({ name, credential }: Owner): string {
  const userName = literal(credential?.UserName ?? "");
  return (
    `const ${identifier(name)} = sftptogo.getCredentialOutput(\n` +
    `  { userName: ${userName} },\n  { includeSecrets: false },\n);\n`
  );
}

function resourceOf({ item, name, args }: WrittenItem, isPart: boolean): string {
  const comment = (item.comment ?? []).map((line) => `// ${line}\n`).join("");
  const variable = `${isPart ? "export " : ""}const ${identifier(name)} = `;
  return (
    `${comment}${item.kind === "Credential" ? variable : ""}new sftptogo.${item.kind}(\n` +
    `  ${literal(name)},\n  ${expanded(args, 2)},\n  ${compact({ import: item.id, ...(isProtected(item) && { protect: true }) }, 2)},\n);\n`
  );
}

/** What changes by replacement only could not be changed under `protect`, and a rotation could not rotate. */
function isProtected({ kind }: Item): boolean {
  return kind === "Credential" || kind === "Webhook" || kind === "ShareLink";
}

/** For a shell: a folder's name may hold quotes, or begin with a hyphen. */
function quoted(folder: string): string {
  const path = folder.startsWith("-") ? `./${folder}` : folder;
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}

function projectNameOf(folder: string): string {
  return slug(basename(resolve(folder))) || "sftp";
}

function projectFiles({ folder, version, organizationId }: ExportOptions): [string, string][] {
  const project = projectNameOf(folder);
  const json = (value: unknown) => `${JSON.stringify(value, undefined, 2)}\n`;
  return [
    [
      "Pulumi.yaml",
      `name: ${JSON.stringify(project)}\nruntime: nodejs\ndescription: ${JSON.stringify(`SFTP To Go, organization ${organizationId}`)}\n`,
    ],
    [
      "package.json",
      json({
        name: project.toLowerCase(),
        private: true,
        main: "index.ts",
        dependencies: { "@pulumi/pulumi": `^${oldest.sdk}.0`, "pulumi-sftptogo": `^${version}` },
        devDependencies: { "@types/node": "^24", typescript: ">=5.0 <7" },
      }),
    ],
    [
      "tsconfig.json",
      json({
        compilerOptions: {
          strict: true,
          target: "es2022",
          module: "nodenext",
          moduleResolution: "nodenext",
          rootDir: ".",
          noEmit: true,
          skipLibCheck: true,
        },
      }),
    ],
    [".gitignore", "node_modules/\n"],
  ];
}

interface Outcome {
  readonly count: number;
  readonly secrets: readonly string[];
  readonly leftOut: readonly string[];
}

/** What to do next, and what is not in the program: for a person, on the terminal, and in the folder's README. */
export function nextSteps(
  options: ExportOptions,
  { count, secrets, leftOut }: Outcome,
  isInFolder = false,
): string {
  const { folder, stack, organizationId, baseUrl } = options;
  const start = [
    ...(isInFolder ? [] : [`cd ${quoted(folder)}`]),
    "npm install",
    "pulumi stack init dev",
    `pulumi config set sftptogo:organizationId ${organizationId}`,
    ...(baseUrl === clientDefaults.baseUrl ? [] : [`pulumi config set sftptogo:baseUrl ${baseUrl}`]),
    "pulumi config set --secret sftptogo:apiKey",
  ];
  const commands = [
    ...(stack ? [] : start),
    ...secrets.map((key) => `pulumi config set --secret ${key}`),
    "pulumi preview",
    "pulumi up",
  ];
  const takes = `${count} ${count === 1 ? "resource takes" : "resources take"} over what`;
  return [
    stack
      ? `${takes} the stack lacks. To adopt it, move ${isInFolder ? "this folder" : folder} into the folder of the ` +
        "stack's program, if it is not there yet,\nand add this line to the program's index.ts:\n\n" +
        `    import ${literal(`./${basename(resolve(folder))}`)};\n\nThen, in the program's folder:\n`
      : `${takes} exists. To adopt it:\n`,
    ...commands.map((command) => `    ${command}`),
    ...(secrets.length > 0
      ? [
          "\nEach `--secret` command asks for its value, which the dashboard has. Preview compares it with the service.",
        ]
      : []),
    ...(leftOut.length > 0 ? [`\nLeft out:\n`, ...leftOut.map((line) => `- ${line}`)] : []),
    "",
  ].join("\n");
}

function readmeOf(options: ExportOptions, outcome: Outcome): string {
  return (
    `# ${projectNameOf(options.folder)}\n\nWritten by \`pulumi-sftptogo export\`. ${nextSteps(options, outcome, true)}\n` +
    "Preview says of each object that it is taken over as it is; the engine counts it as a create. Nothing is written\n" +
    "to the service. Once `pulumi preview` shows no changes, the `import` options may go. `protect` keeps an object from\n" +
    "being destroyed by mistake: take it out of what you mean to delete. Keys and rotations have none, since they change\n" +
    "by replacement.\n"
  );
}
