/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ladder of a registration: nodes as columns, its steps from top to
 * bottom. What is drawn is SVG; over each step lies a button as wide as the
 * ladder, which is what the pointer, the keyboard and a screen reader find.
 */
const LADDER = {gutter: 136, head: 30, host: 14, step: 40, told: 15, gap: 22,
		column: 128, margin: 10};
const MAX_HOSTS = 3; /* of a node, that are written at its head */
const LABEL_FONT = "12px system-ui, sans-serif";
const TOLD_FONT = "10.5px ui-monospace, monospace";
const ROLES = ["UE", "P-CSCF", "I-CSCF", "S-CSCF", "registrar", "SLF", "DRA",
	       "HSS", "PCRF", "AS", "MRF"];
/* A silence of this is told between two steps. */
const GAP_MS = 1000;

const pen = document.createElement("canvas").getContext("2d");

function textWidth(text, font) {
	pen.font = font;
	return pen.measureText(text).width;
}

/* The text, or as much of it as `width` has room for. */
function fit(text, width, font) {
	if (textWidth(text, font) <= width)
		return text;
	let low = 0;
	for (let high = text.length; low < high;) {
		const middle = Math.ceil((low + high) / 2);
		if (textWidth(`${text.slice(0, middle)}\u2026`, font) <= width)
			low = middle;
		else
			high = middle - 1;
	}
	return `${text.slice(0, low)}\u2026`;
}

/* An address without its port. */
function host(address) {
	if (!address)
		return null;
	const six = /^\[(.*)\](:\d+)?$/.exec(address);
	if (six)
		return six[1];
	const parts = address.split(":");
	return parts.length === 2 ? parts[0] : address;
}

function nodeKey(party) {
	return `${party.role ?? ""} ${host(party.address) ?? ""}`;
}

/*
 * The addresses that are one node's: a message came to one of them and went
 * on from the other, to a node of another role. Returns a key a key.
 */
function oneNode(steps) {
	const same = new Map();
	const find = (key) => {
		while (same.has(key))
			key = same.get(key);
		return key;
	};
	steps.forEach((step, i) => {
		if (!step.to.role)
			return;
		const next = steps.slice(i + 1).find(
			(later) => later.from.role === step.to.role &&
				later.message === step.message &&
				later.protocol === step.protocol);
		const to = find(nodeKey(step.to));
		const from = next && find(nodeKey(next.from));
		if (next && next.to.role !== step.to.role && from !== to)
			same.set(from, to);
	});
	return find;
}

/* The nodes of the steps, in the order of their roles. */
function columnsOf(steps) {
	const find = oneNode(steps);
	const columns = new Map();
	for (const step of steps) {
		for (const party of [step.from, step.to]) {
			const key = find(nodeKey(party));
			if (!columns.has(key))
				columns.set(key, {role: party.role,
						  hosts: new Set()});
			if (party.address)
				columns.get(key).hosts.add(host(party.address));
		}
	}
	const rank = ({role}) => {
		const index = ROLES.indexOf(role);
		return index < 0 ? ROLES.length : index;
	};
	const list = [...columns].sort(([, a], [, b]) => rank(a) - rank(b));
	list.forEach(([, column], i) => {
		column.index = i;
	});
	return {list: list.map(([, column]) => column),
		of: (party) => columns.get(find(nodeKey(party)))};
}

/* Responses of SIP and answers of Diameter are dashed. */
function isAnswer(step) {
	return /^\d/.test(step.message ?? "") ||
		/^(Cx|Rx)$/.test(step.protocol) && /A$/.test(step.message ?? "");
}

function stepLabel(step) {
	const label = [step.message, step.detail].filter(Boolean).join(" ");
	return (label || step.protocol) +
		(step.copies > 1 ? ` \u00d7${step.copies}` : "");
}

/* A step in words: what the button says. */
function stepWords(step, index) {
	return `Step ${index + 1}: ${stepLabel(step)}, from ` +
		`${step.from.text ?? "unknown"} to ${step.to.text ?? "unknown"}, ` +
		`${offset(step.offset)}, frame ${step.frame.number}` +
		(step.failing ? ", it shows the cause" : "");
}

class Ladder {
	/*
	 * `severities`: of the findings that a frame proves, by frameKey.
	 * `chosen` is called with a step and its index.
	 */
	constructor(steps, severities, chosen) {
		this.steps = steps;
		this.severities = severities;
		this.chosen = chosen;
		this.columns = columnsOf(steps);
		this.place();
		this.buttons = steps.map((step, i) => this.makeButton(step, i));
		this.drawing = h("div", {class: "drawing"});
		this.element = h("div", {class: "ladder"}, this.drawing,
				 h("ol", {class: "steps",
					  keydown: (event) => this.pressed(event)},
				   this.buttons.map((button) => h("li", {}, button))));
		this.element.style.height = `${this.height}px`;
		drawnToWidth(this.drawing, (width) => this.draw(width));
	}

	/* Where each step is, from top to bottom. */
	place() {
		const nHosts = this.columns.list.map(({hosts}) => hosts.size);
		this.top = LADDER.head +
			LADDER.host * Math.min(MAX_HOSTS, Math.max(0, ...nHosts));
		let y = this.top;
		let last = null;
		this.places = this.steps.map((step) => {
			const pause = last === null ? 0 : step.offset - last;
			const gap = pause >= GAP_MS ? pause : 0;
			const told = step.changes?.told.join(" \u2003 ");
			const top = y + (gap ? LADDER.gap : 0);
			const height = LADDER.step + (told ? LADDER.told : 0);
			y = top + height;
			last = step.offset;
			return {top, height, gap, told};
		});
		this.height = y + LADDER.margin;
	}

