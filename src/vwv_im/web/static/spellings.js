/** Numbers and days in every usual German spelling: what they mean, and how they are written.
 *
 *  What cannot be read is left as it is, and the server says what is wrong; what may mean two things is asked back.
 */

const MONTHS = ["januar", "februar", "märz", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "dezember"];
const GROUPED = /^\d{1,3}(\.\d{3})+$/;
const NO_DAY = "Diesen Tag gibt es im Kalender nicht, oder das Datum ist unvollständig. Schreiben Sie Tag, Monat und Jahr, zum Beispiel 01.06.2018.";

/** Return what was typed for a fact: its `value` as a case states it, how it is `shown`, and a `note` or a `fault` to tell. */
export function understood(type, unit, typed) {
  const text = typed.trim();
  if (type === "wahrheitswert") return { value: text === "true", shown: text };
  if (type === "datum") return text ? day(text) : { value: "", shown: "" };
  if (type === "ganzzahl") return whole(bareNumber(text, unit));
  if (type === "dezimal") return decimal(bareNumber(text, unit), unit);
  return { value: text, shown: text };
}

/** Return how a value that a case states is written in a field. */
export function written(type, unit, value) {
  if (type === "datum") return asDay(String(value));
  if (type === "ganzzahl") return grouped(String(value));
  if (type === "dezimal") return asDecimal(String(value), unit);
  return String(value);
}

/** Return a number without the name of its unit, spaces between thousands, and what stands for no cents. */
function bareNumber(text, unit) {
  const money = Boolean(unit?.currency);
  const names = [...(money ? ["€", "euro", "eur"] : []), ...(unit ? [unit.one.de, unit.several.de].map((name) => name.toLowerCase()) : [])];
  const lower = text.toLowerCase();
  const name = names.sort((a, b) => b.length - a.length).find((one) => lower.endsWith(one));
  const number = (name ? text.slice(0, text.length - name.length) : text).trim();
  const amount = money ? number.replace(/^€\s*/, "").replace(/,-{1,2}$|,–$/, "") : number;
  return amount.replaceAll(/(?<=\d)[ \u00a0\u202f'’](?=\d{3}(\D|$))/g, "");
}

function whole(text) {
  if (/^\d{1,15}$/.test(text)) return { value: Number(text), shown: grouped(text) };
  if (GROUPED.test(text)) return { value: Number(text.replaceAll(".", "")), shown: text };
  if (/^\d{1,3},\d{3}$/.test(text)) return { fault: `Meinen Sie ${grouped(text.replace(",", ""))}? Gefragt ist eine ganze Zahl; Tausender trennt ein Punkt.` };
  return { value: text, shown: text };
}

function decimal(text, unit) {
  const money = Boolean(unit?.currency);
  const share = !money && text.match(/^([\d.,]+)\s*%$/);
  if (share) return percent(decimal(share[1], unit));
  let number = null;
  if (/^(\d{1,3}(\.\d{3})+|\d+),\d*$/.test(text)) number = text.replaceAll(".", "").replace(/,$/, "").replace(",", ".");
  else if (GROUPED.test(text) && !/^0\./.test(text)) {
    if (!money) return { fault: `Meinen Sie ${text.replaceAll(".", "")} oder ${text.replace(".", ",")}? Schreiben Sie die Zahl ohne Punkt oder mit einem Komma.` };
    number = text.replaceAll(".", "");
  } else if (/^\d+(\.\d+)?$/.test(text)) number = text;
  return number === null ? { value: text, shown: text } : { value: number, shown: asDecimal(number, unit) };
}

function percent(found) {
  if (!/^\d+(\.\d+)?$/.test(found.value ?? "")) return found;
  const value = String(Number((Number(found.value) / 100).toFixed(8)));
  return { value, shown: value.replace(".", ","), note: `Gelesen als ${value.replace(".", ",")}.` };
}

/** Return a decimal as Germans write it; money with two places where it has any. */
function asDecimal(number, unit) {
  const [before, after = ""] = number.split(".");
  const places = unit?.currency && after ? after.padEnd(2, "0") : after;
  return (unit?.currency ? grouped(before) : before) + (places ? `,${places}` : "");
}

function grouped(digits) {
  return /^\d{5,}$/.test(digits) ? digits.replaceAll(/\B(?=(\d{3})+$)/g, ".") : digits;
}

function day(text) {
  const iso = text.match(/^(\d{4})-(\d{1,2})-(\d{1,2})$/);
  const german = text.match(/^(\d{1,2})[. ]+(\d{1,2})[. ]+(\d{4}|\d{2})$/) ?? text.match(/^(\d{2})(\d{2})(\d{4}|\d{2})$/) ?? inWords(text);
  if (!iso && !german) return { fault: NO_DAY };
  const [year, month, date] = iso ? [iso[1], iso[2], iso[3]] : [german[3], german[2], german[1]];
  const full = year.length === 2 ? `20${year}` : year;
  const value = `${full}-${month.padStart(2, "0")}-${date.padStart(2, "0")}`;
  const real = new Date(`${value}T00:00:00Z`);
  if (Number.isNaN(real.getTime()) || real.toISOString().slice(0, 10) !== value || Number(full) < 1000) return { fault: NO_DAY };
  const note = year.length === 2 ? `Gelesen als ${inGerman(value)}.` : null;
  return { value, shown: asDay(value), note };
}

function inWords(text) {
  const found = text.match(/^(\d{1,2})\.?\s*([a-zä]{3,})\.?\s*(\d{4}|\d{2})$/i);
  const month = found && MONTHS.findIndex((name) => name.startsWith(found[2].toLowerCase())) + 1;
  return month ? [null, found[1], String(month), found[3]] : null;
}

function asDay(iso) {
  const [, year, month, date] = iso.match(/^(\d{4})-(\d\d)-(\d\d)$/) ?? [];
  return year ? `${date}.${month}.${year}` : iso;
}

/** Return a day in words: 2018-06-01 becomes 1. Juni 2018. */
export function inGerman(iso) {
  const [year, month, date] = iso.split("-").map(Number);
  return new Date(Date.UTC(year, month - 1, date)).toLocaleDateString("de-DE", {
    day: "numeric", month: "long", year: "numeric", timeZone: "UTC",
  });
}
