/** What the program declares, without an engine and without any API. */
import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";

pulumi.runtime.setMocks({
  newResource: ({ name, inputs }) => ({ id: `${name}-id`, state: { host: "host.example", ...inputs } }),
  call: ({ inputs }) => inputs,
});
const program = await import("./index.js");

function settled<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}

test("the partner reads and writes in its own folder", async () => {
  expect(await settled(program.acme.permission)).toBe("read-write");
  expect(await settled(program.acme.homeDirectory)).toBe("/partners/acme");
});

test("the partner logs in from its own network only", async () => {
  const rules = await settled(program.acme.inboundRules);
  expect(rules?.map((rule) => rule.source)).toEqual(["203.0.113.0/24"]);
});

test("the host is an output", async () => {
  expect(await settled(program.host)).toBe("host.example");
});
