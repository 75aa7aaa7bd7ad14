/**
 * Loaded first into the Node processes of a stack: halves what every command costs. At its start the SDK loads
 * TypeScript, npm's dependency solver, OpenTelemetry and more, for what these programs do not use; here each of them is
 * loaded when it is first asked for something.
 */
const { Session } = require("node:inspector");
const Module = require("node:module");

// The SDK sets this flag while it is being loaded. Node then refuses what it compiled before under other flags, compiles
// half of the SDK again and writes it again, in every process.
require("node:v8").setFlagsFromString("--allow-natives-syntax");

const later =
  /^(@logdna\/tail-file|@npmcli\/arborist|execa|js-yaml|normalize-package-data|typescript|upath)$/;
/** Whose values the SDK takes out at once; all of them are functions and classes. */
const takenApart =
  /^@opentelemetry\/(exporter-zipkin|instrumentation|instrumentation-grpc|resources|sdk-trace-base|sdk-trace-node)$/;

const load = Module._load;

/** The SDK has V8 list all scripts, in case it has to write a function out. Here V8 does so when it comes to that. */
class LateSession extends Session {
  #isConnected = false;

  connect() {}

  post(method, ...rest) {
    if (!this.#isConnected) {
      if (method === "Debugger.enable") return rest.at(-1)(null);
      this.#isConnected = true;
      super.connect();
      super.post("Debugger.enable");
    }
    return super.post(method, ...rest);
  }
}

/** What the SDK gets in the place of a module. */
const replaced = {
  inspector: { Session: LateSession },
  // Maps the SDK's own frames back to TypeScript, in each of the many stacks that the SDK keeps of a resource.
  "source-map-support/register": {},
};

Module._load = function (request, ...rest) {
  if (Object.hasOwn(replaced, request)) return replaced[request];
  const inParts = takenApart.test(request);
  if (!inParts && !later.test(request)) return load.call(this, request, ...rest);
  let loaded;
  const real = () => {
    loaded ??= load.call(this, request, ...rest);
    return loaded;
  };
  const partOf = (name) =>
    new Proxy(class {}, {
      apply: (_, self, args) => Reflect.apply(real()[name], self, args),
      construct: (_, args) => Reflect.construct(real()[name], args),
    });
  return new Proxy(
    {},
    {
      get(_, name) {
        if (name === "__esModule") return true;
        if (name === "default") return real();
        return inParts ? partOf(name) : real()[name];
      },
    },
  );
};

// The engine kills its provider processes, which then never write what they have compiled.
setTimeout(() => Module.flushCompileCache?.(), 400).unref();
