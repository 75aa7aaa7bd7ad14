/** One request from its arrival to its answer: ledger, faults, access, route. */
import type { ServerResponse } from "node:http";
import { decoded } from "../values/addresses";
import { credentialRoutes } from "./credentials";
import { actOut, type Faults, pause } from "./faults";
import { type OpenEntry, withoutSecrets } from "./ledger";
import { badRequest, notFound, RefusalError, type Route, type Service } from "./route";
import { shareLinkRoutes } from "./shareLinks";
import { sshPublicKeyRoutes } from "./sshPublicKeys";
import { type Asked, type Reply, type Variations, viewOf } from "./variations";
import { webhookRoutes } from "./webhooks";

/** A request, raw: a fetch `Request` would resolve `..`, and a fault needs the socket. */
interface Request {
  readonly method: string;
  /** The path with its query, as sent. */
  readonly path: string;
  readonly authorization: string | undefined;
  /** `undefined`: larger than the API takes. */
  readonly body: string | undefined;
  readonly raw: ServerResponse;
}

export type App = (request: Request) => Promise<Response>;

interface AppOptions {
  readonly service: Service;
  readonly apiKey: string;
  readonly faults: Faults;
  readonly variations: Variations;
  /** Milliseconds that a request takes, half of them before the server acts. */
  readonly latencyMs: () => number;
  /** Takes down a request that has arrived. */
  readonly record: (entry: Omit<OpenEntry, "sequence" | "at">) => OpenEntry;
}

export function createApp({ service, apiKey, faults, variations, latencyMs, record }: AppOptions): App {
  const routes = [
    ...credentialRoutes(service),
    ...sshPublicKeyRoutes(service),
    ...webhookRoutes(service),
    ...shareLinkRoutes(service),
  ].map((route) => ({ route, pattern: patternOf(route) }));

  return async ({ method, path, raw, body: text, authorization }) => {
    const routed = routedPath(path);
    // What the API lacks, a GET of a single webhook for one, is answered like any unknown route.
    const found = routes.find(({ route, pattern }) => route.method === method && pattern.test(routed));
    const route = found?.route;
    const named = found?.pattern.exec(routed)?.groups;
    const id = decoded(named?.id ?? "");
    const keyId = decoded(named?.keyId ?? "");
    const body = readBody(text);
    const operation: Asked["operation"] =
      typeof route?.operation === "function" ? route.operation(body.parsed) : (route?.operation ?? "unknown");
    const entry = record({
      operation,
      method,
      path,
      status: 0,
      acted: false,
      ...((keyId || id) && { objectId: keyId || id }),
      ...body.shown,
    });
    const fault = faults.take({ operation, method, path });
    if (fault !== undefined) entry.fault = fault.name;

    await wait();
    const answer =
      fault === undefined ? serve() : await actOut(fault, { operation, method, path, raw, serve });
    await wait();
    entry.status = raw.headersSent ? raw.statusCode : raw.destroyed ? 0 : answer.status;
    return answer;

    async function wait(): Promise<void> {
      if (latencyMs() > 0 && !raw.destroyed) await pause(latencyMs() / 2, raw);
    }

    function serve(): Response {
      const view = operation === "unknown" ? undefined : viewOf[operation];
      const asked = {
        operation,
        view,
        method,
        path,
        id: keyId || id,
        text: text ?? "",
        authorization: authorization ?? "",
      };
      const reply = variations.serve(asked, body.parsed, handle);
      // The service's own time, which tests move; Node's would be this machine's.
      const headers = { date: new Date(service.now()).toUTCString(), ...reply.headers };
      return reply.body === undefined
        ? new Response(null, { status: reply.status, headers })
        : Response.json(reply.body, { status: reply.status, headers });
    }

    /** What the service does, and answers if it speaks as its reference does. */
    function handle(parsed: unknown): Reply {
      try {
        checkAccess(authorization, named && decoded(named.organization ?? ""));
        if (route === undefined) throw notFound("Route");
        if (text === undefined) throw new RefusalError(413, "Request body is too large", "too_large");
        if (body.broken) throw badRequest("Request body is not valid JSON");
        const answer = route.handle({ id, keyId, body: parsed });
        entry.acted = route.method !== "GET";
        if (answer.status === 201) entry.objectId = (answer.body as { Id: string }).Id;
        return answer;
      } catch (error) {
        if (!(error instanceof RefusalError)) throw error;
        const { id: word, message, status } = error;
        return { status, body: { ...(word !== undefined && { id: word }), message } };
      }
    }
  };

  function checkAccess(authorization: string | undefined, organization: string | undefined): void {
    if (authorization !== `Bearer ${apiKey}`) throw new RefusalError(401, "Unauthorized");
    // Nothing is said of another organization's id. Not found is what a service that hides the others would
    // say, and the answer that a client most easily takes for "your object is gone".
    if (organization !== undefined && organization !== service.data.organizationId) {
      throw notFound("Organization");
    }
  }
}

/** The paths of a route, with what `:id` and `:keyId` stand for. */
function patternOf({ path }: Route): RegExp {
  const segments = `/organizations/:organization${path}`.replace(/:(\w+)/g, "(?<$1>[^/]+)");
  return new RegExp(`^${segments}$`);
}

/** The path that routes are looked up by. `.` and `..` are no ids: a path with one is an unknown route. */
function routedPath(path: string): string {
  const [withoutQuery = "/"] = path.split("?");
  return /\/(\.|%2e){1,2}(\/|$)/i.test(withoutQuery) ? "/" : withoutQuery;
}

/** No body at all counts as an empty object; Content-Type is not looked at. */
function readBody(text = ""): { parsed: unknown; shown?: { body: unknown }; broken?: true } {
  if (text.trim() === "") return { parsed: {} };
  try {
    return { parsed: JSON.parse(text), shown: { body: withoutSecrets(text) } };
  } catch {
    // What does not parse is not shown either: there is no telling where a password is in it.
    return { parsed: undefined, broken: true };
  }
}
