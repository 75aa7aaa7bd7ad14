/** The API client of a command: settings from the environment, or those that `doctor` has found. */
import { type Client, createClient } from "../api/client";
import { type Environment, resolveSettings, type Settings, SettingsError } from "../config/settings";
import { secretNames } from "../resources/fields";

/** The client, and the organization and the address that the environment names. Throws `SettingsError`. */
export function clientFromEnvironment(environment: Environment): {
  readonly client: Client;
  readonly organizationId: string;
  readonly baseUrl: string;
} {
  const settings = resolveSettings(undefined, environment);
  if (settings instanceof SettingsError) {
    throw new SettingsError(
      `${settings.message}. This command reads the environment, not a stack's configuration.`,
    );
  }
  const { organizationId, baseUrl } = settings;
  return { client: clientOf(settings), organizationId, baseUrl };
}

/** The client of a command. */
export function clientOf(settings: Settings): Client {
  // Filled as lists are read, so that no failure repeats what they have shown.
  const knownSecrets = new Set<string>();
  return remembering(createClient(settings, { secretNames, knownSecrets }), knownSecrets);
}

/** A client that remembers the passwords that its list shows. */
function remembering(client: Client, knownSecrets: Set<string>): Client {
  return {
    ...client,
    async listCredentials() {
      const credentials = await client.listCredentials();
      for (const { Password } of credentials) if (Password) knownSecrets.add(Password);
      return credentials;
    },
  };
}
