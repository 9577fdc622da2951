/** Paths of facts in a case (`antrag.stellen[0].vzae`). */

/** Return a path without the numbers of entries. */
export function bare(path) {
  return path.replaceAll(/\[\d+\]/g, "");
}

/** Return the path of what holds the thing at a path. */
export function holder(path) {
  return path.slice(0, Math.max(0, path.lastIndexOf(".")));
}

/** Return a path once an entry of a list is removed: null where it leads there, renumbered where it leads behind it. */
export function without(key, path, index) {
  const [, number, rest] = key.startsWith(`${path}[`) ? key.slice(path.length).match(/^\[(\d+)\](.*)$/) : [];
  if (number === undefined || Number(number) < index) return key;
  return Number(number) === index ? null : `${path}[${number - 1}]${rest}`;
}

/** Yield each path of a case with the value that stands there. */
export function* leaves(node, path = "") {
  for (const [key, value] of Object.entries(node)) {
    const here = path ? `${path}.${key}` : key;
    if (Array.isArray(value) && value.some((one) => typeof one === "object")) {
      for (const [index, entry] of value.entries()) yield* leaves(entry, `${here}[${index}]`);
    } else if (value !== null && typeof value === "object" && !Array.isArray(value)) yield* leaves(value, here);
    else if (value !== null) yield [here, value];
  }
}

/** Put a value at a path of a case. */
export function put(root, path, value) {
  const keys = path.match(/\w+/g);
  let node = root;
  keys.slice(0, -1).forEach((key, index) => {
    node[key] ??= /^\d+$/.test(keys[index + 1]) ? [] : {};
    node = node[key];
  });
  node[keys.at(-1)] = value;
}
