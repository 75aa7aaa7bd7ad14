/** Functions take the options of any Pulumi function; errors have guards. */
import * as pulumi from "@pulumi/pulumi";
import * as sftptogo from "pulumi-sftptogo";

const config = new pulumi.Config();
const eu = new sftptogo.Provider("eu", {
  apiKey: config.requireSecret("euApiKey"),
  organizationId: "120ffd28-f115-7ce2-abc4-1e168c57c88a",
  baseUrl: config.get("baseUrl"),
  maxRetries: config.getNumber("maxRetries"),
  preflight: pulumi.output(config.getBoolean("preflight")),
});

class Partner extends pulumi.ComponentResource {
  readonly login: pulumi.Output<string>;

  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("acme:Partner", name, {}, opts);
    const credential = new sftptogo.Credential(name, {}, { parent: this });
    const found = sftptogo.getCredentialOutput(
      { id: credential.id },
      { parent: this, dependsOn: [credential] },
    );
    this.login = found.userName;
  }
}
export const partner = new Partner("acme", { providers: [eu] });

export const waited = sftptogo.getCredentialsOutput({ dependsOn: partner, provider: eu, async: true });
export const promised = sftptogo.getWebhooksOutput({ dependsOn: Promise.resolve([partner]) });
export const unset = sftptogo.getShareLinksOutput({
  provider: undefined,
  parent: undefined,
  dependsOn: undefined,
  includeSecrets: undefined,
});
export const host: pulumi.Output<string> = sftptogo.getCredentialOutput({ alias: "Acme" }).host;

/** A user's own helper passes on what Pulumi's own types say. */
export async function idle(opts: pulumi.InvokeOptions): Promise<string[]> {
  const credentials: sftptogo.GetCredentialsResult = await sftptogo.getCredentials(opts);
  return credentials.filter((each) => each.sshPublicKeysCount === 0).map((each) => each.userName);
}
export function idleOutput(opts: pulumi.InvokeOutputOptions): pulumi.Output<number> {
  return sftptogo.getCredentialsOutput(opts).apply((credentials) => credentials.length);
}

export async function passwordOf(args: sftptogo.GetCredentialArgs): Promise<string | undefined> {
  try {
    const found: sftptogo.GetCredentialResult = await sftptogo.getCredential(args, { includeSecrets: true });
    return found.password;
  } catch (error) {
    if (sftptogo.NotFoundError.isInstance(error)) return undefined;
    if (sftptogo.SettingsError.isInstance(error))
      throw new Error(`Check the configuration: ${error.message}`);
    if (sftptogo.SftpToGoError.isInstance(error) && error.status === 503) return passwordOf(args);
    throw error;
  }
}

export async function others(credentialId: string): Promise<void> {
  const keys: sftptogo.GetSshPublicKeysResult = await sftptogo.getSshPublicKeys({ credentialId });
  const hook: sftptogo.GetWebhookResult = await sftptogo.getWebhook({ id: "x" });
  const hooks: sftptogo.GetWebhooksResult = await sftptogo.getWebhooks({ provider: eu });
  const link: sftptogo.GetShareLinkResult = await sftptogo.getShareLink({ id: "x" });
  const links: sftptogo.GetShareLinksResult = await sftptogo.getShareLinks();
  const expiry: number | null = link.expiresAt;
  // Closed values narrow, and leave room for what the service may add.
  if (hook.state === "paused" || link.state === "removed" || hook.type === "a type of tomorrow") return;
  console.log(keys.length, hooks.length, links.length, expiry, eu.urn);
}

export function isOurs(resource: unknown): boolean {
  return sftptogo.Credential.isInstance(resource) || sftptogo.Provider.isInstance(resource);
}
