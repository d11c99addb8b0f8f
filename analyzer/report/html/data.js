/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The data of one report, as html_records.c and html_summary.c have written
 * them. Rows are read at once, for the tables; what there is of one
 * registration or finding besides is read when it is asked for, so that a
 * page of many opens fast.
 */

/* The fields of a record, one after the other. */
class Fields {
	constructor(values, strings) {
		this.values = values;
		this.strings = strings;
		this.at = 0;
	}

	more() {
		return this.at < this.values.length;
	}

	value() {
		return this.values[this.at++];
	}

	/* A text by its index; null: there is none. */
	text() {
		return this.strings[this.value()];
	}

	/* A list within the record, each element made by `read`. */
	list(read) {
		const inner = new Fields(this.value(), this.strings);
		const list = [];
		while (inner.more())
			list.push(read(inner));
		return list;
	}

	/* Of 1 and 0. */
	flag() {
		return this.value() === 1;
	}

	/* A record within the record; null: there is none, which is 0. */
	inner(read) {
		const values = this.value();
		return values ? read(new Fields(values, this.strings)) : null;
	}
}

/* Each record of a block, made by `read`. */
function readBlock(element, read) {
	const {strings, records} = JSON.parse(element.textContent);
	return records.map((record) => read(new Fields(record, strings)));
}

function readRegistration(f) {
	return {
		id: f.value(),
		place: f.value(),
		start: f.value(),
		duration: f.value(),
		ims: f.flag(),
		kind: f.text(),
		outcome: f.text(),
		cause: f.text(),
		status: f.value(),
		reason: f.text(),
		impi: f.text(),
		impu: f.text(),
		callId: f.text(),
		ue: f.text(),
		scscf: f.text(),
		expires: f.value(),
	};
}

function readChanges(f) {
	const changes = {cut: f.flag(), told: f.list((inner) => inner.text()),
			 list: []};
	while (f.more())
		changes.list.push({
			kind: f.text(),
			header: f.text(),
			element: f.text(),
			before: f.text(),
			after: f.text(),
		});
	return changes;
}

function readFrame(f) {
	return {capture: f.value(), number: f.value()};
}

/* "P-CSCF 10.0.0.1:5060": an address has a point or a colon, no role has. */
function readParty(text) {
	const words = text?.split(" ") ?? [];
	const address = /[.:]/.test(words.at(-1) ?? "") ? words.pop() : null;
	return {role: words.join(" ") || null, address, text};
}

function readStep(f) {
	return {
		frame: readFrame(f),
		offset: f.value(),
		from: readParty(f.text()),
		to: readParty(f.text()),
		leg: f.text(),
		protocol: f.text(),
		message: f.text(),
		detail: f.text(),
		copies: f.value(),
		failing: f.flag(),
		changes: f.inner(readChanges),
	};
}

function readLadder(f) {
	return {
		id: f.value(),
		lacking: f.text(),
		legs: f.list((inner) => inner.text()),
		findings: f.list((inner) => inner.value()),
		steps: f.list((inner) => inner.inner(readStep)),
	};
}

function readFinding(f) {
	return {
		id: f.value(),
		place: f.value(),
		rule: f.text(),
		severity: f.text(),
		confidence: f.text(),
		registration: f.value(),
		time: f.value(),
	};
}

function readSignature(f) {
	return {
		name: f.text(),
		product: f.text(),
		component: f.text(),
		versions: f.text(),
		says: f.text(),
		advice: f.text(),
		source: f.text(),
	};
}

function readEvidence(f) {
	return {
		frame: readFrame(f),
		time: f.value(),
		saying: f.text(),
		by: f.text(),
		changes: f.inner(readChanges),
	};
}

function readFindingDetails(f) {
	return {
		id: f.value(),
		isCause: f.flag(),
		callId: f.text(),
		impi: f.text(),
		impu: f.text(),
		headline: f.text(),
		summary: f.text(),
		advice: f.text(),
		evidence: f.list((inner) => inner.inner(readEvidence)),
		facts: f.list((inner) => ({
			key: inner.text(),
			meaning: inner.text(),
			value: inner.value(),
		})),
		signature: f.inner(readSignature),
	};
}

/* Of details the block that was read last is kept: who looks at one record
   looks at its neighbours next. */
class Details {
	constructor(elements, read) {
		this.elements = elements;
		this.read = read;
		this.place = -1;
		this.records = null;
	}

	get(row) {
		if (row.place !== this.place) {
			this.records = new Map(
				readBlock(this.elements[row.place], this.read)
					.map((record) => [record.id, record]));
			this.place = row.place;
		}
		return this.records.get(row.id);
	}
}

class Observation {
	constructor(section) {
		const blocks = (kind) =>
			section.querySelectorAll(`script[data-block=${kind}]`);
		const rows = (kind, read) =>
			[...blocks(kind)].flatMap((block) => readBlock(block, read));

		this.summary = JSON.parse(blocks("summary")[0].textContent);
		this.registrations = rows("registrations", readRegistration)
			.sort((a, b) => a.id - b.id);
		this.findings = rows("findings", readFinding);
		this.registrationById = new Map(
			this.registrations.map((row) => [row.id, row]));
		this.findingById = new Map(
			this.findings.map((row) => [row.id, row]));
		this.rules = new Map(
			this.summary.rules.map((rule) => [rule.slug, rule]));
		this.ladders = new Details(blocks("ladders"), readLadder);
		this.evidence = new Details(blocks("evidence"), readFindingDetails);
	}

	/* Steps and the like of a registration's row. */
	ladder(row) {
		return this.ladders.get(row);
	}

	/* What there is of a finding's row. */
	details(row) {
		return this.evidence.get(row);
	}

	/* Those of a registration that are listed. */
	findingsOf(ladder) {
		return ladder.findings.map((id) => this.findingById.get(id))
			.filter(Boolean);
	}

	/* A rule's title, for its slug. */
	title(slug) {
		return this.rules.get(slug)?.title ?? slug;
	}

	/* The name of a capture where there are several, to tell frames apart. */
	captureName(index) {
		const {captures} = this.summary;
		return captures.length > 1 ? fileName(captures[index]?.file) : null;
	}

	/* All registrations that there were, listed or not. */
	total() {
		return Object.values(this.summary.outcomes)
			.reduce((sum, n) => sum + n, 0);
	}
}
