/** What is wrong, or unusual: told at the fields, and all faults in a list that leads there. */

import { byId, h } from "./elements.js";
import { holder } from "./paths.js";

const DAYS = ["on", "known_on"];

export class Messages {
  constructor(form) {
    this.form = form;
  }

  /** Return the element a path means that takes the focus: a field, or a day that is asked for; null where there is none. */
  target(path) {
    if (DAYS.includes(path)) return byId(path);
    return this.form.fields.has(path) ? this.form.fields.get(path).target() : null;
  }

  /** Show faults and notes at their fields in place of those told before, and all faults in a list that leads there. */
  tell(faults, title = "", notes = []) {
    for (const told of document.querySelectorAll("#eingabe :is(p.error, p.note:not(.read))")) {
      told.textContent = "";
      told.hidden = true;
    }
    for (const field of document.querySelectorAll("#eingabe [aria-invalid]")) field.removeAttribute("aria-invalid");
    for (const row of document.querySelectorAll("#eingabe .told")) row.replaceChildren();
    for (const fault of faults) this.at(fault.path, "fehler", said(fault));
    for (const { facts, text } of notes) for (const path of facts) this.at(path, "hinweis", text.de);
    const entries = faults.map((fault) => h("li", {}, this.lead(fault.path), said(fault)));
    byId("fehler").replaceChildren(...(title ? [h("h2", {}, title), h("ul", {}, entries)] : []));
    byId("fehler").hidden = !title;
    this.form.narrow();
  }

  at(path, kind, text) {
    const field = this.form.fields.get(path);
    const told = byId(field ? `${field.id}-${kind}` : `${path}-${kind}`);
    if (!told) return;
    told.textContent = `${told.textContent} ${text}`.trim();
    told.hidden = false;
    if (kind === "fehler") (field?.id ? byId(field.id) : byId(path)).setAttribute("aria-invalid", "true");
    if (!field) return;
    field.show(true);
    this.inRow(byId(`gesagt-${holder(path)}`), kind, kind === "fehler" ? `${field.fact.title.de}: ${text}` : text);
  }

  /** Tell it below the row of the field, where there is one: its columns are too narrow for a sentence. Once, of all its fields. */
  inRow(row, kind, text) {
    if (!row || [...row.children].some((told) => told.textContent === text)) return;
    row.append(h("p", { class: kind === "fehler" ? "error" : "note" }, text));
  }

  lead(path) {
    if (!path) return "";
    return this.target(path) ? [this.link([path], this.nameOf(path)), ": "] : `${this.nameOf(path)}: `;
  }

  /** Return a link to the first of several facts; null where the form has none of them. */
  link(facts, text = null) {
    const path = facts.find((one) => this.target(one)) ?? facts.find((one) => this.form.has(one));
    if (!path) return null;
    return h("a", { href: `#${this.form.fields.get(path)?.id ?? path}`, class: text ? null : "to-field", "aria-label": text ? null : `Zur Angabe ${this.nameOf(path)}`, click: (event) => this.go(event, path) }, text ?? "Zur Angabe");
  }

  /** Lead to the field of a fact; where it is not there, to the part that holds it. */
  go(event, path) {
    event.preventDefault();
    const target = DAYS.includes(path) ? byId(path) : this.form.place(path);
    target?.scrollIntoView({ block: "center" });
    target?.focus({ preventScroll: true });
  }

  nameOf(path) {
    return DAYS.includes(path) ? document.querySelector(`label[for=${path}]`).textContent : this.form.nameOf(path);
  }
}

/** Return where in a workbook a fault is, as a reader finds the cell; null where it is not in one. */
export function inSheet({ path, line }) {
  const [, sheet, column] = path.match(/^(.+?)!(.*)$/) ?? [];
  return sheet ? [`Blatt ${sheet}`, line ? `Zeile ${line}` : "", column].filter(Boolean).join(", ") : null;
}

/** Return a fault as a sentence with how to mend it. */
export function said(fault) {
  const place = fault.line && fault.column ? `Zeile ${fault.line}, Spalte ${fault.column}: ` : "";
  return `${place}${fault.message.de}${fault.hint ? ` ${fault.hint.de}` : ""}`;
}
