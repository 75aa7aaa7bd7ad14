/**
 * What is under test, in process: the sources in vitest, the compiled package in `npm run faults`, which plain
 * Node runs. The one place that knows how handlers are put together.
 */
import { createRequire } from "node:module";
import type { Emulator, OperationName } from "../../../provider/emulator/index.js";
import type { KindProvider } from "../../../provider/lifecycle/process/guarded.js";
import type { Session, SessionOptions } from "../../../provider/lifecycle/process/session.js";
import type { Handlers } from "../../../provider/protocol/handlers.js";
import type { Kind } from "../../../provider/protocol/kinds.js";
import {
  type DialectName,
  type DialectOptions,
  dialectDescriptions,
  dialectNames,
  speaking,
} from "../dialects/catalog/index.ts";

export interface Product {
  /** A new provider process: everything in it shares one session. */
  newProcess(options: SessionOptions): (kind: Kind) => Handlers;
  startEmulator(options?: DialectOptions): Promise<Emulator>;
  /** What the resource classes mark as secret: the state file holds it as ciphertext. */
  secretsOf(kind: Kind): readonly string[];
  readonly operationNames: readonly OperationName[];
  readonly dialectNames: readonly DialectName[];
  readonly dialectDescriptions: Readonly<Record<DialectName, string>>;
}

const require = createRequire(import.meta.url);

/** A module of the package; in vitest from its source. */
async function load<T>(compiled: string, source: () => Promise<T>): Promise<T> {
  return process.env.VITEST === undefined ? (require(`../../../dist/${compiled}.js`) as T) : await source();
}

export async function loadProduct(): Promise<Product> {
  const { createSession } = await load(
    "lifecycle/process/session",
    () => import("../../../provider/lifecycle/process/session.js"),
  );
  const { guarded } = await load(
    "lifecycle/process/guarded",
    () => import("../../../provider/lifecycle/process/guarded.js"),
  );
  const { secretsOf } = await load(
    "lifecycle/fields/shape",
    () => import("../../../provider/lifecycle/fields/shape.js"),
  );
  const { fieldsOf, secretNames } = await load(
    "resources/fields",
    () => import("../../../provider/resources/fields.js"),
  );
  const { startEmulator, operationNames } = await load(
    "emulator/index",
    () => import("../../../provider/emulator/index.js"),
  );
  const { credentialProvider } = await load(
    "resources/credential/provider",
    () => import("../../../provider/resources/credential/provider.js"),
  );
  const { sshPublicKeyProvider } = await load(
    "resources/sshPublicKey/provider",
    () => import("../../../provider/resources/sshPublicKey/provider.js"),
  );
  const { webhookProvider } = await load(
    "resources/webhook/provider",
    () => import("../../../provider/resources/webhook/provider.js"),
  );
  const { shareLinkProvider } = await load(
    "resources/shareLink/provider",
    () => import("../../../provider/resources/shareLink/provider.js"),
  );
  const { passwordRotationProvider } = await load(
    "resources/passwordRotation/provider",
    () => import("../../../provider/resources/passwordRotation/provider.js"),
  );
  const { credentialRotationProvider } = await load(
    "resources/credentialRotation/provider",
    () => import("../../../provider/resources/credentialRotation/provider.js"),
  );
  const { sshPublicKeySetProvider } = await load(
    "resources/sshPublicKeySet/provider",
    () => import("../../../provider/resources/sshPublicKeySet/provider.js"),
  );
  const providers: Readonly<Record<Kind, (session: Session) => KindProvider>> = {
    Credential: credentialProvider,
    SshPublicKey: sshPublicKeyProvider,
    Webhook: webhookProvider,
    ShareLink: shareLinkProvider,
    PasswordRotation: passwordRotationProvider,
    CredentialRotation: credentialRotationProvider,
    SshPublicKeySet: sshPublicKeySetProvider,
  };
  return {
    startEmulator: (options = {}) => startEmulator(speaking(options)),
    operationNames,
    dialectNames,
    dialectDescriptions,
    secretsOf: (kind) => secretsOf(fieldsOf[kind]),
    newProcess(options) {
      const session = createSession({ secretNames, note: () => {}, ...options });
      const made = new Map<Kind, Handlers>();
      return (kind) => {
        const handlers = made.get(kind) ?? guarded(session, providers[kind](session));
        made.set(kind, handlers);
        return handlers;
      };
    },
  };
}
