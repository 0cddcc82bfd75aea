import { expect } from 'chai';
import { brokenRules, readTemplate, resolveTemplate, type Template, type Values } from '../helpers/cloudformation.ts';
import { allowed, type Doors, everyChoice, nameOf, refused, toParameters } from '../helpers/door-choices.ts';

const template = readTemplate();

describe('the doors', () => {
  it('are allowed or refused in every combination', () => {
    const named = [...allowed, ...Object.keys(refused)];
    expect(named.sort()).to.deep.equal(everyChoice.map(nameOf).sort());
  });

  for (const choice of everyChoice) {
    const name = nameOf(choice);
    const reasons = refused[name] ?? [];
    it(`${name}: ${reasons.length > 0 ? 'refused with its reasons' : 'allowed'}`, () => {
      const broken = brokenRules(template, toParameters(choice));
      expect(broken.length, broken.join('\n')).to.equal(reasons.length);
      for (const reason of reasons)
        expect(
          broken.filter((text) => reason.test(text)),
          String(reason),
        ).to.have.length(1);
    });
  }

  it('refuse an open URL if Authorization is set, which does not protect it', () => {
    const [broken] = brokenRules(template, { HttpApi: 'off', FunctionUrl: 'NONE', Authorization: 'AWS_IAM' });
    expect(broken).to.match(/^FunctionUrl=NONE lets everybody in, whatever Authorization says/);
  });
});

describe('the resources of a door', () => {
  const parts: Record<string, (choice: Doors) => boolean> = {
    Api: ({ http }) => http !== 'off',
    ApiLogGroup: ({ http }) => http !== 'off',
    ApiPermission: ({ http }) => http !== 'off',
    GatewayQuery: ({ http }) => http !== 'off',
    Url: ({ url }) => url !== 'off',
    UrlPermission: ({ url }) => url === 'NONE',
    UrlInvokePermission: ({ url }) => url === 'NONE',
    KeyedApi: ({ rest }) => rest !== 'off',
    KeyedApiPermission: ({ rest }) => rest !== 'off',
    UsagePlan: ({ rest }) => rest !== 'off',
    Key: ({ rest }) => rest !== 'off',
    KeyInPlan: ({ rest }) => rest !== 'off',
  };
  const outputs: Record<string, (choice: Doors) => boolean> = {
    ApiUrl: ({ http }) => http !== 'off',
    Docs: ({ http }) => http !== 'off',
    Curl: ({ http }) => http !== 'off',
    AccessLogGroup: ({ http }) => http !== 'off',
    FunctionUrlAddress: ({ url }) => url !== 'off',
    RestApiUrl: ({ rest }) => rest !== 'off',
    RestApiKey: ({ rest }) => rest !== 'off',
    RestApiUsagePlan: ({ rest }) => rest !== 'off',
  };

  for (const choice of everyChoice.filter((some) => allowed.includes(nameOf(some)))) {
    it(`are all there, with its outputs and without those of other doors: ${nameOf(choice)}`, () => {
      const stack = resolveTemplate(template, toParameters(choice));
      const expected = (of: typeof parts) => Object.keys(of).filter((name) => of[name]?.(choice));
      expect(
        Object.keys(stack.Resources)
          .filter((name) => name in parts)
          .sort(),
      ).to.deep.equal(expected(parts).sort());
      expect(
        Object.keys(stack.Outputs)
          .filter((name) => name in outputs)
          .sort(),
      ).to.deep.equal(expected(outputs).sort());
      expect(missing(stack)).to.deep.equal([]);
    });
  }
});

