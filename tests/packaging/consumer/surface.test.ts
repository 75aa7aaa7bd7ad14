/** What an editor and a compiler see of the package's types. */
import { readFileSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import type ts from "typescript";
import { describe, expect, test } from "vitest";
import { words } from "../../../provider/api/assumptions";
import type {
  CredentialPermission,
  InboundRuleAction,
  InboundRuleProtocol,
  InboundRuleState,
} from "../../../provider/resources/credential/resource";
import type { CredentialState } from "../../../provider/resources/shared/credentialState";
import type { ShareLinkPermission } from "../../../provider/resources/shareLink/resource";
import type { WebhookState, WebhookTopic, WebhookType } from "../../../provider/resources/webhook/resource";
import { compilers, newest, optionsOf, project, root, type Setup, textOf } from "./compiler";

/** The values of a union that it names, without its open end. */
type Named<T> = T extends string ? (string extends T ? never : T) : never;
/** Compiles only if a union names the values of a list in `words`, all of them and no others. */
type Same<Union, List extends keyof typeof words> = [Named<Union>] extends [(typeof words)[List][number]]
  ? [(typeof words)[List][number]] extends [Named<Union>]
    ? true
    : never
  : never;

const unions: {
  readonly [List in keyof typeof words]: true;
} = {
  credentialPermission: true satisfies Same<CredentialPermission, "credentialPermission">,
  credentialState: true satisfies Same<CredentialState, "credentialState">,
  ruleProtocol: true satisfies Same<InboundRuleProtocol, "ruleProtocol">,
  ruleState: true satisfies Same<InboundRuleState, "ruleState">,
  ruleAction: true satisfies Same<InboundRuleAction, "ruleAction">,
  webhookType: true satisfies Same<WebhookType, "webhookType">,
  webhookTopic: true satisfies Same<WebhookTopic, "webhookTopic">,
  webhookState: true satisfies Same<WebhookState, "webhookState">,
  shareLinkPermission: true satisfies Same<ShareLinkPermission, "shareLinkPermission">,
};

const folder = project();
const index = join(root, "dist/index.d.ts");

/** An editor, over one file. */
function serviceOf(compiler: typeof ts, file: string): ts.LanguageService {
  const setup: Setup = { compiler, settings: "nodenext", exactOptionalPropertyTypes: true };
  const options = optionsOf(setup, folder);
  return compiler.createLanguageService({
    getCompilationSettings: () => options,
    getScriptFileNames: () => [join(folder, file)],
    getScriptVersion: () => "1",
    getScriptSnapshot: (path) =>
      compiler.sys.fileExists(path)
        ? compiler.ScriptSnapshot.fromString(readFileSync(path, "utf8"))
        : undefined,
    getCurrentDirectory: () => folder,
    getDefaultLibFileName: (of) => compiler.getDefaultLibFilePath(of),
    fileExists: compiler.sys.fileExists,
    readFile: compiler.sys.readFile,
    readDirectory: compiler.sys.readDirectory,
    directoryExists: compiler.sys.directoryExists,
    getDirectories: compiler.sys.getDirectories,
    ...(compiler.sys.realpath && { realpath: compiler.sys.realpath }),
  });
}

/** Where a user types a closed value: the cursor stands at `|`. */
const positions: readonly [text: string, values: readonly string[]][] = [
  ['new sftptogo.Credential("x", { permission: "|" });', words.credentialPermission],
  ['new sftptogo.Credential("x", { state: "|" });', words.credentialState],
  ['new sftptogo.Credential("x", { inboundRules: [{ source: "x", protocol: "|" }] });', words.ruleProtocol],
  ['new sftptogo.Credential("x", { inboundRules: [{ source: "x", state: "|" }] });', words.ruleState],
  ['new sftptogo.Credential("x", { inboundRules: [{ source: "x", action: "|" }] });', words.ruleAction],
  ['new sftptogo.Webhook("x", { url: "x", topics: [], type: "|" });', words.webhookType],
  ['new sftptogo.Webhook("x", { url: "x", topics: ["file.created", "|"] });', words.webhookTopic],
  ['new sftptogo.Webhook("x", { url: "x", topics: [], state: "|" });', words.webhookState],
  ['new sftptogo.ShareLink("x", { path: "/", permission: "|" });', words.shareLinkPermission],
  ['new sftptogo.ShareLink("x", { path: "/", permission: "none", onConsumed: "|" });', ["keep", "recreate"]],
  ['acme.permission.apply((permission) => permission === "|");', words.credentialPermission],
  ['link.state.apply((state) => state === "|");', ["active", "removed"]],
  ['acme.inboundRules.apply(([rule]) => rule?.protocol === "|");', words.ruleProtocol],
  ['void sftptogo.getWebhook({ id: "x" }).then((hook) => hook.state === "|");', words.webhookState],
  ['void sftptogo.getShareLinks().then(([each]) => each?.permission === "|");', words.shareLinkPermission],
];

describe.each(Object.entries(compilers))("an editor with TypeScript %s", (version, compiler) => {
  const file = `completion-${version}.ts`;
  const head = [
    'import * as sftptogo from "pulumi-sftptogo";',
    'const acme = new sftptogo.Credential("acme");',
    'const link = new sftptogo.ShareLink("link", { path: "/", permission: "read-only" });',
  ];
  const text = [...head, ...positions.map(([line]) => line)].join("\n");
  const cursors = positions.map(
    (_, place) =>
      text
        .split("|")
        .slice(0, place + 1)
        .join("").length,
  );
  writeFileSync(join(folder, file), text.replaceAll("|", ""));
  const service = serviceOf(compiler, file);

  test.each(positions)("completes %s", (line, values) => {
    const cursor = cursors[positions.findIndex(([each]) => each === line)] ?? 0;
    const found = service.getCompletionsAtPosition(join(folder, file), cursor, {});
    expect(found?.entries.map(({ name }) => name).sort()).toEqual([...values].sort());
  });
});

test("each list of known values is a union of the same values", () => {
  // The compiler has compared them by value already; a list without a union would be missing here.
  expect(Object.keys(unions)).toEqual(Object.keys(words));
});

test("the types of index.d.ts reach Pulumi's and nothing else", () => {
  const others = new Map<string, string>();
  const seen = new Set<string>();
  const visit = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    const found = newest.preProcessFile(readFileSync(file, "utf8"), true, true);
    for (const { fileName } of [
      ...found.referencedFiles,
      ...found.typeReferenceDirectives,
      ...found.libReferenceDirectives,
    ]) {
      others.set(fileName, relative(root, file));
    }
    for (const { fileName } of found.importedFiles) {
      if (fileName.startsWith(".")) visit(`${resolve(file, "..", fileName)}.d.ts`);
      else others.set(fileName, relative(root, file));
    }
  };
  visit(index);
  expect(seen.size).toBeGreaterThan(10);
  expect([...others.keys()]).toEqual(["@pulumi/pulumi"]);
});

