/** A field: the label of a fact, what explains it, its control, and what is wrong with what was typed. */

import { h } from "./elements.js";
import { understood } from "./spellings.js";

const UNSTATED = "– nicht angegeben –";
const LONG_CHOICE = 20; // a longer one has no room in half the width of the form

export class Field {
  /** `changed` is called with what was typed once the field is left, or something is chosen in it. */
  constructor(fact, unit, path, typed, changed = null) {
    Object.assign(this, { fact, unit, path, fault: null });
    if (!changed) return;
    this.changed = changed;
    this.id = `feld-${path}`;
    this.element = this.made(typed);
    if (typeof typed === "string") this.check(typed);
  }

  made(typed) {
    const { fact, id } = this;
    const described = { "aria-describedby": `${id}-hilfe ${id}-gelesen ${id}-fehler ${id}-hinweis` };
    const help = h("p", { class: "help", id: `${id}-hilfe` }, fact.help.de ?? fact.help);
    const told = [["note read", "gelesen"], ["error", "fehler"], ["note", "hinweis"]].map(([kind, name]) => h("p", { class: kind, id: `${id}-${name}`, hidden: true }));
    if (fact.type === "auswahlliste") {
      return h("fieldset", { class: "field choice", id, tabindex: "-1", ...described }, h("legend", {}, fact.title.de), help, this.boxes(typed ?? []), told);
    }
    const long = fact.type === "auswahl" && choices(fact).some(([, label]) => label.length > LONG_CHOICE);
    return h("div", { class: long ? "field long" : "field" }, h("label", { for: id }, fact.title.de + this.unitSaid()), help, this.control(typed ?? "", { id, ...described }), told);
  }

  /** Tell whether anything may be written here: what is called so decides nothing, but may always be said. */
  isFreeText() {
    return this.fact.type === "text" && !this.fact.values.length;
  }

  /** Return the unit of a number for its label; nothing where the label says it. */
  unitSaid() {
    const name = this.unit?.several.de;
    return name && !this.fact.title.de.includes(name) ? ` (${name})` : "";
  }

  control(typed, attributes) {
    const { fact, path } = this;
    if (fact.type === "auswahl" || fact.type === "wahrheitswert") {
      const select = h("select", { ...attributes, change: () => this.changed(select.value) },
        h("option", { value: "" }, UNSTATED), choices(fact).map(([name, label]) => h("option", { value: name }, label)));
      select.value = typed;
      return select;
    }
    const kinds = { datum: { placeholder: "TT.MM.JJJJ" }, ganzzahl: { inputmode: "numeric" }, dezimal: { inputmode: "decimal" } };
    const input = h("input", { type: "text", autocomplete: "off", class: fact.type, ...kinds[fact.type], ...attributes, change: () => this.left(input) });
    input.value = typed;
    if (fact.type !== "text" || !fact.values.length) return input;
    input.setAttribute("list", `namen-${path}`);
    return [input, h("datalist", { id: `namen-${path}` }, choices(fact).map(([name]) => h("option", { value: name })))];
  }

  boxes(ticked) {
    const boxes = choices(this.fact).map(([value, label]) => {
      const box = h("input", { type: "checkbox", value, change: () => this.changed(boxes.filter(([one]) => one.checked).map(([one]) => one.value)) });
      box.checked = ticked.includes(value);
      return [box, h("label", {}, box, ` ${label}`)];
    });
    return boxes.map(([, label]) => label);
  }

  /** Note what was typed once the field is left, and show how it was read. */
  left(input) {
    const found = this.check(input.value);
    if (!found.fault) input.value = found.shown;
    this.changed(input.value);
  }

  check(typed) {
    const found = understood(this.fact.type, this.unit, typed);
    this.fault = found.fault ?? null;
    const note = this.element?.querySelector(".read");
    if (note) {
      note.textContent = found.note ?? "";
      note.hidden = !found.note;
    }
    return found;
  }

  /** Return what was typed as the case states it. */
  meant(typed) {
    return Array.isArray(typed) ? typed : understood(this.fact.type, this.unit, typed).value ?? typed;
  }

  /** Return what is stated in a word or two. */
  words() {
    const control = this.element.querySelector("select, input[type=text]");
    if (control?.matches("select")) return control.selectedOptions[0].text;
    return control ? `${control.value} ${this.unit?.several.de ?? ""}`.trim() : [...this.element.querySelectorAll(":checked")].map((box) => box.parentElement.textContent.trim()).join(", ");
  }

  show(shown) {
    this.element.hidden = !shown;
  }

  /** Stand directly behind another field in whose place this one may be filled in, and say so; or no longer. */
  standBeside(other) {
    if (other && other.element.nextElementSibling !== this.element) other.element.after(this.element);
    const word = this.element.querySelector(".or");
    if (other && !word) this.element.querySelector("label, legend")?.prepend(h("span", { class: "or" }, "oder "));
    else if (!other) word?.remove();
  }

  /** Return the control that takes the focus. */
  target() {
    return this.element.querySelector("select, input");
  }
}

function choices(fact) {
  if (fact.type === "wahrheitswert") return [["true", "ja"], ["false", "nein"]];
  return fact.values.map(({ value, label }) => [value, label?.de ?? value]);
}
