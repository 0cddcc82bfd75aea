/** Names for controls that Swagger UI leaves without one. A screen reader would only say what kind of control it is. */
const names = [
  ['textarea', 'Request body'],
  ['.examples-select-element', 'Example'],
] as const;

/** Names such controls whenever one appears. Makes code focusable, so that the keyboard can scroll a long block. */
export function nameControls(root: Element): void {
  const improve = () => {
    for (const [selector, name] of names) setMissing(root, selector, 'aria-label', name);
    setMissing(root, 'pre.microlight', 'tabindex', '0');
  };
  new MutationObserver(improve).observe(root, { childList: true, subtree: true });
}

function setMissing(root: Element, selector: string, attribute: string, value: string): void {
  for (const element of root.querySelectorAll(`${selector}:not([${attribute}])`))
    element.setAttribute(attribute, value);
}
