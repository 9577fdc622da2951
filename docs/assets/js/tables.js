// A table that is wider than the page scrolls; this lets the keyboard reach it (WCAG 2.1.1).
addEventListener("load", () => {
  for (const frame of document.querySelectorAll(".md-typeset__scrollwrap")) {
    frame.tabIndex = 0;
    frame.setAttribute("role", "region");
    frame.setAttribute("aria-label", "Tabelle");
  }
});
