/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of registrations. Of its rows those are in the document that can
 * be seen, between two spaces as high as the rest: so it is as fast with ten
 * thousand as with ten. One row can be reached with Tab, the others from it
 * with the arrow keys.
 */
const MARGIN = 12;	   /* rows beyond those that can be seen */
const MAX_ROWS = 400000;   /* what browsers can still scroll to */
const MAX_PRINTED = 2000;

const COLUMNS = [
	{key: "id", title: "No.", value: (row) => row.id},
	{key: "start", title: "Time", value: (row) => row.start},
	{key: "subscriber", title: "Subscriber", value: subscriber},
	{key: "kind", title: "Kind", value: (row) => row.kind},
	{key: "outcome", title: "Outcome",
	 value: (row) => OUTCOMES.indexOf(row.outcome)},
	{key: "answer", title: "Answer", value: answer},
	{key: "cause", title: "Cause", value: (row) => row.title ?? ""},
	{key: "duration", title: "Duration", value: (row) => row.duration},
];

/* What is missing stands last, whichever way it is sorted. */
function comparison(column, descending) {
	const collator = new Intl.Collator("en", {numeric: true});
	const sign = descending ? -1 : 1;
	return (a, b) => {
		if (a.key === "" || b.key === "")
			return (a.key === "") - (b.key === "") ||
				a.row.id - b.row.id;
		const order = typeof a.key === "string"
			? collator.compare(a.key, b.key) : a.key - b.key;
		return sign * order || a.row.id - b.row.id;
	};
}

class Table {
	/* `open` is called with a row that was chosen. */
	constructor(observation, open) {
		this.open = open;
		this.rows = [];
		this.current = 0;
		this.rowHeight = 34;
		this.isPrinting = false;
		this.sorting = {column: COLUMNS[0], descending: false};
		for (const row of observation.registrations)
			row.title = row.cause && observation.title(row.cause);
		this.build();
	}

	build() {
		this.head = h("tr", {"aria-rowindex": 1},
			      COLUMNS.map((column) => this.heading(column)));
		this.body = h("tbody", {
			click: (event) => this.clicked(event),
			keydown: (event) => this.pressed(event),
		});
		this.table = h("table", {class: "rows"},
			       h("colgroup", {}, COLUMNS.map(({key}) => h(
				       "col", {class: `c-${key}`}))),
			       h("thead", {}, this.head), this.body);
		this.scroller = h("div", {class: "scroll",
					  scroll: () => this.scrolled()},
				  this.table);
		this.cut = h("p", {class: "cut"});
		fill("table", this.scroller, this.cut);
		new ResizeObserver(() => this.render()).observe(this.scroller);
	}

	heading(column) {
		return h("th", {scope: "col", "data-key": column.key,
				class: `c-${column.key}`},
			 h("button", {
				 type: "button",
				 click: () => this.sort(column),
			 }, column.title));
	}

	/* Once more turns it about. */
	sort(column) {
		const {sorting} = this;
		this.sorting = {
			column,
			descending: sorting.column === column &&
				!sorting.descending,
		};
		this.list(this.rows);
	}

	/* Lists these rows, in the order that is in force. */
	list(rows) {
		const {column, descending} = this.sorting;
		const current = this.rows[this.current];
		this.rows = rows.map((row) => ({row, key: column.value(row)}))
			.sort(comparison(column, descending))
			.map(({row}) => row);
		this.nFound = this.rows.length;
		this.rows.length = Math.min(this.rows.length, MAX_ROWS);
		this.current = Math.max(0, this.rows.indexOf(current));
		for (const cell of this.head.children) {
			const isKey = cell.dataset.key === column.key;
			if (isKey)
				cell.setAttribute("aria-sort", descending
					? "descending" : "ascending");
			else
				cell.removeAttribute("aria-sort");
		}
		this.scroller.scrollTop = 0;
		this.render();
	}

	/* The first row shown and the one behind the last. */
	extent() {
		if (this.isPrinting)
			return [0, Math.min(this.rows.length, MAX_PRINTED)];
		const {scrollTop, clientHeight} = this.scroller;
		const first = Math.floor(scrollTop / this.rowHeight) - MARGIN;
		const n = Math.ceil(clientHeight / this.rowHeight) + 2 * MARGIN;
		const start = Math.max(0, Math.min(first, this.rows.length - n));
		return [start, Math.min(this.rows.length, start + n)];
	}

