import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { brokenRules, type Template } from '../helpers/cloudformation.ts';
import { describeBatch, expectPredictions, putObject, putTable, runJob } from './batch-job.ts';
import { type ContainerLambda, startContainers } from './containers.ts';
import { buildOnce, copy, deploy, readDefaults, readExpanded, readProdParameters } from './rehearsed.ts';
import { actionsOf, isPushed, Stack } from './stack.ts';
import { type Answer, expectSuccess, type Outcome, run, runOnTerminal } from './terminal.ts';

/** The placeholder of a resource in a text. CloudFormation would replace it by the resource's value. */
const reference = (name: string) => `\${${name}}`;

/** The logical id of the version that the stack publishes of the function. */
function versionOf(expanded: Template): string {
  const [version, ...others] = Object.entries(expanded.Resources).filter(
    ([name, { Type }]) => Type === 'AWS::Lambda::Version' && name.startsWith('Predict'),
  );
  expect(others).to.deep.equal([]);
  return version?.[0] ?? '';
}

/** Tests that hold for all values of the parameters. */
function itIsWired(stack: () => Stack, name: string): void {
  it('lets only the API invoke the alias', () => {
    expect(stack().one('AWS::Lambda::Permission').Properties).to.deep.equal({
      FunctionName: { Ref: 'PredictFunctionAliaslive' },
      Action: 'lambda:InvokeFunction',
      Principal: 'apigateway.amazonaws.com',
      SourceArn: `arn:aws:execute-api:us-east-1:123456789012:${reference('Api')}/*`,
    });
  });

  it('integrates every route with the alias', () => {
    const lambda = 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions';
    const uris = Object.values(stack().routesOf('AWS::ApiGatewayV2::Api')).map(({ uri }) => uri);
    expect(new Set(uris)).to.deep.equal(new Set([`${lambda}/${reference('PredictFunction.Arn')}:live/invocations`]));
  });

  it('points the alias at the published version', () => {
    const { Properties } = stack().one('AWS::Lambda::Alias');
    const [version = ''] = Object.keys(Object.fromEntries(stack().all('AWS::Lambda::Version')));
    expect(Properties.Name).to.equal('live');
    expect(Properties.FunctionVersion).to.deep.equal({ 'Fn::GetAtt': [version, 'Version'] });
  });

  it('pushed the image that the function names', () => {
    const { ImageUri: uri } = stack().one('AWS::Lambda::Function').Properties.Code;
    expect(uri).to.match(new RegExp(`\\.dkr\\.ecr\\.us-east-1\\.amazonaws\\.com/${name.replace('-', '')}[0-9a-f]{8}/`));
    expect(isPushed(uri)).to.equal(true);
  });

  it('writes the logs of the function and of the API to the log groups of the template', () => {
    expect(stack().one('AWS::Lambda::Function').Properties.LoggingConfig).to.deep.equal({
      LogGroup: { Ref: 'PredictLogGroup' },
    });
    const { AccessLogSettings: settings } = stack().one('AWS::ApiGatewayV2::Stage').Properties;
    expect(settings.DestinationArn).to.deep.equal({ 'Fn::GetAtt': ['ApiLogGroup', 'Arn'] });
    expect(JSON.parse(settings.Format)).to.include({ integration_error: '$context.integrationErrorMessage' });
    expect(
      stack()
        .all('AWS::Logs::LogGroup')
        .map(([group]) => group),
    ).to.have.members(['PredictLogGroup', 'ApiLogGroup']);
  });

  it('has alarms that watch only its own alias, service and model', () => {
    const dimensions = stack()
      .all('AWS::CloudWatch::Alarm')
      .flatMap(([, { Properties }]) => [
        Properties,
        ...(Properties.Metrics ?? []).map((m: { MetricStat?: { Metric: unknown } }) => m.MetricStat?.Metric ?? {}),
      ])
      .flatMap((metric) => metric.Dimensions ?? []);
    expect(new Set(dimensions.map((dimension) => JSON.stringify(dimension)))).to.deep.equal(
      new Set(
        [
          { Name: 'service', Value: { Ref: 'AWS::StackName' } },
          { Name: 'model', Value: 'iris' },
          { Name: 'FunctionName', Value: { Ref: 'PredictFunction' } },
          { Name: 'Resource', Value: `${reference('PredictFunction')}:live` },
        ].map((dimension) => JSON.stringify(dimension)),
      ),
    );
  });

  it('allows the resource * only for X-Ray and in policies of keys, and attaches no managed policies', () => {
    const wild = stack().statements.filter(({ statement }) => [statement.Resource].flat().includes('*'));
    for (const { name: holder, type, statement } of wild)
      expect(
        type === 'AWS::KMS::Key' || actionsOf(statement).every((action) => action.startsWith('xray:')),
        holder,
      ).to.equal(true);
    for (const [role, { Properties }] of stack().all('AWS::IAM::Role'))
      expect(Properties, role).not.to.have.property('ManagedPolicyArns');
  });
}

