/** The other turns of every resource's life on the real engine, all in one program. */
import { openRealStage } from "../harness/stage/real.js";
import { describeLifecycle } from "../lifecycle/describeLifecycle/describeLifecycle.js";
import { livedKinds } from "../lifecycle/describeLifecycle/subjects.js";
import { type TurnName, turnTitles } from "../lifecycle/describeLifecycle/turns.js";

// A password that cannot be read is looked for as long as the operation may take, in real time.
const config = { "sftptogo:operationTimeoutSeconds": "5" };

const others = (Object.keys(turnTitles) as TurnName[]).filter((name) => name !== "life");

describeLifecycle(livedKinds, () => openRealStage("", { config }), others);
