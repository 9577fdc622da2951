/** What can be asked further about a case, each worked out when it is unfolded and again after each change while it is,
 *  one after the other. */

import { post } from "./ask_server.js";
import { byId, h } from "./elements.js";
import { asTable, whole } from "./result_page.js";
import { inGerman } from "./spellings.js";

const OPEN = "offen";

export class FurtherQuestions {
  /** `asked` returns what is asked, by keys; `acts` how acts are called; `link` a link to the first of several facts. */
  constructor(asked, form, acts, link) {
    Object.assign(this, { asked, form, acts, link, turn: Promise.resolve() });
    this.sections = {
      hilfe: () => this.helps(), zeitraeume: () => this.periods(),
      nachbesetzung: () => this.refillings(), vergleich: () => this.comparison(), monate: () => this.months(),
    };
    for (const id of Object.keys(this.sections)) byId(id).addEventListener("toggle", () => this.show(id));
  }

  /** Work out again what is unfolded. */
  again() {
    for (const id of Object.keys(this.sections)) this.show(id);
  }

  async show(id) {
    const place = byId(`${id}-inhalt`);
    if (!byId(id).open) return;
    const mine = (place.dataset.asked = String(Number(place.dataset.asked ?? 0) + 1));
    place.setAttribute("aria-busy", "true");
    const mineInTurn = this.turn.then(() => (place.dataset.asked === mine ? this.sections[id]() : []));
    this.turn = mineInTurn.catch(() => {});
    const found = await mineInTurn.catch((error) => [h("p", { class: "help" }, `${error.message} ${error.faults?.map((fault) => fault.message.de).join(" ") ?? ""}`)]);
    if (place.dataset.asked !== mine) return;
    place.replaceChildren(...found.filter(Boolean));
    place.removeAttribute("aria-busy");
  }

  async given(route, ...keys) {
    return this.form.named(await (await post(route, this.asked(...keys))).json());
  }

  async comparison() {
    const found = await (await post("pages", { ...this.asked("on", "question", "readings"), page: "comparison" })).json();
    return whole(this.form.named(found.blocks), this.link);
  }

  /** The smallest changes that would give yes, and what helps beyond them. */
  async helps() {
    const found = await this.given("counterfactuals", "on", "question", "readings", "known_on");
    if (found.verdict === "yes") return [h("p", {}, "Es ist nichts zu ändern.")];
    if (!found.verdict) return [h("p", {}, "Ohne Ergebnis lässt sich nicht sagen, was helfen würde.")];
    const open = ({ verdict }) => verdict === "open";
    const remedies = found.beyond.map((one) => one.remedy?.de).filter(Boolean);
    const sets = found.sets.length ? [h("p", {}, "Jede dieser Änderungen würde genügen:"), h("ol", {}, found.sets.map((set) => h("li", {}, set.map((one) => one.text.de).join("; "))))] : [];
    const barred = found.beyond.filter((one) => !open(one));
    const none = found.sets.length || remedies.length ? null : barred.length ? "Keine Änderung an dem, was sich ändern lässt, würde genügen." : "Noch offen: Es fehlen Angaben.";
    return [...sets, none && h("p", {}, none), ...remedies.map((one) => h("p", {}, one)),
      ...listed("Dem steht entgegen:", barred.filter((one) => !one.remedy)), ...listed("Offen ist, weil Angaben fehlen:", found.beyond.filter(open))];
  }

  /** What was granted and filled month by month, as bars and as a table. */
  async months() {
    const { svg, blocks } = await this.given("charts", "on", "question", "readings", "known_on");
    if (!blocks.some(({ rows }) => rows?.length)) return [h("p", {}, "Es ist kein Monat zu zeigen.")];
    const bars = document.adoptNode(new DOMParser().parseFromString(svg, "image/svg+xml").documentElement);
    return [h("div", { class: "bars" }, bars), ...whole(blocks)];
  }

  async periods() {
    const found = await this.given("periods", "on", "question", "readings");
    const columns = [["Stelle"], ["Fassung"], ["Monate", "right"], ["spätestens mögliches Ende"], ["Restmonate", "right"], ["Resttage", "right"]];
    return [asTable("Zeiträume je Fassung", columns, found.periods.map((one) => [this.post(one.post), this.acts.get(one.fassung) ?? one.fassung,
      number(one.months), one.end ? day(one.end) : OPEN, number(one.months_left), number(one.days_left)]))];
  }

  async refillings() {
    const found = await this.given("refillings", "on", "question", "readings", "known_on");
    const columns = [["Stelle"], ["zuerst bewilligt"], ["neu besetzt mit"], ["ab"], ["Satz im Jahr", "right"], ["Beleg des Satzes"]];
    const group = (name) => (name ? `Gruppe (${name})` : OPEN);
    return [asTable("Nachbesetzung", columns, found.refillings.map((one) => [this.post(one.post), group(one.granted_group), group(one.new_group), day(one.day), money(one.rate), one.evidence?.de ?? ""]))];
  }

  post(number) {
    return this.form.entryName(`${this.form.top}.stellen[${number}]`);
  }
}

function listed(lead, found) {
  return found.length ? [h("p", {}, lead), h("ul", {}, found.map((one) => h("li", {}, one.text.de)))] : [];
}

const day = inGerman;
const number = (value) => (value === null || value === undefined ? OPEN : String(value));
const money = (value) => (value === null || value === undefined ? OPEN : new Intl.NumberFormat("de-DE", { style: "currency", currency: "EUR" }).format(Number(value)));
