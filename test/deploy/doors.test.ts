import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { brokenRules, type Template } from '../helpers/cloudformation.ts';
import { allowed, everyChoice, nameOf, refused, toParameters } from '../helpers/door-choices.ts';
import { createStack } from './create-stack.ts';
import { readOutputs } from './outputs.ts';
import { buildOnce, copy, deploy, readExpanded } from './rehearsed.ts';
import { Stack } from './stack.ts';
import { expectSuccess, run } from './terminal.ts';

/** Values that turn on all doors, and with them a custom domain, SnapStart, a VPC, tracing and CORS. */
const all = {
  ...toParameters({ http: 'JWT', url: 'AWS_IAM', rest: 'API_KEY' }),
  CorsOrigins: 'https://a.example,https://b.example',
  DomainName: 'predict.example.com',
  CertificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/0a1b',
  SnapStart: 'on',
  SubnetIds: 'subnet-0a1b,subnet-0a1c',
  SecurityGroupIds: 'sg-0a1b',
  Tracing: 'Active',
};

describe('sam deploy, with every door', () => {
  let template: Template;
  let stack: Stack;

  before(async () => {
    await buildOnce();
    // The stand-in cannot create a REST API. So this only transforms the template, and createStack makes the stacks.
    expectSuccess(await deploy('default --stack-name sepal-doors --no-execute-changeset', all));
    template = readExpanded('sepal-doors');
    stack = new Stack(template, all);
  });

  it('outputs the address of each door', async () => {
    await createStack('doors-all', template, all);
    const outputs = await readOutputs('doors-all');
    expect(outputs).to.include.keys('ApiUrl', 'FunctionUrlAddress', 'RestApiUrl', 'RestApiKey', 'DomainTarget');
  });

  it('connects each door to the alias', () => {
    const alias = { Ref: 'PredictFunctionAliaslive' };
    expect(stack.one('AWS::Lambda::Url').Properties).to.deep.include({ TargetFunctionArn: alias, AuthType: 'AWS_IAM' });
    const permissions = stack.all('AWS::Lambda::Permission').map(([, { Properties }]) => Properties);
    expect(permissions.map(({ FunctionName }) => FunctionName)).to.deep.equal([alias, alias]);
    for (const type of ['AWS::ApiGatewayV2::Api', 'AWS::ApiGateway::RestApi'] as const)
      for (const [path, { uri }] of Object.entries(stack.routesOf(type)))
        expect(uri, path).to.match(/\$\{PredictFunction\.Arn\}:live\/invocations$/);
  });

  it('requires a key on every route of the REST API except the health checks, and throttles each key', () => {
    const routes = Object.entries(stack.routesOf('AWS::ApiGateway::RestApi'));
    const shut = routes.filter(([, { security }]) => JSON.stringify(security) === '[{"key":[]}]').map(([path]) => path);
    const open = routes.filter(([, { security }]) => security === undefined).map(([path]) => path);
    expect(shut.sort()).to.deep.equal(['/', '/{proxy+}']);
    expect(open.sort()).to.deep.equal(['/health', '/ping', '/v2/health/{proxy+}']);
    const { ApiStages, Throttle } = stack.one('AWS::ApiGateway::UsagePlan').Properties;
    expect(ApiStages).to.deep.equal([{ ApiId: { Ref: 'KeyedApi' }, Stage: { Ref: 'KeyedApiliveStage' } }]);
    expect(Throttle).to.deep.equal({ RateLimit: 10, BurstLimit: 20 });
    expect(stack.one('AWS::ApiGateway::Stage').Properties.MethodSettings[0]).to.include({ ThrottlingRateLimit: 50 });
  });

  it('turns on SnapStart, and connects the function to the VPC', () => {
    expect(Object.fromEntries(stack.all('AWS::Lambda::Function')).PredictFunction?.Properties).to.deep.include({
      SnapStart: { ApplyOn: 'PublishedVersions' },
      VpcConfig: { SubnetIds: ['subnet-0a1b', 'subnet-0a1c'], SecurityGroupIds: ['sg-0a1b'] },
    });
  });

  it('maps the custom domain to the HTTP API', () => {
    expect(stack.one('AWS::ApiGatewayV2::ApiMapping').Properties).to.deep.equal({
      ApiId: { Ref: 'Api' },
      DomainName: { Ref: 'Domain' },
      Stage: { Ref: 'ApiApiGatewayDefaultStage' },
    });
  });

  it('passes checkov', async () => {
    const { KeyedApi: api, KeyedApiliveStage: stage } = stack.template.Resources;
    // The template says at the API which checks are skipped. SAM does not copy this to the stage, which checkov checks.
    const resources = { ...stack.template.Resources, KeyedApiliveStage: { ...api, ...stage } };
    const file = join(copy, 'doors.json');
    writeFileSync(file, JSON.stringify({ ...stack.template, Resources: resources }, null, 1));
    const outcome = await run(`test/lint/check ${file}`, process.cwd());
    for (const resource of ['Stage.KeyedApiliveStage', 'Policy.VpcPolicy'])
      expect(outcome.output).to.match(new RegExp(`PASSED for resource: AWS::\\w+::${resource}`));
    expectSuccess(outcome);
  });

  const urls = { http: 'ApiUrl', url: 'FunctionUrlAddress', rest: 'RestApiUrl' } as const;

  for (const choice of everyChoice) {
    const name = nameOf(choice);
    if (allowed.includes(name)) {
      it(`creates a stack with the doors ${name}`, async () => {
        const own = `doors-${name.replaceAll(', ', '-').replaceAll('_', '-')}`;
        await createStack(own, template, toParameters(choice));
        const outputs = await readOutputs(own);
        for (const [door, output] of Object.entries(urls))
          expect(output in outputs, output).to.equal(choice[door as keyof typeof urls] !== 'off');
      });
    } else {
      it(`refuses the doors ${name}, and says why`, () => {
        const broken = brokenRules(template, toParameters(choice));
        for (const reason of refused[name] ?? []) expect(broken.join('\n')).to.match(new RegExp(reason, 'm'));
        expect(broken).not.to.deep.equal([]);
      });
    }
  }
});
