// Adds up vitest's reports of one `npm test` and prints `N passed, N failed`. Says nothing when there is no
// report: then a check before the tests has failed.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const folder = process.argv[2];
const reports = readdirSync(folder).map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")));
let passed = 0;
let failed = 0;
for (const report of reports) {
  passed += report.numPassedTests;
  failed += report.numFailedTests;
  // A file that could not be loaded has no tests to count.
  failed += report.testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.length === 0,
  ).length;
}
if (reports.length > 0) console.log(`\n${passed} passed, ${failed} failed`);
