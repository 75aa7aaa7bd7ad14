import { describe, expect, test } from "vitest";
import { canonicalUrl, isSameUrl } from "../../provider/values/addresses";

describe("two URLs are one address", () => {
  test.each([
    ["https://Hooks.Example.COM/sftp", "https://hooks.example.com/sftp"],
    ["https://hooks.example.com", "https://hooks.example.com/"],
    ["https://hooks.example.com/sftp//", "https://hooks.example.com/sftp"],
    ["https://hooks.example.com:443/sftp", "https://hooks.example.com/sftp"],
    ["HTTPS://hooks.example.com/sftp", "https://hooks.example.com/sftp"],
    ["https://hooks.example.com/sftp/?a=1#b", "https://hooks.example.com/sftp?a=1#b"],
    [" https://hooks.example.com ", "https://hooks.example.com"],
    ["ops@example.com ", "ops@example.com"],
  ])("%j and %j", (a, b) => {
    expect(isSameUrl(a, b)).toBe(true);
    expect(isSameUrl(b, a)).toBe(true);
  });
});

describe("two URLs are not one address", () => {
  test.each([
    ["https://hooks.example.com/sftp", "https://hooks.example.com/SFTP"],
    ["https://hooks.example.com/sftp", "https://hooks.example.com/sftp?a=1"],
    ["https://hooks.example.com/sftp?a=1", "https://hooks.example.com/sftp?a=1/"],
    ["https://hooks.example.com:8443", "https://hooks.example.com"],
    ["https://hooks.example.com", "http://hooks.example.com"],
    ["https://user@hooks.example.com", "https://hooks.example.com"],
    ["https://hooks.example.com", "https://hooks.example.org"],
    ["ops@example.com", "ops@example.org"],
  ])("%j and %j", (a, b) => {
    expect(isSameUrl(a, b)).toBe(false);
  });
});

test("a string that is not a URL stays as it is, but for blanks around it", () => {
  expect(canonicalUrl("/Reports/ ")).toBe("/Reports/");
});
