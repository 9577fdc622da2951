/** The page: holds the case in memory, asks the server after each change, and shows what it says. */

import { asksFor, keepInAddress } from "./address.js";
import { NoAnswer, Refusal, give, post } from "./ask_server.js";
import * as file from "./case_file.js";
import { DecisionDay } from "./decision_days.js";
import { byId, h, save } from "./elements.js";
import { Form } from "./form.js";
import { FurtherQuestions } from "./further_questions.js";
import { Messages, inSheet, said } from "./messages.js";
import { printed } from "./print.js";
import { folded, readings, whole } from "./result_page.js";

const WAIT = 60;
const SLOW = 500;
const TOO_SLOW = 30_000;
const AGAIN = 10_000;
const LATE = new Error("late");
const FAULTY = "Die Angaben sind fehlerhaft.";
const STALE = "Das Folgende gilt für die letzten Angaben ohne Fehler.";
const EARLIER = "Das Folgende gilt für frühere Angaben.";
const LAGGING = "Das Ergebnis ist noch nicht das der Angaben.";
const NO_DAY = "Noch kein Ergebnis: Es fehlt der Tag der Entscheidung.";
const ONE_DAY = "Er bestimmt, welche Fassung gilt, zum Beispiel 01.06.2018.";
const OWN_DAYS = "Tag der Prüfung: Er entscheidet nur, was verspätet ist. Jeder Bescheid wird nach dem Recht seines Tages beurteilt.";
const EXPLAINED = ["on", "question", "readings", "known_on"];
const chosen = {};
const days = {};
let form, messages, further, known, running, timer;
let askedAgain = false;

const question = () => document.querySelector("[name=question]:checked").value;

/** Return what is asked, as the server takes it. */
function asked(...keys) {
  const all = { question: question(), readings: chosen, on: days.on.value || null, known_on: days.known_on.value || null };
  return { case: form.case(), ...Object.fromEntries(keys.map((key) => [key, all[key]])) };
}

/** What was typed but is not read: of days and of fields. */
function unread() {
  const own = Object.values(days).filter(({ fault }) => fault).map(({ id, fault }) => ({ path: id, message: { de: fault }, hint: null }));
  return [...own, ...form.faults()];
}

/** What was saved is no longer what stands here. */
function forgetSaved() {
  for (const told of ["done", "saved"]) byId(told).textContent = "";
}

function changed() {
  forgetSaved();
  askedAgain = false;
  clearTimeout(timer);
  timer = setTimeout(evaluate, WAIT);
}

async function evaluate() {
  clearTimeout(timer);
  running?.abort();
  const { signal } = (running = new AbortController());
  keepInAddress({ question: question(), on: days.on.value, known_on: days.known_on.value });
  document.body.toggleAttribute("data-dated", Boolean(days.on.value || form.values.size));
  if (unread().length) return refused(new Refusal(FAULTY));
  if (!days.on.value) {
    messages.tell([]);
    return nothing(NO_DAY);
  }
  const { slow, late } = waiting(running);
  try {
    const body = asked(...EXPLAINED);
    const [short, full] = await Promise.all(["short", "full"].map(async (detail) => form.named(await (await post(`pages?hints=cell&detail=${detail}`, body, { signal })).json())));
    form.ask(short.form);
    const impossible = short.contradictions.map(({ places, text }) => ({ facts: places, text }));
    messages.tell([], "", [...impossible, ...short.plausibility]);
    show(short, full);
  } catch (error) {
    if (signal.reason === LATE) refused(new NoAnswer("Der Server antwortet nicht. Ihre Angaben stehen noch in dieser Seite."));
    else if (error.name !== "AbortError") refused(error);
  } finally {
    clearTimeout(slow);
    clearTimeout(late);
    if (running.signal === signal) busy(false);
    keepInView();
  }
}

/** Say after a while that the result is being worked out again, and give up after a long while. */
function waiting(request) {
  const slow = setTimeout(() => busy(true), SLOW);
  return { slow, late: setTimeout(() => request.abort(LATE), TOO_SLOW) };
}

/** Say whether the result is being worked out again. */
function busy(is) {
  if (is) byId("ergebnis").setAttribute("aria-busy", "true");
  else byId("ergebnis").removeAttribute("aria-busy");
  offerDocuments();
}

