/** The form: made from the vocabulary that the server tells, so that both cannot drift apart.
 *
 *  A field shows where its fact is asked for or stated; what may be stated besides shows on demand, the rest not at all.
 */

import { byId, h } from "./elements.js";
import { Field } from "./field.js";
import { bare, holder, leaves, put, without } from "./paths.js";
import { written } from "./spellings.js";

/** So many facts of each part show always where entries are rows; more do not fit side by side. */
const COLUMNS = 6;

export class Form {
  /** `changed` is called after each change of what is stated. */
  constructor(vocabulary, root, changed) {
    this.root = root;
    this.changed = changed;
    this.parts = vocabulary.parts;
    this.questions = vocabulary.questions;
    this.units = new Map(vocabulary.units.map((unit) => [unit.name, unit]));
    this.facts = vocabulary.facts;
    this.placed = new Map(this.parts.flatMap((part) => this.own(part).map((fact) => [part.path + fact.path.slice(part.entry.length), fact])));
    this.values = new Map();
    this.counts = new Map();
    this.none = new Set();
    this.fields = new Map();
    this.folded = new Set();
    this.unfolded = new Set();
    this.fresh = new Set();
    this.asked = null;
  }

  /** Build the fields of a question; what was typed before stays. Where its lists are long they are `rows`, one below the other. */
  build(question) {
    const { part: path, rows, own_days: ownDays } = this.questions.find(({ id }) => id === question);
    const part = this.part(path);
    this.top = part.path;
    Object.assign(this, { rows, ownDays });
    this.first = new Set(this.parts.flatMap((one) => this.own(one).slice(0, COLUMNS)));
    document.body.toggleAttribute("data-rows", rows);
    this.fields.clear();
    this.root.replaceChildren(...this.cards(part, part.path));
    this.narrow();
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

  /** Return the fact by which a part is called; undefined where it has no name. */
  label(part) {
    return this.own(part).find((fact) => fact.private && fact.type === "text");
  }

  fact(path) {
    return this.placed.get(bare(path));
  }

  /** Return the card of a part at a path in the case, and those of all that it holds. */
  cards(part, path, index = null) {
    const below = this.inside(part).flatMap((inner) => {
      const there = `${path}.${inner.path.slice(part.path.length + 1)}`;
      return inner.many ? [this.list(inner, there)] : this.cards(inner, there);
    });
    return [this.card(part, path, index), ...below];
  }

  card(part, path, index) {
    const entry = index !== null;
    const named = entry ? null : this.label(part);
    const facts = [...new Set([named, ...this.own(part)])].filter(Boolean);
    const fields = facts.map((fact) => this.field(fact, `${path}${fact.path.slice(part.entry.length)}`));
    const more = h("button", { type: "button", class: "more", id: `mehr-${path}`, "aria-expanded": "false", click: () => this.unfold(path) });
    const inside = h("div", { class: "inside", id: `inhalt-${path}` }, h("div", { class: "fields" }, fields.map(({ element }) => element)),
      h("p", { class: "buttons" }, more, entry ? this.entryButtons(part, path, index) : null),
      entry && this.rows ? h("div", { class: "told", id: `gesagt-${path}`, "aria-hidden": "true" }) : null);
    const fold = entry ? h("button", { type: "button", class: "fold", id: `falten-${path}`, "aria-expanded": "true", "aria-controls": inside.id, click: () => this.fold(path) }) : null;
    const card = h("fieldset", { class: entry ? "card entry" : "card", id: `karte-${path}`, tabindex: "-1" },
      h("legend", {}, h(heading(path), {}, fold ?? part.title.de)), inside,
      h("a", { class: "jump", href: "#ergebnis" }, "Zum Ergebnis"));
    return card;
  }

  field(fact, path) {
    const field = new Field(fact, this.units.get(fact.unit), path, this.values.get(path), (value) => this.set(path, value));
    this.fields.set(path, field);
    return field;
  }

  list(part, path) {
    if (!this.counts.has(path)) this.counts.set(path, part.least);
    const count = this.counts.get(path);
    const cards = Array.from({ length: count }, (_, index) => this.cards(part, `${path}[${index}]`, index));
    const add = h("button", { type: "button", id: `add-${path}`, click: () => this.add(part, path) }, `${part.single} hinzufügen`);
    return h("div", { class: this.rows ? "list rows" : "list", id: `part-${path}` }, h(heading(path), {}, part.title.de),
      count ? null : h("p", { class: "help" }, part.question.de), cards.flat(), part.least || count ? null : this.noneOf(part, path), h("p", { class: "buttons" }, add));
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

  entryButtons(part, path, index) {
    const list = path.slice(0, path.lastIndexOf("["));
    const name = `${part.single} ${index + 1}`;
    const button = (verb, work) => h("button", { type: "button", "aria-label": `${name} ${verb}`, click: work }, this.rows ? verb : `${name} ${verb}`);
    return [button("kopieren", () => this.copy(part, list, index)), button("entfernen", () => this.remove(part, list, index))];
  }

  add(part, path) {
    const index = this.counts.get(path);
    this.counts.set(path, index + 1);
    this.none.delete(path);
    this.fresh.add(`${path}[${index}]`);
    this.rebuild(part, path);
    (byId(`karte-${path}[${index}]`).querySelector(".field:not([hidden]) :is(input, select)") ?? byId(`falten-${path}[${index}]`)).focus();
  }

  /** Add an entry that states what another one does, apart from what it alone is called. */
  copy(part, path, index) {
    const [from, to] = [`${path}[${index}]`, `${path}[${this.counts.get(path)}]`];
    for (const kept of [this.values, this.counts]) {
      for (const [key, value] of [...kept]) if (key.startsWith(`${from}.`) && !this.fact(key)?.private && !key.endsWith(".id")) kept.set(to + key.slice(from.length), value);
    }
    for (const key of [...this.none]) if (key.startsWith(`${from}.`)) this.none.add(to + key.slice(from.length));
    this.add(part, path);
  }

  /** Remove an entry, after asking where something was typed; the focus goes to the one that takes its place. */
  remove(part, path, index) {
    const count = this.counts.get(path);
    if (this.typed(`${path}[${index}]`) && !window.confirm(`${this.entryName(`${path}[${index}]`)} mit allen Angaben entfernen?`)) return;
    const moved = (entries) => entries.map(([key, value]) => [without(key, path, index), value]).filter(([key]) => key !== null);
    const keys = (set) => new Set(moved([...set].map((key) => [key])).map(([key]) => key));
    [this.values, this.counts] = [this.values, this.counts].map((kept) => new Map(moved([...kept])));
    [this.none, this.folded, this.unfolded] = [this.none, this.folded, this.unfolded].map(keys);
    this.counts.set(path, count - 1);
    this.rebuild(part, path);
    const next = byId(`karte-${path}[${Math.min(index, count - 2)}]`) ?? byId(`add-${path}`);
    next.scrollIntoView({ block: "start" });
    next.focus({ preventScroll: true });
  }

  rebuild(part, path) {
    for (const key of [...this.fields.keys()]) if (key.startsWith(`${path}[`)) this.fields.delete(key);
    byId(`part-${path}`).replaceWith(this.list(part, path));
    this.narrow();
    this.changed();
  }

  fold(path) {
    if (!this.folded.delete(path)) this.folded.add(path);
    this.narrow();
  }

  unfold(path) {
    if (!this.unfolded.delete(path)) this.unfolded.add(path);
    this.narrow();
  }

  /** Take over what the server asks for: `asked`, and what may be stated `further`. */
  ask(asked) {
    this.fresh.clear();
    if (asked) this.asked = { asked: new Set([...asked.asked, ...Object.keys(asked.instead)]), further: new Set(asked.further), instead: new Map(Object.entries(asked.instead)) };
    this.narrow();
  }

  /** Show the fields that are asked for or stated, what its part is called, and the others on demand; the one that has the focus stays. In rows all of a column, and what shows in the row that is being filled in. */
  narrow() {
    const [further, columns] = [new Map(), new Set()];
    const filled = document.activeElement?.closest("fieldset.entry")?.id.slice("karte-".length);
    const alike = this.fresh.size ? new Set([...this.values.keys(), ...(this.asked?.asked ?? [])].map(bare)) : null;
    for (const [path, field] of this.fields) {
      const fresh = this.fresh.has(holder(path)) && !field.fact.private && (alike.has(bare(path)) || ![...alike].some((one) => holder(one) === bare(holder(path))));
      const asked = this.values.has(path) || this.asked?.asked.has(path) || field.fault || fresh || this.names(path, field.fact);
      const possible = !this.asked || this.asked.further.has(path) || field.isFreeText();
      const card = holder(path);
      const inRows = this.rows && (this.first.has(field.fact) || (!field.element.hidden && filled === card));
      if (!asked && possible && !inRows) further.set(card, (further.get(card) ?? 0) + 1);
      const shown = asked || inRows || (possible && this.unfolded.has(card)) || field.element.contains(document.activeElement);
      if (shown && this.rows) columns.add(bare(path));
      field.show(shown);
      field.standBeside(this.fields.get(this.asked?.instead.get(path)));
    }
    for (const [path, field] of this.fields) if (columns.has(bare(path))) field.show(true);
    for (const card of this.root.querySelectorAll("fieldset.card")) this.narrowCard(card, card.id.slice("karte-".length), further);
    for (const list of this.root.querySelectorAll(".list")) {
      const path = list.id.slice("part-".length);
      list.classList.toggle("wide", [...columns].filter((one) => holder(one) === bare(path)).length > COLUMNS);
      list.hidden = !(this.rows || this.counts.get(path) || this.none.has(path) || this.asked?.asked.has(path));
    }
    this.tellHowMany();
  }

  /** Tell whether a field says what something is called that there is once; entries of a list have a number. */
  names(path, fact) {
    const part = this.part(holder(path));
    return Boolean(this.asked) && !part.many && this.label(part) === fact;
  }

  narrowCard(card, path, further) {
    const [more, fold, open] = [byId(`mehr-${path}`), byId(`falten-${path}`), this.unfolded.has(path)];
    const count = further.get(path) ?? 0;
    more.hidden = !count;
    more.textContent = open ? (fold && this.rows ? "weniger" : "Weitere Angaben ausblenden") : fold && this.rows ? `mehr (${count})` : `Weitere Angaben (${count})`;
    more.setAttribute("aria-expanded", String(open));
    const empty = ![...this.fields].some(([key, field]) => holder(key) === path && !field.element.hidden);
    card.classList.toggle("empty", empty && !count && !fold);
    if (!fold) return;
    const folded = this.folded.has(path);
    fold.setAttribute("aria-expanded", String(!folded));
    fold.textContent = this.rows && !folded ? this.number(path) : this.entryName(path) + (folded ? this.inShort(path) : "");
    byId(`inhalt-${path}`).hidden = folded;
  }

  /** Say how many of the facts there are matter here. */
  tellHowMany() {
    const kinds = new Set([...this.fields.keys()].map(bare));
    const count = (paths) => new Set([...paths].map(bare).filter((path) => kinds.has(path))).size;
    const asked = count([...(this.asked?.asked ?? []), ...this.values.keys()]);
    const most = count([...(this.asked?.asked ?? []), ...(this.asked?.further ?? []), ...this.values.keys(), ...[...this.fields].filter(([, field]) => field.isFreeText()).map(([path]) => path)]);
    byId("gefragt").textContent = this.asked
      ? `${asked} von ${kinds.size} Angaben sind gefragt oder gemacht, ${most - asked} weitere möglich; ${kinds.size - most} spielen nach Frage, Art und Tag keine Rolle.` : "";
  }

  /** Return what an entry of a list is called: its number, and its name where it has one. */
  entryName(path) {
    const [part, plain] = [this.part(path), this.number(path)];
    const named = this.label(part);
    const name = named && this.values.get(`${path}${named.path.slice(part.entry.length)}`);
    return name && name !== plain ? `${plain} – ${name}` : plain;
  }

  /** Return what an entry of a list is called without its name. */
  number(path) {
    return `${this.part(path).single} ${Number(path.match(/\[(\d+)\]$/)[1]) + 1}`;
  }

  /** Return texts with the names of entries in them where they have one. */
  named(told) {
    if (typeof told === "string") return this.entries().reduce((text, [plain, name]) => text.replaceAll(plain, name), told);
    if (Array.isArray(told)) return told.map((one) => this.named(one));
    if (told === null || typeof told !== "object") return told;
    return Object.fromEntries(Object.entries(told).map(([key, value]) => [key, key === "facts" || key === "kind" ? value : this.named(value)]));
  }

  /** Return how the entries that have a name are written without it, and with it. */
  entries() {
    const paths = [...this.counts].flatMap(([path, count]) => Array.from({ length: count }, (_, index) => `${path}[${index}]`));
    const named = paths.map((path) => [this.number(path), this.entryName(path)]).filter(([number, name]) => name !== number);
    const told = (number, name) => RegExp.escape?.(name.slice(number.length + 3)) ?? name.slice(number.length + 3).replaceAll(/[^\p{L}\d ]/gu, "\\$&");
    return named.map(([number, name]) => [new RegExp(`(?<![\\p{L}\\d])${number}(?!\\d| –|: ${told(number, name)})`, "gu"), name.replaceAll("$", "$$$$")]);
  }

  /** Return what a folded entry states, in a few words. */
  inShort(path) {
    const stated = [...this.fields].filter(([key, { fact }]) => holder(key) === path && !fact.private && fact.type !== "wahrheitswert" && this.values.has(key));
    const words = stated.slice(0, 3).map(([, field]) => field.words());
    return words.length ? `: ${words.join(", ")}` : "";
  }

  set(path, value) {
    if (value.length) this.values.set(path, value);
    else this.values.delete(path);
    this.narrow();
    this.changed();
  }

  /** Return the case that was typed: the part that the question is about, or all; lists have as many entries as there are cards. */
  case({ whole = false } = {}) {
    const found = { [this.top]: {} };
    const mine = (path) => path.startsWith(`${this.top}.`);
    for (const [path, count] of this.counts) {
      if (!whole && !mine(path)) continue;
      if (this.none.has(path)) put(found, path, []);
      if (count && (mine(path) || this.typed(path))) put(found, path, Array.from({ length: count }, () => ({})));
    }
    for (const [path, value] of this.values) if (whole || mine(path)) put(found, path, this.reading(path, value));
    return found;
  }

  reading(path, value) {
    const field = this.fields.get(path) ?? new Field(this.fact(path), this.units.get(this.fact(path).unit), path, value);
    return field.meant(value);
  }

  /** Return the faults of what cannot be read, and of what may mean two things. */
  faults() {
    return [...this.fields].filter(([, { fault }]) => fault).map(([path, { fault }]) => ({ path, message: { de: fault }, hint: null }));
  }

  typed(path) {
    return [...this.values.keys()].some((one) => one.startsWith(path));
  }

  /** Return the name of a field or of an entry, with where it is; the path where there is no such thing. */
  nameOf(path) {
    const title = this.fact(path)?.title.de ?? (/\]$/.test(path) ? null : this.part(path)?.title.de);
    if (!title) return this.part(path) ? this.entryName(path) : path;
    const at = [...path.matchAll(/\[\d+\]/g)].map(({ 0: number, index }) => this.entryName(path.slice(0, index + number.length)));
    return title + (at.length ? ` (${at.join(", ")})` : "");
  }

  /** Tell whether a fact, or a part of a case, is stated in the form. */
  has(path) {
    return this.fields.has(path) || Boolean(byId(`add-${path}`) ?? byId(`karte-${path}`));
  }

  /** Return where in the form a fact is stated, unfolded and shown: its field, or the part that holds it. */
  place(path) {
    const field = this.fields.get(path);
    if (!field) return byId(`add-${path}`) ?? byId(`karte-${path}`);
    const entry = path.match(/^.*\]/)?.[0];
    if (entry && this.folded.delete(entry)) this.narrow();
    field.show(true);
    return field.target();
  }

  /** Take over a case as the server gives it. */
  fill(read) {
    for (const kept of [this.values, this.counts, this.none, this.folded, this.unfolded]) kept.clear();
    this.asked = null;
    for (const root of this.parts.filter((one) => one.path in read)) this.count(root, root.path, read[root.path]);
    for (const [path, value] of leaves(read)) {
      const fact = this.fact(path);
      if (fact && !this.none.has(path)) this.values.set(path, Array.isArray(value) ? value : written(fact.type, this.units.get(fact.unit), value));
    }
  }

  /** Note how many entries each list below a part has. */
  count(part, path, node) {
    for (const inner of this.inside(part)) {
      const there = `${path}.${inner.path.slice(part.path.length + 1)}`;
      const entries = node?.[inner.path.slice(part.path.length + 1)];
      if (!inner.many) {
        this.count(inner, there, entries);
        continue;
      }
      this.counts.set(there, entries?.length ?? 0);
      if (entries?.length === 0) this.none.add(there);
      entries?.forEach((entry, index) => this.count(inner, `${there}[${index}]`, entry));
    }
  }
}

/** Return the level of a heading: one deeper with each entry that holds it. */
function heading(path) {
  return `h${Math.min(6, 2 + path.split("[").length - 1)}`;
}
