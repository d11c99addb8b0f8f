/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was read, and the nodes that were found in it. */
function captureRow(capture) {
	const figure = (n) => h("td", {class: "figure"}, count(n));
	return h("tr", {},
		 h("th", {scope: "row", class: "wire", title: capture.file},
		   fileName(capture.file),
		   h("small", {}, [capture.format, capture.compression,
				   capture.links.join(", "), bytes(capture.bytes)]
				   .filter(Boolean).join(", "))),
		 h("td", {}, capture.first === null ? "" : moment(capture.first),
		   h("small", {}, capture.first === null ? "" :
		     `for ${duration(capture.last - capture.first)}` +
		     (capture.clock_offset ? `, clock corrected by ` +
		      `${duration(capture.clock_offset)}` : ""))),
		 [capture.packets, capture.sip, capture.diameter, capture.tls,
		  capture.esp, capture.undecoded, capture.dropped].map(figure));
}

function showFiles(observation) {
	const heads = ["Packets", "SIP", "Diameter", "TLS", "ESP", "Undecoded",
		       "Dropped"];
	fill("files", h("div", {class: "wide"}, h("table", {class: "plain"},
		h("thead", {}, h("tr", {}, h("th", {scope: "col"}, "Capture"),
			h("th", {scope: "col"}, "Begins"),
			heads.map((text) => h("th", {scope: "col", class: "figure"},
					      text)))),
		h("tbody", {}, observation.summary.captures.map(captureRow)))));
}

function showNodes(observation) {
	const {nodes, n_nodes: n, ues} = observation.summary;
	const rank = ({roles}) => roles.length ? ROLES.indexOf(roles[0])
					       : ROLES.length;
	const sorted = [...nodes].sort((a, b) => rank(a) - rank(b));
	if (!nodes.length && !ues) {
		fill("nodes");
		return;
	}
	fill("nodes", h("table", {class: "plain"},
		h("thead", {}, h("tr", {}, ["Address", "Roles", "Names"].map(
			(text) => h("th", {scope: "col"}, text)))),
		h("tbody", {}, sorted.map((node) => h("tr", {},
			h("td", {}, node.address),
			h("td", {}, node.roles.join(", ") || "unknown",
			  node.confidence === "likely" && h("small", {}, "likely")),
			h("td", {class: "wire"}, node.names.join(", ")))))),
	     n > nodes.length && h("p", {class: "hint"},
				   `And ${counted(n - nodes.length, "node")} more.`),
	     ues > 0 && h("p", {class: "hint"}, `And ${counted(ues, "UE")}.`));
}
