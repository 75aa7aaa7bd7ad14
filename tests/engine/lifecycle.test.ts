/** The life of every kind on the real engine, all in one program. */

import { openRealStage } from "../harness/stage/real.js";
import { describeLifecycle } from "../lifecycle/describeLifecycle/describeLifecycle.js";
import { livedKinds } from "../lifecycle/describeLifecycle/subjects.js";

// A password that cannot be read is looked for as long as the operation may take, in real time.
const config = { "sftptogo:operationTimeoutSeconds": "5" };

describeLifecycle(livedKinds, () => openRealStage("", { config }));
