/** A policy pack on the real `@pulumi/policy`, asked by its own protocol as the engine asks it. */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import {
  AnalyzeRequest,
  type AnalyzeResponse,
  AnalyzerResourceOptions,
} from "@pulumi/pulumi/proto/analyzer_pb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Kind, typeToken } from "../../../provider/protocol/kinds";
import { newest, project, root } from "./compiler";

// Through the SDK, since both are its dependencies and not ours.
const ofSdk = createRequire(join(root, "node_modules/@pulumi/pulumi/package.json"));
const { credentials } = ofSdk("@grpc/grpc-js");
const { Struct } = ofSdk("google-protobuf/google/protobuf/struct_pb");

const folder = project();
let pack: ChildProcess;
let client: AnalyzerClient;

beforeAll(async () => {
  const source = readFileSync(join(folder, "policies.ts"), "utf8");
  const { outputText } = newest.transpileModule(source, {
    compilerOptions: { module: newest.ModuleKind.CommonJS, target: newest.ScriptTarget.ES2022 },
  });
  writeFileSync(join(folder, "policies.js"), outputText);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "partners", version: "1.0.0" }));
  pack = spawn(process.execPath, ["policies.js"], { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
  // The pack prints the port that it listens on.
  const port = await new Promise<string>((resolve, reject) => {
    pack.stdout?.once("data", (text) => resolve(String(text).trim()));
    pack.once("exit", (code) => reject(new Error(`The policy pack ended with ${code}.`)));
  });
  client = new AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure());
});

afterAll(() => {
  client?.close();
  pack?.kill();
});

/** What the pack reports on a resource, by the policy's name. */
async function reportsOn(kind: Kind, properties: { [key: string]: string | number | string[] }) {
  const request = new AnalyzeRequest();
  request.setType(typeToken(kind));
  request.setName("acme");
  request.setUrn(`urn:pulumi:dev::shop::${typeToken(kind)}::acme`);
  request.setOptions(new AnalyzerResourceOptions());
  request.setProperties(Struct.fromJavaScript(properties));
  const response = await new Promise<AnalyzeResponse>((resolve, reject) =>
    client.analyze(request, (error, answer) => (error ? reject(error) : resolve(answer))),
  );
  return response
    .getDiagnosticsList()
    .map((each) => `${each.getPolicyname()}: ${each.getMessage().split("\n").at(-1)}`);
}

test.each<[Kind, Parameters<typeof reportsOn>[1], string[]]>([
  [
    "Credential",
    { permission: "full", homeDirectory: "/acme" },
    ["credential: full access: /acme", "any-kind: full access, by asType"],
  ],
  ["SshPublicKey", { sshPublicKeyBody: "ssh-rsa AAAA" }, ["ssh-public-key: an RSA key"]],
  [
    "SshPublicKeySet",
    { sshPublicKeyBodies: ["ssh-ed25519 AAAA", "ssh-rsa AAAA"] },
    ["ssh-public-key-set: an RSA key in a set"],
  ],
  ["Webhook", { topics: ["file.created"] }, ["webhook: no header for file.created"]],
  ["ShareLink", { path: "/a" }, ["share-link: no end for /a", "any-kind: a share link, by isType"]],
  ["PasswordRotation", { credentialId: "x" }, ["password-rotation: older than a quarter"]],
])("a policy for %s sees it, and no other does", async (kind, properties, reports) => {
  expect(await reportsOn(kind, properties)).toEqual(reports);
});

test("what is as the policies ask for is let through", async () => {
  expect(await reportsOn("Credential", { permission: "read-only" })).toEqual([]);
});
