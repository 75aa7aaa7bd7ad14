/** A stage with the real Pulumi engine. Programs are data or, where a test needs more, TypeScript. */

import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { type StoredCredential, startEmulator } from "../../../provider/emulator/index.js";
import { type Kind, kinds } from "../../../provider/protocol/kinds.js";
import {
  type Config,
  createStack,
  type StateResource,
  type TestStack,
  unsealed,
} from "../../engine/stack.js";
import { type DialectOptions, speaking } from "../dialects/catalog/index.ts";
import { type Program, toSource } from "./program.js";
import type { Call } from "./recorder.js";
import { type Recorded, type Report, type Stage, type Step, takeWrites, type UpOptions } from "./stage.js";

export interface RealStage extends Stage {
  readonly stack: TestStack;
  /** Replaces the program by a text that stands below its imports. */
  write(program: string): Promise<void>;
  /** Moves the clock of the service and of all commands to come; a real wait would be as long as its margins. */
  passTime(milliseconds: number): Promise<void>;
  /** The only login beside root; it is an error if there are none or several. */
  login(): StoredCredential;
  /** The resource of this name in the state file; it is an error if it is not there once. */
  inState(name: string): Promise<StateResource>;
  /** The calls of handlers since the last call of this, for a stage with `records`. */
  calls(): Promise<Call[]>;
}

export interface RealStageOptions extends DialectOptions {
  /** Notes each call of a handler, and how it ended. */
  readonly records?: boolean;
  /** Further configuration of the stack. */
  readonly config?: Config;
}

/** A fresh emulator, and a stack with a program that is not run yet. */
export async function openRealStage(program = "", options: RealStageOptions = {}): Promise<RealStage> {
  let ahead = 0;
  const emulator = await startEmulator({ ...speaking(options), now: () => Date.now() + ahead });
  const stack = await createStack({
    program: withImports(program),
    config: {
      "sftptogo:baseUrl": emulator.url,
      "sftptogo:organizationId": emulator.organizationId,
      "sftptogo:apiKey": { secret: emulator.apiKey },
      ...options.config,
    },
    // For the event log.
    env: { PULUMI_DEBUG_COMMANDS: "true" },
  }).catch(async (error: unknown) => {
    await emulator.close();
    throw error;
  });
  const eventLog = join(stack.folder, "events.jsonl");
  const callLog = join(stack.folder, "calls.jsonl");
  if (options.records) {
    stack.preload(join(import.meta.dirname, "recorder.ts"));
    stack.env.STAGE_CALLS = callLog;
  }

  async function command(args: readonly string[]): Promise<Report> {
    const { all } = await stack.run([...args, "--event-log", eventLog]);
    const lines = await linesOf(eventLog);
    await rm(eventLog, { force: true });
    return reportOf(
      lines.map((line) => JSON.parse(line) as EngineEvent),
      all,
    );
  }

  async function withProgram(
    args: readonly string[],
    declared: Program,
    options: UpOptions,
  ): Promise<Report> {
    await stack.writeProgram(withImports(toSource(declared)));
    const forced = await Promise.all((options.replace ?? []).map(inState));
    const goingOn = options.continueOnError ? ["--continue-on-error"] : [];
    return command([...args, ...goingOn, ...forced.flatMap(({ urn }) => ["--replace", urn])]);
  }

  async function inState(name: string): Promise<StateResource> {
    const { resources = [] } = await stack.exportState();
    return single(resources.filter((resource) => resource.urn.endsWith(`::${name}`)));
  }

  return {
    emulator,
    stack,
    now: () => Date.now() + ahead,
    up: (declared, upOptions = {}) => withProgram(["up", "--yes", "--skip-preview"], declared, upOptions),
    preview: (declared, upOptions = {}) => withProgram(["preview", "--diff"], declared, upOptions),
    refresh: () => command(["refresh", "--yes", "--skip-preview"]),
    destroy: () => command(["destroy", "--yes", "--skip-preview"]),
    async state() {
      const { resources = [] } = await stack.exportState((sealedText) => JSON.parse(unsealed(sealedText)));
      return recordedOf(resources);
    },
    readableState: () => stack.stateText(),
    setOrganization: (id) => stack.setConfig({ "sftptogo:organizationId": id }),
    writes: () => takeWrites(emulator),
    write: (text) => stack.writeProgram(withImports(text)),
    async passTime(milliseconds) {
      ahead += milliseconds;
      await stack.setClock(ahead);
    },
    login: () => single([...emulator.data.credentials.values()].filter((each) => !each.IsDefault)),
    inState,
    async calls() {
      const lines = await linesOf(callLog);
      await rm(callLog, { force: true });
      return lines.map((line) => JSON.parse(line) as Call);
    },
    async [Symbol.asyncDispose]() {
      await stack.dispose();
      await emulator.close();
    },
  };
}

