/** Inbound rules, and other fields that open or close access: what the service makes of them, or does not. */
import { randomUUID } from "node:crypto";
import type { Hooks, Json, Place } from "../../../../provider/emulator/variations.js";
import { type Dialect, every, isJson, showing, without } from "./hooks.ts";

type Rules = readonly Json[];

const { place: everyPlace } = every;

function changeRules(object: Json, to: (rules: Rules) => Rules): Json {
  const { Settings } = object;
  if (!isJson(Settings) || !isJson(Settings.Network)) return object;
  const { InboundRules } = Settings.Network;
  if (!Array.isArray(InboundRules)) return object;
  return {
    ...object,
    Settings: { ...Settings, Network: { ...Settings.Network, InboundRules: to(InboundRules as Rules) } },
  };
}

function storingRules(to: (rules: Rules) => Rules): () => Hooks {
  return () => ({ takes: (body, { kind }) => (kind === "credential" ? changeRules(body, to) : body) });
}

function showingRules(to: (rules: Rules) => Rules): () => Hooks {
  return showing(["credential"], everyPlace, (object) => changeRules(object, to));
}

/** Takes fields out of what a credential is sent, so that they change nothing. */
function ignoring(places: readonly Place[], isIgnored: (body: Json, field: string) => boolean): () => Hooks {
  return () => ({
    takes(body, { kind, place }) {
      if (kind !== "credential" || !places.includes(place)) return body;
      return without(body, ...Object.keys(body).filter((field) => isIgnored(body, field)));
    },
  });
}

const writes: readonly Place[] = ["create", "update"];

export const rules = {
  "rule-protocol-lower-case": {
    description: "Protocols of inbound rules are shown in lower case.",
    hooks: showingRules((all) =>
      all.map((rule) => ({ ...rule, Protocol: String(rule.Protocol).toLowerCase() })),
    ),
  },
  "rule-description-empty": {
    description: "A rule without a description is shown with an empty one.",
    hooks: showingRules((all) => all.map((rule) => ({ ...rule, Description: rule.Description ?? "" }))),
  },
  "rule-description-null": {
    description: "A rule's empty description is shown as null.",
    hooks: showingRules((all) => all.map((rule) => ({ ...rule, Description: rule.Description || null }))),
  },
  "rule-ids-new": {
    description: "Every inbound rule gets an id of the service's own, whatever id was sent.",
    hooks: storingRules((all) => all.map((rule) => ({ ...rule, Id: randomUUID() }))),
  },
  "rule-ids-left-out": {
    description: "Inbound rules are shown without ids.",
    hooks: showingRules((all) => all.map((rule) => without(rule, "Id"))),
  },
  "rules-reordered": {
    description: "Inbound rules are shown in another order.",
    hooks: showingRules((all) => [...all].reverse()),
  },
  "disabled-rule-added": {
    description: "The rule that allows everybody stays in the list of inbound rules, disabled.",
    hooks: ({ data }) => storingRules((all) => [...all, { ...data.defaultInboundRule, State: "disabled" }])(),
  },
  "default-rule-kept": {
    description:
      "The rule that allows everybody stays among the inbound rules, enabled, so that nothing is closed.",
    hooks: ({ data }) => storingRules((all) => [...all, { ...data.defaultInboundRule }])(),
  },
  "rules-not-in-lists": {
    description: "Inbound rules are shown by the read by id, and not in the list.",
    hooks: ({ data }) => ({
      shows(object, { kind, place }) {
        if (kind !== "credential") return object;
        if (place === "list") return without(object, "Settings");
        const Settings = data.credentials.get(String(object.Id))?.Settings;
        return place === "read" && Settings !== undefined ? { ...object, Settings } : object;
      },
    }),
  },
  "rules-shown-nowhere": {
    description: "Inbound rules are applied, and shown in no answer.",
    hooks: showing(["credential"], everyPlace, (object) => without(object, "Settings")),
  },
  "rules-ignored-alone": {
    description: "A PATCH of inbound rules alone changes nothing; beside another field they are applied.",
    hooks: ignoring(["update"], (body, field) => field === "Settings" && Object.keys(body).length === 1),
  },
  "rules-ignored-beside-others": {
    description: "Inbound rules beside other fields of a PATCH change nothing; alone they are applied.",
    hooks: ignoring(["update"], (body, field) => field === "Settings" && Object.keys(body).length > 1),
  },
  "rules-never-applied": {
    description: "Inbound rules change nothing, as on a plan without them.",
    hooks: ignoring(writes, (_body, field) => field === "Settings"),
  },
  "rules-refused": {
    description: "Inbound rules are refused with 403, as on a plan without them.",
    hooks: () => ({
      serves(asked, next) {
        const isMeant = asked.view?.kind === "credential" && /"Settings"\s*:/.test(asked.text);
        if (!isMeant) return next();
        return { status: 403, body: { id: "forbidden", message: "Upgrade your plan to use inbound rules" } };
      },
    }),
  },
  "inactive-ignored": {
    description: "The state inactive changes nothing, in a create and in a PATCH.",
    hooks: ignoring(writes, ({ State }, field) => field === "State" && State === "inactive"),
  },
  "inactive-ignored-in-updates": {
    description: "The state inactive changes nothing in a PATCH; a create obeys it.",
    hooks: ignoring(["update"], ({ State }, field) => field === "State" && State === "inactive"),
  },
  "permission-ignored-in-updates": {
    description: "A permission in a PATCH changes nothing.",
    hooks: ignoring(["update"], (_body, field) => field === "Permission"),
  },
  "alias-ignored-in-updates": {
    description: "An alias in a PATCH changes nothing.",
    hooks: ignoring(["update"], (_body, field) => field === "Alias"),
  },
} as const satisfies Readonly<Record<string, Dialect>>;
