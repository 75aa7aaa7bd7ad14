/** Lists and reads that are late, cut into pages, or in another order; and what is left of deleted objects. */
import type { EmulatorData, Snapshot } from "../../../../provider/emulator/data.js";
import type { Service } from "../../../../provider/emulator/route.js";
import type { Asked, Hooks, Json, Place, Reply } from "../../../../provider/emulator/variations.js";
import { type Dialect, isJson } from "./hooks.ts";

const lateMs = 2_000;
const lateReads = 2;
const longestPage = 100;
const hourMs = 60 * 60 * 1000;

/** Answers of these places show what was there `lateMs` ago, whatever was written since. */
function late(places: readonly Place[]): Required<Dialect>["hooks"] {
  return ({ data, now }) => {
    let pasts: { readonly until: number; readonly snapshot: Snapshot }[] = [];
    return {
      serves(asked, next) {
        const { view, method } = asked;
        if (method !== "GET") pasts.push({ until: now() + lateMs, snapshot: data.snapshot() });
        if (view === undefined || !places.includes(view.place)) return next();
        const at = now();
        pasts = pasts.filter(({ until }) => until > at);
        const [oldest] = pasts;
        return oldest === undefined ? next() : asOf(data, oldest.snapshot, asked, next);
      },
    };
  };
}

/** The list of a new credential's keys is empty, not missing. */
function asOf(data: EmulatorData, snapshot: Snapshot, { operation, id }: Asked, next: () => Reply): Reply {
  const reply = data.asOf(snapshot, next);
  const isNewOne = operation === "listSshPublicKeys" && reply.status === 404 && data.credentials.has(id);
  return isNewOne ? { status: 200, body: [] } : reply;
}

/** What a write changed is in the lists after `lateReads` more of them, however long that takes. */
function lateByReads({ data }: Service): Hooks {
  let pasts: { reads: number; readonly snapshot: Snapshot }[] = [];
  return {
    serves(asked, next) {
      const { view, method } = asked;
      if (method !== "GET") pasts.push({ reads: lateReads, snapshot: data.snapshot() });
      if (view?.place !== "list") return next();
      const [oldest] = pasts;
      for (const past of pasts) past.reads -= 1;
      pasts = pasts.filter(({ reads }) => reads > 0);
      return oldest === undefined ? next() : asOf(data, oldest.snapshot, asked, next);
    },
  };
}

/** What was created within `lateMs` is not there yet, for these places. */
function newOnesMissing(places: readonly Place[]): Required<Dialect>["hooks"] {
  return ({ now }) => {
    const born = new Map<string, number>();
    return {
      serves(asked, next) {
        const reply = next();
        const { place } = asked.view ?? {};
        if (place === "create" && isJson(reply.body) && reply.status < 300) {
          born.set(String(reply.body.Id), now());
        }
        if (place === undefined || !places.includes(place)) return reply;
        const at = now();
        const isThere = ({ Id }: Json) => at - (born.get(String(Id)) ?? 0) >= lateMs;
        if (Array.isArray(reply.body)) return { ...reply, body: reply.body.filter(isThere) };
        if (!isJson(reply.body) || isThere({ Id: asked.id })) return reply;
        return { status: 404, body: { id: "not_found", message: "Not found" } };
      },
    };
  };
}

function ofList(to: (list: readonly Json[], asked: Asked) => Omit<Reply, "status">): () => Hooks {
  return () => ({
    serves(asked, next) {
      const reply = next();
      return Array.isArray(reply.body) ? { ...reply, ...to(reply.body as Json[], asked) } : reply;
    },
  });
}

interface Page {
  readonly number: number;
  readonly first: number;
  readonly last: number;
  readonly total: number;
  readonly path: string;
}

/** `?page=2` gives the next one. A list that fits on one page shows no sign of another. */
function paging(hint: (page: Page) => Readonly<Record<string, string>>): () => Hooks {
  return ofList((list, { path }) => {
    const [withoutQuery = "", query] = path.split("?");
    const number = Math.max(1, Number(new URLSearchParams(query).get("page") ?? 1));
    const first = (number - 1) * longestPage;
    const body = list.slice(first, first + longestPage);
    const total = list.length;
    const page = { number, first, last: first + body.length - 1, total, path: withoutQuery };
    return { body, headers: hint(page) };
  });
}

