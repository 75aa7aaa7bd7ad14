/** The guide on troubleshooting quotes what is really printed, and has an entry for each kind of refusal and warning. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { otherWords } from "./otherWords.ts";
import { guide, root } from "./pages.ts";

/** Files and rooms that need no entry. Each of the others refuses something or warns of something. */
const withoutEntry = {
  "reports and help": [
    ...["commands/audit/command.ts", "commands/audit/organization.ts", "commands/audit/sarif.ts"],
    ...["commands/doctor/", "commands/emulator.ts", "commands/export/names.ts", "commands/export/print.ts"],
    ...["commands/inventory/managed.ts", "commands/main.ts", "commands/report.ts", "protocol/log.ts"],
  ],
  "another guide has them": ["rules/"],
  "the emulator's answers": ["emulator/"],
  "shown by an example": ["lifecycle/check/endings.ts"],
  "parts of what other files say": [
    ...["api/lists.ts", "api/retry.ts", "api/shareLinks.ts", "api/sshPublicKeys.ts", "api/webhooks.ts"],
    ...[
      "lifecycle/doubt/waits.ts",
      "lifecycle/fields/shape.ts",
      "lifecycle/fields/vocabulary.ts",
      "protocol/update.ts",
    ],
    ...["resources/sshPublicKey/provider.ts", "values/text.ts"],
  ],
};

/** The sentences of tests/messages.txt by file, each on one line. */
function messagesByFile(): Map<string, string[]> {
  const [, ...sections] = readFileSync(join(root, "tests/messages.txt"), "utf8").split(/^# /m);
  return new Map(
    sections.map((section) => {
      const [file = "", ...items] = section.split(/^- /m);
      return [file.trim(), items.map((item) => item.replace(/\s+/g, " ").trim())];
    }),
  );
}

const byFile = messagesByFile();
/** The stub builds this one of two strings, too short for messages.txt. */
byFile.get("protocol/stub.ts")?.push("Install pulumi-sftptogo");

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Whether a line is a message, with `…` for what differs and for what is left out. */
function quotes(line: string, message: string): boolean {
  return new RegExp(`^${line.split("…").map(escaped).join(".*")}$`).test(message);
}

const ofOthers: readonly string[] = Object.values(otherWords).flat();
const lines = guide("troubleshooting")
  .blocks.filter(({ language }) => language === "text")
  .flatMap(({ text }) => text.trim().split("\n"));

test("quotes what others print", () => {
  expect(lines).toEqual(expect.arrayContaining([...ofOthers]));
});

test("quotes each message in one entry", () => {
  expect(lines.filter((line, index) => lines.indexOf(line) !== index)).toEqual([]);
});

test("quotes no message that is no longer printed", () => {
  const all = [...byFile.values()].flat();
  const stale = lines.filter(
    (line) => !ofOthers.includes(line) && !all.some((message) => quotes(line, message)),
  );
  expect(stale).toEqual([]);
});

test("has an entry for each file that refuses or warns", () => {
  const exempt = Object.values(withoutEntry).flat();
  const quoted = (messages: string[]) =>
    lines.some((line) => messages.some((message) => quotes(line, message)));
  const missing = [...byFile].flatMap(([file, messages]) => (quoted(messages) ? [] : [file]));
  expect(missing.filter((file) => !exempt.some((each) => file.startsWith(each)))).toEqual([]);
  expect(exempt.filter((each) => !missing.some((file) => file.startsWith(each)))).toEqual([]);
});
