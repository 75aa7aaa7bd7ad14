/**
 * The small engine is as good as the real one: the same lives on both, compared command by command, with every
 * call that the handlers got, in the order in which they got it.
 */
import { describe, expect, test } from "vitest";
import type { Emulator } from "../../provider/emulator/index.js";
import type { Kind } from "../../provider/protocol/kinds.js";
import { isPlainObject } from "../../provider/values/plain.js";
import { Names } from "../harness/stage/comparable.js";
import { loadProduct } from "../harness/stage/product.js";
import { type Declared, idOf, type Program } from "../harness/stage/program.js";
import { openRealStage } from "../harness/stage/real.js";
import { type Call, recorded } from "../harness/stage/recorder.js";
import { openSmallStage } from "../harness/stage/small.js";
import { changesOf, type Report, type Stage } from "../harness/stage/stage.js";

/** One command, and what happens on the server before it. */
interface Turn {
  readonly what: string;
  readonly before?: (emulator: Emulator) => void;
  readonly run: (stage: Stage) => Promise<Report>;
  /** Resources of one kind that do not depend on each other: their calls come in any order. */
  readonly inAnyOrder?: true;
}

const publicKey = (blob: string, comment = "transfer@acme.example") =>
  `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${blob}T8S0pLMNwnMcV7MSgOwDEqGbCGCEfz2jTs1JPpPfv ${comment}`;

const acme = (args: Declared["args"] = {}): Declared => ({
  name: "acme",
  kind: "Credential",
  args: { userName: "acme-incoming", permission: "read-write", ...args },
});
const key = (sshPublicKeyBody = publicKey("Df")): Declared => ({
  name: "key",
  kind: "SshPublicKey",
  args: { credentialId: idOf("acme"), sshPublicKeyBody },
});
const hook: Declared = {
  name: "hook",
  kind: "Webhook",
  args: { url: "https://hooks.example.com/sftp", topics: ["file.created"] },
};
const rotation = (triggers: number): Declared => ({
  name: "rotation",
  kind: "PasswordRotation",
  args: { credentialId: idOf("acme"), triggers },
});

const up = (what: string, program: Program, before?: Turn["before"], replace?: readonly string[]): Turn => ({
  what,
  run: (stage) => stage.up(program, replace && { replace }),
  ...(before && { before }),
});
const preview = (what: string, program: Program): Turn => ({ what, run: (stage) => stage.preview(program) });
const refresh = (what: string, before?: Turn["before"]): Turn => ({
  what,
  run: (stage) => stage.refresh(),
  ...(before && { before }),
});
const destroy: Turn = { what: "destroy", run: (stage) => stage.destroy() };
const refuse = (
  operation: "createCredential" | "updateCredential" | "updateInboundRules" | "removeSshPublicKey",
): Turn["before"] => {
  return (emulator) => emulator.addFault({ name: "status", status: 402, operation });
};
const addTwin = ({ data }: Emulator) => {
  data.addCredential({ Id: twin, UserName: "acme-incoming", Permission: "read-write" });
};
const twin = "4ddb2ea265b8eaf7680d20f0b26cf1";
const rules = { inboundRules: [{ source: "203.0.113.0/24" }] };

const otherOrganization = "5f9c6a1e-0000-4000-8000-000000000000";
async function refreshUnder(stage: Stage, organizationId: string): Promise<Report> {
  await stage.setOrganization(organizationId);
  return stage.refresh();
}
async function upUnder(stage: Stage, organizationId: string): Promise<Report> {
  await stage.setOrganization(organizationId);
  return stage.up([acme(), key()]);
}

const all = [acme(), key(), hook, rotation(1)];

