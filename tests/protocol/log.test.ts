/** A real gRPC service stands in for the engine's log. */
import { createRequire } from "node:module";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { engineLog } from "../../provider/protocol/log";

const load = createRequire(createRequire(__filename).resolve("@pulumi/pulumi/package.json"));
const { Server, ServerCredentials } = load("@grpc/grpc-js");
const { EngineService } = load("./proto/engine_grpc_pb");
const { LogSeverity } = load("./proto/engine_pb");
const { Empty } = load("google-protobuf/google/protobuf/empty_pb");

interface Logged {
  readonly severity: number;
  readonly message: string;
  readonly urn: string;
}

let logged: Logged[];
let printed: string[];
let server: {
  forceShutdown(): void;
  bindAsync(...args: unknown[]): void;
  addService(...args: unknown[]): void;
};

/** Starts the engine's log and gives its address. */
async function startEngine(): Promise<string> {
  server.addService(EngineService, {
    log(call: { request: { toObject(): Logged } }, answer: (error: null, empty: unknown) => void) {
      logged.push(call.request.toObject());
      answer(null, new Empty());
    },
    getRootResource: () => {},
    setRootResource: () => {},
    startDebugging: () => {},
    requirePulumiVersion: () => {},
  });
  const port = await new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error: unknown, bound: number) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return `127.0.0.1:${port}`;
}

const argument = process.argv[2];
beforeEach(() => {
  logged = [];
  printed = [];
  server = new Server();
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    printed.push(String(text));
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  server.forceShutdown();
  if (argument === undefined) process.argv.length = 2;
  else process.argv[2] = argument;
});

describe("a warning", () => {
  test("goes to the engine's log as one, with no URN, and is not printed", async () => {
    process.argv[2] = await startEngine();
    engineLog("warning")("credential abc is the root credential");
    await vi.waitFor(() => expect(logged).toHaveLength(1));
    expect(logged[0]).toMatchObject({
      severity: LogSeverity.WARNING,
      message: "credential abc is the root credential",
      urn: "",
    });
    expect(printed).toEqual([]);
  });

  test("is a note where it is as it should be", async () => {
    process.argv[2] = await startEngine();
    engineLog("info")("credential abc is taken over");
    await vi.waitFor(() => expect(logged).toHaveLength(1));
    expect(logged[0]).toMatchObject({ severity: LogSeverity.INFO, message: "credential abc is taken over" });
  });

  test("is sent once, since check runs several times over the same inputs", async () => {
    process.argv[2] = await startEngine();
    const warn = engineLog("warning");
    for (const text of ["one", "one", "two", "one", "two"]) warn(text);
    await vi.waitFor(() => expect(logged.length).toBeGreaterThanOrEqual(2));
    expect(logged.map(({ message }) => message).sort()).toEqual(["one", "two"]);
  });

  test("is printed where there is no engine", () => {
    process.argv.length = 2;
    engineLog("warning")("nobody listens");
    expect(printed).toEqual(["warning: nobody listens\n"]);
  });

  test("is printed where the engine does not answer", async () => {
    const address = await startEngine();
    server.forceShutdown();
    process.argv[2] = address;
    engineLog("warning")("nobody listens any more");
    await vi.waitFor(() => expect(printed).toEqual(["warning: nobody listens any more\n"]), 5_000);
  });
});
