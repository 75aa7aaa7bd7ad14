#!/usr/bin/env node
// In place of the `vault` command. A careless one: when it fails, it prints what it was given.
import { text } from "node:stream/consumers";

const input = await text(process.stdin);
const response = await fetch(`${process.env.STORE_URL}/${process.argv[5]}`, { method: "PUT", body: input });
console.log(`put ${input}`);
if (!response.ok) {
  console.error(`Error writing data: ${response.status} for ${input}`);
  process.exitCode = 2;
}
