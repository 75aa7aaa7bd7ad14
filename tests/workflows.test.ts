/** What holds for every workflow, ours and those of examples/ci, beside what actionlint knows; and for the forms. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";

interface Step {
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}
interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly "timeout-minutes"?: number;
  readonly needs?: string | readonly string[];
  readonly environment?: string;
  readonly env?: unknown;
  readonly steps: readonly Step[];
}
interface Workflow {
  readonly on: Readonly<Record<string, unknown>> | string;
  readonly permissions?: unknown;
  readonly env?: Readonly<Record<string, string>>;
  readonly concurrency?: { readonly group: string; readonly "cancel-in-progress": unknown };
  readonly jobs: Readonly<Record<string, Job>>;
}

const root = join(__dirname, "..");
const files = [".github/workflows", "examples/ci/.github/workflows"].flatMap((folder) =>
  readdirSync(join(root, folder)).map((name) => `${folder}/${name}`),
);
const textOf = (file: string) => readFileSync(join(root, file), "utf8");
const workflowOf = (file: string): Workflow => parse(textOf(file));
const stepsOf = (file: string) => Object.values(workflowOf(file).jobs).flatMap(({ steps }) => steps);

test("there are as many as the tests below look at", () => {
  expect(files).toHaveLength(7);
});

describe.each(files)("%s", (file) => {
  const { on, permissions, concurrency, env, jobs } = workflowOf(file);

  test("gives each job the permissions it needs and no others, a time limit, and no secrets but to a step", () => {
    expect(permissions).toEqual({});
    expect(JSON.stringify(env ?? {})).not.toContain("secrets.");
    for (const job of Object.values(jobs)) {
      expect(job.permissions).toBeDefined();
      expect(job["timeout-minutes"]).toBeGreaterThan(0);
      expect(job.env).toBeUndefined();
    }
  });

  test("pins each action by a commit, with its version beside it", () => {
    const lines = textOf(file).match(/uses: .*/g) ?? [];
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(line).toMatch(/^uses: [\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  test("runs no stranger's code with secrets, and puts no stranger's text into a command", () => {
    expect(JSON.stringify(on)).not.toMatch(/pull_request_target|workflow_run|issue_comment/);
    for (const { uses = "", run = "", with: inputs } of stepsOf(file)) {
      expect(run).not.toMatch(/\$\{\{/);
      if (uses.startsWith("actions/checkout@"))
        expect(inputs).toMatchObject({ "persist-credentials": false });
    }
  });

  test("says which of its runs wait for each other", () => {
    expect(concurrency?.group).toBeTruthy();
  });
});

test("every workflow takes the same commit of an action", () => {
  const pins = new Set(files.flatMap((file) => textOf(file).match(/uses: .*/g) ?? []));
  expect(new Set([...pins].map((line) => line.replace(/@.*/, ""))).size).toBe(pins.size);
});

describe("examples/ci", () => {
  const at = (name: string) => `examples/ci/.github/workflows/${name}.yml`;

  test("changes a stack in one run at a time, and cancels none", () => {
    expect(workflowOf(at("up")).concurrency).toEqual(workflowOf(at("nightly")).concurrency);
    expect(workflowOf(at("up")).concurrency?.["cancel-in-progress"]).toBe(false);
  });

  test("fails for a fork's pull request, whose secrets are empty, before anything of it runs", () => {
    const [first] = workflowOf(at("preview")).jobs.preview?.steps ?? [];
    expect(first).toMatchObject({ if: "github.event.pull_request.head.repo.full_name != github.repository" });
    expect(first?.run).toMatch(/::error::.*\nexit 1\n$/);
  });

  test("gives the key to the branch main only, but for previews", () => {
    for (const name of ["up", "nightly"]) {
      for (const job of Object.values(workflowOf(at(name)).jobs)) expect(job.environment).toBe("production");
    }
  });
});

test("a pull request needs a changeset, and the release's own cannot have one", () => {
  const step = stepsOf(".github/workflows/ci.yml").find(({ run }) => run?.startsWith("npx changeset status"));
  expect(step?.if).toContain("github.head_ref != 'changeset-release/main'");
});

describe("the release", () => {
  const { jobs } = workflowOf(".github/workflows/release.yml");

  test("publishes the file that was packed once and tested, and nothing else", () => {
    expect(jobs.test?.needs).toBe("pack");
    expect(jobs.publish?.needs).toEqual(["pack", "test"]);
    const commands = Object.entries(jobs).map(([name, job]) => [
      name,
      job.steps.map(({ run }) => run).join("\n"),
    ]);
    const jobsWith = (command: RegExp) =>
      commands.flatMap(([name, run]) => (command.test(run ?? "") ? [name] : []));
    expect(jobsWith(/npm pack/)).toEqual(["pack"]);
    expect(jobsWith(/npm run build/)).toEqual([]);
    expect(jobsWith(/npm publish \.\/tarball\/\*\.tgz --provenance/)).toEqual(["publish"]);
    expect(jobsWith(/sha256sum --check/)).toEqual(["publish"]);
    for (const name of ["test", "publish"]) {
      const download = jobs[name]?.steps.find(({ uses }) => uses?.startsWith("actions/download-artifact@"));
      expect(download?.with).toEqual({ name: "tarball", path: "tarball" });
    }
  });

  test("lets only the job that publishes ask npm for a token, and gives that one nothing to run but npm", () => {
    const mayAsk = Object.entries(jobs).filter(
      ([, { permissions }]) => permissions?.["id-token"] === "write",
    );
    expect(mayAsk.map(([name]) => name)).toEqual(["publish"]);
    expect(jobs.publish?.steps.some(({ uses }) => uses?.startsWith("actions/checkout@"))).toBe(false);
    expect(textOf(".github/workflows/release.yml")).not.toContain("secrets.");
  });
});

test("the form for a bug asks for what `doctor` prints, and security problems go elsewhere", () => {
  const { body } = parse(textOf(".github/ISSUE_TEMPLATE/bug.yml"));
  const doctor = body.find(({ id }: { readonly id?: string }) => id === "doctor");
  expect(doctor.attributes.label).toContain("`npx pulumi-sftptogo doctor`");
  expect(doctor.validations).toEqual({ required: true });
  const { blank_issues_enabled, contact_links } = parse(textOf(".github/ISSUE_TEMPLATE/config.yml"));
  expect(blank_issues_enabled).toBe(false);
  expect(contact_links[0].url).toMatch(/\/security\/advisories\/new$/);
});
