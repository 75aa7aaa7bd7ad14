/** What the tests of the findings declare, and what a scene holds of it. */

import { type Declared, idOf } from "../harness/stage/program.js";
import { ed25519 } from "../resources/shared/keys.js";
import type { Scene } from "./scene.js";

export const login = (args: Declared["args"] = {}, name = "acme"): Declared => ({
  name,
  kind: "Credential",
  args: { userName: "acme-incoming", ...args },
});
export const hook = (args: Declared["args"] = {}, name = "hook"): Declared => ({
  name,
  kind: "Webhook",
  args: { url: "https://hooks.example.com/sftp", topics: ["file.created"], ...args },
});
export const link = (args: Declared["args"] = {}, name = "link"): Declared => ({
  name,
  kind: "ShareLink",
  args: { path: "/reports/", permission: "read-only", ...args },
});
export const key = (args: Declared["args"] = {}, name = "key"): Declared => ({
  name,
  kind: "SshPublicKey",
  args: { credentialId: idOf("acme"), sshPublicKeyBody: ed25519, ...args },
});
export const rotation = (args: Declared["args"] = {}): Declared => ({
  name: "rotation",
  kind: "PasswordRotation",
  args: { credentialId: idOf("acme"), ...args },
});
export function idIn(scene: Scene, name: string): string {
  return scene.engine.state.get(name)?.id ?? "";
}
