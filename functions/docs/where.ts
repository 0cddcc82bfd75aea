/**
 * Replaces Swagger UI's choice of servers, because there is only one: says where calls go, and links to the playground.
 * `api` is the address that calls go to.
 */
export function toWhere({ createElement }: SwaggerUi['React'], api: string): unknown {
  return createElement(
    'p',
    { className: 'where' },
    'Calls go to ',
    createElement('code', null, api),
    ". The button Execute sends what the fields contain. At first, they contain the model's example. ",
    createElement('a', { href: api }, 'Try the model with sliders'),
    '.',
  );
}
