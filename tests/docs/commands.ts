/** The commands that the pages have their reader type. */
import { execFileSync } from "node:child_process";
import { type Page, root } from "./pages.ts";

export interface Typed {
  /** Where it stands, for a failure's message. */
  readonly page: string;
  readonly words: readonly string[];
}

/** The commands of the pages' shell blocks, and those that a sentence names: `` `pulumi state delete` ``. */
export function commandsOf(pages: readonly Page[]): Typed[] {
  return pages.flatMap(({ path, blocks, codes }) => {
    const scripts = blocks.filter(({ language }) => shells.includes(language)).map(({ text }) => text);
    const named = codes.filter((code) => /^(?:npx pulumi-sftptogo|npm run|npm test|pulumi) ?\b/.test(code));
    return [...scripts, ...named].flatMap(commandsIn).map((words) => ({ page: path, words }));
  });
}

/** `console` is for what the test of a guide does not run with the rest of it. */
const shells: readonly string[] = ["sh", "console"];

function commandsIn(script: string): string[][] {
  return script
    .replace(/\\\n/g, " ")
    .split("\n")
    .map((line) => line.replace(/(?:^|\s)#.*$/, ""))
    .flatMap((line) => line.split(/&&|\|\||[;|]/))
    .map((command) => (command.match(/'[^']*'|"[^"]*"|\S+/g) ?? []).filter((word) => !/^[A-Z_]+=/.test(word)))
    .filter((words) => words.length > 0);
}

/** The long flags among words, without their values. */
export function flagsIn(words: readonly string[]): string[] {
  return words
    .filter((word) => word.startsWith("--") && word !== "--")
    .map((word) => word.replace(/=.*/, ""));
}

const helps = new Map<string, string>();

/** What `npx pulumi-sftptogo help …` prints, of the built package. */
export function helpOf(command: readonly string[]): string {
  const key = command.join(" ");
  const help =
    helps.get(key) ??
    execFileSync(process.execPath, ["dist/commands/main.js", "help", ...command], {
      cwd: root,
      encoding: "utf8",
    });
  helps.set(key, help);
  return help;
}
