/** What its script leaves in the window: github.com/swagger-api/swagger-ui/blob/master/docs/usage/configuration.md */
declare const SwaggerUIBundle: (options: SwaggerOptions) => SwaggerUi;

interface SwaggerOptions {
  readonly url: string;
  readonly domNode: Element | null;
  /** Null for none: by default it asks one at swagger.io. */
  readonly validatorUrl: null;
  /** Its default has numbers that are hard to read. */
  readonly syntaxHighlight: { readonly theme: string };
  readonly tryItOutEnabled: boolean;
  readonly displayRequestDuration: boolean;
  readonly defaultModelsExpandDepth: number;
  readonly plugins: readonly ((system: SwaggerUi) => SwaggerPlugin)[];
  onComplete(): void;
}

interface SwaggerUi {
  readonly React: { createElement(type: unknown, properties: object | null, ...children: unknown[]): unknown };
  readonly layoutActions: { show(thing: readonly string[], isShown: boolean): void };
}

interface SwaggerPlugin {
  readonly components: Readonly<Record<string, (properties: object) => unknown>>;
}
