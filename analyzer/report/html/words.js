/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers, times and names as a reader wants them. Times are in UTC. */
const OUTCOMES = ["registered", "deregistered", "rejected", "challenged",
		  "unanswered", "incomplete"];
const GOOD_OUTCOMES = ["registered", "deregistered"];
const SEVERITIES = ["error", "warning", "note"];

const grouped = new Intl.NumberFormat("en-GB");

function hasFailed(registration) {
	return !GOOD_OUTCOMES.includes(registration.outcome);
}

/* "1,234". */
function count(n) {
	return grouped.format(n);
}

/* "1 registration", "2 registrations". */
function counted(n, one, many = `${one}s`) {
	return `${count(n)} ${n === 1 ? one : many}`;
}

/* "12.5 %". */
function share(n, all) {
	if (!all)
		return "0 %";
	const percent = 100 * n / all;
	return `${percent.toFixed(percent < 10 && percent % 1 ? 1 : 0)} %`;
}

/* "0.36 ms", "142 ms", "1.42 s", "3 min 20 s". */
function duration(ms) {
	if (ms === null || ms === undefined)
		return "";
	const size = Math.abs(ms);
	if (size < 10)
		return `${Number(ms.toFixed(size < 1 ? 3 : 2))} ms`;
	if (size < 1000)
		return `${Math.round(ms)} ms`;
	if (size < 100000)
		return `${(ms / 1000).toFixed(size < 10000 ? 2 : 1)} s`;
	const seconds = Math.round(ms / 1000);
	if (Math.abs(seconds) < 7200)
		return `${Math.trunc(seconds / 60)} min ${Math.abs(seconds) % 60} s`;
	return `${Math.trunc(seconds / 3600)} h ${Math.trunc(seconds / 60) % 60} min`;
}

/* A time that no calendar has (a hostile capture's) is told as a number. */
function iso(ms) {
	const date = new Date(ms);
	return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

/* "2024-05-01". */
function day(ms) {
	return iso(ms)?.slice(0, -14) ?? `${ms} ms`;
}

/* "10:11:12.001". */
function clock(ms) {
	return iso(ms)?.slice(-13, -1) ?? "";
}

/* "2024-05-01 10:11:12.001". */
function moment(ms) {
	return `${day(ms)} ${clock(ms)}`.trim();
}

/* "+0.142 s": of a step, after the first. */
function offset(ms) {
	return `${ms < 0 ? "\u2212" : "+"}${(Math.abs(ms) / 1000).toFixed(3)} s`;
}

function bytes(n) {
	const units = ["bytes", "KiB", "MiB", "GiB"];
	let unit = 0;
	for (; n >= 1024 && unit < units.length - 1; unit++)
		n /= 1024;
	return `${unit ? n.toFixed(1) : n} ${units[unit]}`;
}

/* The last part of a file's path. */
function fileName(path) {
	return path?.replace(/\/+$/, "").split("/").pop() || "standard input";
}

/* Whom a row is about, in few characters: as the text report says it. */
function subscriber(row) {
	const name = (row.impu ?? row.impi ?? "").replace(/^(sip|tel):/i, "");
	const user = name.split("@", 1)[0];
	if (user && /\.3gppnetwork\.org$/i.test(name))
		return user;
	return name || row.ue || "somebody unknown";
}

/* What became of it: "403 Forbidden". */
function answer(row) {
	return [row.status || null, row.reason].filter(Boolean).join(" ");
}

/*
 * Frames as filters for Wireshark, one a capture: frames are numbered file by
 * file. The name of the file is told where there are several.
 */
function wiresharkFilters(frames) {
	const byCapture = new Map();
	for (const {capture, number} of frames) {
		if (!byCapture.has(capture))
			byCapture.set(capture, new Set());
		byCapture.get(capture).add(number);
	}
	return [...byCapture].sort(([a], [b]) => a - b).map(
		([capture, numbers]) => {
			const list = [...numbers].sort((a, b) => a - b);
			return {capture, text: `frame.number in {${list.join(", ")}}`};
		});
}
