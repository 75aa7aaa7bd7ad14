/** The turns in which the engine has a part, for every resource on the real one, all in one program. */
import { openRealStage } from "../harness/stage/real.js";
import { describeLifecycle } from "../lifecycle/describeLifecycle/describeLifecycle.js";
import { livedKinds } from "../lifecycle/describeLifecycle/subjects.js";
import type { TurnName } from "../lifecycle/describeLifecycle/turns.js";

// A password that cannot be read is looked for as long as the operation may take, in real time.
const config = { "sftptogo:operationTimeoutSeconds": "5" };

/** `life` is in life.test.ts; where nothing but the service differs, `lifecycle.small.test.ts` judges. */
const turns: TurnName[] = ["adopted", "get", "unfinished", "replaced"];

describeLifecycle(livedKinds, () => openRealStage("", { config }), turns);