const open = ['/health', '/ping', '/v2/health/{proxy+}'];
const shut = ['/', '/{proxy+}'];

function itAuthorizes(stack: () => Stack, security: object[]): void {
  it('applies Authorization to every route except the health checks', () => {
    const routes = stack().routesOf('AWS::ApiGatewayV2::Api');
    expect(Object.keys(routes).sort()).to.deep.equal([...open, ...shut].sort());
    for (const path of open) expect(routes[path], path).not.to.have.property('security');
    for (const path of shut) expect(routes[path]?.security, path).to.deep.equal(security);
  });
}

function functionActions(stack: Stack): string[] {
  const own = stack.statements.filter(({ name }) => ['PredictRole', 'TracesPolicy', 'CapturePolicy'].includes(name));
  return own.flatMap(({ statement }) => actionsOf(statement)).sort();
}

describe('sam deploy', () => {
  before(buildOnce);

  describe('--guided, answered with Enter', () => {
    let outcome: Outcome;
    let stack: Stack;

    before(async () => {
      const answers: Answer[] = [
        [/Deploy this changeset\? \[y\/N\]: $/, 'y'],
        [/(\[.*\]: )$/, ''],
      ];
      outcome = await runOnTerminal('sam deploy --guided', copy, answers);
      stack = new Stack(readExpanded('sepal'), {});
    });

    it('succeeds, and says where the API and the dashboard are', () => {
      expectSuccess(outcome);
      expect(outcome.output).to.include('Successfully created/updated stack - sepal in us-east-1');
      for (const output of ['ApiUrl', 'Curl', 'FunctionName', 'DashboardUrl'])
        expect(outcome.output).to.match(new RegExp(`Key +${output}\\b`));
    });

    it('asks for each parameter', () => {
      for (const name of Object.keys(stack.template.Parameters))
        expect(outcome.output).to.include(`Parameter ${name} [`);
    });

    itIsWired(() => stack, 'sepal');
    itAuthorizes(() => stack, []);

    it('creates nothing for features that are off, such as a REST API, capture, batch and a canary', () => {
      const types = [
        'Lambda::Url',
        'ApiGateway::RestApi',
        'ApiGatewayV2::DomainName',
        'SNS::Topic',
        'KMS::Key',
        'S3::Bucket',
        'CodeDeploy::DeploymentGroup',
        'StepFunctions::StateMachine',
      ];
      for (const type of types) expect(stack.all(`AWS::${type}`), type).to.deep.equal([]);
      expect(stack.one('AWS::Lambda::Alias')).not.to.have.property('UpdatePolicy');
      expect(stack.one('AWS::Lambda::Alias').Properties).not.to.have.property('ProvisionedConcurrencyConfig');
      expect(stack.one('AWS::Lambda::Function').Properties).not.to.have.property('ReservedConcurrentExecutions');
      expect(stack.one('AWS::Lambda::Function').Properties.TracingConfig).to.deep.equal({ Mode: 'PassThrough' });
      expect(stack.one('AWS::ApiGatewayV2::Api').Properties.Body).not.to.have.property('x-amazon-apigateway-cors');
      expect(functionActions(stack)).to.deep.equal(['logs:CreateLogStream', 'logs:PutLogEvents']);
    });

    it('throttles the API', () => {
      expect(stack.one('AWS::ApiGatewayV2::Stage').Properties.DefaultRouteSettings).to.deep.equal({
        ThrottlingRateLimit: 50,
        ThrottlingBurstLimit: 100,
      });
    });

    it('gives the function its settings, without a bucket for captured requests', () => {
      expect(stack.one('AWS::Lambda::Function').Properties.Environment.Variables).to.deep.equal({
        MODEL: 'iris',
        LOW_CONFIDENCE: '0.6',
        DRIFT_WINDOW_ROWS: 1000,
        CAPTURE_RATE: '0',
        CAPTURE_REDACT: '',
        POWERTOOLS_SERVICE_NAME: { Ref: 'AWS::StackName' },
        POWERTOOLS_METRICS_NAMESPACE: 'Sepal',
        POWERTOOLS_LOG_LEVEL: 'INFO',
      });
    });
  });

  describe('again', () => {
    it('without a change succeeds', async () => {
      const outcome = await deploy('default');
      expectSuccess(outcome);
      expect(outcome.output).to.include('No changes to deploy. Stack sepal is up to date');
    });

    it('with other parameters publishes a version only if Release is new', async () => {
      const before = readExpanded('sepal');
      // A new Release also changes the batch function. The stand-in for CloudFormation cannot update a resource that a
      // condition leaves out. So Batch is on, and no parameter here changes a function URL, a REST API or a domain.
      const given = { ...readDefaults(), Batch: 'on', MemorySize: '2048', LatencyAlarmMs: '900' };
      expectSuccess(await deploy('default', given));
      expect(versionOf(readExpanded('sepal')), 'no new Release').to.equal(versionOf(before));
      expectSuccess(await deploy('default', { ...given, Release: 'r2' }));
      expect(versionOf(readExpanded('sepal'))).to.equal('PredictFunctionVersionr2');
    });

    // A bad value for each kind of limit: a pattern, a smallest number, a list. template.test.ts tests all parameters.
    const malformed = { ModelName: '../iris', MemorySize: '64', Authorization: 'BASIC' };
    for (const [name, value] of Object.entries(malformed)) {
      it(`with ${name}=${value} fails, and names ${name}`, async () => {
        const outcome = await deploy('default', { [name]: value });
        expect(outcome.status).to.equal(1);
        expect(outcome.output).to.match(new RegExp(`Parameter '${name}'`));
      });
    }

    it('with JWT but without an issuer breaks a rule that names JwtIssuer', () => {
      const expanded = readExpanded('sepal');
      expect(brokenRules(expanded, { Authorization: 'JWT' })[0]).to.match(/^JwtIssuer must be given/);
      expect(brokenRules(expanded, {})).to.deep.equal([]);
    });
  });

  describe('--config-env prod', () => {
    let stack: Stack;

    before(async () => {
      expectSuccess(await run('sam build --config-env prod', copy));
      expectSuccess(await deploy('prod'));
      stack = new Stack(readExpanded('sepal-prod'), readProdParameters());
    });

    itIsWired(() => stack, 'sepal-prod');
    itAuthorizes(() => stack, [{ iam: [] }]);

    it('checks signatures', () => {
      expect(stack.one('AWS::ApiGatewayV2::Api').Properties.Body.components.securitySchemes).to.deep.equal({
        iam: { type: 'apiKey', name: 'Authorization', in: 'header', 'x-amazon-apigateway-authtype': 'awsSigv4' },
      });
    });

    it('shifts traffic in a canary that alarms roll back', () => {
      const { Properties: group } = stack.one('AWS::CodeDeploy::DeploymentGroup');
      expect(group.DeploymentConfigName).to.equal('CodeDeployDefault.LambdaCanary10Percent5Minutes');
      expect(group.AlarmConfiguration).to.deep.equal({
        Enabled: true,
        Alarms: ['ErrorRateAlarm', 'LatencyAlarm', 'InitFailureAlarm'].map((alarm) => ({ Name: { Ref: alarm } })),
      });
      expect(group.AutoRollbackConfiguration.Events).to.include('DEPLOYMENT_STOP_ON_ALARM');
      expect(group.ServiceRoleArn).to.deep.equal({ 'Fn::GetAtt': ['DeployRole', 'Arn'] });
      expect(stack.one('AWS::Lambda::Alias')).to.have.nested.property('UpdatePolicy.CodeDeployLambdaAliasUpdate');
    });

    it('keeps an environment warm, and turns on tracing', () => {
      expect(stack.one('AWS::Lambda::Alias').Properties.ProvisionedConcurrencyConfig).to.deep.equal({
        ProvisionedConcurrentExecutions: '1',
      });
      expect(stack.one('AWS::Lambda::Function').Properties.TracingConfig).to.deep.equal({ Mode: 'Active' });
      expect(functionActions(stack)).to.include.members(['xray:PutTraceSegments']);
    });
  });

  describe('with JWT, alarm mails, capture and CORS on', () => {
    const values = {
      Authorization: 'JWT',
      JwtIssuer: 'https://issuer.example',
      JwtAudience: 'sepal',
      AlarmEmail: 'team@example.com',
      CaptureRate: '0.1',
      CaptureRedact: 'sepal_length',
      CorsOrigins: 'https://a.example,https://b.example',
      ReservedConcurrency: '5',
    };
    let stack: Stack;

    before(async () => {
      // A separate stack, because the stand-in cannot update a resource that a condition has left out.
      expectSuccess(await deploy('prod --stack-name sepal-everything', { ...readProdParameters(), ...values }));
      stack = new Stack(readExpanded('sepal-everything'), { ...readProdParameters(), ...values });
    });

    itIsWired(() => stack, 'sepal-everything');
    itAuthorizes(() => stack, [{ jwt: [] }]);

    it('accepts only tokens from the issuer for the audience', () => {
      const { securitySchemes } = stack.one('AWS::ApiGatewayV2::Api').Properties.Body.components;
      expect(Object.keys(securitySchemes)).to.deep.equal(['jwt']);
      expect(securitySchemes.jwt['x-amazon-apigateway-authorizer']).to.deep.equal({
        type: 'jwt',
        identitySource: '$request.header.Authorization',
        jwtConfiguration: { issuer: 'https://issuer.example', audience: ['sepal'] },
      });
    });

    it('answers preflight requests from the given origins', () => {
      const { allowOrigins } = stack.one('AWS::ApiGatewayV2::Api').Properties.Body['x-amazon-apigateway-cors'];
      expect(allowOrigins).to.deep.equal(['https://a.example', 'https://b.example']);
    });

    it('mails alarms through a topic that CloudWatch may write to', () => {
      expect(stack.one('AWS::SNS::Topic').Properties).to.deep.equal({
        KmsMasterKeyId: { Ref: 'AlarmKey' },
        Subscription: [{ Protocol: 'email', Endpoint: 'team@example.com' }],
      });
      const allowed = stack.statements
        .filter(({ name }) => name === 'AlarmKey')
        .flatMap(({ statement }) => actionsOf(statement));
      expect(allowed).to.include.members(['kms:Decrypt', 'kms:GenerateDataKey*']);
    });

    it('captures into its own bucket, and may only put objects into it', () => {
      const bucket = stack.one('AWS::S3::Bucket');
      expect(bucket).to.include({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
      expect(bucket.Properties.LifecycleConfiguration.Rules[0]).to.include({ Status: 'Enabled', ExpirationInDays: 30 });
      expect(Object.values(bucket.Properties.PublicAccessBlockConfiguration)).to.deep.equal([true, true, true, true]);
      expect(stack.one('AWS::Lambda::Function').Properties.Environment.Variables.CAPTURE_BUCKET).to.deep.equal({
        Ref: 'CaptureBucket',
      });
      const capture = stack.statements.filter(({ statement }) => actionsOf(statement).includes('s3:PutObject'));
      expect(capture.map(({ statement }) => statement.Resource)).to.deep.equal([`${reference('CaptureBucket.Arn')}/*`]);
    });

    it('allows the function only to write logs, captured objects and traces', () => {
      expect(functionActions(stack)).to.deep.equal([
        'logs:CreateLogStream',
        'logs:PutLogEvents',
        's3:PutObject',
        'xray:PutTelemetryRecords',
        'xray:PutTraceSegments',
      ]);
    });

    it('passes checkov with all resources of this stack', async () => {
      const file = join(copy, 'everything.json');
      writeFileSync(file, JSON.stringify(stack.template, null, 1));
      const outcome = await run(`test/lint/check ${file}`, process.cwd());
      for (const resource of ['Bucket.CaptureBucket', 'Topic.AlarmTopic', 'Role.DeployRole'])
        expect(outcome.output).to.match(new RegExp(`PASSED for resource: AWS::\\w+::${resource}`));
      expectSuccess(outcome);
    });
  });

  describe('with batch on', () => {
    const values = { Batch: 'on', BatchConcurrency: '2' };
    let stack: Stack;
    let lambda: ContainerLambda;

    before(async () => {
      // A separate stack: the stand-in really runs the state machine, but only if it was created with the stack, not by
      // an update.
      expectSuccess(await deploy('default --stack-name sepal-batch', { ...readDefaults(), ...values }));
      stack = new Stack(readExpanded('sepal-batch'), values);
      lambda = await startContainers(Number(process.env.LAMBDA_PORT), 2, {
        MODEL: 'iris',
        AWS_ENDPOINT_URL_S3: process.env.AWS_ENDPOINT_URL ?? '',
        POWERTOOLS_SERVICE_NAME: 'sepal',
        POWERTOOLS_METRICS_NAMESPACE: 'Sepal',
      });
    });
    after(() => lambda?.stop());

    it('runs the batch function from the same image with another command', () => {
      const functions = Object.fromEntries(stack.all('AWS::Lambda::Function'));
      const { Properties: batch } = functions.BatchFunction ?? {};
      expect(batch).to.deep.include({ ImageConfig: { Command: ['batch.handler'] }, Timeout: 900, MemorySize: 1769 });
      const tagOf = (uri: string) => uri.split('-').slice(-2).join('-');
      expect(tagOf(batch?.Code.ImageUri)).to.equal(tagOf(functions.PredictFunction?.Properties.Code.ImageUri));
      expect(batch?.Environment.Variables).to.include({ MODEL: 'iris', BATCH_CONCURRENCY: '2' });
      expect(batch).not.to.have.property('ReservedConcurrentExecutions');
    });

    it('has a state machine that calls the alias, and logs errors without data', () => {
      const { Properties: machine } = stack.one('AWS::StepFunctions::StateMachine');
      expect(machine.StateMachineType).to.equal('STANDARD');
      expect(machine.DefinitionSubstitutions.FunctionAlias).to.deep.equal({ Ref: 'BatchFunctionAliaslive' });
      expect(machine.LoggingConfiguration).to.deep.include({ Level: 'ERROR', IncludeExecutionData: false });
    });

    it('scores a table of a million rows', async () => {
      const { bucket, machine } = await describeBatch('sepal-batch');
      const rows = 1_000_000;
      const base = `s3://${bucket}`;
      await putTable(`${base}/customers.csv`, rows);
      const request = { input: `${base}/customers.csv`, output: `${base}/night/predictions.csv`, keep: ['id'] };
      const { status, output, cause } = await runJob(machine, request);
      expect(status, cause).to.equal('SUCCEEDED');
      expect(output).to.include({ rows, failed: 0, errors: null });
      await expectPredictions(request.output, rows);
      expect(lambda.calls()).to.be.above(2);
    });

    it('fails with a named error if the header is wrong or the table is missing', async () => {
      const { bucket, machine } = await describeBatch('sepal-batch');
      const request = { input: `s3://${bucket}/gone.csv`, output: `s3://${bucket}/none/predictions.csv` };
      expect(await runJob(machine, request)).to.include({ status: 'FAILED', error: 'InputNotFound' });
      await putObject(`s3://${bucket}/header.csv`, 'sepal_length,petal_length\n1,2\n');
      const wrong = { ...request, input: `s3://${bucket}/header.csv` };
      expect(await runJob(machine, wrong)).to.include({ status: 'FAILED', error: 'InvalidInput' });
    });

    it('passes checkov with all resources of this stack', async () => {
      const file = join(copy, 'batch.json');
      writeFileSync(file, JSON.stringify(stack.template, null, 1));
      const outcome = await run(`test/lint/check ${file}`, process.cwd());
      for (const resource of ['Bucket.TablesBucket', 'Role.BatchRole', 'Role.BatchStatesRole'])
        expect(outcome.output).to.match(new RegExp(`PASSED for resource: AWS::\\w+::${resource}`));
      expectSuccess(outcome);
    });
  });

  describe('followed by sam delete', () => {
    // The first answer is no, so that the stack itself deletes the repository. SAM would delete the repository before
    // the stack. The stand-in, unlike CloudFormation, cannot delete a stack whose repository is gone.
    const answers: Answer[] = [
      [/delete the repository and all the images in it \? \[y\/N\]: $/, 'n'],
      [/\[y\/N\]: $/, 'y'],
    ];

    for (const [environment, name] of [
      ['prod', 'sepal-prod'],
      ['default', 'sepal'],
    ]) {
      it(`removes ${name}`, async () => {
        const outcome = await runOnTerminal(`sam delete --config-env ${environment} --region us-east-1`, copy, answers);
        expectSuccess(outcome);
        expect(outcome.output).to.include(`Deleting Cloudformation stack ${name}`);
        expect(outcome.output).to.include('Deleted successfully');
      });
    }
  });
});