describe("the documentation that an editor shows", () => {
  const compiler = newest;
  const setup: Setup = { compiler, settings: "nodenext", exactOptionalPropertyTypes: true };
  const program = compiler.createProgram({ rootNames: [index], options: optionsOf(setup, folder) });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(index);
  const exported =
    source === undefined ? [] : checker.getExportsOfModule(checker.getSymbolAtLocation(source) as ts.Symbol);
  const documentation = (symbol: ts.Symbol) =>
    compiler.displayPartsToString(symbol.getDocumentationComment(checker));
  const target = (symbol: ts.Symbol) =>
    symbol.flags & compiler.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  /** Declared in this package, and not inherited from Pulumi's classes. */
  const ours = (symbol: ts.Symbol) =>
    (symbol.declarations ?? []).some((each) => each.getSourceFile().fileName.startsWith(`${root}/dist/`));

  test("says something of every export", () => {
    const silent = exported.map(target).filter((symbol) => documentation(symbol) === "");
    expect(silent.map(({ name }) => name)).toEqual([]);
    expect(exported.length).toBeGreaterThan(40);
  });

  test("says something of every property of every argument, class and result, derived ones too", () => {
    const properties = exported.map(target).flatMap((symbol) =>
      checker
        .getDeclaredTypeOfSymbol(symbol)
        .getApparentProperties()
        .filter(ours)
        // The name of an error says what its class does.
        .filter(({ name }) => name !== "name")
        .map((property) => ({ name: `${symbol.name}.${property.name}`, text: documentation(property) })),
    );
    expect(properties.filter(({ text }) => text === "").map(({ name }) => name)).toEqual([]);
    const names = properties.map(({ name }) => name);
    expect(names).toContain("GetCredentialResult.homeDirectory");
    expect(names).toContain("GetShareLinkResult.url");
    expect(properties.length).toBeGreaterThan(150);
  });

  test("compiles", () => {
    expect(textOf(compiler, program.getOptionsDiagnostics())).toBe("");
  });
});
