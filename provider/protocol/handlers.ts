/** What the dynamic-provider process calls. Pulumi's types only, none of its code. */
import type { dynamic } from "@pulumi/pulumi";
import type { Plain } from "../values/plain";

/** A kind's provider: all of Pulumi's dynamic-provider protocol, on plain values. */
export type Handlers = Required<
  Pick<
    dynamic.ResourceProvider<Plain, Plain>,
    "configure" | "check" | "diff" | "create" | "read" | "update" | "delete"
  >
>;
