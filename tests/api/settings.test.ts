import { describe, expect, test } from "vitest";
import {
  clientDefaults,
  isSafeId,
  validateApiKey,
  validateBaseUrl,
  validateOrganizationId,
} from "../../provider/api/settings";

test("the defaults are the documented ones", () => {
  expect(clientDefaults).toEqual({
    baseUrl: "https://api.sftptogo.com",
    maxRetries: 3,
    requestTimeoutSeconds: 30,
    operationTimeoutSeconds: 120,
    maxConcurrency: 10,
  });
});

describe("a base URL", () => {
  test.each([
    "https://api.sftptogo.com",
    "https://api.sftptogo.com/",
    "https://gateway.example.com:8443/sftptogo/v1/",
    "http://localhost:8080",
    "http://127.0.0.1:8080/prefix",
    "http://127.9.9.9",
    "http://[::1]:8080",
  ])("may be %s", (url) => {
    expect(validateBaseUrl(url)).toBeUndefined();
  });

  test.each([
    ["", "URL like"],
    ["api.sftptogo.com", "URL like"],
    ["https://api.sftptogo.com\n", "URL like"],
    ["http://api.sftptogo.com", "https://"],
    ["http://localhost.example.com", "https://"],
    ["http://127.0.0.1.example.com", "https://"],
    ["http://10.0.0.1", "https://"],
    ["ftp://localhost", "https://"],
    ["file:///etc/passwd", "https://"],
    ["https://user:hunter22@api.sftptogo.com", "user name or password"],
    ["https://api.sftptogo.com?x=1", "query"],
    ["https://api.sftptogo.com/?", "query"],
    ["https://api.sftptogo.com/#x", "fragment"],
  ])("may not be %j", (url, reason) => {
    expect(validateBaseUrl(url)).toContain(reason);
    expect(validateBaseUrl(url)).not.toContain("hunter22");
  });
});

describe("an API key", () => {
  test("may be any visible ASCII", () => {
    expect(validateApiKey("AbC-123_~+/=")).toBeUndefined();
  });

  test.each([
    ["", "empty"],
    ["hunter22\r\nX-Evil: 1", "line break"],
    ["hunter22\n", "line break"],
    ["hunter22é", "ASCII"],
    ["hunter22 ", "spaces"],
    ["hunter22\u0000", "ASCII"],
  ])("may not be %j, and is not shown", (key, reason) => {
    expect(validateApiKey(key)).toContain(reason);
    expect(validateApiKey(key)).not.toContain("hunter22");
  });
});

describe("an id", () => {
  const plain = ["72e9cf24-be8c-4f15-9aa2-813281fb98fe", "BSsdas5CBscVy", "_x", "-x", "a.b~c"];
  const encodable = ["a%2fb", "a?b", "a#b", "a b", "ü", "a;b", "...", ".a"];
  const unsafe = ["", ".", "..", "a/b", "a\\b", "a\n", "a\u0000", "\ud83d"];

  test.each([...plain, ...encodable])("may be %j in a path, where it is encoded", (id) => {
    expect(isSafeId(id)).toBe(true);
  });

  test.each(unsafe)("may not be %j, which would change the path", (id) => {
    expect(isSafeId(id)).toBe(false);
  });

  test.each(plain)("of an organization may be %s", (id) => {
    expect(validateOrganizationId(id)).toBeUndefined();
  });

  test.each([...encodable, ...unsafe])("of an organization may not be %j", (id) => {
    expect(validateOrganizationId(id)).toContain("plain id");
  });
});
