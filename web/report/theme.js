// Colours come from the style sheet, so that the page and its pictures change together.
const dark = window.matchMedia('(prefers-color-scheme: dark)');
let printing = false;

export function onTheme(redraw) {
  dark.addEventListener('change', redraw);
  window.addEventListener('beforeprint', () => { setPrinting(true); redraw(); });
  window.addEventListener('afterprint', () => { setPrinting(false); redraw(); });
  let width = window.innerWidth;
  let timer = 0;
  window.addEventListener('resize', () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (window.innerWidth !== width && !printing) {
        width = window.innerWidth;
        redraw();
      }
    }, 120);
  });
}

// Paper is white whatever the screen; pictures get the width of a page before the browser lays it out.
function setPrinting(on) {
  printing = on;
  document.documentElement.classList.toggle('printing', on);
}

export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

export function widthOf(element) {
  return printing ? 940 : Math.max(280, element.parentElement.clientWidth);
}

export const font = 'system-ui, -apple-system, "Segoe UI", "Liberation Sans", sans-serif';

export function designColour(report, design) {
  if (design.bound) {
    return colour('bound');
  }

  const rank = report.designs.filter(other => !other.bound).indexOf(design);
  return colour(`line-${rank % 9}`);
}
