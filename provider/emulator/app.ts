/** One request from its arrival to its answer: ledger, faults, access, route. */
import type { ServerResponse } from "node:http";
import { type Context, Hono } from "hono";
import { credentialRoutes } from "./credentials";
import type { Dialects } from "./dialects";
import { type Asked, type Reply, viewOf } from "./dialects/hooks";
import { actOut, type Faults, pause } from "./faults";
import { type OpenEntry, withoutSecrets } from "./ledger";
import { badRequest, notFound, Refusal, type Route, type Service } from "./route";
import { shareLinkRoutes } from "./shareLinks";
import { sshPublicKeyRoutes } from "./sshPublicKeys";
import { webhookRoutes } from "./webhooks";

/** The raw request, for what a `Request` cannot say: it resolves `..`, and a fault needs the socket. */
interface Raw {
  /** The path with its query, as sent. */
  readonly path: string;
  readonly authorization: string | undefined;
  /** `undefined`: larger than the API takes. */
  readonly body: string | undefined;
  readonly raw: ServerResponse;
}
type AppEnv = { Bindings: Raw };

interface AppOptions {
  readonly service: Service;
  readonly apiKey: string;
  readonly faults: Faults;
  readonly dialects: Dialects;
  /** Milliseconds that a request takes, half of them before the server acts. */
  readonly latencyMs: () => number;
  /** Takes down a request that has arrived. */
  readonly record: (entry: Omit<OpenEntry, "sequence" | "at">) => OpenEntry;
}

export function createApp({
  service,
  apiKey,
  faults,
  dialects,
  latencyMs,
  record,
}: AppOptions): Hono<AppEnv> {
  const app = new Hono<AppEnv>({ getPath: (_request, options) => routedPath(options?.env?.path ?? "/") });

  for (const route of [
    ...credentialRoutes(service),
    ...sshPublicKeyRoutes(service),
    ...webhookRoutes(service),
    ...shareLinkRoutes(service),
  ]) {
    app.on(route.method, `/organizations/:organization${route.path}`, (context) => respond(context, route));
  }
  // What the API lacks, a GET of a single webhook for one, is answered like any unknown route.
  app.notFound((context) => respond(context, undefined));
  return app;

  async function respond(context: Context<AppEnv>, route: Route | undefined): Promise<Response> {
    const { path, raw, body: text } = context.env;
    const { method } = context.req;
    const body = readBody(text);
    const operation: Asked["operation"] =
      typeof route?.operation === "function" ? route.operation(body.parsed) : (route?.operation ?? "unknown");
    const id = context.req.param("id") ?? "";
    const keyId = context.req.param("keyId") ?? "";
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
        authorization: context.env.authorization ?? "",
      };
      const reply = dialects.serve(asked, body.parsed, handle);
      const headers = { ...reply.headers };
      return reply.body === undefined
        ? new Response(null, { status: reply.status, headers })
        : Response.json(reply.body, { status: reply.status, headers });
    }

    /** What the service does, and answers if it speaks as its reference does. */
    function handle(parsed: unknown): Reply {
      try {
        checkAccess(context);
        if (route === undefined) throw notFound("Route");
        if (text === undefined) throw new Refusal(413, "Request body is too large", "too_large");
        if (body.broken) throw badRequest("Request body is not valid JSON");
        const answer = route.handle({ id, keyId, body: parsed });
        entry.acted = route.method !== "GET";
        if (answer.status === 201) entry.objectId = (answer.body as { Id: string }).Id;
        return answer;
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        const { id: word, message, status } = error;
        return { status, body: { ...(word !== undefined && { id: word }), message } };
      }
    }
  }

  function checkAccess({ env, req }: Context<AppEnv>): void {
    if (env.authorization !== `Bearer ${apiKey}`) throw new Refusal(401, "Unauthorized");
    // Nothing is said of another organization's id. Not found is what a service that hides the others would
    // say, and the answer that a client most easily takes for "your object is gone".
    const organization = req.param("organization");
    if (organization !== undefined && organization !== service.data.organizationId) {
      throw notFound("Organization");
    }
  }
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
