/** Asking the server. Whatever goes wrong is a Refusal that holds every fault. */

/** This page speaks German, whatever the browser prefers. */
const LANGUAGE = { "Accept-Language": "de" };

export class Refusal extends Error {
  constructor(title, faults = []) {
    super(title);
    this.faults = faults;
  }
}

/** There is no answer yet: the same may be asked again. */
export class NoAnswer extends Refusal {}

async function answered(request) {
  let response;
  try {
    response = await request;
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new NoAnswer("Der Server ist nicht erreichbar. Ihre Angaben stehen noch in dieser Seite.");
  }
  if (response.ok) return response;
  const problem = await response.json().catch(() => ({}));
  throw new Refusal(problem.title ?? `Fehler ${response.status}`, problem.errors ?? detail(problem));
}

function detail(problem) {
  return problem.detail ? [{ path: "", line: null, message: { de: problem.detail }, hint: null }] : [];
}

export async function give(path) {
  return (await answered(fetch(`v1/${path}`, { headers: LANGUAGE }))).json();
}

export async function post(path, body, { signal, type = "application/json" } = {}) {
  const content = typeof body === "string" || body instanceof Blob ? body : JSON.stringify(body);
  return answered(fetch(`v1/${path}`, { method: "POST", headers: { "Content-Type": type, ...LANGUAGE }, body: content, signal }));
}
