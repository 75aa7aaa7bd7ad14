/** The settings, where each came from, and whether they lead to the organization. */

import { SftpToGoError, UnavailableError } from "../../api/errors";
import { ProxySettingError, proxyFor } from "../../api/proxy";
import { clockTolerance } from "../../api/serviceClock";
import { configKeys, type SettingName, settingNames } from "../../config/settingNames";
import {
  type Environment,
  environmentNames,
  limits,
  resolveSettings,
  type Settings,
  SettingsError,
  settingDefaults,
} from "../../config/settings";
import { nearest } from "../../values/nearest";
import { clientOf } from "../client";
import { type Check, ok, problem, unknown, warning } from "./check";
import { type Failure, readConfiguration, type StackConfiguration } from "./pulumi";
import { hidden, withoutSecrets } from "./secrets";

export async function checkService(folder: string, environment: Environment): Promise<Check[]> {
  const read = await readConfiguration(folder, configKeys);
  const stack = "failure" in read ? undefined : read;
  const config = stack?.config ?? {};
  const settings = resolveSettings(config, environment);
  const baseUrl =
    config["sftptogo:baseUrl"] || environment[environmentNames.baseUrl] || settingDefaults.baseUrl;
  const checks: Check[] = [checkStack(read), checkKey(read, environment), checkProxy(baseUrl, environment)];
  let confirmed: string | undefined;
  // The key in the environment does without the stack's, but without the stack's address it would go elsewhere.
  const lacksMore = [...(stack?.secret ?? [])].some((key) => key !== "sftptogo:apiKey" && !(key in config));
  if (stack?.locked && (lacksMore || settings instanceof SettingsError)) {
    checks.push(unknown("settings", "not all of them can be read", stack.locked.remediation));
  } else if (settings instanceof SettingsError) {
    checks.push(
      "failure" in read
        ? unknown("settings", notRead, read.remediation)
        : problem("settings", "something is missing or wrong", settings.message),
    );
  } else {
    const access = await checkAccess(settings);
    if (access.isReached) confirmed = settings.organizationId;
    checks.push(...access.checks);
  }
  checks.push(...settingNames.flatMap((name) => described(name, stack, environment, confirmed)));
  checks.push(...misspelled(stack));
  const secrets = secretsIn(stack, environment, confirmed);
  return checks.map((check) => withoutSecrets(check, secrets));
}

/** Whatever a stack has that could not be read is not missing yet. */
const notRead = "not known: the stack's configuration is not read";

function checkStack(read: StackConfiguration | Failure): Check {
  const name = "stack";
  if ("failure" in read) {
    return warning(name, `its configuration is not read: ${read.failure}`, read.remediation);
  }
  const { stack, locked } = read;
  if (locked === undefined) return ok(name, stack);
  const judge = locked.stopsUp ? problem : warning;
  return judge(name, `${stack}, and its secrets do not open: ${locked.failure}`, locked.remediation);
}

/** Where a setting comes from; `undefined` where only its default counts. A secret that does not open has no value. */
function sourceOf(name: SettingName, stack: StackConfiguration | undefined, environment: Environment) {
  const key = `sftptogo:${name}`;
  const inside = stack?.config[key];
  const isSecret = stack?.secret.has(key) ?? false;
  const isInside = inside !== "" && (inside !== undefined || isSecret);
  const variable = isInEnvironment(name) ? environmentNames[name] : undefined;
  const outside = variable && environment[variable];
  if (outside && (name === "apiKey" || !isInside)) {
    return { value: outside, source: `from ${variable}`, isSecret: false };
  }
  return isInside ? { value: inside, source: `from stack ${stack?.stack}`, isSecret } : undefined;
}

function isInEnvironment(name: SettingName): name is keyof typeof environmentNames {
  return name in environmentNames;
}

/** Never the key, nor a part of it. */
function checkKey(read: StackConfiguration | Failure, environment: Environment): Check {
  const name = "apiKey";
  const stack = "failure" in read ? undefined : read;
  const found = sourceOf(name, stack, environment);
  const inStack = stack?.config["sftptogo:apiKey"];
  const set = "`pulumi config set --secret sftptogo:apiKey`";
  if (inStack && !stack.secret.has("sftptogo:apiKey")) {
    return problem(
      name,
      `set, and in plain text in stack ${stack.stack}`,
      `make it a secret with ${set}, and renew it`,
    );
  }
  if (found && found.value === undefined && stack?.locked) {
    return unknown(name, `set, ${found.source}, and not read`, stack.locked.remediation);
  }
  if (found) return ok(name, `set, ${found.source}`);
  if ("failure" in read) return unknown(name, notRead, read.remediation);
  return problem(
    name,
    "not set",
    `run ${set}, or set ${environmentNames.apiKey}; only a program whose Providers are all explicit needs none`,
  );
}

