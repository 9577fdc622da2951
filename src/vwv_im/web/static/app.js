/** The page: holds the case in memory, asks the server after each change, and shows what it says. */

import { Refusal, give, post } from "./api.js";
import { byId, h, save } from "./dom.js";
import { Form, fieldOf, noDays, said, tell } from "./form.js";
import { needs, page, proposals, readings, unmet, unusual } from "./result.js";
import { Stops } from "./stops.js";

const WAIT = 250;
const SLOW = 500;
const TOO_SLOW = 30_000;
const NAMED = 2;
const chosen = {};
let form, known, running, timer;
let undated = "";

const question = () => document.querySelector("[name=question]:checked").value;

/** Return what is asked, as the server takes it; empty days are left to it to refuse. */
function asked(...keys) {
  const days = { on: byId("on").value || null, known_on: byId("known_on").value || null };
  const all = { question: question(), readings: chosen, ...days };
  return { case: form.case(), ...Object.fromEntries(keys.map((key) => [key, all[key]])) };
}

const EXPLAINED = ["on", "question", "readings", "known_on"];

function changed() {
  hideExtra();
  clearTimeout(timer);
  timer = setTimeout(evaluate, WAIT);
}

async function evaluate() {
  running?.abort();
  const { signal } = (running = new AbortController());
  byId("done").textContent = "";
  const typing = noDays().find(inHand);
  if (typing) {
    show("none", `Noch kein Ergebnis: „${nameOf(typing.path)}“ ist noch kein Datum.`);
    return;
  }
  if (!byId("on").value && !noDays().length) {
    tellFaults([]);
    show("none", "Noch kein Ergebnis: Es fehlt der Tag der Entscheidung.");
    return;
  }
  const { slow, late } = waiting(running);
  try {
    const found = await (await post("pages?hints=cell", asked(...EXPLAINED), { signal })).json();
    const missing = found.verdict === "open" && !noDays().length ? await (await post("needs", asked(...EXPLAINED), { signal })).json() : { needs: [] };
    if (noDays().length) throw new Refusal(FAULTY);
    tellFaults([], "", found.plausibility);
    show(found.verdict ?? found.outcome, status(found, missing.needs), found, missing.needs);
  } catch (error) {
    if (signal.reason === LATE) refused(new Error("Der Server antwortet nicht. Ihre Angaben stehen noch in dieser Seite."));
    else if (error.name !== "AbortError") refused(error);
  } finally {
    clearTimeout(slow);
    clearTimeout(late);
    if (running.signal === signal) byId("ergebnis").removeAttribute("aria-busy");
    keepInView();
  }
}

const LATE = new Error("late");
const FAULTY = "Die Angaben sind fehlerhaft.";

/** Whether a fault is of the field that is being filled in. */
function inHand({ path }) {
  return fieldOf(path) === document.activeElement;
}

/** Ask again once a date is begun, left, or emptied: of none of these the browser tells by itself. */
function watchDates() {
  const now = noDays().map((fault) => `${fault.path} ${inHand(fault)}`).join();
  if (now !== undated) changed();
  undated = now;
}

/** Say after a while that the result is being worked out again, and give up after a long while. */
function waiting(request) {
  const slow = setTimeout(() => byId("ergebnis").setAttribute("aria-busy", "true"), SLOW);
  return { slow, late: setTimeout(() => request.abort(LATE), TOO_SLOW) };
}

/** Keep the field that is being filled in and its fault where they can be seen, also when a list of faults moved them. */
function keepInView() {
  const field = document.activeElement;
  if (!field?.closest("#eingabe")) return;
  for (const one of [byId(`${field.id}-fehler`), field]) one?.scrollIntoView({ block: "nearest" });
}

function status(found, missing) {
  const names = found.unmet.slice(0, NAMED).map(({ title }) => title).join(", ");
  const more = found.unmet.length - NAMED;
  const not = names ? ` Nicht erfüllt: ${names}${more > 0 ? ` und ${more} weitere` : ""}.` : "";
  const odd = found.plausibility.length ? ` Bitte prüfen: ${found.plausibility.length}.` : "";
  const count = missing.length ? ` Noch gebraucht: ${missing.length}.` : "";
  return `${found.result}${not}${odd}${count}${found.fassung ? ` Fassung: ${found.fassung}.` : ""}`;
}

