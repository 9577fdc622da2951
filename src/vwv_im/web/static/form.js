/** The form: made from the vocabulary that the server tells, so that both cannot drift apart. */

import { byId, h } from "./dom.js";

const NO_DAY = {
  message: { de: "Diesen Tag gibt es im Kalender nicht, oder das Datum ist unvollständig." },
  hint: { de: "Schreiben Sie Tag, Monat und Jahr, oder leeren Sie das Feld." },
};
const SAID = { error: "fehler", note: "hinweis" };
const UNSTATED = "– nicht angegeben –";

export class Form {
  /** `changed` is called after each change; `question` and `days` stand in the page already. */
  constructor(vocabulary, root, changed) {
    this.root = root;
    this.changed = changed;
    this.parts = vocabulary.parts;
    this.questions = vocabulary.questions;
    this.units = new Map(vocabulary.units.map(({ name, several }) => [name, several.de]));
    this.facts = vocabulary.facts;
    this.placed = new Map(this.parts.flatMap((part) => this.own(part).map((fact) => [part.path + fact.path.slice(part.entry.length), fact])));
    this.values = new Map();
    this.counts = new Map();
    this.none = new Set();
  }

  /** Build the fields of a question; what was typed before stays. */
  build(question) {
    const part = this.part(this.about(question));
    this.top = part.path;
    this.root.replaceChildren(...this.cards(part, part.path, part.title.de));
  }

  /** Return the path of the part of a case that a question is about. */
  about(question) {
    return this.questions.find(({ id }) => id === question).part;
  }

  /** Return the part at a path, with or without the numbers of entries. */
  part(path) {
    return this.parts.find((one) => one.path === bare(path));
  }

  /** Return the parts that a part holds. */
  inside(part) {
    return this.parts.filter((one) => holder(one.path) === part.path);
  }

  /** Return the facts of a part itself. */
  own(part) {
    return this.facts.filter((fact) => holder(fact.path) === part.entry);
  }

  /** Return the card of a part at a path in the case, and those of all that it holds. */
  cards(part, path, title, ...more) {
    const below = this.inside(part).flatMap((inner) => {
      const there = `${path}.${inner.path.slice(part.path.length + 1)}`;
      return inner.many ? [this.list(inner, there)] : this.cards(inner, there, inner.title.de);
    });
    return [this.card(part, path, title, ...more), ...below];
  }

  card(part, path, title, ...more) {
    const fields = this.own(part).map((fact) => this.field(fact, `${path}${fact.path.slice(part.entry.length)}`));
    return h("fieldset", { class: "card", id: `karte-${path}`, tabindex: "-1" }, h("legend", {}, h(heading(path), {}, title)), h("div", { class: "fields" }, fields), more,
      h("a", { class: "jump", href: "#ergebnis" }, "Zum Ergebnis"));
  }

  list(part, path) {
    if (!this.counts.has(path)) this.counts.set(path, part.least);
    const count = this.counts.get(path);
    const cards = Array.from({ length: count }, (_, index) =>
      this.cards(part, `${path}[${index}]`, `${part.single} ${index + 1}`, this.remover(part, path, index)));
    const add = h("button", { type: "button", id: `add-${path}`, click: () => this.add(part, path) }, `${part.single} hinzufügen`);
    return h("div", { class: "list", id: `part-${path}` }, h(heading(path), {}, part.title.de),
      h("p", { class: "help" }, part.question.de), cards.flat(), part.least || count ? null : this.noneOf(part, path), h("p", { class: "buttons" }, add));
  }

  /** A box to tell that a list is known to be empty, which is another thing than not to know it. */
  noneOf(part, path) {
    const box = h("input", { type: "checkbox", change: () => {
      if (box.checked) this.none.add(path);
      else this.none.delete(path);
      this.changed();
    } });
    box.checked = this.none.has(path);
    return h("p", { class: "choice" }, h("label", {}, box, ` Es gibt keine ${part.title.de}`));
  }

  remover(part, path, index) {
    const label = `${part.single} ${index + 1} entfernen`;
    return h("p", { class: "buttons" }, h("button", { type: "button", click: () => this.remove(part, path, index) }, label));
  }

  add(part, path) {
    const index = this.counts.get(path);
    this.counts.set(path, index + 1);
    this.none.delete(path);
    this.rebuild(part, path);
    byId(`karte-${path}[${index}]`).querySelector("input, select, button").focus();
  }

  /** Remove an entry, after asking where something was typed; the focus goes to the one that takes its place. */
  remove(part, path, index) {
    const count = this.counts.get(path);
    const typed = this.typed(`${path}[${index}]`);
    if (typed && !window.confirm(`${part.single} ${index + 1} mit allen Angaben entfernen?`)) return;
    const moved = (entries) => entries.map(([key, value]) => [without(key, path, index), value]).filter(([key]) => key !== null);
    this.values = new Map(moved([...this.values]));
    this.counts = new Map(moved([...this.counts]));
    this.none = new Set(moved([...this.none].map((key) => [key])).map(([key]) => key));
    this.counts.set(path, count - 1);
    this.rebuild(part, path);
    const next = byId(`karte-${path}[${Math.min(index, count - 2)}]`) ?? byId(`add-${path}`);
    next.scrollIntoView({ block: "start" });
    next.focus({ preventScroll: true });
  }

