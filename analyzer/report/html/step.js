/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is known of one step. */
const SIGNS = {added: "+", removed: "\u2212", changed: "~"};

function frameKey({capture, number}) {
	return `${capture}:${number}`;
}

/* "frame 12", and of which capture where there are several. */
function frameName(observation, frame) {
	const capture = observation.captureName(frame.capture);
	return `frame ${frame.number}` + (capture ? ` of ${capture}` : "");
}

/* A filter a capture, to be copied. */
function wireshark(observation, frames) {
	return wiresharkFilters(frames).map(({capture, text}) => h(
		"p", {class: "wireshark"},
		h("span", {class: "term"}, "Wireshark"),
		observation.captureName(capture) &&
			h("span", {}, ` in ${observation.captureName(capture)}`),
		" ", copyable(text, "the filter for Wireshark")));
}

function changeRow(change) {
	const value = (text) => h("td", {class: "wire"},
				  text === null ? h("span", {class: "nothing"}, "\u2013")
						: text);
	return h("tr", {class: change.kind},
		 h("td", {}, h("span", {class: "sign", title: change.kind},
			       SIGNS[change.kind] ?? ""),
		   h("span", {class: "unseen"}, `${change.kind} `)),
		 h("td", {class: "wire"}, change.header,
		   change.element !== null && h("span", {class: "element"},
						` ${change.element}`)),
		 value(change.before), value(change.after));
}

function changesOf(step) {
	const {changes} = step;
	const who = step.from.text ?? "The sender";
	if (changes === null)
		return step.protocol === "SIP" && h(
			"p", {class: "hint"}, "What the sender changed in it is not " +
			"known: the leg before is not in the capture, or it was made " +
			"here.");
	if (!changes.list.length)
		return h("p", {class: "hint"}, `${who} changed nothing in it.`);
	return h("table", {class: "plain changes"},
		 h("caption", {}, `What ${who} changed in it`),
		 h("thead", {}, h("tr", {}, h("td", {}),
				  ["Header field", "Before", "After"].map(
					  (text) => h("th", {scope: "col"}, text)))),
		 h("tbody", {}, changes.list.map(changeRow)),
		 changes.cut && h("tfoot", {}, h("tr", {}, h(
			 "td", {colspan: 4}, "There may be more."))));
}

/* What each finding says of its frame. */
function provesOf(frame, findings) {
	const lines = findings.flatMap(({row, details}) => details.evidence
		.filter((evidence) => frameKey(evidence.frame) === frameKey(frame))
		.map((evidence) => h("li", {}, badge(row.severity), " ",
				     h("code", {class: "slug"}, row.rule), " ",
				     evidence.saying)));
	return lines.length > 0 && [h("h4", {}, "It shows"),
				    h("ul", {class: "proves"}, lines)];
}

function showStep(observation, registration, ladder, findings, index) {
	const step = ladder.steps[index];
	const before = ladder.steps[index - 1];
	return [
		h("h3", {}, stepLabel(step),
		  step.failing && h("span", {class: "badge error"}, "shows the cause")),
		definitions([
			["From", step.from.text ?? "unknown"],
			["To", step.to.text ?? "unknown"],
			["Frame", frameName(observation, step.frame)],
			["Time", moment(registration.start + step.offset)],
			["Since the first", offset(step.offset)],
			["Since the last",
			 before && offset(step.offset - before.offset)],
			["Protocol", step.protocol],
			["Leg", step.leg],
			["Sent", step.copies > 1 && counted(step.copies, "time")],
		], {class: "facts"}),
		provesOf(step.frame, findings),
		changesOf(step),
		wireshark(observation, [step.frame]),
	];
}
