/** The global of Swagger UI's script: github.com/swagger-api/swagger-ui/blob/master/docs/usage/configuration.md */
declare const SwaggerUIBundle: (options: SwaggerOptions) => SwaggerUi;

interface SwaggerOptions {
  readonly url: string;
  readonly domNode: Element | null;
  /** Null for no validator. By default, the page sends the document's address to one at swagger.io. */
  readonly validatorUrl: null;
  /** The default theme shows numbers with too little contrast. */
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
