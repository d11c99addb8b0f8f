/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One finding: what happened, what shows it, what to do, where it is written. */
function findingHead(row, details, rule) {
	return h("header", {},
		 badge(row.severity),
		 row.confidence === "likely" && h("span", {class: "badge"}, "likely"),
		 details.isCause && h("span", {class: "badge"}, "cause"),
		 h("h3", {}, details.headline ?? rule.title),
		 h("code", {class: "slug"}, row.rule));
}

/* `goTo` shows the step of a frame; null where there is no ladder. */
function evidenceItem(observation, evidence, ladder) {
	const name = frameName(observation, evidence.frame);
	const frame = ladder?.has(evidence.frame)
		? h("button", {type: "button", class: "link",
			       click: () => ladder.goTo(evidence.frame)}, name)
		: h("span", {}, name);
	return h("li", {}, frame, evidence.saying && h(
		"span", {class: "wire"}, ` ${evidence.saying}`),
		 evidence.changes?.told.length > 0 && h(
			 "div", {class: "told"},
			 evidence.by && h("div", {}, `${evidence.by}:`),
			 evidence.changes.told.map((line) => h("div", {}, line))));
}

function signatureOf(signature) {
	if (!signature)
		return null;
	const who = [signature.product, signature.versions,
		     signature.component && `(${signature.component})`];
	return h("div", {class: "known"},
		 h("p", {}, h("span", {class: "term"}, "Known"), " ",
		   h("strong", {}, who.filter(Boolean).join(" ")), ": ",
		   signature.says, signature.advice && ` ${signature.advice}`),
		 h("p", {class: "hint"}, `Source: ${signature.source}. ` +
		   `Signature ${signature.name}.`));
}

function factsOf(details) {
	const value = (fact) => Array.isArray(fact.value)
		? fact.value.filter((text) => text !== null).join(", ") : fact.value;
	const known = details.facts.filter((fact) => value(fact));
	return known.length > 0 && h(
		"details", {}, h("summary", {}, "Facts"),
		definitions(known.map((fact) => [
			h("span", {title: fact.meaning}, fact.key.replaceAll("_", " ")),
			value(fact)]), {class: "facts"}));
}

function ruleText(rule) {
	return [h("p", {}, rule.explain),
		h("p", {}, h("span", {class: "term"}, "Recognised"), " ",
		  rule.recognised)];
}

/* `link` is put at its end. */
function findingCard(observation, row, ladder, link) {
	const details = observation.details(row);
	const rule = observation.rules.get(row.rule);
	return h("article", {class: `finding ${row.severity}`,
			     "data-finding": row.id},
		 findingHead(row, details, rule),
		 h("p", {class: "wire"}, details.summary ?? rule.title),
		 details.evidence.length > 0 && h(
			 "ul", {class: "evidence"}, details.evidence.map(
				 (each) => evidenceItem(observation, each, ladder))),
		 details.advice && h("p", {class: "advice"},
				     h("span", {class: "term"}, "Do"), " ",
				     details.advice),
		 signatureOf(details.signature),
		 rule.specs.length > 0 && h("p", {class: "specs"},
					    h("span", {class: "term"}, "See"), " ",
					    rule.specs.join("; ")),
		 wireshark(observation, details.evidence.map((each) => each.frame)),
		 factsOf(details),
		 h("details", {}, h("summary", {}, "About this diagnosis"),
		   ruleText(rule)),
		 link);
}
