/** What Swagger UI shows without a name, which a screen reader would only call by its kind. */
const names = [
  ['textarea', 'Request body'],
  ['.examples-select-element', 'Example'],
] as const;

/** Names such controls whenever one appears, and lets the keyboard scroll what is longer than its box. */
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
