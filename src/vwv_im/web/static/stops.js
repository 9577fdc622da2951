/** Sliders whose stops are the Fassungen: moving one sets the day beside it, and the other way round. */

import { byId, day } from "./dom.js";

export class Stops {
  /** `days` are the stops in order, each [day, name]; the first stop of the slider is no day at all. */
  constructor(id, days, none, changed) {
    this.input = byId(id);
    this.slider = byId(`${id}-slider`);
    this.told = byId(`${id}-stand`);
    this.days = days;
    this.none = none;
    this.slider.max = days.length;
    this.slider.addEventListener("input", () => { this.input.value = this.days[this.slider.value - 1]?.[0] ?? ""; this.tell(); changed(); });
    this.input.addEventListener("input", () => { this.follow(); changed(); });
    this.follow();
  }

  follow() {
    const value = this.input.value;
    this.slider.value = value ? Math.max(1, this.days.filter(([from]) => from <= value).length) : 0;
    this.tell();
  }

  tell() {
    const [from, name] = this.days[this.slider.value - 1] ?? [];
    const text = from ? (this.input.value < from ? `vor: ${name}` : `ab ${day(from)} wirkt: ${name}`) : this.none;
    this.told.textContent = text;
    this.slider.setAttribute("aria-valuetext", text);
  }
}
