/** The guide "Come from a dynamic provider of your own, or from Terraform", its commands run to the letter in one stack. */
import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type Emulator, startEmulator } from "pulumi-sftptogo/emulator";
import { expect, it, onTestFinished } from "vitest";
import { start } from "#process";
import { createStack, type TestStack } from "#stack";
import { storedObjects } from "./earlierStates.js";

const root = resolve(import.meta.dirname, "../..");

it("takes over what both made: nothing is written, nothing deleted, and no old code runs", async () => {
  const guide = await readFile(join(root, "docs/guides/coming-from.md"), "utf8");
  const [
    readState = "",
    writeProgram = "",
    forget = "",
    adopt = "",
    fromTerraform = "",
    leaveTerraform = "",
  ] = [...guide.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, text]) => text);
  const [oldClass = ""] = [...guide.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, text]) => text);

  const emulator = await startEmulator();
  onTestFinished(() => emulator.close());
  const { data } = emulator;
  const stack = await createStack({
    program: `${oldClass}${oldProgram("")}`,
    config: {
      "sftptogo:baseUrl": emulator.url,
      "sftptogo:organizationId": emulator.organizationId,
      "sftptogo:apiKey": { secret: emulator.apiKey },
    },
    env: {
      SFTPTOGO_BASE_URL: emulator.url,
      TYPED_KEY: emulator.apiKey,
      COMMAND: join(root, "dist/commands/main.js"),
    },
  });
  onTestFinished(() => stack.dispose());
  await stack.up();
  const terraform = terraformOf(emulator);
  await writeFile(join(stack.folder, "pulled.json"), JSON.stringify(terraform.state));
  // Nobody has these in any state.
  data.addCredential({ UserName: "made-by-hand" });
  data.addShareLink({ Path: "/by-hand/", Permission: "read-only" });
  const before = structuredClone(storedObjects(data));
  emulator.clearLedger();

  // One of the two takes the way without touching the state.
  await stack.writeProgram(`${oldClass}${oldProgram(", { retainOnDelete: true }")}`);
  await stack.up();

  await shell(stack, readState);
  const written = await shell(stack, writeProgram.replace("<organization>", emulator.organizationId));
  expect(written).toContain("3 resources take over what exists.");
  expect(await shell(stack, asPerson + fromTerraform)).toContain("3 resources take over what exists.");
  const parts = await Promise.all(
    ["takeover", "partners"].map((name) => readFile(join(stack.folder, name, "index.ts"), "utf8")),
  );
  const [first = "", second = ""] = parts.map((part) => part.replace(/^import .*\n/gm, ""));
  const imports = `import * as pulumi from "@pulumi/pulumi";\nimport * as sftptogo from "pulumi-sftptogo";\n`;
  await stack.writeProgram(`${imports}${first}${second}${dependent("{}")}`);

  // What the guide says to stop at.
  const early = (await stack.expect(["preview"])).stdout;
  expect(early.match(/^ - +pulumi-nodejs:dynamic:Resource \w+ delete *$/gm)).toHaveLength(2);
  expect(early).toMatch(/^ - +pulumi-nodejs:dynamic:Resource retained delete\[retain\] *$/m);

  // The one that another resource depends on cannot be forgotten, which the guide has in the engine's words.
  const { resources: known = [] } = await stack.exportState();
  const urn = known.find((each) => each.urn.endsWith("::retained"))?.urn ?? "";
  const { all } = await stack.expect(["state", "delete", "--yes", urn], { fails: true });
  for (const words of [
    "can't be safely deleted because the following resources depend on it",
    "--target-dependents",
  ]) {
    expect(all).toContain(words);
    expect(guide.replace(/\s+/g, " ")).toContain(words);
  }
  // All but that one are forgotten by hand.
  await shell(stack, forget.replace("done < urns.txt", "done < <(grep -v retained urns.txt)"));
  const adopted = await shell(stack, adopt);
  expect(adopted.match(/is taken over as it is/g)?.length).toBeGreaterThanOrEqual(6);
  expect(await shell(stack, asPerson + leaveTerraform)).toContain("Removed restapi_object.acme");
  expect(leaveTerraform).toContain(terraform.addresses.join(" "));

  expect(emulator.ledger.filter(({ method }) => method !== "GET")).toEqual([]);
  expect(storedObjects(data)).toEqual(before);
  const { resources = [] } = await stack.exportState();
  expect(resources.filter(({ type }) => type === "pulumi-nodejs:dynamic:Resource")).toEqual([]);
  expect(resources.filter(({ type }) => type.includes("sftptogo:")).map(({ id }) => id)).toHaveLength(6);
});

