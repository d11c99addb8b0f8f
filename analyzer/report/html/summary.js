/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What came of the registrations, and the causes of failures by frequency. */
function outcomeTile(outcome, n, total, choose) {
	return h("button", {
		type: "button",
		class: `tile ${outcome}`,
		click: () => choose({outcome}),
		"aria-label": `${outcome}: ${count(n)}, show them`,
	}, h("span", {class: "number"}, count(n)),
		 h("span", {class: "word"}, outcome),
		 h("span", {class: "share"}, share(n, total)));
}

/* All in one bar, each outcome as wide as its share. */
function outcomeBar(outcomes, total) {
	let x = 0;
	const pieces = OUTCOMES.filter((outcome) => outcomes[outcome] > 0)
		.map((outcome) => {
			const width = 1000 * outcomes[outcome] / total;
			const piece = svg("rect", {
				x, y: 0, width, height: 10,
				class: `fill ${outcome}`,
			});
			x += width;
			return piece;
		});
	return svg("svg", {
		class: "share-bar", viewBox: "0 0 1000 10",
		preserveAspectRatio: "none", "aria-hidden": "true",
	}, pieces);
}

/* A length of its share, in a cell. */
function lengthBar(n, longest, kind) {
	return svg("svg", {
		class: "length-bar", viewBox: "0 0 100 10",
		preserveAspectRatio: "none", "aria-hidden": "true",
	}, svg("rect", {
		x: 0, y: 0, height: 10, class: `fill ${kind}`,
		width: Math.max(1, 100 * n / longest),
	}));
}

function causeRow(rule, failures, longest, choose) {
	return h("tr", {},
		 h("td", {class: "figure"}, count(rule.causes)),
		 h("td", {class: "figure"}, share(rule.causes, failures)),
		 h("td", {}, h("button", {
			 type: "button", class: "link",
			 click: () => choose({cause: rule.slug}),
		 }, rule.title), " ", h("code", {class: "slug"}, rule.slug)),
		 h("td", {class: "bar"},
		   lengthBar(rule.causes, longest, "rejected")));
}

function causeTable(observation, failures, choose) {
	const causes = observation.summary.rules
		.filter((rule) => rule.causes > 0)
		.sort((a, b) => b.causes - a.causes ||
				(a.slug < b.slug ? -1 : 1));
	const explained = causes.reduce((sum, rule) => sum + rule.causes, 0);
	if (!failures)
		return h("p", {}, "Every registration came to what it was meant to.");
	return h("table", {class: "plain causes"},
		 h("caption", {}, "Why registrations failed, most frequent first"),
		 h("thead", {}, h("tr", {}, h("th", {class: "figure"}, "Failed"),
				  h("th", {class: "figure"}, "Share"),
				  h("th", {}, "Cause"), h("td", {}))),
		 h("tbody", {},
		   causes.map((rule) => causeRow(rule, failures,
						 causes[0].causes, choose)),
		   explained < failures && h(
			   "tr", {}, h("td", {class: "figure"},
				       count(failures - explained)),
			   h("td", {class: "figure"},
			     share(failures - explained, failures)),
			   h("td", {}, h("button", {
				   type: "button", class: "link",
				   click: () => choose({cause: NO_CAUSE}),
			   }, "Nothing in the capture tells why")),
			   h("td", {}))));
}

/* `choose` shows those registrations in the table. */
function showSummary(observation, choose) {
	const {outcomes} = observation.summary;
	const total = observation.total();
	const failures = total - GOOD_OUTCOMES.reduce(
		(sum, outcome) => sum + outcomes[outcome], 0);
	if (!total) {
		fill("outcomes", h("p", {class: "empty"},
				   "There is no registration in the capture."));
		fill("causes");
		return;
	}
	fill("outcomes",
	     h("div", {class: "tiles"},
	       h("button", {
		       type: "button", class: "tile all",
		       click: () => choose({}),
		       "aria-label": `${counted(total, "registration")}, show all`,
	       }, h("span", {class: "number"}, count(total)),
		 h("span", {class: "word"},
		   total === 1 ? "registration" : "registrations"),
		 h("span", {class: "share"}, failures ? `${count(failures)} failed` : "none failed")),
	       OUTCOMES.filter((outcome) => outcomes[outcome] > 0)
		       .map((outcome) => outcomeTile(
			       outcome, outcomes[outcome], total, choose))),
	     outcomeBar(outcomes, total));
	fill("causes", causeTable(observation, failures, choose));
}