/** Show a result in place of the last one; what was unfolded stays so, and the focus stays where it was. */
function show(kind, text, found = null, missing = []) {
  const unfolded = [...document.querySelectorAll("#ergebnis details[open]")].map((one) => one.id);
  const focused = document.activeElement?.id;
  if (byId("ergebnis").dataset.kind !== kind) byId("ergebnis").scrollTop = 0;
  byId("ergebnis").dataset.kind = kind;
  if (byId("status").textContent !== text) byId("status").textContent = text;
  byId("actions").hidden = !found;
  byId("after").hidden = !found;
  byId("needs").replaceChildren(...(found ? [...unusual(found.plausibility, link), ...unmet(found.unmet, link)] : []), ...needs(missing, go, (path) => form.where(path)));
  byId("readings").replaceChildren(...(found ? readings(found.readings, known, follow) : []));
  byId("page").replaceChildren(...(found ? page(found.blocks, link).filter(Boolean) : []));
  for (const id of unfolded) byId(id)?.setAttribute("open", "");
  if (focused && document.activeElement?.id !== focused) byId(focused)?.focus({ preventScroll: true });
}

function follow(name, reading) {
  chosen[name] = reading;
  changed();
}

/** Lead to the field of a fact; where it is not there, to the part that holds it. */
function go(event, path) {
  event.preventDefault();
  const field = fieldOf(path) ?? byId(`add-${path}`);
  const target = field?.matches("fieldset") ? field.querySelector("input") : field;
  target?.scrollIntoView({ block: "center" });
  target?.focus({ preventScroll: true });
}

function refused(error) {
  const own = noDays();
  const others = error instanceof Refusal ? error.faults.filter(({ path }) => !own.some((one) => one.path === path)) : [];
  const faults = [...own, ...others.map((fault) => form.asTyped(fault))];
  tellFaults(faults, error.message);
  const more = faults.length > 1 ? ` ${faults.length} Fehler.` : faults.map((fault) => ` ${named(fault.path)}${said(fault)}`).join("");
  show("fault", `${error.message}${more}`);
}

/** Show faults and notes at their fields, and all faults in a list that leads there. */
function tellFaults(faults, title = "", notes = []) {
  tell(faults, notes);
  const entries = faults.map((fault) => h("li", {}, place(fault), said(fault)));
  byId("fehler").replaceChildren(...(title ? [h("h2", {}, title), h("ul", {}, entries)] : []));
  byId("fehler").hidden = !title;
}

/** Return where a fault is: a link to its field, named as the field is; else its path. */
function place({ path }) {
  if (!fieldOf(path)) return named(path);
  return [h("a", { href: `#${fieldOf(path).id}`, click: (event) => go(event, path) }, nameOf(path)), ": "];
}

/** Return a link to the first field of several facts; null where the form has none of them. */
function link(facts, text = null) {
  const path = facts.find(fieldOf);
  if (!path) return null;
  const label = text ? null : `Zur Angabe ${nameOf(path)}`;
  return h("a", { href: `#${fieldOf(path).id}`, "aria-label": label, click: (event) => go(event, path) }, text ?? "Zur Angabe");
}

/** Return the name of a field; the path where there is no such field. */
function nameOf(path) {
  const field = fieldOf(path);
  return field ? (field.labels?.[0] ?? field.querySelector("legend")).textContent + form.where(path) : path;
}

function named(path) {
  return path ? `${nameOf(path)}: ` : "";
}

async function upload(event) {
  const [file] = event.target.files;
  if (!file) return;
  notLoaded("", []);
  const type = /\.json$/i.test(file.name) ? "application/json" : "application/yaml";
  try {
    const { case: read } = await (await post("cases", await file.text(), { type })).json();
    if (form.values.size && !window.confirm(`Alle Angaben durch „${file.name}“ ersetzen?`)) return;
    form.fill(read);
    const wanted = questionOf(read);
    document.querySelector(`[name=question][value=${wanted}]`).checked = true;
    form.build(wanted);
    hideExtra();
    await evaluate();
    byId("status").textContent = `„${file.name}“ ist geladen. ${byId("status").textContent}`;
  } catch (error) {
    notLoaded(file.name, error.faults ?? [], error.message);
    byId("upload-fehler").focus();
  } finally {
    event.target.value = "";
  }
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
  const entries = faults.map((fault) => h("li", {}, fault.path ? `${fault.path}: ` : "", said(fault)));
  byId("upload-fehler").replaceChildren(...(name ? [h("p", {}, head), h("ul", {}, entries)] : []));
  byId("upload-fehler").hidden = !name;
}

