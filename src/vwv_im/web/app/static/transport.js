/** The transport of the page without a server: a worker that holds the whole program answers in its place. */

const MEGABYTES = new Intl.NumberFormat("de-DE", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
const waiting = new Map();
const [shown, told, bar] = ["div", "p", "progress"].map((name) => document.createElement(name));
let last = 0;
let broken = null;

shown.id = "laden";
shown.setAttribute("aria-hidden", "true");
told.className = "help";
shown.append(told, bar);
worker.addEventListener("message", ({ data }) => {
  if (data.phase) return tell(data);
  if (data.failed) return fail(new Error(data.failed));
  const { status, type, content } = data;
  waiting.get(data.id)?.resolve(new Response(content, { status, headers: { "Content-Type": type } }));
  waiting.delete(data.id);
});
worker.addEventListener("error", (event) => fail(new Error(event.message || "Das Programm konnte nicht geladen werden.")));

/** Say how far loading has come; what is spoken changes only with the phase. Until then there is nothing to fill in. */
function tell({ phase, bytes, total }) {
  document.getElementById("eingabe").inert = phase !== "ready";
  if (phase === "ready") return shown.remove();
  const status = document.getElementById("status");
  const loading = phase === "loading";
  const size = `${MEGABYTES.format(total / 1e6)} MB`;
  const said = loading ? `Das Programm wird geladen (${size}) …` : "Das Programm wird gestartet …";
  if (status.textContent !== said) status.textContent = said;
  told.textContent = loading ? `Das Programm wird geladen: ${MEGABYTES.format(bytes / 1e6)} von ${size} …` : said;
  if (loading) Object.assign(bar, { max: total, value: bytes });
  else bar.removeAttribute("value");
  if (!shown.isConnected) status.after(shown);
}

function fail(error) {
  broken = error;
  shown.remove();
  for (const one of waiting.values()) one.reject(error);
  waiting.clear();
}

/** Answer as `fetch` does; nothing leaves this page. */
function send(address, { method = "GET", headers = {}, body = "", signal } = {}) {
  const id = (last += 1);
  return new Promise((resolve, reject) => {
    if (broken) return reject(broken);
    if (signal?.aborted) return reject(signal.reason);
    waiting.set(id, { resolve, reject });
    signal?.addEventListener("abort", () => {
      if (!waiting.delete(id)) return;
      worker.postMessage({ id, givenUp: true });
      reject(signal.reason);
    });
    worker.postMessage({ id, method, address, headers, body });
  });
}

window.fetch = send;
