/* One key per criterion, and the sum while one judges. */
(() => {
  const form = document.getElementById("mark");
  const sum = document.getElementById("sum");
  const rows = [...form.querySelectorAll("fieldset")];
  let isChanged = false;

  function add() {
    const picked = rows.map((row) => row.querySelector(":checked"));
    if (!sum || picked.some((one) => !one)) return;
    const { text, most, best, cost } = sum.dataset;
    const earned = picked.reduce((all, one) => all + Number(one.dataset.points), 0);
    const score = (earned / Number(best)) * Number(most) * (1 - Number(cost) / 100);
    const say = (number) => new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 2 }).format(number);
    sum.textContent = text.replace("{points}", say(score)).replace("{most}", say(Number(most)));
  }

  function goTo(row) {
    const target = row ? row.querySelector(":checked") || row.querySelector("input") : form.elements.points || form.elements.feedback;
    target.focus({ preventScroll: true });
    return target.closest("fieldset, .field");
  }

  form.addEventListener("input", () => { isChanged = true; add(); });
  form.addEventListener("submit", () => { isChanged = false; });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.querySelector(".grade__end button").click();
      return;
    }
    const at = rows.findIndex((row) => row.contains(event.target));
    const level = at < 0 ? null : rows[at].querySelectorAll("input")[Number(event.key) - 1];
    if (!level || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    level.click();
    goTo(rows[at + 1]).scrollIntoView({ block: "nearest" });
  });
  addEventListener("beforeunload", (event) => {
    if (!isChanged) return;
    event.preventDefault();
    event.returnValue = ""; // what older browsers ask for
  });
  add();
  const keys = document.getElementById("keys");
  if (keys && matchMedia("(min-width: 60rem) and (pointer: fine)").matches) {
    keys.hidden = false;
    if (!form.querySelector(".field--error")) goTo(rows[0]);
  }
})();