const lives: Readonly<Record<string, readonly Turn[]>> = {
  "made, drifted and repaired, with inputs that change nothing, and deleted in reverse": [
    preview("preview of all", all),
    up("up", all),
    up("up again", all),
    refresh("refresh with drifted inputs", ({ data }) => {
      Object.assign(data.findCredential("acme-incoming") ?? {}, { Permission: "full" });
      for (const webhook of data.webhooks.values()) webhook.Topics = ["file.deleted"];
    }),
    preview("preview of the repair", all),
    up("up repairs", all),
    up("up with another comment, which is the same key", [acme(), key(publicKey("Df", "ops@acme.example"))]),
    up("up once more", [acme(), key(publicKey("Df", "ops@acme.example"))]),
    destroy,
  ],
  "replaced by an argument, and by force along with what depends on it": [
    up("up", all),
    preview("preview of another key and trigger", [acme(), key(publicKey("Ef")), hook, rotation(2)]),
    up("up with another key and trigger", [acme(), key(publicKey("Ef")), hook, rotation(2)]),
    up("up with the credential replaced by force", [acme(), key(publicKey("Ef"))], undefined, ["acme"]),
    refresh("refresh of what was removed", ({ data }) => data.sshPublicKeys.clear()),
    up("up makes it again", [acme(), key(publicKey("Ef"))]),
    destroy,
  ],
  "with a create that is saved as a failure, a failed update and a failed delete": [
    up("up fails halfway", [acme(rules), key()], refuse("updateInboundRules")),
    preview("preview", [acme(rules), key()]),
    refresh("refresh of the unfinished"),
    up("up finishes", [acme(rules), key()]),
    up("up fails in an update", [acme({ ...rules, alias: "Acme" }), key()], refuse("updateCredential")),
    up("up fails in a delete", [], refuse("removeSshPublicKey")),
    up("up updates", [acme({ ...rules, alias: "Acme" }), key()]),
    destroy,
  ],
  "with a replacement that fails between its halves": [
    up("up", [acme(), key()]),
    up("up fails after the delete", [acme(), key()], refuse("createCredential"), ["acme"]),
    refresh("refresh leaves it alone"),
    up("up makes it", [acme(), key()]),
    up("up fails after the delete again", [acme(), key()], refuse("createCredential"), ["acme"]),
    destroy,
  ],
  "under another organization, which a refresh knows of only after an up": [
    up("up", [acme(), key()]),
    { what: "refresh with the old configuration", run: (stage) => refreshUnder(stage, otherOrganization) },
    up("up under the other one", [acme({ alias: "Acme" }), key()]),
    refresh("refresh under the other one"),
    { what: "up under the old one", run: (stage) => upUnder(stage, stage.emulator.organizationId) },
    destroy,
  ],
  "adopted, renamed, read, and missing": [
    preview("preview of an import that does not match", [{ ...acme({ permission: "full" }), import: twin }]),
    up("up adopts", [{ ...acme(), import: twin }]),
    up("up without the option", [acme()]),
    up("up adopts it under another name", [{ ...acme(), name: "renamed", import: twin }]),
    {
      ...up("up reads it", [
        { ...acme(), name: "renamed" },
        { name: "read", kind: "Credential", args: {}, get: twin },
      ]),
      inAnyOrder: true,
    },
    up("up with another organization's", [{ name: "read", kind: "Credential", args: {}, get: `${twin}0` }]),
    destroy,
  ],
};
const prepare: Readonly<Record<string, (emulator: Emulator) => void>> = {
  "adopted, renamed, read, and missing": addTwin,
};

interface RecordingStage {
  readonly stage: Stage;
  calls(): Promise<readonly Call[]>;
}

async function small(): Promise<RecordingStage> {
  const calls: Call[] = [];
  const stage = await openSmallStage({
    product: await loadProduct(),
    wrap: (handlers, kind) => recorded(handlers, kind, (call) => calls.push(call)),
  });
  return { stage, calls: async () => calls.splice(0) };
}

async function real(): Promise<RecordingStage> {
  const stage = await openRealStage("", { records: true });
  return { stage, calls: () => stage.calls() };
}

/** What each command of a life came to. */
async function play(name: string, open: () => Promise<RecordingStage>): Promise<Record<string, unknown>> {
  const { stage, calls } = await open();
  await using _ = stage;
  const results: Record<string, unknown> = {};
  prepare[name]?.(stage.emulator);
  const names = new Names(stage.emulator);
  for (const { what, before, run, inAnyOrder } of lives[name] ?? []) {
    before?.(stage.emulator);
    const report = await run(stage);
    stage.emulator.clearFaults();
    names.notice();
    const state = await stage.state();
    const made = await calls();
    results[what] = names.comparable({
      failures: Object.fromEntries(
        [...report.failures].map(([name, { message }]) => [name, withoutFrame(message)]),
      ),
      // What does not depend on each other goes on at once, in any order.
      steps: report.steps.map(({ op, name }) => `${op} ${name}`).sort(),
      // A refresh asks for all at once.
      order: what.startsWith("refresh")
        ? []
        : changesOf(report).filter((change) => / (acme|key)$/.test(change)),
      calls: byKind(inAnyOrder ? sortedCalls(names.comparable(made)) : made),
      state: Object.fromEntries([...state].sort(([a], [b]) => a.localeCompare(b))),
    });
  }
  return results;
}

/** What a handler said, without the real engine's words around it. */
function withoutFrame(message: string): string {
  return message
    .trim()
    .replace(/^1 error occurred:\s+\* /, "")
    .replace(/^\S+ resource '[^']+' has a problem: /, "");
}

/** One resource of a kind at a time, so that the order of its calls is certain. */
function byKind(calls: readonly Call[]): Partial<Record<Kind, unknown[]>> {
  const sorted: Partial<Record<Kind, unknown[]>> = {};
  for (const { kind, ...call } of calls) {
    const plain: unknown = JSON.parse(JSON.stringify(call));
    sorted[kind] = [...(sorted[kind] ?? []), plain];
  }
  return sorted;
}

/** In an order that only what was called and answered decides, whatever the order in which it came. */
function sortedCalls(calls: unknown): readonly Call[] {
  const text = (call: unknown) =>
    JSON.stringify(call, (_, value: unknown) =>
      isPlainObject(value)
        ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
        : value,
    );
  return (calls as Call[]).toSorted((one, other) => (text(one) < text(other) ? -1 : 1));
}

describe("on the small engine and on the real one, a life", () => {
  test.each(Object.keys(lives))("%s", async (name) => {
    const expected = await play(name, real);
    const actual = await play(name, small);
    for (const what of Object.keys(expected))
      expect({ [what]: actual[what] }).toEqual({ [what]: expected[what] });
  });
});
