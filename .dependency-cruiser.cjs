/**
 * Which room may import which, by the path that an import resolves to. A file in a folder without a rule may import
 * nothing, so a new folder fails until it has one.
 */

/** The plain rooms, each with the ones below it. */
const rooms = {
  values: [],
  webhooks: [],
  api: ["values"],
  protocol: ["values"],
  config: ["api", "values"],
  lifecycle: ["config", "protocol", "api", "values"],
  functions: ["lifecycle", "config", "protocol", "api", "values"],
  emulator: ["resources/fields[.]ts", "api", "values"],
};
const belowResources = ["functions", "lifecycle", "config", "protocol", "api", "values"];
/** What a resource declares, for those who judge or write resources without running them. */
const declarations = "resources/(fields|[^/]+/(fields|inboundRules|unfinished)|shared/[^/]+)[.]ts";

/** `from` and `to` are expressions for paths below `provider/`. */
function mayImport(from, ...to) {
  const below = (paths) => `^provider/(${paths.join("|")})`;
  return { from: { path: below([from]) }, to: { path: [below(to), "node_modules/", "^[a-z:_/]+$"] } };
}

module.exports = {
  allowed: [
    ...Object.entries(rooms).map(([room, below]) => mayImport(`${room}/`, `${room}/`, ...below)),
    // A resource imports no other one, only what two of them share.
    {
      from: { path: "^provider/resources/([^/]+)/" },
      to: { path: "^provider/resources/($1|shared)/" },
    },
    mayImport("resources/[^/]+/", ...belowResources),
    // A component is made of resources.
    mayImport("resources/rotatingCredential/", "resources/[^/]+/(resource|inboundRules)[.]ts"),
    mayImport("resources/fields[.]ts", "resources/[^/]+/fields[.]ts", "lifecycle", "protocol"),
    mayImport("rules/", "rules/", declarations, "lifecycle", "protocol", "api", "values"),
    // A policy pack loads the rules, and nothing of the provider process.
    mayImport("policies/", "policies/", "rules/(argumentRules|rule)[.]ts", "protocol/kinds[.]ts"),
    // Commands go by the resources' declarations: they run no resource.
    mayImport("commands/", "commands/", "emulator/index[.]ts", "rules/", declarations, ...belowResources),
    mayImport("index[.]ts", "resources/[^/]+/", "functions/", "config/", "api/errors[.]ts"),
    mayImport("provider[.]ts", "resources/", "rules/preview[.]ts", "lifecycle/", "config/", "protocol/"),
  ],
  allowedSeverity: "error",
  forbidden: [
    {
      name: "no-circle",
      severity: "error",
      from: { path: "^provider/" },
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "provider/tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    exclude: { path: "node_modules/.*/node_modules/" },
    includeOnly: "^provider/",
  },
};