/** The parts of the engine's events that reports are made of. */
interface EngineEvent {
  readonly resOutputsEvent?: { readonly metadata: { readonly op: string; readonly urn: string } };
  readonly diagnosticEvent?: {
    readonly severity: string;
    readonly urn?: string;
    readonly message: string;
  };
}

/** The engine's operations as reports name them; others, such as the `replace` between two, are left out. */
const ops: Readonly<Record<string, Step["op"]>> = {
  create: "create",
  "create-replacement": "create",
  delete: "delete",
  "delete-replaced": "delete",
  update: "update",
  same: "same",
  read: "read",
};

function reportOf(events: readonly EngineEvent[], printed: string): Report {
  const failures = new Map<string, Error>();
  const steps: Step[] = [];
  for (const { resOutputsEvent, diagnosticEvent } of events) {
    if (resOutputsEvent !== undefined) {
      const op = ops[resOutputsEvent.metadata.op];
      const { urn } = resOutputsEvent.metadata;
      if (op !== undefined && isOurs(urn)) steps.push({ op, name: nameOf(urn) });
    }
    if (diagnosticEvent?.severity === "error") {
      // Without a resource it is a summary, or of a program that did not run.
      const { urn, message } = diagnosticEvent;
      if (urn) failures.set(nameOf(urn), new Error(message));
      else if (!/^(update|preview|destroy|refresh) failed\s*$/.test(message))
        failures.set("", new Error(message));
    }
  }
  return { failures, steps, killed: false, printed };
}

function recordedOf(resources: readonly StateResource[]): Map<string, Recorded> {
  const recorded = new Map<string, Recorded>();
  for (const each of resources) {
    const kind = kindOf(each.urn);
    if (kind === undefined || each.pendingReplacement || each.delete) continue;
    recorded.set(nameOf(each.urn), {
      kind,
      id: each.id ?? "",
      inputs: each.inputs ?? {},
      outputs: each.outputs ?? {},
      failed: (each.initErrors ?? []).length > 0,
      external: each.external ?? false,
      dependencies: (each.dependencies ?? []).map(nameOf),
    });
  }
  return recorded;
}

function isOurs(urn: string): boolean {
  return kindOf(urn) !== undefined;
}

function kindOf(urn: string): Kind | undefined {
  return kinds.find((kind) => urn.includes(`:dynamic/sftptogo:${kind}::`));
}

function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

async function linesOf(file: string): Promise<string[]> {
  const text = await readFile(file, "utf8").catch(() => "");
  return text.split("\n").filter((line) => line !== "");
}

function withImports(program: string): string {
  return `import * as pulumi from "@pulumi/pulumi";
import * as sftptogo from "pulumi-sftptogo";
${program}`;
}

function single<T>(items: readonly T[]): T {
  const [item, ...others] = items;
  if (item === undefined || others.length > 0) throw new Error(`there are ${items.length}, not one`);
  return item;
}
