/** What single processes cost, without an engine around them: the import, and the dynamic-provider process. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { EmulatorProcess, Ids } from "#emulator";
import { stubs } from "#programs";
import { registered } from "#registered";
import { WORK_FOLDER } from "../engine/engine.ts";

const require = createRequire(import.meta.url);
const pulumiRequire = createRequire(require.resolve("@pulumi/pulumi/package.json"));

type Plain = Record<string, unknown>;

/** Runs `use` in a folder that a stack could have, from where the package is found as from a program's. */
export async function inProgramFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  await mkdir(WORK_FOLDER, { recursive: true });
  const folder = await mkdtemp(join(WORK_FOLDER, "bench-"));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Milliseconds that the package's import takes in a program that has imported `@pulumi/pulumi` already. */
export async function importMilliseconds(folder: string): Promise<number> {
  const program = `
    await import("@pulumi/pulumi");
    const begun = performance.now();
    await import("pulumi-sftptogo");
    process.stdout.write(String(performance.now() - begun));`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  for await (const part of child.stdout.setEncoding("utf8")) text += part;
  return Number(text);
}

/** A dynamic-provider process as the engine starts it. */
export interface ProviderProcess {
  /** Calls a handler, e.g. `read`, with plain values in the place of the protocol's. */
  read(stub: string, id: string, properties: Plain): Promise<Plain>;
  check(stub: string, olds: Plain, news: Plain): Promise<Plain>;
  end(): Promise<void>;
}

export async function startProvider(folder: string, config: Plain): Promise<ProviderProcess> {
  const { credentials } = pulumiRequire("@grpc/grpc-js");
  const { ResourceProviderClient } = pulumiRequire("./proto/provider_grpc_pb");
  const { CheckRequest, ConfigureRequest, ReadRequest } = pulumiRequire("./proto/provider_pb");
  const { Struct } = pulumiRequire("google-protobuf/google/protobuf/struct_pb");

  const launcher = pulumiRequire.resolve("./cmd/dynamic-provider");
  // Its argument is the engine's address, which is called for warnings only.
  const child = spawn(process.execPath, [launcher, "127.0.0.1:9"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [port] = await once(child.stdout.setEncoding("utf8"), "data");
  const client = new ResourceProviderClient(
    `127.0.0.1:${Number.parseInt(port, 10)}`,
    credentials.createInsecure(),
  );
  type Answer = { toObject(): Plain };
  const call = <T extends Answer>(method: string, request: unknown): Promise<T> =>
    new Promise((resolve, reject) =>
      client[method](request, (error: Error | null, answer: T) => (error ? reject(error) : resolve(answer))),
    );
  const struct = (stub: string, values: Plain) => Struct.fromJavaScript({ ...values, __provider: stub });

  const configure = new ConfigureRequest();
  configure.setArgs(Struct.fromJavaScript(config));
  await call("configure", configure);
  return {
    async read(stub, id, properties) {
      const request = new ReadRequest();
      request.setId(id);
      request.setProperties(struct(stub, properties));
      const answer = await call<Answer & { getProperties(): { toJavaScript(): Plain } }>("read", request);
      return answer.getProperties().toJavaScript();
    },
    async check(stub, olds, news) {
      const request = new CheckRequest();
      request.setOlds(struct(stub, olds));
      request.setNews(struct(stub, news));
      return (await call("check", request)).toObject();
    },
    async end() {
      client.close();
      child.kill();
      await once(child, "exit");
    },
  };
}

/** Milliseconds from a provider process's start until its first handler has answered. */
export async function firstHandlerMilliseconds(
  folder: string,
  variant: keyof typeof stubs,
  config: Plain,
): Promise<number> {
  const begun = performance.now();
  const provider = await startProvider(folder, config);
  // Old inputs make it an update's check, for which nothing is looked up.
  const inputs = { alias: "acme", userName: "acme-incoming", homeDirectory: "/partners/acme" };
  await provider.check(stubs[variant], inputs, inputs);
  const milliseconds = performance.now() - begun;
  await provider.end();
  return milliseconds;
}

/** How many requests one process makes for a refresh of all these objects, eight at a time as the engine. */
export async function refreshRequests(
  folder: string,
  config: Plain,
  emulator: EmulatorProcess,
  ids: Ids,
): Promise<number> {
  const { Credential, Webhook, ShareLink, SshPublicKey } = registered;
  const objects = [
    ...ids.credentials.map((id) => ({ stub: Credential.stub, id })),
    ...ids.webhooks.map((id) => ({ stub: Webhook.stub, id })),
    ...ids.shareLinks.map((id) => ({ stub: ShareLink.stub, id })),
    ...ids.sshPublicKeys.map((id) => ({ stub: SshPublicKey.stub, id })),
  ];
  const readAll = async (olds: readonly Plain[]) => {
    const provider = await startProvider(folder, config);
    const properties: Plain[] = [];
    const waiting = objects.entries();
    const reader = async () => {
      for (const [index, { stub, id }] of waiting) {
        properties[index] = await provider.read(stub, id, olds[index] ?? {});
      }
    };
    try {
      await Promise.all(Array.from({ length: 8 }, reader));
    } finally {
      await provider.end();
    }
    return properties;
  };
  // As after `.get`; then, by a process of its own, the refresh of what the state has by then.
  const olds = await readAll([]);
  await emulator.countRequests();
  await readAll(olds);
  return emulator.countRequests();
}
