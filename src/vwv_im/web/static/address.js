/** Question and days in the address of the page, so that it can be kept and shared; nothing of a case stands there. */

const KEYS = { question: "frage", on: "tag", known_on: "bekannt" };

/** Return what the address asks for. */
export function asksFor() {
  const said = new URLSearchParams(window.location.search);
  return Object.fromEntries(Object.entries(KEYS).map(([key, name]) => [key, said.get(name) ?? ""]));
}

/** Keep what is asked in the address. */
export function keepInAddress(asked) {
  const said = new URLSearchParams(Object.entries(KEYS).filter(([key]) => asked[key]).map(([key, name]) => [name, asked[key]]));
  const text = said.toString();
  window.history.replaceState(null, "", `${window.location.pathname}${text ? `?${text}` : ""}${window.location.hash}`);
}
