/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Registrations over time, a bar an interval, outcomes one upon the other.
 * A stretch dragged with the pointer, or a bar clicked on, becomes the time
 * that the table shows; by keyboard its fields "From" and "To" do the same.
 */
const CHART = {height: 190, left: 46, right: 12, top: 10, bottom: 26};
const MAX_INTERVALS = 300;
const TICK_STEPS = [100, 200, 500, 1e3, 2e3, 5e3, 1e4, 15e3, 3e4, 6e4, 12e4, 3e5,
		    6e5, 9e5, 18e5, 36e5, 72e5, 108e5, 216e5, 432e5, 864e5,
		    1728e5, 6048e5, 2592e6, 7776e6, 31536e6, 31536e7, 31536e8];

const PAPER_WIDTH = 700;
/* What draws anew when it is printed: elements' `redraw`. */
const drawings = new Map();

/* Calls `draw` with the element's width, now and when that changes. */
function drawnToWidth(host, draw) {
	let width = 0;
	const redraw = (wanted) => {
		const now = wanted ?? Math.floor(host.clientWidth);
		if (now && now !== width) {
			width = now;
			refill(host, draw(width));
		}
	};
	new ResizeObserver(() => redraw()).observe(host);
	drawings.set(host, redraw);
}

/* For paper, or for the screen again. */
function redrawAll(isPrinting) {
	for (const [host, redraw] of drawings) {
		if (host.isConnected)
			redraw(isPrinting ? PAPER_WIDTH : undefined);
		else
			drawings.delete(host);
	}
}

/* Round numbers up to `highest`, few of them. */
function countTicks(highest) {
	const rough = Math.max(1, highest / 3);
	const power = 10 ** Math.floor(Math.log10(rough));
	const step = [1, 2, 5, 10].map((n) => n * power)
		.find((n) => n >= rough);
	const ticks = [];
	for (let n = 0; n <= highest; n += step)
		ticks.push(n);
	return ticks;
}

function timeTicks(from, to, width) {
	const wanted = (to - from) / Math.max(2, width / 110);
	const step = TICK_STEPS.find((n) => n >= wanted) ?? to - from;
	const ticks = [];
	for (let at = Math.ceil(from / step) * step; at <= to; at += step)
		ticks.push({at, text: step >= 864e5 ? day(at)
			: clock(at).slice(0, step < 1e3 ? 10 : step < 6e4 ? 8 : 5)});
	return ticks;
}

class TimesChart {
	/* `choose` is given the time that was chosen, {from, to}. */
	constructor(host, observation, choose) {
		const {width, intervals} = observation.summary.times;
		this.choose = choose;
		this.width = width;
		this.intervals = intervals;
		this.chosen = {from: null, to: null};
		this.setExtent(observation.summary.captures);
		this.highest = Math.max(...intervals.map(
			([, ...counts]) => counts.reduce((a, b) => a + b)));
		this.host = host;
		drawnToWidth(host, (pixels) => this.draw(pixels));
	}

	/* As long as the captures, but no longer than can be told apart. */
	setExtent(captures) {
		const {intervals, width} = this;
		const from = intervals[0][0];
		const to = intervals.at(-1)[0] + width;
		const times = captures.filter(({first}) => first !== null);
		const first = Math.min(from, ...times.map((each) => each.first));
		const last = Math.max(to, ...times.map((each) => each.last));
		const isFit = (last - first) / width <= MAX_INTERVALS;
		this.from = isFit ? Math.floor(first / width) * width : from;
		this.to = isFit ? Math.ceil(last / width) * width : to;
	}

	x(time) {
		const inner = this.pixels - CHART.left - CHART.right;
		return CHART.left + inner * (time - this.from) / (this.to - this.from);
	}

	time(x) {
		const inner = this.pixels - CHART.left - CHART.right;
		const at = this.from + (x - CHART.left) / inner * (this.to - this.from);
		return Math.min(this.to, Math.max(this.from, at));
	}

	y(n) {
		const inner = CHART.height - CHART.top - CHART.bottom;
		return CHART.height - CHART.bottom - inner * n / this.highest;
	}

