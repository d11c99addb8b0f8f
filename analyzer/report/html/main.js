/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Puts the page together. */
class Page {
	constructor(sections) {
		this.sections = [...sections];
		this.shown = -1;
		this.opened = null; /* the row, for the way back */
		this.startObservations();
		startTheme();
		startPrint(() => this.table);
		part("panel").addEventListener("close", () => this.closed());
		addEventListener("hashchange", () => this.follow());
		this.follow();
		part("main").hidden = false;
	}

	/* Several reports in one page (--separate): one is shown at a time. */
	startObservations() {
		const choice = part("observation");
		part("observations").hidden = this.sections.length < 2;
		if (this.sections.length < 2)
			return;
		append(choice, this.sections.map((section, i) => {
			const {captures} = JSON.parse(section.querySelector(
				"script[data-block=summary]").textContent);
			return h("option", {value: i}, fileName(captures[0]?.file));
		}));
		choice.addEventListener("input", () => {
			this.go("");
			this.show(Number(choice.value));
		});
	}

	show(index) {
		if (index === this.shown)
			return;
		this.shown = index;
		const observation = new Observation(this.sections[index]);
		const choose = (state) => {
			this.filters.set(state);
			part("registrations").scrollIntoView();
			part("registrations").focus({preventScroll: true});
		};
		this.observation = observation;
		part("observation").value = String(index);
		this.table = new Table(observation, (row) => this.goRow(row));
		this.chart = showTimes(observation, ({from, to}) =>
			this.filters.set({...this.filters.state, from, to}));
		this.filters = new Filters(observation, (state) => {
			this.table.list(this.filters.rows());
			this.chart?.update(state);
			showCount(this.table, observation);
		});
		this.filters.set({});
		this.title();
		showNotices(observation);
		showSummary(observation, choose);
		showLatencies(observation);
		showRules(observation, (rule) => this.go(`rule.${rule.slug}`));
		showFiles(observation);
		showNodes(observation);
		part("registrations").hidden = !observation.registrations.length &&
			!observation.total();
	}

	title() {
		const {captures, version} = this.observation.summary;
		const names = captures.map(({file}) => fileName(file));
		const firsts = captures.map(({first}) => first)
			.filter((time) => time !== null);
		const lasts = captures.map(({last}) => last)
			.filter((time) => time !== null);
		const few = names.length > 3
			? `${names.slice(0, 2).join(", ")} and ${names.length - 2} more`
			: names.join(", ");
		document.title = `${few} - IMS registrations`;
		fill("subject", h("strong", {}, few), firsts.length > 0 &&
		     ` ${moment(Math.min(...firsts))} to ` +
		     `${moment(Math.max(...lasts))} UTC`);
		fill("footer", `Written by imsleuth ${version}.`);
	}

	/* The place in the address: "r12", "rule.cx_user_unknown"; where there
	   are several reports with ".2" behind it, for the third. */
	go(place) {
		const suffix = place && this.sections.length > 1
			? `.${this.shown}` : "";
		location.hash = place ? `${place}${suffix}` : "";
	}

	goRow(row) {
		this.go(`r${row.id}`);
	}

	/* Shows what the address names. */
	follow() {
		const place = /^#(?:r(\d+)|rule\.(\w+))(?:\.(\d+))?$/
			.exec(location.hash);
		const index = Number(place?.[3] ?? Math.max(0, this.shown));
		this.show(index < this.sections.length ? index : 0);
		const row = this.observation.registrationById.get(Number(place?.[1]));
		const rule = this.observation.rules.get(place?.[2]);
		if (row)
			this.open(registrationView(
				this.observation, row, this.table,
				(other) => this.goRow(other)), row);
		else if (rule)
			this.open(ruleView(this.observation, rule,
					   (other) => this.goRow(other)), null);
		else if (part("panel").open)
			part("panel").close();
	}

	open(view, row) {
		const panel = part("panel");
		this.opened = row ?? this.opened;
		fill("panel", view);
		document.documentElement.classList.add("has-panel");
		if (!panel.open)
			panel.showModal();
		panel.querySelector(".panel-body").focus({preventScroll: true});
		panel.querySelector(".panel-body").scrollTop = 0;
	}

	closed() {
		const rule = /^#rule\.(\w+)/.exec(location.hash)?.[1];
		document.documentElement.classList.remove("has-panel");
		part("panel").replaceChildren();
		history.replaceState(null, "", location.href.split("#")[0]);
		if (rule)
			document.querySelector(`[data-rule="${rule}"]`)?.focus();
		else if (this.opened)
			this.table.focus(this.opened);
		this.opened = null;
	}
}

new Page(document.querySelectorAll("[data-observation]"));
