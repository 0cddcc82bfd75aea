import { createHash } from 'node:crypto';
import { type Content, staticContent } from '../http/content.ts';

/** The style and script that a page contains. */
export interface PageCode {
  readonly style: string;
  /** It may call the API that the page came from. */
  readonly script: string;
}

interface PageOptions {
  /** Whether it also loads styles and scripts from where it came from. */
  readonly hasFiles?: boolean;
}

/** A page that posts nothing, stands in no frame, asks nobody else, and runs what stands in it alone, or beside it. */
export function pageContent(
  html: string,
  { style, script }: PageCode,
  { hasFiles = false }: PageOptions = {},
): Content {
  const files = hasFiles ? " 'self'" : '';
  const policy = [
    "default-src 'none'",
    `style-src ${toSource(style)}${files}`,
    `script-src ${toSource(script)}${files}`,
    "connect-src 'self'",
    'img-src data:',
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
