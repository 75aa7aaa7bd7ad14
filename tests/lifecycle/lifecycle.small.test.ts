/** Every kind's life, on the small engine. */
import { kinds } from "../../provider/engine/kinds.js";
import { loadProduct } from "../stage/product.js";
import { openSmallStage } from "../stage/small.js";
import { describeLifecycle } from "./describeLifecycle/describeLifecycle.js";

const product = loadProduct();

for (const kind of kinds) describeLifecycle(kind, async () => openSmallStage({ product: await product }));

describeLifecycle(kinds, async () => openSmallStage({ product: await product }));
