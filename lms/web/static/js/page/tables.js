// Says above a table that it goes on beside the screen, as long as that is so. Its shadow says it without a script.
(() => {
  const text = document.currentScript.dataset.sideways;
  const look = () => document.querySelectorAll(".scroll").forEach(box => {
    let line = box.previousElementSibling;
    if (!line || !line.matches(".sideways")) {
      line = document.createElement("p");
      line.className = "sideways small soft no-print";
      line.textContent = text;
      box.before(line);
    }
    line.hidden = box.scrollWidth <= box.clientWidth + 1;
  });
  if (!text) return;
  look();
  addEventListener("resize", look);
  document.addEventListener("toggle", look, true);
})();
