import { expect } from 'chai';
import { RequestError, toInvocationError, toProblemDocument, toRequestError } from '../../functions/core/errors.ts';

describe('toProblemDocument', () => {
  it('is a problem document of RFC 9457 with the errors of the data', () => {
    const errors = [{ pointer: '/0', detail: 'expected a number, got null' }];
    expect(toProblemDocument(new RequestError('InvalidInput', 'There is 1', { errors }), 'id-1')).to.deep.equal({
      type: 'urn:sepal:problem:InvalidInput',
      title: 'Invalid input',
      status: 422,
      detail: 'There is 1',
      instance: 'id-1',
      errors,
    });
  });

  it('has no list of errors if there are no errors of the data', () => {
    expect(toProblemDocument(new RequestError('RouteNotFound', 'Nothing'), 'id-1')).not.to.have.property('errors');
  });
});

describe('toRequestError', () => {
  it('keeps an error that is meant for the client', () => {
    const error = new RequestError('MalformedBody', 'No');
    expect(toRequestError(error)).to.equal(error);
  });

  it('hides the message of any other error', () => {
    const withStatus = Object.assign(new Error('secret'), { status: 400 });
    for (const thrown of [new Error('secret'), withStatus, 'secret', undefined]) {
      const error = toRequestError(thrown);
      expect([error.name, error.status, error.cause]).to.deep.equal(['InternalError', 500, thrown]);
      expect(JSON.stringify(toProblemDocument(error, 'id-1')) + toInvocationError(error).stack).not.to.include(
        'secret',
      );
    }
  });
});

describe('toInvocationError', () => {
  it('lists at most ten errors, and has no enumerable member except the name', () => {
    const errors = Array.from({ length: 12 }, (_, row) => ({ pointer: `/${row}`, detail: 'wrong' }));
    const error = toInvocationError(new RequestError('InvalidInput', 'There are 12', { errors }));
    expect(error.message).to.match(/^There are 12; \/0: wrong; .* \/9: wrong; and 2 more$/);
    expect(Object.keys(error)).to.deep.equal(['name']);
    const whole = new RequestError('InvalidInput', 'No rows', { errors: [{ pointer: '', detail: 'wrong' }] });
    expect(toInvocationError(whole).message).to.equal('No rows; the payload: wrong');
  });
});