function hasNext({ last, total }: Page): boolean {
  return last < total - 1;
}

export const lists = {
  "late-lists": {
    description: `Lists show what was there ${lateMs / 1000} seconds ago; reads by id are up to date.`,
    hooks: late(["list"]),
  },
  "late-lists-by-reads": {
    description: `What a write changed is in the lists only after ${lateReads} more of them.`,
    hooks: lateByReads,
  },
  "late-reads": {
    description: `Reads by id show what was there ${lateMs / 1000} seconds ago; lists are up to date.`,
    hooks: late(["read"]),
  },
  "late-lists-and-reads": {
    description: `Lists and reads by id show what was there ${lateMs / 1000} seconds ago.`,
    hooks: late(["list", "read"]),
  },
  "new-objects-late-in-lists": {
    description: `A new object is in the list ${lateMs / 1000} seconds after its create; changes are there at once.`,
    hooks: newOnesMissing(["list"]),
  },
  "create-202-late": {
    description: `A create answers 202 with the object, which no list or read has for ${lateMs / 1000} seconds.`,
    hooks(service) {
      const missing = newOnesMissing(["list", "read"])(service);
      return {
        serves(asked, next) {
          const reply = missing.serves?.(asked, next) ?? next();
          return asked.view?.place === "create" && reply.status === 201 ? { ...reply, status: 202 } : reply;
        },
      };
    },
  },
  "lists-newest-first": {
    description: "Lists show the newest object first.",
    hooks: ofList((list) => ({ body: [...list].reverse() })),
  },
  "lists-repeat-objects": {
    description: "Lists show each object twice.",
    hooks: ofList((list) => ({ body: list.flatMap((object) => [object, object]) })),
  },
  "pages-link-next": {
    description: `Lists are cut at ${longestPage}; a Link header with rel="next" says so.`,
    hooks: paging((page) =>
      hasNext(page) ? { link: `<${page.path}?page=${page.number + 1}>; rel="next"` } : {},
    ),
  },
  "pages-total-count": {
    description: `Lists are cut at ${longestPage}; X-Total-Count holds how many there are.`,
    hooks: paging(({ total }) => ({ "x-total-count": String(total) })),
  },
  "pages-content-range": {
    description: `Lists are cut at ${longestPage}; Content-Range holds which they are, and of how many.`,
    hooks: paging(({ first, last, total }) => ({ "content-range": `items ${first}-${last}/${total}` })),
  },
  "pages-next-page": {
    description: `Lists are cut at ${longestPage}; X-Next-Page holds the number of the next one, or nothing.`,
    hooks: paging((page) => ({ "x-next-page": hasNext(page) ? String(page.number + 1) : "" })),
  },
  "pages-without-hint": {
    description: `Lists are cut at ${longestPage} without a sign.`,
    hooks: paging(() => ({})),
  },
  "soft-deletes": {
    description:
      "A deleted object can be read by id for another hour, with the state deleted; no list has it.",
    hooks({ now }) {
      const graves = new Map<string, { readonly until: number; readonly object: Json }>();
      const seen = new Map<string, Json>();
      return {
        shows(object, { place }) {
          if (place !== "list") seen.set(String(object.Id), object);
          return object;
        },
        serves(asked, next) {
          const { id, view } = asked;
          const reply = next();
          if (view?.place === "delete" && reply.status < 300) {
            const object = seen.get(id);
            if (object) graves.set(id, { until: now() + hourMs, object: { ...object, State: "deleted" } });
          }
          const grave = view?.place === "read" && reply.status === 404 ? graves.get(id) : undefined;
          return grave !== undefined && now() < grave.until ? { status: 200, body: grave.object } : reply;
        },
      };
    },
  },
} as const satisfies Readonly<Record<string, Dialect>>;
