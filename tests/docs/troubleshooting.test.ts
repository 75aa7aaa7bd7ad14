/** Each message of tests/messages.txt, and of others, has an entry in the guide on troubleshooting, in users' words. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { helpOf } from "./commands.ts";
import { otherWords } from "./otherWords.ts";
import { guide, root } from "./pages.ts";

interface Message {
  /** The source that it is in, e.g. `api/answer.ts`. */
  readonly file: string;
  /** On one line, with `…` for what is put in. */
  readonly text: string;
}

/** Sources whose sentences nobody meets as a message, and why. */
const otherSources: readonly RegExp[] = [
  // The emulator's answers reach a program as the API's words; its dialects describe themselves in the guarantees.
  /^emulator\/(?!server|index|faults|data|dialects\/index)/,
  // The rules are in the audit's own guide, which another test holds to them.
  /^(?:rules|commands\/audit)\/(?:argumentRules|organizationRules|organization|compromisedKeys)\.ts$/,
  // The program that an export writes.
  /^commands\/export\/(?:names|print)\.ts$/,
  // The stub is code; what it throws is below.
  /^protocol\/stub\.ts$/,
];

/** What else is not a message, by its source and text. */
const others: readonly RegExp[] = [
  // What a call does, in "Could not …".
  /^(?:api\/\w+|functions\/invoke)\.ts: (?:find|create|read|update|delete|list|add|remove|rotate|set) /,
  // Names and types.
  /: (?:string or number|a whole number|SSH public key|ssh-public-key … …|one of the …)$/,
  // What an export writes, and what the commands say when all is well.
  /^commands\/export\/project\.ts: (?:import |const |pulumi |name: |# |…+new |… … over what|… the stack lacks\. |… exists\. |Each )/,
  /^commands\/export\/command\.ts: (?:Nothing to add|Wrote |Not in |Reading the keys )/,
  /^commands\/main\.ts: (?:SFTP To Go emulator: |The url of its webhook )/,
  /^commands\/doctor\/surroundings\.ts: (?:the provider process finds |… in …$|… … …$)/,
  /^commands\/doctor\/service\.ts: (?:the key reaches |agrees with |….*, the default|…, …$|none for |set, from |from stack …$|`pulumi config set --secret sftptogo:apiKey`$|…:\/\/)/,
  /^commands\/audit\/table\.ts: (?:Checked |muted until )/,
  // What the emulator holds and answers.
  /^emulator\/(?:data|faults)\.ts: (?:Allow all inbound traffic|Nothing was done)/,
];

/** A part of a message, whose entry has `…` in its place: by itself it is nothing to search for. */
const parts: readonly string[] = [
  "all these fields",
  "no usable answer",
  "rotations of …",
  "SSH public key set",
  "SSH public key …",
  "SSH public keys of credential …",
  "the answer itself",
  "the password of credential …",
  "the Provider's …",
  "the user name …",
  "this body, of credential …,",
  "use the API",
];

function messages(): Message[] {
  const text = readFileSync(join(root, "tests/messages.txt"), "utf8");
  const found = text.split(/^# /m).flatMap((section) => {
    const [file = "", ...lines] = section.split("\n");
    const items = lines.join("\n").trim().split(/^- /m).slice(1);
    return items.map((item) => ({ file, text: withGaps(item).replace(/\s+/g, " ").trim() }));
  });
  return [
    ...found.filter(({ file }) => !otherSources.some((other) => other.test(file))),
    { file: "protocol/stub.ts", text: "Install pulumi-sftptogo" },
  ];
}

/** `{…}` becomes `…`, with all the braces inside it. An object in a message has a blank after its brace. */
function withGaps(text: string): string {
  let result = "";
  let depth = 0;
  for (const [index, character] of [...text].entries()) {
    if (character === "{" && (depth > 0 || /[^\s}]/.test(text[index + 1] ?? " "))) depth += 1;
    if (depth === 0) result += character;
    if (character === "}" && depth > 0) {
      depth -= 1;
      if (depth === 0) result += "…";
    }
  }
  return result;
}

/** Fewer words than these are nothing to search for. */
const fewestLetters = 8;

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const lettersOf = (text: string) => text.match(/\p{L}/gu)?.length ?? 0;
const lines = guide("troubleshooting")
  .blocks.filter(({ language }) => language === "text")
  .flatMap(({ text }) => text.trim().split("\n"))
  .map((line) => ({ line, pattern: patternOf(line) }));

function patternOf(text: string): RegExp {
  return new RegExp(`^${text.split("…").map(escaped).join(".*")}$`);
}

/**
 * A line may shorten a message with `…`, but has most of its words: else it would be the entry of everything. Or it is
 * the message as somebody sees it, with words for each `…`.
 */
function isEntryOf({ line, pattern }: (typeof lines)[number], { text }: Message): boolean {
  if (pattern.test(text) && lettersOf(line) > lettersOf(text) / 2) return true;
  return lettersOf(text) >= fewestLetters && !line.includes("…") && patternOf(text).test(line);
}

const ofOthers: readonly string[] = Object.values(otherWords).flat();

const all = messages();
/** The commands' help, on one line. */
const help = [[], ["emulator"], ["audit"], ["export"], ["doctor"]].map(helpOf).join(" ").replace(/\s+/g, " ");

test("has every message, in one of its blocks of text", () => {
  const missing = all
    .filter(({ text }) => lettersOf(text) >= fewestLetters)
    .filter(({ file, text }) => !others.some((other) => other.test(`${file}: ${text}`)))
    .filter(({ file, text }) => !file.startsWith("commands/") || !help.includes(text.split("…")[0] ?? text))
    .filter(({ text }) => !parts.includes(text))
    .filter((message) => !lines.some((line) => isEntryOf(line, message)));
  expect(missing.map(({ file, text }) => `${file}: ${text}`)).toEqual([]);
});

test("has what others print", () => {
  const texts = lines.map(({ line }) => line);
  expect(texts).toEqual(expect.arrayContaining([...ofOthers]));
});

test("has no part of a message as an entry of its own", () => {
  expect(lines.filter(({ line }) => parts.includes(line) || lettersOf(line) < 6)).toEqual([]);
});

test("has each message in one entry", () => {
  const texts = lines.map(({ line }) => line);
  expect(texts.filter((line, index) => texts.indexOf(line) !== index)).toEqual([]);
});

test("has no message that is no longer printed", () => {
  const stale = lines
    .filter(({ line }) => !ofOthers.includes(line))
    .filter((line) => !all.some((message) => isEntryOf(line, message)));
  expect(stale.map(({ line }) => line)).toEqual([]);
});