	render() {
		const [first, end] = this.extent();
		const hasFocus = this.body.contains(document.activeElement);
		const space = (n) => {
			const row = h("tr", {class: "space", "aria-hidden": "true"},
				      h("td", {colspan: COLUMNS.length}));
			row.style.height = `${n * this.rowHeight}px`;
			return row;
		};
		this.shown = {first, end};
		this.table.setAttribute("aria-rowcount", this.rows.length + 1);
		this.body.replaceChildren(
			space(first),
			...this.rows.slice(first, end).map(
				(row, i) => this.makeRow(row, first + i)),
			space(this.isPrinting ? 0 : this.rows.length - end));
		this.measure();
		if (hasFocus)
			this.button(this.current)?.focus({preventScroll: true});
	}

	/* Fonts differ: the height is what it turned out to be. */
	measure() {
		const row = this.body.querySelector("tr.row");
		const height = row?.getBoundingClientRect().height;
		if (height && Math.abs(height - this.rowHeight) > 0.2) {
			this.rowHeight = height;
			if (!this.isPrinting)
				requestAnimationFrame(() => this.render());
		}
	}

	makeRow(row, index) {
		const isFirst = index === this.current ||
			(index === this.shown.first &&
			 (this.current < this.shown.first ||
			  this.current >= this.shown.end));
		const cell = (key, title, ...content) =>
			h("td", {class: `c-${key}`, title}, content);
		return h("tr", {class: "row", "aria-rowindex": index + 2,
				"data-index": index},
			 cell("id", null, h("button", {
				 type: "button",
				 tabindex: isFirst ? 0 : -1,
				 "aria-label": `Registration ${row.id}, ` +
					 `${subscriber(row)}, ${row.outcome}`,
			 }, row.id)),
			 cell("start", moment(row.start), moment(row.start)),
			 cell("subscriber", row.impu ?? row.impi,
			      subscriber(row)),
			 cell("kind", null, row.kind),
			 cell("outcome", null, badge(row.outcome)),
			 cell("answer", answer(row), answer(row)),
			 cell("cause", row.title, row.title),
			 cell("duration", null, duration(row.duration)));
	}

	button(index) {
		return this.body.querySelector(
			`tr[data-index="${index}"] button`);
	}

	scrolled() {
		const [first, end] = this.extent();
		if (first !== this.shown.first || end !== this.shown.end)
			this.render();
	}

	clicked(event) {
		const element = event.target.closest("tr.row");
		if (!element || !getSelection().isCollapsed)
			return;
		this.current = Number(element.dataset.index);
		this.open(this.rows[this.current]);
	}

	pressed(event) {
		const page = Math.max(1, Math.floor(
			this.scroller.clientHeight / this.rowHeight) - 2);
		const steps = {ArrowDown: 1, ArrowUp: -1, PageDown: page,
			       PageUp: -page, Home: -Infinity, End: Infinity};
		if (!(event.key in steps))
			return;
		event.preventDefault();
		this.current = Number(event.target.closest("tr").dataset.index);
		this.goTo(this.current + steps[event.key]);
	}

	/* Moves the focus to a row, which is scrolled to. */
	goTo(index) {
		const {scroller, rowHeight} = this;
		this.current = Math.max(0, Math.min(this.rows.length - 1, index));
		const top = this.current * rowHeight;
		const head = this.head.getBoundingClientRect().height;
		const height = scroller.clientHeight - head;
		if (top < scroller.scrollTop)
			scroller.scrollTop = top;
		else if (top + rowHeight > scroller.scrollTop + height)
			scroller.scrollTop = top + rowHeight - height;
		this.render();
		this.button(this.current)?.focus({preventScroll: true});
	}

	/* The row beside, in the order shown; undefined at the ends. */
	neighbour(row, step) {
		const index = this.rows.indexOf(row);
		return index < 0 ? undefined : this.rows[index + step];
	}

	/* Back to the row that was opened, when it is left. */
	focus(row) {
		const index = this.rows.indexOf(row);
		if (index >= 0)
			this.goTo(index);
	}

	print(isPrinting) {
		this.isPrinting = isPrinting;
		refill(this.cut, this.rows.length > MAX_PRINTED &&
		       `Printed are the first ${count(MAX_PRINTED)}.`);
		this.render();
	}
}

/* How many are listed; said aloud as it changes. */
function showCount(table, observation) {
	const all = observation.registrations.length;
	const total = observation.total();
	const n = table.nFound;
	fill("count", n === all ? counted(n, "registration")
		: `${count(n)} of ${counted(all, "registration")}`,
	     all < total && `, of ${count(total)} in the capture`,
	     n > MAX_ROWS && `; the first ${count(MAX_ROWS)} are shown`);
}
