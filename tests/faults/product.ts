/** The compiled package, as `npm run faults` tests it. */
import { createRequire } from "node:module";
import type { Product } from "#world";

const load = createRequire(import.meta.url);

export const product: Product = {
  createSession: load("../../dist/lifecycle/session.js").createSession,
  forProcess: load("../../dist/engine/handlers.js").forProcess,
  startEmulator: load("../../dist/emulator/index.js").startEmulator,
  providers: {
    Credential: load("../../dist/credential/provider.js").credentialProvider,
    SshPublicKey: load("../../dist/sshPublicKey/provider.js").sshPublicKeyProvider,
    Webhook: load("../../dist/webhook/provider.js").webhookProvider,
    ShareLink: load("../../dist/shareLink/provider.js").shareLinkProvider,
    PasswordRotation: load("../../dist/passwordRotation/provider.js").passwordRotationProvider,
  },
};
