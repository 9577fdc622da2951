// A table that is wider than a phone, or than a desk at twice the size, stands there row by row, each cell under the name
// of its column; elsewhere one that is wider than the page scrolls, and the keyboard reaches it (WCAG 2.1.1).
addEventListener("load", () => {
  const narrow = matchMedia("(max-width: 45rem)");
  const roles = { TABLE: "table", THEAD: "rowgroup", TBODY: "rowgroup", TR: "row", TH: "columnheader", TD: "cell" };
  const frames = [...document.querySelectorAll(".md-typeset__scrollwrap")];
  for (const frame of frames) {
    const heads = [...frame.querySelectorAll("thead th")].map((head) => head.textContent.trim());
    for (const one of frame.querySelectorAll("table, table *")) if (roles[one.tagName]) one.setAttribute("role", roles[one.tagName]);
    for (const cell of frame.querySelectorAll("tbody td")) {
      cell.classList.toggle("leer", !cell.hasChildNodes());
      if (heads[cell.cellIndex]) cell.dataset.spalte = heads[cell.cellIndex];
    }
    frame.setAttribute("role", "region");
    frame.setAttribute("aria-label", "Tabelle");
  }
  const fit = () => {
    for (const frame of frames) frame.classList.remove("untereinander");
    for (const frame of frames.filter((one) => one.scrollWidth > one.clientWidth)) frame.classList.toggle("untereinander", narrow.matches);
    for (const frame of frames) frame.tabIndex = frame.scrollWidth > frame.clientWidth ? 0 : -1;
  };
  addEventListener("resize", fit);
  fit();
});
