/**
 * The program tells the provider processes of its update what it declares. The engine asks nothing about what
 * `--target` or `--exclude` leaves out, and without this a provider would delete what such a resource still has.
 */
import * as pulumi from "@pulumi/pulumi";
import type { Plain } from "../values/plain";
import { kept } from "./hidden";
import type { Shape } from "./registration";
import { type UpdateLog, updateLog } from "./update";

/** What the objects of a kind are told by. */
export interface Marks {
  /** The arguments that have to be known. */
  readonly keys: readonly string[];
  of(values: Plain): readonly string[];
  /** What the provider's memory knows an object by. Default: its id. */
  objectId?(id: string): string;
}

/** By the engine's address: an inline program of the Automation API has one for each of its updates. */
const logs = new Map<string, UpdateLog>();

function logOfUpdate(): UpdateLog | undefined {
  const address = engineAddress();
  if (!address || pulumi.runtime.isDryRun()) return undefined;
  let log = logs.get(address);
  if (log === undefined) {
    log = updateLog(address, false);
    logs.set(address, log);
  }
  return log;
}

/** What the SDK was started with; it has no typed way to ask. */
function engineAddress(): string | undefined {
  const { getStore } = require("@pulumi/pulumi/runtime/state") as {
    getStore(): { readonly settings: { readonly options: { readonly engineAddr?: string } } };
  };
  return getStore().settings.options.engineAddr;
}

/** The resource that is about to be registered: at once by its URN, and by its arguments as soon as they are known. */
export function announce({ kind, marks }: Shape, urn: string, args: Plain, importId: unknown): void {
  const log = logOfUpdate();
  if (log === undefined || marks === undefined) return;
  log.write(["declared", log.hash(urn), kind]);
  const values = [importId, ...marks.keys.map((key) => args[key])];
  whenKnown(values, ([id, ...known]) => {
    const { objectId = (own: string) => own } = marks;
    const byArguments = marks.of(Object.fromEntries(marks.keys.map((key, index) => [key, known[index]])));
    const all = typeof id === "string" ? [objectId(id), ...byArguments] : byArguments;
    log.write(["marked", log.hash(urn), ...all.map(log.hash)]);
  });
}

/** The resource that has just been registered: what the state has of it, once the engine has said so. */
export function announceRegistered({ marks }: Shape, urn: string, resource: pulumi.CustomResource): void {
  const log = logOfUpdate();
  if (log === undefined || marks === undefined) return;
  const outputs = resource as unknown as Readonly<Record<string, unknown>>;
  const { objectId = (own: string) => own } = marks;
  whenKnown([resource.id, outputs[kept.entry], outputs.keyIds], ([id, entry, keyIds]) => {
    if (typeof id !== "string" || id === "") return;
    const keys = Array.isArray(keyIds) ? keyIds.map((keyId) => `${id}/${keyId}`) : [];
    const ids = [objectId(id), ...keys].map(log.hash);
    log.write(["has", log.hash(urn), typeof entry === "string" ? entry : "", ...ids]);
  });
}

/** Calls back at once where nothing has to be waited for. What is never known is never told. */
function whenKnown(values: readonly unknown[], tell: (known: readonly unknown[]) => void): void {
  const isPending = (value: unknown) => typeof value === "object" && value !== null;
  if (!values.some(isPending)) {
    tell(values);
    return;
  }
  // Not through `apply`, which makes some twenty promises of a resource's forty.
  const promised = values.map((value) => {
    if (!isPending(value)) return value;
    return (pulumi.output(value) as unknown as { promise(): Promise<unknown> }).promise();
  });
  void Promise.all(promised).then(tell, () => {});
}
