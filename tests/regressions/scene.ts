/**
 * A scene of the findings: the small engine and the emulator, with a person in the middle who may answer in the
 * service's place or act between two requests. What came of it is judged by the emulator's data and ledger, by the
 * state, and by what was printed.
 */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished } from "vitest";
import type { Emulator, OperationName } from "../../provider/emulator/index.js";
import type { Handlers } from "../../provider/protocol/handlers.js";
import type { Kind } from "../../provider/protocol/kinds.js";
import { call, type Reply } from "../emulator/caller.js";
import type { DialectName } from "../harness/dialects/catalog/index";
import { loadProduct } from "../harness/stage/product.js";
import type { Program } from "../harness/stage/program.js";
import { openSmallStage, type SmallStage } from "../harness/stage/small.js";
import { changesOf, type Report } from "../harness/stage/stage.js";

/** A request on its way to the service. */
export interface Asked {
  readonly method: string;
  /** Behind the organization: `/users/4ddb2ea2`. */
  readonly path: string;
  readonly body: string;
}

/** An answer on its way back. */
export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Answers a request: by what the service itself says, by something else, or not at all. */
export type Meddle = (asked: Asked, serve: () => Promise<Answered>) => Promise<Answered | "reset">;

export interface Scene extends SmallStage {
  /** Stands between the package and the service from now on. */
  meddle: Meddle;
  /** Asks the service as somebody else does, past everything. */
  asSomebody(method: string, path: string, body?: object): Promise<Reply>;
  /** How many requests of an operation the service has seen so far. */
  count(operation: OperationName): number;
  /** `up`, which has to do all that it was asked for. */
  done(program: Program): Promise<Report>;
}

export interface SceneOptions {
  readonly dialects?: readonly DialectName[];
  /** What the engine does with the handlers, where it is more than to call them. */
  readonly wrap?: (handlers: Handlers, kind: Kind) => Omit<Handlers, "configure">;
  /** Put behind the base URL, each time that the package is configured with it. */
  readonly urlEnd?: () => string;
}

export async function openScene(options: SceneOptions = {}): Promise<Scene> {
  const product = await loadProduct();
  let service: Emulator | undefined;
  let counted = 0;
  const counts = new Map<string, number>();
  const stage = await openSmallStage({
    product: { ...product, startEmulator: async (given) => between(await product.startEmulator(given)) },
    emulator: { dialects: options.dialects ?? [] },
    ...(options.wrap && { wrap: options.wrap }),
  });
  onTestFinished(() => stage[Symbol.asyncDispose]());
  const noted = () => {
    for (const { operation } of stage.emulator.ledger.slice(counted)) {
      counts.set(operation, (counts.get(operation) ?? 0) + 1);
    }
    counted = stage.emulator.ledger.length;
  };
  const scene: Scene = {
    ...stage,
    // Taking the writes empties the ledger.
    writes() {
      noted();
      counted = 0;
      return stage.writes();
    },
    meddle: (_asked, serve) => serve(),
    asSomebody: (...args) => call(service ?? stage.emulator, ...args),
    count(operation) {
      noted();
      return counts.get(operation) ?? 0;
    },
    async done(program) {
      const report = await scene.up(program);
      expect([...report.failures].map(([name, { message }]) => `${name}: ${message}`)).toEqual([]);
      return report;
    },
  };
  return scene;

  /** The emulator, seen through a server of our own. */
  async function between(emulator: Emulator): Promise<Emulator> {
    service = emulator;
    const server = createServer(async (incoming, raw) => {
      const body = await bodyOf(incoming);
      const { url: target = "/", method = "GET" } = incoming;
      const [, path = ""] = target.split(emulator.organizationId);
      const answer = await scene
        .meddle({ method, path, body }, async () => {
          const response = await fetch(`${emulator.url}${target}`, {
            method,
            redirect: "manual",
            headers: { authorization: incoming.headers.authorization ?? "" },
            ...(body !== "" && { body }),
          });
          const { "content-length": _, ...headers } = Object.fromEntries(response.headers);
          return { status: response.status, headers, body: await response.text() };
        })
        .catch(() => "reset" as const);
      if (answer === "reset") {
        incoming.socket.resetAndDestroy();
        return;
      }
      raw.writeHead(answer.status, answer.headers);
      raw.end(answer.body);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return Object.defineProperty({ ...emulator }, "url", { get: () => url + (options.urlEnd?.() ?? "") });
  }
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** An answer of the service with another body. */
export function withJson(answer: Answered, to: (json: never) => unknown): Answered {
  return { ...answer, body: JSON.stringify(to(JSON.parse(answer.body) as never)) };
}

/** What a service under load, or a gateway before it, says. */
export function refusal(status: number): Answered {
  const headers = { "content-type": "application/json" };
  return { status, headers, body: JSON.stringify({ message: `made up: ${status}` }) };
}

/** Objects of the emulator by their other names: all of a kind but the root credential. */
export function held({ data }: Emulator) {
  return {
    credentials: [...data.credentials.values()].filter(({ IsDefault }) => !IsDefault),
    sshPublicKeys: [...data.sshPublicKeys.values()],
    webhooks: [...data.webhooks.values()],
    shareLinks: [...data.shareLinks.values()],
  };
}

/** Whatever the service is asked for, nothing is left to do: no write by `up`, preview or after a refresh. */
export async function expectSettled(scene: Scene, program: Program): Promise<void> {
  scene.writes();
  for (const again of ["up", "refresh", "up"] as const) {
    const report = again === "up" ? await scene.done(program) : await scene.refresh();
    expect(changesOf(report), again).toEqual([]);
  }
  expect(changesOf(await scene.preview(program)), "preview").toEqual([]);
  expect(scene.writes()).toEqual([]);
}

export const day = 86_400_000;
