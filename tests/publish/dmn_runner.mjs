// Runs DMN files on cases: read by dmn-moddle, their expressions evaluated by feelin. It knows nothing of vwv-im.
//
// Reads from standard input [{"file", "cases": [{input name: value}]}]; writes [{"warnings", "answers"}], one answer for
// each case: what every decision gives that the inputs of the case suffice for.
import { readFileSync } from 'node:fs';
import { DmnModdle } from 'dmn-moddle';
import { evaluate, unaryTest, date } from 'feelin';

class Model {
  constructor(definitions) {
    this.elements = Object.fromEntries(definitions.drgElement.map((element) => [element.id, element]));
    this.types = Object.fromEntries(definitions.itemDefinition.map((type) => [type.name, type]));
    this.functions = {};
  }

  all(kind) {
    return Object.values(this.elements).filter((element) => element.$type === kind);
  }

  // Values as JSON has them, made into values of the type that the model declares: days are not text.
  typed(value, { typeRef, itemComponent }) {
    if (value === null || value === undefined) return null;
    if (Array.isArray(value)) return value.map((part) => this.typed(part, { typeRef, itemComponent }));
    if (itemComponent) return Object.fromEntries(itemComponent.map((part) => [part.name, this.typed(value[part.name], part)]));
    if (typeRef === 'date') return date(value);
    return this.types[typeRef] ? this.typed(value, this.types[typeRef]) : value;
  }

  answer(stated) {
    const inputs = this.all('dmn:InputData').filter((input) => input.name in stated);
    const given = Object.fromEntries(inputs.map((input) => [input.name, this.typed(stated[input.name], input.variable)]));
    const found = this.all('dmn:Decision').filter((decision) => this.leaves(decision).every((name) => name in given));
    const memory = new Map();
    return Object.fromEntries(found.map((decision) => [decision.name, this.decide(decision, given, memory)]));
  }

  leaves(element) {
    if (element.$type === 'dmn:InputData') return [element.name];
    element.leaves ??= [...new Set(this.required(element).flatMap((below) => this.leaves(below)))];
    return element.leaves;
  }

  required(decision) {
    const needs = decision.informationRequirement ?? [];
    return needs.map((need) => this.elements[(need.requiredInput ?? need.requiredDecision).href.slice(1)]);
  }

  decide(decision, given, memory) {
    if (!memory.has(decision)) memory.set(decision, this.compute(decision, given, memory));
    return memory.get(decision);
  }

  compute(decision, given, memory) {
    const context = this.callable(decision, memory);
    const values = {};
    for (const below of this.required(decision)) {
      values[below.name] = below.$type === 'dmn:InputData' ? given[below.name] : this.decide(below, given, memory);
    }
    return this.logic(decision.decisionLogic, { ...context, ...values });
  }

  callable(element) {
    const names = (element.knowledgeRequirement ?? []).map((need) => need.requiredKnowledge.href.slice(1));
    return Object.fromEntries(names.map((name) => [name, (this.functions[name] ??= this.invocable(this.elements[name]))]));
  }

  invocable(element) {
    const context = this.callable(element);
    if (element.$type === 'dmn:BusinessKnowledgeModel') {
      const { formalParameter, body } = element.encapsulatedLogic;
      return (...values) => value(body.text, { ...context, ...named(formalParameter, values) });
    }
    const output = this.elements[element.outputDecision[0].href.slice(1)];
    const inputs = element.inputData.map((input) => this.elements[input.href.slice(1)]);
    return Object.assign((...values) => this.decide(output, named(inputs, values), new Map()), { isService: true });
  }

  logic(logic, context) {
    return logic.$type === 'dmn:LiteralExpression' ? value(logic.text, context) : table(logic, context);
  }
}

function named(parameters, values) {
  return Object.fromEntries(parameters.map(({ name }, index) => [name, values[index] ?? null]));
}

function value(text, context) {
  return known(text, context, (seen) => evaluate(text, seen).value ?? null);
}

function table({ input, output, rule, hitPolicy }, context) {
  const asked = input?.map((clause) => value(clause.inputExpression.text, context)) ?? [];
  const fits = (row) => row.inputEntry?.every((cell, index) => passes(cell.text, { ...context, '?': asked[index] })) ?? true;
  const rows = hitPolicy === 'FIRST' ? [rule.find(fits)] : rule.filter(fits);
  if (rows.length > 1) throw new Error(`several rows fit: ${rows.map((row) => row.id)}`);
  const results = rows[0]?.outputEntry.map((cell) => value(cell.text, context));
  if (!results) return null;
  return output.length === 1 ? results[0] : Object.fromEntries(output.map(({ name }, index) => [name, results[index]]));
}

function passes(text, context) {
  return text === '-' || known(text, context, (seen) => unaryTest(text, seen).value === true);
}

// Parsing takes most of the time, the more the larger the context: so an expression sees only what it mentions (whole,
// where it calls a service with it), and is evaluated once for the same values. `found` is emptied for each model.
const found = new Map();
function known(text, context, find) {
  const values = mentioned(text, context);
  const seen = Object.values(values).some((one) => one?.isService) ? values : pruned(text, values);
  const key = text + JSON.stringify(seen);
  if (!found.has(key)) found.set(key, find(seen));
  return found.get(key);
}

function mentioned(text, values) {
  return Object.fromEntries(Object.entries(values).filter(([name]) => name === '?' || text.includes(name)));
}

function pruned(text, value) {
  if (Array.isArray(value)) return value.map((part) => pruned(text, part));
  if (!isContext(value)) return value;
  return Object.fromEntries(Object.entries(mentioned(text, value)).map(([name, part]) => [name, pruned(text, part)]));
}

function isContext(value) {
  return value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype;
}

function plain(key, one) {
  return isContext(one) || Array.isArray(one) || typeof one !== 'object' || one === null ? one : one.toString();
}

const moddle = new DmnModdle();
const answered = [];
for (const { file, cases } of JSON.parse(readFileSync(0, 'utf-8'))) {
  const { rootElement, warnings } = await moddle.fromXML(readFileSync(file, 'utf-8'));
  const model = new Model(rootElement);
  found.clear();
  answered.push({ warnings: warnings.map(({ message }) => message), answers: cases.map((stated) => model.answer(stated)) });
}
process.stdout.write(JSON.stringify(answered, plain));
