import { describe, expect, test } from "vitest";
import { clientDefaults } from "../../provider/api/settings";
import { configKeys } from "../../provider/config/settingNames";
import { limits, resolveSettings, type Settings, SettingsError } from "../../provider/config/settings";

const key = "CANARY-key-0123456789";
const organizationId = "72e9cf24-be8c-4f15-9aa2-813281fb98fe";
const config = { "sftptogo:apiKey": key, "sftptogo:organizationId": organizationId };

function settingsOf(given: Record<string, string>, environment: Record<string, string> = {}): Settings {
  const settings = resolveSettings(given, environment);
  if (settings instanceof SettingsError) throw settings;
  return settings;
}

/** What is wrong, in one text; the key is never in it. */
function problemsOf(given: Record<string, string>, environment: Record<string, string> = {}): string {
  const error = resolveSettings(given, environment);
  if (!(error instanceof SettingsError)) throw new Error("Nothing is wrong.");
  expect(`${error.message} ${error.stack} ${JSON.stringify(error)}`).not.toContain("CANARY");
  return error.message;
}

test("key and organization are enough; the rest are the documented defaults", () => {
  expect(settingsOf(config)).toEqual({
    apiKey: key,
    organizationId,
    ...clientDefaults,
    preflight: true,
    warnBeforeDays: 14,
  });
});

test("the keys of the configuration are the documented ones", () => {
  expect(configKeys).toEqual([
    "sftptogo:explicit",
    "sftptogo:apiKey",
    "sftptogo:organizationId",
    "sftptogo:baseUrl",
    "sftptogo:maxRetries",
    "sftptogo:requestTimeoutSeconds",
    "sftptogo:operationTimeoutSeconds",
    "sftptogo:maxConcurrency",
    "sftptogo:preflight",
    "sftptogo:warnBeforeDays",
  ]);
});

describe("what is missing", () => {
  test("is named with the command that sets it", () => {
    expect(problemsOf({})).toBe(
      "the API key is missing: set it with `pulumi config set --secret sftptogo:apiKey` or in the " +
        "environment as SFTPTOGO_API_KEY; the organization id is missing: set it with `pulumi config set " +
        "sftptogo:organizationId <id>` (it is in the address bar of your dashboard) or in the environment as " +
        "SFTPTOGO_ORGANIZATION_ID",
    );
  });

  test("is also what is empty", () => {
    expect(
      problemsOf({ "sftptogo:apiKey": "", "sftptogo:organizationId": "" }, { SFTPTOGO_API_KEY: "" }),
    ).toBe(problemsOf({}));
  });

  test("is asked of the Provider's arguments, where there is one", () => {
    expect(problemsOf({ "sftptogo:explicit": "true" })).toBe(
      'the Provider\'s apiKey is missing: pass one, e.g. { apiKey: config.requireSecret("euApiKey") }; ' +
        "the Provider's organizationId is missing: pass the id from the address bar of your dashboard",
    );
  });
});

describe("the environment", () => {
  test("fills in what the stack leaves open", () => {
    const environment = {
      SFTPTOGO_API_KEY: key,
      SFTPTOGO_ORGANIZATION_ID: organizationId,
      SFTPTOGO_BASE_URL: "http://127.0.0.1:8080",
    };
    expect(settingsOf({}, environment)).toMatchObject({
      apiKey: key,
      organizationId,
      baseUrl: "http://127.0.0.1:8080",
    });
  });

  test("wins with its key", () => {
    expect(settingsOf(config, { SFTPTOGO_API_KEY: "rotated" }).apiKey).toBe("rotated");
  });

  test("may say what the stack says", () => {
    const baseUrl = "https://gateway.example.com";
    const environment = { SFTPTOGO_ORGANIZATION_ID: organizationId, SFTPTOGO_BASE_URL: baseUrl };
    expect(settingsOf({ ...config, "sftptogo:baseUrl": baseUrl }, environment)).toMatchObject({ baseUrl });
  });

  test("may not contradict the stack's organization", () => {
    const environment = { SFTPTOGO_ORGANIZATION_ID: "120ffd28-f115-7ce2-abc4-1e168c57c88a" };
    expect(problemsOf(config, environment)).toBe(
      "SFTPTOGO_ORGANIZATION_ID contradicts the stack's sftptogo:organizationId (120ffd28-f115-7ce2-abc4-" +
        "1e168c57c88a against 72e9cf24-be8c-4f15-9aa2-813281fb98fe): unset the one, or change the other with " +
        "`pulumi config set sftptogo:organizationId <value>`",
    );
  });

  test("may not contradict the stack's base URL, which is not shown", () => {
    const environment = { SFTPTOGO_BASE_URL: "https://user:CANARY@api.example.com" };
    expect(problemsOf({ ...config, "sftptogo:baseUrl": "https://api.sftptogo.com" }, environment)).toBe(
      "SFTPTOGO_BASE_URL contradicts the stack's sftptogo:baseUrl: unset the one, or change the other with " +
        "`pulumi config set sftptogo:baseUrl <value>`",
    );
  });

  test("has no say where there is an explicit Provider", () => {
    const environment = {
      SFTPTOGO_API_KEY: "other",
      SFTPTOGO_ORGANIZATION_ID: "other",
      SFTPTOGO_BASE_URL: "https://other.example.com",
    };
    expect(settingsOf({ ...config, "sftptogo:explicit": "true" }, environment)).toMatchObject({
      apiKey: key,
      organizationId,
      baseUrl: "https://api.sftptogo.com",
    });
    expect(problemsOf({ "sftptogo:explicit": "true" }, environment)).toContain("apiKey is missing");
  });
});