  rebuild(part, path) {
    byId(`part-${path}`).replaceWith(this.list(part, path));
    this.changed();
  }

  field(fact, path) {
    const id = `feld-${path}`;
    const described = { "aria-describedby": `${id}-hilfe ${id}-fehler ${id}-hinweis` };
    const help = h("p", { class: "help", id: `${id}-hilfe` }, fact.question.de);
    const told = ["error", "note"].map((kind) => h("p", { class: kind, id: `${id}-${SAID[kind]}`, hidden: true }));
    if (fact.type === "auswahlliste") {
      return h("fieldset", { class: "field choice wide", id, tabindex: "-1", ...described },
        h("legend", {}, fact.title.de), help, this.boxes(fact, path), told);
    }
    return h("div", { class: "field" }, h("label", { for: id }, fact.title.de + this.unit(fact)), this.control(fact, path, { id, ...described }), help, told);
  }

  /** Return the unit of a number for its label; nothing where the label says it. */
  unit(fact) {
    const name = this.units.get(fact.unit);
    return name && !fact.title.de.includes(name) ? ` (${name})` : "";
  }

  control(fact, path, attributes) {
    const value = this.values.get(path) ?? "";
    if (fact.type === "auswahl" || fact.type === "wahrheitswert") {
      const select = h("select", { ...attributes, change: () => this.set(path, select.value) },
        h("option", { value: "" }, UNSTATED), choices(fact).map(([name, label]) => h("option", { value: name }, label)));
      select.value = value;
      return select;
    }
    const kinds = { datum: { type: "date", max: "9999-12-31" }, ganzzahl: { inputmode: "numeric" }, dezimal: { inputmode: "decimal" } };
    const input = h("input", { type: "text", autocomplete: "off", ...kinds[fact.type], ...attributes,
      input: () => this.set(path, input.value) });
    input.value = value;
    if (fact.type !== "text" || !fact.values.length) return input;
    input.setAttribute("list", `namen-${path}`);
    return [input, h("datalist", { id: `namen-${path}` }, choices(fact).map(([name]) => h("option", { value: name })))];
  }

  boxes(fact, path) {
    return choices(fact).map(([name, label]) => {
      const box = h("input", { type: "checkbox", value: name, change: () => this.tick(fact, path, name, box.checked) });
      box.checked = (this.values.get(path) ?? []).includes(name);
      return h("label", {}, box, ` ${label}`);
    });
  }

  tick(fact, path, name, checked) {
    const ticked = new Set(this.values.get(path) ?? []);
    if (checked) ticked.add(name);
    else ticked.delete(name);
    this.set(path, choices(fact).map(([one]) => one).filter((one) => ticked.has(one)));
  }

  set(path, value) {
    if (value.length) this.values.set(path, value);
    else this.values.delete(path);
    this.changed();
  }

  /** Return the case that was typed, all parts; lists have as many entries as there are cards. */
  case() {
    const found = { [this.top]: {} };
    for (const [path, count] of this.counts) {
      if (this.none.has(path)) put(found, path, []);
      if (count && (path.startsWith(`${this.top}.`) || this.typed(path))) put(found, path, Array.from({ length: count }, () => ({})));
    }
    for (const [path, value] of this.values) put(found, path, meant(this.fact(path), value));
    return found;
  }

  /** Return a fault that names the value as it was typed, not as the case states it. */
  asTyped(fault) {
    const typed = this.values.get(fault.path);
    if (typeof typed !== "string") return fault;
    return { ...fault, message: { de: fault.message.de.replace(`'${meant(this.fact(fault.path), typed)}'`, () => `'${typed.trim()}'`) } };
  }

  typed(path) {
    return [...this.values.keys()].some((one) => one.startsWith(path));
  }

  fact(path) {
    return this.placed.get(bare(path));
  }

  /** Return which entries of lists a path means. */
  where(path) {
    const numbers = [...path.matchAll(/\[(\d+)\]/g)].map(({ 1: number, index }) => [this.part(path.slice(0, index)), number]);
    const names = numbers.filter(([part]) => part).map(([part, number]) => `${part.single} ${Number(number) + 1}`);
    return names.length ? ` (${names.join(", ")})` : "";
  }

  /** Take over a case as the server gives it. */
  fill(read) {
    this.values.clear();
    this.counts.clear();
    this.none.clear();
    for (const root of this.parts.filter((one) => one.path in read)) this.count(root, root.path, read[root.path]);
    for (const [path, value] of leaves(read)) if (!this.none.has(path)) this.values.set(path, Array.isArray(value) ? value : shown(this.fact(path), value));
  }

