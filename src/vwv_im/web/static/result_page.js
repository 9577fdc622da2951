/** Showing what the server found: its pages as panels, tables, lists and folded sections. */

import { h } from "./elements.js";

const MARKS = { "+": "✓", "–": "✗", "?": "?", "~": "⚖", "·": "○", "!": "!", i: "i" };
const KINDS = { "+": "yes", "–": "no", "?": "open", "~": "discretion", "·": "none", "!": "no", i: "none" };
const SIGNS = { yes: "✓", no: "✗", open: "?", discretion: "⚖" };
const SOURCES = ["sources", "basis"];
/** How often each source was named so far on the page that is being built. */
const named = new Map();

/** Return the blocks of a page as elements, under their headings. */
export function whole(blocks, link = () => null) {
  return sections(blocks).flatMap(({ heading, inside }) => [
    heading ? h(heading.level > 2 ? "h4" : "h3", { id: heading.name ? `abschnitt-${heading.name}` : null }, heading.text) : null, ...body(inside, heading?.name, link)]);
}

/** Return the blocks of a page as elements, each section folded under its heading. */
export function folded(blocks, link = () => null) {
  named.clear();
  return sections(blocks).filter(({ heading, inside }) => heading && inside.length).map(({ heading, inside }) =>
    h("details", { id: `teil-${heading.name}-${heading.text}`, class: "section" },
      h("summary", {}, h("h3", {}, heading.text), tally(inside)), body(inside, heading.name, link)));
}

/** Return how many of the entries of a section stand in the way, are open or in discretion. */
function tally(blocks) {
  const count = (sign) => blocks.filter((block) => block.mark === sign).length;
  const words = [["–", "nicht erfüllt"], ["?", "offen"], ["~", "Ermessen"]].filter(([sign]) => count(sign)).map(([sign, word]) => h("span", { class: `badge ${KINDS[sign]}` }, `${count(sign)} ${word}`));
  return words.length ? [" ", ...words] : null;
}

function sections(blocks) {
  const found = [{ heading: null, inside: [] }];
  for (const block of blocks) {
    if (block.kind === "heading") found.push({ heading: block.level > 1 ? block : null, inside: [] });
    else found.at(-1).inside.push(block);
  }
  return found.filter(({ heading, inside }) => heading || inside.length);
}

/** Return blocks without headings as elements; items that follow each other are one list. */
function body(blocks, name, link) {
  const found = [];
  let list = null;
  for (const block of blocks) {
    if (block.kind !== "item") list = null;
    else if (!list) found.push((list = h("ul", { class: "blocks" })));
    if (list) list.append(SOURCES.includes(name) ? source(block) : item(block, link));
    else found.push(BUILDERS[block.kind](block, link));
  }
  return found;
}

const BUILDERS = {
  paragraph: (block) => h("p", { class: block.strong ? "strong" : null }, cited(block.text)),
  panel: (block) => h("div", { class: `panel ${block.verdict ?? block.outcome}` },
    h("p", { class: "verdict" }, h("span", { class: "mark", "aria-hidden": "true" }, SIGNS[block.verdict] ?? "!"), h("strong", {}, block.title)),
    block.lines.map((line) => h("p", {}, line))),
  table: (block, link) => table(block, link),
};

function table({ title, columns, rows }, link) {
  const side = (index) => (columns[index].align === "right" ? "right" : null);
  const head = columns.map(({ text }, index) => h("th", { scope: "col", role: "columnheader", class: side(index) }, text));
  const shown = (text, value) => (value ? h("a", { href: `#${placeOf(value)}` }, unbroken(text)) : unbroken(text));
  const cell = (text, index, value) => h("td", { role: "cell", class: side(index), "data-column": columns[index].text }, shown(text, value));
  const name = (text, facts) => h("th", { scope: "row", role: "rowheader" }, (facts.length && link(facts, unbroken(text))) || unbroken(text));
  const lines = rows.map(({ cells: [first, ...others], facts, values = [] }) => h("tr", { role: "row" }, name(first, facts), others.map((text, index) => cell(text, index + 1, values[index + 1]))));
  return h("div", { class: "table" }, h("table", { role: "table", class: columns.length > 3 && columns.every(({ align }) => align === "left") ? "compared" : null }, h("caption", { class: "unseen" }, title),
    h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, head)), h("tbody", { role: "rowgroup" }, lines)));
}

