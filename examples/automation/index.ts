/**
 * A stack for each partner, from a program of one's own: `node index.ts up acme`, `node index.ts destroy acme`.
 * Key and organization come from `SFTPTOGO_API_KEY` and `SFTPTOGO_ORGANIZATION_ID`.
 */
import { LocalWorkspace } from "@pulumi/pulumi/automation/index.js";
import * as sftptogo from "pulumi-sftptogo";

const [command = "up", partner = "acme"] = process.argv.slice(2);

async function program() {
  const login = new sftptogo.Credential(partner, {
    homeDirectory: `/partners/${partner}`,
    permission: "read-write",
  });
  return { userName: login.userName, address: login.uri };
}

const stack = await LocalWorkspace.createOrSelectStack(
  { projectName: "partners", stackName: partner, program },
  // By default `main` is the current folder, where the provider process would look for the package.
  { projectSettings: { name: "partners", runtime: "nodejs", main: import.meta.dirname } },
);
const onOutput = (text: string) => void process.stdout.write(text);
if (command === "destroy") {
  await stack.destroy({ onOutput });
} else {
  // `address` is a secret: the engine prints it as such, and it is in `outputs` for whoever needs it.
  const { outputs } = await stack.up({ onOutput });
  console.log(`${partner} logs in as ${outputs.userName?.value}`);
}
