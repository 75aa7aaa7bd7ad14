/** The two indexes of the guides, from their titles and first sentences: one for people, one for machines. */
import { posix } from "node:path";
import type { Page } from "./pages.ts";

/** The guides in the order in which somebody needs them. One that is in no group comes last. */
const groups: Readonly<Record<string, readonly string[]>> = {
  Start: [
    "first-stack",
    "installing",
    "configuration",
    "take-over",
    "coming-from",
    "organizations",
    "upgrading",
  ],
  Use: [
    "resources",
    "functions",
    "rotation",
    "rotation-without-outage",
    "handing-passwords-on",
    "state-without-secrets",
    "ssh-keys",
    "webhooks",
  ],
  "Day to day": ["troubleshooting", "doctor", "ci", "policies-and-audit", "testing", "automation"],
  Background: ["guarantees", "how-it-works", "speed", "dependencies"],
};

const nameOf = ({ path }: Page) => posix.basename(path, ".md");

/** The groups that have a guide, with their guides. */
export function grouped(guides: readonly Page[]): [string, Page[]][] {
  const named = Object.values(groups).flat();
  const others = guides.map(nameOf).filter((name) => !named.includes(name));
  return Object.entries({ ...groups, More: others })
    .map(([group, names]): [string, Page[]] => [
      group,
      names.flatMap((name) => guides.filter((guide) => nameOf(guide) === name)),
    ])
    .filter(([, found]) => found.length > 0);
}

const linesOf = (found: readonly Page[], from: string) =>
  found
    .map(({ title, path, summary }) => `- [${title}](${posix.relative(from, path)}): ${summary}\n`)
    .join("");

const sections = (guides: readonly Page[], from: string) =>
  grouped(guides)
    .map(([group, found]) => `\n## ${group}\n\n${linesOf(found, from)}`)
    .join("");

/** docs/README.md. */
export function forPeople(guides: readonly Page[]): string {
  return `# Documentation

All guides. What the package is and a first program are in the [README](../README.md); \`npm run docs\` builds a site of
all of it, with a reference of every type, in \`docs/site\`.
${sections(guides, "docs")}`;
}

/** llms.txt, as https://llmstxt.org describes it. */
export function forMachines(readme: Page, guides: readonly Page[]): string {
  return `# ${readme.title}

> ${readme.summary}

Import it as \`import * as sftptogo from "pulumi-sftptogo"\`. It is a dynamic provider: there is no plugin, and every
argument is documented in the package's type declarations.

## Overview

- [README](README.md): What it is, how to see it run, a first program, and the table of resources.
${sections(guides, ".")}
## Optional

- [Contributing](CONTRIBUTING.md): How the sources are laid out, and how to add a field, a kind, a rule or a dialect.
- [Changelog](CHANGELOG.md): What changed in each version.
`;
}
