/** The form: made from the vocabulary that the server tells, so that both cannot drift apart. */

import { byId, h } from "./dom.js";

const UNITS = { EUR: "€", VZAE: "VZÄ" };
const NO_DAY = {
  message: { de: "Diesen Tag gibt es im Kalender nicht, oder das Datum ist unvollständig." },
  hint: { de: "Schreiben Sie Tag, Monat und Jahr, oder leeren Sie das Feld." },
};
const UNSTATED = "– nicht angegeben –";

export class Form {
  /** `changed` is called after each change; `question` and `days` stand in the page already. */
  constructor(vocabulary, root, changed) {
    this.root = root;
    this.changed = changed;
    this.parts = vocabulary.parts;
    this.facts = vocabulary.facts;
    this.values = new Map();
    this.counts = new Map();
    this.none = new Set();
  }

  /** Build the fields of a question; what was typed before stays. */
  build(question) {
    const part = this.parts.find((one) => one.path === (question === "antrag" ? "antrag" : "person"));
    this.top = part.path;
    for (const listed of this.inside(part)) {
      if (listed.many && !this.counts.has(listed.path)) this.counts.set(listed.path, listed.least);
    }
    this.root.replaceChildren(...this.cards(part));
  }

  inside(part) {
    return this.parts.filter((one) => one.path.startsWith(`${part.path}.`));
  }

  cards(part) {
    const cards = [this.card(part.title.de, part.path, part.path)];
    for (const inner of this.inside(part)) {
      cards.push(inner.many ? this.list(inner) : this.card(inner.title.de, inner.path, inner.entry));
    }
    return cards;
  }

  /** A card with the facts whose names begin with `entry`, each under the path of its part in the case. */
  card(title, path, entry, ...more) {
    const own = this.facts.filter((fact) => fact.path.slice(0, fact.path.lastIndexOf(".")) === entry);
    const fields = own.map((fact) => this.field(fact, `${path}${fact.path.slice(entry.length)}`));
    return h("fieldset", { class: "card", id: `karte-${path}`, tabindex: "-1" }, h("legend", {}, h(path.endsWith("]") ? "h3" : "h2", {}, title)), h("div", { class: "fields" }, fields), more,
      h("a", { class: "jump", href: "#ergebnis" }, "Zum Ergebnis"));
  }

  list(part) {
    const count = this.counts.get(part.path);
    const { single } = part;
    const cards = Array.from({ length: count }, (_, index) =>
      this.card(`${single} ${index + 1}`, `${part.path}[${index}]`, part.entry, this.remover(part, single, index)));
    const add = h("button", { type: "button", id: `add-${part.path}`, click: () => this.add(part) }, `${single} hinzufügen`);
    return h("div", { class: "list", id: `part-${part.path}` }, h("h2", {}, part.title.de),
      h("p", { class: "help" }, part.question.de), cards, part.least || count ? null : this.noneOf(part), h("p", { class: "buttons" }, add));
  }

  /** A box to tell that a list is known to be empty, which is another thing than not to know it. */
  noneOf(part) {
    const box = h("input", { type: "checkbox", change: () => {
      if (box.checked) this.none.add(part.path);
      else this.none.delete(part.path);
      this.changed();
    } });
    box.checked = this.none.has(part.path);
    return h("p", { class: "choice" }, h("label", {}, box, ` Es gibt keine ${part.title.de}`));
  }

  remover(part, single, index) {
    const label = `${single} ${index + 1} entfernen`;
    return h("p", { class: "buttons" }, h("button", { type: "button", click: () => this.remove(part, index) }, label));
  }

  add(part) {
    const index = this.counts.get(part.path);
    this.counts.set(part.path, index + 1);
    this.none.delete(part.path);
    this.rebuild(part);
    byId(`part-${part.path}`).querySelectorAll("fieldset.card")[index].querySelector("input, select").focus();
  }

  /** Remove an entry, after asking where something was typed; the focus goes to the one that takes its place. */
  remove(part, index) {
    const count = this.counts.get(part.path);
    const typed = this.typed(`${part.path}[${index}]`);
    if (typed && !window.confirm(`${part.single} ${index + 1} mit allen Angaben entfernen?`)) return;
    const moved = new Map();
    for (const [path, value] of this.values) {
      const [, number, rest] = path.startsWith(`${part.path}[`) ? path.slice(part.path.length).match(/^\[(\d+)\](.*)$/) : [];
      if (number === undefined || Number(number) < index) moved.set(path, value);
      else if (Number(number) > index) moved.set(`${part.path}[${number - 1}]${rest}`, value);
    }
    this.values = moved;
    this.counts.set(part.path, count - 1);
    this.rebuild(part);
    const next = byId(`karte-${part.path}[${Math.min(index, count - 2)}]`) ?? byId(`add-${part.path}`);
    next.scrollIntoView({ block: "start" });
    next.focus({ preventScroll: true });
  }

  rebuild(part) {
    byId(`part-${part.path}`).replaceWith(this.list(part));
    this.changed();
  }

  field(fact, path) {
    const id = `feld-${path}`;
    const described = { "aria-describedby": `${id}-hilfe ${id}-fehler` };
    const help = h("p", { class: "help", id: `${id}-hilfe` }, fact.question.de);
    const error = h("p", { class: "error", id: `${id}-fehler`, hidden: true });
    if (fact.type === "auswahlliste") {
      return h("fieldset", { class: "field choice wide", id, tabindex: "-1", ...described },
        h("legend", {}, fact.title.de), help, this.boxes(fact, path), error);
    }
    const unit = UNITS[fact.unit] ? ` (${UNITS[fact.unit]})` : "";
    return h("div", { class: "field" }, h("label", { for: id }, fact.title.de + unit), this.control(fact, path, { id, ...described }), help, error);
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
    return input;
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
    const found = {};
    if (this.top === "antrag") found.antrag = {};
    else found.person = {};
    for (const part of this.parts.filter((one) => one.many)) {
      const count = this.counts.get(part.path) ?? 0;
      if (this.none.has(part.path)) put(found, part.path, []);
      if (count && (this.top === "antrag" || this.typed(part.path))) put(found, part.path, Array.from({ length: count }, () => ({})));
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
    const part = this.parts.find((one) => one.many && path.startsWith(`${one.path}[`));
    const name = part ? part.entry + path.slice(path.indexOf("]") + 1) : path;
    return this.facts.find((fact) => fact.path === name);
  }

  /** Take over a case as the server gives it. */
  fill(read) {
    this.values.clear();
    this.counts.clear();
    this.none.clear();
    for (const part of this.parts.filter((one) => one.many && read.antrag)) {
      const entries = part.path.split(".").reduce((node, key) => node?.[key], read);
      this.counts.set(part.path, entries?.length ?? 0);
      if (entries?.length === 0) this.none.add(part.path);
    }
    for (const [path, value] of leaves(read)) if (!this.none.has(path)) this.values.set(path, Array.isArray(value) ? value : shown(this.fact(path), value));
  }
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

/** Show faults at their fields, in place of those told before. */
export function tell(faults) {
  for (const error of document.querySelectorAll("#eingabe p.error")) {
    error.textContent = "";
    error.hidden = true;
  }
  for (const field of document.querySelectorAll("#eingabe [aria-invalid]")) field.removeAttribute("aria-invalid");
  for (const fault of faults) tellAt(fieldOf(fault.path), fault);
}

function tellAt(field, fault) {
  if (!field) return;
  field.setAttribute("aria-invalid", "true");
  const error = byId(`${field.id}-fehler`);
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
