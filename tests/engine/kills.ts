/** What the tests of kills share: a program with every kind, requests that are held, and the way back. */
import { setTimeout as sleep } from "node:timers/promises";
import type { OperationName } from "pulumi-sftptogo/emulator";
import type { RunningCommand } from "#process";
import { openRealStage, type RealStage } from "../harness/stage/real.js";

/** What a create is told by; `base` and `other` are there before anything is killed. */
export const born = ["plain", "ruled", "key", "hook", "link"] as const;

const publicKey =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDfT8S0pLMNwnMcV7MSgOwDEqGbCGCEfz2jTs1JPpPfv transfer@acme.example";

export interface Imports {
  [name: string]: string;
}

export const before = `
  const base = new sftptogo.Credential("base", { userName: "base-incoming" });
  const other = new sftptogo.Credential("other", { userName: "other-incoming" });
`;

/** Everything; `n` is what an update changes and a rotation is triggered by. */
export function program(n: number, imports: Imports = {}): string {
  const option = (name: string) => (imports[name] ? `, { import: "${imports[name]}" }` : "");
  return `${before}
  new sftptogo.Credential("plain", { userName: "plain-incoming", alias: "Plain ${n}" }${option("plain")});
  new sftptogo.Credential("ruled", {
    userName: "ruled-incoming",
    alias: "Ruled",
    inboundRules: [{ source: "203.0.113.${n}" }],
  }${option("ruled")});
  new sftptogo.SshPublicKey("key", { credentialId: base.id, sshPublicKeyBody: "${publicKey}" }${option("key")});
  new sftptogo.Webhook("hook", {
    url: "https://hooks.example.com/${n}",
    topics: ["file.created"],
  }${option("hook")});
  new sftptogo.ShareLink("link", {
    path: "/public/",
    permission: "read-only",
    accessLimit: ${n},
  }${option("link")});
  const rotated = new sftptogo.PasswordRotation("rotated", { credentialId: base.id, triggers: ${n} });
  new sftptogo.PasswordRotation("set", { credentialId: other.id, password: "chosen-by-us-${n}" });
  export const password = rotated.password;
`;
}

/** A stack with the credentials that keys and rotations need. */
export async function openBase(): Promise<RealStage> {
  const stage = await openRealStage(before);
  await stage.stack.up();
  stage.emulator.clearLedger();
  return stage;
}

/** Lets these requests arrive, and answers them `delayMs` later. */
export function hold(
  { emulator }: RealStage,
  when: "before" | "after",
  operations: readonly OperationName[],
  delayMs = 120_000,
): void {
  const times = Number.POSITIVE_INFINITY;
  emulator.addFault({ name: "slow", when, operation: operations, times, delayMs });
}

/** Starts an `up` and waits until so many requests are held, beside those that were held before. */
export async function upUntilHeld(stage: RealStage, count: number): Promise<RunningCommand> {
  const before = heldBy(stage);
  const running = stage.stack.spawn(["up", "--yes", "--skip-preview", "--parallel", "16"]);
  let over = false;
  running.result.then(
    () => {
      over = true;
    },
    () => {
      over = true;
    },
  );
  while (heldBy(stage) < before + count) {
    if (over) throw new Error(`ended with ${heldBy(stage)} of ${count} held\n${running.output()}`);
    await sleep(20);
  }
  return running;
}

function heldBy({ emulator }: RealStage): number {
  return emulator.ledger.filter(({ fault }) => fault === "slow").length;
}

/** `up` until it succeeds, adding each import option that it prints; gives what it asked for. */
export async function upAndImport(stage: RealStage, n: number): Promise<Imports> {
  const imports: Imports = {};
  for (let attempt = 0; attempt <= born.length; attempt++) {
    const result = await stage.stack.run(["up", "--yes", "--skip-preview", "--parallel", "16"]);
    if (result.code === 0) return imports;
    const known = Object.keys(imports).length;
    for (const [, id] of result.all.matchAll(/\{ import: "([^"]+)" \}/g)) {
      imports[nameOf(stage, id ?? "")] = id ?? "";
    }
    if (Object.keys(imports).length === known) throw new Error(`no way to go on:\n${result.all}`);
    await stage.write(program(n, imports));
  }
  throw new Error("still not whole");
}

/** Which resource of the program an id on the server stands for. */
function nameOf({ emulator: { data } }: RealStage, id: string): string {
  if (data.webhooks.has(id)) return "hook";
  if (data.shareLinks.has(id)) return "link";
  if (id.includes("/")) return "key";
  return data.credentials.get(id)?.UserName.replace("-incoming", "") ?? "nobody";
}

/** One object for each resource and none beside; the rules on, the passwords as the state and program say. */
export async function isWhole(stage: RealStage, n: number): Promise<unknown> {
  const { stack, emulator } = stage;
  const { data } = emulator;
  await stack.expectNoChanges();
  const ruled = data.findCredential("ruled-incoming");
  const { password } = await stack.outputs({ showSecrets: true });
  const whole = {
    credentials: [...data.credentials.values()]
      .map(({ UserName, IsDefault }) => IsDefault || UserName)
      .sort(),
    keys: data.sshPublicKeys.size,
    hooks: [...data.webhooks.values()].map(({ Url }) => Url),
    links: [...data.shareLinks.values()].map(({ AccessLimit }) => AccessLimit),
    alias: data.findCredential("plain-incoming")?.Alias,
    ruled: [ruled?.State, ruled?.Settings.Network.InboundRules.map(({ Source }) => Source).join()],
    rotated: data.findCredential("base-incoming")?.Password === password,
    set: data.findCredential("other-incoming")?.Password === `chosen-by-us-${n}`,
  };
  return whole;
}

/** What `isWhole` gives when it is. */
export function whole(n: number): unknown {
  return {
    credentials: ["base-incoming", "other-incoming", "plain-incoming", "ruled-incoming", true],
    keys: 1,
    hooks: [`https://hooks.example.com/${n}`],
    links: [n],
    alias: `Plain ${n}`,
    ruled: ["active", `203.0.113.${n}`],
    rotated: true,
    set: true,
  };
}

/** How often the server did it. */
export function acted({ emulator }: RealStage, operation: OperationName): number {
  return emulator.ledger.filter((entry) => entry.operation === operation && entry.acted).length;
}

/** Destroys the stack, which has to leave the root credential and nothing else. */
export async function endWithOnlyRoot({ stack, emulator: { data } }: RealStage): Promise<number> {
  await stack.destroy();
  return data.credentials.size + data.sshPublicKeys.size + data.webhooks.size + data.shareLinks.size;
}