const isLagging = () => byId("ergebnis").matches("[data-stale], [aria-busy=true]");

/** Offer documents only where the result beside them is that of the form. */
function offerDocuments() {
  for (const id of ["note", "letter", "receipt"]) byId(id).setAttribute("aria-disabled", String(isLagging()));
}

/** Keep the field that is being filled in where it can be seen, also when others came or went above it. */
function keepInView() {
  const field = document.activeElement;
  if (field?.closest("#eingabe") && field.matches("input, select, button")) field.scrollIntoView({ block: "nearest" });
}

function tellStatus(kind, text, stale = "") {
  byId("ergebnis").dataset.kind = kind;
  byId("ergebnis").toggleAttribute("data-stale", Boolean(stale));
  byId("bar").dataset.kind = kind;
  byId("veraltet").hidden = !stale;
  byId("veraltet").textContent = stale;
  byId("again").hidden = true;
  busy(false);
  if (byId("status").textContent !== text) byId("status").textContent = text;
  byId("bar-text").textContent = text.split(/[:.](?=\s|$)/, 1)[0];
}

/** Say why there is no result. */
function nothing(text) {
  tellStatus("none", text);
  byId("kurz").replaceChildren();
  byId("page").replaceChildren();
  byId("actions").hidden = true;
}

/** Show a result in place of the last one; what was unfolded stays so, and the focus stays where it was. */
function show(short, full) {
  const unfolded = [...document.querySelectorAll("#ergebnis details[open]")].map((one) => one.id);
  const focused = document.activeElement?.id;
  const link = (facts, text) => messages.link(facts, text);
  tellStatus(short.verdict ?? short.outcome, statusOf(short));
  byId("actions").hidden = false;
  byId("kurz").replaceChildren(...whole(short.blocks, link).filter(Boolean));
  byId("readings").replaceChildren(...readings(short.readings, known, follow));
  byId("page").replaceChildren(...folded(rest(full.blocks, short.blocks), link).filter(Boolean));
  for (const id of unfolded) byId(id)?.setAttribute("open", "");
  if (focused && document.activeElement?.id !== focused) byId(focused)?.focus({ preventScroll: true });
  further.again();
}

/** Return the sections of the whole page that the short one does not show. */
function rest(full, short) {
  const told = new Set(short.filter(({ kind }) => kind === "heading").map(({ name, text }) => `${name} ${text}`));
  let left = false;
  return full.filter((block) => {
    if (block.kind === "heading") left = block.level > 1 && !told.has(`${block.name} ${block.text}`);
    return left;
  });
}

/** Return a result in words to be heard: what stands in the way as it reads below. */
function statusOf(found) {
  const told = found.unmet.slice(0, 2).map(({ title }) => ` ${title}.`).join("");
  const more = found.unmet.length - 2;
  const not = told ? ` Was entgegensteht:${told}${more > 0 ? ` Und ${more} weitere.` : ""}` : "";
  const odd = itemsIn(found.blocks, "check");
  const check = odd ? ` Bitte prüfen: ${odd}.` : "";
  return `${found.result}${not}${check}${found.fassung ? ` Fassung: ${found.fassung}.` : ""}`;
}

/** Return how many items a section of a page shows. */
function itemsIn(blocks, name) {
  let inside = false;
  return blocks.filter((block) => {
    if (block.kind === "heading") inside = block.name === name;
    return inside && block.kind === "item";
  }).length;
}

/** Say that there is no answer yet; ask once more after a while, and whenever it is wished. */
function unanswered(error) {
  messages.tell([]);
  tellStatus("none", error.message, byId("kurz").firstChild ? EARLIER : "");
  byId("again").hidden = false;
  if (askedAgain) return;
  askedAgain = true;
  clearTimeout(timer);
  timer = setTimeout(evaluate, AGAIN);
}

function refused(error) {
  if (error instanceof NoAnswer) return unanswered(error);
  const own = unread();
  const faults = [...own, ...(error instanceof Refusal ? error.faults : [])];
  messages.tell(faults, error.message);
  const more = faults.length > 1 ? ` ${faults.length} Fehler.` : faults.map((fault) => ` ${fault.path ? `${messages.nameOf(fault.path)}: ` : ""}${said(fault)}`).join("");
  tellStatus("fault", `${error.message}${more}`, byId("kurz").firstChild ? STALE : "");
}

