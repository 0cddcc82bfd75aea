/** In place of a choice among servers, as there is one: where the calls go, and the page to try the model. */
export function toWhere({ createElement }: SwaggerUi['React'], api: string): unknown {
  return createElement(
    'p',
    { className: 'where' },
    'Calls go to ',
    createElement('code', null, api),
    '. Execute sends what is filled in: the example of the model. ',
    createElement('a', { href: api }, 'A page to try it with sliders'),
    '.',
  );
}
