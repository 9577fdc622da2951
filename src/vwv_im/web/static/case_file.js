/** A case as a file: saved with what is asked about it, read back, and a Prüfprotokoll made again. */

import { Refusal, post } from "./ask_server.js";
import { put } from "./paths.js";

const WORKBOOKS = { xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ods: "application/vnd.oasis.opendocument.spreadsheet" };

/** Return what a file holds: `case`, with what is `asked` about it where the file says so, and of a Prüfprotokoll its `replay`.
 *  A workbook holds the case of a `question`, or of another whose sheets it has. */
export async function read(file, question) {
  const workbook = WORKBOOKS[file.name.match(/\.(\w+)$/)?.[1].toLowerCase()];
  if (workbook) {
    const { case: stated, on } = await (await post(`workbooks?hints=cell&question=${encodeURIComponent(question)}`, file, { type: workbook })).json();
    return { case: stated, asked: { on } };
  }
  const text = await file.text();
  const data = /\.json$/i.test(file.name) ? parsed(text) : null;
  if (data?.digest && data?.facts) return replayed(data, text);
  if (data?.case && typeof data.case === "object") {
    const { case: stated, ...asked } = data;
    return { case: await checked(JSON.stringify(stated), "application/json"), asked };
  }
  return { case: await checked(text, data ? "application/json" : "application/yaml"), asked: {} };
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function checked(text, type) {
  return (await (await post("cases", text, { type })).json()).case;
}

async function replayed(receipt, text) {
  const replay = await (await post("replays", text)).json();
  const stated = {};
  for (const [path, count] of Object.entries(receipt.counts ?? {}).sort(([a], [b]) => a.length - b.length)) put(stated, path, Array.from({ length: count }, () => ({})));
  for (const [path, value] of Object.entries(receipt.facts)) put(stated, path, value);
  if (!Object.keys(stated).length) throw new Refusal("Das Prüfprotokoll nennt keine Angaben.");
  const readings = Object.fromEntries(Object.entries(receipt.readings).map(([name, reading]) => [name, reading?.used ?? reading]));
  const { on, known_on, question } = receipt;
  return { case: await checked(JSON.stringify(stated), "application/json"), asked: { on, known_on, question, readings }, replay };
}

/** Return a case with what is asked about it, as the server takes it and this page reads it back. */
export function content(asked) {
  return `${JSON.stringify(asked, null, 2)}\n`;
}
