/**
 * Every sentence that a user can see, in one file to be read in one go: tests/messages.txt. A new or changed one
 * shows in its diff; `vitest run tests/messages.test.ts --update` writes it anew.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";

const root = resolve(__dirname, "../provider");

/** Shorter ones are names, values and paths. */
const fewestWords = 3;

function sourceFiles(): string[] {
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .sort();
}

/** The sentences of a file in the order in which they stand, with `{…}` for what is put in. */
function sentencesIn(name: string): string[] {
  const text = readFileSync(join(root, name), "utf8");
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  visit(source);
  return found;

  function visit(node: ts.Node): void {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isTypeNode(node)) return;
    const sentence = textOf(node);
    if (sentence !== undefined) {
      if (sentence.split(/\s+/).length >= fewestWords) found.push(sentence);
      return;
    }
    ts.forEachChild(node, visit);
  }
}

/** A string, a template, or several of them joined by `+`. */
function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node)) {
    return node.templateSpans.reduce(
      (text, { expression, literal }) =>
        `${text}{${expression.getText().replace(/\s+/g, " ")}}${literal.text}`,
      node.head.text,
    );
  }
  if (ts.isParenthesizedExpression(node)) return textOf(node.expression);
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const [left, right] = [textOf(node.left), textOf(node.right)];
    if (left === undefined && right === undefined) return undefined;
    return (left ?? `{${node.left.getText()}}`) + (right ?? `{${node.right.getText()}}`);
  }
  return undefined;
}

test("all sentences are those of messages.txt, which somebody has read", async () => {
  const sections = sourceFiles().flatMap((name) => {
    const sentences = sentencesIn(name);
    const title = relative(root, join(root, name));
    return sentences.length === 0
      ? []
      : [`# ${title}\n\n${sentences.map((each) => `- ${each}`).join("\n")}\n`];
  });
  await expect(sections.join("\n")).toMatchFileSnapshot("messages.txt");
});
