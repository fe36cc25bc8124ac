// What is wrong is read first, also in browsers where "autofocus" means nothing for what is no field.
(() => {
  const errors = document.getElementById("errors");
  if (errors) errors.focus();
})();