	makeButton(step, i) {
		const button = h("button", {
			type: "button", "aria-label": stepWords(step, i),
			tabindex: i === 0 ? 0 : -1,
			click: () => this.choose(i),
		});
		button.style.top = `${this.places[i].top}px`;
		button.style.height = `${this.places[i].height}px`;
		return button;
	}

	choose(i) {
		this.buttons.forEach((button, each) => {
			button.tabIndex = each === i ? 0 : -1;
			if (each === i)
				button.setAttribute("aria-current", "step");
			else
				button.removeAttribute("aria-current");
		});
		this.chosen(this.steps[i], i);
	}

	pressed(event) {
		const at = this.buttons.indexOf(event.target);
		const to = {ArrowDown: at + 1, ArrowUp: at - 1, Home: 0,
			    End: this.steps.length - 1}[event.key];
		if (at < 0 || to === undefined)
			return;
		event.preventDefault();
		if (this.steps[to]) {
			this.buttons[to].focus();
			this.choose(to);
		}
	}

	/* Shows the step of that frame, if it is one of these. */
	goTo(frame) {
		const i = this.steps.findIndex(
			(step) => frameKey(step.frame) === frameKey(frame));
		if (i < 0)
			return;
		this.choose(i);
		this.buttons[i].focus();
		this.buttons[i].scrollIntoView({block: "center"});
	}

	has(frame) {
		return this.steps.some(
			(step) => frameKey(step.frame) === frameKey(frame));
	}

	draw(available) {
		const n = this.columns.list.length;
		this.width = Math.max(available,
				      LADDER.gutter + n * LADDER.column);
		this.element.style.minWidth =
			`${LADDER.gutter + n * LADDER.column}px`;
		this.column = (this.width - LADDER.gutter) / Math.max(1, n);
		return svg("svg", {
			viewBox: `0 0 ${this.width} ${this.height}`,
			width: this.width, height: this.height,
			"aria-hidden": "true",
		}, this.columns.list.map((column) => this.drawColumn(column)),
			   this.steps.map((step, i) => this.drawStep(step, i)));
	}

	x(column) {
		return LADDER.gutter + (column.index + 0.5) * this.column;
	}

	drawColumn(column) {
		const x = this.x(column);
		const hosts = [...column.hosts];
		const text = (y, name, content, font) => svg(
			"text", {x, y, class: name, "text-anchor": "middle"},
			fit(content, this.column - 8, font),
			svg("title", {}, content));
		return svg("g", {class: "node"},
			   svg("line", {x1: x, x2: x, y1: this.top - 4,
					y2: this.height}),
			   text(16, "role", column.role ?? "unknown",
				`bold ${LABEL_FONT}`),
			   hosts.slice(0, MAX_HOSTS).map((each, i) => text(
				   31 + LADDER.host * i, "host",
				   i === MAX_HOSTS - 1 && hosts.length > MAX_HOSTS
					   ? `and ${hosts.length - i} more` : each,
				   TOLD_FONT)));
	}

	drawStep(step, i) {
		const {top, gap, told} = this.places[i];
		const from = this.x(this.columns.of(step.from));
		const to = this.x(this.columns.of(step.to));
		const y = top + 26;
		const kind = step.failing ? "failing" : step.protocol.toLowerCase();
		return svg("g", {class: `step ${kind}`},
			   gap > 0 && this.drawGap(top, gap),
			   this.drawGutter(step, top + 24),
			   this.drawArrow(from, to, y, step),
			   this.drawText(stepLabel(step), (from + to) / 2, y - 6,
					 "label", LABEL_FONT),
			   told && this.drawText(told, (from + to) / 2, y + 15,
						 "told", TOLD_FONT));
	}

	/* When, which frame, and whether that proves something. */
	drawGutter(step, y) {
		const severity = this.severities.get(frameKey(step.frame));
		const number = String(step.frame.number);
		return [svg("text", {x: 14, y, class: "when"}, offset(step.offset)),
			svg("text", {x: 86, y, class: "frame"}, number),
			severity && svg("circle", {
				class: `dot ${severity}`, r: 4, cy: y - 4,
				cx: 86 + textWidth(number, LABEL_FONT) + 10})];
	}

	drawGap(top, gap) {
		const y = top - LADDER.gap / 2;
		return svg("g", {class: "gap"},
			   svg("line", {x1: LADDER.gutter, x2: this.width,
					y1: y, y2: y}),
			   this.drawText(`${duration(gap)} later`,
					 (LADDER.gutter + this.width) / 2, y + 4,
					 "later", LABEL_FONT));
	}

	/* To itself: a loop at the right of its line. */
	drawArrow(from, to, y, step) {
		const side = to < from ? 1 : -1;
		const end = from === to ? from + 2 : to;
		const path = from === to
			? `M${from},${y - 6} h26 v10 H${end}`
			: `M${from},${y} H${to}`;
		const tip = from === to ? y + 4 : y;
		const back = from === to ? 8 : side * 8;
		return [svg("path", {d: path, class: isAnswer(step)
			? "line answer" : "line"}),
			svg("path", {class: "tip", d: `M${end},${tip} ` +
				`l${back},-4 v8 z`})];
	}

	/* In the middle of its arrow, as far as it stays within the ladder. */
	drawText(text, middle, y, name, font) {
		const room = this.width - LADDER.gutter - 2 * LADDER.margin;
		const shown = fit(text, room, font);
		const half = textWidth(shown, font) / 2;
		const x = Math.min(Math.max(middle, LADDER.gutter + LADDER.margin + half),
				   this.width - LADDER.margin - half);
		return svg("text", {x, y, class: name, "text-anchor": "middle"},
			   shown, svg("title", {}, text));
	}
}
