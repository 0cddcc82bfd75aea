/** What Swagger UI shows without a name, which a screen reader would only call by its kind. */
const names = [
  ['textarea', 'Request body'],
  ['.examples-select-element', 'Example'],
] as const;

/** Names such controls whenever one appears, and lets the keyboard scroll what is longer than its box. */
export function nameControls(root: Element): void {
  const improve = () => {
    for (const [selector, name] of names) {
      for (const control of root.querySelectorAll(`${selector}:not([aria-label])`)) control.setAttribute('aria-label', name);
    }
    for (const box of root.querySelectorAll('pre.microlight:not([tabindex])')) box.setAttribute('tabindex', '0');
  };
  new MutationObserver(improve).observe(root, { childList: true, subtree: true });
}
