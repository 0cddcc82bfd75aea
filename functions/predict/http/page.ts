import { createHash } from 'node:crypto';
import { type Content, staticContent } from './content.ts';

/** What a page is styled and run by. */
export interface PageCode {
  readonly style: string;
  /** It may call the API that the page came from; a page without one can call nothing. */
  readonly script?: string;
}

/** A page that loads nothing, posts nothing, stands in no frame, and runs what stands in it alone. */
export function pageContent(html: string, { style, script }: PageCode): Content {
  const policy = [
    "default-src 'none'",
    `style-src ${toSource(style)}`,
    ...(script === undefined ? [] : [`script-src ${toSource(script)}`, "connect-src 'self'", 'img-src data:']),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  const page = staticContent(html, 'text/html; charset=utf-8');
  return { ...page, headers: { ...page.headers, 'content-security-policy': policy.join('; ') } };
}

function toSource(code: string): string {
  return `'sha256-${createHash('sha256').update(code).digest('base64')}'`;
}
