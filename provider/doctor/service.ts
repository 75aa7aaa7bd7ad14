/** The settings, where each came from, and whether they lead to the organization. */

import { SftpToGoError, UnavailableError } from "../api/errors";
import { ProxySettingError, proxyFor } from "../api/proxy";
import { configKeys, type SettingName, settingNames } from "../config/settingNames";
import {
  type Environment,
  environmentNames,
  limits,
  resolveSettings,
  type Settings,
  SettingsError,
  settingDefaults,
} from "../config/settings";
import { clientOf } from "../inventory/inventory";
import { type Check, ok, problem, unknown, warning } from "./check";
import { readConfiguration, type StackConfiguration } from "./pulumi";

/** How far this computer's clock may be off, in milliseconds. Answers' times have whole seconds. */
const tolerance = 5 * 60_000;

export async function checkService(folder: string, environment: Environment): Promise<Check[]> {
  // The environment's key wins: then the stack's stays encrypted.
  const isNeeded = (key: string) => key !== "sftptogo:apiKey" || !environment[environmentNames.apiKey];
  const read = await readConfiguration(folder, configKeys, isNeeded);
  const stack = "failure" in read ? undefined : read;
  const config = stack?.config ?? {};
  const settings = resolveSettings(config, environment);
  const baseUrl =
    config["sftptogo:baseUrl"] || environment[environmentNames.baseUrl] || settingDefaults.baseUrl;
  const checks: Check[] = [
    "failure" in read
      ? warning("stack", `its configuration is not read: ${read.failure}`, read.remediation)
      : ok("stack", read.stack),
    checkKey(stack, environment),
    checkProxy(baseUrl, environment),
  ];
  let confirmed: string | undefined;
  if (settings instanceof SettingsError) {
    // Whatever a stack has that could not be read is not missing yet.
    const judge = stack ? problem : unknown;
    checks.push(judge("settings", "something is missing or wrong", settings.message));
  } else {
    const access = await checkAccess(settings);
    if (access.isReached) confirmed = settings.organizationId;
    checks.push(...access.checks);
  }
  checks.push(...settingNames.flatMap((name) => described(name, stack, environment)));
  const secrets = secretsIn(stack, environment, confirmed);
  return checks.map((check) => withoutSecrets(check, secrets));
}

/** Where a setting comes from; `undefined` where only its default counts. */
function sourceOf(name: SettingName, stack: StackConfiguration | undefined, environment: Environment) {
  const variable = isInEnvironment(name) ? environmentNames[name] : undefined;
  const outside = variable && environment[variable];
  const inside = stack?.config[`sftptogo:${name}`];
  if (outside && (name === "apiKey" || !inside)) return { value: outside, source: `from ${variable}` };
  return inside ? { value: inside, source: `from stack ${stack?.stack}` } : undefined;
}

function isInEnvironment(name: SettingName): name is keyof typeof environmentNames {
  return name in environmentNames;
}

/** Never the key, nor a part of it. */
function checkKey(stack: StackConfiguration | undefined, environment: Environment): Check {
  const name = "apiKey";
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
  if (found) return ok(name, `set, ${found.source}`);
  const judge = stack ? problem : unknown;
  return judge(name, "not set", `run ${set}, or set ${environmentNames.apiKey}`);
}

/** Every other setting, with its value. */
function described(
  name: SettingName,
  stack: StackConfiguration | undefined,
  environment: Environment,
): Check[] {
  if (name === "apiKey") return [];
  const found = sourceOf(name, stack, environment);
  if (found === undefined) {
    return name === "organizationId" ? [] : [ok(name, `${settingDefaults[name]}, the default`)];
  }
  return [ok(name, `${name === "baseUrl" ? addressOf(found.value) : found.value}, ${found.source}`)];
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
  const also = set.length > 0 ? `; set are ${set.join(", ")}` : "";
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
  return judge("access", `no${error.status ? `: ${error.status}` : ""}`, error.message);
}

function checkClock(ahead: number): Check {
  const seconds = Math.round(Math.abs(ahead) / 1_000);
  if (Math.abs(ahead) <= tolerance) return ok("clock", "the service's");
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
  const secrets = new Set<string | undefined>();
  for (const name of settingNames) {
    const inside = stack?.config[`sftptogo:${name}`];
    const outside = isInEnvironment(name) ? environment[environmentNames[name]] : undefined;
    if (stack?.secret.has(`sftptogo:${name}`)) secrets.add(inside);
    for (const value of [inside, outside]) {
      if (value && value !== confirmed && !isHarmless[name]?.test(value)) secrets.add(value);
    }
  }
  const given = [...secrets].filter((each) => typeof each === "string");
  return given.filter((each) => each !== "").sort((a, b) => b.length - a.length);
}

/** Such as a key in the place of an id, which a message would repeat. */
function withoutSecrets(check: Check, secrets: readonly string[]): Check {
  const hide = (text: string) =>
    secrets.reduce((rest, secret) => rest.replaceAll(secret, "<not shown>"), text);
  return check.status === "ok"
    ? { ...check, found: hide(check.found) }
    : { ...check, found: hide(check.found), remediation: hide(check.remediation) };
}

/** What may be shown of a setting as it is. An address never is: `addressOf` leaves its user name and password out. */
const isHarmless: Readonly<Partial<Record<SettingName, RegExp>>> = {
  organizationId: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  ...Object.fromEntries(Object.keys(limits).map((name) => [name, /^[\d.]{1,6}$/])),
  preflight: /^(true|false)$/,
  baseUrl: /^/,
};
