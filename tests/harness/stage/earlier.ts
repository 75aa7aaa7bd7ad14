/** A stage with the small engine that goes on with the state of an earlier version: tests/fixtures/states. */
import { pbkdf2Sync } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Kind, kinds, typeToken } from "../../../provider/protocol/kinds.js";
import { isPlainObject, type Plain } from "../../../provider/values/plain.js";
import { files, restoreService, type Service, STATES_FOLDER, USED_AT } from "../../engine/earlierStates.js";
import { passphrase } from "../../engine/engine.js";
import { dataKeyOf, type StateResource, unsealed } from "../../engine/stack.js";
import { loadProduct } from "./product.js";
import { openSmallStage, type SmallStage } from "./small.js";
import type { Recorded } from "./stage.js";

export interface EarlierSmallStage extends SmallStage {
  /** The names of what the state holds, what waits for its replacement and what was on its way included. */
  readonly names: ReadonlySet<string>;
  /** The texts by which the state finds the package. */
  readonly stubs: ReadonlySet<string>;
}

interface ExportedStack {
  readonly deployment: {
    readonly resources: readonly StateResource[];
    readonly pending_operations?: readonly { readonly resource: StateResource }[];
  };
}

export async function openEarlierSmallStage(version: string, scene: string): Promise<EarlierSmallStage> {
  const read = (file: string) => readFile(join(STATES_FOLDER, version, scene, file), "utf8");
  const service = JSON.parse(await read(files.service)) as Service;
  const { organizationId, apiKey } = service;
  const stage = await openSmallStage({
    product: await loadProduct(),
    emulator: { organizationId, apiKey },
    startsAt: USED_AT,
  });
  restoreService(stage.emulator.data, service);

  const { engine, emulator } = stage;
  const reveal = secretsOf(await read(files.config));
  const text = (await read(files.state)).replaceAll(service.url, emulator.url);
  const { deployment } = JSON.parse(text, (_, value) => reveal(value)) as ExportedStack;
  const underway = deployment.pending_operations?.map(({ resource }) => resource) ?? [];
  const names = new Set<string>();
  const stubs = new Set<string>();
  for (const resource of [...deployment.resources, ...underway]) {
    const kind = kinds.find((each) => typeToken(each) === resource.type);
    if (kind === undefined) continue;
    const name = nameOf(resource.urn);
    names.add(name);
    if (underway.includes(resource)) continue;
    const recorded = recordedOf(kind, resource);
    stubs.add(String(resource.outputs?.__provider));
    if (resource.delete) engine.condemned.push({ name, recorded });
    else (resource.pendingReplacement ? engine.pendingReplacement : engine.state).set(name, recorded);
  }
  return { ...stage, names, stubs };
}

function recordedOf(kind: Kind, resource: StateResource): Recorded {
  const { id = "", inputs = {}, outputs = {}, external, initErrors, dependencies = [] } = resource;
  // The small engine has one text for all.
  const here = (values: Plain): Plain => ({ ...values, __provider: "the stub" });
  return {
    kind,
    id,
    inputs: here(inputs),
    outputs: here(outputs),
    failed: initErrors !== undefined && initErrors.length > 0,
    external: external ?? false,
    dependencies: dependencies.map(nameOf),
  };
}

function nameOf(urn: string): string {
  return urn.split("::").at(-1) ?? "";
}

/** Turns an encrypted secret into its value, as the engine does; leaves the rest alone. */
function secretsOf(config: string): (value: unknown) => unknown {
  const key = keyOf(config);
  return (value) =>
    isPlainObject(value) && typeof value.ciphertext === "string"
      ? (JSON.parse(unsealed(value.ciphertext, key)) as unknown)
      : value;
}

/** The first states go by a passphrase, later ones by a key that their configuration holds. */
function keyOf(config: string): Buffer {
  const [, encryptedKey] = /encryptedkey"?: *"?([^"\s]+)/.exec(config) ?? [];
  if (encryptedKey !== undefined) return dataKeyOf(encryptedKey);
  const [, salt = ""] = /^encryptionsalt: v1:([^:\s]+):/m.exec(config) ?? [];
  return pbkdf2Sync(passphrase, Buffer.from(salt, "base64"), 1_000_000, 32, "sha256");
}
