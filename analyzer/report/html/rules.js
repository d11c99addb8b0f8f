/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All findings, by rule; of a rule so many are shown at once. */
const FINDINGS_A_PAGE = 25;

function ruleRow(rule, n, open) {
	return h("tr", {},
		 h("td", {}, badge(rule.worst)),
		 h("td", {}, h("button", {type: "button", class: "link",
					  "data-rule": rule.slug,
					  click: () => open(rule)}, rule.title), " ",
		   h("code", {class: "slug"}, rule.slug)),
		 h("td", {class: "figure"}, count(rule.findings)),
		 h("td", {class: "figure"}, rule.causes ? count(rule.causes) : ""),
		 h("td", {class: "figure"}, n === rule.findings ? "" : count(n)));
}

/* The findings of each rule, and the worst severity that they have. */
function groupFindings(observation) {
	const groups = new Map(
		observation.summary.rules.map(({slug}) => [slug, []]));
	for (const row of observation.findings)
		groups.get(row.rule)?.push(row);
	for (const rule of observation.summary.rules) {
		const found = groups.get(rule.slug).map(({severity}) => severity);
		rule.worst = SEVERITIES.find((each) => found.includes(each)) ??
			rule.severity;
	}
	return groups;
}

function showRules(observation, open) {
	const groups = groupFindings(observation);
	observation.findingsByRule = groups;
	const rank = ({worst}) => SEVERITIES.indexOf(worst);
	const rules = observation.summary.rules
		.filter((rule) => rule.findings > 0)
		.sort((a, b) => rank(a) - rank(b) || b.findings - a.findings ||
				(a.slug < b.slug ? -1 : 1));
	const isPart = rules.some(
		(rule) => groups.get(rule.slug).length !== rule.findings);
	if (!rules.length) {
		fill("rules", h("p", {class: "empty"}, "Nothing was found."));
		return;
	}
	fill("rules", h("table", {class: "plain rules"},
		h("thead", {}, h("tr", {},
			h("th", {scope: "col"}, "Severity"),
			h("th", {scope: "col"}, "Finding"),
			h("th", {scope: "col", class: "figure"}, "Count"),
			h("th", {scope: "col", class: "figure"}, "Causes"),
			h("th", {scope: "col", class: "figure"},
			  isPart ? "Listed" : ""))),
		h("tbody", {}, rules.map(
			(rule) => ruleRow(rule, groups.get(rule.slug).length,
					  open)))));
}

/* More of them at each press of the button. */
function findingPages(rows, card) {
	const list = h("div", {});
	const more = h("button", {type: "button", click: () => add()});
	let shown = 0;
	const add = () => {
		const first = shown;
		append(list, rows.slice(shown, shown + FINDINGS_A_PAGE).map(card));
		shown = Math.min(rows.length, shown + FINDINGS_A_PAGE);
		more.textContent = `Show more (${count(rows.length - shown)} left)`;
		more.hidden = shown === rows.length;
		if (more.hidden && first > 0)
			list.children[first].querySelector("button, summary")?.focus();
	};
	add();
	return [list, more];
}

function ruleView(observation, rule, go) {
	const rows = observation.findingsByRule.get(rule.slug);
	const link = (row) => {
		const registration =
			observation.registrationById.get(row.registration);
		return registration && h("p", {}, h(
			"button", {type: "button", click: () => go(registration)},
			`Registration ${registration.id}: ${subscriber(registration)}`));
	};
	return [
		panelHead(rule.title),
		h("div", {class: "panel-body", tabindex: "-1"},
		  h("p", {}, badge(rule.worst), " ",
		    h("code", {class: "slug"}, rule.slug), " ",
		    counted(rule.findings, "finding"),
		    rule.causes > 0 && `, ${counted(rule.causes, "failure")} caused`,
		    rows.length < rule.findings && `, ${count(rows.length)} listed`),
		  ruleText(rule),
		  findingPages(rows, (row) => findingCard(
			  observation, row, null, link(row)))),
	];
}
