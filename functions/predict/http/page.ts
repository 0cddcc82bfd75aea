import { createHash } from 'node:crypto';
import { type Content, staticContent } from './content.ts';

/** The style and script that a page contains. */
export interface PageCode {
  readonly style: string;
  /** The script may call the API that served the page. A page without a script can call nothing. */
  readonly script?: string;
}

/**
 * A page whose content security policy allows only its own inline style and script: it cannot load resources, send
 * forms or be framed.
 */
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
