/**
 * Loaded first into the Node processes of a stack: takes a third off every command. At its start the SDK loads
 * TypeScript, npm's dependency solver and OpenTelemetry, for what these programs do not use; here each of them is loaded
 * when it is first asked for something.
 */
const Module = require("node:module");

/** Whose values the SDK takes out at once; all of them are functions and classes. */
const takenApart =
  /^@opentelemetry\/(exporter-zipkin|instrumentation|instrumentation-grpc|resources|sdk-trace-base|sdk-trace-node)$/;
const load = Module._load;

Module._load = function (request, ...rest) {
  const inParts = takenApart.test(request);
  if (!inParts && request !== "typescript" && request !== "@npmcli/arborist")
    return load.call(this, request, ...rest);
  const real = () => load.call(this, request, ...rest);
  const partOf = (name) =>
    new Proxy(class {}, {
      apply: (_, self, args) => Reflect.apply(real()[name], self, args),
      construct: (_, args) => Reflect.construct(real()[name], args),
    });
  return new Proxy(
    {},
    {
      get: (_, name) => name === "__esModule" || (inParts ? partOf(name) : real()[name]),
    },
  );
};

// Node takes the types out of an ES module by itself; ts-node would be loaded for nothing.
if (process.env.PULUMI_NODEJS_TYPESCRIPT) process.env.PULUMI_NODEJS_TYPESCRIPT = "false";

// The engine kills its provider processes, which then never write what they have compiled.
setTimeout(() => Module.flushCompileCache?.(), 400).unref();
