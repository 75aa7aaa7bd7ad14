/** Statuses, empty answers, limits of rate, and refusals in other words. */
import type { EmulatorData, StoredCredential } from "../../../../provider/emulator/data.js";
import type { Asked, Hooks, Json, Reply } from "../../../../provider/emulator/variations.js";
import { answering, type Dialect, isJson } from "./hooks.ts";

const requestsASecond = 10;

function slowingDown(headers: Reply["headers"]): Required<Dialect>["hooks"] {
  return ({ now }) => {
    let served: number[] = [];
    return {
      serves(_asked, next) {
        const at = now();
        served = served.filter((time) => time > at - 1_000);
        if (served.length >= requestsASecond) {
          return { status: 429, body: { message: "Too many requests" }, ...(headers && { headers }) };
        }
        served.push(at);
        return next();
      },
    };
  };
}

/** Answers refusals with another status. */
function refusing(statuses: readonly number[], status: number): () => Hooks {
  return () => ({
    serves(_asked, next) {
      const reply = next();
      return statuses.includes(reply.status) ? { ...reply, status } : reply;
    },
  });
}

/** A refusal's message repeats what was sent, and whose key it was. */
function echoing(inForm: (text: string) => string): () => Hooks {
  return () => ({
    serves({ text, authorization, path }, next) {
      const reply = next();
      if (reply.status < 400 || !isJson(reply.body)) return reply;
      const echoes = [text, ...valuesIn(text), authorization.replace(/^Bearer /, ""), path].map(inForm);
      return { ...reply, body: { ...reply.body, message: `${reply.body.message}: ${echoes.join(" ")}` } };
    },
  });
}

/** The strings in a JSON text, so that they are echoed by themselves too. */
function valuesIn(json: string): string[] {
  const values: string[] = [];
  try {
    JSON.parse(json, (_key, value: unknown) => (typeof value === "string" ? values.push(value) : value));
  } catch {
    // What does not parse is echoed as a whole only.
  }
  return values;
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "/": "&#x2F;",
};

function rotationAnswers(to: (reply: Reply, asked: Asked) => Reply): () => Hooks {
  return () => ({
    serves(asked, next) {
      const reply = next();
      const isMeant = asked.operation === "rotatePassword" || asked.operation === "setPassword";
      return isMeant && reply.status < 300 ? to(reply, asked) : reply;
    },
  });
}

/** A copy of the object that a request is about. */
function copyOf({ id, view }: Asked, data: EmulatorData): Json | undefined {
  if (view?.kind !== "credential") {
    const object = view?.kind === "webhook" ? data.webhooks.get(id) : data.shareLinks.get(id);
    return object && { ...structuredClone(object) };
  }
  const credential = data.credentials.get(id);
  return credential && { ...structuredClone(credential), URI: uriOf(credential) };
}

export const answers = {
  "patch-204": {
    description: "A PATCH answers 204 without a body.",
    hooks: answering("update", () => ({ status: 204 })),
  },
  "patch-empty": {
    description: "A PATCH answers 200 with an empty body.",
    hooks: answering("update", () => ({ status: 200 })),
  },
  "patch-null": {
    description: "A PATCH answers 200 with null.",
    hooks: answering("update", () => ({ status: 200, body: null })),
  },
  "patch-message": {
    description: "A PATCH answers 200 with a message instead of the object.",
    hooks: answering("update", () => ({ status: 200, body: { message: "Updated." } })),
  },
  "patch-old-object": {
    description: "A PATCH answers with the whole object as it was before.",
    hooks: ({ data }) => ({
      serves(asked, next) {
        const old = asked.view?.place === "update" ? copyOf(asked, data) : undefined;
        const reply = next();
        if (old === undefined || reply.status >= 300 || !isJson(reply.body)) return reply;
        // Only what the answer shows anyway: a stored object has more.
        const shown = Object.entries(reply.body);
        const body = Object.fromEntries(shown.map(([name, is]) => [name, name in old ? old[name] : is]));
        return { ...reply, body };
      },
    }),
  },
  "delete-204": {
    description: "A DELETE answers 204 without a body.",
    hooks: answering("delete", () => ({ status: 204 })),
  },
  "delete-empty": {
    description: "A DELETE answers 200 with an empty body.",
    hooks: answering("delete", () => ({ status: 200 })),
  },
  "create-200": {
    description: "A create answers 200 instead of 201.",
    hooks: answering("create", (reply) => ({ ...reply, status: 200 })),
  },
  "create-202": {
    description: "A create answers 202 with the object, which is there at once.",
    hooks: answering("create", (reply) => ({ ...reply, status: 202 })),
  },
  "rotation-204": {
    description: "A rotation answers 204 without a body.",
    hooks: rotationAnswers(() => ({ status: 204 })),
  },
  "rotation-shows-credential": {
    description: "A rotation answers with the credential instead of a message.",
    hooks: ({ data }) =>
      rotationAnswers((reply, { id }) => ({
        ...reply,
        body: { Id: id, UserName: data.credentials.get(id)?.UserName },
      }))(),
  },
  "refusals-422": {
    description: "What is not valid, or taken, is refused with 422 instead of 400 and 409.",
    hooks: refusing([400, 409], 422),
  },
  "gone-410": {
    description: "What is not there is answered with 410 instead of 404.",
    hooks: refusing([404], 410),
  },
  "rate-limit": {
    description: `Of more than ${requestsASecond} requests a second the rest is answered 429, without Retry-After.`,
    hooks: slowingDown(undefined),
  },
  "rate-limit-retry-after": {
    description: `Of more than ${requestsASecond} requests a second the rest is answered 429, with Retry-After: 1.`,
    hooks: slowingDown({ "retry-after": "1" }),
  },
  "echo-plain": {
    description: "A refusal repeats what was sent, and the key, as they are.",
    hooks: echoing((text) => text),
  },
  "echo-base64": {
    description: "A refusal repeats what was sent, and the key, as base64.",
    hooks: echoing((text) => Buffer.from(text).toString("base64")),
  },
  "echo-hex": {
    description: "A refusal repeats what was sent, and the key, in hexadecimal digits.",
    hooks: echoing((text) => Buffer.from(text).toString("hex")),
  },
  "echo-html": {
    description: "A refusal repeats what was sent, and the key, escaped as HTML.",
    hooks: echoing((text) => text.replace(/[&<>"'/]/g, (character) => entities[character] ?? character)),
  },
  "echo-json-in-json": {
    description: "A refusal repeats what was sent, and the key, as JSON text inside JSON text.",
    hooks: echoing((text) => JSON.stringify(JSON.stringify(text))),
  },
  "echo-url-twice": {
    description: "A refusal repeats what was sent, and the key, twice encoded as in a URL.",
    hooks: echoing((text) => encodeURIComponent(encodeURIComponent(Buffer.from(text).toString()))),
  },
} as const satisfies Readonly<Record<string, Dialect>>;

function uriOf({ UserName, Password, Host }: StoredCredential): string {
  return `sftp://${encodeURIComponent(UserName)}:${encodeURIComponent(Password)}@${Host}`;
}