	bar([start, ...counts]) {
		const x = this.x(start);
		const width = Math.max(1.5, this.x(start + this.width) - x - 1);
		const said = [];
		const group = svg("g", {class: "interval"});
		let below = 0;
		counts.forEach((n, outcome) => {
			if (!n)
				return;
			const top = this.y(below + n);
			append(group, [svg("rect", {
				x, width, y: top, height: this.y(below) - top,
				class: `fill ${OUTCOMES[outcome]}`,
			})]);
			said.push(`${count(n)} ${OUTCOMES[outcome]}`);
			below += n;
		});
		const title = `${moment(start)}, ${duration(this.width)}: ` +
			said.join(", ");
		return append(group, [svg("title", {}, title)]);
	}

	axes() {
		const right = this.pixels - CHART.right;
		const bottom = CHART.height - CHART.bottom;
		return svg("g", {class: "axis"},
			   countTicks(this.highest).map((n) => [
				   svg("line", {x1: CHART.left, x2: right,
						y1: this.y(n), y2: this.y(n)}),
				   svg("text", {x: CHART.left - 8, y: this.y(n) + 4,
						"text-anchor": "end"}, count(n)),
			   ]),
			   timeTicks(this.from, this.to, right - CHART.left).map(
				   ({at, text}) => [
					   svg("line", {x1: this.x(at), x2: this.x(at),
							y1: bottom, y2: bottom + 4}),
					   svg("text", {x: this.x(at), y: bottom + 18,
							"text-anchor": "middle"}, text),
				   ]));
	}

	draw(pixels) {
		this.pixels = pixels;
		this.brush = svg("rect", {class: "brush", y: CHART.top,
					  height: CHART.height - CHART.top -
						  CHART.bottom});
		const drawing = svg("svg", {
			viewBox: `0 0 ${pixels} ${CHART.height}`,
			class: "chart", role: "img",
			"aria-label": this.words(),
		}, this.axes(), this.intervals.map((each) => this.bar(each)),
					this.brush);
		this.listen(drawing);
		this.mark(this.chosen);
		return drawing;
	}

	words() {
		const totals = OUTCOMES.map((outcome, i) => [
			this.intervals.reduce((sum, each) => sum + each[i + 1], 0),
			outcome]);
		return `Registrations from ${moment(this.from)} to ` +
			`${moment(this.to)}: ` +
			totals.filter(([n]) => n).map(
				([n, outcome]) => `${count(n)} ${outcome}`).join(", ");
	}

	listen(drawing) {
		let begun = null;
		const at = (event) => this.time(
			event.clientX - drawing.getBoundingClientRect().left);
		drawing.addEventListener("pointerdown", (event) => {
			if (event.button !== 0)
				return;
			begun = at(event);
			drawing.setPointerCapture(event.pointerId);
		});
		drawing.addEventListener("pointermove", (event) => {
			if (begun !== null)
				this.mark(this.stretch(begun, at(event)));
		});
		drawing.addEventListener("pointerup", (event) => {
			if (begun !== null)
				this.choose(this.stretch(begun, at(event)));
			begun = null;
		});
		drawing.addEventListener("pointercancel", () => {
			begun = null;
			this.mark(this.chosen);
		});
	}

	/* Whole intervals, as nothing finer is shown. */
	stretch(a, b) {
		const down = (time) => Math.floor(time / this.width) * this.width;
		return {from: down(Math.min(a, b)),
			to: down(Math.max(a, b)) + this.width};
	}

	/* Shows which time is chosen. */
	mark({from, to}) {
		const isWhole = from === null && to === null;
		const left = this.x(from ?? this.from);
		this.brush.setAttribute("x", left);
		this.brush.setAttribute("width", isWhole ? 0 : Math.max(
			2, this.x(to ?? this.to) - left));
	}

	update(state) {
		this.chosen = {from: state.from, to: state.to};
		if (this.brush)
			this.mark(this.chosen);
	}
}

function legend(outcomes) {
	return h("ul", {class: "legend"},
		 OUTCOMES.filter((outcome) => outcomes[outcome] > 0).map(
			 (outcome) => h("li", {},
					h("span", {class: `swatch ${outcome}`}),
					outcome)));
}

/* Returns what is to be told of the table's filters. */
function showTimes(observation, choose) {
	const {times, outcomes} = observation.summary;
	part("times").hidden = times.intervals.length === 0;
	if (!times.intervals.length)
		return null;
	const host = h("div", {class: "drawing"});
	fill("times-chart", legend(outcomes), host,
	     h("p", {class: "hint"}, `Each bar is ${duration(times.width)}. ` +
	       "Click on one, or drag over several, to list those only. " +
	       "Times are in UTC."));
	return new TimesChart(host, observation, choose);
}
