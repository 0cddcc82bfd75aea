import { expect } from 'chai';
import { parseManifest } from '../../functions/core/model/manifest.ts';
import { toDocsPage } from '../../functions/predict/openapi/docs-page.ts';
import { type RouteLike, toOpenApi } from '../../functions/predict/openapi/openapi.ts';
import { csv } from '../../functions/predict/protocols/csv.ts';
import { encodeProblem, native } from '../../functions/predict/protocols/native.ts';
import { readManifest } from '../helpers/files.ts';
import { manifestOf, regressorManifest } from '../helpers/manifest.ts';

const table: readonly RouteLike[] = [
  { method: 'POST', path: '/predict', protocols: [native, csv], encodeError: encodeProblem },
  { method: 'GET', path: '/model', encodeError: encodeProblem },
  { method: 'GET', path: '/v2/models/{model}/versions/{version}', encodeError: encodeProblem },
];
const iris = parseManifest(readManifest());
const page = toDocsPage(toOpenApi(iris, table));
const decode = (html: string) => html.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));

describe('toDocsPage', () => {
  it('shows the model and every route', () => {
    expect(page).to.include('<title>iris 1.0.0</title>').and.include(iris.description);
    expect(page).to.include('<b>POST</b> <code>/predict</code>').and.include('<b>GET</b> <code>/model</code>');
    expect(page).to.include('<code>/v2/models/{model}/versions/{version}</code>');
  });

  it('says where there was no original to compare with', () => {
    const uncompared = { ...iris, parity: null };
    expect(toDocsPage(toOpenApi(uncompared, table))).to.include('were not compared with those of an original');
    expect(page).not.to.include('were not compared');
  });

  it('gives calls to copy', () => {
    const text = decode(page);
    expect(text).to.include('API=&lt;address&gt;');
    expect(text).to.include(`curl "$API/predict" -H 'content-type: application/json' --data-raw '[5,3.4,1.5,0.2]'`);
    expect(text).to.include(
      `-H 'content-type: text/csv' --data-raw 'sepal_length,sepal_width,petal_length,petal_width\n5,3.4,1.5,0.2'`,
    );
    expect(text).to.include('curl "$API/v2/models/iris/versions/1.0.0"');
  });

  it('writes schemas short, and links the names in them to what they stand for', () => {
    expect(page).to.include('<code>[number, number, number, number]</code>');
    const links = Array.from(page.matchAll(/href="#([^"]+)"/g), ([, id]) => id);
    expect(links).to.include.members(['schema-Problem', 'schema-PredictRequest']);
    for (const id of links) expect(page).to.include(`id="${id}"`);
    expect(toDocsPage(toOpenApi(regressorManifest(), table))).to.include('{ &#34;value&#34;: number }');
  });

  it('shows the categories of a feature, the first where there are many', () => {
    const pageOf = (count: number) => {
      const categories = Array.from({ length: count }, (_, index) => `c${index}`);
      const manifest = manifestOf([{ name: 'a', dtype: 'string', nullable: true, categories, unknown: 'rejected' }]);
      return decode(toDocsPage(toOpenApi(manifest, table)));
    };
    const unpublished = manifestOf([{ name: 'a', dtype: 'string', nullable: true, categories: null }]);
    expect(decode(toDocsPage(toOpenApi(unpublished, table)))).to.include('"a": string | null }');
    expect(pageOf(2)).to.include('"a": "c0" | "c1" | "" | null }');
    expect(pageOf(5000)).to.include('"c18" | "c19" | … 4982 more }').and.not.include('"c20"');
  });

  it('has no script and loads nothing', () => {
    expect(page).not.to.match(/https?:\/\/|src=|<script|<link|@import|url\(|\son\w+=/i);
  });

  it('shows names as they are, whatever they are', () => {
    const hostile = `<script>alert("it's")</script>`;
    const image = '</style><img src=x>';
    const named = parseManifest({
      ...manifestOf([{ name: hostile, dtype: 'string', categories: [hostile], unknown: 'rejected' }]),
      description: hostile,
      classes: [hostile, image],
      examples: [
        { instances: [[hostile]], predictions: [{ label: hostile, probabilities: { [hostile]: 1, [image]: 0 } }] },
      ],
    });
    const hostilePage = toDocsPage(toOpenApi(named, table));
    expect(hostilePage).not.to.match(/<script|<img|alert\("/);
    expect(hostilePage).to.include(`<p>&#60;script&#62;`);
    // A quote ends the shell's own and begins it again.
    expect(decode(hostilePage)).to.include(`--data-raw '["<script>alert(\\"it'\\''s\\")</script>"]'`);
  });
});
