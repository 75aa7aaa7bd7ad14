/** The documentation as a reader meets it: its pages, with their links, anchors and blocks of code. */
import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import GithubSlugger from "github-slugger";
import MarkdownIt from "markdown-it";

export const root = join(import.meta.dirname, "../..");

export interface Block {
  /** What the fence says, e.g. `ts`. */
  readonly language: string;
  readonly text: string;
  /** The line of the page where its text begins. */
  readonly line: number;
  /** The file that it is, where the line before the block is just the file's name: `` `index.ts`: ``. */
  readonly file?: string;
}

export interface Page {
  /** From the root of the repository, e.g. `docs/guides/ci.md`. */
  readonly path: string;
  readonly text: string;
  readonly title: string;
  /** The first sentence below the title. */
  readonly summary: string;
  /** As GitHub makes them of headings. */
  readonly anchors: ReadonlySet<string>;
  readonly links: readonly string[];
  readonly blocks: readonly Block[];
  /** What is written as code within sentences. */
  readonly codes: readonly string[];
}

const markdown = new MarkdownIt({ html: true });

export function pageOf(path: string, text = readFileSync(join(root, path), "utf8")): Page {
  const slugger = new GithubSlugger();
  const anchors = new Set<string>();
  const links: string[] = [];
  const codes: string[] = [];
  const blocks: Block[] = [];
  const paragraphs: string[] = [];
  let title = "";
  const tokens = markdown.parse(text, {});
  for (const [index, token] of tokens.entries()) {
    if (token.type === "fence") {
      const [, file] = /^`(\S+\.\w+)`:$/.exec(tokens[index - 2]?.content ?? "") ?? [];
      const line = (token.map?.[0] ?? 0) + 2;
      blocks.push({ language: token.info, text: token.content, line, ...(file !== undefined && { file }) });
    }
    if (token.type !== "inline") continue;
    const parts = token.children ?? [];
    const plain = parts.map(({ type, content }) => (type === "softbreak" ? " " : content)).join("");
    const opening = tokens[index - 1];
    if (opening?.type === "heading_open") anchors.add(slugger.slug(plain));
    if (opening?.tag === "h1") title = plain;
    if (opening?.tag === "p") paragraphs.push(plain);
    for (const part of parts) {
      if (part.type === "link_open") links.push(String(part.attrGet("href")));
      if (part.type === "image") links.push(String(part.attrGet("src")));
      if (part.type === "code_inline") codes.push(part.content);
    }
  }
  const [summary = ""] = paragraphs[0]?.split(/(?<=\.) /) ?? [];
  return { path, text, title, summary, anchors, links, blocks, codes };
}

function markdownFilesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => posix.join(folder, name))
    .sort();
}

export const guides: readonly Page[] = markdownFilesIn("docs/guides").map((path) => pageOf(path));

/** What a user reads, and what somebody reads who works on the package. */
export const pages: readonly Page[] = [
  ...["README.md", "CONTRIBUTING.md", "docs/README.md"].map((path) => pageOf(path)),
  ...guides,
];

/** What else people read here, whose links are checked as well. */
export const otherPages: readonly Page[] = [
  ...["SECURITY.md", "CODE_OF_CONDUCT.md", ".changeset/README.md", "tests/fixtures/states/README.md"],
  ...markdownFilesIn("docs/reports"),
  ...markdownFilesIn("examples"),
].map((path) => pageOf(path));

export function guide(name: string): Page {
  const found = guides.find(({ path }) => path === `docs/guides/${name}.md`);
  if (found === undefined) throw new Error(`there is no docs/guides/${name}.md`);
  return found;
}

/** The program that a page has its reader write: all blocks of this file, those without a name for `index.ts`. */
export function programOf({ path, blocks }: Page, name = "index.ts"): string {
  const found = blocks.filter(({ language, file = "index.ts" }) => /^[tj]s$/.test(language) && file === name);
  if (found.length === 0) throw new Error(`${path} has no ${name}`);
  return found.map(({ text }) => text).join("");
}

/** The cells of the rows of the first table after a line of a page. */
export function tableAfter({ path, text }: Page, line: string): string[][] {
  const lines = text.split("\n");
  const start = lines.indexOf(line);
  if (start === -1) throw new Error(`${path} has no line "${line}"`);
  const rows = lines.slice(lines.findIndex((each, index) => index > start && /^\| *:?---/.test(each)) + 1);
  const end = rows.findIndex((each) => !each.startsWith("|"));
  return rows.slice(0, end === -1 ? undefined : end).map((row) =>
    row
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}
