/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a reader must know first: captures not whole, things left out. */
function filterWords(filters) {
	const words = [];
	if (filters.only_failed)
		words.push("only what failed");
	if (filters.subscriber)
		words.push(`only subscriber ${filters.subscriber}`);
	if (filters.from !== null)
		words.push(`from ${moment(filters.from)}`);
	if (filters.to !== null)
		words.push(`up to ${moment(filters.to)}`);
	if (filters.severity !== "note")
		words.push(`findings of severity ${filters.severity}` +
			   (filters.severity === "warning" ? " or error" : ""));
	return words;
}

function notice(kind, ...children) {
	return h("p", {class: `notice ${kind}`}, children);
}

function captureNotices(capture) {
	const name = fileName(capture.file);
	const list = [];
	if (capture.error)
		list.push(notice("error", h("strong", {}, name), ": ", capture.error,
				 ". What could be read is told here."));
	else if (capture.truncated)
		list.push(notice("error", h("strong", {}, name),
				 " could not be read to its end. What could be " +
				 "read is told here."));
	if (capture.dropped)
		list.push(notice("warning", h("strong", {}, name), " says that ",
				 counted(capture.dropped, "packet"),
				 " were dropped when it was taken."));
	return list;
}

function showNotices(observation) {
	const {captures, filters, messages} = observation.summary;
	const words = filterWords(filters);
	fill("notices",
	     captures.map(captureNotices),
	     messages.late > 0 && notice(
		     "warning", counted(messages.late, "message"),
		     " came so far out of order that they may be misjudged."),
	     messages.let_go > 0 && notice(
		     "warning", counted(messages.let_go, "thing"),
		     " had to be closed early because a bound was met."),
	     words.length > 0 && notice(
		     "note", "Listed: ", words.join(", "),
		     ". Counts and charts are of the whole capture."));
}
