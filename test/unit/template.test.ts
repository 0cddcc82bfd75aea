import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { brokenRules, readTemplate, resolveTemplate } from '../helpers/cloudformation.ts';
import {
  ofType,
  readMetricReferences,
  readQueries,
  readQueryLinks,
  readWidgets,
  unknownIds,
} from '../helpers/dashboard.ts';
import {
  readAnchors,
  readDocumentedAccessLogFields,
  readDocumentedAwsMetrics,
  readDocumentedLogFields,
  readDocumentedMetrics,
} from '../helpers/operations.ts';

const template = readTemplate();
const { Parameters: parameters } = template;
const text = readFileSync('template.yaml', 'utf8');

/** The sections of the template's text from `from` to `to`: the title in `== title ==`, and the names under it. */
function readSections(from: string, to: string): readonly (readonly [string, readonly string[]])[] {
  const [, ...sections] = text.slice(text.indexOf(from), text.indexOf(to)).split('  # == ');
  return sections.map((section) => {
    const [title = ''] = section.split(' ==');
    return [title, Array.from(section.matchAll(/^ {2}(\w+):$/gm), ([, name = '']) => name)];
  });
}

describe('the sections of the template', () => {
  it('of parameters are the groups that the console shows, in the same order', () => {
    const groups = template.Metadata?.['AWS::CloudFormation::Interface']?.ParameterGroups ?? [];
    expect(readSections('\nParameters:', '\nRules:')).to.deep.equal(
      groups.map(({ Label, Parameters }) => [Label.default, Parameters]),
    );
  });

  it('hold every resource, and are listed at the top', () => {
    const sections = readSections('\nResources:', '\nOutputs:');
    expect(sections.flatMap(([, names]) => names)).to.have.members(Object.keys(template.Resources));
    const listed = Array.from(text.matchAll(/^# {3}(\S.*?) {2,}/gm), ([, title]) => title);
    expect([...new Set(sections.map(([title]) => title.replace(/:.*/, '')))]).to.deep.equal(listed);
  });
});

describe('the parameters', () => {
  const groups = template.Metadata?.['AWS::CloudFormation::Interface']?.ParameterGroups ?? [];

  it('are all in exactly one group', () => {
    expect(groups.flatMap((group) => group.Parameters).sort()).to.deep.equal(Object.keys(parameters).sort());
  });

  for (const [name, parameter] of Object.entries(parameters)) {
    it(`${name} has a description, a limit, and an error that names it`, () => {
      const { AllowedPattern, AllowedValues, MinValue } = parameter;
      expect(parameter.Description).to.match(/^.{20,}\.$/);
      expect(AllowedPattern ?? AllowedValues ?? MinValue, 'a limit').not.to.equal(undefined);
      expect(parameter.ConstraintDescription).to.match(new RegExp(`^${name} must `));
    });

    it(`${name} has a default that it allows`, () => {
      const { Default, AllowedPattern = '', AllowedValues, MinValue = -Infinity, MaxValue = Infinity } = parameter;
      expect(String(Default)).to.match(new RegExp(AllowedPattern));
      if (AllowedValues) expect(AllowedValues).to.include(Default);
      if (parameter.Type === 'Number') expect(Number(Default)).to.be.within(MinValue, MaxValue);
    });
  }

  const refused = {
    ModelName: ['', '../iris', 'a/b', '.iris', '-iris'],
    Release: ['2026-01-30', 'a.b', 'elevenchars'],
    CorsOrigins: ['example.com', 'https://a.example, https://b.example', 'https://a.example/', '*,https://a.example'],
    JwtIssuer: ['http://issuer.example', 'issuer'],
    AlarmEmail: ['nobody', 'a b@example.com'],
    CaptureRate: ['0.0', '1.5', '-1', '.5', '10%'],
    ProvisionedConcurrency: ['', '-1', '01', '1.5'],
    DomainName: ['https://predict.example.com', 'predict', 'Predict.example.com', 'predict.example.com/'],
    CertificateArn: ['certificate', 'arn:aws:iam::123456789012:server-certificate/a'],
    SubnetIds: ['sg-0a1b', 'subnet-0a1b, subnet-0a1c', 'subnet-'],
    SecurityGroupIds: ['subnet-0a1b', 'sg-0a1b;sg-0a1c'],
    BatchBucket: ['s3://tables', 'Tables', 'tables/'],
    BatchInputs: [
      'tables',
      '*',
      'arn:aws:s3:::*',
      'arn:aws:s3:::tables',
      'arn:aws:s3:::t*/x',
      'arn:aws:s3:::a/*, arn:aws:s3:::b/*',
    ],
  };
  for (const [name, values] of Object.entries(refused)) {
    it(`${name} refuses ${values.map((value) => JSON.stringify(value)).join(', ')}`, () => {
      const pattern = new RegExp(parameters[name]?.AllowedPattern ?? '');
      expect(values.filter((value) => pattern.test(value))).to.deep.equal([]);
    });
  }

  it('CorsOrigins accepts * and origins', () => {
    const values = ['*', 'https://a.example', 'https://a.example,http://localhost:3000'];
    for (const value of values) expect(value).to.match(new RegExp(parameters.CorsOrigins?.AllowedPattern ?? '$^'));
  });
});

describe('batch', () => {
  const added = (values: Record<string, string>) => {
    const off = Object.keys(resolveTemplate(template, {}).Resources);
    return Object.keys(resolveTemplate(template, { Batch: 'on', ...values }).Resources).filter(
      (name) => !off.includes(name),
    );
  };
  const bucket = ['TablesBucket', 'TablesBucketPolicy'];

  it('adds nothing if it is off, and a bucket only if none is given', () => {
    expect(Object.keys(resolveTemplate(template, {}).Outputs).join()).not.to.include('Batch');
    const parts = added({ BatchBucket: 'ours' });
    expect(parts).to.include.members(['BatchFunction', 'BatchRole', 'BatchStateMachine', 'BatchFailedAlarm']);
    expect(parts).not.to.include.members(bucket);
    expect(added({})).to.have.members([...parts, ...bucket]);
    expect(added({ Tracing: 'Active' })).to.include('BatchTracesPolicy');
  });

  it('does not change the API', () => {
    const [off, on] = [{}, { Batch: 'on' }].map((values) => resolveTemplate(template, values).Resources);
    for (const name of Object.keys(off ?? {}).filter((some) => some !== 'Dashboard'))
      expect(on?.[name], name).to.deep.equal(off?.[name]);
  });

  const rightsOf = (role: string, values: Record<string, string> = {}) => {
    const { Resources: resources } = resolveTemplate(template, { Batch: 'on', ...values });
    const policies = Object.values(resources).filter(({ Properties }) =>
      JSON.stringify(Properties.Roles ?? []).includes(`"${role}"`),
    );
    const documents = [
      ...(resources[role]?.Properties.Policies ?? []),
      ...policies.map(({ Properties }) => Properties),
    ];
    return documents.flatMap(({ PolicyDocument }) => PolicyDocument.Statement) as {
      Action: unknown;
      Resource: unknown;
    }[];
  };

  it('lets the state machine invoke its function, start and continue its children, and deliver its log', () => {
    const [invoke, logs, start, watch, ...rest] = rightsOf('BatchStatesRole');
    expect(rest).to.deep.equal([]);
    expect(invoke).to.include({ Action: 'lambda:InvokeFunction' });
    expect(invoke?.Resource).to.deep.equal({ Ref: 'BatchFunction.Alias' });
    expect(String(logs?.Action)).to.match(/^logs:CreateLogDelivery(,logs:\w+){7}$/);
    expect(start).to.deep.include({ Action: 'states:StartExecution', Resource: { Ref: 'BatchStateMachine' } });
    expect(watch?.Action).to.deep.equal(['states:DescribeExecution', 'states:RedriveExecution']);
    for (const resource of [watch?.Resource].flat())
      expect(resource).to.include(':execution:$' + '{BatchStateMachine.Name}');
  });

  it('lets its function read only the given inputs, and write only into the bucket', () => {
    const inputs = 'arn:aws:s3:::a/*,arn:aws:s3:::b/day/*';
    const statements = rightsOf('BatchRole', { BatchBucket: 'ours', BatchInputs: inputs });
    const [, objects, list, others, ...rest] = statements;
    expect(rest).to.deep.equal([]);
    expect(objects?.Resource).to.equal('arn:aws:s3:::ours/*');
    expect(list).to.deep.include({ Action: 's3:ListBucket', Resource: 'arn:aws:s3:::ours' });
    expect(others).to.deep.include({ Action: 's3:GetObject', Resource: inputs.split(',') });
  });
});

describe('the rules', () => {
  it('refuse JWT without issuer or audience, and name the missing one', () => {
    const [issuer, audience, ...rest] = brokenRules(template, { Authorization: 'JWT' });
    expect(issuer).to.match(/^JwtIssuer must be given/);
    expect(audience).to.match(/^JwtAudience must be given/);
    expect(rest).to.deep.equal([]);
    expect(brokenRules(template, { Authorization: 'JWT', JwtIssuer: 'https://issuer.example' })).to.deep.equal([
      audience,
    ]);
  });

  it('accept the other kinds of authorization, and JWT with issuer and audience', () => {
    const complete = { Authorization: 'JWT', JwtIssuer: 'https://issuer.example', JwtAudience: 'sepal' };
    for (const values of [{}, { Authorization: 'AWS_IAM' }, complete])
      expect(brokenRules(template, values)).to.deep.equal([]);
  });
});

describe('the metrics of the dashboard and the alarms', () => {
  const references = readMetricReferences(template);
  const documented = [
    ...readDocumentedMetrics().map((metric) => ({ namespace: 'Sepal', ...metric })),
    ...readDocumentedAwsMetrics(),
  ];
  const key = ({ namespace, metric, dimensions }: { namespace: string; metric: string; dimensions: string[] }) =>
    `${namespace} ${metric} (${dimensions})`;

  it('are in the tables of docs/operations.md, with the same dimensions', () => {
    expect([...new Set(references.map(key))].sort()).to.deep.equal(documented.map(key).sort());
  });

  it('have the units of the tables if they state one', () => {
    const units = new Map(documented.map((metric) => [key(metric), metric.unit]));
    const stated = references.filter(({ unit }) => unit);
    expect(stated).to.have.lengthOf.above(3);
    for (const reference of stated) expect(reference.unit, reference.where).to.equal(units.get(key(reference)));
  });

  it('have every id that metric math uses', () => {
    expect(unknownIds(template)).to.deep.equal([]);
  });

  it('are those of this stack, model, API and alias', () => {
    const pairs = readWidgets(template)
      .flatMap(({ properties }) => properties.metrics ?? [])
      .flatMap((metric) => metric.filter((part) => typeof part === 'string').slice(2))
      .reduce(
        (all, part, index, parts) => (index % 2 ? all.add(`${parts[index - 1]}=${part}`) : all),
        new Set<string>(),
      );
    const named = [...pairs].map((pair) => pair.replace(/\$\{([^}]+)\}/, '<$1>'));
    expect(named.sort()).to.deep.equal([
      'ApiId=<Api>',
      'ApiName=<AWS::StackName>',
      'FunctionName=<BatchFunction>',
      'FunctionName=<PredictFunction>',
      'Resource=<BatchFunction>:live',
      'Resource=<PredictFunction>:live',
      'StateMachineArn=<BatchStateMachine>',
      'model=<ModelName>',
      'service=<AWS::StackName>',
    ]);
  });
});

describe('the dashboard', () => {
  it('has widgets without gaps and overlaps', () => {
    const cells = readWidgets(template).flatMap(({ x, y, width, height }) =>
      Array.from({ length: width * height }, (_, cell) => `${x + (cell % width)} ${y + Math.floor(cell / width)}`),
    );
    const rows = Math.max(...readWidgets(template).map(({ y, height }) => y + height));
    expect(new Set(cells).size)
      .to.equal(cells.length)
      .and.to.equal(24 * rows);
  });
});

describe('the alarms', () => {
  const alarms = ofType(template, 'AWS::CloudWatch::Alarm');

  it('are all on the dashboard', () => {
    const shown = readWidgets(template).flatMap(({ properties }) => properties.alarms ?? []);
    expect(shown.sort()).to.deep.equal(alarms.map(([name]) => `\${${name}.Arn}`).sort());
  });

  it('are drawn beside the metrics that they compare, computed in the same way', () => {
    const drawn = readWidgets(template).filter(({ properties }) => properties.annotations);
    const limits = drawn.flatMap(({ properties: { title, annotations } }) =>
      (annotations?.horizontal ?? []).map(({ label, value }) => `${title}: ${label} ${value}`),
    );
    expect(limits).to.deep.equal([
      'Failed requests: alarm 5',
      `Request latency, in the function: alarm ${parameters.LatencyAlarmMs?.Default}`,
      'Drift: population stability index per feature: look 0.1',
      'Drift: population stability index per feature: changed 0.25',
      `Rows unlike the training data: alarm ${parameters.OutOfRangeAlarmPercent?.Default}`,
    ]);
    const rates: { Id: string; Expression?: string }[] = template.Resources.ErrorRateAlarm?.Properties.Metrics;
    const widget = drawn.find(({ properties }) => properties.title === 'Failed requests')?.properties.metrics ?? [];
    for (const { Id: id, Expression: expression } of rates) {
      const [term] = widget.flat().filter((part) => typeof part === 'object' && part.id === id);
      expect((term as { expression?: string }).expression, id).to.equal(expression);
    }
  });

  for (const [name, { Properties: properties }] of alarms) {
    it(`${name} links to its runbook and does not fire if data is missing`, () => {
      const description = properties.AlarmDescription['Fn::Sub'] ?? properties.AlarmDescription;
      const [, anchor] = description.match(/docs\/operations\.md#(\S+)$/) ?? [];
      expect(readAnchors()).to.include(anchor);
      expect(properties.TreatMissingData).to.equal('notBreaching');
    });

    it(`${name} sends mail if there is an address`, () => {
      const actions = (given: Record<string, string>) =>
        resolveTemplate(template, { Batch: 'on', ...given }).Resources[name]?.Properties.AlarmActions;
      expect(actions({})).to.equal(undefined);
      expect(actions({ AlarmEmail: 'team@example.com' })).to.deep.equal([{ Ref: 'AlarmTopic' }]);
    });
  }
});

describe('the rate of errors', () => {
  const alarm = template.Resources.ErrorRateAlarm?.Properties;
  const expressions: readonly { Id: string; Expression?: string }[] = alarm.Metrics;

  /** Evaluates metric math as JavaScript, which has the same syntax once the functions of metric math are defined. */
  function evaluate(id: string, measured: Readonly<Record<string, number>>): number {
    const expression = expressions.find(({ Id }) => Id === id)?.Expression;
    if (expression === undefined) return measured[id] ?? Number.NaN;
    const ids = expressions.map(({ Id }) => Id).filter((other) => new RegExp(`\\b${other}\\b`).test(expression));
    const functions = {
      IF: (condition: boolean, one: number, other: number) => (condition ? one : other),
      FILL: (value: number, filling: number) => (Number.isNaN(value) ? filling : value),
    };
    const compute = new Function(...Object.keys(functions), ...ids, `return ${expression}`);
    return compute(...Object.values(functions), ...ids.map((other) => evaluate(other, measured)));
  }

  const cases: [string, Record<string, number>, number][] = [
    ['nothing if no request failed', { invocations: 200, lines: 200 }, 0],
    ['answers with a 5xx status', { invocations: 200, lines: 200, faults: 20 }, 10],
    ['crashes and timeouts', { invocations: 200, lines: 180, failures: 20 }, 10],
    ['nothing for direct invocations with bad input', { invocations: 200, lines: 200, failures: 100 }, 0],
    [
      'only the crashes among crashes and invocations with bad input',
      { invocations: 200, lines: 190, failures: 110 },
      5,
    ],
    ['a direct invocation with a fault only once', { invocations: 200, lines: 200, faults: 20, failures: 20 }, 10],
    ['an environment that never answers', { invocations: 200, failures: 200 }, 100],
    ['nothing for log lines that arrive late', { invocations: 200, lines: 10 }, 0],
    ['nothing for log lines of other versions', { invocations: 100, lines: 150, failures: 30 }, 0],
  ];
  for (const [what, measured, percent] of cases) {
    it(`counts ${what}`, () => expect(evaluate('rate', measured)).to.equal(percent));
  }
});

describe('the logs', () => {
  it('are kept for the days that the stack is told', () => {
    const groups = ofType(template, 'AWS::Logs::LogGroup');
    expect(groups).to.have.length(4);
    for (const [name, { Properties }] of groups)
      expect(Properties.RetentionInDays, name).to.deep.equal({ Ref: 'LogRetentionInDays' });
  });
});

describe('the queries', () => {
  const queries = readQueries(template);
  const accessLog = JSON.parse(template.Resources.Api?.Properties.AccessLogSettings.Format);

  it('use only fields that the logs have', () => {
    const documented: Record<string, string[]> = {
      PredictLogGroup: readDocumentedLogFields(),
      ApiLogGroup: readDocumentedAccessLogFields(),
    };
    for (const { name, logGroup, fields } of queries) expect(documented[logGroup], name).to.include.members(fields);
    expect(queries.flatMap(({ fields }) => fields)).to.include.members([
      'duration_ms',
      'error.stack',
      'integration_error',
    ]);
  });

  it('show every stage of a slow request', () => {
    const slowest = queries.find(({ name }) => name === 'SlowestQuery');
    const stages = readDocumentedLogFields().filter((field) => field.endsWith('_ms'));
    expect(slowest?.fields).to.include.members(stages);
  });

  it("are the same as those that the dashboard's links open", () => {
    expect(readQueryLinks(template)).to.deep.equal(Object.fromEntries(queries.map(({ name, text }) => [name, text])));
  });

  it('find an access log with the documented fields', () => {
    expect(Object.keys(accessLog).sort()).to.deep.equal(readDocumentedAccessLogFields().sort());
    expect(Object.values(accessLog)).to.include.members([
      '$context.requestId',
      '$context.responseLatency',
      '$context.integrationErrorMessage',
    ]);
  });
});
