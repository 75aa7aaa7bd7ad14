/** A small organization, as somebody has made one by hand in the dashboard: to try things out, such as an export. */
import type { EmulatorData } from "./data";

export function addDemo(data: EmulatorData): void {
  const acme = data.addCredential({
    Alias: "Acme Incoming",
    UserName: "acme-incoming",
    HomeDirectory: "/partners/acme",
    Permission: "read-write",
  });
  data.addSshPublicKey({
    UserId: acme.Id,
    SshPublicKeyBody:
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDfT8S0pLMNwnMcV7MSgOwDEqGbCGCEfz2jTs1JPpPfv transfer@acme.example",
    Comment: "transfer@acme.example",
    Fingerprint: "",
    Type: "ed25519",
  });
  data.addWebhook({
    Alias: "arrivals",
    Url: "https://hooks.example.com/sftp/a-token-that-nobody-should-see",
    Topics: ["file.created"],
  });
  data.addShareLink({ Path: "/public/price-list.pdf", Permission: "read-only" });
}
