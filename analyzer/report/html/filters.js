/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which registrations the table lists. */
const NO_CAUSE = "(none)";
const ANY = {text: "", failed: false, outcome: "", cause: "", kind: "",
	     from: null, to: null};
const SECOND = 1000;

/* All that is searched, in one text; made once a row. */
function haystack(row) {
	row.haystack ??= [row.impu, row.impi, row.callId, row.ue, row.scscf,
			  row.reason, row.cause, row.status, row.kind]
		.filter(Boolean).join("\n").toLowerCase();
	return row.haystack;
}

/* Whether a row is listed in that state. A registration counts when any part
   of it falls between, as with --from and --to. */
function isListed(row, state, words) {
	if (state.failed && !hasFailed(row))
		return false;
	if (state.outcome && row.outcome !== state.outcome)
		return false;
	if (state.cause === NO_CAUSE ? row.cause || !hasFailed(row)
				     : state.cause && row.cause !== state.cause)
		return false;
	if (state.kind && row.kind !== state.kind)
		return false;
	if (state.from !== null && row.start + row.duration < state.from)
		return false;
	if (state.to !== null && row.start > state.to)
		return false;
	return words.every((word) => haystack(row).includes(word));
}

/* "2024-05-01T10:11:12", which such a field holds: read and written as UTC. */
function timeOfField(field) {
	const time = Date.parse(`${field.value}Z`);
	return Number.isNaN(time) ? null : time;
}

function fieldOfTime(time) {
	return time === null ? "" : iso(time)?.slice(0, 19) ?? "";
}

class Filters {
	/* `changed` is called with the state after each change. */
	constructor(observation, changed) {
		this.observation = observation;
		this.changed = changed;
		this.state = {...ANY};
		this.fields = this.makeFields();
		const labelled = (text, field) =>
			h("label", {}, h("span", {}, text), field);
		fill("filters",
		     labelled("Search", this.fields.text),
		     h("label", {class: "check"}, this.fields.failed,
		       h("span", {}, "Only failed")),
		     labelled("Outcome", this.fields.outcome),
		     labelled("Cause", this.fields.cause),
		     labelled("Kind", this.fields.kind),
		     labelled("From", this.fields.from),
		     labelled("To", this.fields.to),
		     h("button", {type: "button", id: "reset",
				  click: () => this.set({})}, "Reset"));
		this.form = part("filters");
		this.form.onsubmit = (event) => event.preventDefault();
		this.form.oninput = () => this.read();
	}

	makeFields() {
		const rows = this.observation.registrations;
		const time = (id) => h("input", {
			type: "datetime-local", step: "1", id});
		return {
			text: h("input", {
				type: "search", id: "search", autocomplete: "off",
				spellcheck: "false",
				placeholder: "identity, number, Call-ID, address"}),
			failed: h("input", {type: "checkbox", id: "only-failed"}),
			outcome: this.choice("outcome", rows),
			cause: this.choice("cause", rows),
			kind: this.choice("kind", rows),
			from: time("from"),
			to: time("to"),
		};
	}

	/* The values that there are, frequent ones first. */
	choice(key, rows) {
		const counts = new Map();
		for (const row of rows) {
			const value = row[key] ??
				(hasFailed(row) ? NO_CAUSE : null);
			if (value)
				counts.set(value, (counts.get(value) ?? 0) + 1);
		}
		const text = (value) => value === NO_CAUSE ? "not told"
			: key === "cause" ? this.observation.title(value) : value;
		return h("select", {id: key}, h("option", {value: ""}, "any"),
			 [...counts].sort(([, a], [, b]) => b - a).map(
				 ([value, n]) => h("option", {value},
						   `${text(value)} (${count(n)})`)));
	}

	read() {
		const {fields} = this;
		const to = timeOfField(fields.to);
		this.apply({
			text: fields.text.value,
			failed: fields.failed.checked,
			outcome: fields.outcome.value,
			cause: fields.cause.value,
			kind: fields.kind.value,
			from: timeOfField(fields.from),
			/* The second that is named belongs to it. */
			to: to === null ? null : to + SECOND - 1,
		});
	}

	/* Lists what `state` says, and all of what it does not speak of. */
	set(state) {
		const {fields} = this;
		const full = {...ANY, ...state};
		fields.text.value = full.text;
		fields.failed.checked = full.failed;
		fields.outcome.value = full.outcome;
		fields.cause.value = full.cause;
		fields.kind.value = full.kind;
		fields.from.value = fieldOfTime(full.from);
		fields.to.value = fieldOfTime(full.to);
		this.apply(full);
	}

	apply(state) {
		this.state = state;
		this.changed(state);
	}

	rows() {
		const words = this.state.text.toLowerCase().split(/\s+/)
			.filter(Boolean);
		return this.observation.registrations.filter(
			(row) => isListed(row, this.state, words));
	}
}
