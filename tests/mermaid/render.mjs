// SPDX-License-Identifier: GPL-2.0-or-later
// Reads a JSON array of diagrams on standard input; for each, what Mermaid
// itself understood and drew, as JSON on standard output.
import { JSDOM } from "jsdom";

const dom = new JSDOM("<!DOCTYPE html><body></body>", {
  pretendToBeVisual: true,
});
const { window } = dom;
Object.assign(globalThis, {
  window,
  document: window.document,
  Element: window.Element,
  SVGElement: window.SVGElement,
  CSSStyleSheet: window.CSSStyleSheet,
});
// jsdom lays nothing out: a guess of how wide text is will do.
const width = (element) => 8 * (element.textContent || "").length;
window.SVGElement.prototype.getBBox = function () {
  return { x: 0, y: 0, width: width(this), height: 16 };
};
window.SVGElement.prototype.getComputedTextLength = function () {
  return width(this);
};

const { default: mermaid } = await import("mermaid");
// As GitHub has it.
mermaid.initialize({ startOnLoad: false, securityLevel: "strict" });

// The lines of a text. Mermaid keeps entities its own way until the end.
const lines = (text) =>
  text.split("<br/>").map((line) =>
    line.replace(/ﬂ°°(\d+)¶ß/g, (_, code) => String.fromCodePoint(code)));

async function understood(text) {
  await mermaid.parse(text);
  const { db } = await mermaid.mermaidAPI.getDiagramFromText(text);
  return {
    actors: [...db.getActors().values()].map((actor) => ({
      id: actor.name,
      lines: lines(actor.description),
    })),
    messages: db.getMessages().map(({ from, to, type, message }) => ({
      from,
      to,
      type,
      lines: lines(String(message ?? "")),
    })),
  };
}

async function drawn(text, number) {
  const { svg } = await mermaid.render(`diagram${number}`, text);
  const root = new window.DOMParser().parseFromString(svg, "text/html");
  return {
    lines: [...root.querySelectorAll("text")].map((e) => e.textContent),
    elements: [...new Set([...root.body.querySelectorAll("*")]
      .map((e) => e.localName))],
    attributes: [...new Set([...root.body.querySelectorAll("*")]
      .flatMap((e) => e.getAttributeNames()))],
  };
}

let input = "";
for await (const chunk of process.stdin) input += chunk;
const results = [];
for (const [number, text] of JSON.parse(input).entries()) {
  try {
    results.push({
      ...(await understood(text)),
      ...(await drawn(text, number)),
    });
  } catch (error) {
    results.push({ error: String(error) });
  }
}
await new Promise((done) =>
  process.stdout.write(JSON.stringify(results), done));
// jsdom keeps timers.
process.exit(0);
