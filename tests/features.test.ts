/**
 * Which test tells what a feature does to a resource: the faults that people found were where two features meet. Each cell
 * names a test, which has to be there and to be of that resource, or says why there is none.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { kinds } from "../provider/protocol/kinds";

const resources = [...kinds, "RotatingCredential"] as const;
type Resource = (typeof resources)[number];

/** A file of the tests and a part of a title in it. `subjects`: where the file has its resources from. */
interface Told {
  readonly file: string;
  readonly title: string;
  readonly subjects?: string;
}
type Cell = Told | string;
type Row = Partial<Readonly<Record<Resource, Cell>>> & { readonly others?: Cell };

const byEngine = (title: string): Told => ({ file: "engine/features.test.ts", title });
const inLife = (title: string): Told => ({
  file: "lifecycle/describeLifecycle/turns.ts",
  title,
  subjects: "lifecycle/describeLifecycle/subjects.ts",
});
const byRule = (title: string): Told => ({ file: "rules/rules.test.ts", title, subjects: "rules/cases.ts" });
const byMocks = (title: string): Told => ({
  file: "resources/rotatingCredential/rotatingCredential.test.ts",
  title,
});
const byExport = (title: string): Told => ({ file: "commands/export/command.test.ts", title });

const features: Readonly<Record<string, Row>> = {
  import: {
    RotatingCredential: {
      file: "engine/rotatingCredential.test.ts",
      title: "a partner's login is taken over",
    },
    others: inLife("is taken over by the import option without a write"),
  },
  export: {
    SshPublicKeySet: "Keys are written one by one: a set is the program's own choice.",
    CredentialRotation: "No organization shows which of its logins take turns.",
    RotatingCredential: "No organization shows which of its logins take turns.",
    others: { file: "commands/export/seams.test.ts", title: "is what can be changed in place" },
    ShareLink: { ...byExport("declares what a person would"), subjects: "commands/export/organization.ts" },
  },
  "export of what a stack lacks": {
    SshPublicKeySet: byExport("leaves out the keys that a set in the stack manages"),
    PasswordRotation: byExport("writes no rotation of a login that the stack rotates by itself or in turn"),
    CredentialRotation: byExport("writes no rotation of a login that the stack rotates by itself or in turn"),
    RotatingCredential: "Its parts are in the state, and not itself.",
    others: byExport("leaves out what a stack manages, and its names"),
    ShareLink: {
      ...byExport("leaves out what a stack manages, and its names"),
      subjects: "commands/export/organization.ts",
    },
  },
  audit: {
    SshPublicKeySet: { file: "rules/rules.test.ts", title: "not-managed: a set manages every key" },
    PasswordRotation: { file: "commands/audit/remedies.small.test.ts", title: "is found, mended by an up" },
    CredentialRotation: { ...byRule("B2 a rotating credential"), subjects: "rules/rules.test.ts" },
    RotatingCredential: "B2 judges its parts, which are what the audit sees: see CredentialRotation.",
    others: byRule("is found by the audit, and nothing beside it"),
  },
  policies: {
    SshPublicKeySet: { file: "rules/rules.test.ts", title: "by the policy" },
    PasswordRotation: "No rule is about its arguments.",
    CredentialRotation: "No rule is about its arguments.",
    RotatingCredential: "A policy judges its parts.",
    others: byRule("is reported by its policy in the same words"),
  },
  mocks: {
    CredentialRotation: byMocks("two credentials of the same arguments"),
    RotatingCredential: byMocks("two credentials of the same arguments"),
    others: { file: "mocks.test.ts", title: "reads the mocks' outputs" },
  },
  functions: {
    SshPublicKeySet: "getSshPublicKeys reads its keys.",
    PasswordRotation: "It is no object of the API.",
    CredentialRotation: "It is no object of the API.",
    RotatingCredential: "getCredential reads its logins.",
    others: {
      file: "functions/invoke.test.ts",
      title: "without configuration fails with the commands that set it",
    },
  },
  "explicit provider": { others: byEngine("an explicit provider makes, changes and removes every resource") },
  ".get": {
    RotatingCredential: "A component has none.",
    others: inLife("is read by .get, and left alone; one that is not there is an error"),
  },
  transformations: { others: byEngine("a transformation changes arguments of every resource") },
  ignoreChanges: {
    CredentialRotation: "The component makes it, and hands no such option on.",
    RotatingCredential: "A component has no changes of its own.",
    others: byEngine("ignoreChanges leaves every argument that it names as it is"),
  },
  protect: { others: byEngine("protect keeps every resource from a destroy") },
  retainOnDelete: { others: byEngine("retainOnDelete leaves every object where it is") },
  aliases: { others: byEngine("aliases keep every object where its resource has another name") },
  parent: { others: byEngine("parent moves every resource below a component") },
  "--target and --exclude": { others: byEngine("--target makes, and --exclude leaves out") },
  "--continue-on-error": { others: byEngine("--continue-on-error makes what does not depend on a failure") },
  taint: { others: byEngine("a taint replaces every resource") },
  "state move": { others: byEngine("state move takes every resource to another stack") },
  refresh: {
    RotatingCredential: byEngine("--run-program refreshes and destroys every resource"),
    others: inLife("is made again after it was removed behind Pulumi's back"),
  },
  "earlier states": {
    RotatingCredential: "Its parts are in the state, and not itself.",
    others: {
      file: "lifecycle/earlierStates.small.test.ts",
      title: "every kind is in the program that the states are written with",
      subjects: "../provider/protocol/kinds.ts",
    },
  },
  "--run-program": { others: byEngine("--run-program refreshes and destroys every resource") },
  "update plans": { others: byEngine("a saved plan of every resource is what up does") },
  hooks: {
    CredentialRotation: "The component makes it, and hands no hooks on.",
    RotatingCredential: "A component hands no hooks on to its parts.",
    others: byEngine("hooks are called before and after each change of every resource"),
  },
  replaceOnChanges: { others: byEngine("replaceOnChanges changes nothing") },
  deletedWith: { others: byEngine("deletedWith leaves the delete of every resource to that of another") },
};

const cells = Object.entries(features).flatMap(([feature, row]) =>
  resources.map((resource) => ({ feature, resource, cell: row[resource] ?? row.others })),
);
const textOf = (file: string) => readFileSync(join(__dirname, file), "utf8");

/** The component makes both of a rotation's kinds; a test of one of them is a test of what the other does there. */
const wordsOf: Partial<Readonly<Record<Resource, RegExp>>> = {
  CredentialRotation: /CredentialRotation|RotatingCredential/,
};

describe.each(Object.keys(features))("%s", (feature) => {
  test.each(cells.filter((each) => each.feature === feature))(
    "of a $resource is told by a test, or why there is none",
    ({ resource, cell }) => {
      if (typeof cell === "string") {
        expect(cell).toMatch(/^\S.{10,}\.$/);
        return;
      }
      const { file = "", title = "", subjects = file } = cell ?? {};
      expect(textOf(file)).toContain(title);
      expect(textOf(subjects)).toMatch(wordsOf[resource] ?? new RegExp(`(?:\\b|get|add)${resource}s?\\b`));
    },
  );
});

test("sentences fill a fifth of the cells at most", () => {
  const sentences = cells.filter(({ cell }) => typeof cell === "string");
  expect(sentences.length).toBeLessThanOrEqual(cells.length / 5);
  expect(sentences.length).toBeGreaterThan(0);
});
