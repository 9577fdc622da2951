/** The worker: loads Python and the program, then answers what the page asks, one request after the other. */

import { loadPyodide } from "./pyodide/pyodide.js";

const HERE = new URL(".", import.meta.url);
const fetched = self.fetch.bind(self);
const givenUp = new Set();
let bytes = 0;
let total = 0;
let turn = load();

/** Fetch, and count what comes. */
self.fetch = async (...asked) => {
  const response = await fetched(...asked);
  const counting = new TransformStream({
    transform(chunk, out) {
      bytes += chunk.byteLength;
      self.postMessage({ phase: "loading", bytes, total });
      out.enqueue(chunk);
    },
  });
  return new Response(response.body?.pipeThrough(counting), response);
};

async function contentOf(name) {
  const response = await self.fetch(new URL(name, HERE));
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

async function load() {
  const parts = await (await fetched(new URL("parts.json", HERE))).json();
  total = parts.bytes;
  self.postMessage({ phase: "loading", bytes, total });
  const [python, ...wheels] = await Promise.all([loadPyodide({ indexURL: new URL("pyodide/", HERE).href }), ...parts.wheels.map(contentOf)]);
  self.postMessage({ phase: "starting", bytes, total });
  for (const wheel of wheels) python.unpackArchive(wheel, "wheel");
  const inside = python.pyimport("vwv_im.web.app.inside").opened();
  self.postMessage({ phase: "ready", bytes, total });
  return { python, inside };
}

async function answer({ python, inside }, { id, method, address, headers, body }) {
  const asked = [python.toPy(headers), python.toPy(new TextEncoder().encode(body))];
  const answered = await inside.respond(method, address, ...asked);
  const [status, type, content] = answered.toJs();
  for (const one of [...asked, answered]) one.destroy();
  self.postMessage({ id, status, type, content }, [content.buffer]);
}

/** Let messages that came meanwhile be read: what was given up need not be answered. */
const others = () => new Promise((resolve) => { setTimeout(resolve); });

self.addEventListener("message", ({ data }) => {
  if (data.givenUp) return givenUp.add(data.id);
  turn = turn.then(async (loaded) => {
    await others();
    if (!givenUp.delete(data.id)) await answer(loaded, data);
    return loaded;
  });
  turn.catch((error) => self.postMessage({ failed: `Das Programm ist stehen geblieben: ${error.message}` }));
});
