/** The names that settings go by, loaded by the program's side too: nothing here needs the client. */

/** The keys of the stack's configuration, without `sftptogo:`. */
export const settingNames = [
  "apiKey",
  "organizationId",
  "baseUrl",
  "maxRetries",
  "requestTimeoutSeconds",
  "operationTimeoutSeconds",
  "maxConcurrency",
  "preflight",
  "warnBeforeDays",
] as const;
export type SettingName = (typeof settingNames)[number];

/** Configuration as the engine gives it: `sftptogo:apiKey` and the like, all texts. */
export type RawConfig = Readonly<Record<string, string | undefined>>;

/** In the configuration of an explicit `Provider`: the environment and the stack have no say. */
export const explicitMark = "sftptogo:explicit";

/** Every key that a provider reads of its configuration. */
export const configKeys: readonly string[] = [
  explicitMark,
  ...settingNames.map((name) => `sftptogo:${name}`),
];