describe("an unfit value", () => {
  test.each([
    ["apiKey", "CANARY\n", "sftptogo:apiKey must not contain a line break"],
    ["apiKey", "CANARY é", "sftptogo:apiKey must contain only ASCII characters, and no spaces"],
    [
      "organizationId",
      "..",
      "sftptogo:organizationId must be the plain id from the address bar of the dashboard",
    ],
    ["baseUrl", "http://api.sftptogo.com", "sftptogo:baseUrl must begin with https://"],
    [
      "baseUrl",
      "https://user:CANARY@api.sftptogo.com",
      "sftptogo:baseUrl must not contain a user name or password",
    ],
  ])("of %s is named where it stands: %j", (name, value, problem) => {
    expect(problemsOf({ ...config, [`sftptogo:${name}`]: value })).toContain(problem);
  });

  test.each([
    ["SFTPTOGO_API_KEY", "CANARY\n", "must not contain a line break"],
    ["SFTPTOGO_ORGANIZATION_ID", "a/b", "must be the plain id"],
    ["SFTPTOGO_BASE_URL", "ftp://localhost", "must begin with https://"],
  ])("in the environment is named as %s", (name, value, problem) => {
    const { "sftptogo:organizationId": _, ...open } = config;
    const environment = { SFTPTOGO_ORGANIZATION_ID: organizationId, [name]: value };
    expect(problemsOf(open, environment)).toMatch(new RegExp(`^${name} ${problem}`));
  });

  test("of a Provider is named as its argument", () => {
    const explicit = { ...config, "sftptogo:explicit": "true", "sftptogo:organizationId": "a/b" };
    expect(problemsOf(explicit)).toMatch(/^the Provider's organizationId must be the plain id/);
  });

  test("is told together with all others", () => {
    const problems = problemsOf({ "sftptogo:apiKey": "CANARY\n", "sftptogo:maxRetries": "many" });
    expect(problems.split("; ")).toHaveLength(3);
  });
});

describe("numbers", () => {
  test.each(Object.entries(limits))("%s may be at either end of its range", (name, { minimum, maximum }) => {
    expect(settingsOf({ ...config, [`sftptogo:${name}`]: String(minimum) })).toMatchObject({
      [name]: minimum,
    });
    expect(settingsOf({ ...config, [`sftptogo:${name}`]: String(maximum) })).toMatchObject({
      [name]: maximum,
    });
  });

  test.each(
    Object.entries(limits).flatMap(([name, { minimum, maximum, whole }]) =>
      [String(minimum - 0.001), String(maximum + 1), "many", "NaN", ...(whole ? ["2.5"] : [])].map(
        (text) => [name, text, minimum, maximum, whole] as const,
      ),
    ),
  )("%s may not be %s", (name, text, minimum, maximum, whole) => {
    expect(problemsOf({ ...config, [`sftptogo:${name}`]: text })).toBe(
      `sftptogo:${name} is "${text}": give a ${whole ? "whole " : ""}number from ${minimum} to ${maximum}`,
    );
  });

  test("of seconds may be fractions", () => {
    expect(settingsOf({ ...config, "sftptogo:requestTimeoutSeconds": "0.5" }).requestTimeoutSeconds).toBe(
      0.5,
    );
  });
});

describe("preflight", () => {
  test("may be switched off", () => {
    expect(settingsOf({ ...config, "sftptogo:preflight": "false" }).preflight).toBe(false);
  });

  test("may be nothing else", () => {
    expect(problemsOf({ ...config, "sftptogo:preflight": "no" })).toBe(
      'sftptogo:preflight is "no": give true or false',
    );
  });
});