/** Every other setting that somebody has set, with its value. */
function described(
  name: SettingName,
  stack: StackConfiguration | undefined,
  environment: Environment,
  confirmed: string | undefined,
): Check[] {
  if (name === "apiKey") return [];
  const found = sourceOf(name, stack, environment);
  // The defaults are in the documentation: nobody has to act on them.
  if (found === undefined) return [];
  const { value, isSecret, source } = found;
  const mayBeShown =
    value !== undefined && !isSecret && (value === confirmed || isHarmless[name]?.test(value));
  const shown = name === "baseUrl" && mayBeShown ? addressOf(value) : value;
  return [ok(name, `${mayBeShown ? shown : hidden}, ${source}`)];
}

/** Keys that are no settings and were probably meant as one: nothing else would say that they count for nothing. */
function misspelled(stack: StackConfiguration | undefined): Check[] {
  return (stack?.others ?? []).flatMap((key) => {
    const [namespace, name = ""] = key.split(":");
    // A project may well have an `apiKey` or a `baseUrl` of its own; its organization is of this service.
    const isWithoutNamespace =
      name === "organizationId" && stack?.config["sftptogo:organizationId"] === undefined;
    if (namespace !== "sftptogo" && !isWithoutNamespace) return [];
    const meant = nearest(name, settingNames);
    const remediation = meant ? `set sftptogo:${meant} if that is meant, and remove this one` : "remove it";
    return [warning(key, "no setting of pulumi-sftptogo", remediation)];
  });
}

/** An address without user name, password and query. */
function addressOf(text: string): string {
  if (!URL.canParse(text)) return "not a URL";
  const { protocol, host, pathname } = new URL(text);
  return `${protocol}//${host}${pathname.replace(/\/$/, "")}`;
}

function checkProxy(baseUrl: string, environment: Environment): Check {
  const name = "proxy";
  const set = ["HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "NODE_EXTRA_CA_CERTS"].filter(
    (each) => environment[each] || environment[each.toLowerCase()],
  );
  const also = set.length > 0 ? `; set: ${set.join(", ")}` : "";
  if (!URL.canParse(baseUrl) || new URL(baseUrl).protocol === "http:") return ok(name, `none${also}`);
  try {
    const proxy = proxyFor(new URL(baseUrl), environment);
    if (proxy === false) return ok(name, `none for ${new URL(baseUrl).host}${also}`);
    const { protocol, host, port, auth } = proxy;
    return ok(name, `${protocol}://${host}:${port}${auth ? ", with a password" : ""}${also}`);
  } catch (error) {
    if (!(error instanceof ProxySettingError)) throw error;
    return problem(name, `not usable${also}`, error.message);
  }
}

/** One GET, which also tells the service's time. */
async function checkAccess(settings: Settings): Promise<{ checks: Check[]; isReached: boolean }> {
  const client = clientOf({ ...settings, maxRetries: 0 });
  const failure = await client.listCredentials().then(
    () => undefined,
    (error: unknown) => error,
  );
  const now = Date.now();
  const checks = [
    failure === undefined ? ok("access", "the key reaches the organization") : refused(failure),
  ];
  const heard = client.lastHeard();
  if (heard !== undefined) checks.push(checkClock(now - heard));
  return { checks, isReached: failure === undefined };
}

function refused(error: unknown): Check {
  if (!SftpToGoError.isInstance(error)) throw error;
  const judge = UnavailableError.isInstance(error) ? unknown : problem;
  return judge("access", `none${error.status ? ` (HTTP ${error.status})` : ""}`, error.message);
}

function checkClock(ahead: number): Check {
  const seconds = Math.round(Math.abs(ahead) / 1_000);
  if (Math.abs(ahead) <= clockTolerance) return ok("clock", "agrees with the service's");
  const found = `${seconds} s ${ahead > 0 ? "ahead of" : "behind"} the service's`;
  return problem(
    "clock",
    found,
    "set this computer's clock, e.g. by NTP: rotations and expirations go by it",
  );
}

/**
 * All values that may be secret: the key, what the stack stores as a secret, and what is in the place of an
 * organization or a number without looking like one, since it may be the key.
 */
function secretsIn(
  stack: StackConfiguration | undefined,
  environment: Environment,
  confirmed: string | undefined,
): string[] {
  const secrets = new Set<string>();
  for (const name of settingNames) {
    const inside = stack?.config[`sftptogo:${name}`];
    const outside = isInEnvironment(name) ? environment[environmentNames[name]] : undefined;
    if (inside && stack?.secret.has(`sftptogo:${name}`)) {
      secrets.add(inside);
      // The proxy's line has a part of it.
      if (name === "baseUrl" && URL.canParse(inside)) secrets.add(new URL(inside).host);
    }
    for (const value of [inside, outside]) {
      if (value && value !== confirmed && !isHarmless[name]?.test(value)) secrets.add(value);
    }
  }
  return [...secrets];
}

/** What may be shown of a setting as it is. An address never is: `addressOf` leaves its user name and password out. */
const isHarmless: Readonly<Partial<Record<SettingName, RegExp>>> = {
  organizationId: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  ...Object.fromEntries(Object.keys(limits).map((name) => [name, /^[\d.]{1,6}$/])),
  preflight: /^(true|false)$/,
  baseUrl: /^/,
};
