import { createHash } from 'node:crypto';
import { type Content, staticContent } from '../http/content.ts';

/** The style and script that a page contains. */
export interface PageCode {
  readonly style: string;
  /** It may call only the API that the page came from. */
  readonly script: string;
}

interface PageOptions {
  /** Whether the page also loads styles and scripts from its own origin. */
  readonly hasFiles?: boolean;
}

/**
 * Returns a page with a content security policy. The page can submit no form and be shown in no frame. It calls only
 * its own origin, and runs only its own style and script and, if it has files, those of its origin.
 */
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
