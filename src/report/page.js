/*
 * Search and filter of the page of `-o html`. Without it everything is there to read.
 *
 * Rows carry data-owner, findings data-severity; whatever is of one overlay stands in an element
 * with data-overlay. An element is shown where owner or severity, overlay and text all fit.
 */
"use strict";
(function () {
  const form = document.getElementById("filter");
  const rows = Array.from(document.querySelectorAll("[data-owner]"));
  const findings = Array.from(document.querySelectorAll("[data-severity]"));
  const objects = Array.from(document.querySelectorAll("details.object"));
  const groups = Array.from(document.querySelectorAll("[data-group]"));
  const tally = form.querySelector("output");
  const opened = new Set(objects.filter((object) => object.open));
  const texts = new Map(); /* lower-case text by element, made when it is first asked for */

  function textOf(element) {
    let text = texts.get(element);
    if (text === undefined) {
      text = element.textContent.toLowerCase();
      texts.set(element, text);
    }
    return text;
  }

  function checked(name) {
    const boxes = form.querySelectorAll("input[name=" + name + "]:checked");
    return new Set(Array.from(boxes, (box) => box.value));
  }

  /* What is asked for; "words" must all be in a row, or in the heading above it. */
  function wanted() {
    const overlay = form.elements.overlay;
    return {
      words: form.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean),
      overlay: overlay ? overlay.value : "",
      owners: checked("owner"),
      severities: checked("severity"),
    };
  }

  function inOverlay(element, want) {
    const of = element.closest("[data-overlay]");
    return want.overlay === "" || (of !== null && of.dataset.overlay === want.overlay);
  }

  function hasWords(want, element, heading) {
    const above = heading ? textOf(heading) : "";
    return want.words.every((word) => textOf(element).includes(word) || above.includes(word));
  }

  function showObject(object, want) {
    const heading = object.firstElementChild;
    const mine = object.querySelectorAll("[data-owner]");
    const whole = want.owners.has(object.dataset.whole || "") && hasWords(want, heading, null);
    let shown = 0;
    for (const row of mine) {
      row.hidden = !want.owners.has(row.dataset.owner) || !hasWords(want, row, heading);
      shown += row.hidden ? 0 : 1;
    }
    object.hidden = !inOverlay(object, want) || (shown === 0 && !whole);
    object.open = want.words.length > 0 ? shown > 0 : opened.has(object);
    return object.hidden ? 0 : shown;
  }

  function apply() {
    const want = wanted();
    let shown = 0;
    for (const finding of findings) {
      finding.hidden =
        !want.severities.has(finding.dataset.severity) ||
        !inOverlay(finding, want) ||
        !hasWords(want, finding, null);
    }
    for (const object of objects) {
      shown += showObject(object, want);
    }
    for (const group of groups) {
      group.hidden = group.querySelector("[data-leaf]:not([hidden])") === null;
    }
    tally.textContent = shown + " of " + rows.length + " rows";
  }

  let timer = 0;
  function later() {
    clearTimeout(timer);
    timer = setTimeout(apply, 120);
  }

  form.addEventListener("input", later);
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    apply();
  });
  form.addEventListener("reset", function () {
    setTimeout(apply, 0);
  });
  document.documentElement.classList.add("live");
  apply();
})();