describe('every route', () => {
  const open = ['/health', '/ping', '/v2/health/{proxy+}'];
  const routesOf = (name: string, values: Values) => {
    const { paths } = resolveTemplate(template, values).Resources[name]?.Properties.DefinitionBody ?? {};
    const entries = Object.entries(paths as Record<string, Record<string, { security?: unknown }>>);
    return Object.fromEntries(
      entries.map(([path, methods]) => {
        expect(Object.keys(methods), path).to.deep.equal(['x-amazon-apigateway-any-method']);
        return [path, methods['x-amazon-apigateway-any-method']?.security];
      }),
    );
  };
  const locked = (security: unknown) => ({
    '/': security,
    '/{proxy+}': security,
    ...Object.fromEntries(open.map((path) => [path, undefined])),
  });

  it('of the REST API needs a key, except the health checks', () => {
    expect(routesOf('KeyedApi', { HttpApi: 'off', RestApi: 'API_KEY' })).to.deep.equal(locked([{ key: [] }]));
    const body = template.Resources.KeyedApi?.Properties.DefinitionBody;
    expect(body['x-amazon-apigateway-api-key-source']).to.equal('HEADER');
    expect(body.components.securitySchemes.key).to.deep.equal({ type: 'apiKey', name: 'x-api-key', in: 'header' });
  });

  it('of the HTTP API declares its path parameter, because imports require that', () => {
    const { paths } = template.Resources.Api?.Properties.DefinitionBody ?? {};
    for (const [path, methods] of Object.entries<Record<string, { parameters?: object[] }>>(paths)) {
      const declared = methods['x-amazon-apigateway-any-method']?.parameters;
      expect(declared, path).to.deep.equal(
        path.endsWith('{proxy+}') ? [{ name: 'proxy+', in: 'path', required: true }] : undefined,
      );
    }
  });

  for (const [authorization, security] of Object.entries({ NONE: [], AWS_IAM: [{ iam: [] }], JWT: [{ jwt: [] }] })) {
    it(`of the HTTP API is protected with Authorization=${authorization}`, () => {
      expect(routesOf('Api', { Authorization: authorization })).to.deep.equal(locked(security));
    });
  }
});

describe('an open function URL', () => {
  it('has both permissions, only for calls through the URL', () => {
    const { Resources: resources } = resolveTemplate(template, { HttpApi: 'off', FunctionUrl: 'NONE' });
    const alias = { Ref: 'PredictFunction.Alias' };
    expect(resources.UrlPermission?.Properties).to.deep.equal({
      ...{ FunctionName: alias, Principal: '*' },
      ...{ Action: 'lambda:InvokeFunctionUrl', FunctionUrlAuthType: 'NONE' },
    });
    expect(resources.UrlInvokePermission?.Properties).to.deep.equal({
      ...{ FunctionName: alias, Principal: '*' },
      ...{ Action: 'lambda:InvokeFunction', InvokedViaFunctionUrl: true },
    });
  });
});

describe('pages of other origins', () => {
  const corsOf = (values: Values) => {
    const { Resources: resources } = resolveTemplate(template, values);
    const gateway = resources.Api?.Properties.DefinitionBody['x-amazon-apigateway-cors'];
    return { gateway, url: resources.Url?.Properties.Cors, own: resources.PredictFunction?.Properties.Environment };
  };

  it('get the same CORS headers from the HTTP API and the function URL, and none from the function', () => {
    const origins = ['https://a.example', 'https://b.example'];
    const { gateway, url, own } = corsOf({ FunctionUrl: 'AWS_IAM', CorsOrigins: origins.join() });
    expect(gateway.allowOrigins).to.deep.equal(origins);
    const lowered = Object.entries(url).map(([name, value]) => [name.replace(/^./, (a) => a.toLowerCase()), value]);
    expect(Object.fromEntries(lowered)).to.deep.equal(gateway);
    expect(own.Variables).not.to.have.property('CORS_ORIGINS');
  });

  it('get no CORS headers if no origin is configured', () => {
    expect(corsOf({ FunctionUrl: 'AWS_IAM' })).to.include({ gateway: undefined, url: undefined });
  });
});