  /** Note how many entries each list below a part has. */
  count(part, path, node) {
    for (const inner of this.inside(part)) {
      const key = inner.path.slice(part.path.length + 1);
      const there = `${path}.${key}`;
      if (!inner.many) {
        this.count(inner, there, node?.[key]);
        continue;
      }
      const entries = node?.[key];
      this.counts.set(there, entries?.length ?? 0);
      if (entries?.length === 0) this.none.add(there);
      entries?.forEach((entry, index) => this.count(inner, `${there}[${index}]`, entry));
    }
  }
}

/** Return a path without the numbers of entries. */
function bare(path) {
  return path.replaceAll(/\[\d+\]/g, "");
}

/** Return the path of what holds the thing at a path. */
function holder(path) {
  return path.slice(0, Math.max(0, path.lastIndexOf(".")));
}

/** Return the level of a heading: one deeper with each entry that holds it. */
function heading(path) {
  return `h${Math.min(6, 2 + path.split("[").length - 1)}`;
}

/** Return a path once an entry of a list is removed: null where it leads there, renumbered where it leads behind it. */
function without(key, path, index) {
  const [, number, rest] = key.startsWith(`${path}[`) ? key.slice(path.length).match(/^\[(\d+)\](.*)$/) : [];
  if (number === undefined || Number(number) < index) return key;
  return Number(number) === index ? null : `${path}[${number - 1}]${rest}`;
}

/** Return the field of a fact or of a day that is asked for; null where there is none. */
export function fieldOf(path) {
  return byId(`feld-${path}`) ?? (["on", "known_on"].includes(path) ? byId(path) : null);
}

/** Return a fault for each date that was begun and is none; the browser tells no more of it than that. */
export function noDays() {
  const begun = [...document.querySelectorAll("#eingabe input[type=date]")].filter((input) => input.validity.badInput);
  return begun.map((input) => ({ path: input.id.replace(/^feld-/, ""), ...NO_DAY }));
}

/** Show faults, and what is not plausible, at their fields, in place of those told before. */
export function tell(faults, notes) {
  for (const told of document.querySelectorAll("#eingabe :is(p.error, p.note)")) {
    told.textContent = "";
    told.hidden = true;
  }
  for (const field of document.querySelectorAll("#eingabe [aria-invalid]")) field.removeAttribute("aria-invalid");
  for (const fault of faults) tellAt(fieldOf(fault.path), fault);
  for (const { facts, text } of notes) for (const field of facts.map(fieldOf)) noteAt(field, text.de);
}

function noteAt(field, text) {
  if (!field) return;
  const note = byId(`${field.id}-${SAID.note}`);
  note.textContent = `${note.textContent} ${text}`.trim();
  note.hidden = false;
}

function tellAt(field, fault) {
  if (!field) return;
  field.setAttribute("aria-invalid", "true");
  const error = byId(`${field.id}-${SAID.error}`);
  error.textContent = said(fault);
  error.hidden = false;
}

/** Return a fault as a sentence with how to mend it. */
export function said(fault) {
  const place = fault.line ? `Zeile ${fault.line}, Spalte ${fault.column}: ` : "";
  return `${place}${fault.message.de}${fault.hint ? ` ${fault.hint.de}` : ""}`;
}

function choices(fact) {
  if (fact.type === "wahrheitswert") return [["true", "ja"], ["false", "nein"]];
  return fact.values.map(({ value, label }) => [value, label?.de ?? value]);
}

/** Return what was typed as the case states it; what cannot be read stays text, and the server says what is wrong. */
function meant(fact, value) {
  if (Array.isArray(value)) return value;
  const text = value.trim();
  if (fact.type === "wahrheitswert") return text === "true";
  if (fact.type === "ganzzahl" && /^\d{1,15}$/.test(text)) return Number(text);
  if (fact.type === "dezimal" && /^(\d{1,3}(\.\d{3})+|\d+),\d*$/.test(text)) return text.replaceAll(".", "").replace(/,$/, "").replace(",", ".");
  return text;
}

function shown(fact, value) {
  return fact?.type === "dezimal" ? String(value).replace(".", ",") : String(value);
}

function* leaves(node, path = "") {
  for (const [key, value] of Object.entries(node)) {
    const here = path ? `${path}.${key}` : key;
    if (Array.isArray(value) && value.some((one) => typeof one === "object")) {
      for (const [index, entry] of value.entries()) yield* leaves(entry, `${here}[${index}]`);
    } else if (value !== null && typeof value === "object" && !Array.isArray(value)) yield* leaves(value, here);
    else if (value !== null) yield [here, value];
  }
}

function put(root, path, value) {
  const keys = path.match(/\w+/g);
  let node = root;
  keys.slice(0, -1).forEach((key, index) => {
    node[key] ??= /^\d+$/.test(keys[index + 1]) ? [] : {};
    node = node[key];
  });
  node[keys.at(-1)] = value;
}
