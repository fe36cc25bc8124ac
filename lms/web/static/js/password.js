// A button beside each password that shows what was typed; hidden again before it is sent, so that browsers save it as one.
(() => {
  for (const input of document.querySelectorAll("input[data-show]")) {
    const box = document.createElement("div"), button = document.createElement("button");
    const show = shown => {
      input.type = shown ? "text" : "password";
      button.textContent = shown ? input.dataset.hide : input.dataset.show;
    };
    box.className = "secret";
    button.className = "secret__show";
    button.type = "button";
    button.setAttribute("aria-controls", input.id);
    button.addEventListener("click", () => { show(input.type === "password"); input.focus(); });
    input.form.addEventListener("submit", () => show(false));
    input.replaceWith(box);
    box.append(input, button);
    show(false);
  }
})();
