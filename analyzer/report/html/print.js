/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * On paper: the panel alone where one is open, else the page with all rows
 * that are listed, as far as anybody would print them.
 */
function startPrint(table) {
	const print = (isPrinting) => {
		table().print(isPrinting);
		redrawAll(isPrinting);
	};
	addEventListener("beforeprint", () => print(true));
	addEventListener("afterprint", () => print(false));
}
