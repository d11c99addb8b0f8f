/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The panel over the page: a registration with its ladder, or a rule with its
 * findings. What is open stands in the address, so that a link to it can be
 * sent with the file, and Back closes it. Escape does too.
 */
function panelHead(title, ...tools) {
	return h("header", {class: "panel-head"},
		 h("h2", {id: "panel-title"}, title),
		 h("div", {class: "tools"}, tools,
		   h("button", {type: "button", id: "close",
				click: () => part("panel").close()}, "Close")));
}

function registrationFacts(row, ladder) {
	return definitions([
		["Outcome", [badge(row.outcome), " ", answer(row)]],
		["Kind", row.kind + (row.ims ? "" : ", not IMS")],
		["IMPU", row.impu],
		["IMPI", row.impi],
		["UE", row.ue],
		["S-CSCF", row.scscf],
		["Call-ID", row.callId],
		["Start", moment(row.start)],
		["Duration", duration(row.duration)],
		["Expires", row.expires === null ? null : `${row.expires} s`],
		["Legs captured", ladder.legs.join(", ")],
		["Lacking", ladder.lacking],
	], {class: "facts wide-facts"});
}

/* The worst that a frame proves, by the frame. */
function severitiesOf(findings) {
	const severities = new Map();
	for (const {row, details} of findings) {
		for (const {frame} of details.evidence) {
			const key = frameKey(frame);
			const known = severities.get(key);
			if (!known || SEVERITIES.indexOf(row.severity) <
			    SEVERITIES.indexOf(known))
				severities.set(key, row.severity);
		}
	}
	return severities;
}

function ladderPart(observation, row, ladder, findings) {
	const about = h("aside", {class: "about", role: "region",
				  "aria-label": "The chosen step",
				  "aria-live": "polite"});
	const drawn = new Ladder(
		ladder.steps, severitiesOf(findings), (_, index) => refill(
			about, showStep(observation, row, ladder, findings, index)));
	const failing = ladder.steps.findIndex((step) => step.failing);
	if (ladder.steps.length)
		drawn.choose(Math.max(0, failing));
	const frames = ladder.steps.map((step) => step.frame);
	return {drawn, element: h(
		"section", {class: "course", "aria-label": "Ladder"},
		h("div", {class: "ladder-scroll"}, drawn.element), about,
		h("div", {class: "below"}, wireshark(observation, frames)))};
}

/* The cause stands first, before the ladder that shows it. */
function registrationView(observation, row, table, go) {
	const ladder = observation.ladder(row);
	const findings = observation.findingsOf(ladder).map(
		(each) => ({row: each, details: observation.details(each)}));
	const {drawn, element} = ladderPart(observation, row, ladder, findings);
	const rank = ({row: {severity}}) => SEVERITIES.indexOf(severity);
	const isCause = ({row: each, details}) =>
		details.isCause && each.rule === row.cause;
	const card = ({row: each}) => findingCard(observation, each, drawn);
	const others = findings.filter((each) => !isCause(each))
		.sort((a, b) => rank(a) - rank(b));
	const step = (text, by) => {
		const neighbour = table.neighbour(row, by);
		return h("button", {type: "button", disabled: !neighbour,
				    click: () => go(neighbour)}, text);
	};
	return [
		panelHead(`Registration ${row.id}: ${subscriber(row)}`,
			  step("Previous", -1), step("Next", 1)),
		h("div", {class: "panel-body", tabindex: "-1"},
		  registrationFacts(row, ladder),
		  findings.filter(isCause).map(card),
		  element,
		  others.length > 0 && [
			  h("h3", {class: "others"},
			    `${findings.length > others.length ? "Other findings"
							       : "Findings"}`),
			  others.map(card)],
		  ladder.findings.length > findings.length && h(
			  "p", {class: "hint"},
			  counted(ladder.findings.length - findings.length, "finding"),
			  " of it not listed: see --severity.")),
	];
}