/** Two logins and a link, of which one login takes the other way. */
function oldProgram(options: string): string {
  const make = (name: string, collection: string, body: object, last = "") =>
    `new SftpObject("${name}", ${JSON.stringify({ collection, body })}${last});\n`;
  return [
    make("initech", "users", { UserName: "initech-incoming", Permission: "read-only" }),
    make("reports", "portal-links", { Type: "share", Path: "/reports/", Permission: "read-only" }),
    `const retained = ${make("retained", "users", { UserName: "globex-incoming", HomeDirectory: "/globex" }, options)}`,
    dependent("{ dependsOn: retained }"),
  ].join("");
}

/** What the password of one of them is handed on to. */
function dependent(options: string): string {
  return `class Shop extends pulumi.ComponentResource {}\nnew Shop("example:Shop", "shop", {}, ${options});\n`;
}

/** What Terraform made, with its state as Mastercard/restapi writes it. */
function terraformOf({ data }: Emulator) {
  const acme = data.addCredential({ UserName: "acme-incoming", HomeDirectory: "/partners/acme" });
  const key = data.addSshPublicKey({
    UserId: acme.Id,
    SshPublicKeyBody:
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDfT8S0pLMNwnMcV7MSgOwDEqGbCGCEfz2jTs1JPpPfv ops@acme.example",
    Comment: "ops@acme.example",
    Fingerprint: "",
    Type: "ed25519",
  });
  const link = data.addShareLink({ Path: "/public/price-list.pdf", Permission: "read-only" });
  const made = [
    { name: "acme", path: "/users", object: acme },
    { name: "acme_key", path: `/users/${acme.Id}/ssh-public-keys`, object: key },
    { name: "price_list", path: "/portal-links", object: link },
  ];
  const state = {
    version: 4,
    terraform_version: "1.12.2",
    serial: 7,
    lineage: "f3a5b1de-8c52-4a83-9a41-5d0c7f5f9a11",
    outputs: {},
    resources: [
      {
        mode: "managed",
        type: "random_pet",
        name: "suffix",
        provider: 'provider["registry.terraform.io/hashicorp/random"]',
        instances: [{ schema_version: 0, attributes: { id: "clever-newt", length: 2 } }],
      },
      ...made.map(({ name, path, object }) => ({
        mode: "managed",
        type: "restapi_object",
        name,
        provider: 'provider["registry.terraform.io/mastercard/restapi"]',
        instances: [
          {
            schema_version: 0,
            attributes: {
              api_data: { Id: object.Id },
              api_response: JSON.stringify(object),
              data: "{}",
              id: object.Id,
              id_attribute: "Id",
              object_id: null,
              path,
            },
            sensitive_attributes: [],
          },
        ],
      })),
    ],
  };
  return { state, addresses: made.map(({ name }) => `restapi_object.${name}`) };
}

/** A person who types the key, an installed package, and Terraform as far as the guide needs it. */
const asPerson = `
export SFTPTOGO_API_KEY="$TYPED_KEY"
terraform() {
  case "$*" in
    "state pull") cat pulled.json ;;
    "state rm "*) shift 2; printf 'Removed %s\\n' "$@" ;;
    *) return 1 ;;
  esac
}
`;

/** Runs commands in the stack's folder and gives what they print. */
async function shell(stack: TestStack, commands: string): Promise<string> {
  const script = `set -euo pipefail
    export PULUMI_SKIP_CONFIRMATIONS=true SFTPTOGO_ORGANIZATION_ID="$(command pulumi config get sftptogo:organizationId)"
    read() { if test "$1" = -rs; then builtin read "$@" <<< "$TYPED_KEY"; else builtin read "$@"; fi; }
    npx() { shift; node "$COMMAND" "$@"; }
    pulumi() { command pulumi "$@" --non-interactive --color=never; }
    ${commands}`;
  const { code, all } = await start("bash", ["-c", script], { cwd: stack.folder, env: stack.env }).result;
  expect(code, all).toBe(0);
  return all;
}
