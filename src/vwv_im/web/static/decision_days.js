/** The day of the decision and the day of knowledge: typed as text, or walked through by a slider whose stops are the Fassungen.
 *
 *  A day that was typed comes back when the slider comes back to its stop.
 */

import { byId } from "./elements.js";
import { inGerman, understood, written } from "./spellings.js";

export class DecisionDay {
  /** `days` are the stops in order, each [day, name], and `since` says what begins on them; the first stop is no day at all. */
  constructor(id, days, since, none, changed) {
    this.id = id;
    this.input = byId(id);
    this.slider = byId(`${id}-slider`);
    this.told = byId(`${id}-stand`);
    Object.assign(this, { days, since, none });
    this.slider.max = days.length;
    this.value = "";
    this.fault = null;
    this.typed = "";
    this.slider.addEventListener("input", () => this.take(this.dayOf(Number(this.slider.value))));
    this.slider.addEventListener("change", changed);
    this.input.addEventListener("change", () => { this.left(); changed(); });
    this.tell();
  }

  left() {
    const found = understood("datum", null, this.input.value);
    this.fault = found.fault ?? null;
    byId(`${this.id}-gelesen`).textContent = found.note ?? "";
    byId(`${this.id}-gelesen`).hidden = !found.note;
    if (this.fault) return;
    this.typed = found.value;
    this.take(found.value);
  }

  /** Set the day. */
  take(value) {
    this.value = value;
    this.fault = null;
    this.input.value = written("datum", null, value);
    this.slider.value = this.stopOf(value);
    this.tell();
  }

  stopOf(value) {
    return value ? Math.max(1, this.days.filter(([from]) => from <= value).length) : 0;
  }

  dayOf(stop) {
    return this.stopOf(this.typed) === stop ? this.typed : this.days[stop - 1]?.[0] ?? "";
  }

  tell() {
    const [from, name] = this.days[this.slider.value - 1] ?? [];
    const text = from ? (this.value < from ? `vor ${inGerman(from)} (${name})` : `${this.since} ab ${inGerman(from)}: ${name}`) : this.none;
    this.told.textContent = text;
    this.slider.setAttribute("aria-valuetext", text);
  }
}
