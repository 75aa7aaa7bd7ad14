/**
 * Where the settings of a provider come from: the stack's configuration, the environment, or the arguments of
 * an explicit `Provider`.
 */
import {
  type ClientSettings,
  clientDefaults,
  validateApiKey,
  validateBaseUrl,
  validateOrganizationId,
} from "../api/settings";
import { isSameUrl } from "../values/addresses";
import { explicitMark, type RawConfig, type SettingName } from "./settingNames";

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Settings extends ClientSettings {
  /** Whether a preview already looks for a bad key and for names that are taken. Default true. */
  readonly preflight: boolean;
  /** How many days ahead a preview warns of what expires or falls due; 0: never. Default 14. */
  readonly warnBeforeDays: number;
}

/** Something is wrong with the settings; the text says what to type. */
export class SettingsError extends Error {
  /** The class's name, the same in every copy of the package. */
  override readonly name = "SettingsError";

  /** Whether a value is one of these errors, also one that another copy of the package threw. */
  static isInstance(value: unknown): value is SettingsError {
    return value instanceof Error && value.name === "SettingsError";
  }
}

/** The environment's part: the key wins over the stack's, the others only fill in what the stack leaves open. */
export const environmentNames = {
  apiKey: "SFTPTOGO_API_KEY",
  organizationId: "SFTPTOGO_ORGANIZATION_ID",
  baseUrl: "SFTPTOGO_BASE_URL",
} as const;

interface NumberSetting {
  readonly minimum: number;
  readonly maximum: number;
  readonly whole: boolean;
}

/** The range of each number, in the unit of its name. */
export const limits: Readonly<
  Record<
    "maxRetries" | "requestTimeoutSeconds" | "operationTimeoutSeconds" | "maxConcurrency" | "warnBeforeDays",
    NumberSetting
  >
> = {
  maxRetries: { minimum: 0, maximum: 10, whole: true },
  requestTimeoutSeconds: { minimum: 0.01, maximum: 600, whole: false },
  operationTimeoutSeconds: { minimum: 0.01, maximum: 3600, whole: false },
  maxConcurrency: { minimum: 1, maximum: 100, whole: true },
  warnBeforeDays: { minimum: 0, maximum: 365, whole: false },
};

/** What a setting is where nothing says otherwise. The key and the organization have no default. */
export const settingDefaults = { ...clientDefaults, preflight: true, warnBeforeDays: 14 } as const;

/**
 * The settings, or a list of what is wrong with them; no text holds the key. A command that has no stack gives
 * `undefined` for its configuration.
 */
export function resolveSettings(
  stackConfig: RawConfig | undefined,
  environment: Environment,
): Settings | SettingsError {
  const config = stackConfig ?? {};
  const explicit = config[explicitMark] === "true";
  const problems: string[] = [];
  const configured = (name: SettingName) => blankToUndefined(config[`sftptogo:${name}`]);
  const where = (name: SettingName) => (explicit ? `the Provider's ${name}` : `sftptogo:${name}`);

  const fromEnvironment = (name: keyof typeof environmentNames) =>
    explicit ? undefined : blankToUndefined(environment[environmentNames[name]]);
  const fillIn = (name: "organizationId" | "baseUrl") => {
    const stack = configured(name);
    const outside = fromEnvironment(name);
    if (stack !== undefined && outside !== undefined && !isSameSetting(name, stack, outside)) {
      problems.push(
        `${environmentNames[name]} contradicts the stack's sftptogo:${name}${name === "organizationId" ? ` (${outside} against ${stack})` : ""}: ` +
          `unset the one, or change the other with \`pulumi config set sftptogo:${name} <value>\``,
      );
    }
    return stack ?? outside;
  };
  const check = (
    name: keyof typeof environmentNames,
    value: string | undefined,
    reason: string | undefined,
  ) => {
    if (value === undefined || reason === undefined) return;
    problems.push(`${fromEnvironment(name) === value ? environmentNames[name] : where(name)} ${reason}`);
  };

  const apiKey = fromEnvironment("apiKey") ?? configured("apiKey");
  const organizationId = fillIn("organizationId");
  const baseUrl = fillIn("baseUrl") ?? settingDefaults.baseUrl;
  if (apiKey === undefined) {
    problems.push(
      explicit
        ? 'the Provider\'s apiKey is missing: pass one, e.g. { apiKey: config.requireSecret("euApiKey") }'
        : stackConfig === undefined
          ? "the API key is missing: set SFTPTOGO_API_KEY"
          : "the API key is missing: set it with `pulumi config set --secret sftptogo:apiKey` " +
            "or in the environment as SFTPTOGO_API_KEY",
    );
  }
  if (organizationId === undefined) {
    problems.push(
      explicit
        ? "the Provider's organizationId is missing: pass the id from the address bar of your dashboard"
        : stackConfig === undefined
          ? "the organization id is missing: set SFTPTOGO_ORGANIZATION_ID (it is in the address bar of your dashboard)"
          : "the organization id is missing: set it with `pulumi config set sftptogo:organizationId <id>` " +
            "(it is in the address bar of your dashboard) or in the environment as SFTPTOGO_ORGANIZATION_ID",
    );
  }
  check("apiKey", apiKey, apiKey === undefined ? undefined : validateApiKey(apiKey));
  check(
    "organizationId",
    organizationId,
    organizationId === undefined ? undefined : validateOrganizationId(organizationId),
  );
  check("baseUrl", baseUrl, validateBaseUrl(baseUrl));

  const number = (name: keyof typeof limits) => {
    const text = configured(name);
    if (text === undefined) return settingDefaults[name];
    const { minimum, maximum, whole } = limits[name];
    const value = Number(text);
    if (!(value >= minimum && value <= maximum) || (whole && !Number.isInteger(value))) {
      const kind = whole ? "a whole number" : "a number";
      problems.push(`${where(name)} is ${JSON.stringify(text)}: give ${kind} from ${minimum} to ${maximum}`);
    }
    return value;
  };
  const numbers = {
    maxRetries: number("maxRetries"),
    requestTimeoutSeconds: number("requestTimeoutSeconds"),
    operationTimeoutSeconds: number("operationTimeoutSeconds"),
    maxConcurrency: number("maxConcurrency"),
    warnBeforeDays: number("warnBeforeDays"),
  };
  const preflight = configured("preflight") ?? String(settingDefaults.preflight);
  if (preflight !== "true" && preflight !== "false") {
    problems.push(`${where("preflight")} is ${JSON.stringify(preflight)}: give true or false`);
  }

  if (problems.length > 0 || apiKey === undefined || organizationId === undefined) {
    return new SettingsError(problems.join("; "));
  }
  return { apiKey, organizationId, baseUrl, ...numbers, preflight: preflight === "true" };
}

/** Compared as values: neither the case of an id nor a slash at the end of a URL is a contradiction. */
function isSameSetting(name: "organizationId" | "baseUrl", a: string, b: string): boolean {
  return name === "baseUrl" ? isSameUrl(a, b) : a.toLowerCase() === b.toLowerCase();
}

function blankToUndefined(text: string | undefined): string | undefined {
  return text === undefined || text === "" ? undefined : text;
}