describe('the other rules of the template', () => {
  const certificate = 'arn:aws:acm:us-east-1:123456789012:certificate/0a1b';
  const cases: [Values, RegExp | undefined][] = [
    [{ SnapStart: 'on' }, undefined],
    [{ SnapStart: 'on', ProvisionedConcurrency: '1' }, /SnapStart or provisioned concurrency, not both/],
    [{ DomainName: 'predict.example.com' }, /^DomainName and CertificateArn must be given together/],
    [{ CertificateArn: certificate }, /^DomainName and CertificateArn must be given together/],
    [{ DomainName: 'predict.example.com', CertificateArn: certificate }, undefined],
    [
      { DomainName: 'predict.example.com', CertificateArn: certificate, HttpApi: 'off', FunctionUrl: 'NONE' },
      /^DomainName is for HttpApi and RestApi, which are off/,
    ],
    [{ SubnetIds: 'subnet-0a1b' }, /^SubnetIds and SecurityGroupIds must be given together/],
    [{ SecurityGroupIds: 'sg-0a1b' }, /^SubnetIds and SecurityGroupIds must be given together/],
    [{ SubnetIds: 'subnet-0a1b,subnet-0a1c', SecurityGroupIds: 'sg-0a1b' }, undefined],
    [{ CorsOrigins: '*' }, undefined],
    [{ CorsOrigins: '*', HttpApi: 'off', RestApi: 'API_KEY' }, /^CorsOrigins is for HttpApi and FunctionUrl/],
  ];
  for (const [values, reason] of cases) {
    const given = Object.entries(values).map(([name, value]) => `${name}=${value}`);
    it(`${reason ? 'refuse' : 'accept'} ${given.join(' ')}`, () => {
      const broken = brokenRules(template, values);
      expect(broken).to.have.length(reason ? 1 : 0);
      if (reason) expect(broken[0]).to.match(reason);
    });
  }

  it('SnapStart, VPC and domain add nothing if they are off, and their resources if they are on', () => {
    const off = resolveTemplate(template, {}).Resources;
    expect(off.PredictFunction?.Properties).not.to.include.any.keys('SnapStart', 'VpcConfig');
    expect(off).not.to.include.any.keys('VpcPolicy', 'Domain', 'DomainMapping');
    const vpc = { SubnetIds: 'subnet-0a1b,subnet-0a1c', SecurityGroupIds: 'sg-0a1b' };
    const on = resolveTemplate(template, { SnapStart: 'on', DomainName: 'a.example', Batch: 'on', ...vpc }).Resources;
    const VpcConfig = { SubnetIds: ['subnet-0a1b', 'subnet-0a1c'], SecurityGroupIds: ['sg-0a1b'] };
    expect(on.PredictFunction?.Properties).to.deep.include({ SnapStart: { ApplyOn: 'PublishedVersions' }, VpcConfig });
    expect(on.BatchFunction?.Properties).to.deep.include({ VpcConfig });
    expect(on.VpcPolicy?.Properties.Roles).to.deep.equal([{ Ref: 'PredictRole' }, { Ref: 'BatchRole' }]);
    expect(on.DomainMapping?.Properties).to.deep.include({ ApiId: { Ref: 'Api' }, Stage: { Ref: 'Api.Stage' } });
    const keyed = { HttpApi: 'off', RestApi: 'API_KEY', DomainName: 'a.example' };
    const { DomainMapping: mapping } = resolveTemplate(template, keyed).Resources;
    expect(mapping?.Properties).to.deep.include({ ApiId: { Ref: 'KeyedApi' }, Stage: { Ref: 'KeyedApi.Stage' } });
  });
});

/** Resources that are referred to but missing. CloudFormation would refuse the stack. */
function missing({ Resources: resources, Outputs: outputs }: Template): string[] {
  const text = JSON.stringify([resources, outputs]);
  const named = [...text.matchAll(/"Ref":"(\w+)|"Fn::GetAtt":\["(\w+)|\$\{(\w+)/g)].flatMap(([, ...names]) => names);
  return named.filter((name) => name && name in template.Resources && !(name in resources));
}