function clear() {
  if (!window.confirm("Wirklich alle Angaben leeren?")) return;
  form.fill({});
  for (const name of Object.keys(chosen)) delete chosen[name];
  form.build(question());
  for (const id of ["on", "known_on"]) {
    byId(id).value = "";
    byId(id).dispatchEvent(new Event("input"));
  }
  changed();
}

/** Keep what has the focus above the bar with the result, however high it is. */
function measureBar() {
  const bar = byId("bar");
  new ResizeObserver(() => {
    document.documentElement.style.setProperty("--bar-height", `${bar.offsetHeight}px`);
    keepInView();
  }).observe(bar);
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

function hideExtra() {
  byId("extra").hidden = true;
  byId("extra").replaceChildren();
}

/** Do what a button asks for, once at a time; a refusal is shown like any other. */
function on(id, work) {
  const button = byId(id);
  button.addEventListener("click", async () => {
    if (button.getAttribute("aria-busy")) return;
    button.setAttribute("aria-busy", "true");
    try {
      await work();
    } catch (error) {
      byId("done").textContent = "";
      refused(error);
      byId("fehler").focus();
    } finally {
      button.removeAttribute("aria-busy");
    }
  });
}

function extra(content) {
  byId("extra").replaceChildren(...content.filter(Boolean));
  byId("extra").hidden = false;
  byId("extra").scrollIntoView({ block: "start" });
  byId("extra").focus({ preventScroll: true });
}

async function compare() {
  const found = await (await post("pages", { ...asked("on", "question", "readings"), page: "comparison" })).json();
  extra([h("h3", {}, found.blocks[0].text), ...page(found.blocks)]);
}

async function help() {
  extra(proposals(await (await post("counterfactuals", asked(...EXPLAINED))).json()));
}

async function note() {
  byId("done").textContent = "Der Prüfvermerk wird geschrieben …";
  keep(await (await post("notes", asked(...EXPLAINED))).blob(), "pruefvermerk.pdf", "application/pdf");
}

async function receipt() {
  keep(await (await post("receipts", asked(...EXPLAINED))).blob(), "quittung.json", "application/json");
}

function downloadCase() {
  if (noDays().length) throw new Refusal(FAULTY);
  keep(`${JSON.stringify(form.case(), null, 2)}\n`, "fall.json", "application/json");
}

/** Save content and say so. */
function keep(content, name, type) {
  save(content, name, type);
  byId("done").textContent = `„${name}“ ist heruntergeladen.`;
}

function makeStops({ acts }) {
  const dated = (key, entries) => entries.map((act) => [act[key], act.short.de]).sort(([a], [b]) => (a < b ? -1 : 1));
  new Stops("on", dated("applies_from", acts), "wirkt", "kein Tag gewählt", changed);
  new Stops("known_on", dated("known_from", acts.filter((act) => act.art !== "nachfolge")), "bekannt", "alle Akte bekannt", changed);
}

async function start() {
  const [vocabulary, fassungen, all, version] = await Promise.all(["vocabulary", "fassungen", "readings", "version"].map(give));
  known = all.readings;
  form = new Form(vocabulary, byId("felder"), changed);
  form.build(question());
  makeStops(fassungen);
  byId("version").textContent = version.version;
  for (const radio of document.querySelectorAll("[name=question]")) {
    radio.addEventListener("change", () => { form.build(question()); changed(); });
  }
  byId("upload").addEventListener("change", upload);
  byId("clear").addEventListener("click", clear);
  byId("eingabe").addEventListener("submit", (event) => event.preventDefault());
  byId("page").addEventListener("click", openSources);
  for (const kind of ["keyup", "focusout"]) byId("eingabe").addEventListener(kind, watchDates);
  window.addEventListener("beforeunload", (event) => { if (form.values.size) event.preventDefault(); });
  byId("print").addEventListener("click", print);
  const buttons = { compare, help, note, receipt, "download-case": downloadCase };
  for (const [id, work] of Object.entries(buttons)) on(id, work);
  rememberPlace();
  measureBar();
  document.body.dataset.ready = "true";
}

function print() {
  for (const folded of document.querySelectorAll("#page details")) folded.open = true;
  window.print();
}

/** A link to a source unfolds the list of sources first. */
function openSources(event) {
  if (event.target.matches('a[href^="#quelle-"]')) byId("quellen")?.setAttribute("open", "");
}

start().catch((error) => { byId("status").textContent = error.message; });