/** Return what the place is called where a derived value is explained. */
function placeOf(value) {
  return `wert-${value.match(/[a-z0-9]+/g).join("-")}`;
}

/** Return a text that is not broken over lines where it is short. */
function unbroken(text) {
  return text.length > 12 ? text : text.replaceAll(" ", "\u00a0");
}

function item(block, link) {
  const sign = block.mark;
  const mark = sign ? h("span", { class: "mark", "aria-hidden": "true" }, MARKS[sign]) : null;
  return h("li", { id: block.explains ? placeOf(block.explains) : null, tabindex: block.explains ? "-1" : null, class: KINDS[sign] ?? "plain" }, mark, h("div", {}, cited(block.text), block.facts.length ? [" ", link(block.facts)] : [], nested(block.details)));
}

/** Turn the numbers of sources in the brackets at the end of a sentence into links to their list, each with a way back. */
function cited(text) {
  const found = text.match(/^(.*?)\s*\[([^[\]]*)\]$/s);
  if (!found) return [text];
  const parts = found[2].split(/(?<=: |, )(\d+)(?=, |; |$)/);
  return [found[1], " ", h("small", {}, "[", parts.map((part, index) => (index % 2 ? toSource(part) : part)), "]")];
}

/** Return a link to a source; each time that it is named has a place of its own. */
function toSource(number) {
  const times = (named.get(number) ?? 0) + 1;
  named.set(number, times);
  return h("a", { id: `nennung-${number}-${times}`, href: `#quelle-${number}`, "aria-label": `Quelle ${number}` }, number);
}

/** Return links to where a source is named. */
function waysBack(number) {
  const links = Array.from({ length: named.get(number) ?? 0 }, (_, index) => [" ",
    h("a", { href: `#nennung-${number}-${index + 1}`, "aria-label": `${index + 1}. Nennung der Quelle ${number}` }, String(index + 1))]);
  return links.length ? h("p", { class: "help" }, "Genannt:", links) : null;
}

/** Return a source, where a number of it leads: its number, what it is with a link to it, what it says, where it is named. */
function source({ mark, text, details }) {
  const number = mark.replace(".", "");
  const [, words, address] = text.match(/^(.*?)(?:, (https?:\/\/\S+))?$/s);
  const link = address ? [", ", h("a", { href: address, rel: "noopener noreferrer external", target: "_blank" }, address)] : null;
  return h("li", { id: number ? `quelle-${number}` : null, tabindex: "-1" }, mark ? h("span", { class: "number" }, mark) : null, h("div", {}, words, link, nested(details), waysBack(number)));
}

function nested(details, depth = 0) {
  const entries = [];
  let index = 0;
  while (index < details.length) {
    const [, text] = details[index];
    const from = ++index;
    while (index < details.length && details[index][0] > depth) index += 1;
    entries.push(h("li", {}, cited(text), nested(details.slice(from, index), depth + 1)));
  }
  return entries.length ? h("ul", {}, entries) : null;
}

/** The disputed points that matter here, each with a choice of readings. */
export function readings(used, all, choose) {
  const mine = all.filter((one) => one.id in used);
  if (!mine.length) return [];
  return [h("details", { id: "lesarten", class: "section" }, h("summary", {}, h("h3", {}, "Auslegungen wählen")),
    mine.map((one) => reading(one, used[one.id], choose)))];
}

function reading(one, used, choose) {
  const id = `lesart-${one.id}`;
  const options = Object.entries(one.readings).map(([name, title]) =>
    h("option", { value: name, selected: name === used }, title.de + (name === one.default ? " (Vorgabe)" : "")));
  const select = h("select", { id, change: () => choose(one.id, select.value) }, options);
  return h("div", { class: "field" }, h("label", { for: id }, one.question.de), select);
}

/** Return a table of rows of text, as the server gives one. */
export function asTable(title, columns, rows) {
  const [head, align] = [columns.map(([text]) => text), columns.map(([, side]) => side ?? "left")];
  return BUILDERS.table({ title, columns: head.map((text, index) => ({ text, align: align[index] })), rows: rows.map((cells) => ({ cells, facts: [] })) }, () => null);
}
