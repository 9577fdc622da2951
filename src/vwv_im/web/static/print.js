/** What is printed besides the result: what was asked, and every fact that was stated. */

import { byId, h } from "./elements.js";
import { holder } from "./paths.js";

/** Write what was stated into the part of the page that only a printer shows. */
export function printed(form, messages, days) {
  const asked = document.querySelector("[name=question]:checked").parentElement.textContent.trim();
  const said = [["Frage", asked], ["Tag der Entscheidung", days.on.input.value], ["Bekannt am", days.known_on.input.value]].filter(([, value]) => value);
  const cards = new Map([["Frage und Tag", said]]);
  for (const [path, field] of form.fields) {
    if (!form.values.has(path)) continue;
    const card = holder(path);
    const title = /\]$/.test(card) ? form.entryName(card) : form.part(card).title.de;
    cards.set(title, [...(cards.get(title) ?? []), [field.fact.title.de, field.words()]]);
  }
  byId("angaben-druck").replaceChildren(h("h2", {}, "Angaben"), ...[...cards].map(([title, lines]) =>
    h("section", {}, h("h3", {}, title), h("dl", {}, lines.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])))));
}
