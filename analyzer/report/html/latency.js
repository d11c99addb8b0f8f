/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How long Diameter peers took to answer: a table a command, a row a peer,
 * with the distribution of its answer times on one logarithmic axis, so that
 * peers and commands can be compared by eye.
 */
const FIRST_BUCKET_MS = 0.001; /* html_latency.c */
const BUCKETS_A_DECADE = 100;
const BARS_A_DECADE = 12;
const STRIP = {width: 420, height: 34};
/* Those of a registration first, in the order in which they are sent. */
const COMMANDS = ["UAR", "MAR", "SAR", "LIR"];

function bucketTime(bucket) {
	return FIRST_BUCKET_MS * 10 ** (bucket / BUCKETS_A_DECADE);
}

/* [bucket, count] of a flat list of both. */
function pairs(list) {
	return Array.from({length: list.length / 2},
			  (_, i) => [list[2 * i], list[2 * i + 1]]);
}

/* The middle of the bucket that has the share; never above the largest. */
function quantile(peer, part) {
	const all = pairs(peer.buckets);
	const n = all.reduce((sum, [, each]) => sum + each, 0);
	let seen = 0;
	for (const [bucket, each] of all) {
		seen += each;
		if (seen >= n * part)
			return Math.min(bucketTime(bucket + 0.5), peer.max);
	}
	return null;
}

/* From one power of ten to another: all that there is falls between. */
function latencyAxis(peers) {
	const buckets = peers.flatMap(
		(peer) => pairs(peer.buckets).map(([bucket]) => bucket));
	const decade = (bucket) => Math.floor(bucket / BUCKETS_A_DECADE);
	const from = Math.min(...buckets.map(decade));
	const to = Math.max(...buckets.map(decade)) + 1;
	const x = (bucket) => STRIP.width *
		(bucket / BUCKETS_A_DECADE - from) / (to - from);
	return {from, to, x,
		xOfTime: (ms) => x(BUCKETS_A_DECADE *
			Math.log10(Math.max(ms, FIRST_BUCKET_MS) / FIRST_BUCKET_MS))};
}

function decades({from, to}) {
	return Array.from({length: to - from + 1}, (_, i) => from + i);
}

/* Buckets that have a line: of few decades also at 2 and 5. */
function axisTicks(axis) {
	const within = axis.to - axis.from <= 2 ? [1, 2, 5] : [1];
	return decades(axis).flatMap((decade, i, all) =>
		(i < all.length - 1 ? within : [1]).map(
			(n) => (decade + Math.log10(n)) * BUCKETS_A_DECADE));
}

function axisStrip(axis) {
	return svg("svg", {viewBox: `0 0 ${STRIP.width} 16`, class: "strip",
			   "aria-hidden": "true"},
		   axisTicks(axis).map((bucket, i, all) => svg("text", {
			   x: axis.x(bucket), y: 12,
			   "text-anchor": i === 0 ? "start"
				   : i === all.length - 1 ? "end" : "middle",
		   }, duration(bucketTime(bucket)))));
}

function strip(peer, axis, marks) {
	const ratio = BUCKETS_A_DECADE / BARS_A_DECADE;
	const bars = new Map();
	for (const [bucket, n] of pairs(peer.buckets)) {
		const bar = Math.floor(bucket / ratio);
		bars.set(bar, (bars.get(bar) ?? 0) + n);
	}
	const highest = Math.max(...bars.values());
	const width = axis.x(ratio) - axis.x(0);
	const foot = STRIP.height - 1;
	return svg("svg", {
		viewBox: `0 0 ${STRIP.width} ${STRIP.height}`, class: "strip",
		role: "img",
		"aria-label": `Distribution: median ${duration(marks[0])}, ` +
			`95 % within ${duration(marks[1])}`,
	}, axisTicks(axis).map((bucket) => svg("line", {
		class: "grid", y1: 0, y2: STRIP.height,
		x1: axis.x(bucket), x2: axis.x(bucket)})),
		   [...bars].map(([bar, n]) => {
			   const height = Math.max(1.5, (foot - 3) * n / highest);
			   return svg("rect", {
				   class: "fill latency", x: axis.x(bar * ratio) + 0.5,
				   width: Math.max(1, width - 1),
				   y: foot - height, height,
			   }, svg("title", {}, `${count(n)} from ` +
				  `${duration(bucketTime(bar * ratio))} to ` +
				  `${duration(bucketTime((bar + 1) * ratio))}`));
		   }),
		   ["p50", "p95"].map((name, i) => svg("line", {
			   class: `quantile ${name}`, y1: 0, y2: STRIP.height,
			   x1: axis.xOfTime(marks[i]), x2: axis.xOfTime(marks[i]),
		   }, svg("title", {}, `${name} ${duration(marks[i])}`))));
}

/* What is known of a peer by its address. */
function peerName(observation, address) {
	if (!address)
		return "further peers";
	const node = observation.summary.nodes.find(
		(each) => each.address === address);
	return [h("span", {}, [node?.roles.filter((role) => role !== "UE")
				       .join(", "), address]
				      .filter(Boolean).join(" ")),
		node?.names.length > 0 && h("small", {}, node.names[0])];
}

function numbers(counts, marks) {
	const figure = (text, isBad) =>
		h("td", {class: isBad ? "figure bad" : "figure"}, text);
	return [figure(count(counts.count)),
		figure(count(counts.errors), counts.errors > 0),
		figure(count(counts.unanswered), counts.unanswered > 0),
		marks.map((ms) => figure(duration(ms)))];
}

function commandTable(observation, command, peers, axis) {
	const rows = peers.filter((peer) => peer.command === command.command)
		.sort((a, b) => b.count - a.count);
	const heads = ["Requests", "Errors", "Unanswered", "Median", "95 %",
		       "Longest"];
	return h("table", {class: "plain latency"},
		 h("thead", {}, h("tr", {},
				  h("th", {scope: "col"}, command.command),
				  heads.map((text) => h(
					  "th", {scope: "col", class: "figure"}, text)),
				  h("td", {}, axisStrip(axis)))),
		 h("tbody", {}, rows.map((peer) => {
			 const marks = [quantile(peer, 0.5), quantile(peer, 0.95)];
			 return h("tr", {},
				  h("th", {scope: "row"},
				    peerName(observation, peer.address)),
				  numbers(peer, [...marks, peer.max]),
				  h("td", {}, peer.buckets.length > 0 &&
				    strip(peer, axis, marks)));
		 }), rows.length !== 1 && h(
			 "tr", {class: "all"},
			 h("th", {scope: "row"}, "all peers"),
			 numbers(command, [command.p50, command.p95, command.max]),
			 h("td", {}))));
}

function showLatencies(observation) {
	const {commands, latencies} = observation.summary;
	const known = latencies.filter((peer) => peer.buckets.length > 0);
	const place = (command) => {
		const index = COMMANDS.indexOf(command.command);
		return index < 0 ? COMMANDS.length : index;
	};
	if (!commands.length) {
		fill("latencies", h("p", {class: "empty"},
				    "There is no Diameter request in the capture."));
		return;
	}
	const axis = known.length ? latencyAxis(known)
				  : {from: 2, to: 3, x: () => 0, xOfTime: () => 0};
	fill("latencies",
	     h("div", {class: "wide"},
	       [...commands].sort((a, b) => place(a) - place(b)).map(
		       (command) => commandTable(observation, command, latencies,
						 axis))),
	     h("p", {class: "hint"}, "Distributions are on one logarithmic axis; " +
	       "the lines are the median and the time within which 95 % were " +
	       "answered."));
}
