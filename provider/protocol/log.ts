import { createRequire } from "node:module";

/**
 * Warnings and notes to the engine, which shows them under the stack's Diagnostics. Text that the provider process
 * prints would show too, but as bare output.
 */

/** A warning or a note that names its object in the text; it must hold no secret. */
export type Warn = (text: string) => void;

type Severity = "warning" | "info";

/**
 * Speaks through the engine's log service, whose address is the provider process's first argument. Pulumi's
 * own gRPC classes are loaded at the first warning; that process has them in memory already.
 *
 * No URN is sent: handlers are not told theirs, and a string that is not a URN panics the engine.
 */
export function engineLog(severity: Severity): Warn {
  const sent = new Set<string>();
  return (text) => {
    // Check runs several times over the same inputs in one operation.
    if (sent.has(text)) return;
    sent.add(text);
    const address = process.argv[2];
    try {
      if (address === undefined) throw new Error("no engine");
      send(address, severity, text);
    } catch {
      print(severity, text);
    }
  };
}

function print(severity: Severity, text: string): void {
  process.stderr.write(`${severity}: ${text}\n`);
}

function send(address: string, severity: Severity, text: string): void {
  // Through Pulumi's own package, since a strict layout does not show us what it depends on.
  const load = createRequire(require.resolve("@pulumi/pulumi/package.json"));
  const { credentials } = load("@grpc/grpc-js");
  const { EngineClient } = load("./proto/engine_grpc_pb");
  const { LogRequest, LogSeverity } = load("./proto/engine_pb");
  const request = new LogRequest();
  request.setSeverity(severity === "info" ? LogSeverity.INFO : LogSeverity.WARNING);
  request.setMessage(text);
  const client = new EngineClient(address, credentials.createInsecure());
  client.log(request, (error: unknown) => {
    if (error) print(severity, text);
    client.close();
  });
}
