/** Sliders whose stops are the Fassungen: moving one sets the day beside it, and the other way round.
 *
 *  A day that was typed comes back when the slider comes back to its stop.
 */

import { byId, day } from "./dom.js";

export class Stops {
  /** `days` are the stops in order, each [day, name], and `since` says what begins on them; the first stop is no day at all. */
  constructor(id, days, since, none, changed) {
    this.input = byId(id);
    this.slider = byId(`${id}-slider`);
    this.told = byId(`${id}-stand`);
    this.days = days;
    this.since = since;
    this.none = none;
    this.slider.max = days.length;
    this.typed = "";
    this.slider.addEventListener("input", () => { this.input.value = this.dayOf(Number(this.slider.value)); this.tell(); changed(); });
    this.input.addEventListener("input", () => { this.typed = this.input.value; this.follow(); changed(); });
    this.follow();
  }

  follow() {
    this.slider.value = this.stopOf(this.input.value);
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
    const text = from ? (this.input.value < from ? `vor ${day(from)} (${name})` : `${this.since} ab ${day(from)}: ${name}`) : this.none;
    this.told.textContent = text;
    this.slider.setAttribute("aria-valuetext", text);
  }
}
