import { createHash } from 'node:crypto';
import { type Content, staticContent } from './content.ts';

/** A page that has no script, loads nothing, posts nothing, stands in no frame, and is styled by `style` alone. */
export function pageContent(html: string, style: string): Content {
  const hash = createHash('sha256').update(style).digest('base64');
  const policy = [
    "default-src 'none'",
    `style-src 'sha256-${hash}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  const page = staticContent(html, 'text/html; charset=utf-8');
  return { ...page, headers: { ...page.headers, 'content-security-policy': policy.join('; ') } };
}
