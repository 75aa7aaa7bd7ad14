/** An organization that somebody has made by hand in the dashboard, on an emulator. */
import { startEmulator } from "pulumi-sftptogo/emulator";

export async function startOrganization() {
  const emulator = await startEmulator();
  const acme = emulator.data.addCredential({
    Alias: "Acme Incoming",
    UserName: "acme-incoming",
    HomeDirectory: "/partners/acme",
    Permission: "read-write",
  });
  emulator.data.addSshPublicKey({
    UserId: acme.Id,
    SshPublicKeyBody:
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDfT8S0pLMNwnMcV7MSgOwDEqGbCGCEfz2jTs1JPpPfv transfer@acme.example",
    Comment: "transfer@acme.example",
    Fingerprint: "",
    Type: "ed25519",
  });
  const arrivals = emulator.data.addWebhook({
    Alias: "arrivals",
    Url: "https://hooks.example.com/sftp/a-token-that-nobody-should-see",
    Topics: ["file.created"],
  });
  emulator.data.addShareLink({ Path: "/public/price-list.pdf", Permission: "read-only" });
  const environment = {
    SFTPTOGO_BASE_URL: emulator.url,
    SFTPTOGO_ORGANIZATION_ID: emulator.organizationId,
    SFTPTOGO_API_KEY: emulator.apiKey,
  };
  return { emulator, environment, webhookUrl: arrivals.Url };
}
