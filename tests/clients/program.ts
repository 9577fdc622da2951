/** What a program does with the types that openapi-typescript makes: `node program.js ADDRESS`; `.ci/clients` runs it. */

import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import type { components, paths } from "./api.js";

type Asked = components["schemas"]["DecisionRequest"];

const client = createClient<paths>({ baseUrl: process.argv[2] ?? "http://127.0.0.1:8000" });

function asked(size: string): Asked {
  return {
    case: { antrag: { stellen: [{ vzae: size, beschaeftigungsbeginn: "2018-01-01", hochschulabschluss: "bachelor" }] } },
    on: "2018-06-01",
  };
}

const decided = await client.POST("/v1/decisions", { params: { query: { lang: "de" } }, body: asked("0.2") });
assert(decided.data && "reasons" in decided.data);
assert.equal(decided.data.verdict, "no");
const reason = decided.data.reasons.find((one) => one.rule === "stelle-mindestumfang");
assert.equal(reason?.required, "0.25");

const refused = await client.POST("/v1/decisions", { body: asked("0,5") });
assert.equal(refused.response.status, 422);
const fault = refused.error?.errors?.[0];
assert.equal(fault?.path, "antrag.stellen[0].vzae");

const record = await client.POST("/v1/receipts", { body: asked("0.2") });
assert(record.data);
const again = await client.POST("/v1/replays", { body: record.data });
assert.equal(again.data?.identical, true);

console.log(`TypeScript: ${reason?.text.de}; ${fault?.message.de}; ${record.data.digest.slice(0, 12)}`);
