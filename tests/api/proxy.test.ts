import { describe, expect, test } from "vitest";
import { ProxySettingError, proxyFor } from "../../provider/api/proxy";

const api = new URL("https://api.sftptogo.com/organizations");
const proxy = "http://proxy.example:3128";
const found = { protocol: "http", host: "proxy.example", port: 3128 };

// What curl's manual says under ENVIRONMENT and for --proxy and --noproxy.
describe("the variables", () => {
  test.each([
    [{}],
    [{ https_proxy: "" }],
    [{ http_proxy: proxy }],
    [{ HTTP_PROXY: proxy }],
    [{ https_proxy: "", HTTPS_PROXY: "", all_proxy: "", ALL_PROXY: "" }],
  ])("name no proxy for https: %j", (environment) => {
    expect(proxyFor(api, environment)).toBe(false);
  });

  test.each([
    [{ https_proxy: proxy }],
    [{ HTTPS_PROXY: proxy }],
    [{ all_proxy: proxy }],
    [{ ALL_PROXY: proxy }],
    [{ https_proxy: proxy, HTTPS_PROXY: "http://other.example" }],
    [{ https_proxy: "", HTTPS_PROXY: proxy }],
    [{ HTTPS_PROXY: proxy, all_proxy: "http://other.example" }],
    [{ https_proxy: "", HTTPS_PROXY: "", ALL_PROXY: proxy }],
  ])("name the proxy, the lower case before the upper one and the scheme's before all: %j", (environment) => {
    expect(proxyFor(api, environment)).toEqual(found);
  });
});

describe("the proxy", () => {
  test.each([
    ["proxy.example:3128", found],
    ["proxy.example", { ...found, port: 1080 }],
    ["http://proxy.example", { ...found, port: 1080 }],
    ["http://proxy.example/", { ...found, port: 1080 }],
    ["http://proxy.example:80", { ...found, port: 80 }],
    ["proxy.example:80", { ...found, port: 80 }],
    [
      "http://DOMAIN\\user:pw@proxy.example:80",
      { ...found, port: 80, auth: { username: "DOMAIN\\user", password: "pw" } },
    ],
    [
      "DOMAIN\\user:pw@proxy.example:80",
      { ...found, port: 80, auth: { username: "DOMAIN\\user", password: "pw" } },
    ],
    ["http://user:1@proxy.example:80/", { ...found, port: 80, auth: { username: "user", password: "1" } }],
    ["http://user:80@proxy.example", { ...found, port: 1080, auth: { username: "user", password: "80" } }],
    ["https://proxy.example", { ...found, protocol: "https", port: 443 }],
    ["https://proxy.example:443", { ...found, protocol: "https", port: 443 }],
    ["HTTPS://proxy.example:8443", { ...found, protocol: "https", port: 8443 }],
    ["http://[2001:db8::1]", { protocol: "http", host: "[2001:db8::1]", port: 1080 }],
    ["http://[2001:db8::1]:80", { protocol: "http", host: "[2001:db8::1]", port: 80 }],
  ])("%s is an address, with curl's ports", (https_proxy, address) => {
    expect(proxyFor(api, { https_proxy })).toEqual(address);
  });

  test.each([
    ["http://ops:p%40ss%3A@proxy.example:3128", { username: "ops", password: "p@ss:" }],
    ["ops@proxy.example:3128", { username: "ops", password: "" }],
    ["http://ops:100%@proxy.example:3128", { username: "ops", password: "100%" }],
  ])("%s has a login, decoded where it is encoded", (https_proxy, auth) => {
    expect(proxyFor(api, { https_proxy })).toEqual({ ...found, auth });
  });

  test.each([
    "socks5://CANARY@proxy.example",
    "socks5h://CANARY@proxy.example:1080",
    "http://ops:CANARY@:3128",
  ])("%s is refused, and what it says is not repeated", (https_proxy) => {
    const find = () => proxyFor(api, { https_proxy });
    expect(find).toThrow(ProxySettingError);
    expect(find).not.toThrow("CANARY");
  });
});

describe("no_proxy", () => {
  const isDirect = (no_proxy: string, host = "api.sftptogo.com") =>
    proxyFor(new URL(`https://${host}/x`), { https_proxy: proxy, no_proxy }) === false;

  test.each([
    "*",
    "api.sftptogo.com",
    "API.SFTPTOGO.COM",
    "api.sftptogo.com.",
    "sftptogo.com",
    ".sftptogo.com",
    "localhost, sftptogo.com",
    "localhost sftptogo.com",
    "localhost,,sftptogo.com,",
    "api.sftptogo.com:443",
  ])("%j has api.sftptogo.com", (noProxy) => {
    expect(isDirect(noProxy)).toBe(true);
  });

  test.each([
    "",
    " ",
    "togo.com",
    "com.sftptogo",
    "xapi.sftptogo.com",
    "api.sftptogo.com:8443",
    "10.0.0.0/8",
  ])("%j does not have it", (noProxy) => {
    expect(isDirect(noProxy)).toBe(false);
  });

  test.each([
    ["192.168.1.1", "192.168.1.1"],
    ["192.168.0.0/16", "192.168.1.1"],
    ["192.168.1.1/32", "192.168.1.1"],
    ["2001:db8::1", "[2001:db8::1]"],
    ["[2001:db8::1]", "[2001:db8::1]"],
    ["2001:db8::/32", "[2001:db8::1]"],
  ])("%s has the address %s", (noProxy, host) => {
    expect(isDirect(noProxy, host)).toBe(true);
  });

  test.each([
    ["192.168.1.2", "192.168.1.1"],
    ["192.169.0.0/16", "192.168.1.1"],
    ["2001:db9::/32", "[2001:db8::1]"],
    ["2001:db8::/32", "192.168.1.1"],
    ["168.1.1", "192.168.1.1"],
  ])("%s does not have the address %s", (noProxy, host) => {
    expect(isDirect(noProxy, host)).toBe(false);
  });

  test("in the lower case wins, unless it is empty", () => {
    const ask = (environment: Record<string, string>) =>
      proxyFor(api, { https_proxy: proxy, ...environment });
    expect(ask({ no_proxy: "localhost", NO_PROXY: "*" })).toEqual(found);
    expect(ask({ no_proxy: "", NO_PROXY: "*" })).toBe(false);
    expect(ask({ NO_PROXY: "*" })).toBe(false);
  });
});
