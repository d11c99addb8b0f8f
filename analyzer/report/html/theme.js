/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Light or dark: as the system has it, until the button says otherwise. */
const darkSystem = matchMedia("(prefers-color-scheme: dark)");

function isDark() {
	const chosen = document.documentElement.dataset.theme;
	return chosen ? chosen === "dark" : darkSystem.matches;
}

function labelTheme() {
	part("theme").textContent = isDark() ? "Light" : "Dark";
	part("theme").setAttribute(
		"aria-label", isDark() ? "Switch to light colours"
				       : "Switch to dark colours");
}

function startTheme() {
	part("theme").addEventListener("click", () => {
		document.documentElement.dataset.theme =
			isDark() ? "light" : "dark";
		labelTheme();
	});
	darkSystem.addEventListener("change", labelTheme);
	labelTheme();
}
