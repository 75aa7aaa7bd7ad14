import { runModel } from "#model";
import { product } from "#product";
import { captureStderr } from "#world";

process.env.DEBUG = "sftptogo*";
captureStderr();
const t = Date.now();
console.log(
  await runModel({ product, seed: Number(process.argv[2] ?? 1) }, Number(process.argv[3] ?? 500)),
  Date.now() - t,
);
