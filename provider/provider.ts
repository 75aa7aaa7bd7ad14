/**
 * The permanent entry of the engine's dynamic-provider process: every state file requires
 * `pulumi-sftptogo/provider` and calls `get` with a kind. Neither may ever change.
 *
 * @module pulumi-sftptogo/provider
 */

import { configKeys } from "./config/settingNames";
import { secretKeys } from "./lifecycle/fields/vocabulary";
import { guarded, type KindProvider } from "./lifecycle/process/guarded";
import { createSession, type Session } from "./lifecycle/process/session";
import type { Handlers } from "./protocol/handlers";
import type { Kind } from "./protocol/kinds";
import { sealing } from "./protocol/sealed";
import { fieldsOf, secretNames } from "./resources/fields";
import { warningOfRules } from "./rules/preview";

/** Loaded when a kind is first met: a stack without SSH keys never loads their parser. */
const providers: Readonly<Record<Kind, () => (session: Session) => KindProvider>> = {
  Credential: () =>
    (require("./resources/credential/provider") as typeof import("./resources/credential/provider"))
      .credentialProvider,
  SshPublicKey: () =>
    (require("./resources/sshPublicKey/provider") as typeof import("./resources/sshPublicKey/provider"))
      .sshPublicKeyProvider,
  Webhook: () =>
    (require("./resources/webhook/provider") as typeof import("./resources/webhook/provider"))
      .webhookProvider,
  ShareLink: () =>
    (require("./resources/shareLink/provider") as typeof import("./resources/shareLink/provider"))
      .shareLinkProvider,
  PasswordRotation: () =>
    (
      require("./resources/passwordRotation/provider") as typeof import("./resources/passwordRotation/provider")
    ).passwordRotationProvider,
  CredentialRotation: () =>
    (
      require("./resources/credentialRotation/provider") as typeof import("./resources/credentialRotation/provider")
    ).credentialRotationProvider,
  SshPublicKeySet: () =>
    (require("./resources/sshPublicKeySet/provider") as typeof import("./resources/sshPublicKeySet/provider"))
      .sshPublicKeySetProvider,
};

/** One process serves one set of credentials: the stack's, or one explicit `Provider`'s. */
const session = createSession({ secretNames });

/** The handlers of a kind, for the engine. */
export function get(kind: Kind): Handlers {
  const load = providers[kind];
  if (load === undefined) {
    throw new Error(`This version of pulumi-sftptogo does not know the kind "${kind}": install a newer one.`);
  }
  const handlers = guarded(session, warningOfRules(session, kind, load()(session)), async ({ config }) => {
    // The engine caches the handlers before it has waited for this: store at once, resolve later.
    session.configure(Object.fromEntries(configKeys.map((key) => [key, config.get(key)])));
  });
  return sealing(handlers, secretKeys(fieldsOf[kind]));
}
