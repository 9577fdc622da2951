/** Showing what the server found: pages as it writes them, the facts still needed, readings, proposals. */

import { h } from "./dom.js";

const MARKS = { "+": "✓", "–": "✗", "?": "?", "~": "⚖", "·": "○", "!": "!", i: "i" };
const KINDS = { "+": "yes", "–": "no", "?": "open", "~": "discretion", "·": "none", "!": "no", i: "none" };
const FOLDED = ["Was die Quellen nicht sagen", "Quellen"];
const LEFT_OUT = ["Bitte prüfen", "Was noch fehlt"];
const VERDICTS = { yes: "ja", no: "nein", open: "noch offen", discretion: "Ermessen" };

/** Return the blocks of a page as elements; its result, which stands above, is left out. */
export function page(blocks, link = () => null) {
  return sections(blocks.filter((block) => !block.strong)).map(({ title, inside }) => {
    if (LEFT_OUT.includes(title)) return null;
    if (FOLDED.includes(title)) {
      return h("details", { id: title === "Quellen" ? "quellen" : null }, h("summary", {}, h("h3", {}, title)), body(inside, title, link));
    }
    return h("section", {}, title ? h("h3", {}, title) : null, body(inside, title, link));
  });
}

function sections(blocks) {
  const found = [{ title: null, inside: [] }];
  for (const block of blocks) {
    if (block.kind === "heading") found.push({ title: block.text, inside: [] });
    else found.at(-1).inside.push(block);
  }
  return found.filter(({ inside }) => inside.length);
}

function body(blocks, title, link) {
  const paragraphs = blocks.filter((block) => block.kind === "paragraph");
  const items = blocks.filter((block) => block.kind === "item");
  return [
    title === "Quellen" ? h("p", { class: "help" }, "Die Adressen öffnen sich in einem neuen Fenster.") : null,
    ...paragraphs.map((block) => h("p", {}, block.text)),
    items.length ? h("ul", { class: "blocks" }, items.map((block) => item(block, title, link))) : null,
  ];
}

function item(block, title, link) {
  if (title === "Quellen") return source(block.text);
  const [, sign, text] = block.mark ? [null, block.mark, block.text] : block.text.match(/^(?:([i?+–~]) )?(.*)$/s);
  const mark = sign ? h("span", { class: "mark", "aria-hidden": "true" }, MARKS[sign]) : null;
  return h("li", { class: KINDS[sign] ?? "plain" }, mark, h("div", {}, cited(text), block.facts.length ? [" ", link(block.facts)] : [], nested(block.details)));
}

/** Turn the numbers of sources at the end of a sentence into links to the list of sources. */
function cited(text) {
  const found = text.match(/^(.*?)\s*\[([^[\]]*?)((?:\d+, )*\d+)?\]$/s);
  if (!found) return [text];
  const numbers = (found[3] ?? "").split(", ").filter(Boolean);
  const links = numbers.flatMap((number, index) => [index ? ", " : "",
    h("a", { href: `#quelle-${number}`, "aria-label": `Quelle ${number}` }, number)]);
  return [found[1], " ", h("small", {}, `[${found[2]}`, links, "]")];
}

function source(text) {
  const [, number, words, address] = text.match(/^(\d+)\s+(.*?)(?:, (https?:\/\/\S+))?$/s) ?? [];
  const link = address ? h("a", { href: address, rel: "noopener noreferrer external", target: "_blank" }, address) : null;
  return h("li", { id: `quelle-${number}`, class: "plain", tabindex: "-1" }, h("div", {}, `${number}  ${words ?? text}`, link ? [", ", link] : []));
}

function nested(details) {
  if (!details.length) return null;
  const root = h("ul");
  const above = [root];
  for (const [depth, text] of details) {
    while (above.length <= depth) above.push(above.at(-1).lastElementChild.appendChild(h("ul")));
    above.length = depth + 1;
    above[depth].append(h("li", {}, text));
  }
  return root;
}

/** What is unusual and may be meant otherwise, each with a link to its field. */
export function unusual(found, link) {
  if (!found.length) return [];
  return [h("h3", {}, "Bitte prüfen"), h("ul", {}, found.map(({ text, facts }) => h("li", {}, text.de, " ", link(facts))))];
}

/** The requirements that are not met, each with a link to the field that decides it. */
export function unmet(found, link) {
  if (!found.length) return [];
  const entries = found.map(({ title, facts }) => h("li", {}, link(facts, title) ?? title));
  return [h("h3", {}, `Nicht erfüllt: ${found.length} ${found.length === 1 ? "Voraussetzung" : "Voraussetzungen"}`), h("ul", {}, entries)];
}

/** The facts still needed, each with a link to its field and what would follow; `where` says which entry one is of. */
export function needs(found, go, where) {
  if (!found.length) return [];
  const entries = found.map((need) => h("li", {},
    h("a", { href: `#feld-${need.fact}`, click: (event) => go(event, need.fact) }, need.question.de + where(need.fact)), " ",
    h("small", {}, need.because.de), answers(need.answers)));
  return [h("h3", {}, `Noch gebraucht: ${found.length} ${found.length === 1 ? "Angabe" : "Angaben"}`),
    h("p", { class: "help" }, "Das Entscheidendste zuerst."), h("ol", { class: "needs" }, entries)];
}

function answers(found) {
  const text = found.map((one) => `${one.text.de}: ${VERDICTS[one.verdict] ?? "widersprüchlich"}`).join(" · ");
  return text ? h("small", { class: "answers" }, text) : null;
}

/** The disputed points that matter here, each with a choice of readings. */
export function readings(used, all, choose) {
  const mine = all.filter((one) => one.id in used);
  if (!mine.length) return [];
  return [h("details", { id: "lesarten" }, h("summary", {}, h("h3", {}, "Auslegungen wählen")),
    mine.map((one) => reading(one, used[one.id], choose)))];
}

function reading(one, used, choose) {
  const id = `lesart-${one.id}`;
  const options = Object.entries(one.readings).map(([name, title]) =>
    h("option", { value: name, selected: name === used }, title.de + (name === one.default ? " (Vorgabe)" : "")));
  const select = h("select", { id, change: () => choose(one.id, select.value) }, options);
  return h("div", { class: "field wide" }, h("label", { for: id }, one.question.de), select);
}

/** The smallest changes that would give yes. */
export function proposals(found) {
  const head = h("h3", {}, "Was würde helfen?");
  if (found.verdict === "yes") return [head, h("p", {}, "Es ist nichts zu ändern.")];
  if (!found.sets.length) {
    const open = ({ verdict }) => verdict === "open";
    const remedies = found.beyond.map((one) => one.remedy).filter(Boolean);
    const barred = found.beyond.filter((one) => !open(one));
    const none = barred.length ? "Keine Änderung an dem, was sich ändern lässt, führt zu „ja“."
      : "Noch offen: Es fehlen Angaben.";
    const lead = barred.length && remedies.length === barred.length ? [] : [none];
    return [head, ...[...lead, ...remedies.map((one) => one.de)].map((one) => h("p", {}, one)),
      ...listed("Dem steht entgegen:", found.beyond.filter((one) => !open(one))),
      ...listed("Offen ist, weil Angaben fehlen:", found.beyond.filter(open))];
  }
  return [head, h("p", {}, "Jede dieser Änderungen führt zu „ja“:"),
    h("ol", {}, found.sets.map((set) => h("li", {}, set.map((one) => one.text.de).join("; "))))];
}

function listed(lead, found) {
  return found.length ? [h("p", {}, lead), h("ul", {}, found.map((one) => h("li", {}, one.text.de)))] : [];
}
