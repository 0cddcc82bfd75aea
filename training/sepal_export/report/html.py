"""The elements of the page, which is one file without dependencies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape


def document(title: str, parts: Sequence[str]) -> str:
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(parts)
        + "\n</main>\n</body>\n</html>\n"
    )


def section(title: str, content: str) -> str:
    return f"<section>\n<h2>{title}</h2>\n{content}\n</section>"


def grid(parts: Iterable[str]) -> str:
    return f"<div class=grid>\n{''.join(parts)}</div>\n"


def figure(picture: str, caption: str, mark: str = "") -> str:
    return f"<figure{mark}>\n{picture}\n<figcaption>{caption}</figcaption>\n</figure>\n"


def table(
    names: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    numbers: Sequence[int] = (),
    text: Sequence[int] = (),
    note: str = "",
) -> str:
    """Cells are HTML. Columns in `numbers` are right-aligned; those in `text` may wrap."""
    marks = [
        " class=number" if index in numbers else " class=text" if index in text else "" for index in range(len(names))
    ]

    def line(cells: Sequence[str], tag: str) -> str:
        return "".join(f"<{tag}{mark}>{cell}</{tag}>" for mark, cell in zip(marks, cells, strict=True))

    body = "".join(f"<tr>{line(row, 'td')}</tr>\n" for row in rows)
    caption = f"<p class=quiet>{note}</p>" if note else ""
    return (
        f"<div class=wide tabindex=0><table>\n<thead><tr>{line(names, 'th')}</tr></thead>\n<tbody>\n{body}</tbody>\n"
        f"</table></div>{caption}\n"
    )


STYLE = """
:root { color-scheme: light dark; --page: #fff; --ink: #1f2328; --muted: #59636e; --line: #d5d8dd; --accent: #0550ae; }
@media (prefers-color-scheme: dark) {
  :root { --page: #0d1117; --ink: #e6edf3; --muted: #9198a1; --line: #3a3f47; --accent: #79b8ff; }
}
* { box-sizing: border-box; }
body { background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; margin: 0; }
main { max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; overflow-wrap: anywhere; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 1rem 0 0.5rem; }
h2 { font-size: 1.2rem; margin: 0 0 0.75rem; }
h1 small, dd small { color: var(--muted); font-weight: normal; }
p { margin: 0 0 0.75rem; max-width: 44rem; }
.quiet, figcaption, dt { color: var(--muted); font-size: 0.875rem; }
section { border-top: 1px solid var(--line); margin-top: 2.5rem; padding-top: 1.5rem; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(10rem, 1fr)); gap: 1rem; margin: 1.5rem 0 0; }
.facts dd { font-size: 1.5rem; font-variant-numeric: tabular-nums; margin: 0; }
.facts small { font-size: 0.875rem; }
.grid { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); gap: 2rem 2.5rem; }
.grid.small { grid-template-columns: repeat(auto-fill, minmax(min(100%, 13rem), 1fr)); gap: 1.25rem 1.5rem; }
figure { margin: 0; max-width: 28rem; }
figcaption { margin-top: 0.25rem; }
.small figure { max-width: 17rem; }
.grid .wide { margin-top: 0; }
.beside {
  display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); gap: 0.5rem 2.5rem;
  max-width: none;
}
.beside svg, .beside figcaption { max-width: 28rem; }
svg { display: block; width: 100%; height: auto; font-family: system-ui, sans-serif; }
.wide { overflow-x: auto; margin: 1.25rem 0; }
table { border-collapse: collapse; font-size: 0.875rem; font-variant-numeric: tabular-nums; }
th { color: var(--muted); font-weight: normal; text-align: left; }
th, td {
  border-bottom: 1px solid var(--line); padding: 0.3rem 1.25rem 0.3rem 0; vertical-align: top; white-space: nowrap;
}
.text { min-width: 6rem; overflow-wrap: anywhere; white-space: normal; }
.number { text-align: right; }
@media (max-width: 30rem) { th, td { padding-right: 0.75rem; } }
th:last-child, td:last-child { padding-right: 0; }
code { font: 0.8125rem ui-monospace, monospace; }
"""
