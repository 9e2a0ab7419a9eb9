// Runs before the first paint, so that a chosen dark theme never flashes white.
(function () {
  let theme = null;
  try {
    theme = localStorage.getItem("theme");
  } catch {
    // Storage may be forbidden; the system's theme is then used.
  }
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
})();