/** Build the form of the question, and show what can be asked further about its entries. */
function build() {
  form.build(question());
  for (const one of document.querySelectorAll("details.posts")) one.hidden = form.rows || !form.part(`${form.top}.stellen`);
  for (const id of ["monate", "letter"]) byId(id).hidden = !form.rows;
  byId("on-hilfe").textContent = form.ownDays ? OWN_DAYS : ONE_DAY;
}

function follow(name, reading) {
  chosen[name] = reading;
  changed();
}

/** Take over what is asked: question, days and readings. */
function ask(wanted) {
  for (const name of Object.keys(chosen)) delete chosen[name];
  Object.assign(chosen, wanted.readings ?? {});
  const radio = document.querySelector(`[name=question][value="${CSS.escape(wanted.question ?? "")}"]`);
  if (radio) radio.checked = true;
  for (const [id, one] of Object.entries(days)) if (wanted[id] || wanted[id] === null) one.take(wanted[id] ?? "");
}

async function upload(event) {
  const [chosenFile] = event.target.files;
  if (!chosenFile) return;
  notLoaded("", []);
  byId("wiederholt").hidden = true;
  byId("saved").textContent = `„${chosenFile.name}“ wird gelesen …`;
  try {
    const found = await file.read(chosenFile, question());
    if (form.values.size && !window.confirm(`Alle Angaben durch „${chosenFile.name}“ ersetzen?`)) return;
    form.fill(found.case);
    ask({ question: questionOf(found.case), ...found.asked });
    build();
    await evaluate();
    tellReplay(found.replay);
  } catch (error) {
    notLoaded(chosenFile.name, error.faults ?? [], error.message);
    byId("upload-fehler").focus();
  } finally {
    forgetSaved();
    event.target.value = "";
  }
  if (byId("upload-fehler").hidden) byId("saved").textContent = `„${chosenFile.name}“ ist geladen.`;
}

/** Say whether the decision of a Prüfprotokoll comes out as it did. */
function tellReplay(replay) {
  byId("wiederholt").hidden = !replay;
  if (!replay) return;
  const head = replay.identical ? "Das Prüfprotokoll ist wiederholt: Die Entscheidung kommt heute genauso heraus." : "Das Prüfprotokoll ist wiederholt: Die Entscheidung kommt heute anders heraus.";
  byId("wiederholt").replaceChildren(h("p", {}, head), h("ul", {}, [...replay.differences, ...replay.notes].map((one) => h("li", {}, one.de))));
}

/** Return the question to ask about a case: of those about the first of its parts that there are, the one chosen, else the first. */
function questionOf(read) {
  const [first, ...others] = form.questions.filter(({ part }) => part in read);
  const alike = [first, ...others.filter(({ part }) => part === first.part)].map(({ id }) => id);
  return alike.includes(question()) ? question() : alike[0];
}

/** Say below the upload what is wrong with a file; what stands in the form, and its result, stay as they are. */
function notLoaded(name, faults, message = "") {
  const head = `„${name}“ ist nicht geladen; Ihre Angaben sind unverändert. ${message}`;
  const entries = faults.map((fault) => h("li", {}, fault.path ? `${inSheet(fault) ?? messages.nameOf(fault.path)}: ` : "", said(fault)));
  byId("upload-fehler").replaceChildren(...(name ? [h("p", {}, head), h("ul", {}, entries)] : []));
  byId("upload-fehler").hidden = !name;
}

function clear() {
  if (!window.confirm("Wirklich alle Angaben leeren?")) return;
  form.fill({});
  ask({ on: null, known_on: null });
  byId("wiederholt").hidden = true;
  build();
  forgetSaved();
  evaluate();
}

/** Remember which field was used last, so that the way back from the result leads there. */
function rememberPlace() {
  let last = null;
  byId("eingabe").addEventListener("focusin", ({ target }) => { if (target.matches("input, select")) last = target; });
  for (const link of document.querySelectorAll(".back")) {
    link.addEventListener("click", (event) => {
      const field = last?.isConnected ? last : byId(last?.id);
      if (!field) return;
      event.preventDefault();
      field.focus();
    });
  }
}

