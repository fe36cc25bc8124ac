// The button says how many are chosen, and "choose all" needs no new page.
(() => {
  const form = document.querySelector("form[data-count]");
  const count = form && form.querySelector("[data-chosen]");
  if (!count) return;
  const boxes = [...form.querySelectorAll("input[type=checkbox]")];
  const show = () => { count.textContent = boxes.filter(box => box.checked).length; };
  form.addEventListener("change", show);
  form.querySelector("[data-all]").addEventListener("click", event => {
    event.preventDefault();
    const all = boxes.every(box => box.checked);
    boxes.forEach(box => { box.checked = !all; });
    show();
  });
  count.parentElement.hidden = false;
  show();
})();
