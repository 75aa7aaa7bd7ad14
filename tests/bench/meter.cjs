/**
 * Loaded into every Node process that the engine starts: says again and again how much time of a processor
 * the process has used and how much memory it had at most, since the engine ends it with a signal.
 */
const { renameSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

const folder = process.env.BENCH_METER;
if (folder) {
  const file = join(folder, `${process.pid}.json`);
  const isProvider = process.argv[1]?.includes("dynamic-provider") === true;
  const report = () => {
    const { maxRSS, systemCPUTime, userCPUTime } = process.resourceUsage();
    const seconds = (userCPUTime + systemCPUTime) / 1e6;
    writeFileSync(`${file}.new`, JSON.stringify({ isProvider, seconds, megabytes: maxRSS / 1024 }));
    renameSync(`${file}.new`, file);
  };
  setInterval(report, 100).unref();
  process.on("exit", report);
}