/** Do what a button asks for, once at a time; a refusal is shown like any other. */
function on(id, work) {
  const button = byId(id);
  button.addEventListener("click", async () => {
    if (button.getAttribute("aria-busy")) return;
    button.setAttribute("aria-busy", "true");
    try {
      if (unread().length) throw new Refusal(FAULTY);
      if (button.getAttribute("aria-disabled") === "true") tell("done", LAGGING);
      else await work();
    } catch (error) {
      byId("done").textContent = "";
      refused(error);
      byId(error instanceof NoAnswer ? "again" : "fehler").focus();
    } finally {
      button.removeAttribute("aria-busy");
    }
  });
}

function note() {
  return written("notes", "pruefvermerk", "Der Prüfvermerk wird geschrieben …");
}

function letter() {
  return written("letters", "anforderung", "Die Anforderung wird geschrieben …");
}

/** Have the server write a document, and save it. */
async function written(route, name, told) {
  tell("done", told);
  const { form } = byId("note").dataset;
  const found = await (await post(route, { ...asked(...EXPLAINED), form })).blob();
  keep(found, `${name}.${form}`, found.type);
}

async function receipt() {
  keep(await (await post("receipts", asked(...EXPLAINED))).blob(), "pruefprotokoll.json", "application/json");
}

function saveCase() {
  keep(file.content({ ...asked(...EXPLAINED), case: form.case({ whole: true }) }), "fall.json", "application/json", "saved");
}

/** Say below a button what it does, where it is seen. */
function tell(place, text) {
  byId(place).textContent = text;
  byId(place).scrollIntoView({ block: "nearest" });
}

/** Save content and say so beside the button. */
function keep(content, name, type, told = "done") {
  save(content, name, type);
  tell(told, `„${name}“ ist gespeichert.`);
}

function makeDays({ acts }) {
  const dated = (key, entries) => entries.map((act) => [act[key], act.short.de]).sort(([a], [b]) => (a < b ? -1 : 1));
  days.on = new DecisionDay("on", dated("applies_from", acts), "wirkt", "kein Tag gewählt", changed);
  days.known_on = new DecisionDay("known_on", dated("known_from", acts.filter((act) => act.art !== "nachfolge")), "bekannt", "alle Änderungen bekannt", changed);
}

function print() {
  for (const one of document.querySelectorAll("#page details")) one.open = true;
  window.print();
}

/** A link to a source, to where it is named, or to a value unfolds the section that has it first. */
function openSources(event) {
  if (event.target.matches('a:is([href^="#quelle-"], [href^="#nennung-"], [href^="#wert-"])')) document.querySelector(event.target.getAttribute("href"))?.closest("details")?.setAttribute("open", "");
}

async function start() {
  const [vocabulary, fassungen, all, version] = await Promise.all(["vocabulary", "fassungen", "readings", "version"].map(give));
  known = all.readings;
  form = new Form(vocabulary, byId("felder"), changed);
  messages = new Messages(form);
  makeDays(fassungen);
  ask(asksFor());
  further = new FurtherQuestions(asked, form, new Map(fassungen.acts.map((act) => [act.id, act.short.de])), (facts) => messages.link(facts));
  build();
  byId("version").textContent = version.version;
  for (const radio of document.querySelectorAll("[name=question]")) {
    radio.addEventListener("change", () => { form.asked = null; build(); changed(); });
  }
  byId("upload").addEventListener("change", upload);
  byId("again").addEventListener("click", evaluate);
  byId("clear").addEventListener("click", clear);
  byId("eingabe").addEventListener("submit", (event) => event.preventDefault());
  byId("ergebnis").addEventListener("click", openSources);
  window.addEventListener("beforeunload", (event) => { if (form.values.size) event.preventDefault(); });
  window.addEventListener("beforeprint", () => printed(form, messages, days));
  byId("print").addEventListener("click", print);
  for (const [id, work] of Object.entries({ note, letter, receipt, "download-case": saveCase })) on(id, work);
  rememberPlace();
  await evaluate();
  document.body.dataset.ready = "true";
}

start().catch((error) => { byId("status").textContent = error.message; });
