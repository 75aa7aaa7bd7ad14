/** The plan of a write: what differs, and the requests that change it. Nothing here asks the service. */
import type { Creation } from "../doubt/ownership";
import { changedKeys, givenKeys } from "../fields/declared";
import { bodyOf } from "../fields/translate";
import type {
  ArgumentKey,
  BodyOf,
  Fields,
  Inputs,
  Listed,
  State,
  UnresolvedInputs,
} from "../fields/vocabulary";
import type { ObjectKind } from "./kind";
import { isUnfinished } from "./state";

/** One request of an update. */
export interface Request<F extends Fields> {
  readonly sent: readonly ArgumentKey<F>[];
  readonly body: BodyOf<F>;
  readonly isLast: boolean;
}

/** What an update sends, one request after another, and the values that it is to bring about. */
export interface Plan<F extends Fields> {
  readonly wanted: Inputs<F>;
  readonly requests: readonly Request<F>[];
}

/** The create of an object, and what tells it from others. */
export function creationOf<F extends Fields, T extends Listed>(
  kind: ObjectKind<F, T>,
  inputs: Inputs<F>,
): Creation<T> {
  const all = bodyOf(kind.fields, inputs, givenKeys(kind.fields, inputs));
  const body = kind.finishing?.createBody?.(inputs, all) ?? all;
  return { noun: kind.noun, ...kind.identityOf(inputs), body, post: () => kind.create(inputs, body) };
}

/** The arguments whose value the service does not have, without those that it has changed as announced. */
export function keysToChange<F extends Fields, T extends Listed>(
  kind: ObjectKind<F, T>,
  olds: State<F>,
  news: UnresolvedInputs<F> | Inputs<F>,
): ArgumentKey<F>[] {
  const settled = kind.settledKeys?.(news, olds) ?? [];
  return changedKeys(kind.fields, { inputs: news, state: olds }).filter((key) => !settled.includes(key));
}

/** A field that is declared `alone` is sent in a request of its own, before the others. */
export function planOf<F extends Fields, T extends Listed>(
  kind: ObjectKind<F, T>,
  olds: State<F>,
  inputs: Inputs<F>,
): Plan<F> {
  const { fields } = kind;
  const again = isUnfinished(olds) ? kind.finishing?.again?.(inputs, olds) : undefined;
  const wanted = again?.inputs ?? inputs;
  const changed: string[] = kind.update ? [...keysToChange(kind, olds, inputs), ...(again?.keys ?? [])] : [];
  const keys = givenKeys(fields, wanted).filter((key) => changed.includes(key));
  const groups = [
    ...keys.filter((key) => fields[key]?.alone).map((key) => [key]),
    keys.filter((key) => !fields[key]?.alone),
  ];
  const requests = groups
    .map((sent, index) => ({
      sent,
      body: bodyOf(fields, wanted, sent),
      isLast: index === groups.length - 1,
    }))
    .filter(({ body }) => Object.keys(body).length > 0);
  return { wanted, requests };
}
