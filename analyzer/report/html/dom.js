/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Elements are made here and nowhere else. What is shown may come off the
 * wire: it becomes text nodes and values of attributes, never markup, and
 * the names of elements and attributes are all written in these sources.
 */
const SVG = "http://www.w3.org/2000/svg";

/* Children may be elements, texts, numbers, lists of these, or nothing. */
function append(element, children) {
	for (const child of children.flat(Infinity)) {
		if (child === null || child === undefined || child === false)
			continue;
		element.append(child instanceof Node ? child : String(child));
	}
	return element;
}

/* Attributes: null and false leave one out, a function is a listener. */
function dress(element, attributes) {
	for (const [name, value] of Object.entries(attributes)) {
		if (value === null || value === undefined || value === false)
			continue;
		if (typeof value === "function")
			element.addEventListener(name, value);
		else
			element.setAttribute(name, value === true ? "" : value);
	}
	return element;
}

/* An element of HTML. */
function h(tag, attributes = {}, ...children) {
	return append(dress(document.createElement(tag), attributes), children);
}

/* An element of SVG. */
function svg(tag, attributes = {}, ...children) {
	return append(dress(document.createElementNS(SVG, tag), attributes),
		      children);
}

/* The element of the page with that id. */
function part(id) {
	return document.getElementById(id);
}

/* Puts the children in the place of what is in an element. */
function refill(element, ...children) {
	element.replaceChildren();
	return append(element, children);
}

/* The same of the part of that id. */
function fill(id, ...children) {
	return refill(part(id), children);
}

/* A list of terms and what they are; those without a value are left out. */
function definitions(pairs, attributes = {}) {
	const list = h("dl", attributes);
	for (const [term, value] of pairs) {
		if (value === null || value === undefined || value === false ||
		    value === "")
			continue;
		append(list, [h("div", {}, h("dt", {}, term), h("dd", {}, value))]);
	}
	return list;
}

/* A mark in a colour of its own: an outcome, a severity. */
function badge(word) {
	return h("span", {class: `badge ${word}`}, word);
}

/*
 * Copies a text. navigator.clipboard is not there for pages opened from disk
 * in every browser: then the text is selected and copied as of old.
 */
async function copy(text) {
	try {
		await navigator.clipboard.writeText(text);
		return true;
	} catch {
		const area = h("textarea", {class: "unseen"});
		const host = document.querySelector("dialog[open]") ?? document.body;
		area.value = text;
		host.append(area);
		area.select();
		const done = document.execCommand("copy");
		area.remove();
		return done;
	}
}

/* A text to be copied, and the button that does. */
function copyable(text, what) {
	const said = h("span", {class: "said", role: "status"});
	const button = h("button", {
		type: "button",
		class: "small",
		"aria-label": `Copy ${what}`,
		click: async () => {
			said.textContent = await copy(text) ? "Copied" : "Select it by hand";
			button.focus();
			setTimeout(() => said.replaceChildren(), 2000);
		},
	}, "Copy");
	return h("span", {class: "copyable"}, h("code", {}, text), button, said);
}
