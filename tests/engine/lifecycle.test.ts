/** The life of every kind on the real engine, all in one program. */
import { kinds } from "../../provider/engine/kinds.js";
import { describeLifecycle } from "../lifecycle/describeLifecycle/describeLifecycle.js";
import { openRealStage } from "../stage/real.js";

describeLifecycle(kinds, () => openRealStage());
