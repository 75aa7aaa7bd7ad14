/** Every kind's life, on the small engine. */
import { loadProduct } from "../harness/stage/product.js";
import { openSmallStage } from "../harness/stage/small.js";
import { describeLifecycle } from "./describeLifecycle/describeLifecycle.js";
import { livedKinds } from "./describeLifecycle/subjects.js";

const product = loadProduct();

for (const kind of livedKinds)
  describeLifecycle(kind, async () => openSmallStage({ product: await product }));

describeLifecycle(livedKinds, async () => openSmallStage({ product: await product }));
