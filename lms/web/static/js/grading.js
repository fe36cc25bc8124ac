// One key per criterion, all at one level, comments at the caret, and the sum while one judges.
(() => {
  const form = document.getElementById("mark");
  const sum = document.getElementById("sum");
  const rows = [...form.querySelectorAll(".levels")];
  const feedback = form.elements.feedback;
  let isChanged = Boolean(document.querySelector("[data-unsaved]"));

  function add() {
    if (!sum) return;
    const picked = rows.map(row => row.querySelector(":checked"));
    const left = picked.filter(one => !one).length;
    const { text, most, best } = sum.dataset;
    const late = form.elements.late_deduction;
    const cost = late ? Math.min(100, parseFloat(late.value.replace(",", ".")) || 0) : sum.dataset.cost;
    const earned = picked.reduce((all, one) => all + (one ? Number(one.dataset.points) : 0), 0);
    const score = (earned / Number(best)) * Number(most) * (1 - Number(cost) / 100);
    const say = number => new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 2 }).format(number);
    sum.textContent = left ? sum.dataset.left.replace("{n}", left) : text.replace("{points}", say(score)).replace("{most}", say(Number(most)));
  }

  function goTo(row) {
    const target = row ? row.querySelector(":checked") || row.querySelector("input") : form.elements.points || feedback;
    target.focus({ preventScroll: true });
    return target.closest("fieldset, .field");
  }

  function changed() { isChanged = true; add(); }

  function pickAll(level) {
    for (const row of rows) row.querySelectorAll("input")[level].checked = true;
    changed();
  }

  function putIn(text) {
    const { selectionStart: from, selectionEnd: to, value } = feedback;
    const gap = from && !/\s/.test(value[from - 1]) ? " " : "";
    feedback.setRangeText(gap + text, from, to, "end");
    feedback.focus();
    changed();
  }

  const alls = [...form.querySelectorAll(".all button")];
  form.addEventListener("click", event => {
    const button = event.target.closest("button");
    if (!button) return;
    const level = alls.indexOf(button);
    if (level < 0 && !button.matches(".bank__one")) return;
    event.preventDefault();
    if (level < 0) putIn(button.textContent);
    else pickAll(level);
  });
  // Before anything was typed, the caret of a field that was never entered stands at its start.
  feedback.setSelectionRange(feedback.value.length, feedback.value.length);

  document.addEventListener("input", event => { if (event.target.form === form) changed(); });
  form.addEventListener("submit", () => { isChanged = false; });
  document.addEventListener("keydown", event => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.form === form) {
      event.preventDefault();
      document.querySelector(".grade__end button[form]").click();
      return;
    }
    const digit = /^(Digit|Numpad)[1-9]$/.test(event.code) ? Number(event.code.slice(-1)) : 0;
    if (!digit || event.ctrlKey || event.altKey || event.metaKey) return;
    const isTyping = event.target.matches("textarea, input:not([type=radio]):not([type=checkbox]), select");
    if (event.shiftKey) {
      if (isTyping || !alls[digit - 1]) return;
      event.preventDefault();
      pickAll(digit - 1);
      return;
    }
    const at = rows.findIndex(row => row.contains(event.target));
    const level = at < 0 ? null : rows[at].querySelectorAll("input")[digit - 1];
    if (!level) return;
    event.preventDefault();
    level.click();
    goTo(rows[at + 1]).scrollIntoView({ block: "nearest" });
  });
  addEventListener("beforeunload", event => {
    if (!isChanged) return;
    event.preventDefault();
    event.returnValue = ""; // what older browsers ask for
  });
  add();
  const keys = document.getElementById("keys");
  if (keys && matchMedia("(min-width: 60rem) and (pointer: fine)").matches) {
    keys.hidden = false;
    if (!location.hash && !document.querySelector(".field--error")) goTo(rows[0]);
  }
})();
