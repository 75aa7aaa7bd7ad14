/** The guide on troubleshooting quotes what is really printed, and each of it once. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { otherWords } from "./otherWords.ts";
import { guide, root } from "./pages.ts";

/** The sentences of tests/messages.txt, each on one line, with `…` for what is put in. */
function messages(): string[] {
  const items = readFileSync(join(root, "tests/messages.txt"), "utf8").split(/^(?:- |# .*$)/m);
  return [...items.map((item) => withGaps(item).replace(/\s+/g, " ").trim()), "Install pulumi-sftptogo"];
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

/** Fewer letters than these are nothing to search for. */
const fewestLetters = 8;

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const lettersOf = (text: string) => text.match(/\p{L}/gu)?.length ?? 0;
const lines = guide("troubleshooting")
  .blocks.filter(({ language }) => language === "text")
  .flatMap(({ text }) => text.trim().split("\n"));

function patternOf(text: string): RegExp {
  return new RegExp(`^${text.split("…").map(escaped).join(".*")}$`);
}

/**
 * A line may shorten a message with `…`, but has most of its words: else it would be the entry of everything. Or it is
 * the message as somebody sees it, with words for each `…`.
 */
function isEntryOf(line: string, text: string): boolean {
  if (patternOf(line).test(text) && lettersOf(line) > lettersOf(text) / 2) return true;
  return lettersOf(text) >= fewestLetters && !line.includes("…") && patternOf(text).test(line);
}

const ofOthers: readonly string[] = Object.values(otherWords).flat();

test("quotes what others print", () => {
  expect(lines).toEqual(expect.arrayContaining([...ofOthers]));
});

test("quotes each message in one entry", () => {
  expect(lines.filter((line, index) => lines.indexOf(line) !== index)).toEqual([]);
});

test("quotes no message that is no longer printed", () => {
  const all = messages();
  const stale = lines.filter(
    (line) => !ofOthers.includes(line) && !all.some((text) => isEntryOf(line, text)),
  );
  expect(stale).toEqual([]);
});
