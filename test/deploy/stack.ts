import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Resource, resolveTemplate, type Template, type Values } from '../helpers/cloudformation.ts';
import { records } from './rehearsed.ts';

/** The resources that CloudFormation would create from a transformed template and the given parameters. */
export class Stack {
  readonly template: Template;

  constructor(expanded: Template, values: Values) {
    this.template = resolveTemplate(expanded, values);
  }

  /** The resources of a type, with their logical ids. */
  all(type: string): [string, Resource][] {
    return Object.entries(this.template.Resources).filter(([, resource]) => resource.Type === type);
  }

  /** The only resource of a type. Fails if there are none or several. */
  one(type: string): Resource {
    const [entry, ...others] = this.all(type);
    expect(others, type).to.deep.equal([]);
    return entry?.[1] ?? expect.fail(`no ${type}`);
  }

  /** The routes of the only API of a type by path, with their authorization and the address that they call. */
  routesOf(
    type: 'AWS::ApiGatewayV2::Api' | 'AWS::ApiGateway::RestApi',
  ): Record<string, { security?: Record<string, string[]>[]; uri: string }> {
    const paths = Object.entries(this.one(type).Properties.Body.paths);
    return Object.fromEntries(
      paths.map(([path, methods]) => {
        expect(Object.keys(methods as object), path).to.deep.equal(['x-amazon-apigateway-any-method']);
        const [method] = Object.values(methods as Record<string, { security?: []; [integration]: { uri: string } }>);
        return [path, { ...(method?.security && { security: method.security }), uri: method?.[integration].uri ?? '' }];
      }),
    );
  }

  /** The statements of all policies in the stack, with the logical id and the type of the resource with the policy. */
  get statements(): { name: string; type: string; statement: Statement }[] {
    return Object.entries(this.template.Resources).flatMap(([name, { Type: type, Properties: properties }]) => {
      const policies = [properties, ...(properties.Policies ?? [])];
      const documents = policies.flatMap((policy) => [policy.PolicyDocument ?? [], policy.KeyPolicy ?? []].flat());
      return documents.flatMap((document) => document.Statement).map((statement) => ({ name, type, statement }));
    });
  }
}

/** Whether the rehearsal's registry has the image. */
export function isPushed(uri: string): boolean {
  const [, repository = '', tag = ''] =
    /^123456789012\.dkr\.ecr\.us-east-1\.amazonaws\.com\/([^:]+):(.+)$/.exec(uri) ?? [];
  const folder = join(records, 'registry/docker/registry/v2/repositories', repository);
  return existsSync(join(folder, '_manifests/tags', tag, 'current/link'));
}

export interface Statement {
  Effect: string;
  Action: string | string[];
  Resource: unknown;
}

const integration = 'x-amazon-apigateway-integration';

export function actionsOf({ Action: action }: Statement): string[] {
  return [action].flat();
}
