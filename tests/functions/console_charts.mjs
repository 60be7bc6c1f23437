/** The lines of console/parts/lines.js, letter by letter as Python draws them for reports (tests/domain/charts/golden). */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import test from "node:test";
import { lines } from "../../console/parts/lines.js";

const GOLDEN = new URL("../domain/charts/golden/", import.meta.url);
const CASES = readdirSync(GOLDEN).filter((name) => /^lines.*\.json$/.test(name));

/** What Preact draws, as it would be written. */
function written(node) {
  if (Array.isArray(node)) return node.map(written).join("");
  if (typeof node !== "object") return String(node).replace(/[&<>]/g, (letter) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[letter]);
  const { children = [], ...attributes } = node.props;
  return `<${node.type}${Object.entries(attributes).map(([name, value]) => ` ${name}="${value}"`).join("")}>${written(children)}</${node.type}>`;
}

for (const name of CASES)
  test(`${name} is drawn as Python draws it`, () => {
    const told = JSON.parse(readFileSync(new URL(name, GOLDEN)));
    const wanted = readFileSync(new URL(name.replace(".json", ".svg"), GOLDEN), "utf8");
    assert.equal(`${written(lines(told)).replaceAll("><", ">\n<")}\n`, wanted);
  });
